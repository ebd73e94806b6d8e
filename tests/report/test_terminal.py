"""The table in a terminal or a log: aligned, plain, and nobody else's commands."""

import late_flights as flights
import pytest
from hostile_strings import HOSTILE

from seatrial.decision import Interval, Outcome
from seatrial.report import terminal
from seatrial.report.context import Context


def test_the_verdict_comes_first_and_the_reason_second():
    lines = terminal.table([flights.failed()]).split("\n")
    assert lines[0] == "FAILED  flight-delay"
    assert lines[1].startswith("roc_auc lost 0.012 against the baseline")


def test_a_policy_that_the_change_edits_is_told_beside_the_verdict_that_counts():
    context = Context("The base branch's policy was applied.", other=(flights.failed(),))
    lines = terminal.table([flights.passed()], context, width=400).split("\n")
    assert lines[0] == "PASSED  flight-delay"
    assert "The base branch's policy was applied." in lines
    wanted = "Under the policy that this change proposes it would be failed (shown, not counted): roc_auc"
    assert any(line.startswith(wanted) for line in lines)


def test_columns_align_even_with_wide_characters():
    wide = flights.check("精度", "min", 0.7, low=0.73, high=0.75)
    lines = terminal.table([flights.decision([wide, *flights.overall_checks()])], width=140).split("\n")
    rows = [line for line in lines if line.endswith(("passed", "verdict")) and line.startswith("  ")]
    ends = {terminal.width_of(line[: line.rindex(" ")]) for line in rows}
    assert len(rows) >= 7 and len(ends) == 1


@pytest.mark.parametrize("width", [60, 80, 100, 120])
def test_lines_stay_within_the_width(width):
    lines = terminal.table([flights.failed()], width=width).split("\n")
    assert max(terminal.width_of(line) for line in lines) <= width


def test_colour_only_when_asked():
    assert "\x1b" not in terminal.table([flights.failed()])
    assert "\x1b[31m" in terminal.table([flights.failed()], colour=True)


def test_groups_fold_the_slices_that_passed():
    lines = terminal.table([flights.failed()], groups=True).split("\n")
    start, end = lines.index("::group::9 passed, 1 skipped slices"), lines.index("::endgroup::")
    assert any("carrier=UA" in line for line in lines[start:end])
    assert any("carrier=EV" in line for line in lines[:start])


def test_a_failing_slice_is_listed_without_groups_too():
    shown = terminal.table([flights.failed()])
    assert "carrier=EV" in shown and "slices not listed: 9 passed, 1 skipped" in shown


def test_an_undecided_check_says_what_would_decide_it():
    assert "Needs about 6,400 rows; there are 2,000." in terminal.table([flights.inconclusive()], width=200)


def test_a_check_without_an_interval_says_why():
    bare = flights.check(
        interval=Interval(low=None, high=None),
        reason="under 10 negatives",
        needed=400,
        outcome=Outcome.INCONCLUSIVE,
    )
    assert "roc_auc: under 10 negatives. Needs about 400 rows" in terminal.table([flights.decision([bare])])


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: ascii(value[:24]))
def test_hostile_strings_neither_command_nor_colour(value):
    value = value.encode("utf-8", "replace").decode()[:1_800]
    checks = [
        flights.check(value, slice=value, outcome=Outcome.FAILED, low=-0.02, high=-0.01, id="a"),
        flights.unmeasured("f1", "min", 0.5, Outcome.ERROR, value, id="b"),
    ]
    notes = (value, "x " * 60 + value)
    decision = flights.decision(checks, name=value, gate=value, notes=notes)
    shown = terminal.table([decision], Context(value, other=(decision,)))
    for line in shown.split("\n"):
        assert line.isprintable()
        assert not line.strip().startswith("::") and "##[" not in line
