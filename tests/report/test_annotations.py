"""What stands on the policy's lines in the pull request."""

import late_data
import late_flights as flights

from seatrial.decision import (
    Decision,
    Model,
    Outcome,
    Place,
    PolicySource,
    Subject,
    WaiverUsed,
    verdict_of,
)
from seatrial.gates.lint.evidence import At, Findings, Ran
from seatrial.gates.lint.judging import check_of
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


def linted(*found: tuple[str, Findings | Ran], **more: object) -> Decision:
    checks = tuple(check_of(name, evidence, PLACE) for name, evidence in found)
    source = PolicySource(ref="main", sha256="0" * 64)
    whole = Decision(
        gate="lint", verdict=verdict_of(checks), model=Model(name="m"), subject=Subject(), policy=source,
        tool="0", seed=0, checks=checks,
    )  # fmt: skip
    return whole.model_copy(update=more)


PLACE = Place(file="seatrial.yml", line=3, column=1)


def findings(count: int, file: str = "a.py") -> Findings:
    return Findings("fail", 9, count, [At(file, n + 1, f"{file} is wrong") for n in range(min(count, 20))])


def test_what_lint_found_stands_where_it_was_found():
    found = annotations([linted(("secrets", findings(1)), ("pickles", findings(0)))])
    assert [(one.level, one.file, one.line, one.column) for one in found] == [("error", "a.py", 1, None)]
    assert (found[0].title, found[0].message) == ("Lint failed: secrets", "a.py is wrong")


def test_a_place_without_a_line_and_a_command_without_places():
    at = Findings("fail", 9, 1, [At("m.pkl", None, "is a pickle")])
    found = annotations([linted(("pickles", at), ("make", Ran("fail", 2, None, 1.0, 9.0)))])
    assert [(one.file, one.line) for one in found] == [("m.pkl", None), ("seatrial.yml", 3)]
    assert "exit code 2" in found[1].message


def test_many_places_of_one_check_hide_no_other():
    found = annotations([linted(("notebook_outputs", findings(500)), ("secrets", findings(2, "b.py")))])
    assert [one.file for one in found[:4]] == ["a.py", "b.py", "a.py", "b.py"]
    assert levels(found) == ["error"] * 10
    assert found[-1].title == "13 more"


def test_lint_that_only_warns_is_no_error():
    warned = Findings("warn", 9, 1, [At("a.py", 1, "x")])
    assert levels(annotations([linted(("secrets", warned))])) == ["warning"]
    assert levels(annotations([linted(("secrets", findings(1)), mode="advisory")])) == ["notice"]
    excused = (WaiverUsed(check="lint/secrets", reason="r", until="2999-01-01"),)
    (told,) = annotations([linted(("secrets", findings(1)), waivers=excused)])
    assert (told.level, told.message) == ("notice", "a.py is wrong. Waived until 2999-01-01: r")


def test_lint_evidence_that_cannot_be_read_stands_on_the_policy():
    whole = linted(("secrets", findings(1)))
    (check,) = whole.checks
    for at in ([{"file": "a.py"}], "a.py", [3], None):
        odd = check.model_copy(update={"evidence": {**check.evidence, "at": at}})
        found = annotations([whole.model_copy(update={"checks": (odd,)})])
        assert [(one.file, one.line) for one in found] == [("seatrial.yml", 3)]
