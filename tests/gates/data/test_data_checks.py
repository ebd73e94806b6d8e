"""Every check of the data gate: when it passes, fails, warns, and when it says that it cannot tell."""

from datetime import timedelta
from typing import Any

import pytest
from plain_data import NOW, Unreadable, decide

from seatrial.decision import Check, Outcome
from seatrial.gates.data.judging import judged
from seatrial.gates.data.measures import Answer

PASSED, FAILED, INCONCLUSIVE = Outcome.PASSED, Outcome.FAILED, Outcome.INCONCLUSIVE
ERROR, SKIPPED = Outcome.ERROR, Outcome.SKIPPED
HEAD = "version: 1\nmodel: {name: m, task: binary}\ndata:\n  train: train.csv\n"
BOTH = HEAD + "  test: test.csv\n"


def column(rule: str, *cells: Any, type_: str = "string", show: str = "") -> dict[str, Check]:
    rows = [{"c": cell} for cell in cells]
    return decide(f"{HEAD}  columns: {{c: {rule}}}\n{show}", train=rows, types={"c": type_})


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


def ago(**span: float) -> str:
    return (NOW - timedelta(**span)).isoformat()


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


def test_values_are_shown_where_the_policy_says_so_and_never_of_hidden_columns() -> None:
    show = "  show: {values: true}\n"
    assert (
        column("{min: 5}", 3, type_="integer")["data/c/min"].reason
        == "1 of 1 rows of train are below 5 (row 1)"
    )
    told = column("{min: 5}", 3, type_="integer", show=show)["data/c/min"]
    assert told.reason == "1 of 1 rows of train are below 5 (row 1: 3)"
    hidden = column("{pattern: '[a-z]+', hide: true}", "SECRET", show=show)
    assert "SECRET" not in "".join(check.model_dump_json() for check in hidden.values())
    assert hidden["data/c/pattern"].outcome is FAILED


def test_no_value_is_anywhere_without_leave() -> None:
    policy = BOTH + (
        "  label: c\n  balance: {min: 40%}\n  duplicates: {max: 0}\n  leakage: {rows: {max: 0}}\n"
        "  columns: {c: {type: string, one_of: [x], pattern: 'x', length: {max: 1}, unique: true}}\n"
    )
    rows = [{"c": "SECRET"}, {"c": "SECRET"}]
    found = decide(policy, train=rows, test=rows)
    assert sum(check.outcome is FAILED for check in found.values()) >= 7
    assert "SECRET" not in "".join(check.model_dump_json() for check in found.values())


def test_rows_that_were_not_read_leave_no_check_passed() -> None:
    found = decide(
        HEAD + "  columns: {c: {type: integer, min: 0}, d: {}}\n",
        train=[{"c": "x", "d": "y"}],
        types={"c": "string"},
        unscanned="its footers refute a rule",
        answers={
            kind: Answer(problem="not read") for kind in ("below", "null", "nan", "infinite", "constant")
        },
    )
    assert found["data/c/type"].outcome is FAILED
    assert found["data/d/nulls"].outcome is SKIPPED
    assert found["data/d/nulls"].reason == "train: the rows were not read, since its footers refute a rule"


def test_names_that_look_alike_have_ids_of_their_own() -> None:
    names = ["x" * 90 + "1", "x" * 90 + "2", "rows"]
    policy = (
        HEAD + f"  rows: {{min: 1}}\n  columns: {{{names[0]}: {{}}, {names[1]}: {{}}, rows: {{min: 0}}}}\n"
    )
    found = decide(policy, train=[dict.fromkeys(names, 1)], types=dict.fromkeys(names, "integer"))
    assert {"data/rows/min", "data/rows/min#2"} <= found.keys()
    assert found["data/rows/min"].column == "rows"
    assert sum("#2" in name for name in found) == 6
    for check in found.values():
        assert judged(check) == check


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


def test_names_of_any_length_have_checks() -> None:
    name = "n" * 10_000
    policy = HEAD + "  label: y\n  personal: {action: fail}\n  leakage: {target_correlation: {max: 0.5}}\n"
    answers = {
        "personal": Answer(1, detail={name: {"email": 1}}),
        "told": Answer(detail={name: 0.9, name + "2": 0.9}),
    }
    found = decide(policy, train=[{"y": "1", name: "a"}], answers=answers)
    assert [check.outcome for check in found.values()] == [FAILED, FAILED, FAILED, PASSED]
    for check in found.values():
        assert judged(check) == check


def test_so_many_row_numbers_are_told_and_no_more() -> None:
    columns = {f"c{i}": "integer" for i in range(300)}
    policy = HEAD + "  columns:\n" + "".join(f"    {name}: {{type: integer, min: 9}}\n" for name in columns)
    answers = {"below": Answer(1_000, tuple(range(1, 101)))}
    rows = [dict.fromkeys(columns, 1)] * 1_000
    found = decide(policy, train=rows, types=columns, answers=answers).values()
    below = [check for check in found if check.metric == "min"]
    assert {check.outcome for check in below} == {FAILED}
    assert sum("at" in part for check in below for part in check.evidence["parts"]) == 200  # type: ignore[operator,union-attr,misc]
