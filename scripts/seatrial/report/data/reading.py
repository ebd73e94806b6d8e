"""The evidence of a data check as plain objects. It may come from a fork, so nothing is taken on trust."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pydantic import JsonValue

from seatrial.decision import Check
from seatrial.report import numbers

GATE = "data"
PREFIX = f"{GATE}/"  # of the id of every check that the gate makes
DRIFT = ("psi", "ks", "js", "wasserstein", "new_categories")
MOST_BINS = 10_000


@dataclass(frozen=True)
class Part:
    """What the rows of one file said to a check. counted: whether anything could be measured."""

    data: str
    rows: int
    count: int
    counted: bool


@dataclass(frozen=True)
class Bins:
    """Rows per bin in the reference and now. edges: of numbers, one more than bins; empty for categories."""

    names: tuple[str, ...]
    edges: tuple[float | None, ...]
    reference: tuple[int, ...]
    current: tuple[int, ...]

    @property
    def shares(self) -> tuple[list[float], list[float]]:
        return _shares(self.reference), _shares(self.current)


def is_data(check: Check) -> bool:
    """Whether the check comes from the data gate, as its id says."""
    return check.id.startswith(PREFIX)


def is_drift(check: Check) -> bool:
    return is_data(check) and check.metric in DRIFT


def parts(check: Check) -> list[Part]:
    """The evidence per file of rows; parts that cannot be read are left out."""
    found = check.evidence.get("parts")
    return [_part(part) for part in found if isinstance(part, dict)] if isinstance(found, list) else []


def _part(part: dict[str, JsonValue]) -> Part:
    return Part(
        data=str(part.get("data", "data")),
        rows=_count(part.get("rows")),
        count=_count(part.get("count")),
        counted="count" in part and "problem" not in part,
    )


def bins(check: Check) -> Bins | None:
    """The counts per bin behind a drift check; None where there are none that can be drawn."""
    found = check.evidence.get("bins")
    if not isinstance(found, dict):
        return None
    reference, current = _counts(found.get("reference")), _counts(found.get("current"))
    if not 1 < len(reference) == len(current) <= MOST_BINS or not sum(reference) or not sum(current):
        return None
    edges, categories = found.get("edges"), found.get("categories")
    if isinstance(categories, list) and len(categories) == len(reference):
        return Bins(tuple(_name(c) for c in categories), (), reference, current)
    if isinstance(edges, list) and len(edges) in (len(reference) - 1, len(reference) + 1):
        inner = [_finite(edge) for edge in edges]
        ends = inner if len(edges) > len(reference) else [None, *inner, None]
        return Bins(tuple(_between(a, b) for a, b in pairwise(ends)), tuple(ends), reference, current)
    return None


def _name(value: JsonValue) -> str:
    return "missing" if value is None else str(value)


def _between(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        told = numbers.number(high if low is None else low)
        return f"below {told}" if low is None else f"{told} and more"
    return f"{numbers.number(low)} to {numbers.number(high)}"


def _counts(value: JsonValue) -> tuple[int, ...]:
    return tuple(_count(each) for each in value) if isinstance(value, list) else ()


def _count(value: JsonValue) -> int:
    return max(0, value) if isinstance(value, int) and not isinstance(value, bool) else 0


def _finite(value: JsonValue) -> float | None:
    known = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return float(value) if known else None  # type: ignore[arg-type]


def _shares(counts: Sequence[int]) -> list[float]:
    total = sum(counts)
    return [count / total for count in counts]
