"""Random rules over a few columns of known types, for tests that hold one reading of them against another."""

import datetime

from hypothesis import strategies as st

from seatrial.rules import Node
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
    Not,
    Null,
)

# Columns by type; "other" columns go with `is null` alone.
TYPES = {
    "i": "integer",
    "j": "integer",
    "x": "number",
    "y`y": "number",
    "s": "string",
    "t": "string",
    "b": "boolean",
    "d": "date",
    "at": "timestamp",
}
_NAMES = {
    kind: [name for name, each in TYPES.items() if each == kind or (kind == "number" and each == "integer")]
    for kind in ("number", "string", "boolean", "date", "timestamp")
}
SIGNS = ["==", "!=", "<", "<=", ">", ">="]
whole = st.integers(-3, 3) | st.sampled_from([2**31, 2**53 + 1, -(2**63), 2**63, 10**30])
fractions = st.sampled_from([0.0, -0.5, 0.1, 2.5, 1e308, 1e-310])
texts = st.sampled_from(["", "a", "b'b", "ä", "\U0001f600", "ab"])
dates = st.dates(datetime.date(1969, 12, 30), datetime.date(1970, 1, 2))
moments = st.datetimes(datetime.datetime(1969, 12, 31), datetime.datetime(1970, 1, 1, 1))


def literal(kind: str) -> st.SearchStrategy[Node]:
    if kind == "number":
        return (whole | fractions).map(Literal)
    if kind == "string":
        return texts.map(Literal)
    if kind == "boolean":
        return st.booleans().map(Literal)
    if kind == "date":
        return dates.map(lambda day: Moment("date", day.isoformat()))
    return moments.map(lambda at: Moment("timestamp", at.replace(tzinfo=datetime.UTC).isoformat()))


def column(kind: str) -> st.SearchStrategy[Node]:
    return st.sampled_from(_NAMES[kind]).map(Column)


@st.composite
def values(draw: st.DrawFn, kind: str, depth: int) -> Node:
    """An operand that is no condition."""
    if kind != "number" or depth < 1 or draw(st.booleans()):
        return draw(column(kind) | literal(kind))
    match draw(st.integers(0, 3)):
        case 0:
            return Negative(draw(values(kind, depth - 1)))
        case 1:
            return Call("abs", draw(values(kind, depth - 1)))
        case 2:
            return Call("length", draw(column("string")))
    left, right = draw(values(kind, depth - 1)), draw(values(kind, depth - 1))
    return Arithmetic(draw(st.sampled_from("+-*/")), left, right)


@st.composite
def conditions(draw: st.DrawFn, depth: int = 3) -> Node:
    """A rule of at most some depth."""
    if depth < 1:
        return draw(column("boolean"))
    kind = draw(st.sampled_from(list(_NAMES)))
    match draw(st.integers(0, 5)):
        case 0:
            return Not(draw(conditions(depth - 1)))
        case 1:
            of = draw(st.lists(conditions(depth - 1), min_size=2, max_size=3))
            return Logic(draw(st.sampled_from(["and", "or"])), tuple(of))
        case 2:
            return Null(draw(values(kind, depth - 1) | conditions(depth - 1)))
        case 3:
            listed = draw(st.lists(literal(kind), min_size=1, max_size=3))
            return In(draw(values(kind, depth - 1)), tuple(listed))
        case 4:
            pair = st.sampled_from(SIGNS[:2])
            return Comparison((draw(conditions(depth - 1)), draw(conditions(depth - 1))), (draw(pair),))
    if kind == "boolean":
        operands = draw(st.lists(column(kind), min_size=2, max_size=2))
        return Comparison(tuple(operands), (draw(st.sampled_from(SIGNS[:2])),))
    operands = draw(st.lists(values(kind, depth - 1), min_size=2, max_size=3))
    signs = draw(st.lists(st.sampled_from(SIGNS), min_size=len(operands) - 1, max_size=len(operands) - 1))
    return Comparison(tuple(operands), tuple(signs))
