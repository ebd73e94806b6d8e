"""A policy that nobody has reviewed: good for the way to the default branch, and for no other."""

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flights import flights
from plans import PULL, Base

from seatrial.decision import Decision, Verdict, exit_code, from_json, to_json
from seatrial.forge.event import Subject
from seatrial.gates.rejudging import disagreements
from seatrial.report import annotations, junit, words
from seatrial.trial.call import Call
from seatrial.trial.run import run_trial

PASSING = "data: {train: data.csv, columns: {wind: {type: number, max: 99}}}\n"
FAILING = PASSING.replace("99", "0")
HOME = replace(PULL, base_ref="main", default_branch="main")
ELSEWHERE = replace(PULL, base_ref="old", default_branch="main")
QUEUE = replace(PULL, event="merge_group", pull_request=None)


def decided(folder: Path, subject: Subject, text: str = PASSING) -> Decision:
    """What the data gate decides of a change with the first policy."""
    (folder / "scratch").mkdir()
    (folder / "data.csv").write_text(flights(50))
    (folder / "seatrial.yml").write_text("version: 1\nmodel: {name: late, task: binary}\n" + text)
    call = Call(
        root=folder,
        out=folder / "out",
        scratch=folder / "scratch",
        policy="seatrial.yml",
        gates=(),
        subject=subject,
        source=Base({}),
        environ={},
    )
    (decision,) = run_trial(call).decisions
    assert disagreements(decision) == [] and from_json(to_json(decision)) == decision
    return decision


@pytest.mark.parametrize(
    "subject",
    [
        HOME,
        replace(QUEUE, base_ref="main", default_branch="main"),
        replace(PULL, event="local", pull_request=None),
        replace(PULL, event="push", pull_request=None, base_ref="old", default_branch="main"),
    ],
    ids=["pull request", "merge queue", "laptop", "push"],
)
def test_where_a_first_policy_passes(tmp_path: Path, subject: Subject) -> None:
    decision = decided(tmp_path, subject)
    assert (decision.verdict, exit_code(decision), decision.policy.no_pass) == (Verdict.PASSED, 0, None)


@pytest.mark.parametrize(
    ("subject", "told"),
    [
        (ELSEWHERE, "old is not the default branch main"),
        (replace(QUEUE, base_ref="old", default_branch="main"), "old is not the default branch main"),
        (replace(PULL, base_ref="main"), "does not name the repository's default branch"),
        (replace(PULL, default_branch="main"), "this is not the default branch main"),
    ],
    ids=["pull request", "merge queue", "no default branch", "no base"],
)
def test_where_a_first_policy_passes_nothing(tmp_path: Path, subject: Subject, told: str) -> None:
    decision = decided(tmp_path, subject)
    assert (decision.verdict, exit_code(decision)) == (Verdict.INCONCLUSIVE, 3)
    assert decision.policy.no_pass is not None and told in decision.policy.no_pass
    assert "merge seatrial.yml first" in decision.policy.no_pass


@pytest.mark.parametrize("leave", ["mode: advisory\n", "inconclusive: allow\n"])
def test_it_cannot_give_itself_leave(tmp_path: Path, leave: str) -> None:
    decision = decided(tmp_path, ELSEWHERE, PASSING + leave)
    assert (decision.verdict, exit_code(decision)) == (Verdict.INCONCLUSIVE, 3)


def test_a_failure_stays_one(tmp_path: Path) -> None:
    decision = decided(tmp_path, ELSEWHERE, FAILING + "mode: advisory\n")
    assert (decision.verdict, exit_code(decision)) == (Verdict.FAILED, 1)


def test_it_is_told_wherever_people_look(tmp_path: Path) -> None:
    """Every check passed, so that no table would say it."""
    decision = decided(tmp_path, ELSEWHERE)
    why = words.why([decision])
    assert why.startswith("Nothing passes here: nobody has reviewed this policy, and old is not the default")
    assert f"{len(decision.checks)} checks passed" in why
    note, *_ = annotations.annotations([decision])
    assert note.level == "warning" and "propose the change there, or merge seatrial.yml first" in note.message
    suites = ElementTree.fromstring(junit.junit([decision]))
    assert (suites.get("tests"), suites.get("errors")) == (str(len(decision.checks) + 1), "1")


def test_a_decision_that_lets_through_what_cannot_pass_is_found_out(tmp_path: Path) -> None:
    decision = decided(tmp_path, ELSEWHERE)
    passed = decision.model_copy(update={"verdict": Verdict.PASSED})
    assert disagreements(passed) == ["verdict: stated passed, computed inconclusive"]
    allowed = decision.model_copy(update={"inconclusive": "allow"})
    assert disagreements(allowed) == ["policy: nothing passes under it, and yet it lets something through"]
