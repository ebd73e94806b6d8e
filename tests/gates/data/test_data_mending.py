"""What a failed check suggests is a policy that accepts what was found, and names no value without leave."""

import json
from collections.abc import Sequence
from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_data import NOW, Unreadable, decide

from seatrial.decision import Check, Outcome
from seatrial.gates.data.measures import Answer

BASE: dict[str, Any] = {"version": 1, "model": {"name": "m", "task": "binary"}}


def policy(**data: Any) -> dict[str, Any]:
    return {**deepcopy(BASE), "data": {"train": "train.csv", **deepcopy(data)}}


def mended(found: dict[str, Any], check: Check) -> dict[str, Any]:
    """The policy with what the check suggests."""
    mend = check.evidence["mend"]
    assert isinstance(mend, dict)
    result = deepcopy(found)
    inner: Any = result
    *path, last = mend["path"]  # type: ignore[misc]
    for part in path:
        inner = inner.setdefault(part, {})
    inner[last] = mend["value"]
    return result


def again(found: dict[str, Any], id_: str, **rows: Any) -> tuple[Check, Check | None]:
    """A check that fails or warns, and what becomes of it under the suggested policy; None: nobody asks."""
    before = decide(json.dumps(found), **rows)[id_]
    assert before.outcome is Outcome.FAILED or before.warn
    return before, decide(json.dumps(mended(found, before)), **rows).get(id_)


def passes(check: Check | None) -> bool:
    return check is None or (check.outcome is Outcome.PASSED and not check.warn)


def column(rule: dict[str, Any], **more: Any) -> dict[str, Any]:
    return policy(columns={"c": rule}, **more)


AGO = (NOW - timedelta(days=9, hours=5)).isoformat()
CASES: dict[str, tuple[dict[str, Any], str, Sequence[dict[str, Any]], dict[str, str]]] = {
    "nulls": (column({}), "data/c/nulls", [{"c": None}, {"c": "a"}, {"c": "b"}], {}),
    "nan": (column({"type": "number"}), "data/c/nan", [{"c": float("nan")}, {"c": 1.0}], {"c": "number"}),
    "cells": (
        column({"type": "integer"}),
        "data/c/type",
        [{"c": Unreadable("x")}, {"c": 1}],
        {"c": "integer"},
    ),
    "type": (column({"type": "integer", "min": 0}), "data/c/type", [{"c": "x"}], {"c": "string"}),
    "nested": (column({"type": "string", "pattern": "x"}), "data/c/type", [{"c": 1}], {"c": "other"}),
    "min": (column({"type": "integer", "min": 5}), "data/c/min", [{"c": 1}, {"c": 9}], {"c": "integer"}),
    "one_of": (column({"type": "string", "one_of": ["a"]}), "data/c/one_of", [{"c": "a"}, {"c": "b"}], {}),
    "pattern": (column({"pattern": "a"}), "data/c/pattern", [{"c": "a"}, {"c": "b"}], {}),
    "shortest": (column({"length": {"min": 2}}), "data/c/shortest", [{"c": "a"}, {"c": "ab"}], {}),
    "unique": (column({"unique": True}), "data/c/unique", [{"c": "a"}, {"c": "a"}], {}),
    "constant": (column({"constant": "fail"}), "data/c/constant", [{"c": "a"}, {"c": "a"}], {}),
    "warning": (column({}), "data/c/constant", [{"c": "a"}, {"c": "a"}], {}),
    "extra": (column({}), "data/extra", [{"c": "a", "d": "b"}], {}),
    "few rows": (policy(rows={"min": 500}), "data/rows/min", [{"c": "a"}] * 123, {}),
    "many rows": (policy(rows={"max": 5}), "data/rows/max", [{"c": "a"}] * 123, {}),
    "old": (policy(fresh={"column": "t", "within": "2d"}), "data/fresh", [{"t": AGO}], {}),
    "duplicates": (policy(duplicates={"max": 0}), "data/duplicates", [{"c": "a"}] * 3 + [{"c": "b"}], {}),
    "short rule": (policy(rules={"r": "a > b"}), "data/rules/r", [{"a": 1, "b": 2}, {"a": 2, "b": 1}], {}),
    "rule": (
        policy(rules={"r": {"expect": "a > b"}}),
        "data/rules/r",
        [{"a": 1, "b": 2}, {"a": 2, "b": 1}],
        {},
    ),
    "balance": (
        policy(label="y", balance={"min": 0.4}),
        "data/balance",
        [{"y": "0"}, {"y": "0"}, {"y": "1"}],
        {},
    ),
    "key": (policy(key="k", duplicates={"max": 1}), "data/k/nulls", [{"k": None}, {"k": "1"}], {}),
}


@pytest.mark.parametrize(("found", "id_", "rows", "types"), CASES.values(), ids=CASES)
def test_the_suggestion_lets_the_check_pass(
    found: dict[str, Any], id_: str, rows: Sequence[dict[str, Any]], types: dict[str, str]
) -> None:
    if "a" in rows[0]:
        types = {"a": "integer", "b": "integer"}
    _, after = again(found, id_, train=rows, types=types)
    assert passes(after)


def test_a_missing_column_need_not_be_there_any_more() -> None:
    found = column({})
    before = decide(json.dumps(found), train=[{"d": "a"}])
    after = decide(json.dumps(mended(found, before["data/c/required"])), train=[{"d": "a"}])
    assert "data/c/required" not in after
    assert after["data/c/nulls"].outcome is Outcome.SKIPPED


def test_personal_data_are_allowed_in_every_column_where_they_were_found() -> None:
    found = policy(personal={"action": "fail", "allowed_in": ["a"]})
    answers = {"personal": Answer(3, detail={"b": {"email": 1}, "c": {"ip": 1}})}
    before = decide(json.dumps(found), train=[{"a": "x", "b": "y", "c": "z"}], answers=answers)
    mend = {"path": ["data", "personal", "allowed_in"], "value": ["a", "b", "c"]}
    assert [before[f"data/{name}/personal"].evidence["mend"] for name in "bc"] == [mend, mend]


@pytest.mark.parametrize("name", ["", " ", "long" * 60])
def test_a_column_that_no_policy_can_name_is_not_allowed_to_hold_personal_data(name: str) -> None:
    found = policy(personal={"action": "warn"})
    answers = {"personal": Answer(1, detail={name: {"email": 1}})}
    told = decide(json.dumps(found), train=[{name: "x"}], answers=answers)
    (check,) = (each for each in told.values() if each.warn)
    assert check.column == (name[:200] if name.strip() else f'"{name}"')
    assert "mend" not in check.evidence


def test_where_nothing_else_fits_a_waiver_is_suggested_for_all_of_it() -> None:
    found = policy(key="k", leakage={"known_after": "z"}, duplicates={"max": 1})
    found["waivers"] = [{"check": "data/fresh", "reason": "r", "until": "2027-01-01"}]
    checks = decide(json.dumps(found), train=[{"k": "1", "z": "a"}, {"k": "1", "z": "b"}])
    failed = [check for check in checks.values() if check.outcome is Outcome.FAILED]
    assert [check.id for check in failed] == ["data/z/known_after", "data/key"]
    first, second = (check.evidence["mend"] for check in failed)
    assert first == second
    after = decide(json.dumps(mended(found, failed[0])), train=[{"k": "1", "z": "a"}])
    assert after["data/z/known_after"].outcome is Outcome.FAILED  # a waiver excuses it, and changes nothing
    assert isinstance(first, dict)
    assert first["path"] == ["waivers"]
    assert [w["check"] for w in first["value"]] == ["data/fresh", "data/z/known_after", "data/key"]  # type: ignore[union-attr,index,call-overload,misc]


@pytest.mark.parametrize(
    ("rule", "cells", "type_", "value"),
    [
        ({"type": "string", "one_of": ["a"]}, ["a", "c", "b", "b"], "string", ["a", "b", "c"]),
        ({"type": "integer", "min": 5}, [3, 7], "integer", 3),
        ({"type": "number", "max": 5.0}, [3.0, 7.1234], "number", 7.13),
        ({"type": "date", "min": "2026-01-05"}, ["2026-01-01"], "date", "2026-01-01"),
    ],
)
def test_values_are_suggested_where_the_policy_shows_them(
    rule: dict[str, Any], cells: list[Any], type_: str, value: Any
) -> None:
    word = next(key for key in rule if key != "type")
    rows = [{"c": cell} for cell in cells]
    shown = column(rule, show={"values": True})
    before, after = again(shown, f"data/c/{word}", train=rows, types={"c": type_})
    assert before.evidence["mend"] == {"path": ["data", "columns", "c", word], "value": value}
    assert passes(after)
    for found in (column(rule), column({**rule, "hide": True}, show={"values": True})):
        before, after = again(found, f"data/c/{word}", train=rows, types={"c": type_})
        assert before.evidence["mend"]["path"] == ["data", "columns", "c", "unlike", "max"]  # type: ignore[index,call-overload]
        assert passes(after)


def test_too_many_new_values_are_not_listed() -> None:
    rows = [{"c": str(i)} for i in range(60)]
    found = column({"type": "string", "one_of": ["0"]}, show={"values": True})
    before, _ = again(found, "data/c/one_of", train=rows)
    assert before.evidence["mend"] == {"path": ["data", "columns", "c", "unlike", "max"], "value": 0.99}


def test_what_passed_or_could_not_be_measured_suggests_nothing() -> None:
    checks = decide(
        json.dumps(column({"min": 1})),
        train=[{"c": "a"}, {"c": "b"}],
        answers={"below": Answer(problem="no")},
    )
    assert [check.id for check in checks.values() if "mend" in check.evidence] == []


def test_a_newest_row_in_the_future_needs_another_clock_or_a_waiver() -> None:
    rows = [{"t": (NOW + timedelta(days=9)).isoformat()}]
    found = decide(json.dumps(policy(fresh={"column": "t", "within": "2d"})), train=rows)["data/fresh"]
    assert found.evidence["mend"]["path"] == ["waivers"]  # type: ignore[index,call-overload]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.one_of(st.none(), st.integers(-5, 5)), min_size=1, max_size=40),
    st.lists(st.one_of(st.none(), st.integers(-5, 5)), min_size=1, max_size=40),
    st.booleans(),
)
def test_over_random_data_every_suggestion_is_enough(
    train: list[int | None], test: list[int | None], values: bool
) -> None:
    rule = {"type": "integer", "min": -1, "max": 1, "one_of": [0, 1], "unique": True}
    found = column(
        rule, test="test.csv", show={"values": values}, rows={"min": 10, "max": 20}, duplicates={"max": 0}
    )
    rows = {"train": [{"c": c} for c in train], "test": [{"c": c} for c in test]}
    for check in decide(json.dumps(found), types={"c": "integer"}, **rows).values():
        if check.outcome is Outcome.FAILED:
            changed = json.dumps(mended(found, check))
            after = decide(changed, types={"c": "integer"}, **rows).get(check.id)
            assert passes(after), (check.id, check.evidence["mend"])
