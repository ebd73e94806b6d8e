"""What stands on the policy's lines in the pull request."""

import late_flights as flights

from seatrial.decision import Outcome
from seatrial.report.annotations import annotations, command


def levels(found):
    return [one.level for one in found]


def test_a_failing_check_lands_on_the_line_that_asked_for_it():
    first = annotations([flights.failed()])[0]
    assert (first.level, first.file, first.line, first.column) == ("error", "seatrial.yml", 12, 5)
    assert first.title == "Evaluation failed: roc_auc"
    assert "lost 0.012" in first.message and "at most 0.005 is accepted" in first.message


def test_undecided_and_unmeasured_checks_warn_and_passed_ones_are_silent():
    assert set(levels(annotations([flights.inconclusive()]))) == {"warning"}
    assert "Needs about 6,400 rows" in annotations([flights.inconclusive()])[0].message
    assert annotations([flights.passed()]) == []


def test_what_blocks_nothing_is_a_notice():
    assert set(levels(annotations([flights.advisory()]))) == {"notice"}
    assert levels(annotations([flights.waived()])) == ["notice"]
    assert levels(annotations([flights.inconclusive(inconclusive="allow")])) == ["notice"]


def test_ten_at_most_per_level_and_the_tenth_counts_the_rest():
    found = annotations([flights.many(400)])
    assert levels(found) == ["error"] * 10
    assert found[-1].title == "32 more"


def test_a_hostile_check_stays_one_command():
    bad = flights.check("a,b::x\n::error::y", slice="%0A", outcome=Outcome.FAILED, low=-0.02, high=-0.01)
    line = command(annotations([flights.decision([bad])])[0])
    assert "\n" not in line and line.startswith("::error file=seatrial.yml,line=12,col=5,title=")
    assert "%250A" in line
