"""actions/evaluate and actions/comment apart: what the one wrote, the other posts, and no forgery."""

import pytest
from acting import ActRun
from flights import FILES, GOOD, LIMIT_LINE, POOR, policy
from scenes import Scene
from workflows import Step, comment, evaluate, job, shell, workflow

pytestmark = pytest.mark.act

DECISION = "${{ steps.evaluate.outputs.decision }}"
FORGE = """\
import pathlib, sys

honest = pathlib.Path(sys.argv[1]).read_bytes()
flipped = honest.replace(b'"verdict":"failed"', b'"verdict":"passed"')
head = sys.argv[2].encode()
forged = {
    "flipped": flipped,
    "thorough": flipped.replace(b'"outcome":"failed"', b'"outcome":"passed"'),
    "stale": honest.replace(head, b"0123456789" * 4),
    "spaced": honest.replace(b'":', b'": '),
    "huge": honest.replace(b'"notes":[', b'"notes":["' + b"x" * 30_000_000 + b'"'),
    "page": b"<script>alert(1)</script>",
    "script": honest.replace(b'"name":"flight-delay"', b'"name":"<script>alert(1)</script>@team"'),
}
for name, content in forged.items():
    assert content != honest, name
    pathlib.Path(name + ".json").write_bytes(content)
"""
FORGED = ("flipped", "thorough", "stale", "spaced", "huge", "page")


def attempt(name: str, decisions: str) -> Step:
    return {**comment(decisions), "id": name, "if": "always()", "continue-on-error": True}


@pytest.fixture(scope="module")
def run(shared_scene: Scene) -> ActRun:
    forging = [
        {**evaluate(), "continue-on-error": True},
        shell(f"python3 forge.py {DECISION} ${{{{ github.event.pull_request.head.sha }}}}"),
        *(attempt(name, f"{name}.json") for name in (*FORGED, "script")),
        attempt("nothing", "*.jsonl"),
    ]
    second = {**evaluate("second.yml"), "id": "second"}
    both = comment(
        f"{DECISION}\n${{{{ steps.second.outputs.decision }}}}",
        inputs={"report-url": "https://example.invalid/report.html"},
    )
    base = {
        **FILES,
        "forge.py": FORGE,
        "seatrial.yml": policy(),
        "better.csv": GOOD,
        "first.yml": policy(name="first", candidate="predictions: better.csv"),
        "second.yml": policy(name="second", candidate="predictions: better.csv"),
    }
    jobs = {
        "forging": job(*forging),
        "honest": job({**evaluate(), "continue-on-error": True}, comment(DECISION)),
        "both": job(evaluate("first.yml"), second, both),
        "silent": job(evaluate()),
    }
    shared_scene.open(base, {"candidate.csv": POOR}, workflow(**jobs))
    return shared_scene.play()


def bodies(scene: Scene, model: str) -> list[str]:
    return [c.body for c in scene.github.comments if f"`{model}`" in c.body]


def test_evaluate_alone_posts_nothing(run: ActRun, shared_scene: Scene) -> None:
    """Verdict, summary, annotations and files are those of the front door."""
    found = run.job("silent").step("evaluate")
    assert (run.job("silent").result, found.code) == ("failure", 1)
    assert found.outputs["verdict"] == "failed"
    assert found.outputs["decision"].endswith(".json") and found.outputs["report"].endswith(".html")
    (remark,) = found.annotations
    assert (remark.level, remark.at["file"], remark.at["line"]) == ("error", "seatrial.yml", LIMIT_LINE)
    assert found.summary.startswith("## ❌ Failed: `flight-delay`")
    assert len(bodies(shared_scene, "flight-delay")) == 1, "only the job that comments has a comment"


def test_decision_of_the_same_job(run: ActRun, shared_scene: Scene) -> None:
    """Posting says whether the input was good: exit code 0 for a failing verdict too."""
    found = run.job("honest").step("comment")
    assert found.code == 0
    assert found.outputs["verdict"] == "failed"
    assert found.outputs["summary"].startswith("failed: roc_auc lost")
    (body,) = bodies(shared_scene, "flight-delay")
    assert body.split("\n")[1] == "## ❌ Failed: `flight-delay`"
    (kept,) = [c for c in shared_scene.github.comments if c.body == body]
    assert found.outputs["url"].endswith(f"#issuecomment-{kept.id}")


def test_two_models_in_one_call(run: ActRun, shared_scene: Scene) -> None:
    found = run.job("both").step("comment")
    assert (found.code, found.outputs["verdict"]) == (0, "passed")
    for model in ("first", "second"):
        (body,) = bodies(shared_scene, model)
        assert "(<https://example.invalid/report.html>)" in body


@pytest.mark.parametrize("name", FORGED)
def test_forged_decision(run: ActRun, shared_scene: Scene, name: str) -> None:
    """Posts nothing and exits 2 with one line that names the file."""
    found = run.job("forging").step(name)
    assert found.code == 2
    (remark,) = found.annotations
    assert (remark.level, remark.at["title"]) == ("error", "Bad input")
    assert remark.at["file"] == f"{name}.json"
    assert found.outputs["verdict"] == found.outputs["url"] == ""
    assert not any("Passed: `flight-delay`" in c.body for c in shared_scene.github.comments)


def test_no_decision(run: ActRun) -> None:
    found = run.job("forging").step("nothing")
    assert found.code == 2
    assert [a.level for a in found.annotations] == ["error"]


def test_markup_in_a_decision_is_dead(run: ActRun, shared_scene: Scene) -> None:
    """A name is no part of the evidence, so it is shown as the text that it is."""
    shown = [c.body for c in shared_scene.github.comments if "script" in c.body]
    assert len(shown) == 1
    assert "&lt;script&gt;alert(1)&lt;/script&gt;@\u200bteam" in shown[0]
    everywhere = [c.body for c in shared_scene.github.comments]
    for surface in (*everywhere, run.job("forging").step("script").summary):
        assert "<script" not in surface and "@team" not in surface
    assert len(everywhere) == 4
    assert "Traceback" not in run.text
