"""Reference and current counts side by side: a column's staircases, and its bins for people and for PSI."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from pydantic import JsonValue

from seatrial.gates.data.packing import CATEGORIES, LEAST, SURE, unpack_counts
from seatrial.gates.data.profile import ColumnProfile, staircase
from seatrial.stats.profile_steps import Pair, Steps, binned, deciles
from seatrial.text import shown

MOST_BINS = 20
FEWEST = 5  # rows that a category would have in the current data without drift; rarer ones are pooled
APART = 100_000  # of so many texts that the reference does not name, engines stop counting how many there are
MISSING, OTHER, NEW = "missing", "other", "new"
RARE = "no category has rows enough on both sides to be compared; ignore the column where none ever has"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def pair_of(column: ColumnProfile, rows: int, part: Mapping[str, Any]) -> Pair:
    """Both sides at the reference's edges. Raises ValueError where they do not fit each other."""
    found = staircase(column, rows)
    steps = column.steps
    assert steps is not None
    least, most = column.infinite
    reference = Steps(
        found.below + least,
        found.upto + least,
        found.rows + least + most,
        column.nulls + column.nan,
        steps.mean,
        steps.deviation,
        (steps.below, steps.above),
    )
    below, upto = (
        np.array(unpack_counts(part[key], len(found.edges)), np.int64) for key in ("below", "upto")
    )
    if below.size != len(found.edges) or upto.size != below.size:
        raise ValueError("the engine counted at other edges")
    current = Steps(
        below,
        upto,
        int(part["rows"]),
        int(part["nulls"]) + int(part["nan"]),
        float(part["mean"]),
        float(part["deviation"]),
        (float(part["outside"][0]), float(part["outside"][1])),
    )
    return Pair(found.edges, reference, current)


def step_bins(pair: Pair, kind: str, show: bool) -> dict[str, JsonValue]:
    """Counts by the reference's deciles, and last rows without a value. labels: their bounds, if shown."""
    at = deciles(pair.reference)
    reference, current = binned(pair.reference, at), binned(pair.current, at)
    bounds = [_number(float(pair.edges[index]), kind) for index, _ in at]
    if at:
        inner = (
            bounds[place] if at[place][0] == at[place + 1][0] else f"{bounds[place]} to {bounds[place + 1]}"
            for place in range(len(at) - 1)
        )
        labels = [f"to {bounds[0]}", *inner, f"over {bounds[-1]}"]
    else:
        labels = ["all"]
    # Beside a value that has a bin of its own there may be none.
    kept = [place for place in range(len(labels)) if reference[place] or current[place]]
    told = [labels[place] if show else f"{i} of {len(kept)}" for i, place in enumerate(kept, 1)]
    kept.append(len(labels))
    return _bins([*told, MISSING], [reference[i] for i in kept], [current[i] for i in kept])


def category_bins(
    column: ColumnProfile, rows: int, part: Mapping[str, Any], show: bool, least: int = LEAST
) -> tuple[dict[str, JsonValue], dict[str, JsonValue]]:
    """Counts by category, rare ones pooled; and what is known of new ones.

    Which have a bin of their own is decided by the rows of both sides together. By those of the reference it
    would be the categories that chance made large there, and they would seem to shrink. `rare`: that none
    has, so that these bins may show drift but never that there is none. least: the rows that the profile
    wants of a category.
    """
    categories = column.categories or ()
    counts = [int(count) for count in part["counts"]]
    if len(counts) != len(categories):
        raise ValueError("the engine counted other categories")
    unlisted, names = int(part["unlisted"]["rows"]), int(part["unlisted"]["categories"])
    missing, gone = column.nulls, int(part["nulls"])
    here = sum(counts) + unlisted
    seen = rows - missing
    both = [theirs + ours for (_, theirs), ours in zip(categories, counts, strict=True)]
    together = max(1, seen + here)
    wanted = max(SURE * max(least, LEAST) * together / max(1, seen), FEWEST * together / max(1, here))
    order = sorted(range(len(counts)), key=lambda index: (-both[index], categories[index][0]))
    kept = [index for index in order if both[index] >= wanted][: MOST_BINS - 3]
    reference = [categories[index][1] for index in kept]
    current = [counts[index] for index in kept]
    new = unlisted if _surely_new(column, unlisted, names, wanted, least) else 0
    labels = [shown(categories[i][0], 40) if show else f"category {p}" for p, i in enumerate(kept, 1)]
    bins = _bins(
        [*labels, OTHER, *([NEW] if new else []), MISSING],
        [*reference, seen - sum(reference), *([0] if new else []), missing],
        [*current, here - sum(current) - new, *([new] if new else []), gone],
    )
    if not kept:
        bins["rare"] = RARE
    # As many of the unlisted may be old as the reference has unlisted ones; each new one has a row.
    pooled = column.others.rows > 0
    fewest = unlisted if not pooled else max(0, names - column.others.categories)
    told: dict[str, JsonValue] = {"fewest": fewest, "most": unlisted, "values": here}
    return bins, told | {"categories": max(0, names - column.others.categories)}


def _surely_new(column: ColumnProfile, unlisted: int, names: int, wanted: float, least: int) -> bool:
    """Whether the unlisted have a bin of their own, in which the reference has no row.

    Only where one of them has rows enough for that: so common a category the reference would surely name.
    Many rare ones that this reference happens to lack are always there where many are rare, and no drift.
    """
    others = column.others
    named = len(column.categories or ()) < CATEGORIES and others.rows < max(2, least) * others.categories
    full = named or not others.rows
    return full and 0 < names < APART and unlisted >= wanted * names


def _bins(labels: Sequence[str], reference: Sequence[int], current: Sequence[int]) -> dict[str, JsonValue]:
    return {
        "labels": list(labels),
        "reference": list(reference),
        "current": list(current),
        "rows": [sum(reference), sum(current)],
    }


def _number(value: float, kind: str) -> str:
    try:
        if kind == "date":
            return (_EPOCH + timedelta(days=value)).date().isoformat()
        if kind == "timestamp":
            return (_EPOCH + timedelta(microseconds=value)).isoformat(timespec="seconds")
    except OverflowError:
        pass
    return f"{value:.6g}"
