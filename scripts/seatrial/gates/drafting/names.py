"""What the name of a column says of its values: a guess, told as one wherever it is used."""

import itertools
import re

_IDS = re.compile(r"id|ids|key|uuid|guid|index|idx", re.IGNORECASE)
_CODES = re.compile(r"nr|no|num|number|code|zip|zipcode|postcode|phone|hash|token|ref", re.IGNORECASE)
_TIMES = re.compile(r"time|timestamp|date|at|day|created|updated|event|scheduled", re.IGNORECASE)
_LABELS = re.compile(r"label|target|y|class|outcome", re.IGNORECASE)
_PERSONAL = re.compile(
    r"e?mail|phone|telephone|mobile|fax|surname|firstname|lastname|fullname|forename|maiden|ssn|passport|iban|"
    r"address|street|birth|birthdate|birthday|dob|password|ip",
    re.IGNORECASE,
)
_PAIRS = {("first", "name"), ("last", "name"), ("full", "name"), ("given", "name"), ("family", "name")}
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")


def words(name: str) -> list[str]:
    """flight_id and flightId as flight, id."""
    return [word.lower() for word in _WORD.findall(name)]


def is_id(name: str) -> bool:
    """Whether the column is likely to name rows or things."""
    return _at_an_end(name, _IDS)


def is_code(name: str) -> bool:
    """Whether its numbers are likely to be names, of which none is too large."""
    return is_id(name) or any(_CODES.fullmatch(word) for word in words(name)[-1:])


def is_time(name: str) -> bool:
    """Whether it is likely to say when the row came about."""
    return _at_an_end(name, _TIMES)


def is_label(name: str) -> bool:
    """Whether it is likely to be what is predicted."""
    return bool(_LABELS.fullmatch(name))


def is_personal(name: str) -> bool:
    """Whether it is likely to hold what belongs to a person."""
    found = words(name)
    pairs = set(itertools.pairwise(found))
    return bool(pairs & _PAIRS) or any(_PERSONAL.fullmatch(word) for word in found)


def _at_an_end(name: str, pattern: re.Pattern[str]) -> bool:
    found = words(name)
    return bool(found and (pattern.fullmatch(found[-1]) or pattern.fullmatch(found[0])))
