"""Rules as narwhals expressions, which say of every row what `seatrial.rules.evaluate` says of one.

Imported in the child processes only. An expression is Boolean, and null where the rule is unknown.
"""

import operator
from collections.abc import Callable
from functools import reduce
from typing import Any, cast

import narwhals as nw

from seatrial import rules
from seatrial.engines.measures.engine import INTEGER, NUMBER
from seatrial.engines.measures.typed import Table, Unfit, rounded
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
    walk,
)
from seatrial.rules.typing import type_of
from seatrial.rules.values import as_double_if_large
from seatrial.text import shown

_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}


def expression(rule: Node, table: Table) -> nw.Expr:
    """The rule for the rows of a table. Raises Unfit where its columns do not go together."""
    for name in rules.columns(rule):
        if name not in table.opened.types:
            raise Unfit(f"there is no column {name}")
    problem = rules.problem(rule, table.opened.types) or _unordered(rule, table)
    if problem is not None:
        raise Unfit(problem)
    return _Writer(table).condition(rule)


def _unordered(rule: Node, table: Table) -> str | None:
    """Which columns have no order, since they are text only for want of a type: as text, 9 lies above 10."""
    source = table.opened.source
    untyped = set(table.opened.types if source.format == "csv" else dict(*source.partitions[:1]))
    untyped -= {each.column for each in source.readings if each.type != "any"}
    for node in walk(rule):
        if isinstance(node, Comparison) and not set(node.operators) <= {"==", "!="}:
            names = [each.name for each in node.operands if isinstance(each, Column)]
            if len(names) == len(node.operands) and untyped.issuperset(names):
                return f"{shown(names[0], 60)} is text without an order; write its type into data.columns"
    return None


class _Writer:
    """One method for each kind of part."""

    def __init__(self, table: Table) -> None:
        self.table, self.types = table, table.opened.types

    def condition(self, node: Node) -> nw.Expr:
        """Boolean, null where it is unknown."""
        match node:
            case Literal():
                return nw.lit(node.value)
            case Column():
                return self.table.opened.column(node.name)
            case Comparison():
                return self.comparison(node)
            case Null():
                return self.value(node.of).is_null()
            case In():
                return self.membership(node)
            case Not():
                return ~self.condition(node.of)
            case Logic():
                return reduce(
                    operator.and_ if node.operator == "and" else operator.or_, map(self.condition, node.of)
                )
        raise TypeError(node)

    def comparison(self, node: Comparison) -> nw.Expr:
        single = any(
            isinstance(each, Column) and self.table.cells(each.name).single for each in node.operands
        )
        found = [self.value(each, single) for each in node.operands]
        pairs = zip(found, node.operators, found[1:], strict=False)
        each = (cast(nw.Expr, _OPERATORS[sign](left, right)) for left, sign, right in pairs)
        return reduce(operator.and_, each)

    def membership(self, node: In) -> nw.Expr:
        values = [as_double_if_large(each.value) for each in node.values]
        found = self.value(node.of)
        if type_of(node.of, self.types) == NUMBER:
            whole = isinstance(node.of, Column) and self.types[node.of.name] == INTEGER
            if not whole or any(isinstance(each, float) for each in values):
                found, values = found.cast(nw.Float64), [float(each) for each in values]
        if isinstance(node.of, Column) and self.table.cells(node.of.name).single:
            values = [self.table.cells(node.of.name).number(each) for each in values]
        return found.is_in(values)

    def value(self, node: Node, single: bool = False) -> nw.Expr:
        """What is compared; null where it is missing, NaN or unknown.

        single: whether it is compared with a column of single precision.
        """
        if isinstance(node, Literal | Moment):
            value = as_double_if_large(node.value)
            return nw.lit(rounded(value) if single and isinstance(value, float) else value)
        if type_of(node, self.types) != NUMBER:
            return self.table.cells(node.name).expr if isinstance(node, Column) else self.condition(node)
        if isinstance(node, Column):
            cells = self.table.cells(node.name)
            if cells.type == INTEGER:
                return cells.raw
            found = cells.raw.cast(nw.Float64)
            return nw.when(~found.is_nan()).then(found) if cells.floating else found
        found = self.number(node)
        if isinstance(node, Call) and node.function == "length":
            return found
        return cast(nw.Expr, nw.when(~found.is_nan()).then(found))

    def number(self, node: Node) -> nw.Expr:
        """A double, NaN where a part of it is."""
        match node:
            case Literal():
                return nw.lit(float(node.value))
            case Column():
                return self.table.opened.column(node.name).cast(nw.Float64)
            case Negative():
                return nw.lit(0.0) - self.number(node.of)
            case Call(function="abs"):
                return self.number(node.of).abs()
            case Call(of=Column(name=name)):
                return self.table.cells(name).expr.str.len_chars().cast(nw.Float64)
            case Arithmetic(operator="/"):
                divisor = self.number(node.right)
                return cast(nw.Expr, nw.when(divisor != 0.0).then(self.number(node.left) / divisor))
            case Arithmetic():
                left, right = self.number(node.left), self.number(node.right)
                return cast(nw.Expr, _OPERATORS[node.operator](left, right))
        raise TypeError(node)
