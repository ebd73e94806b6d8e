"""Numbers that carry a unit: durations, sizes, percentages. Plain text in, numbers out."""

import math
import re
from datetime import timedelta
from decimal import Decimal

from seatrial.text import shown

DURATIONS: dict[str, Decimal] = {
    "us": Decimal("0.000001"),
    "ms": Decimal("0.001"),
    "s": Decimal(1),
    "m": Decimal(60),
    "h": Decimal(3600),
    "d": Decimal(86400),
}
SIZES: dict[str, int] = {
    "B": 1,
    "KB": 10**3,
    "MB": 10**6,
    "GB": 10**9,
    "TB": 10**12,
    "KiB": 2**10,
    "MiB": 2**20,
    "GiB": 2**30,
    "TiB": 2**40,
}
LONGEST = timedelta(days=3650)
LARGEST = 2**50

# The same patterns stand in the JSON Schema, so they keep to what ECMA 262 knows; at most 18 digits.
NUMBER = r"[0-9]{1,15}(\.[0-9]{1,9})?"
DURATION_PATTERN = rf"^{NUMBER} ?({'|'.join(DURATIONS)})$"
SIZE_PATTERN = rf"^{NUMBER} ?({'|'.join(SIZES)})$"
PERCENTAGE_PATTERN = r"^-?[0-9]{1,15}(\.[0-9]{1,12})? ?%$"

_QUANTITY = re.compile(rf"({NUMBER}) ?([A-Za-zµ]{{1,12}})", re.ASCII)
_PERCENTAGE = re.compile(PERCENTAGE_PATTERN.replace("$", r"\Z"))


class BadUnit(ValueError):
    """The text is not a number with a unit of the wanted kind; the message says what to write."""


def duration(text: object) -> timedelta:
    """`5ms`, `1.5h`, `45d` as a timedelta; at least a microsecond, at most ten years."""
    number, unit = _quantity(text, "a duration", "10m", DURATIONS)
    seconds = number * DURATIONS[unit]
    if not Decimal("0.000001") <= seconds <= Decimal(LONGEST.days * 86400):
        raise BadUnit(f"{shown(text)} is out of range: durations go from 1us to {LONGEST.days}d")
    return timedelta(microseconds=round(seconds * 1_000_000))


def size(text: object) -> int:
    """`20MB` (10^6) or `4GiB` (2^30) in bytes; at least one byte."""
    number, unit = _quantity(text, "a size", "20MB", SIZES)
    total = number * SIZES[unit]
    if not 1 <= total <= LARGEST:
        raise BadUnit(f"{shown(text)} is out of range: sizes go from 1B to {LARGEST // 2**40}TiB")
    return math.floor(total)


def percentage(value: object) -> float:
    """`0.5%` as 0.005; a plain number stays what it is."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        number = float(value)
        if not math.isfinite(number):
            raise BadUnit(f"expected a finite number, found {shown(number)}")
        return number
    if isinstance(value, str) and _PERCENTAGE.match(value):
        return float(Decimal(value.rstrip("% ")) / 100)
    wanted = "expected a number such as 0.05 or a percentage such as 5%"
    if not isinstance(value, str):
        raise BadUnit(f"{wanted}, found {kind(value)}")
    if decimal_comma(value):
        raise BadUnit(f"{wanted}, found {shown(value)}; write {value.replace(',', '.')}")
    if _is_number(value):
        raise BadUnit(f"{wanted}, found the text {shown(value)}; write it without quotes")
    raise BadUnit(f"{wanted}, found {shown(value)}")


def is_percentage(value: object) -> bool:
    """Whether it is written with a percent sign."""
    return isinstance(value, str) and value.endswith("%")


def kind(value: object) -> str:
    """What a value of the policy is, for a message: the value itself, or what sort of structure."""
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a mapping (key: value)"
    if isinstance(value, list | tuple):
        return "a list"
    return shown(value)


def decimal_comma(text: str) -> bool:
    """Whether the text is a number with a comma for the point."""
    return re.fullmatch(r"[-+]?[0-9]{1,15},[0-9]{1,15} ?%?", text, re.ASCII) is not None


def _quantity(
    text: object, wanted: str, example: str, units: dict[str, Decimal] | dict[str, int]
) -> tuple[Decimal, str]:
    names = ", ".join(units)
    expected = f"expected {wanted} with a unit, such as {example} (units: {names})"
    if not isinstance(text, str):
        number = isinstance(text, int | float) and not isinstance(text, bool)
        found = f"the number {shown(text)} without a unit" if number else kind(text)
        raise BadUnit(f"{expected}, found {found}")
    match = _QUANTITY.fullmatch(text)
    if match is None:
        raise BadUnit(f"{expected}, found {shown(text)}")
    unit = match[3]
    if unit not in units:
        same = [name for name in units if name.lower() == unit.lower()]
        hint = f"; write {match[1]}{same[0]}" if same else ""
        raise BadUnit(f"unknown unit {shown(unit)} in {shown(text)}: {expected}{hint}")
    return Decimal(match[1]), unit


def _is_number(text: str) -> bool:
    return re.fullmatch(rf"-?{NUMBER}", text, re.ASCII) is not None
