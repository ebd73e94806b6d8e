"""What stands on the policy's lines in the pull request."""

import late_data
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


def test_the_checks_of_one_column_share_a_remark():
    found = annotations([late_data.failed()])
    assert [(one.level, one.title, one.line) for one in found] == [
        ("error", "Data failed: distance: nulls, psi", 26),
        ("error", "Data failed: carrier: one_of, psi", 22),
        ("warning", "Data passed, with a warning: wind_gust: psi", 60),
        ("warning", "Data passed, with a warning: remark: personal", 44),
    ]
    assert "have no value" in found[0].message and "distance moved: PSI 0.412" in found[0].message


def test_many_columns_hide_no_other_gate():
    found = annotations([late_data.many(), flights.failed()])
    assert [one.title for one in found if one.level == "error"][:3] == [
        "Data failed: sensor_000: nulls, psi",
        "Evaluation failed: roc_auc",
        "Data failed: sensor_001: nulls, psi",
    ]
    assert levels(found).count("error") == 10


def test_an_advisory_warning_is_a_notice():
    advisory = late_data.warned().model_copy(update={"mode": "advisory"})
    assert set(levels(annotations([advisory]))) == {"notice"}


def test_a_hostile_check_stays_one_command():
    bad = flights.check("a,b::x\n::error::y", slice="%0A", outcome=Outcome.FAILED, low=-0.02, high=-0.01)
    line = command(annotations([flights.decision([bad])])[0])
    assert "\n" not in line and line.startswith("::error file=seatrial.yml,line=12,col=5,title=")
    assert "%250A" in line
