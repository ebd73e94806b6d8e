"""Rules: what they mean, that nothing is lost on the way, and what is said of text that is none."""

import datetime
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from random_rules import TYPES, conditions

from seatrial.rules import RuleError, columns, evaluate, from_json, parse, problem, text_of, to_json
from seatrial.rules.nodes import MOST_CHARACTERS, Column, Comparison, Literal

NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("text", "row", "means"),
    [
        ("a < b <= c", {"a": 1, "b": 2, "c": 2}, True),
        ("a < b <= c", {"a": 3, "b": 2, "c": None}, False),
        ("a < b <= c", {"a": 1, "b": 2, "c": None}, None),
        ("a > b or overnight", {"a": 1, "b": 2, "overnight": True}, True),
        ("a > b or overnight", {"a": None, "b": 2, "overnight": True}, True),
        ("a > b or overnight", {"a": None, "b": 2, "overnight": False}, None),
        ("a > b and overnight", {"a": None, "b": 2, "overnight": False}, False),
        ("not a > 1", {"a": NAN}, None),
        ("a == a", {"a": NAN}, None),
        ("a is null", {"a": NAN}, True),
        ("a is not null", {"a": None}, False),
        ("a / b > 1 is null", None, None),
        ("(a / b > 1) is null", {"a": 1, "b": 0}, True),
        ("a / b == 0.5", {"a": 1, "b": 2}, True),
        ("a - b - c == -4", {"a": 1, "b": 2, "c": 3}, True),
        ("a + b * c == 7", {"a": 1, "b": 2, "c": 3}, True),
        ("-a * b == -2", {"a": 1, "b": 2}, True),
        ("a - a == 0", {"a": INF}, None),
        ("abs(a) == 2", {"a": -2}, True),
        ("length(`full name`) <= 2", {"full name": "\U0001f600b"}, True),
        ("s in ['open', 'it''s']", {"s": "it's"}, True),
        ("s not in ['open']", {"s": None}, None),
        ("s < 'b'", {"s": "a"}, True),
        ("n in [1, 2.5]", {"n": 1}, True),
        ("n == 1_000", {"n": 1000}, True),
        ("n > .5e1", {"n": 6}, True),
        ("flag", {"flag": None}, None),
        ("flag == (a < b)", {"flag": False, "a": 2, "b": 1}, True),
        ("d >= date'2026-01-31'", {"d": datetime.date(2026, 1, 31)}, True),
        ("t == time'2026-01-31T10:00:00+02:00'", {"t": datetime.datetime(2026, 1, 31, 8)}, True),
        ("a == 1 or b == 2 and c == 3", {"a": 1, "b": 0, "c": 0}, True),
        ("not a == 1 or b == 2", {"a": 1, "b": 2}, True),
    ],
)
def test_what_a_rule_says_of_a_row(text: str, row: dict[str, Any] | None, means: bool | None) -> None:
    if row is None:
        with pytest.raises(RuleError):
            parse(text)
    else:
        assert evaluate(parse(text), row) is means


def test_the_columns_of_a_rule() -> None:
    assert columns(parse("b > a and `a b` in [1] or length(c) > b")) == ("b", "a", "a b", "c")


@settings(max_examples=200)
@given(conditions())
def test_nothing_is_lost_in_text_or_json(rule: Any) -> None:
    assert from_json(json.loads(json.dumps(to_json(rule)))) == rule
    assume(columns(rule) and len(text_of(rule)) <= MOST_CHARACTERS)
    assert parse(text_of(rule)) == rule
    assert problem(rule, TYPES) is None


@pytest.mark.parametrize(
    ("text", "position", "words"),
    [
        ("", 1, "found the end of the rule"),
        ("a >", 4, "found the end of the rule"),
        ("a = 1", 3, "write == to compare"),
        ("a <> 1", 3, "write !="),
        ("a > 1 && b > 1", 7, "write and"),
        ("a > 1 AND b > 1", 7, "write and in small letters"),
        ('s == "open"', 6, "single quotes"),
        ("s == 'open", 6, "a quote is not closed"),
        ("`a > 1", 1, "a backtick is not closed"),
        ("a > 1)", 6, "expected an operator"),
        ("(a > 1", 7, "for the ( at character 1"),
        ("a + 1", 1, "a value, not a condition"),
        ("1 < 2", 1, "names no column"),
        ("a and 1", 7, "expected a condition"),
        ("a + 'x' > 1", 5, "expected a number"),
        ("(a < b) < c", 1, "has no order"),
        ("sqrt(a) > 1", 1, "there is no function sqrt; there are abs and length"),
        ("__import__('os')", 1, "there is no function"),
        ("a.__class__ == 1", 2, "backticks"),
        ("a > 1e999", 5, "too large"),
        ("a > " + "9" * 1_000, 5, "too large"),
        ("a in []", 7, "expected"),
        ("a in [b]", 7, "expected a number, a text"),
        ("d > date'2026-02-30'", 5, "is no date"),
        ("t > time'2026-01-31T10:00:00'", 5, "with its zone"),
        ("t > time'0001-01-01T00:00:00+10:00'", 5, "is no time"),
        ("a \x00 b", 3, "means nothing here"),
        ("a > 1\u202e", 6, "means nothing here"),
        ("(" * 60 + "a" + ")" * 60, 52, "nested more than 50 deep"),
        ("-" * 1_000 + "a > 1", 52, "nested more than 50 deep"),
        ("not " * 400 + "a", 205, "nested more than 50 deep"),
        ("+".join(["a"] * 900) + " > 1", 1, "nested more than 50 deep"),
        ("a/(" * 12 + "b" + ")" * 12 + " > 1", 1, "too many parts"),
        ("a > 1 or " * 300 + "a", 1, "the most is 2,000"),
    ],
)
def test_text_that_is_no_rule(text: str, position: int, words: str) -> None:
    with pytest.raises(RuleError) as caught:
        parse(text)
    assert words in caught.value.message
    assert caught.value.position == position
    assert len(caught.value.message) < 300 and "\n" not in caught.value.message


@settings(max_examples=300)
@given(st.text("ab'`()[]<>=!+-*/.,01_ \nnotandinsull\x00é", max_size=40) | st.text(max_size=20))
def test_any_text_is_a_rule_or_says_where_it_is_none(text: str) -> None:
    try:
        rule = parse(text)
    except RuleError as error:
        assert 1 <= error.position <= len(text) + 1
    else:
        assert parse(text_of(rule)) == rule


deep: Any = ["column", "a"]
for _ in range(3_000):
    deep = ["not", deep]


@pytest.mark.parametrize(
    "found",
    [
        None,
        [],
        {},
        ["column"],
        ["column", 1],
        ["column", "a", "b"],
        ["value", None],
        ["value", [1]],
        ["value", 1],
        ["value", NAN],
        ["date", "2026-13-01"],
        ["date", "x' or 'y"],
        ["not", ["value", "a"]],
        ["and", ["column", "a"]],
        ["+", ["column", "a"], ["value", "b"]],
        ["compare", ["<"], ["column", "a"]],
        ["compare", ["=<"], ["column", "a"], ["column", "b"]],
        ["compare", ["<"], ["not", ["column", "a"]], ["column", "b"]],
        ["in", ["column", "a"]],
        ["in", ["column", "a"], ["column", "b"]],
        ["length", ["value", "a"]],
        ["eval", ["column", "a"]],
        ["and", *[["column", "a"]] * 3_000],
        deep,
    ],
)
def test_json_that_is_no_rule(found: Any) -> None:
    with pytest.raises(RuleError):
        from_json(found)


def test_numbers_of_more_than_64_bits_are_doubles() -> None:
    rule = Comparison((Column("a"), Literal(2**63)), ("==",))
    assert evaluate(rule, {"a": 2**63 - 1}) is True


@pytest.mark.parametrize(
    ("text", "types", "says"),
    [
        ("a < b", {"a": "integer", "b": "number"}, None),
        ("a < b", {"a": "any", "b": "string"}, None),
        ("a < b", {"b": "string"}, None),
        ("a < b", {"a": "integer", "b": "string"}, "a is number and b is string; they cannot be compared"),
        ("a < 'x'", {"a": "integer"}, "a is number and a string; they cannot be compared"),
        ("d < time'2026-01-31T10:00:00Z'", {"d": "date"}, "d is date and a timestamp"),
        ("a + 1 > 2", {"a": "string"}, "a is string, not number"),
        ("length(a) > 2", {"a": "integer"}, "a is number, not string"),
        ("not a", {"a": "string"}, "a is string, not boolean"),
        ("a", {"a": "string"}, "a is string, not boolean"),
        ("a < b", {"a": "boolean", "b": "boolean"}, "a is boolean, which has no order"),
        ("a == b", {"a": "other", "b": "other"}, "a is other, whose values cannot be compared"),
        ("a in [1, 'x']", {}, "a number and a string"),
        ("a is null", {"a": "other"}, None),
    ],
)
def test_types_that_do_not_go_together(text: str, types: dict[str, str], says: str | None) -> None:
    found = problem(parse(text), types)
    assert found is None if says is None else found is not None and says in found


def test_what_the_page_shows_is_a_rule() -> None:
    page = (Path(__file__).parents[2] / "docs/rules.md").read_text(encoding="utf-8")
    shown = yaml.safe_load(page.split("```yaml\n")[1].split("```")[0])["data"]["rules"].values()
    written = [rule["expect"] if isinstance(rule, dict) else rule for rule in shown]
    written.append("closed_at is not null and closed_at > opened_at")
    assert len(written) == 4 and all(columns(parse(rule)) for rule in written)
