"""What a rule says of one row, in plain Python: the meaning that every engine must agree with."""

import datetime
import math
import operator
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from seatrial.rules.nodes import (
    Arithmetic,
    Call,
    Column,
    Comparison,
    In,
    Literal,
    Logic,
    Moment,
    Negative,
    Node,
    Not,
    Null,
)

Value = Any  # bool, int, float, str, date, datetime in UTC, or None where it is unknown

_COMPARE: dict[str, Callable[[Value, Value], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_CALCULATE: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


def evaluate(rule: Node, row: Mapping[str, Value]) -> Value:
    """True, false, or None where it is unknown. row: values by column; None and NaN are missing.

    Columns must be of types that go together, see `typing.problem`. Arithmetic is in double precision, and so
    is a comparison of a whole number with one that is not known to be whole.
    """
    match rule:
        case Literal():
            return as_double_if_large(rule.value)
        case Moment():
            return rule.value
        case Column():
            return _known(row[rule.name])
        case Negative():
            return _number(rule.of, row, operator.neg)
        case Call(function="abs"):
            return _number(rule.of, row, abs)
        case Call():
            found = evaluate(rule.of, row)
            return None if found is None else len(found)
        case Arithmetic():
            return _arithmetic(rule, row)
        case Comparison():
            return _comparison(rule, row)
        case Null():
            return evaluate(rule.of, row) is None
        case In():
            found = evaluate(rule.of, row)
            return None if found is None else _in(found, [evaluate(each, row) for each in rule.values])
        case Not():
            found = evaluate(rule.of, row)
            return None if found is None else not found
    return _logic(rule, row)


def as_double_if_large(value: Value) -> Value:
    """A whole number of more than 64 bits as a double, as engines have no larger ones."""
    large = isinstance(value, int) and not -(2**63) <= value < 2**63
    return float(value) if large else value


def _in(found: Value, values: list[Value]) -> bool:
    if any(isinstance(each, float) for each in values):
        return float(found) in {float(each) for each in values}
    return any(_pair("==", found, each) for each in values)


def _pair(sign: str, left: Value, right: Value) -> bool:
    """Where one is a double, both are compared as doubles."""
    if isinstance(left, float) != isinstance(right, float):
        left, right = float(left), float(right)
    return _COMPARE[sign](left, right)


def _known(value: Value) -> Value:
    if isinstance(value, datetime.datetime) and value.tzinfo is None:
        return value.replace(tzinfo=datetime.UTC)
    return None if isinstance(value, float) and math.isnan(value) else value


def _number(of: Node, row: Mapping[str, Value], change: Callable[[Value], Value]) -> Value:
    found = evaluate(of, row)
    return None if found is None else change(float(found))


def _arithmetic(rule: Arithmetic, row: Mapping[str, Value]) -> Value:
    left, right = evaluate(rule.left, row), evaluate(rule.right, row)
    if left is None or right is None or (rule.operator == "/" and right == 0):
        return None
    return _known(_CALCULATE[rule.operator](float(left), float(right)))


def _comparison(rule: Comparison, row: Mapping[str, Value]) -> Value:
    found = [evaluate(each, row) for each in rule.operands]
    pairs = zip(found, rule.operators, found[1:], strict=False)
    return _all(
        None if left is None or right is None else _pair(sign, left, right) for left, sign, right in pairs
    )


def _logic(rule: Logic, row: Mapping[str, Value]) -> Value:
    found = [evaluate(each, row) for each in rule.of]
    if rule.operator == "and":
        return _all(found)
    negated = _all(None if each is None else not each for each in found)
    return None if negated is None else not negated


def _all(found: Iterable[Value]) -> Value:
    """False where one is, else unknown where one is, else true."""
    each = list(found)
    return False if False in each else None if None in each else True
