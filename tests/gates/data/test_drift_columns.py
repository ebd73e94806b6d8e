"""Which columns drift checks compare, and those that went, came or changed their type."""

from drifting import ALL, checks, even, numbers, policy, profile, texts

from seatrial.decision import Outcome
from seatrial.gates.data.drift import drift_checks
from seatrial.gates.data.drift_asking import drift_measure
from seatrial.gates.data.measures import Answer, Facts
from seatrial.gates.data.profile_making import profile_of


def test_columns_that_went_or_changed_their_type_fail() -> None:
    reference = profile(1_000, gone=numbers(even(1_000))[0], other=numbers(even(1_000))[0])
    facts = Facts(1_000, {"other": "string"}, ())
    found = {c.id: c for c in drift_checks(policy(ALL), reference, facts, Answer(detail={"columns": {}}))}
    assert found["data/gone/drift"].outcome is Outcome.FAILED
    assert found["data/other/drift"].outcome is Outcome.FAILED
    assert found["data/other/drift"].reason == "it is string, and was number"


def test_keys_times_and_ignored_columns_are_not_compared() -> None:
    plain = numbers(even(1_000))[0]
    reference = profile(1_000, id=plain, at=plain | {"type": "timestamp"}, x=plain, y=plain)
    asked = policy("psi: {max: 0.2}, ignore: [y]", "  key: [id]\n")
    assert list(drift_measure(asked, reference).value["columns"]) == ["x"]
    found = checks(asked, reference, 1_000, x=numbers(even(1_000))[1])
    assert found["data/id/drift"].outcome is Outcome.SKIPPED
    assert found["data/at/drift"].outcome is Outcome.SKIPPED
    assert "data/y/drift" not in found
    named = policy("psi: {max: 0.2}, columns: [at]")
    assert list(drift_measure(named, reference).value["columns"]) == ["at"]


def test_a_named_column_that_the_reference_lacks_is_an_error() -> None:
    reference = profile(1_000, x=numbers(even(1_000))[0])
    found = checks(policy("psi: {max: 0.2}, columns: [x, z]"), reference, 1_000, x=numbers(even(1_000))[1])
    assert found["data/z/drift"].outcome is Outcome.ERROR


def test_a_column_that_only_the_profile_hides_is_an_error() -> None:
    plain = numbers(even(1_000))[0]
    reference = profile_of(1_000, {"x": plain, "z": plain}, "test", 10, {"z"})
    part = numbers(even(1_000))[1]
    assert (
        checks(policy("psi: {max: 0.2}"), reference, 1_000, x=part)["data/z/drift"].outcome is Outcome.ERROR
    )
    hides = policy("psi: {max: 0.2}", "  columns: {z: {hide: true}}\n")
    assert checks(hides, reference, 1_000, x=part)["data/z/drift"].outcome is Outcome.SKIPPED


def test_hidden_values_are_never_shown_and_others_only_where_allowed() -> None:
    reference = profile(1_000, x=numbers(even(1_000))[0], t=texts({"secret": 600, "other": 400}))
    parts = {
        "x": numbers(even(1_000))[1],
        "t": {"nulls": 0, "counts": [600, 400], "unlisted": {"categories": 0, "rows": 0}},
    }
    shown = "  show: {values: true}\n  columns: {t: {type: string, hide: true}}\n"
    assert "secret" not in str(checks(policy("psi: {max: 0.2}"), reference, 1_000, **parts))
    found = checks(policy("psi: {max: 0.2}", shown), reference, 1_000, **parts)
    assert "secret" not in str(found)
    assert (
        found["data/x/psi"].evidence["labels"]
        != checks(policy(ALL), reference, 1_000, **parts)["data/x/psi"].evidence["labels"]
    )


def test_a_column_that_would_be_passed_over_fails_where_it_went_or_changed() -> None:
    """Times are not compared unless named; that they became numbers is told all the same."""
    reference = profile(1_000, when={**numbers(even(1_000))[0], "type": "timestamp"}, id=texts({"a": 1_000}))
    facts = Facts(1_000, {"when": "integer"}, ())
    found = {c.id: c for c in drift_checks(policy(ALL), reference, facts, Answer(detail={"columns": {}}))}
    assert found["data/when/drift"].reason == "it is integer, and was timestamp"
    assert {check.outcome for check in found.values()} == {Outcome.FAILED}


def test_numbers_that_are_text_for_want_of_a_type_are_no_pass() -> None:
    reference = profile(1_000, x=texts({}, (1_000, 1_000)))
    facts, answer = Facts(1_000, {"x": "string"}, ()), Answer(detail={"columns": {}})
    (text,) = drift_checks(policy(ALL), reference, facts, answer)
    (untyped,) = drift_checks(policy(ALL), reference, facts, answer, {"x"})
    assert (text.outcome, untyped.outcome) == (Outcome.SKIPPED, Outcome.ERROR)
    assert untyped.reason is not None and "name one in data.columns" in untyped.reason


def test_a_column_that_the_reference_lacks_is_told() -> None:
    reference, part = profile(20_000, x=numbers(even(20_000))[0]), numbers(even(20_000))[1]
    found = checks(
        policy(ALL, "  columns: {x: {type: number}, y: {type: number}}\n"), reference, 20_000, x=part
    )
    assert found["data/y/drift"].outcome is Outcome.SKIPPED
    assert found["data/x/psi"].outcome is Outcome.PASSED
