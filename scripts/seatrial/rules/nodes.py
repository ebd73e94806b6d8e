"""What a rule is made of: frozen values, and what can be told of them without a row."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

MOST_CHARACTERS = 2_000
MOST_DEPTH = 50
MOST_PARTS = 2_000


class RuleError(ValueError):
    """Text that is no rule. position: the character that it is about, from 1."""

    def __init__(self, message: str, position: int = 1) -> None:
        super().__init__(message)
        self.message, self.position = message, position


@dataclass(frozen=True)
class Literal:
    """A number, a text, true or false."""

    value: bool | int | float | str


@dataclass(frozen=True)
class Moment:
    """date'2026-01-31', or time'2026-01-31T10:00:00Z'.

    type: date or timestamp. text: ISO 8601, times in UTC.
    """

    type: str
    text: str

    @property
    def value(self) -> datetime.date:
        """A date, or a datetime in UTC."""
        if self.type == "date":
            return datetime.date.fromisoformat(self.text)
        return datetime.datetime.fromisoformat(self.text)


@dataclass(frozen=True)
class Column:
    """The value of a column."""

    name: str


@dataclass(frozen=True)
class Negative:
    """The number with the other sign."""

    of: "Node"


@dataclass(frozen=True)
class Arithmetic:
    """left and right by + - * or /."""

    operator: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True)
class Call:
    """abs(number), or length(text) in characters."""

    function: str
    of: "Node"


@dataclass(frozen=True)
class Comparison:
    """Operands, and an operator between each two: a < b <= c."""

    operands: tuple["Node", ...]
    operators: tuple[str, ...]


@dataclass(frozen=True)
class Null:
    """Whether there is no value (missing, NaN, or unknown); itself never unknown."""

    of: "Node"


@dataclass(frozen=True)
class In:
    """Whether a value is one of a few."""

    of: "Node"
    values: tuple["Literal | Moment", ...]


@dataclass(frozen=True)
class Not:
    """The other of true and false."""

    of: "Node"


@dataclass(frozen=True)
class Logic:
    """All of them (and), or at least one (or)."""

    operator: str
    of: tuple["Node", ...]


Node = Literal | Moment | Column | Negative | Arithmetic | Call | Comparison | Null | In | Not | Logic

CONDITIONS = (Comparison, Null, In, Not, Logic)
NUMBERS = (Negative, Arithmetic, Call)


def is_condition(node: Node) -> bool:
    """Whether it may be true or false; of a column only its type can tell."""
    return isinstance(node, (*CONDITIONS, Column)) or (
        isinstance(node, Literal) and isinstance(node.value, bool)
    )


def is_number(node: Node) -> bool:
    """Whether it may be a number; of a column only its type can tell."""
    if isinstance(node, Literal):
        return not isinstance(node.value, bool | str)
    return isinstance(node, (*NUMBERS, Column))


def parts(node: Node) -> tuple[Node, ...]:
    """What a node is made of, in order."""
    match node:
        case Negative() | Call() | Null() | Not():
            return (node.of,)
        case In():
            return (node.of, *node.values)
        case Arithmetic():
            return (node.left, node.right)
        case Comparison():
            return node.operands
        case Logic():
            return node.of
    return ()


def columns(node: Node) -> tuple[str, ...]:
    """The columns that a rule reads, each once, in the order in which it names them."""
    return tuple(dict.fromkeys(each.name for each in walk(node) if isinstance(each, Column)))


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, from left to right."""
    waiting = [node]
    while waiting:
        each = waiting.pop()
        yield each
        waiting += reversed(parts(each))


def check_size(node: Node) -> None:
    """Raises RuleError for what is nested too deep, or would be too much work for an engine.

    A divisor counts twice, since an engine looks at it twice (is it zero?); nested divisors double each time.
    """
    waiting, work = [(node, 1, 1)], 0
    while waiting:
        each, depth, times = waiting.pop()
        work += times
        if depth > MOST_DEPTH:
            raise RuleError(f"the rule is nested more than {MOST_DEPTH} deep; split it into several rules")
        if work > MOST_PARTS:
            raise RuleError("the rule has too many parts; split it into several rules")
        for place, part in enumerate(parts(each)):
            twice = isinstance(each, Arithmetic) and each.operator == "/" and place == 1
            waiting.append((part, depth + 1, times * 2 if twice else times))
