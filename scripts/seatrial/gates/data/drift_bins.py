"""Reference and current counts side by side: a column's staircases, and its bins for people and for PSI."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
from pydantic import JsonValue

from seatrial.gates.data.packing import LEAST, SURE, unpack_counts
from seatrial.gates.data.profile import ColumnProfile, staircase
from seatrial.stats.profile_steps import Pair, Steps, binned, deciles
from seatrial.text import shown

MOST_BINS = 20
FEWEST = 5  # rows that a category would have in the current data without drift; rarer ones are pooled
MISSING, OTHER, NEW = "missing", "other", "new"
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
    count = len(at) + 1
    if show and at:
        labels = [
            f"to {bounds[0]}",
            *(f"{low} to {high}" for low, high in pairwise(bounds)),
            f"over {bounds[-1]}",
        ]
    else:
        labels = [f"{place} of {count}" for place in range(1, count + 1)]
    return _bins([*labels, MISSING], reference, current)


def category_bins(
    column: ColumnProfile, rows: int, part: Mapping[str, Any], show: bool, least: int = LEAST
) -> tuple[dict[str, JsonValue] | None, dict[str, JsonValue]]:
    """Counts by category, rare ones pooled, None where all are rare; and what is known of new ones.

    Which have a bin of their own is decided by the rows of both sides together. By those of the reference it
    would be the categories that chance made large there, and they would seem to shrink. least: the rows that
    the profile wants of a category.
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
    pooled = column.others.rows > 0
    reference = [categories[index][1] for index in kept]
    current = [counts[index] for index in kept]
    other = (
        seen - sum(reference),
        here - sum(current) - (0 if pooled else unlisted),
    )
    labels = [shown(categories[i][0], 40) if show else f"category {p}" for p, i in enumerate(kept, 1)]
    bins = _bins(
        [*labels, OTHER, *([] if pooled else [NEW]), MISSING],
        [*reference, other[0], *([] if pooled else [0]), missing],
        [*current, other[1], *([] if pooled else [unlisted]), gone],
    )
    # As many of the unlisted may be old as the reference has unlisted ones; each new one has a row.
    fewest = unlisted if not pooled else max(0, names - column.others.categories)
    new = max(0, names - column.others.categories)
    return (bins if kept else None), {"fewest": fewest, "most": unlisted, "categories": new}


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
