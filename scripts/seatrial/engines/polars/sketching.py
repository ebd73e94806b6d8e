"""What profiles and drift are made of, with Polars: every column in one pass, batch after batch.

Imported in a child process only. A profile takes a second pass: the first draws a sample to cut the columns
by, the second counts exactly at the cuts.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import narwhals as nw
import numpy as np
import polars as pl

from seatrial.engines.measures.engine import DATE, TIMESTAMP, Opened
from seatrial.engines.measures.sketching_alike import NAMES, NUMBERS, at_edges, sample_rows
from seatrial.engines.polars.sketching_names import Named, Names
from seatrial.engines.polars.sketching_numbers import Counted, Distinct, Floats, Sample, edges_of
from seatrial.gates.data.packing import STEPS, unpack_floats

BATCH = 131_072
THREADS = min(4, len(os.sched_getaffinity(0)))  # each works in arrays of its own


def sketch(opened: Opened, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to the measure `sketch`."""
    return _sketched(opened, asked)[0]


def _sketched(opened: Opened, asked: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
    """The answer, and how many rows there are."""
    rows = 0
    steps, least, hidden = int(asked["steps"]), int(asked["least"]), set(asked["hidden"])
    shown = {name: kind for name, kind in opened.types.items() if name not in hidden}
    numbers = [name for name, kind in shown.items() if kind in NUMBERS]
    texts = {name: Names() for name, kind in shown.items() if kind in NAMES}
    rest = [name for name in opened.types if name not in numbers and name not in texts]
    sample = Sample(sample_rows(len(numbers)))
    distinct = {name: Distinct(steps) for name in numbers}
    known, nulls = dict.fromkeys(numbers, 0), dict.fromkeys(rest, 0)
    for batch in _batches(opened, [*numbers, *texts], rest):
        rows += batch.height
        chosen = sample.add(batch.height)
        sample.keep(batch[chosen].select(numbers).to_numpy() if numbers else np.empty((chosen.size, 0)))
        for name in numbers:
            finite = _finite(batch[name])
            known[name] += finite.size
            distinct[name].add(finite)
        for name, found in texts.items():
            found.add(batch[name])
        for name in rest:
            nulls[name] += int(batch[name].sum())
    counted = {
        name: Counted(edges_of(distinct[name], sample.column(place), known[name], steps, least), True)
        for place, name in enumerate(numbers)
    }
    again = {n: found.count_again(int(asked["categories"])) for n, found in texts.items() if found.pruned}
    _count(opened, counted, again)
    columns: dict[str, Any] = {}
    for name, kind in opened.types.items():
        if name in counted:
            columns[name] = counted[name].sketch(kind)
        elif name in texts:
            columns[name] = texts[name].sketch(kind, least)
        else:
            columns[name] = {"type": kind, "nulls": nulls[name]}
    return {"columns": columns}, rows


def bins(opened: Opened, reference: Opened | None, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to the measure `bins`."""
    if reference is None:
        return {"columns": _bins(opened, asked["columns"], bool(asked["moments"]))}
    only, ignored = asked["columns"], asked["ignore"]
    wanted = {n: t for n, t in reference.types.items() if (only is None or n in only) and n not in ignored}
    sketched, rows = _sketched(replace(reference, types=wanted), asked["sketch"])
    parts = _bins(opened, at_edges(sketched["columns"]), bool(asked["moments"]))
    if asked["ks"] is not None:
        for name, part in parts.items():
            if "below" in part and _blunt(sketched["columns"][name], part, rows, float(asked["ks"])):
                part["ks"] = _exact(reference, opened, name)
    return {"columns": parts, "rows": rows, "reference": sketched}


def _blunt(column: Mapping[str, Any], part: Mapping[str, Any], rows: int, limit: float) -> bool:
    """Whether the limit lies between the numbers that hold the Kolmogorov-Smirnov distance."""
    from seatrial.gates.data.drift_bins import pair_of  # pydantic, which profiles alone need
    from seatrial.gates.data.profile import ColumnProfile
    from seatrial.gates.data.profile_making import tuples
    from seatrial.stats.drift_ranks import ks_bracket

    if not rows or not part["rows"] + part["nulls"] + part["nan"]:
        return False
    found = ks_bracket(pair_of(ColumnProfile.model_validate({"name": "", **tuples(column)}), rows, part))
    return found.lower <= limit <= found.upper


def _exact(reference: Opened, opened: Opened, name: str) -> float:
    """The distance itself: both columns in memory, sorted."""
    from seatrial.stats.drift_ranks import ks_exact

    both = []
    for side in (reference, opened):
        values = pl.concat([batch[name] for batch in _batches(side, [name])])
        known = values.drop_nulls().to_numpy()
        known = np.sort(known[~np.isnan(known)])
        both.append((known, values.len() - known.size))
    return ks_exact(both[0][0], both[1][0], (both[0][1], both[1][1]))


def _bins(opened: Opened, asked: Mapping[str, Mapping[str, Any]], moments: bool) -> dict[str, Any]:
    counted: dict[str, Counted] = {}
    named: dict[str, Named] = {}
    parts: dict[str, Any] = {}
    for name, reference in asked.items():
        kind = opened.types.get(name)
        if kind in NUMBERS and "edges" in reference:
            counted[name] = Counted(np.array(unpack_floats(reference["edges"], STEPS)), moments)
        elif kind in NAMES and "categories" in reference:
            named[name] = Named(reference["categories"])
        else:
            parts[name] = {"problem": "the column is missing" if kind is None else f"it is {kind}"}
    _count(opened, counted, named)
    found: dict[str, Counted | Named] = {**counted, **named}
    return parts | {name: each.part() for name, each in found.items()}


def _count(opened: Opened, counted: Mapping[str, Counted], named: Mapping[str, Named]) -> None:
    """One pass over these columns."""
    if not counted and not named:
        return
    with ThreadPoolExecutor(THREADS) as threads:
        for batch in _batches(opened, [*counted, *named]):
            done = [threads.submit(_add, found, batch[name]) for name, found in counted.items()]
            for name, found in named.items():
                found.add(batch[name])
            for each in done:
                each.result()


def _add(counted: Counted, values: pl.Series) -> None:
    nulls = values.null_count()
    counted.add((values.drop_nulls() if nulls else values).to_numpy(), nulls)


def _finite(values: pl.Series) -> Floats:
    found: Floats = values.drop_nulls().to_numpy()
    return found[np.isfinite(found)]


def _batches(opened: Opened, names: Iterable[str], nulls: Iterable[str] = ()) -> Iterator[pl.DataFrame]:
    """The columns by their own names: numbers and times as float64, texts as text; or only whether null."""
    frame: pl.LazyFrame = nw.to_native(opened.frame)
    plan = [_column(opened, name).alias(name) for name in names]
    plan += [pl.col(opened.inside.get(name, name)).is_null().alias(name) for name in nulls]
    chosen = frame.select(plan)
    yield from chosen.collect_batches(chunk_size=BATCH, maintain_order=True)


def _column(opened: Opened, name: str) -> pl.Expr:
    column, kind = pl.col(opened.inside.get(name, name)), opened.types[name]
    if kind == TIMESTAMP:
        return column.dt.epoch("us").cast(pl.Float64)
    if kind == DATE:
        return column.to_physical().cast(pl.Float64)
    if kind in NUMBERS:
        return column.cast(pl.Float64)
    return column.cast(pl.String)
