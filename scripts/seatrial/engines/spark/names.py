"""Categories of columns on Spark: how often each stands, and how many others there are. Exact.

Imported in a child process only.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw
from pyspark.sql import DataFrame
from pyspark.sql import functions as f
from pyspark.sql.window import Window

from seatrial.engines.measures.engine import Opened
from seatrial.engines.spark.columns import quoted
from seatrial.engines.spark.values import PLACE, ROWS, constant
from seatrial.gates.data.packing import CATEGORIES, LONGEST, pooled

_NAME, _AT, _FITS, _TURN = "\0name", "\0at", "\0fits", "\0turn"


def _groups(opened: Opened, names: Sequence[str]) -> DataFrame:
    """Each text of each of these columns, null too, and its rows."""
    frame: DataFrame = nw.to_native(opened.frame)
    cells = f.array(*(quoted(opened.inside.get(name, name)).cast("string") for name in names))
    texts = frame.select(f.posexplode(cells).alias(PLACE, _NAME))
    return texts.groupBy(PLACE, _NAME).agg(f.count("*").alias(ROWS))


def sketched(opened: Opened, names: Sequence[str], least: int) -> dict[str, dict[str, Any]]:
    """For `sketch`: the commonest categories of each column that at least so many rows share."""
    if not names:
        return {}
    groups = _groups(opened, names)
    there = f.col(_NAME).isNotNull()
    fits = there & (f.col(ROWS) >= least) & (f.length(_NAME) <= LONGEST)
    column = Window.partitionBy(PLACE)
    ordered = column.orderBy(f.desc(_FITS), f.desc(ROWS), f.asc(_NAME))
    ranked = groups.withColumn(_FITS, fits).select(
        PLACE, _NAME, ROWS, _FITS,
        f.row_number().over(ordered).alias(_TURN),
        f.count(_NAME).over(column),
        f.sum(f.when(there, f.col(ROWS)).otherwise(0)).over(column),
        f.sum(f.when(there, 0).otherwise(f.col(ROWS))).over(column),
    ).filter(f.col(_TURN) <= CATEGORIES)  # fmt: skip
    fitting: list[list[tuple[str, int]]] = [[] for _ in names]
    totals = [(0, 0, 0)] * len(names)
    for place, name, rows, fit, _, *total in ranked.collect():
        totals[place] = (total[0], total[1], total[2])
        if fit:
            fitting[place].append((name, rows))
    found = {}
    for name, listed, (categories, rows, nulls) in zip(names, fitting, totals, strict=True):
        rest = (categories - len(listed), rows - sum(count for _, count in listed))
        named, (others, theirs) = pooled(listed, rest, least)
        found[name] = {
            "nulls": nulls,
            "categories": [list(each) for each in named],
            "others": {"categories": others, "rows": theirs},
        }
    return found


def counted(opened: Opened, asked: Mapping[str, Sequence[str]]) -> dict[str, dict[str, Any]]:
    """For `bins`: rows of the categories that are known beforehand, and of all others."""
    if not asked:
        return {}
    groups = _groups(opened, list(asked))
    known = [
        {"place": place, "name": name, "at": at}
        for place, names in enumerate(asked.values())
        for at, name in enumerate(names)
    ]
    each = f.explode(constant(known, "struct<place: int, name: string, at: int>")).alias("each")
    listed = groups.sparkSession.range(1).select(each).select("each.*")
    joined = groups.join(
        f.broadcast(listed),
        (groups[_quoted(PLACE)] == listed["place"]) & (groups[_quoted(_NAME)] == listed["name"]),
        "left",
    )
    missing = f.col(_NAME).isNull().alias(_FITS)
    rows = joined.groupBy(PLACE, f.col("at").alias(_AT), missing).agg(f.sum(ROWS), f.count("*")).collect()
    parts: list[dict[str, Any]] = [
        {"nulls": 0, "counts": [0] * len(names), "unlisted": {"categories": 0, "rows": 0}}
        for names in asked.values()
    ]
    for place, at, gone, count, categories in rows:
        if gone:
            parts[place]["nulls"] = count
        elif at is not None:
            parts[place]["counts"][at] = count
        else:
            parts[place]["unlisted"] = {"categories": categories, "rows": count}
    return dict(zip(asked, parts, strict=True))


def _quoted(name: str) -> str:
    return f"`{name}`"
