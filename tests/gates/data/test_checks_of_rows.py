"""The checks of rows as a whole: their number, age, keys, rules over columns, and the balance of classes."""

from datetime import timedelta

import pytest
from plain_data import BOTH, HEAD, NOW, decide

from seatrial.decision import Outcome

PASSED, FAILED, INCONCLUSIVE, ERROR = Outcome.PASSED, Outcome.FAILED, Outcome.INCONCLUSIVE, Outcome.ERROR


def ago(**span: float) -> str:
    return (NOW - timedelta(**span)).isoformat()


@pytest.mark.parametrize(
    ("rows", "outcome"),
    [("{min: 3}", PASSED), ("{min: 4}", FAILED), ("{max: 3}", PASSED), ("{max: 2}", FAILED)],
)
def test_how_many_rows(rows: str, outcome: Outcome) -> None:
    (check,) = decide(f"{HEAD}  rows: {rows}\n", train=[{"c": "a"}] * 3).values()
    assert (check.outcome, check.value) == (outcome, 3.0)


@pytest.mark.parametrize(
    ("reference", "outcome", "value"),
    [
        (100, PASSED, 0.0),
        (80, FAILED, 0.25),
        (125, PASSED, 0.2),
        (150, FAILED, 1 / 3),
        (0, INCONCLUSIVE, None),
    ],
)
def test_rows_against_the_reference(reference: int, outcome: Outcome, value: float | None) -> None:
    policy = HEAD + "  rows: {change: 20%}\n  drift: {against: r.json}\n"
    check = decide(policy, train=[{"c": "a"}] * 100, reference_rows=reference)["data/rows/change"]
    assert check.outcome is outcome
    assert check.value == pytest.approx(value)


@pytest.mark.parametrize(
    ("newest", "outcome", "said"),
    [
        (ago(days=1, hours=23), PASSED, None),
        (ago(days=2, hours=1), FAILED, "2 d 1 h ago"),
        (
            "2026-11-18",
            PASSED,
            None,
        ),  # it ended 2 days and 12 hours ago in UTC, 1 day and 12 hours in Honolulu
        ("2026-11-17", FAILED, "older than 2 d"),
        (ago(hours=-23), PASSED, None),
        (ago(hours=-25), FAILED, "more than a day ahead of the clock"),
        (None, INCONCLUSIVE, "no row of train has a value"),
    ],
)
def test_how_old_the_newest_row_is(newest: str | None, outcome: Outcome, said: str | None) -> None:
    zone = ", zone: Pacific/Honolulu" if newest == "2026-11-18" else ""
    policy = f"{HEAD}  fresh: {{column: t, within: {'2d' if not zone else '3d'}{zone}}}\n"
    check = decide(policy, train=[{"t": None}, {"t": newest}])["data/fresh"]
    assert check.outcome is outcome
    assert said is None or said in str(check.reason)
    assert check.evidence["now"] == "2026-11-21T12:00:00+00:00"


def test_of_a_split_in_time_only_test_must_be_fresh() -> None:
    policy = BOTH + "  fresh: {column: t, within: 2d}\n"
    old, new = [{"t": ago(days=9)}], [{"t": ago(days=1)}]
    assert decide(policy, train=old, test=new)["data/fresh"].outcome is FAILED
    assert decide(policy + "  split: {time: t}\n", train=old, test=new)["data/fresh"].outcome is PASSED


def test_the_newest_time_of_a_hidden_column_is_not_told() -> None:
    policy = HEAD + "  columns: {t: {type: timestamp, hide: true}}\n  fresh: {column: t, within: 2d}\n"
    check = decide(policy, train=[{"t": ago(days=3)}], types={"t": "timestamp"})["data/fresh"]
    assert check.outcome is FAILED
    assert "2026-11-18" not in check.model_dump_json()


def test_keys_and_rows_that_stand_twice() -> None:
    policy = HEAD + "  key: [a, b]\n  duplicates: {max: 40%}\n"
    rows = [{"a": "1", "b": "1", "c": "x"}, {"a": "1", "b": "1", "c": "y"}, {"a": "1", "b": "2", "c": "y"}]
    found = decide(policy, train=rows)
    assert (found["data/key"].outcome, found["data/key"].value) == (FAILED, 1 / 3)
    assert found["data/duplicates"].outcome is PASSED
    assert decide(policy, train=[*rows, rows[0], rows[0], rows[0]])["data/duplicates"].outcome is FAILED


def test_a_key_without_a_value_names_no_row() -> None:
    found = decide(HEAD + "  key: a\n  duplicates: {max: 100%}\n", train=[{"a": None}, {"a": "1"}])
    assert found["data/a/nulls"].outcome is FAILED


def test_a_key_column_that_is_missing_fails() -> None:
    found = decide(HEAD + "  key: a\n  duplicates: {max: 100%}\n", train=[{"b": "1"}])
    assert (found["data/key"].outcome, found["data/key"].reason) == (FAILED, "train has no column a")
    assert found["data/a/nulls"].outcome is FAILED


def test_rules_over_columns() -> None:
    policy = HEAD + "  rules: {later: b > a, loose: {expect: b != 2, max: 50%}}\n"
    types = {"a": "integer", "b": "integer"}
    found = decide(policy, train=[{"a": 1, "b": 2}, {"a": 3, "b": 3}], types=types)
    assert found["data/rules/later"].outcome is FAILED
    assert found["data/rules/later"].reason == "1 of 2 rows of train break the rule b > a (row 2)"
    assert found["data/rules/loose"].outcome is PASSED
    unknown = decide(policy, train=[{"a": None, "b": None}], types=types)["data/rules/later"]
    assert (unknown.outcome, unknown.reason) == (INCONCLUSIVE, "no row of train has the values that it needs")


@pytest.mark.parametrize(
    ("train", "test", "outcome", "said"),
    [
        ("0011", "01", PASSED, ""),
        ("0001", "01", FAILED, "the rarest of 2 classes has 1 of 4 rows of train, fewer than 30%"),
        ("0011", "00", FAILED, "the rarest of 2 classes has 0 of 2 rows of test"),
        ("0000", "00", FAILED, "train has one class only"),
    ],
)
def test_how_rare_a_class_may_be(train: str, test: str, outcome: Outcome, said: str) -> None:
    policy = BOTH + "  label: y\n  balance: {min: 30%}\n"
    check = decide(policy, train=[{"y": y} for y in train], test=[{"y": y} for y in test])["data/balance"]
    assert check.outcome is outcome
    assert said in str(check.reason or "")


def test_a_class_of_the_policy_that_no_row_has_is_the_rarest() -> None:
    policy = (HEAD + "  test: test.csv\n  label: y\n  balance: {min: 1%}\nevaluate:\n").replace(
        "binary", "multiclass"
    )
    policy += "  label: y\n  classes: [a, b, c]\n  predictions: p.csv\n  metrics: {accuracy: {min: 0.5}}\n"
    rows = [{"y": "a"}, {"y": "b"}]
    check = decide(policy, train=rows, test=rows)["data/balance"]
    assert (check.outcome, check.value) == (FAILED, 0.0)


def test_rows_without_a_label_fail_beside_the_balance() -> None:
    policy = HEAD + "  label: y\n  balance: {min: 10%}\n"
    found = decide(policy, train=[{"y": "0"}, {"y": "1"}, {"y": None}])
    assert found["data/balance"].outcome is PASSED
    assert found["data/y/nulls"].outcome is FAILED
    assert decide(policy, train=[{"y": None}])["data/balance"].outcome is INCONCLUSIVE


def test_a_label_that_is_no_number_is_no_class() -> None:
    policy = HEAD + "  label: y\n  balance: {min: 10%}\n"
    rows = [{"y": 0.0}, {"y": 1.0}, {"y": float("nan")}]
    assert decide(policy, train=rows, types={"y": "number"})["data/y/nan"].outcome is FAILED


def test_a_label_with_too_many_values_has_no_classes() -> None:
    found = decide(HEAD + "  label: y\n  balance: {min: 1%}\n", train=[{"y": str(i)} for i in range(1_001)])
    assert (found["data/balance"].outcome) is ERROR
