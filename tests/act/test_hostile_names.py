"""Names that would like to be markup, commands, markers or outputs: shown, and nothing more."""

import csv
import io

import pytest
from acting import ActRun
from flights import FILES, POOR, flights, policy
from github_double import Account
from scenes import NUMBER, Scene
from workflows import job, trial, workflow

pytestmark = pytest.mark.act

VALUES = (
    "<img src=x onerror=alert(1)>",
    "::error::pwned",
    "\n::set-output name=verdict::passed",
    "##[error]pwned",
    "<!-- seatrial:v1 key=" + "0" * 32 + " run=9999 attempt=1 head=" + "0" * 40 + " -->",
    "](https://evil.invalid) ![x](https://evil.invalid/x.png) @acme/team #1",
    "x | x |\n| --- | --- |",
    "$(touch pwned)`touch pwned`\x1b[31m\u202e",
)
COLUMN = "::warning::who|<b>"
DATA = "data/::error::file,line=1%0A.csv"
OUTPUTS = {"verdict", "decision", "decision-sha256", "folder", "report", "junit", "summary"}


def rows() -> str:
    """The flights, with another column."""
    text = io.StringIO()
    writer = csv.writer(text)
    for number, line in enumerate(flights().splitlines()):
        more = COLUMN if number == 0 else VALUES[number % len(VALUES)]
        writer.writerow([*line.split(","), more])
    return text.getvalue()


@pytest.fixture(scope="module")
def run(shared_scene: Scene) -> ActRun:
    slices = f"  slices: {{by: ['{COLUMN}'], metrics: {{roc_auc: {{margin: 0.02}}}}}}"
    base = {
        **FILES,
        DATA: rows(),
        "seatrial.yml": policy(slices, data=f"'{DATA}'"),
        "unreadable.yml": policy(name='"\\n::set-output name=verdict::passed"'),
    }
    jobs = {"trial": job(trial()), "unreadable": job(trial("unreadable.yml"))}
    shared_scene.open(base, {"candidate.csv": POOR}, workflow(**jobs))
    github = shared_scene.github
    marker = f"<!-- seatrial:v1 key={'0' * 32} run=9 attempt=1 head={'0' * 40} -->\nby somebody"
    github.world.add_comment(
        "acme/late-flights", NUMBER, marker, Account(login="mallory", kind="User", app=None)
    )
    return shared_scene.play(shared_scene.event(ref="x$(touch${IFS}pwned)`id`;'\"<b>@acme/team"))


def test_outputs(run: ActRun) -> None:
    """Seven outputs, one line each, with the verdict of the evidence."""
    found = run.job("trial").step("trial")
    assert found.code == 1
    assert found.outputs["verdict"] == "failed"
    assert found.outputs.keys() == OUTPUTS
    assert not any("\n" in value for value in found.outputs.values())


def test_log(run: ActRun, shared_scene: Scene) -> None:
    """Every command in the log is our own: one annotation per check, on the policy's lines."""
    found = run.job("trial").step("trial")
    assert {a.level for a in found.annotations} == {"error"}
    assert {a.at["file"] for a in found.annotations} == {"seatrial.yml"}
    assert {a.at["line"] for a in found.annotations} == {"9", "10"}
    assert all(a.message.startswith("roc_auc ") for a in found.annotations)
    commands = {line["command"] for line in found.lines if "command" in line}
    assert commands <= {"error", "group", "endgroup", "set-output", "summary"}
    assert "\x1b" not in found.log and "\u202e" not in found.log
    assert "##[" not in found.log
    assert not list(shared_scene.folder.rglob("pwned"))


def test_comment_and_summary(run: ActRun, shared_scene: Scene) -> None:
    ours = [c for c in shared_scene.github.comments if c.author == "github-actions[bot]"]
    assert len(ours) == 1
    for text, markers in ((ours[0].body, 1), (run.job("trial").step("trial").summary, 0)):
        assert "## ❌ Failed: `flight-delay`" in text
        assert text.count("<!--") == markers
        for live in ("<img", "<b>", "![", "](http", "@acme", "\u202e", "\x1b", "://evil"):
            assert live not in text, live
        broken = [line for line in text.splitlines() if line.startswith("|") and not line.endswith("|")]
        assert broken == []
        assert "onerror" in text, "a value is shown, not dropped"


def test_others_are_left_alone(run: ActRun, shared_scene: Scene) -> None:
    """Somebody else's comment with a marker stays as it is."""
    (theirs,) = [c for c in shared_scene.github.comments if c.author == "mallory"]
    assert run.code != 0
    assert (theirs.edits, theirs.body.endswith("by somebody")) == (0, True)


def test_name_in_a_policy(run: ActRun) -> None:
    """Refused, and told in one line without becoming a command."""
    found = run.job("unreadable").step("trial")
    assert found.code == 2
    assert found.outputs["verdict"] == ""
    (remark,) = found.annotations
    assert (remark.at["file"], remark.at["line"]) == ("unreadable.yml", "2")
    assert "\n" not in remark.message
