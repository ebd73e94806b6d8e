"""A rule as JSON, to travel to an engine, and as text."""

import math
from typing import Any

from seatrial.rules.nodes import (
    CONDITIONS,
    MOST_DEPTH,
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
    RuleError,
    check_size,
    is_condition,
    is_number,
)
from seatrial.rules.words import single, words

Json = Any

COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
ARITHMETIC = ("+", "-", "*", "/")
FUNCTIONS = ("abs", "length")
LOGIC = ("and", "or")


def to_json(node: Node) -> Json:
    """A list for each node: its word first, then what it is made of."""
    match node:
        case Literal():
            return ["value", node.value]
        case Moment():
            return [node.type, node.text]
        case Column():
            return ["column", node.name]
        case Negative():
            return ["negative", to_json(node.of)]
        case Null():
            return ["null", to_json(node.of)]
        case Not():
            return ["not", to_json(node.of)]
        case Call():
            return [node.function, to_json(node.of)]
        case Arithmetic():
            return [node.operator, to_json(node.left), to_json(node.right)]
        case In():
            return ["in", to_json(node.of), *map(to_json, node.values)]
        case Logic():
            return [node.operator, *map(to_json, node.of)]
    return ["compare", list(node.operators), *map(to_json, node.operands)]


def from_json(found: Json) -> Node:
    """The rule that `to_json` wrote. Raises RuleError for anything else, however deep or large."""
    node = _node(found, 1)
    if not is_condition(node):
        raise RuleError("no rule: a value, not a condition")
    check_size(node)
    return node


def _node(found: Json, depth: int) -> Node:
    if depth > MOST_DEPTH:
        raise RuleError("no rule: nested too deep")
    if not isinstance(found, list) or len(found) < 2 or not isinstance(found[0], str):
        raise RuleError("no rule: expected a list that begins with a word")
    word, rest = found[0], found[1:]
    if word in ("value", "column", "date", "timestamp"):
        return _leaf(word, rest)
    if word == "compare":
        operators = tuple(rest[0]) if isinstance(rest[0], list) else ()
        operands = tuple(_node(each, depth + 1) for each in rest[1:])
        if not operators or len(operands) != len(operators) + 1 or not set(operators) <= set(COMPARISONS):
            raise RuleError("no rule: a comparison lacks an operand")
        if (len(operators) > 1 or operators[0] not in COMPARISONS[:2]) and any(
            isinstance(each, CONDITIONS) for each in operands
        ):
            raise RuleError("no rule: a condition has no order")
        return Comparison(operands, operators)
    of = tuple(_node(each, depth + 1) for each in rest)
    if word in LOGIC and len(of) > 1 and all(map(is_condition, of)):
        return Logic(word, of)
    if word == "in" and len(of) > 1 and not isinstance(of[0], CONDITIONS):
        values = tuple(each for each in of[1:] if isinstance(each, Literal | Moment))
        if len(values) == len(of) - 1:
            return In(of[0], values)
    if word in ARITHMETIC and len(of) == 2 and all(map(is_number, of)):
        return Arithmetic(word, *of)
    if len(of) == 1:
        (inner,) = of
        if word == "null":
            return Null(inner)
        if word == "not" and is_condition(inner):
            return Not(inner)
        if word == "negative" and is_number(inner):
            return Negative(inner)
        if (word == "abs" and is_number(inner)) or (word == "length" and isinstance(inner, Column)):
            return Call(word, inner)
    raise RuleError("no rule: an unknown word, or one with the wrong parts")


def _leaf(word: str, rest: list[Json]) -> Node:
    (value, *more) = rest
    if not more and word == "value" and isinstance(value, bool | int | float | str):
        if isinstance(value, float) and not math.isfinite(value):
            raise RuleError("no rule: a number that is not finite")
        return Literal(value)
    if not more and isinstance(value, str):
        if word == "column":
            return Column(value)
        if word in ("date", "timestamp") and "'" not in value:
            (read, _) = words(f"{'date' if word == 'date' else 'time'}'{value}'")
            moment = single(read)
            if isinstance(moment, Moment):
                return moment
    raise RuleError("no rule: a value of a kind that rules do not have")


def text_of(node: Node) -> str:
    """A text that `parse` reads as the same rule."""
    match node:
        case Literal():
            return _literal(node.value)
        case Moment():
            return f"{'date' if node.type == 'date' else 'time'}'{node.text}'"
        case Column():
            return "`" + node.name.replace("`", "``") + "`"
        case Negative():
            return f"-({text_of(node.of)})"
        case Null():
            return f"({text_of(node.of)}) is null"
        case Not():
            return f"not ({text_of(node.of)})"
        case Call():
            return f"{node.function}({text_of(node.of)})"
        case Arithmetic():
            return f"({text_of(node.left)}) {node.operator} ({text_of(node.right)})"
        case In():
            return f"({text_of(node.of)}) in [{', '.join(map(text_of, node.values))}]"
        case Logic():
            return f" {node.operator} ".join(f"({text_of(each)})" for each in node.of)
    first, *others = (f"({text_of(each)})" for each in node.operands)
    return " ".join([first, *(f"{o} {t}" for o, t in zip(node.operators, others, strict=True))])


def _literal(value: bool | int | float | str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else repr(value)
