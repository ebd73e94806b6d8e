"""The evidence of a data check as plain objects. It may come from a fork, so nothing is taken on trust."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from seatrial.decision import DATA, Check

GATE = DATA
PREFIX = f"{GATE}/"  # of the id of every check that the gate makes
DRIFT = ("psi", "ks", "js", "wasserstein", "new_categories")
MOST_BINS = 64
MOST_ROWS = 2**62
LARGEST = 1e300
POOLED = ("other", "new")  # one of these stands before the last bin of categories
_PLACE = re.compile(r"\d+ of \d+")


@dataclass(frozen=True)
class Part:
    """What the rows of one file said to a check. counted: whether anything could be measured."""

    data: str
    rows: int
    count: int
    counted: bool


@dataclass(frozen=True)
class Bins:
    """Rows per bin in the reference and now, as shares of all rows.

    ordered: bins of numbers, from the lowest to the highest. missing: whether the last bin holds the rows
    without a value.
    """

    names: tuple[str, ...]
    reference: tuple[float, ...]
    current: tuple[float, ...]
    rows: tuple[int, ...]
    ordered: bool
    missing: bool

    @property
    def ends(self) -> list[str]:
        """Between each two neighbouring bins of numbers, the number; nothing where the values are hidden."""
        inner = self.names[: len(self.names) - self.missing - 1]
        return [name.removeprefix("to ").rsplit(" to ")[-1] for name in inner if not _PLACE.fullmatch(name)]


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
    found = check.evidence
    names, before, now = found.get("labels"), _counts(found.get("reference")), _counts(found.get("current"))
    if not isinstance(names, list) or not 1 < len(names) == len(before) == len(now) <= MOST_BINS:
        return None
    last, ordered = len(names) - 1, str(names[-2]) not in POOLED
    kept = [i for i in range(len(names)) if before[i] or now[i] or (ordered and i < last)]
    before, now = tuple(before[i] for i in kept), tuple(now[i] for i in kept)
    if len(kept) < 2 or not sum(before) or not sum(now):
        return None
    told = tuple(str(names[i]) for i in kept)
    return Bins(told, _shares(before), _shares(now), now, ordered, missing=kept[-1] == last)


def _counts(value: JsonValue) -> tuple[int, ...]:
    return tuple(_count(each) for each in value) if isinstance(value, list) else ()


def _count(value: JsonValue) -> int:
    return min(max(0, value), MOST_ROWS) if isinstance(value, int) and not isinstance(value, bool) else 0


def number(value: JsonValue) -> float | None:
    """The value where it is a finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < LARGEST:
        return None
    return float(value)


def _shares(counts: Sequence[int]) -> tuple[float, ...]:
    total = sum(counts)
    return tuple(count / total for count in counts)
