"""How much of the label a single column gives away.

The measure is the correlation ratio (Pearson 1905), the square root of the share of the label's variance that
lies between the column's values, with Kelley's correction for chance (1935, PNAS 21(9), epsilon squared):

    1 - (within / (n - k)) / (total / (n - 1))        n rows, k different values or bins

so that a column of many values that knows nothing of the label tells nothing on average. Of a label with
classes the variance is that of their indicators, added up, which makes the uncorrected share Goodman and
Kruskal's tau (Light and Margolin 1971, JASA 66, CATANOVA). For a binary label and a linear column it is the
absolute correlation. Numbers, dates and times are put into bins, so what it finds need not be a straight
line; missing values and NaN have bins of their own, since they too may give the label away.

Imported in the child processes only.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import narwhals as nw

from seatrial.engines.measures.association_bins import MOST_VALUES, ORDERED, Bins, bins_of, finite
from seatrial.engines.measures.engine import BOOLEAN, INTEGER, NUMBER, STRING, Engine
from seatrial.engines.measures.typed import Table, Unfit
from seatrial.gates.data.measures import LEAST_LABELLED, Answer, Measure
from seatrial.text import counted

LOOKED_AT = 20_000  # rows from whose values the bins are made
MOST_CLASSES = 100  # of an integer label that is not said to be a number
_AT_ONCE = 8  # columns; what their groups take grows with it
_ROOM = 128 * 1024 * 1024  # for columns of CSV that are kept in memory
_CELL, _CHARACTER = 16, 2  # bytes

Row = Mapping[str, Any]


@dataclass(frozen=True)
class _Label:
    """expr: the class; of numbers, scaled, the distance from about the mean, so that squares are exact."""

    expr: nw.Expr
    is_number: bool


def plan(measure: Measure, table: Table) -> dict[str, nw.Expr]:
    """How many rows have a label, and for the bins the ends of columns that have an order. Raises Unfit."""
    found = {"labelled": finite(table.cells(measure.columns[0])).count().cast(nw.Int64)}
    for place, name in enumerate(_names(measure, table)):
        cells = table.cells(name)
        if cells.type in ORDERED:
            values = finite(cells)
            found[f"{place}_least"] = cells.handed_out(values.min())
            found[f"{place}_largest"] = cells.handed_out(values.max())
        elif cells.type == STRING and table.polars and table.opened.source.format == "csv":
            found[f"{place}_characters"] = cells.expr.str.len_chars().sum()
    return found


def answer(engine: Engine, measure: Measure, table: Table, ends: Row) -> Answer:
    """detail by column: from 0 to 1, or {"problem": why it was not measured}. Raises Unfit.

    measure.value: {"task": binary, multiclass or regression, "except": columns}. ends: what `plan` found.
    Rows without a label take no part.
    """
    names, asked = _names(measure, table), measure.value or {}
    labelled = table.opened.frame.filter(~finite(table.cells(measure.columns[0])).is_null())
    table = Table(replace(table.opened, frame=labelled))
    label = _label(engine, table, measure.columns[0], asked.get("task"))
    rows = int(ends["labelled"])
    if rows < LEAST_LABELLED:
        return Answer(rows)
    found: dict[str, Any] = {}
    own = {
        name: {what: ends.get(f"{place}_{what}") for what in ("least", "largest", "characters")}
        for place, name in enumerate(names)
    }
    csv = table.opened.source.format == "csv"
    sizes = {name: rows * _CELL + _CHARACTER * int(own[name]["characters"] or 0) for name in names}
    for part, fits in parts(sizes) if csv else [(names, False)]:
        near = Table(engine.held(table.opened, [measure.columns[0], *part])) if fits else table
        for start in range(0, len(part), _AT_ONCE):
            some = {name: own[name] for name in part[start : start + _AT_ONCE]}
            found |= _told(engine, near, label, some, rows)
    return Answer(rows, detail={name: found[name] for name in names})


def parts(sizes: Mapping[str, int], room: int = _ROOM) -> Iterator[tuple[list[str], bool]]:
    """Columns by as many as fit into memory at once, and those that do not. sizes: in bytes, by column.

    A file of text is read as a whole for a single column of it.
    """
    part: list[str] = []
    left = room
    for name, size in sizes.items():
        if size > room:
            continue
        if size > left:
            yield part, True
            part, left = [], room
        part.append(name)
        left -= size
    if part:
        yield part, True
    large = [name for name, size in sizes.items() if size > room]
    if large:
        yield large, False


def _told(
    engine: Engine, table: Table, label: _Label, columns: Mapping[str, Row], rows: int
) -> dict[str, float | dict[str, str]]:
    """The detail of a few columns. columns: what `plan` found of each."""
    found: dict[str, float | dict[str, str]] = {}
    bins: dict[str, Bins] = {}
    for (name, ends), seen in zip(columns.items(), _seen(engine, table, list(columns)), strict=True):
        try:
            cells = table.cells(name)
            between = (ends["least"], ends["largest"])
            bins[name] = bins_of(table, cells, seen, between, rows)
        except Unfit as reason:
            found[name] = {"problem": str(reason)}
    for name, groups in zip(bins, _counted(engine, table, label, list(bins.values())), strict=True):
        found[name] = share(groups, label.is_number)
    return found


def _names(measure: Measure, table: Table) -> list[str]:
    but = {measure.columns[0], *(measure.value or {}).get("except", ())}
    return [name for name in table.opened.types if name not in but]


def _seen(engine: Engine, table: Table, names: Sequence[str]) -> list[list[Any]]:
    """The first values of some columns, without nulls and NaN."""
    columns = map(table.cells, names)
    exprs = {str(place): cells.handed_out(cells.expr) for place, cells in enumerate(columns)}
    rows = engine.rows_of(table.opened.frame.select(**exprs).head(LOOKED_AT))
    found = ([row[key] for row in rows] for key in exprs)
    return [[each for each in column if each is not None and each == each] for column in found]  # noqa: PLR0124


def _label(engine: Engine, table: Table, name: str, task: str | None) -> _Label:
    cells = table.cells(name)
    cells.must_be(*((INTEGER, NUMBER) if task == "regression" else (STRING, BOOLEAN, INTEGER, NUMBER)))
    (seen,) = _seen(engine, table, [name])
    different = len(set(seen))
    is_number = task == "regression" or (
        task is None and (cells.type == NUMBER or (cells.type == INTEGER and different > MOST_CLASSES))
    )
    if is_number:
        values = [float(each) for each in seen if math.isfinite(each)]
        middle = math.fsum(each / len(values) for each in values) if values else 0.0
        scale = max((abs(each - middle) for each in values), default=0.0)
        found = finite(cells).cast(nw.Float64) - middle
        return _Label(found / scale if 0.0 < scale < math.inf else found, True)
    if different > MOST_VALUES:
        raise Unfit(f"has more than {MOST_VALUES:,} different values, which are no classes")
    return _Label(finite(cells), False)


def _counted(
    engine: Engine, table: Table, label: _Label, bins: Sequence[Bins]
) -> list[list[tuple[Any, ...]]]:
    """For each column its groups: (bin, class, rows), or (bin, rows, sum, sum of squares) of a number."""
    frames = []
    for place, each in enumerate(bins):
        y = nw.col("label")
        if each.value is None:
            known = table.opened.frame.select(bin=each.expr, label=label.expr)
        else:
            known = table.opened.frame.select(value=each.value, label=label.expr).select(y, bin=each.expr)
        if label.is_number:
            groups = known.group_by("bin").agg(rows=nw.len(), sum=y.sum(), squares=(y * y).sum())
        else:
            groups = known.group_by("bin", "label").agg(rows=nw.len())
        frames.append(groups.with_columns(nw.col("bin").cast(nw.String), column=nw.lit(place)))
    found: list[list[tuple[Any, ...]]] = [[] for _ in bins]
    for row in engine.rows_of(nw.concat(frames)) if frames else ():
        values = ("rows", "sum", "squares") if label.is_number else ("label", "rows")
        found[int(row["column"])].append((row["bin"], *(row[key] for key in values)))
    return found


def share(groups: Iterable[tuple[Any, ...]], is_number: bool) -> float | dict[str, str]:
    """The corrected correlation ratio of counted groups, or why there is none of this column.

    Raises Unfit where the label is such that there is none of any column.
    """
    n, k, within, total = _of_numbers(groups) if is_number else _of_classes(groups)
    if n == 0:
        raise Unfit("the label has no values")
    if n < 2 * k or n - k < 1:
        return {"problem": f"has {counted(k, 'different value')} in {counted(n, 'row')}, too many to tell"}
    if not (math.isfinite(total) and math.isfinite(within)):
        raise Unfit("the label has values too large to add up")
    if total <= 0.0:
        raise Unfit("the label has one value, of which nothing can be told")
    corrected = 1.0 - (within / (n - k)) / (total / (n - 1))
    return round(math.sqrt(min(1.0, max(0.0, corrected))), 6)


def _of_classes(groups: Iterable[tuple[Any, ...]]) -> tuple[int, int, float, float]:
    """Rows, bins, and the variance of the classes' indicators within the bins and in all, times the rows."""
    by_bin: dict[Any, list[int]] = defaultdict(list)
    by_class: dict[Any, int] = defaultdict(int)
    for place, label, rows in groups:
        by_bin[place].append(rows)
        by_class[label] += rows
    n = sum(by_class.values())
    if n == 0:
        return 0, 0, 0.0, 0.0
    # n - sum of squares / n is a whole number over n: nothing is lost where all is told.
    total = (n * n - sum(rows * rows for rows in by_class.values())) / n
    within = math.fsum(
        (sum(rows) ** 2 - sum(each * each for each in rows)) / sum(rows) for rows in by_bin.values()
    )
    return n, len(by_bin), within, total


def _of_numbers(groups: Iterable[tuple[Any, ...]]) -> tuple[int, int, float, float]:
    found = [(int(rows), float(total), float(squares)) for _, rows, total, squares in groups]
    n = sum(rows for rows, _, _ in found)
    if n == 0:
        return 0, 0, 0.0, 0.0
    all_squares = math.fsum(squares for _, _, squares in found)
    mean = math.fsum(total for _, total, _ in found) / n
    within = math.fsum(max(0.0, squares - total * total / rows) for rows, total, squares in found)
    return n, len(found), within, max(0.0, all_squares - n * mean * mean)
