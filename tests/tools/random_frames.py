"""Random frames of every type that data come in, as an engine opens them."""

import datetime
import decimal
from dataclasses import dataclass, replace
from typing import Any

import narwhals as nw
import polars as pl
from hypothesis import strategies as st

from seatrial.engines.measures.engine import Opened
from seatrial.gates.data.measures import Answer, Asked, Measure, Source

DAY = datetime.datetime(2026, 1, 31)
moments = st.datetimes(DAY, DAY + datetime.timedelta(days=1)).map(
    lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000)
) | st.just(DAY)
doubles = st.floats(allow_nan=True) | st.sampled_from([0.0, -0.0, 0.1, 1.0, 2.5])
singles = st.floats(width=32) | st.sampled_from([0.0, 1.0, 2.5])
texts = st.text("ab1é\U0001f600 \n", max_size=4)


@dataclass(frozen=True)
class Sort:
    """A type of column: what the policy calls it, and what may stand in it."""

    type: str
    dtype: Any
    values: st.SearchStrategy[Any]


SORTS = {
    "small": Sort("integer", pl.Int8, st.integers(-128, 127)),
    "natural": Sort("integer", pl.UInt16, st.integers(0, 65_535) | st.integers(0, 3)),
    "whole": Sort("integer", pl.Int64, st.integers(-3, 3) | st.integers(-(2**63), 2**63 - 1)),
    "double": Sort("number", pl.Float64, doubles),
    "single": Sort("number", pl.Float32, singles),
    "exact": Sort("number", pl.Decimal(10, 2), st.decimals(-9, 9, places=2)),
    "text": Sort("string", pl.String, texts),
    "dictionary": Sort("string", pl.Categorical, texts),
    "boolean": Sort("boolean", pl.Boolean, st.booleans()),
    "date": Sort("date", pl.Date, st.dates(datetime.date(2026, 1, 30), datetime.date(2026, 2, 2))),
    "time": Sort(
        "timestamp", pl.Datetime("us", "UTC"), moments.map(lambda at: at.replace(tzinfo=datetime.UTC))
    ),
    "milli": Sort("timestamp", pl.Datetime("ms"), moments),
    "nano": Sort("timestamp", pl.Datetime("ns"), moments),
    "nested": Sort("other", pl.List(pl.Int64), st.lists(st.integers(0, 2), max_size=2)),
    "record": Sort("other", pl.Struct({"a": pl.Int64}), st.fixed_dictionaries({"a": st.integers(0, 2)})),
}
TYPES = {name: sort.type for name, sort in SORTS.items()}


@st.composite
def frames(draw: st.DrawFn, most: int = 12, names: tuple[str, ...] = tuple(SORTS)) -> pl.DataFrame:
    rows = draw(st.integers(0, most))
    columns = {
        name: draw(st.lists(st.none() | SORTS[name].values, min_size=rows, max_size=rows)) for name in names
    }
    return pl.DataFrame([pl.Series(name, cells, SORTS[name].dtype) for name, cells in columns.items()])


def opened(frame: pl.DataFrame, name: str = "train") -> Opened:
    """The frame as Polars opens a file of these columns."""
    from seatrial.engines.polars.parquet_files import type_of

    floating = frozenset(each for each, dtype in frame.schema.items() if dtype.is_float())
    types = {each: type_of(dtype) for each, dtype in frame.schema.items()}
    return Opened(source(name), nw.from_native(frame.lazy()), types, floating, {})


def source(name: str = "train") -> Source:
    return Source(name, (), "parquet")


def answers(
    frame: pl.DataFrame, *measures: Measure, show: int = 5, large: bool = False, **others: pl.DataFrame
) -> tuple[Answer, ...]:
    """What Polars says of a frame. large: as of a large file; others: other sources by name."""
    from seatrial.engines.measures.measuring import facts
    from seatrial.engines.polars.engine import Polars

    known = {"train": replace(opened(frame), large=large)} | {
        name: opened(each, name) for name, each in others.items()
    }
    found = facts(Polars(), Asked(source(), measures, show), known)
    assert found.rows == frame.height
    return found.answers


def cells(frame: pl.DataFrame, name: str) -> list[Any]:
    """The values of a column in plain Python: times in UTC, decimals as floats."""
    plain = []
    for value in frame[name].to_list():
        if isinstance(value, datetime.datetime):
            plain.append(value.replace(tzinfo=datetime.UTC))
        else:
            plain.append(float(value) if isinstance(value, decimal.Decimal) else value)
    return plain
