"""Whether the columns of a rule have types that go with what it does with them."""

from collections.abc import Mapping

from seatrial.rules.nodes import (
    NUMBERS,
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
    parts,
    walk,
)
from seatrial.text import shown

ANY, OTHER = "any", "other"
_NUMBERS = ("integer", "number")


def problem(rule: Node, types: Mapping[str, str]) -> str | None:
    """What does not go together, in a few words for people, or None.

    types: integer, number, string, boolean, date, timestamp, other (goes with nothing), any (not known).
    A column that they do not name is not known.
    """
    whole = type_of(rule, types)
    if whole not in ("boolean", ANY):
        return f"{_name(rule, types)}, not boolean"
    for node in walk(rule):
        found = _problem(node, types)
        if found:
            return found
    return None


def _problem(node: Node, types: Mapping[str, str]) -> str | None:
    match node:
        case Negative() | Arithmetic() | Call(function="abs"):
            return _wants(node, "number", types)
        case Call():
            return _wants(node, "string", types)
        case Not() | Logic():
            return _wants(node, "boolean", types)
        case Comparison():
            return _together(node.operands, types) or _ordered(node, types)
        case In():
            return _together((node.of, *node.values), types)
    return None


def type_of(node: Node, types: Mapping[str, str]) -> str:
    """number, string, boolean, date, timestamp, other or any."""
    if isinstance(node, Column):
        found = types.get(node.name, ANY)
        return "number" if found in _NUMBERS else found
    if isinstance(node, Moment):
        return node.type
    if isinstance(node, Literal) and not isinstance(node.value, bool):
        return "string" if isinstance(node.value, str) else "number"
    return "number" if isinstance(node, NUMBERS) else "boolean"


def _wants(node: Node, wanted: str, types: Mapping[str, str]) -> str | None:
    for part in parts(node):
        found = type_of(part, types)
        if found not in (wanted, ANY):
            return f"{_name(part, types)}, not {wanted}"
    return None


def _together(nodes: tuple[Node, ...], types: Mapping[str, str]) -> str | None:
    """All of one type, and of one whose values can be compared."""
    first: Node | None = None
    for node in nodes:
        found = type_of(node, types)
        if found == OTHER:
            return f"{_name(node, types)}, whose values cannot be compared"
        if found == ANY:
            continue
        if first is not None and found != type_of(first, types):
            return f"{_name(first, types)} and {_name(node, types)}; they cannot be compared"
        first = first or node
    return None


def _ordered(node: Comparison, types: Mapping[str, str]) -> str | None:
    if set(node.operators) <= {"==", "!="}:
        return None
    for operand in node.operands:
        if type_of(operand, types) == "boolean":
            return f"{_name(operand, types)}, which has no order"
    return None


def _name(node: Node, types: Mapping[str, str]) -> str:
    found = type_of(node, types)
    return f"{shown(node.name)} is {found}" if isinstance(node, Column) else f"a {found}"
