"""One pull request judged by nine policies, a job each: verdict, exit code, and what people see."""

import re
from xml.etree import ElementTree

import pytest
from acting import TOKEN, ActRun, StepRun
from flights import FILES, GOOD, LIMIT_LINE, POOR, flights, policy, scores
from github_double import Comment
from scenes import Scene
from workflows import job, shell, trial, workflow

pytestmark = pytest.mark.act

FEW = 100
WAIVER = "waivers: [{check: evaluation/roc_auc/margin, reason: the old one is withdrawn, until: 2099-12-31}]"
UNDECIDED = {
    "data": "data/few.csv",
    "candidate": "predictions: few.csv",
    "baseline": "path: few-baseline.csv",
}
WORSE = "predictions: worse.csv"
REPORTS = "'${{ steps.trial.outputs.report }}' '${{ steps.trial.outputs.junit }}'"
POLICIES = {
    "passing": policy(name="passing"),
    "failing": policy(name="failing", candidate=WORSE),
    "inconclusive": policy(name="inconclusive", **UNDECIDED),
    "advisory": policy("mode: advisory", name="advisory", candidate=WORSE),
    "waived": policy(WAIVER, name="waived", candidate=WORSE),
    "allowed": policy("inconclusive: allow", name="allowed", **UNDECIDED),
    "misspelt": policy(name="misspelt", metrics="roc_acu: {margin: 0.03}"),
    "forgetful": policy(name="forgetful", candidate="predictions: forgetful.csv"),
    "absent": policy(name="absent", candidate="predictions: nowhere.csv"),
}


@pytest.fixture(scope="module")
def run(shared_scene: Scene) -> ActRun:
    jobs = {name: job(trial(f"policies/{name}.yml")) for name in POLICIES}
    jobs["passing"]["steps"].append(shell("cp -r '${{ steps.trial.outputs.decision }}' " + f"{REPORTS} $OUT"))
    jobs["nowhere"] = job(trial("policies/nowhere.yml"))
    jobs["gateless"] = job(trial("policies/passing.yml", inputs={"gates": "evaluation, canary"}))
    base = {f"policies/{name}.yml": text for name, text in POLICIES.items()}
    base |= FILES | {
        "data/few.csv": flights(FEW),
        "few-baseline.csv": scores(0.3, FEW),
        "forgetful.csv": scores(0.1, skip=[17]),
    }
    change = {"worse.csv": POOR, "few.csv": scores(0.5, FEW), "candidate.csv": GOOD + "\n"}
    shared_scene.open(base, change, workflow(**jobs))
    return shared_scene.play()


def step(run: ActRun, name: str) -> StepRun:
    return run.job(name).step("trial")


def posted(scene: Scene, name: str) -> Comment | None:
    found = [c for c in scene.github.comments if f"`{name}`" in c.body]
    assert len(found) <= 1
    return found[0] if found else None


def first_line(comment: Comment | None) -> str:
    """The first line that a reader sees; above it stands the marker."""
    assert comment is not None
    marker, line, *_ = comment.body.split("\n")
    assert re.fullmatch(r"<!-- seatrial:v1 key=[0-9a-f]{32} run=1001 attempt=1 head=[0-9a-f]{40} -->", marker)
    return line


def test_passing(run: ActRun, shared_scene: Scene) -> None:
    job = run.job("passing")
    found = job.step("trial")
    assert (job.result, found.code) == ("success", 0)
    assert found.outputs["verdict"] == "passed"
    assert found.outputs["summary"].startswith("passed: The one check passed. roc_auc ")
    assert found.outputs["decision"].endswith("evaluation.json")
    assert found.outputs["report"].endswith(".html")
    assert found.annotations == []
    assert first_line(posted(shared_scene, "passing")) == "## ✅ Passed: `passing`"
    assert found.summary.startswith("## ✅ Passed: `passing`")
    assert "PASSED  passing" in found.log


def test_files_for_later_steps(run: ActRun, shared_scene: Scene) -> None:
    """The paths among the outputs lead a next step to the Decision, the page and the JUnit report."""
    assert run.job("passing").result == "success"
    decision = shared_scene.kept("evaluation.json")
    assert (decision["verdict"], decision["model"]["name"]) == ("passed", "passing")
    assert (decision["subject"]["head"], decision["subject"]["base"]) == (
        shared_scene.head,
        shared_scene.base,
    )
    assert decision["policy"]["ref"] == shared_scene.base
    out = shared_scene.folder / "out"
    assert (out / "report.html").read_text().lower().startswith("<!doctype html>")
    assert ElementTree.parse(out / "junit.xml").getroot().get("failures") == "0"


def test_failing(run: ActRun, shared_scene: Scene) -> None:
    job = run.job("failing")
    found = job.step("trial")
    assert (job.result, found.code) == ("failure", 1)
    assert found.outputs["verdict"] == "failed"
    (remark,) = found.annotations
    assert remark.level == "error"
    assert (remark.at["file"], remark.at["line"]) == ("policies/failing.yml", LIMIT_LINE)
    assert remark.message.startswith("roc_auc lost 0.")
    assert first_line(posted(shared_scene, "failing")) == "## ❌ Failed: `failing`"
    assert found.summary.startswith("## ❌ Failed: `failing`")


def test_inconclusive(run: ActRun, shared_scene: Scene) -> None:
    """Blocks like a failure, and says how many rows would decide."""
    job = run.job("inconclusive")
    found = job.step("trial")
    assert (job.result, found.code) == ("failure", 3)
    assert found.outputs["verdict"] == "inconclusive"
    (remark,) = found.annotations
    assert remark.level == "warning"
    assert (remark.at["file"], remark.at["line"]) == ("policies/inconclusive.yml", LIMIT_LINE)
    comment = posted(shared_scene, "inconclusive")
    assert first_line(comment) == "## ⚠️ Inconclusive: `inconclusive`"
    assert comment is not None and re.search(r"Needs about [\d,]+ rows; there are 100", comment.body)


def test_advisory(run: ActRun, shared_scene: Scene) -> None:
    """A failing verdict stays one; only the job goes on."""
    job = run.job("advisory")
    found = job.step("trial")
    assert (job.result, found.code) == ("success", 0)
    assert found.outputs["verdict"] == "failed"
    assert [remark.level for remark in found.annotations] == ["notice"]
    comment = posted(shared_scene, "advisory")
    assert first_line(comment) == "## ❌ Failed: `advisory`"
    assert comment is not None and "**Advisory.** This verdict is shown and blocks nothing." in comment.body


def test_waived(run: ActRun, shared_scene: Scene) -> None:
    job = run.job("waived")
    found = job.step("trial")
    assert (job.result, found.code) == ("success", 0)
    assert [remark.level for remark in found.annotations] == ["notice"]
    comment = posted(shared_scene, "waived")
    assert comment is not None
    assert "is waived until 2099-12-31: the old one is withdrawn" in comment.body
    assert found.outputs["verdict"] == "passed"


def test_inconclusive_allowed(run: ActRun, shared_scene: Scene) -> None:
    job = run.job("allowed")
    found = job.step("trial")
    assert (job.result, found.code) == ("success", 0)
    assert found.outputs["verdict"] == "inconclusive"
    comment = posted(shared_scene, "allowed")
    assert first_line(comment) == "## ⚠️ Inconclusive: `allowed`"
    assert comment is not None and "The policy lets an inconclusive verdict through" in comment.body


@pytest.mark.parametrize(
    ("name", "file", "line", "words"),
    [
        ("misspelt", "policies/misspelt.yml", LIMIT_LINE, "roc_auc"),
        ("forgetful", "forgetful.csv", None, "17"),
        ("absent", "nowhere.csv", None, "there is no such file"),
        ("nowhere", None, None, "there is no policy file"),
        ("gateless", None, None, "canary"),
    ],
)
def test_broken(
    run: ActRun, shared_scene: Scene, name: str, file: str | None, line: str | None, words: str
) -> None:
    """Exit code 2, one line at the place of the fault, no verdict and no comment."""
    found = step(run, name)
    assert (run.job(name).result, found.code) == ("failure", 2)
    assert found.outputs["verdict"] == ""
    (remark,) = found.annotations
    assert remark.level == "error"
    assert remark.at.get("file") == file
    assert line is None or remark.at["line"] == line
    assert words in remark.message
    assert "Traceback" not in run.text
    assert words in found.summary.replace("\u200b", "")
    assert posted(shared_scene, name) is None


def test_github_hears_no_more_than_that(run: ActRun, shared_scene: Scene) -> None:
    """One comment per verdict and none beside; nothing else is ever written."""
    assert run.code != 0
    writes = shared_scene.github.writes
    assert {(w["method"], w["path"]) for w in writes} == {
        ("POST", "/repos/acme/late-flights/issues/7/comments")
    }
    assert len(writes) == len(shared_scene.github.comments) == 6
    assert len({c.body.split("\n")[0] for c in shared_scene.github.comments}) == 6
    assert all(w["by"] == "github-actions[bot]" for w in writes)
    assert not any(TOKEN in c.body for c in shared_scene.github.comments)
