"""Checks of the policy's values. Each says what it wanted, what it found and what to write."""

import datetime
import posixpath
import re
import shlex
import zoneinfo
from typing import Any

from pydantic_core import PydanticCustomError

from seatrial.policy import units
from seatrial.policy.units import BadUnit, kind
from seatrial.policy.yaml import Block
from seatrial.text import is_hidden, shown

Scalar = str | int | float | bool

NAME_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$"
SPARK_PATTERN = r"^(local(\[([0-9]{1,4}|\*)\])?|yarn|(spark|k8s)://[^\s]+)$"
TEXT_LENGTH = 1_000
COLUMN_LENGTH = 200
COMMAND_LENGTH = 20_000


def problem(message: str) -> PydanticCustomError:
    """A fault of one value, in our words."""
    return PydanticCustomError("policy", "{message}", {"message": message})


def text(value: object) -> str:
    """Text that is not empty."""
    return _text(value, TEXT_LENGTH)


def _text(value: object, most: int) -> str:
    if not isinstance(value, str):
        hint = f'; write "{shown(value)}" in quotes' if isinstance(value, bool | int | float) else ""
        raise problem(f"expected text, found {kind(value)}{hint}")
    if not value.strip():
        raise problem("expected text, found nothing between the quotes")
    if len(value) > most:
        raise problem(f"the text has {len(value):,} characters; the most is {most:,}, shorten it")
    return str(value)


def name(value: object) -> str:
    """A name that may stand in names of files and artifacts."""
    found = text(value)
    if not re.fullmatch(NAME_PATTERN.replace("$", ""), found):
        raise problem(
            f"{shown(found)} is not a name; expected 1 to 100 letters, digits, dots, underscores "
            "and hyphens, beginning with a letter or digit"
        )
    return found


def column(value: object) -> str:
    """The name of a column of the data."""
    return _text(value, COLUMN_LENGTH)


def integer(value: object) -> int:
    """A whole number."""
    if isinstance(value, bool) or not isinstance(value, int):
        hint = ""
        if isinstance(value, float) and value == int(value):
            hint = f"; write {int(value)}"
        elif isinstance(value, str) and re.fullmatch(r"[0-9]{1,12}", value, re.ASCII):
            hint = "; write it without quotes"
        raise problem(f"expected a whole number, found {kind(value)}{hint}")
    return value


def share(value: object) -> float:
    """A number, or a percentage as a part of one."""
    try:
        return units.percentage(value)
    except BadUnit as error:
        raise problem(str(error)) from None


def duration(value: object) -> datetime.timedelta:
    """A time with its unit."""
    try:
        return units.duration(value)
    except BadUnit as error:
        raise problem(str(error)) from None


def size(value: object) -> int:
    """A size with its unit, in bytes."""
    try:
        return units.size(value)
    except BadUnit as error:
        raise problem(str(error)) from None


def date(value: object) -> datetime.date:
    """An ISO date."""
    found = text(value)
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", found, re.ASCII):
            return datetime.date.fromisoformat(found)
    except ValueError:
        pass
    raise problem(f"{shown(found)} is not a date; write year-month-day, such as 2027-03-31")


def path(value: object) -> str:
    """A file inside the checkout, normalised."""
    found = text(value)
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", found):
        raise problem(f"{shown(found)} is a URL; fetch the file in an earlier step and write its path here")
    if "\\" in found:
        raise problem(f"{shown(found)} has backslashes; write paths with /")
    if found.startswith(("/", "~")) or re.match(r"[A-Za-z]:", found):
        raise problem(f"{shown(found)} is absolute; write a path relative to the root of the repository")
    if any(is_hidden(c) for c in found):
        raise problem(f"{shown(found)} holds characters that cannot be seen; write the path without them")
    normal = posixpath.normpath(found)
    if normal == ".." or normal.startswith("../"):
        raise problem(f"{shown(found)} leaves the checkout; write a path inside the repository")
    if found.startswith("-") or normal.startswith("-"):
        raise problem(
            f"{shown(found)} begins with a hyphen and could be taken for an option; rename the file"
        )
    if normal == "." or found.endswith("/"):
        raise problem(f"{shown(found)} is a folder; write the path of a file")
    return normal


def data_path(value: object) -> str:
    """Data inside the checkout: a file, a folder, or a pattern such as data/*.parquet."""
    return path(value.rstrip("/") or value if isinstance(value, str) else value)


def zone(value: object) -> str:
    """The name of a time zone."""
    found = text(value)
    try:
        zoneinfo.ZoneInfo(found)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise problem(f"{shown(found)} is not a time zone; write one such as UTC or Europe/Berlin") from None
    return found


def bound(value: object) -> int | float | str:
    """A number, or a date or time as text; which of them is for the column's type to say."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise problem(f"expected a number, a date or a time, found {kind(value)}")
    return text(value) if isinstance(value, str) else value


def delimiter(value: object) -> str:
    """One character between two cells."""
    if not isinstance(value, str) or len(value) != 1 or not value.isascii() or value in '"\r\n\0':
        hint = '; for a tab write "\\t" in double quotes' if value in ("\\t", "tab", "TAB") else ""
        raise problem(f"expected one character such as , or ;, found {kind(value)}{hint}")
    return value


def encoding(value: object) -> str:
    """The name of a text encoding."""
    found = text(value)
    try:
        "".encode(found)
    except (LookupError, ValueError, UnicodeError):
        raise problem(f"{shown(found)} is no encoding of text; write one such as utf-8 or latin-1") from None
    return found


def cell(value: object) -> str:
    """A cell as it is written; it may be empty."""
    if not isinstance(value, str):
        hint = f'; write "{shown(value)}" in quotes' if isinstance(value, bool | int | float) else ""
        raise problem(f"expected the text of a cell, found {kind(value)}{hint}")
    if len(value) > COLUMN_LENGTH:
        raise problem(f"the text has {len(value):,} characters; the most is {COLUMN_LENGTH}, shorten it")
    return str(value)


def spark(value: object) -> str:
    """The master of a Spark cluster."""
    found = text(value)
    if not re.fullmatch(SPARK_PATTERN.replace("$", ""), found):
        raise problem(
            f"{shown(found)} is no Spark master; write local[2], spark://host:7077, "
            "k8s://https://host:443 or yarn"
        )
    return found


def scalar(value: object) -> Scalar:
    """One label: text, a number, true or false."""
    if isinstance(value, str):
        return text(value)
    if isinstance(value, bool | int | float):
        return value
    raise problem(f"expected one value (text, a number, true or false), found {kind(value)}")


def one_or_more(value: object) -> object:
    """A list as it is; one text as a list of one."""
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list | tuple):
        return _distinct(value)
    raise problem(f"expected a column or a list such as [carrier, origin], found {kind(value)}")


def some(value: object) -> object:
    """A mapping that is not empty."""
    if isinstance(value, dict) and not value:
        raise problem("this is empty; name at least one, or remove the key")
    return value


def listed(value: object) -> object:
    """A list of entries."""
    if isinstance(value, list):
        return tuple(value)
    raise problem(f"expected a list, found {kind(value)}; put a hyphen before each entry")


def at_least_one(value: object) -> object:
    """A list of values."""
    if not isinstance(value, list | tuple):
        raise problem(f"expected a list such as [AA, DL], found {kind(value)}")
    return _distinct(value)


def at_least_two(value: object) -> object:
    """A list of two values or more."""
    if not isinstance(value, list | tuple):
        raise problem(f"expected a list such as [cat, dog], found {kind(value)}")
    if len(value) < 2:
        raise problem(f"expected at least two classes, found {len(value)}")
    return _distinct(value)


def _distinct(value: list[Any] | tuple[Any, ...]) -> tuple[Any, ...]:
    if not value:
        raise problem("the list is empty; name at least one, or remove the key")
    seen = set()
    for item in value:
        if isinstance(item, Scalar):
            # 1 and true are equal in Python and are different labels.
            mark = (type(item) is bool, str(item) if isinstance(item, str) else item)
            if mark in seen:
                raise problem(f"{shown(item)} is listed twice; keep one")
            seen.add(mark)
    return tuple(value)


def command(value: object) -> str | tuple[str, ...]:
    """One line that is split into words without a shell, a list of words, or several lines for bash."""
    if isinstance(value, Block):
        return _text(value, COMMAND_LENGTH).rstrip("\n") + "\n"
    if isinstance(value, list | tuple):
        return _words(value)
    found = _text(value, COMMAND_LENGTH)
    try:
        words = shlex.split(found)
    except ValueError:
        raise problem(f"a quote is not closed in {shown(found)}; close it, or write a list") from None
    if not words or not words[0].strip():
        raise problem("the command is empty; write the program and its arguments")
    return found


def _words(value: list[Any] | tuple[Any, ...]) -> tuple[str, ...]:
    for item in value:
        if not isinstance(item, str | int | float) or isinstance(item, bool):
            raise problem(f"a command's list holds texts only, found {kind(item)}; put it in quotes")
    if not value or not str(value[0]).strip():
        raise problem("the command is empty; write the program and its arguments")
    return tuple(str(item) for item in value)
