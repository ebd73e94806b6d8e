"""Plain YAML scalars as YAML 1.2 core reads them, with an objection where people mean something else."""

import re
from dataclasses import dataclass
from decimal import Decimal

from seatrial.policy.units import decimal_comma
from seatrial.text import shown

Scalar = str | int | float | bool | None

LONGEST_NUMBER = 40

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS = {
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)", re.ASCII)
_GROUPED = re.compile(r"[-+]?[1-9][0-9]{0,2}(_[0-9]{3})+", re.ASCII)
_UNDERSCORED = re.compile(r"[-+]?[0-9][0-9_]*_[0-9_]*(\.[0-9_]*)?", re.ASCII)
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+", re.ASCII)
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+\.[0-9]*)", re.ASCII)
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]+", re.ASCII)
_SCIENTIFIC = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)[eE]([-+]?[0-9]+)", re.ASCII)
_SIXTIES = re.compile(r"[-+]?[0-9]{1,6}(:[0-5]?[0-9])+(\.[0-9]*)?", re.ASCII)
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")


@dataclass(frozen=True)
class Read:
    """A scalar's value and, where it is refused, why; the value is then the best guess."""

    value: Scalar
    objection: str | None = None


def plain(text: str) -> Read:
    """Value of a scalar without quotes."""
    if text in _NULLS:
        return Read(None)
    if text in _BOOLEANS:
        return Read(_BOOLEANS[text])
    if text[0] not in "0123456789+-.":
        return Read(text)
    return _number(text)


def _number(text: str) -> Read:
    if _NOT_FINITE.fullmatch(text):
        return Read(text, f"{shown(text)} is not a finite number; write a number such as 0.95")
    if _SCIENTIFIC.fullmatch(text):
        return _scientific(text)
    numeric = _INTEGER, _GROUPED, _DECIMAL, _BASED, _LEADING_ZERO
    if len(text) > LONGEST_NUMBER and any(p.fullmatch(text) for p in numeric):
        return Read(
            text,
            f"the number {shown(text)} has more than {LONGEST_NUMBER} characters; "
            "shorten it, or put text in quotes",
        )
    if _INTEGER.fullmatch(text) or _GROUPED.fullmatch(text):
        return Read(int(text.replace("_", "")))
    if _BASED.fullmatch(text):
        return Read(int(text, 0))
    if _LEADING_ZERO.fullmatch(text):
        number = int(text)
        return Read(
            number,
            f"the number {text} begins with 0, which some readers take for octal; "
            f'write {number}, or "{text}" for text',
        )
    if _DECIMAL.fullmatch(text):
        return Read(float(text))
    if _UNDERSCORED.fullmatch(text):
        return Read(
            text,
            f"the underscores of {shown(text)} are not between groups of three digits; "
            f"write {shown(text.replace('_', ''))}, or put text in quotes",
        )
    if decimal_comma(text):
        return Read(text, f'{text} has a decimal comma; write {text.replace(",", ".")}, or "{text}" for text')
    if _SIXTIES.fullmatch(text):
        return Read(
            text,
            f"{shown(text)} is a number in base 60 to some readers; write a duration such as "
            f'90s, or "{shown(text)}" in quotes for text',
        )
    return Read(text)


def _scientific(text: str) -> Read:
    problem = f"{shown(text)} is in scientific notation, which not every YAML reader takes for a number"
    exponent = int(text.lower().partition("e")[2]) if len(text) <= LONGEST_NUMBER else LONGEST_NUMBER
    if abs(exponent) >= LONGEST_NUMBER // 2:
        return Read(text, f"{problem}; write it out in digits, or put text in quotes")
    written = format(Decimal(text), "f")
    return Read(float(text), f'{problem}; write {written}, or "{text}" for text')
