"""F28, F32, F37: clocks that are wrong, a base that is not there yet, and one that moves on."""

import ast
import json
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path

import pytest
from acting import REPOSITORY, TOKEN
from flights import FILES, GOOD, POOR, policy
from github_double import Account, Contract, Double, Fault, Plan, Pull, World, load
from playing import NUMBER, SCRIPTS, Played, Steps

from seatrial.forge.github import GitHub
from seatrial.forge.pace import Pace

NOW = 1_800_000_000
LIMIT = "You have exceeded a secondary rate limit."


@pytest.fixture
def double() -> Iterator[Double]:
    found = load()
    contract: Contract | None = None if isinstance(found, str) else found
    world = World()
    world.accounts[TOKEN] = Account()
    world.add_pull(REPOSITORY, Pull(NUMBER, head="a" * 40, base="b" * 40))
    with Double(world, contract=contract) as running:
        yield running


@pytest.mark.parametrize("skew", [-86_400, -600, 0, 600, 86_400])
@pytest.mark.parametrize(
    "told",
    [
        {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(NOW + 7)},
        {"Retry-After": formatdate(NOW + 7, usegmt=True)},
        {"Retry-After": "7"},
    ],
    ids=["reset", "date", "seconds"],
)
def test_f28_a_limit_is_waited_for_by_the_servers_clock(
    double: Double, skew: int, told: dict[str, str]
) -> None:
    """Ours may be a day ahead or behind."""
    headers = {"Date": formatdate(NOW, usegmt=True), **told}
    double.plan = Plan([Fault("answer", status=403, message=LIMIT, headers=headers)])
    slept: list[float] = []
    pace = Pace(sleep=slept.append, today=lambda: NOW + skew)
    with GitHub(TOKEN, double.url, pace=pace) as github:
        assert github.comments(REPOSITORY, NUMBER) == []
    assert slept == [7.0]


# Where the time of day is meant: a server's limit without a date, and days that a policy or a page names.
BY_THE_DAY = {"forge/pace.py", "trial/data/gate.py", "trial/run.py", "trial/comments/files.py"}


def test_f28_durations_and_deadlines_are_of_a_clock_that_does_not_jump() -> None:
    """No module looks at the time of day, but for those that deal with days."""
    looks = set()
    for path in sorted((SCRIPTS / "seatrial").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and ast.unparse(node) in (
                "time.time",
                "datetime.now",
                "date.today",
            ):
                looks.add(str(path.relative_to(SCRIPTS / "seatrial")))
    assert {name for name in looks if not name.startswith("trial/drafting/")} == BY_THE_DAY


def decision(found: Played) -> dict[str, object]:
    loaded: dict[str, object] = json.loads(Path(found.outputs["decision"]).read_bytes())
    return loaded


FIRST = policy(baseline="branch: candidate.csv", metrics="roc_auc: {min: 0.7, margin: 0.03}")


@pytest.mark.parametrize(("candidate", "verdict", "code"), [(GOOD, "passed", 0), (POOR, "failed", 1)])
def test_f32_a_first_release_is_held_to_its_absolute_limits_and_says_so(
    tmp_path: Path, candidate: str, verdict: str, code: int
) -> None:
    steps = Steps(tmp_path)
    base: dict[str, str | bytes | None] = {
        "data/flights.csv": FILES["data/flights.csv"],
        "seatrial.yml": FIRST,
    }
    steps.open(base, {"candidate.csv": candidate})
    found = steps.play("trial")
    assert (found.code, found.outputs["verdict"]) == (code, verdict), found.log
    assert "first release" in found.summary and "skipped" in found.log


def test_f32_a_first_release_with_nothing_but_a_margin_is_no_pass(tmp_path: Path) -> None:
    steps = Steps(tmp_path)
    text = policy(baseline="branch: candidate.csv")
    steps.open({"data/flights.csv": FILES["data/flights.csv"], "seatrial.yml": text}, {"candidate.csv": GOOD})
    found = steps.play("trial")
    assert (found.code, found.outputs["verdict"]) == (3, "inconclusive"), found.log


SOFT = policy(metrics="roc_auc: {min: 0.51}", baseline="")


def test_f37_a_base_branch_that_moves_on_changes_nothing_of_a_run(tmp_path: Path) -> None:
    """Policy and baseline are those of the base commit that the event names; the Decision says which."""
    steps = Steps(tmp_path)
    steps.open({**FILES, "seatrial.yml": policy(baseline="branch: baseline.csv")}, {"candidate.csv": POOR})
    before = steps.play("trial")
    git = steps.consumer.git
    git("checkout", "--quiet", "main")
    steps.consumer.commit({"seatrial.yml": SOFT, "baseline.csv": POOR}, "another change was merged")
    git("checkout", "--quiet", "change")
    found = steps.play("trial")
    assert (before.code, found.code, found.outputs["verdict"]) == (1, 1, "failed"), found.log
    subject = decision(found)["subject"]
    assert isinstance(subject, dict)
    assert (subject["base"], subject["head"]) == (steps.base, steps.head)
    assert decision(found)["checks"] == decision(before)["checks"]


def test_f37_a_merge_queue_judges_what_would_be_merged_against_the_branch_as_it_is_then(
    tmp_path: Path,
) -> None:
    """Passed against the branch as it was; others were merged before it, and the queue asks again."""
    steps = Steps(tmp_path)
    steps.open({**FILES, "seatrial.yml": SOFT}, {"candidate.csv": POOR})
    assert steps.play("trial").code == 0
    git = steps.consumer.git
    git("checkout", "--quiet", "main")
    base = steps.consumer.commit({"seatrial.yml": policy()}, "a stricter policy was merged")
    git("checkout", "--quiet", "-b", "queue")
    git("merge", "--quiet", "--no-edit", "change")
    head = git("rev-parse", "HEAD")
    group = {"head_sha": head, "head_ref": "refs/heads/gh-readonly-queue/main/pr-7", "base_sha": base}
    group["base_ref"] = "refs/heads/main"
    steps.event, steps.head = "merge_group", head
    steps.told = {"repository": {"full_name": REPOSITORY}, "merge_group": group}
    found = steps.play("trial")
    assert (found.code, found.outputs["verdict"]) == (1, "failed"), found.log
    subject = decision(found)["subject"]
    assert isinstance(subject, dict)
    assert (subject["base"], subject["head"]) == (base, head)
