"""The metrics that a training wrote: one flat JSON object of names and finite numbers, and nothing else."""

import json
import math
from collections.abc import Sequence

from seatrial.text import shown

MOST_BYTES = 64 * 1024
MOST_METRICS = 200
LONGEST_NAME = 100
WRITE = 'write one flat object of numbers, such as {"loss": 0.12}'


class BadMetrics(Exception):
    """The file is no such object; the message says why, and how to mend it."""


def read_metrics(content: bytes) -> dict[str, float]:
    """Names and numbers. Raises BadMetrics on anything else: NaN, a name twice, a list, true, null."""
    if len(content) > MOST_BYTES:
        raise BadMetrics(
            f"it has more than {MOST_BYTES:,} bytes; write only numbers that sum the training up"
        )
    if not content.strip():
        raise BadMetrics(f"it is empty; {WRITE}")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise BadMetrics("it is not UTF-8; write JSON in UTF-8") from None
    try:
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_not_a_number, parse_int=float)
    except json.JSONDecodeError as error:
        raise BadMetrics(f"it is no JSON (line {error.lineno}, column {error.colno}); {WRITE}") from None
    except (RecursionError, ValueError, OverflowError):
        raise BadMetrics(f"it is no JSON that can be read; {WRITE}") from None
    if not isinstance(found, dict):
        raise BadMetrics(f"it holds {_kind(found)}; {WRITE}")
    if not found:
        raise BadMetrics(f"it holds no metric; {WRITE}")
    if len(found) > MOST_METRICS:
        raise BadMetrics(f"it holds {len(found):,} metrics; write at most {MOST_METRICS}")
    return {_name(name): _number(name, value) for name, value in found.items()}


def _once(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            raise BadMetrics(f"{shown(name)} is there twice; write each name once")
        found[name] = value
    return found


def _not_a_number(constant: str) -> float:
    raise BadMetrics(f"it holds {constant}, which is no finite number; find out why the training came to it")


def _name(name: str) -> str:
    if not name.strip() or len(name) > LONGEST_NAME:
        raise BadMetrics(f"a metric's name has {len(name)} characters; expected 1 to {LONGEST_NAME}")
    if any("\ud800" <= character <= "\udfff" for character in name):
        raise BadMetrics("a metric's name holds half a character; write names as plain text")
    return name


def _number(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, float):
        raise BadMetrics(f"{shown(name)} is {_kind(value)}; expected a number: {WRITE}")
    if not math.isfinite(value):
        raise BadMetrics(f"{shown(name)} is beyond the numbers; expected a finite number")
    return value


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    return {dict: "an object", list: "a list", str: "a text", float: "a number"}[type(value)]
