"""Which rules of a column go with which type, and which values with which."""

import datetime
import re
from typing import Any

from seatrial.policy.units import kind

MEASURED = ("integer", "number", "date", "timestamp", "any")
_FITTING: dict[str, tuple[str, ...]] = {
    "min": MEASURED,
    "max": MEASURED,
    "nan": ("number", "any"),
    "infinite": ("number", "any"),
    "pattern": ("string", "any"),
    "length": ("string", "any"),
    "zone": ("timestamp",),
}
_MOMENT = {
    "date": (r"\d{4}-\d{2}-\d{2}", "a date such as 2026-01-31"),
    "timestamp": (
        r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?)?",
        "a time such as 2026-01-31T10:00:00Z",
    ),
}


def fitting(key: str, type_: str) -> bool:
    """Whether the rule goes with the type."""
    return type_ in _FITTING.get(key, (type_,))


def types_of(key: str) -> tuple[str, ...]:
    """The types that the rule goes with, without `any`."""
    return tuple(each for each in _FITTING[key] if each != "any")


def bound_problem(value: object, type_: str) -> str | None:
    """Why the value is no least or largest of this type."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if type_ in ("integer", "number"):
        return None if number else f"expected a number, found {kind(value)}"
    if type_ == "any":
        return None if number else f"expected a number, found {kind(value)}; for times write type: timestamp"
    form, example = _MOMENT[type_]
    if not isinstance(value, str) or not re.fullmatch(form, value, re.ASCII) or moment(value) is None:
        return f"expected {example}, found {kind(value)}"
    return None


def moment(text: str) -> datetime.datetime | None:
    """A date or a time; without a zone it is taken for UTC."""
    try:
        found = datetime.datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=datetime.UTC)


def reversed_(least: Any, most: Any) -> bool:
    """Whether the least lies above the largest."""
    if isinstance(least, str) and isinstance(most, str):
        a, b = moment(least), moment(most)
        return a is not None and b is not None and a > b
    numbers = all(isinstance(end, int | float) and not isinstance(end, bool) for end in (least, most))
    return numbers and least > most


def member_problem(value: object, type_: str) -> str | None:
    """Why the value cannot be one of this type's."""
    if type_ == "string" and not isinstance(value, str):
        return f'expected text, found {kind(value)}; write "{kind(value)}" in quotes'
    if type_ == "boolean" and not isinstance(value, bool):
        return f"expected true or false, found {kind(value)}"
    if type_ == "integer" and (isinstance(value, bool) or not isinstance(value, int)):
        return f"expected a whole number, found {kind(value)}"
    if type_ in _MOMENT:
        return bound_problem(value, type_)
    if type_ == "number" and (isinstance(value, bool) or not isinstance(value, int | float)):
        return f"expected a number, found {kind(value)}"
    return None
