"""Parts of an event's payload, each read strictly: GitHub made it, of words that anybody wrote."""

import json
import re
from collections.abc import Mapping
from typing import NoReturn

from seatrial.errors import BadInput
from seatrial.forge.objects import is_commit_id
from seatrial.text import shown

EVENT_LIMIT = 32 * 1024 * 1024
NUMBER_LIMIT = 2**31 - 1
RUN_LIMIT = 2**63 - 1
ATTEMPT_LIMIT = 10**6
_REF_FORBIDDEN = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|/\.|\.lock(?:/|$)|\.$|/$")
NO_COMMIT = re.compile(r"0{40}|0{64}", re.ASCII)


def read(event: bytes) -> dict[str, object]:
    """The event file's object: JSON without constants that are none and without a key twice."""
    if len(event) > EVENT_LIMIT:
        raise BadInput(f"the event file has {len(event):,} bytes; expected at most {EVENT_LIMIT:,}")
    try:
        payload = json.loads(event.decode("utf-8"), parse_constant=_no_constant, object_pairs_hook=_unique)
    except (ValueError, RecursionError):
        raise BadInput("the event file is not JSON as GitHub writes it (GITHUB_EVENT_PATH)") from None
    if not isinstance(payload, dict):
        raise BadInput("the event file does not hold a JSON object (GITHUB_EVENT_PATH)")
    return payload


def _no_constant(word: str) -> NoReturn:
    raise ValueError(word)


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key twice")
    return found


def inner(payload: Mapping[str, object], key: str, where: str = "") -> dict[str, object]:
    """An object inside of the payload. where: the path to it, for the message."""
    value = payload.get(key)
    if not isinstance(value, dict):
        raise wrong(where + key, value, "an object")
    return value


def number(value: object, field: str, most: int = NUMBER_LIMIT) -> int:
    """A whole number from 1."""
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
        raise wrong(field, value, f"a whole number from 1 to {most}")
    return value


def digits(value: str, field: str, most: int) -> int:
    """A whole number out of a variable."""
    if re.fullmatch(r"[1-9][0-9]{0,18}", value, re.ASCII) is None or int(value) > most:
        raise wrong(field, value, f"a whole number from 1 to {most}")
    return int(value)


def commit(value: object, field: str) -> str:
    """A full commit id that is not all zeros."""
    if not isinstance(value, str) or not is_commit_id(value) or NO_COMMIT.fullmatch(value):
        raise wrong(field, value, "a full commit id in lower-case hex")
    return value


def branch(value: object, field: str) -> str:
    """A name as `git check-ref-format` allows it, and none that reads as an option."""
    good = isinstance(value, str) and 0 < len(value) <= 300 and value.strip("/") == value
    if not good or not isinstance(value, str) or value[0] in "-." or _REF_FORBIDDEN.search(value):
        raise wrong(field, value, "a branch name")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise wrong(field, value, "a branch name") from None
    return value


def title(environment: Mapping[str, str], field: str) -> str:
    """What people called a workflow or a job."""
    value = environment.get(field, "")
    if not 0 < len(value) <= 1_000:
        raise wrong(field, value, "a name of at most 1,000 characters")
    return value


def wrong(field: str, value: object, expected: str) -> BadInput:
    """The error for a field of the event."""
    return BadInput(f"the event's {field} is `{shown(value)}`: expected {expected}")
