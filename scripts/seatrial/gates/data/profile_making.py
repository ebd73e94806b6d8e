"""A profile made from what an engine sketched, without the values that few rows share."""

from collections.abc import Mapping
from typing import Any

from seatrial.gates.data.packing import excess, pack_counts, pack_floats, pooled
from seatrial.gates.data.profile import ColumnProfile, Others, Profile, Staircase, Steps, check, staircase


def profile_of(rows: int, sketches: Mapping[str, Any], tool: str, least: int, hidden: set[str]) -> Profile:
    """A profile from what an engine answers to the measure `sketch`: columns by name, as in a profile.

    Values that under `least` rows share are taken out. Raises ValueError where the answer makes no sense.
    """
    columns = []
    for name, found in sketches.items():
        column = ColumnProfile.model_validate({"name": name, **tuples(found)})
        columns.append(_private(column, rows, least, name in hidden))
    made = Profile(tool=tool, rows=rows, min_count=least, columns=tuple(columns))
    check(made)
    return made


def tuples(found: Mapping[str, Any]) -> dict[str, Any]:
    """JSON's lists as the tuples that they were."""
    made = dict(found)
    if made.get("categories") is not None:
        made["categories"] = tuple((str(name), int(rows)) for name, rows in made["categories"])
    if "infinite" in made:
        made["infinite"] = tuple(made["infinite"])
    return made


def _private(column: ColumnProfile, rows: int, least: int, hide: bool) -> ColumnProfile:
    if hide:
        return column.model_copy(
            update={"hidden": True, "steps": None, "categories": None, "others": Others()}
        )
    if column.steps is not None:
        return column.model_copy(update={"steps": thinned(column, rows, least)})
    if column.categories is not None:
        found = (column.others.categories, column.others.rows)
        kept, (count, theirs) = pooled(column.categories, found, least)
        others = Others(categories=count, rows=theirs)
        return column.model_copy(update={"categories": tuple(kept), "others": others})
    return column


def thinned(column: ColumnProfile, rows: int, least: int) -> Steps | None:
    """The steps without edges on which stand some rows, but fewer than `least`; None for too few rows.

    Their rows count as lying between the edges beside them, so all counts stay exact.
    """
    steps = column.steps
    assert steps is not None
    found = staircase(column, rows)
    if found.rows < least:
        return None
    on = found.upto - found.below
    kept = ((on == 0) | (on >= least)).nonzero()[0]
    if not kept.size:
        return None
    first, last = kept[0], kept[-1]
    thin = Staircase(found.edges[kept], found.below[kept], found.upto[kept], found.rows)
    # Rows that are outside of the edges now: as far away as the edges that went.
    under, over = int(found.below[first]), found.rows - int(found.upto[last])
    down, up = float(found.edges[first] - found.edges[0]), float(found.edges[-1] - found.edges[last])
    changed: dict[str, str | float] = dict(packed(thin))
    changed["below"] = excess((steps.below + down) * under, under)
    changed["above"] = excess((steps.above + up) * over, over)
    return steps.model_copy(update=changed)


def packed(found: Staircase) -> dict[str, str]:
    """The packed fields of a staircase."""
    upto = found.upto.tolist()
    before = [low - high for low, high in zip(found.below.tolist(), [0, *upto], strict=False)]
    at = (found.upto - found.below).tolist()
    return {
        "edges": pack_floats(found.edges.tolist()),
        "before": pack_counts(before),
        "at": pack_counts(at),
    }
