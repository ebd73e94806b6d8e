"""Profiles, and counts against them, on Spark: the same answers as `polars.sketching` gives with Polars.

Imported in a child process only, in the consumer's Python: standard library, PySpark and narwhals.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import narwhals as nw
from pyspark.sql import DataFrame
from pyspark.sql import functions as f

from seatrial.engines.measures.engine import Opened
from seatrial.engines.measures.sketching_alike import NAMES, NUMBERS, at_edges, cut_at, sample_rows
from seatrial.engines.spark import ks as spark_ks
from seatrial.engines.spark import names as spark_names
from seatrial.engines.spark.columns import quoted
from seatrial.engines.spark.counts import counted
from seatrial.engines.spark.reading import Numbers
from seatrial.engines.spark.values import distinct, known_of, sampled
from seatrial.gates.data.packing import STEPS, unpack_floats

Places = Callable[[], Numbers]  # of the rows of a source


def sketch(opened: Opened, places: Places, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to the measure `sketch`."""
    return _sketched(opened, places, asked)[0]


def _sketched(opened: Opened, places: Places, asked: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
    """The answer, and how many rows there are."""
    steps, least, hidden = int(asked["steps"]), int(asked["least"]), set(asked["hidden"])
    shown = {name: kind for name, kind in opened.types.items() if name not in hidden}
    numbers = [name for name, kind in shown.items() if kind in NUMBERS]
    texts = [name for name, kind in shown.items() if kind in NAMES]
    rest = [name for name in opened.types if name not in numbers and name not in texts]
    rows, known, nulls = _looked_over(opened, numbers, rest)
    tallies = counted(opened, _edges(opened, places, numbers, rows, known, (steps, least)))
    named = spark_names.sketched(opened, texts, least)
    columns: dict[str, Any] = {}
    for name, kind in opened.types.items():
        if name in tallies:
            columns[name] = tallies[name].sketch(kind)
        elif name in named:
            columns[name] = {"type": kind, **named[name]}
        else:
            columns[name] = {"type": kind, "nulls": nulls[name]}
    return {"columns": columns}, rows


def _looked_over(
    opened: Opened, numbers: list[str], rest: list[str]
) -> tuple[int, dict[str, int], dict[str, int]]:
    """How many rows there are, finite values of each column of numbers, and nulls of each of the rest."""
    frame: DataFrame = nw.to_native(opened.frame)
    plan = [f.count("*")]
    plan += [f.count(f.when(known_of(opened, name), 1)) for name in numbers]
    plan += [f.count(f.when(quoted(opened.inside.get(name, name)).isNull(), 1)) for name in rest]
    rows, *counts = frame.agg(*(each.alias(f"{place}") for place, each in enumerate(plan))).collect()[0]
    finite, gone = counts[: len(numbers)], counts[len(numbers) :]
    return rows, dict(zip(numbers, finite, strict=True)), dict(zip(rest, gone, strict=True))


def _edges(
    opened: Opened,
    places: Places,
    numbers: list[str],
    rows: int,
    known: Mapping[str, int],
    wanted: tuple[int, int],
) -> dict[str, list[float]]:
    """Where to cut the columns. wanted: the most steps, and how many rows share a value that is told."""
    steps, least = wanted
    most = sample_rows(len(numbers))
    whole = rows <= most
    samples = sampled(opened, numbers, None if whole else places, most)
    few = [name for name in numbers if len(samples[name][0]) <= steps]
    everything = samples if whole else distinct(opened, few, steps + 1)
    edges = {}
    for name in numbers:
        if name in few and len(everything[name][0]) <= steps:
            edges[name] = cut_at(*everything[name], steps, least)
        else:
            edges[name] = cut_at(*samples[name], steps, least, known[name])
    return edges


def bins(
    opened: Opened, reference: Opened | None, places: Places | None, asked: Mapping[str, Any]
) -> dict[str, Any]:
    """The answer to the measure `bins`. places: of the reference's rows."""
    if reference is None or places is None:
        return {"columns": _bins(opened, asked["columns"], bool(asked["moments"]))}
    only, ignored = asked["columns"], asked["ignore"]
    wanted = {n: t for n, t in reference.types.items() if (only is None or n in only) and n not in ignored}
    sketched, rows = _sketched(replace(reference, types=wanted), places, asked["sketch"])
    against = at_edges(sketched["columns"])
    parts = _bins(opened, against, bool(asked["moments"]))
    if asked["ks"] is not None:
        for name, part in parts.items():
            if "below" not in part:
                continue
            column = spark_ks.Pair.of(sketched["columns"][name], rows, part)
            if column.blunt(float(asked["ks"])):
                edges = list(unpack_floats(against[name]["edges"], STEPS))
                part["ks"] = spark_ks.exact(reference, opened, name, edges, column)
    return {"columns": parts, "rows": rows, "reference": sketched}


def _bins(opened: Opened, asked: Mapping[str, Mapping[str, Any]], moments: bool) -> dict[str, Any]:
    edges: dict[str, list[float]] = {}
    listed: dict[str, list[str]] = {}
    parts: dict[str, Any] = {}
    for name, reference in asked.items():
        kind = opened.types.get(name)
        if kind in NUMBERS and "edges" in reference:
            edges[name] = list(unpack_floats(reference["edges"], STEPS))
        elif kind in NAMES and "categories" in reference:
            listed[name] = list(reference["categories"])
        else:
            parts[name] = {"problem": "the column is missing" if kind is None else f"it is {kind}"}
    parts |= {name: each.part(moments) for name, each in counted(opened, edges).items()}
    return parts | spark_names.counted(opened, listed)
