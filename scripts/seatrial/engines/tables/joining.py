"""Predictions joined to data: every row of the data has exactly one prediction, or nothing is judged."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seatrial.engines.files.cells import quoted
from seatrial.engines.tables.table import Keys, Table
from seatrial.errors import BadInput, Location
from seatrial.text import counted

Rows = NDArray[np.int64]
_TIME = re.compile(r"[ T]\d\d:\d\d.*")


@dataclass(frozen=True, eq=False)
class Join:
    """For each row of the data the row of its prediction, and what a reader should know about the match."""

    rows: Rows
    note: str | None = None


def join(data: Table, predictions: Table, key: tuple[str, ...]) -> Join:
    """Match by the key columns; without any, by row order, if there are equally many rows."""
    if key:
        return Join(align(data.keys(key), predictions.keys(key)))
    if data.rows != predictions.rows:
        raise BadInput(
            f"{predictions.rows:,} predictions for the {data.rows:,} rows of {quoted(data.path)}, and the "
            "policy names "
            "no key to match them by; name the columns that identify a row under `key`",
            location=Location(predictions.path),
        )
    note = (
        f"{quoted(predictions.path)} is matched to {quoted(data.path)} by row order: the policy names no key"
    )
    return Join(np.arange(data.rows, dtype=np.int64), note)


def align(data: Keys, predictions: Keys) -> Rows:
    """For each row of the data the row of its prediction. Repeated, missing and extra keys are errors."""
    if data.names != predictions.names:
        raise ValueError("the two sides must be keyed by the same columns")
    _refuse_repeats(data)
    place = _refuse_repeats(predictions)
    try:
        rows = np.fromiter(map(place.__getitem__, data.values), np.int64, len(data))
    except KeyError:
        raise _missing(data, predictions, place) from None
    if len(predictions) > len(data):
        raise _extra(data, predictions)
    return rows


def _refuse_repeats(keys: Keys) -> dict[Any, int]:
    place = dict(zip(keys.values, range(len(keys)), strict=True))
    repeats = len(keys) - len(place)
    if not repeats:
        return place
    seen: dict[Any, int] = {}
    for row, value in enumerate(keys.values):
        first = seen.setdefault(value, row)
        if first != row:
            at = keys.fault(first, "").location
            line = f"line {at.line}" if at is not None and at.line is not None else f"row {first + 1}"
            raise keys.fault(
                row,
                f"key {_spoken(keys, value)} is repeated (first in {line}; {counted(repeats, 'row')} too "
                "many in all); expected one row per key: remove them, or add a column to `key`",
            )
    raise AssertionError("a repeat was counted but not found")


def _missing(data: Keys, predictions: Keys, place: dict[Any, int]) -> BadInput:
    rows = [row for row, value in enumerate(data.values) if value not in place]
    fault = data.fault(rows[0], "")
    at = (
        f"{fault.location}"
        if fault.location and fault.location.line
        else f"row {rows[0] + 1} of {quoted(data.path)}"
    )
    text = (
        f"{len(rows):,} of {len(data):,} rows have no prediction, the first being key "
        f"{_spoken(data, data.values[rows[0]])} ({at}); expected one prediction per row: "
    )
    return BadInput(
        text + (_type_hint(data, predictions) or "predict every row of the data"),
        location=Location(predictions.path),
    )


def _extra(data: Keys, predictions: Keys) -> BadInput:
    known = set(data.values)
    rows = [row for row, value in enumerate(predictions.values) if value not in known]
    return predictions.fault(
        rows[0],
        f"{len(rows):,} predictions are for keys that {quoted(data.path)} does not have, the first being "
        f"{_spoken(predictions, predictions.values[rows[0]])}; expected one prediction per row: remove "
        "them, or "
        "predict the data that is judged",
    )


def _spoken(keys: Keys, value: Any) -> str:
    parts = value if isinstance(value, tuple) else (value,)
    return quoted(", ".join(f"{name}={part}" for name, part in zip(keys.names, parts, strict=True)))


def _type_hint(data: Keys, predictions: Keys) -> str | None:
    """What an id may have lost on its way: leading zeros, a ".0" gained from a float, blanks, its case."""
    hints: tuple[tuple[Callable[[str], str], str], ...] = (
        (
            lambda text: text.lstrip("0") or "0",
            "leading zeros are lost on one side (007 and 7); write ids as text",
        ),
        (
            lambda text: text.removesuffix(".0"),
            "one side writes ids as floats (7.0 and 7); write ids as text",
        ),
        (str.strip, "one side has blanks around its ids; strip them"),
        (str.casefold, "the ids differ in case; write them alike"),
        (lambda text: _TIME.sub("", text), "one side writes dates with a time; write them alike"),
        (_rounded, "ids beyond 2^53 were rounded by a float on one side; write ids as text"),
    )
    for change, hint in hints:
        if set(_changed(data, change)) & set(_changed(predictions, change)) and not set(data.values) & set(
            predictions.values
        ):
            return hint
    return None


def _rounded(text: str) -> str:
    return repr(float(text)) if len(text) > 15 and text.isdecimal() else text


def _changed(keys: Keys, change: Callable[[str], str]) -> list[Any]:
    few = keys.values[:100_000]
    if len(keys.names) == 1:
        return [change(value) for value in few]
    return [tuple(map(change, value)) for value in few]
