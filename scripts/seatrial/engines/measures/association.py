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
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import add
from typing import Any, cast

import narwhals as nw

from seatrial.engines.measures.engine import BOOLEAN, DATE, INTEGER, NUMBER, STRING, TIMESTAMP, Engine
from seatrial.engines.measures.summaries import in_utc
from seatrial.engines.measures.typed import Cells, Table, Unfit
from seatrial.gates.data.measures import LEAST_LABELLED, Answer, Measure
from seatrial.text import counted

LOOKED_AT = 20_000  # rows from whose values the bins are made
MOST_VALUES = 1_000  # of a column or label that is taken value by value
MOST_BINS = 32
MOST_CLASSES = 100  # of an integer label that is not said to be a number
ROWS_PER_BIN, ROWS_PER_VALUE = 20, 5
_AT_ONCE = 8  # columns; what their groups take grows with it
_OTHERS, _NAN = "\0others", -1
_ORDERED = (INTEGER, NUMBER, DATE, TIMESTAMP)
_DIGITS = r"^[ \t]*[+-]?([0-9]{1,15}MARK?[0-9]{0,15}|MARK[0-9]{1,15})([eE][+-]?[0-9]{1,2})?[ \t]*$"

Row = Mapping[str, Any]


@dataclass(frozen=True)
class _Label:
    """expr: the class; of numbers, scaled, the distance from about the mean, so that squares are exact."""

    expr: nw.Expr
    is_number: bool


def plan(measure: Measure, table: Table) -> dict[str, nw.Expr]:
    """How many rows have a label, and for the bins the ends of columns that have an order. Raises Unfit."""
    found = {"labelled": _finite(table.cells(measure.columns[0])).count().cast(nw.Int64)}
    for place, name in enumerate(_names(measure, table)):
        cells = table.cells(name)
        if cells.type in _ORDERED:
            finite = _finite(cells)
            found[f"{place}_least"] = cells.handed_out(finite.min())
            found[f"{place}_largest"] = cells.handed_out(finite.max())
    return found


def answer(engine: Engine, measure: Measure, table: Table, ends: Row) -> Answer:
    """detail by column: from 0 to 1, or {"problem": why it was not measured}. Raises Unfit.

    measure.value: {"task": binary, multiclass or regression, "except": columns}. ends: what `plan` found.
    Rows without a label take no part.
    """
    names, asked = _names(measure, table), measure.value or {}
    labelled = table.opened.frame.filter(~_finite(table.cells(measure.columns[0])).is_null())
    table = Table(replace(table.opened, frame=labelled))
    label = _label(engine, table, measure.columns[0], asked.get("task"))
    rows = int(ends["labelled"])
    if rows < LEAST_LABELLED:
        return Answer(rows)
    found: dict[str, Any] = dict.fromkeys(names)
    for start in range(0, len(names), _AT_ONCE):
        bins: dict[str, nw.Expr] = {}
        some = names[start : start + _AT_ONCE]
        seen = _seen(engine, table, some)
        for place, name in enumerate(some):
            number = start + place
            between = (ends.get(f"{number}_least"), ends.get(f"{number}_largest"))
            try:
                cells = table.cells(name)
                numbers = _untyped(table, cells, seen[place], rows)
                bins[name] = _bins(cells, seen[place], between, rows) if numbers is None else numbers
            except Unfit as reason:
                found[name] = {"problem": str(reason)}
        for name, groups in zip(bins, _counted(engine, table, label, list(bins.values())), strict=True):
            found[name] = share(groups, label.is_number)
    return Answer(rows, detail=found)


def _names(measure: Measure, table: Table) -> list[str]:
    but = {measure.columns[0], *(measure.value or {}).get("except", ())}
    return [name for name in table.opened.types if name not in but]


def _finite(cells: Cells) -> nw.Expr:
    if not cells.floating:
        return cells.expr
    raw = cells.raw
    return nw.when((raw > float("-inf")) & (raw < float("inf"))).then(raw)


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
        found = _finite(cells).cast(nw.Float64) - middle
        return _Label(found / scale if 0.0 < scale < math.inf else found, True)
    if different > MOST_VALUES:
        raise Unfit(f"has more than {MOST_VALUES:,} different values, which are no classes")
    return _Label(_finite(cells), False)


def _bins(cells: Cells, seen: Sequence[Any], between: tuple[Any, Any], rows: int) -> nw.Expr:
    """The bin of each row: a value, or a number; null where the cell is. Raises Unfit."""
    if cells.type == BOOLEAN:
        return cells.expr
    if cells.type == STRING:
        values = sorted(set(seen))
        if len(values) > MOST_VALUES:
            raise Unfit(f"has more than {MOST_VALUES:,} different values")
        known = cells.expr.is_null() | cells.expr.is_in(values)
        return nw.when(known).then(cells.expr).otherwise(nw.lit(_OTHERS))
    if cells.type not in _ORDERED:
        raise Unfit("is of a type whose values are not compared")
    least, largest = (in_utc(each) for each in between)
    few = min(MOST_VALUES, rows // ROWS_PER_BIN)
    if cells.type == INTEGER and least is not None and largest - least < few:
        return cells.expr
    ends = edges(list(map(in_utc, seen)), least, largest, rows)
    if cells.type == NUMBER:
        ends = [cells.number(end) for end in ends]
    if cells.floating:  # so that infinities have bins of their own
        ends = [-math.inf, *ends, 0.0 if largest is None else largest]
    found = [(cells.expr > edge).cast(nw.Int32) for edge in ends]
    number = reduce(add, found) if found else cells.expr.is_null().cast(nw.Int32)
    return nw.when(cells.raw.is_nan()).then(nw.lit(_NAN)).otherwise(number) if cells.floating else number


def _untyped(table: Table, cells: Cells, seen: Sequence[Any], rows: int) -> nw.Expr | None:
    """Bins of a column of CSV that is text only for want of a type, where most of what was seen are numbers.

    Value by value, numbers of many digits would tell nothing. Cells that are no number share a bin.
    """
    source = table.opened.source
    typed = {each.column for each in source.readings if each.type != "any"}
    if source.format != "csv" or cells.type != STRING or cells.name in typed:
        return None
    mark = str(source.csv["decimal"])
    digits = _DIGITS.replace("MARK", re.escape(mark))
    values = [float(each.replace(mark, ".")) for each in seen if re.match(digits, each)]
    few = min(MOST_VALUES, rows // ROWS_PER_BIN)
    if 2 * len(values) <= len(seen) or len(set(seen)) <= few:
        return None
    text = nw.when(cells.expr.str.contains(digits)).then(cells.expr)
    pointed = text.str.replace_all(mark, ".", literal=True).str.strip_chars(" \t")
    number = pointed.cast(nw.Float64)
    ends = edges(values, min(values), max(values), rows)
    found = [(number > edge).cast(nw.Int32) for edge in ends]
    return cast(nw.Expr, reduce(add, found)) if found else None


def edges(seen: Sequence[Any], least: Any, largest: Any, rows: int) -> list[Any]:
    """Where bins of numbers, dates or times end: half by the quantiles of what was seen, half evenly.

    The even ones serve columns whose first rows are unlike the others. Every value that was seen has a bin of
    its own where there are few.
    """
    if least is None or least == largest:
        return []
    most = max(2, min(MOST_BINS, rows // ROWS_PER_BIN)) // 2
    finite = sorted(each for each in seen if least <= each <= largest)
    different = sorted(set(finite))
    if len(different) > min(MOST_BINS // 2, max(most, rows // ROWS_PER_VALUE)):
        different = [finite[len(finite) * part // (most + 1)] for part in range(1, most + 1)]
    step = (largest - least) / (most + 1)
    even = [least + step * part for part in range(1, most + 1)]
    return sorted({each for each in [*different, *even] if least <= each < largest})


def _counted(
    engine: Engine, table: Table, label: _Label, bins: Sequence[nw.Expr]
) -> list[list[tuple[Any, ...]]]:
    """For each column its groups: (bin, class, rows), or (bin, rows, sum, sum of squares) of a number."""
    frames = []
    for place, each in enumerate(bins):
        known = table.opened.frame.select(bin=each, label=label.expr)
        y = nw.col("label")
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
