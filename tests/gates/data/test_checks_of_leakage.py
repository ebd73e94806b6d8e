"""The checks of what data may not give away: train against test, the label, what came later, and persons."""

from typing import Any

import pytest
from plain_data import BOTH, HEAD, Unreadable, decide

from seatrial.decision import Check, Outcome
from seatrial.gates.data.judging import judged
from seatrial.gates.data.measures import Answer

PASSED, FAILED, INCONCLUSIVE, ERROR, SKIPPED = (
    Outcome.PASSED,
    Outcome.FAILED,
    Outcome.INCONCLUSIVE,
    Outcome.ERROR,
    Outcome.SKIPPED,
)


def test_train_comes_before_test() -> None:
    policy = BOTH + "  split: {time: t}\n"

    def split(train: list[Any], test: list[Any]) -> Check:
        rows = {"train": [{"t": t} for t in train], "test": [{"t": t} for t in test]}
        return decide(policy, **rows, types={"t": "timestamp"})["data/split"]

    assert split(["2026-01-01"], ["2026-01-02"]).outcome is PASSED
    late = split(["2026-01-01", "2026-01-02", "2026-01-03"], ["2026-01-02", "2026-01-09"])
    assert late.outcome is FAILED
    assert late.reason == "2 of 3 rows of train do not come before the first of test (rows 2, 3)"
    assert split(["2026-01-01"], [None]).outcome is INCONCLUSIVE
    assert split([None], ["2026-01-01"]).outcome is INCONCLUSIVE
    assert split(["2026-01-01"], []).outcome is INCONCLUSIVE


def test_rows_without_a_time_are_no_part_of_a_split_and_fail() -> None:
    policy = BOTH + "  split: {time: t}\n"
    found = decide(
        policy, train=[{"t": None}, {"t": "2026-01-01"}], test=[{"t": "2026-01-02"}], types={"t": "timestamp"}
    )
    assert found["data/t/nulls"].outcome is FAILED


@pytest.mark.parametrize(("type_", "outcome"), [("timestamp", PASSED), ("date", PASSED), ("string", FAILED)])
def test_a_column_of_times_without_a_rule_holds_times_or_dates(type_: str, outcome: Outcome) -> None:
    rows = {"train": [{"t": "2026-01-01"}], "test": [{"t": "2026-01-02"}]}
    found = decide(BOTH + "  split: {time: t}\n", **rows, types={"t": type_})
    assert found["data/t/type"].outcome is outcome


def test_keys_and_rows_of_test_that_stand_in_train() -> None:
    policy = BOTH + "  leakage: {keys: a, rows: {max: 30%}}\n"
    train = [{"a": "1", "b": "x"}, {"a": "2", "b": "x"}]
    found = decide(
        policy,
        train=train,
        test=[{"a": "1", "b": "x"}, {"a": "2", "b": "y"}, {"a": "3", "b": "x"}, {"a": "4", "b": "z"}],
    )
    assert (
        found["data/leakage/keys"].reason == "2 of 4 rows of test have a key that stands in train (rows 1, 2)"
    )
    assert found["data/leakage/keys"].outcome is FAILED
    assert (found["data/leakage/rows"].outcome, found["data/leakage/rows"].value) == (PASSED, 0.25)


def test_rows_without_a_key_of_the_leakage_fail() -> None:
    found = decide(BOTH + "  leakage: {keys: a}\n", train=[{"a": "1"}], test=[{"a": None}])
    assert found["data/leakage/keys"].outcome is PASSED
    assert found["data/a/nulls"].outcome is FAILED


def test_columns_that_are_known_only_after_the_event() -> None:
    policy = HEAD + "  leakage: {known_after: [a, b]}\n"
    found = decide(policy, train=[{"a": "1", "c": "1"}])
    assert [found[f"data/{name}/known_after"].outcome for name in "ab"] == [FAILED, PASSED]


def test_times_that_are_later_than_the_event() -> None:
    policy = HEAD + "  leakage: {known_by: {event: t, columns: u}}\n"
    early, late = {"t": "2026-01-02", "u": "2026-01-01"}, {"t": "2026-01-02", "u": "2026-01-03"}
    assert decide(policy, train=[early])["data/u/known_by"].outcome is PASSED
    found = decide(policy, train=[early, late])["data/u/known_by"]
    assert (found.outcome, found.reason) == (FAILED, "1 of 2 rows of train are later than t (row 2)")
    assert decide(policy, train=[{"t": "2026-01-01", "u": None}])["data/u/known_by"].outcome is INCONCLUSIVE
    assert decide(policy, train=[{"t": "2026-01-01"}])["data/u/known_by"].outcome is FAILED


@pytest.mark.parametrize(
    "section", ["leakage: {known_by: {event: t, columns: u}}", "fresh: {column: t, within: 30d}"]
)
def test_cells_that_are_no_times_fail(section: str) -> None:
    rows = [{"t": "2026-01-02", "u": "2026-01-01"}, {"t": Unreadable("soon"), "u": "2026-01-01"}]
    found = decide(f"{HEAD}  {section}\n", train=rows, types={"t": "timestamp", "u": "timestamp"})
    assert found["data/t/type"].outcome is FAILED


def test_how_much_of_the_label_a_column_tells() -> None:
    policy = HEAD + "  label: y\n  leakage: {target_correlation: {max: 0.9}}\n"
    detail = {"a": {"told": 0.95}, "b": {"told": 0.1}, "c": {"problem": "it has more than 1,000 values"}}
    found = decide(policy, train=[{"y": "1"}], answers={"told": Answer(detail=detail)})
    assert {name: check.outcome for name, check in found.items()} == {
        "data/a/target_correlation": FAILED,
        "data/b/target_correlation": PASSED,
        "data/c/target_correlation": SKIPPED,
    }
    found = decide(policy, train=[{"y": "1"}], answers={"told": Answer(problem="it broke")})
    assert found["data/target_correlation"].outcome is ERROR
    assert decide(policy, train=[{"x": "1"}])["data/target_correlation"].outcome is FAILED
    assert decide(policy, train=[{"y": "1"}])["data/target_correlation"].outcome is SKIPPED


@pytest.mark.parametrize(
    ("labelled", "says"),
    [
        (0, "no row of train has a label; 40 are needed to tell"),
        (1, "only 1 row of train has a label; 40 are needed to tell"),
        (39, "only 39 rows of train have a label; 40 are needed to tell"),
    ],
)
def test_of_few_labels_nothing_is_told_and_nothing_passes(labelled: int, says: str) -> None:
    policy = BOTH + "  label: y\n  leakage: {target_correlation: {max: 0.9}}\n"
    rows = [{"y": "1"}] * 50
    found = decide(policy, train=rows, test=rows, answers={"told": Answer(labelled)})
    assert found["data/target_correlation"].outcome is INCONCLUSIVE
    assert str(found["data/target_correlation"].reason).startswith(says)
    assert judged(found["data/target_correlation"]) == found["data/target_correlation"]


@pytest.mark.parametrize(("action", "outcome", "warn"), [("warn", PASSED, True), ("fail", FAILED, False)])
def test_personal_data(action: str, outcome: Outcome, warn: bool) -> None:
    policy = f"{HEAD}  personal: {{action: {action}}}\n"
    detail = {"a": {"email": 2, "ip": 1}, "b": {"email": 0}}
    found = decide(policy, train=[{"a": "x", "b": "y"}] * 4, answers={"personal": Answer(detail=detail)})
    assert (found["data/a/personal"].outcome, found["data/a/personal"].warn) == (outcome, warn)
    assert found["data/a/personal"].reason == "2 of 4 rows of train hold an e-mail address, 1 an IP address"
    assert "data/b/personal" not in found
    assert (found["data/personal"].outcome, found["data/personal"].warn) == (PASSED, False)
    assert decide(policy, train=[])["data/personal"].outcome is INCONCLUSIVE
    assert (
        decide(policy, train=[{"a": "x"}], answers={"personal": Answer(problem="no")})[
            "data/personal"
        ].outcome
        is ERROR
    )


@pytest.mark.parametrize(("action", "undecided"), [("warn", PASSED), ("fail", INCONCLUSIVE)])
def test_personal_data_among_too_many_values_are_a_lower_bound(action: str, undecided: Outcome) -> None:
    policy = f"{HEAD}  personal: {{action: {action}}}\n"
    detail = {"a": {"card": [2, 3], "ip": 1}, "b": {"card": [0, 4]}, "c": {"card": [0, 0]}}
    rows = [dict.fromkeys("abc", "x")] * 9
    found = decide(policy, train=rows, answers={"personal": Answer(3, detail=detail)})
    assert found["data/a/personal"].reason == (
        "at least 2 of 9 rows of train hold a card number, 1 an IP address"
    )
    check = found["data/b/personal"]
    assert (check.outcome, check.warn) == (undecided, action == "warn")
    assert check.reason == (
        "4 of 9 rows of train may hold a card number: too many different values to look at all of them"
    )
    assert "data/c/personal" not in found
    assert judged(check) == check
