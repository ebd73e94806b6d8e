"""comment-run: the verdicts of a run that has ended, as comments; honest runs, late ones, several models."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from ended_runs import HEAD, NUMBER, REPOSITORY, RUN, EndedRun
from flights import GOOD, POOR, scores
from github_double import Account, Pull, load
from run_artifacts import decided

PASSED = decided(GOOD)
FAILED = decided(POOR)
INCONCLUSIVE = decided(scores(0.31), "roc_auc: {margin: 0.001}")


@pytest.fixture
def ended(tmp_path: Path) -> Iterator[EndedRun]:
    found = load()
    with EndedRun(tmp_path, None if isinstance(found, str) else found) as run:
        yield run


def test_the_decisions_of_these_tests_are_what_they_are_called() -> None:
    assert [str(d.verdict) for d in (PASSED, FAILED, INCONCLUSIVE)] == ["passed", "failed", "inconclusive"]


@pytest.mark.parametrize("fork", [True, False])
@pytest.mark.parametrize(
    ("decision", "conclusion", "headline"),
    [
        (PASSED, "success", "## ✅ Passed: `flight-delay`"),
        (FAILED, "failure", "## ❌ Failed: `flight-delay`"),
        (INCONCLUSIVE, "failure", "## ⚠️ Inconclusive: `flight-delay`"),
    ],
    ids=["passed", "failed", "inconclusive"],
)
def test_every_verdict_is_posted(
    ended: EndedRun, decision, conclusion: str, headline: str, fork: bool
) -> None:
    ended.world.add_pull(REPOSITORY, Pull(NUMBER, HEAD, "b" * 40, fork=fork))
    ended.has(fork=fork, conclusion=conclusion)
    ended.left(decision)
    said = ended.comment()
    assert said.code == 0, said.log
    assert ended.headlines == [headline]
    (comment,) = ended.comments
    assert f" run={RUN} attempt=1 head={HEAD} -->" in comment.body
    assert f"[Run](<https://github.com/{REPOSITORY}/actions/runs/{RUN}>)" in comment.body
    assert "those that the run states" in comment.body
    assert said.outputs["verdict"] == str(decision.verdict)
    assert said.outputs["url"].endswith(f"#issuecomment-{comment.id}")
    assert headline in said.summary


def test_the_gates_of_a_model_stand_in_one_comment_and_models_in_several(ended: EndedRun) -> None:
    other = decided(POOR, model="taxi")
    ended.has(conclusion="failure")
    ended.left(PASSED)
    ended.left(other)
    said = ended.comment()
    assert said.code == 0
    assert sorted(ended.headlines) == ["## ✅ Passed: `flight-delay`", "## ❌ Failed: `taxi`"]
    assert said.outputs["verdict"] == "failed"


def test_the_next_run_edits_the_comment(ended: EndedRun) -> None:
    ended.left(PASSED)
    ended.comment()
    ended.has(RUN + 1, conclusion="failure")
    ended.left(FAILED, RUN + 1)
    assert ended.comment(ended.told(RUN + 1)).code == 0
    assert ended.headlines == ["## ❌ Failed: `flight-delay`"]
    assert ended.writes == ["POST", "PATCH"]


def test_an_older_run_that_ends_late_leaves_the_newer_verdict(ended: EndedRun) -> None:
    ended.has(RUN + 1, conclusion="failure")
    ended.left(FAILED, RUN + 1)
    ended.comment(ended.told(RUN + 1))
    ended.left(PASSED)
    said = ended.comment()
    assert said.code == 0
    assert "The comment of a newer run stands" in said.log
    assert ended.headlines == ["## ❌ Failed: `flight-delay`"]
    assert ended.writes == ["POST"]


def test_an_older_run_without_a_verdict_leaves_the_newer_one(ended: EndedRun) -> None:
    ended.has(RUN + 1)
    ended.left(PASSED, RUN + 1)
    ended.comment(ended.told(RUN + 1))
    ended.has(conclusion="cancelled")
    assert ended.comment().code == 0
    assert ended.headlines == ["## ✅ Passed: `flight-delay`"]
    assert ended.writes == ["POST"]


def test_a_run_of_an_older_commit_is_not_told(ended: EndedRun) -> None:
    ended.has(head="c" * 40)
    ended.left(PASSED, head="c" * 40)
    said = ended.comment()
    assert said.code == 0
    assert "it was closed, or has moved on. Nothing was posted." in said.log
    assert ended.comments == [] and ended.double.store.requests == []


def test_a_re_run_takes_the_highest_attempt_of_each_gate(ended: EndedRun) -> None:
    """The second attempt ran one gate of two again; a third has not ended yet."""
    other = decided(GOOD, model="taxi")
    ended.left(FAILED)
    ended.left(other)
    ended.has(conclusion="failure")
    ended.comment()
    ended.left(PASSED, attempt=2)
    ended.left(FAILED, attempt=3)
    ended.has(attempt=2, conclusion="success", earlier={"1": "failure"})
    assert ended.comment().code == 0
    assert sorted(ended.headlines) == ["## ✅ Passed: `flight-delay`", "## ✅ Passed: `taxi`"]
    by_model = {c.body.split("`")[1]: c.body for c in ended.comments}
    assert " attempt=2 head=" in by_model["flight-delay"]
    assert "From an earlier attempt" not in by_model["flight-delay"]
    assert "From an earlier attempt of this run, since this one left it out: evaluation." in by_model["taxi"]


def test_an_earlier_attempt_that_is_told_late_leaves_the_later_one(ended: EndedRun) -> None:
    ended.left(FAILED)
    ended.left(PASSED, attempt=2)
    first = ended.told()
    ended.has(attempt=2, earlier={"1": "failure"})
    ended.comment()
    assert ended.comment(first).code == 0
    assert ended.headlines == ["## ✅ Passed: `flight-delay`"]
    assert ended.writes == ["POST"]


@pytest.mark.parametrize("conclusion", ["failure", "cancelled", "timed_out", "action_required", "success"])
def test_a_run_without_verdicts_makes_no_comment_and_takes_back_what_stands(
    ended: EndedRun, conclusion: str
) -> None:
    ended.has(conclusion=conclusion)
    said = ended.comment()
    assert said.code == 0
    assert f"Run {RUN} ended as {conclusion} and brought no verdict that counts" in said.log
    assert ended.comments == []
    ended.has(RUN - 1)
    ended.left(PASSED, RUN - 1)
    ended.comment(ended.told(RUN - 1))
    ended.comment()
    assert ended.headlines == ["## ⛔ Not judged: `flight-delay`"]
    assert f"the run ended as {conclusion} and brought no verdict of it" in ended.comments[0].body
    assert ended.writes == ["POST", "PATCH"]


def test_a_model_that_this_run_says_nothing_of_is_taken_back(ended: EndedRun) -> None:
    ended.left(PASSED)
    ended.left(decided(GOOD, model="taxi"))
    ended.comment()
    ended.has(RUN + 1, conclusion="failure")
    ended.left(FAILED, RUN + 1)
    ended.comment(ended.told(RUN + 1))
    assert sorted(ended.headlines) == ["## ⛔ Not judged: `taxi`", "## ❌ Failed: `flight-delay`"]


@pytest.mark.parametrize("conclusion", ["failure", "cancelled", "timed_out"])
def test_a_pass_of_some_gates_is_no_pass_of_a_run_that_failed(ended: EndedRun, conclusion: str) -> None:
    ended.has(conclusion=conclusion)
    ended.left(PASSED)
    said = ended.comment()
    assert said.outputs["verdict"] == "inconclusive"
    assert ended.headlines == ["## ⚠️ Not all judged: `flight-delay`"]
    assert (
        f"**Incomplete.** The run ended as {conclusion}, and no verdict of it says why"
        in ended.comments[0].body
    )


def test_a_comment_of_another_workflow_or_author_is_left_alone(ended: EndedRun) -> None:
    ended.has(name="nightly")
    ended.left(PASSED)
    ended.comment()
    mallory = Account("mallory", "User", None)
    forged = ended.world.add_comment(REPOSITORY, NUMBER, ended.comments[0].body, mallory)
    ended.has(conclusion="failure")
    ended.world.repository(REPOSITORY).artifacts.clear()
    ended.comment()
    assert ended.headlines == ["## ✅ Passed: `flight-delay`"] * 2
    assert forged.edits == 0


@pytest.mark.parametrize("event", ["push", "merge_group", "schedule", "workflow_dispatch"])
def test_a_run_of_no_pull_request_is_not_told(ended: EndedRun, event: str) -> None:
    ended.has(event=event)
    ended.left(PASSED)
    said = ended.comment()
    assert (said.code, ended.writes) == (0, [])
    assert f"the run is of the event {event}, not of a pull request" in said.log


def test_a_run_can_be_named(ended: EndedRun) -> None:
    ended.left(PASSED)
    assert ended.comment({}, name="workflow_dispatch", asked=str(RUN)).code == 0
    assert ended.headlines == ["## ✅ Passed: `flight-delay`"]


def test_a_run_that_has_not_ended_is_refused(ended: EndedRun) -> None:
    ended.has(status="in_progress", conclusion=None)
    said = ended.comment({}, name="workflow_dispatch", asked=str(RUN))
    assert said.code == 2
    assert f"run {RUN} has not ended" in said.log


@pytest.mark.parametrize("asked", ["", "0", "-1", "1; rm -rf", "9" * 30, "2001 ", "../2001"])
def test_a_run_that_is_not_named(ended: EndedRun, asked: str) -> None:
    said = ended.comment({}, name="workflow_dispatch", asked=asked)
    assert (said.code, ended.writes) == (0 if asked.strip() == "2001" else 2, [])


def test_an_event_that_tells_of_another_commit_is_refused(ended: EndedRun) -> None:
    ended.left(PASSED)
    said = ended.comment(ended.told(head_sha="d" * 40))
    assert (said.code, ended.writes) == (2, [])
    assert "another commit or attempt" in said.log
    said = ended.comment(ended.told(), asked=str(RUN + 5))
    assert (said.code, ended.writes) == (2, [])


def test_a_token_that_may_not_post_is_told(ended: EndedRun) -> None:
    ended.left(PASSED)
    ended.world.accounts["ghs_thetokenofthedouble"] = Account(writes=False)
    said = ended.comment()
    assert said.code == 3
    assert "permissions: {pull-requests: write}" in said.log
    assert "## ✅ Passed" in said.summary


def test_a_token_that_may_not_read_runs_is_told(ended: EndedRun) -> None:
    ended.left(PASSED)
    ended.world.accounts["ghs_thetokenofthedouble"] = Account(reads_actions=False)
    said = ended.comment()
    assert said.code == 3
    assert "permissions: {actions: read}" in said.log
