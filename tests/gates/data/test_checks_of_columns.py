"""The checks of single columns: when they pass, fail, warn, and when they say that they cannot tell."""

from typing import Any

import pytest
from plain_data import BOTH, HEAD, Unreadable, column, decide

from seatrial.decision import Outcome
from seatrial.gates.data.measures import Answer

PASSED, FAILED, INCONCLUSIVE, ERROR, SKIPPED = (
    Outcome.PASSED,
    Outcome.FAILED,
    Outcome.INCONCLUSIVE,
    Outcome.ERROR,
    Outcome.SKIPPED,
)


def test_a_share_is_held_against_what_is_accepted() -> None:
    found = column("{nulls: {max: 50%}}", "a", None, "b", None)["data/c/nulls"]
    assert (found.outcome, found.value, found.n, found.reason) == (PASSED, 0.5, 4, None)
    found = column("{nulls: {max: 40%}}", "a", None, "b", None)["data/c/nulls"]
    assert (found.outcome, found.value) == (FAILED, 0.5)
    assert found.reason == "2 of 4 rows of train have no value, more than 40% (rows 2, 4)"


def test_a_share_that_binary_fractions_cannot_say_is_accepted() -> None:
    cells = [None] * 29 + ["a", "b"] * 35 + ["c"]
    assert column("{nulls: {max: 29%}}", *cells)["data/c/nulls"].outcome is PASSED


@pytest.mark.parametrize(
    ("rule", "cells", "type_", "id_", "reason"),
    [
        ("{type: integer}", [1, Unreadable("x")], "integer", "type", "1 of 2 rows of train hold no integer"),
        ("{type: number}", [1.0, float("nan")], "number", "nan", "1 of 2 rows of train are NaN"),
        ("{type: number}", [1.0, float("inf")], "number", "infinite", "1 of 2 rows of train are infinite"),
        ("{type: integer, min: 3}", [2, 3], "integer", "min", "1 of 2 rows of train are below 3"),
        ("{type: integer, max: 3}", [3, 4], "integer", "max", "1 of 2 rows of train are above 3"),
        (
            "{type: string, one_of: [a]}",
            ["a", "b"],
            "string",
            "one_of",
            "1 of 2 rows of train hold another value",
        ),
        (
            "{pattern: '[a-z]+'}",
            ["a", "7"],
            "string",
            "pattern",
            "1 of 2 rows of train do not match the pattern",
        ),
        ("{length: {min: 2}}", ["a", "ab"], "string", "shortest", "have fewer than 2 characters"),
        ("{length: {max: 1}}", ["a", "ab"], "string", "longest", "have more than 1 character (row 2)"),
        (
            "{type: string, unique: true}",
            ["a", "a"],
            "string",
            "unique",
            "1 of 2 rows of train hold a value that stands before",
        ),
    ],
)
def test_rules_of_a_column(rule: str, cells: list[Any], type_: str, id_: str, reason: str) -> None:
    found = column(rule, *cells, type_=type_)
    assert found[f"data/c/{id_}"].outcome is FAILED
    assert reason in str(found[f"data/c/{id_}"].reason)
    assert {check.outcome for name, check in found.items() if not name.endswith(id_)} == {PASSED}
    more = ", nan: {max: 50%}, infinite: {max: 50%}}" if type_ == "number" else "}"
    loose = column(f"{rule[:-1]}, unlike: {{max: 50%}}{more}", *cells, type_=type_)
    assert loose[f"data/c/{id_}"].outcome is (FAILED if id_ == "unique" else PASSED)


def test_a_column_of_another_type_fails_once_and_its_other_rules_wait() -> None:
    found = decide(
        HEAD + "  columns: {c: {type: integer, min: 0}}\n",
        train=[{"c": "x"}],
        types={"c": "string"},
        answers={"below": Answer(problem="is string, not integer"), "null": Answer(0)},
    )
    assert found["data/c/type"].outcome is FAILED
    assert found["data/c/type"].reason == "in train the column is string, not integer"
    assert found["data/c/min"].outcome is SKIPPED
    assert found["data/c/nulls"].outcome is PASSED


def test_no_share_of_rows_excuses_a_whole_column_of_another_type() -> None:
    found = column("{type: integer, unlike: {max: 100%}}", "x", type_="string")["data/c/type"]
    assert (found.outcome, found.value) == (FAILED, 1.0)


def test_bounds_that_json_cannot_hold_are_told_as_text() -> None:
    found = column("{type: integer, max: 9007199254740992}", 2**53, 2**53 + 1, type_="integer")["data/c/max"]
    assert found.reason == "1 of 2 rows of train are above 9007199254740992 (row 2)"
    assert found.evidence["wanted"] == "9007199254740992"
    found = column("{type: integer, one_of: [1, -9007199254740992]}", 2, type_="integer")["data/c/one_of"]
    assert found.evidence["wanted"] == [1, "-9007199254740992"]


def test_what_cannot_be_measured_is_an_error_and_never_passes() -> None:
    found = decide(
        HEAD + "  columns: {c: {min: 0}}\n", train=[{"c": 1}], answers={"below": Answer(problem="no")}
    )
    assert (found["data/c/min"].outcome, found["data/c/min"].reason) == (ERROR, "train: no")


@pytest.mark.parametrize("rule", ["{unique: true}", "{type: string, one_of: [a], length: {min: 1, max: 2}}"])
def test_no_rows_are_inconclusive(rule: str) -> None:
    found = decide(f"{HEAD}  columns: {{c: {rule}}}\n", train=[], types={"c": "string"})
    assert found.pop("data/c/required").outcome is PASSED
    assert found.pop("data/extra").outcome is PASSED
    assert {check.outcome for check in found.values()} == {INCONCLUSIVE}
    assert {check.reason for check in found.values()} == {"train has no rows"}


def test_a_missing_column_fails_and_its_rules_wait() -> None:
    found = decide(HEAD + "  columns: {carrier: {min: 0}}\n", train=[{"carier": "a"}])
    assert found["data/carrier/required"].outcome is FAILED
    assert found["data/carrier/required"].reason == "train has no such column; carier is near to it"
    assert found["data/carrier/min"].outcome is SKIPPED


def test_a_column_that_need_not_be_there_may_be_missing_and_is_judged_where_it_is() -> None:
    policy = BOTH + "  columns: {c: {required: false, unique: true}, d: {}}\n"
    gone = decide(policy, train=[{"d": "a"}], test=[{"d": "b"}])
    assert "data/c/required" not in gone
    assert gone["data/c/unique"].outcome is SKIPPED
    half = decide(policy, train=[{"d": "a"}], test=[{"d": "b", "c": "x"}, {"d": "b", "c": "x"}])
    assert half["data/c/unique"].outcome is FAILED
    assert half["data/c/nulls"].outcome is PASSED


def test_a_column_that_is_missing_in_one_file_only_fails() -> None:
    found = decide(BOTH + "  columns: {c: {}}\n", train=[{"c": "a"}], test=[{"d": "a"}])
    assert found["data/c/required"].outcome is FAILED
    assert found["data/c/nulls"].outcome is SKIPPED


def test_each_file_is_held_against_the_limit_by_itself() -> None:
    rows = [{"c": "a"}] * 99 + [{"c": None}]
    found = decide(BOTH + "  columns: {c: {nulls: {max: 10%}}}\n", train=rows, test=[{"c": None}])
    assert found["data/c/nulls"].outcome is FAILED
    assert found["data/c/nulls"].value == 1.0
    assert str(found["data/c/nulls"].reason).startswith("1 of 1 rows of test")


@pytest.mark.parametrize(("extra", "outcome", "warn"), [("warn", PASSED, True), ("fail", FAILED, False)])
def test_extra_columns(extra: str, outcome: Outcome, warn: bool) -> None:
    found = decide(
        f"{HEAD}  extra: {extra}\n  columns: {{c: {{}}}}\n", train=[{"c": "a", "d": "b", "e": "f"}]
    )
    check = found["data/extra"]
    assert (check.outcome, check.warn) == (outcome, warn)
    assert check.reason == "train has 2 columns that the policy does not name: d, e"


def test_an_extra_column_without_a_name_is_told() -> None:
    found = decide(HEAD + "  columns: {c: {}}\n", train=[{"": "0", "c": "a"}])["data/extra"]
    assert found.reason == 'train has a column that the policy does not name: ""'


def test_columns_that_any_part_of_the_section_names_are_not_extra() -> None:
    policy = HEAD + "  key: id\n  label: y\n  columns: {c: {}}\n  fresh: {column: t, within: 9d}\n"
    row = {"c": "a", "id": "1", "y": "0", "t": "2026-11-20T00:00:00Z"}
    assert decide(policy, train=[row])["data/extra"].outcome is PASSED
    assert "data/extra" not in decide(
        HEAD + "  extra: allow\n  columns: {c: {}}\n", train=[{"c": "a", "d": "b"}]
    )


@pytest.mark.parametrize(
    ("rule", "cells", "outcome", "warn"),
    [
        ("{}", ["a", "a"], PASSED, True),
        ("{constant: fail}", ["a", "a"], FAILED, False),
        ("{constant: fail}", ["a", "b"], PASSED, False),
        ("{constant: fail, nulls: {max: 100%}}", [None, None], FAILED, False),
    ],
)
def test_constant_columns(rule: str, cells: list[Any], outcome: Outcome, warn: bool) -> None:
    check = column(rule, *cells)["data/c/constant"]
    assert (check.outcome, check.warn) == (outcome, warn)


@pytest.mark.parametrize("rule", ["{constant: allow}", "{one_of: [1]}", "{min: 1, max: 1}"])
def test_a_column_that_may_be_constant_is_not_asked_about(rule: str) -> None:
    assert "data/c/constant" not in column(rule, 1, 1, type_="integer")


def test_nested_columns_are_compared_only_where_the_policy_fails_constant_ones() -> None:
    for rule, outcome in (("{}", SKIPPED), ("{constant: fail}", ERROR)):
        policy = f"{HEAD}  columns: {{c: {rule}}}\n"
        answers = {"constant": Answer(problem="is of a type whose values are not compared")}
        found = decide(policy, train=[{"c": "[1]"}], types={"c": "other"}, answers=answers)
        assert found["data/c/constant"].outcome is outcome
        assert found["data/c/nulls"].outcome is PASSED


def test_missing_values_do_not_stand_twice() -> None:
    check = column("{unique: true, nulls: {max: 100%}}", None, None, None, "a")["data/c/unique"]
    assert check.outcome is PASSED
    check = column("{unique: true, nulls: {max: 100%}}", None, None, "a", "a")["data/c/unique"]
    assert (check.outcome, check.reason) == (FAILED, "1 of 4 rows of train hold a value that stands before")


def test_unreadable_cells_hide_no_value_that_stands_twice() -> None:
    policy = HEAD + "  columns: {c: {type: integer, unique: true, unlike: {max: 100%}}}\n"
    answers = {"repeated": Answer(1, (2,)), "unreadable": Answer(2), "null": Answer(0)}
    rows = [{"c": 1}, {"c": 1}, {"c": Unreadable("x")}, {"c": Unreadable("y")}]
    found = decide(policy, train=rows, types={"c": "integer"}, answers=answers)["data/c/unique"]
    assert (found.outcome, found.value) == (FAILED, 0.25)
