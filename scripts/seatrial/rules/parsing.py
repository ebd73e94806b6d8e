"""From text to a rule: words, then an expression by precedence.

or < and < not < comparison, is null, in < + and - < * and / < the sign < what stands alone
"""

from collections.abc import Callable

from seatrial.rules.nodes import (
    CONDITIONS,
    MOST_CHARACTERS,
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
    columns,
    is_condition,
    is_number,
)
from seatrial.rules.words import Word, single, words
from seatrial.text import shown

KEYWORDS = frozenset({"and", "or", "not", "is", "null", "in", "true", "false"})
FUNCTIONS = ("abs", "length")
_COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">="})
_INSTEAD = {
    "=": "write == to compare",
    "<>": "write !=",
    "&&": "write and",
    "&": "write and",
    "||": "write or",
    "|": "write or",
    "!": "write not",
    "~": "write not",
    '"': "write texts in single quotes, such as 'open', and columns in backticks",
    ".": "write columns with a dot in their name in backticks",
}


def parse(text: str) -> Node:
    """The rule that a text says. Raises RuleError."""
    if len(text) > MOST_CHARACTERS:
        raise RuleError(
            f"the rule has {len(text):,} characters; the most is {MOST_CHARACTERS:,}, split it into several"
        )
    parser = _Parser(words(text))
    found = parser.any_of()
    parser.end()
    if not is_condition(found):
        raise RuleError("this is a value, not a condition; compare it with something, such as distance > 0")
    check_size(found)
    if not columns(found):
        raise RuleError("the rule names no column; it would say the same of every row")
    return found


class _Parser:
    """One method for each level of precedence; each leaves `at` behind what it read."""

    def __init__(self, words: list[Word]) -> None:
        self.words, self.at, self.depth = words, 0, 0

    @property
    def word(self) -> Word:
        return self.words[self.at]

    def take(self, *texts: str) -> Word | None:
        """The next word if it is one of these signs or keywords."""
        word = self.word
        if word.kind in ("sign", "name") and word.text in texts:
            self.at += 1
            return word
        return None

    def expect(self, text: str, why: str) -> None:
        if not self.take(text):
            raise self.surprise(f"expected {text} {why}")

    def surprise(self, expected: str) -> RuleError:
        word = self.word
        found = f"found {shown(word.text)}" if word.kind != "end" else "found the end of the rule"
        hint = _INSTEAD.get(word.text) if word.kind == "sign" else None
        if word.kind == "name" and word.text.lower() in KEYWORDS and word.text not in KEYWORDS:
            hint = f"write {word.text.lower()} in small letters"
        return RuleError("; ".join(filter(None, (expected + ", " + found, hint))), word.position)

    def end(self) -> None:
        if self.word.kind != "end":
            raise self.surprise("expected an operator such as <, and, or +")

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise RuleError(
                f"the rule is nested more than {MOST_DEPTH} deep; split it into several rules",
                self.word.position,
            )

    def any_of(self) -> Node:
        return self.logic("or", self.all_of)

    def all_of(self) -> Node:
        return self.logic("and", self.negated)

    def logic(self, operator: str, inner: Callable[[], Node]) -> Node:
        start = self.word.position
        of = [inner()]
        while word := self.take(operator):
            if len(of) == 1:
                self.truth(of[0], start, operator)
            after = self.word.position
            of.append(inner())
            self.truth(of[-1], after, word.text)
        return of[0] if len(of) == 1 else Logic(operator, tuple(of))

    def truth(self, node: Node, position: int, operator: str) -> None:
        if not is_condition(node):
            raise RuleError(f"expected a condition beside {operator}, found a value; compare it", position)

    def number(self, node: Node, position: int, beside: str) -> None:
        if not is_number(node):
            raise RuleError(f"expected a number beside {beside}", position)

    def negated(self) -> Node:
        if not self.take("not"):
            return self.compared()
        self.deeper()
        start = self.word.position
        of = self.negated()
        self.depth -= 1
        self.truth(of, start, "not")
        return Not(of)

    def compared(self) -> Node:
        starts, operators = [self.word.position], []
        operands = [self.sum()]
        while self.word.kind == "sign" and self.word.text in _COMPARISONS:
            operators.append(self.word.text)
            self.at += 1
            starts.append(self.word.position)
            operands.append(self.sum())
        if operators:
            ordered = len(operators) > 1 or operators[0] not in ("==", "!=")
            for operand, start in zip(operands, starts, strict=True):
                if ordered and (
                    isinstance(operand, CONDITIONS)
                    or (isinstance(operand, Literal) and isinstance(operand.value, bool))
                ):
                    raise RuleError("a condition has no order; compare it with == or != alone", start)
            return Comparison(tuple(operands), tuple(operators))
        return self.tested(operands[0], starts[0])

    def tested(self, of: Node, start: int) -> Node:
        if self.take("is"):
            other = self.take("not")
            self.expect("null", "after is")
            return Not(Null(of)) if other else Null(of)
        at = self.at
        other = self.take("not")
        if self.take("in"):
            if isinstance(of, CONDITIONS):
                raise RuleError("expected a value before in, found a condition", start)
            found = In(of, self.listed())
            return Not(found) if other else found
        self.at = at
        return of

    def listed(self) -> tuple[Literal | Moment, ...]:
        self.expect("[", "after in")
        values: list[Literal | Moment] = []
        while True:
            start = self.word.position
            value = self.signed()
            if not isinstance(value, Literal | Moment):
                raise RuleError("expected a number, a text, a date or a time in the list", start)
            values.append(value)
            if not self.take(","):
                self.expect("]", "at the end of the list")
                return tuple(values)

    def sum(self) -> Node:
        return self.arithmetic(("+", "-"), self.product)

    def product(self) -> Node:
        return self.arithmetic(("*", "/"), self.signed)

    def arithmetic(self, operators: tuple[str, ...], inner: Callable[[], Node]) -> Node:
        start = self.word.position
        left = inner()
        while word := self.take(*operators):
            self.number(left, start, word.text)
            after = self.word.position
            right = inner()
            self.number(right, after, word.text)
            left = Arithmetic(word.text, left, right)
        return left

    def signed(self) -> Node:
        if not self.take("-"):
            return self.alone()
        start, literal = self.word.position, self.word.kind == "number"
        self.deeper()
        of = self.signed()
        self.depth -= 1
        if literal and isinstance(of, Literal) and not isinstance(of.value, str):
            return Literal(-of.value)
        self.number(of, start, "-")
        return Negative(of)

    def alone(self) -> Node:
        word = self.word
        if word.kind == "name" and self.words[self.at + 1].text == "(":
            return self.call()
        if self.take("("):
            self.deeper()
            found = self.any_of()
            self.depth -= 1
            self.expect(")", f"for the ( at character {word.position}")
            return found
        if word.kind in ("sign", "end") or (word.text in KEYWORDS and word.text not in ("true", "false")):
            raise self.surprise("expected a column, a number, a text or a parenthesis")
        self.at += 1
        return single(word)

    def call(self) -> Node:
        word = self.word
        if word.text in KEYWORDS:
            raise self.surprise("expected a column, a number, a text or a parenthesis")
        if word.text not in FUNCTIONS:
            raise RuleError(
                f"there is no function {shown(word.text)}; there are {' and '.join(FUNCTIONS)}", word.position
            )
        self.at += 2
        self.deeper()
        start = self.word.position
        of = self.sum()
        self.depth -= 1
        self.expect(")", f"for the ( of {word.text}")
        if word.text == "abs":
            self.number(of, start, "abs")
        elif not isinstance(of, Column):
            raise RuleError("expected a column of text in length( )", start)
        return Call(word.text, of)
