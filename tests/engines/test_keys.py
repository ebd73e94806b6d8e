"""Repeated and shared rows, against plain Python, with rooms so small that every path is taken."""

import math
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import narwhals as nw
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seatrial.engines.measures.engine import Hits, Opened
from seatrial.engines.polars.engine import Polars
from seatrial.engines.polars.keys import Bounds, random_hash, repeated, shared
from seatrial.gates.data.measures import Source

FLOATS = st.sampled_from([0.0, -0.0, 1.0, 1.5, math.nan, math.inf, -math.inf, 2.0**53, None])
INTEGERS = st.sampled_from([0, 1, -1, 2**53, 2**53 + 1, 2**63 - 1, None])
TEXTS = st.sampled_from(["", "a", "A", "a\0", "é", "e\u0301", "x" * 40, None])
TIMES = st.sampled_from([datetime(2026, 1, 1), datetime(2026, 1, 1, 0, 0, 0, 1000), None])
LISTS = st.sampled_from([[], [0.0], [-0.0], [math.nan], [None], [1.0, 2.0], None])
CELLS: dict[str, tuple[st.SearchStrategy[Any], pl.DataType]] = {
    "float": (FLOATS, pl.Float64()),
    "integer": (INTEGERS, pl.Int64()),
    "text": (TEXTS, pl.String()),
    "dictionary": (TEXTS, pl.Categorical()),
    "boolean": (st.sampled_from([True, False, None]), pl.Boolean()),
    "time": (TIMES, pl.Datetime("us")),
    "list": (LISTS, pl.List(pl.Float64())),
    "bytes": (st.sampled_from([b"", b"\xff", None]), pl.Binary()),
}

FORMATS: tuple[Literal["parquet", "csv"], ...] = ("parquet", "csv")
ONE_HASH = random_hash()


def weak(columns: Sequence[str]) -> pl.Expr:
    """A hash with four values, so that most rows collide."""
    return ONE_HASH(columns) % 4 * pl.lit(2**62, dtype=pl.UInt64)


def none(columns: Sequence[str]) -> pl.Expr:
    """A hash that tells nothing apart."""
    return ONE_HASH(columns) * 0


BOUNDS = st.builds(
    Bounds,
    hashes=st.sampled_from([1, 2, 3, 7, 1 << 20]),
    rows=st.sampled_from([1, 100, 300, 1 << 20]),
    batch=st.sampled_from([1, 2, 5, 1000]),
    bits=st.sampled_from([1, 3, 16]),
    hash=st.sampled_from([random_hash(), weak, none]),
)


def opened(
    frame: pl.DataFrame, name: str = "train", unreadable: Sequence[str] = (), types: str = "other"
) -> Opened:
    """A frame as a source. unreadable: columns of flags, each named as the column it tells of, with a "?"."""
    columns = [column for column in frame.columns if not column.endswith("?")]
    return Opened(
        Source(name, (), "parquet"),
        nw.from_native(frame.lazy()),
        dict.fromkeys(columns, types),
        frozenset(),
        {column: nw.col(f"{column}?") for column in unreadable},
    )


def canonical(value: Any) -> Any:
    """What two cells have in common if they are equal."""
    if isinstance(value, float):
        return "NaN" if math.isnan(value) else value + 0.0
    return tuple(map(canonical, value)) if isinstance(value, list) else value


def rows_of(frame: pl.DataFrame) -> list[tuple[Any, ...]]:
    return [tuple(map(canonical, row)) for row in frame.rows()]


def plainly(flags: Sequence[bool], most: int) -> Hits:
    hits = [row for row, hit in enumerate(flags, 1) if hit]
    return Hits(len(hits), tuple(hits[:most]))


def plainly_repeated(frame: pl.DataFrame, most: int) -> Hits:
    seen: set[Any] = set()
    flags = []
    for row in rows_of(frame):
        flags.append(row in seen)
        seen.add(row)
    return plainly(flags, most)


@st.composite
def frames(draw: st.DrawFn, kinds: Sequence[str] | None = None) -> pl.DataFrame:
    chosen = kinds or draw(st.lists(st.sampled_from(sorted(CELLS)), min_size=1, max_size=3))
    height = draw(st.integers(0, 40))
    return pl.DataFrame(
        {
            f"{kind}{number}": pl.Series(
                draw(st.lists(CELLS[kind][0], min_size=height, max_size=height)), dtype=CELLS[kind][1]
            )
            for number, kind in enumerate(chosen)
        }
    )


@settings(deadline=None, max_examples=60)
@given(frames(), st.integers(0, 6), BOUNDS)
def test_repeated_rows_are_those_that_plain_python_finds(
    tmp_path_factory: pytest.TempPathFactory, frame: pl.DataFrame, most: int, bounds: Bounds
) -> None:
    folder = tmp_path_factory.getbasetemp()
    assert repeated(opened(frame), (), most, folder, bounds) == plainly_repeated(frame, most)
    first = frame.columns[:1]
    assert repeated(opened(frame), first, most, folder, bounds) == plainly_repeated(frame.select(first), most)


@settings(deadline=None, max_examples=60)
@given(st.data(), st.integers(0, 6), BOUNDS)
def test_shared_rows_are_those_that_plain_python_finds(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, most: int, bounds: Bounds
) -> None:
    kinds = data.draw(st.lists(st.sampled_from(sorted(CELLS)), min_size=1, max_size=2))
    mine, theirs = data.draw(frames(kinds)), data.draw(frames(kinds))
    folder = tmp_path_factory.getbasetemp()
    known = set(rows_of(theirs))
    everywhere = plainly([row in known for row in rows_of(mine)], most)
    one, other = opened(mine, "test"), opened(theirs)
    assert shared(one, other, (), most, folder, bounds) == everywhere
    by_key = plainly([row in known and None not in row for row in rows_of(mine)], most)
    assert shared(one, other, mine.columns, most, folder, bounds) == by_key


@pytest.mark.parametrize("hashed", [random_hash(), weak, none])
def test_many_rows_in_little_room(tmp_path: Path, hashed: Callable[[Sequence[str]], pl.Expr]) -> None:
    """Parts of parts on disk, and every row twice."""
    half = pl.DataFrame({"a": range(3_000)}).with_columns(b=pl.col("a").cast(pl.String), c=pl.lit("same"))
    both = pl.concat([half, half])
    bounds = Bounds(hashes=500, rows=2_000, batch=700, bits=8, hash=hashed)
    assert repeated(opened(both), (), 2, tmp_path, bounds) == Hits(3_000, (3_001, 3_002))
    assert repeated(opened(both), ("c",), 2, tmp_path, bounds) == Hits(5_999, (2, 3))
    assert repeated(opened(half), (), 2, tmp_path, bounds) == Hits(0)
    odd = half.filter(pl.col("a") % 2 == 1)
    assert shared(opened(both), opened(odd), (), 3, tmp_path, bounds) == Hits(3_000, (2, 4, 6))
    assert shared(opened(both), opened(odd), ("c",), 1, tmp_path, bounds) == Hits(6_000, (1,))
    assert list(tmp_path.iterdir()) == []


PAIRS: dict[str, tuple[list[Any], pl.DataType, list[Any], pl.DataType, list[int]]] = {
    "integers of any width": ([1, -1, 300], pl.Int32(), [300, 1], pl.UInt64(), [1, 3]),
    "beyond 64 bits": ([2**64 - 1, 5], pl.UInt64(), [-1, 5], pl.Int64(), [2]),
    "whole floats": ([1, 2**53, 2**53 + 1], pl.Int64(), [1.0, 2.0**53, 0.5, math.nan], pl.Float64(), [1, 2]),
    "floats that are not whole": (
        [0.5, 1e300, math.inf, math.nan, None],
        pl.Float64(),
        [None, 0],
        pl.Int8(),
        [],
    ),
    "floats of any width": ([0.5, 0.1, math.nan], pl.Float64(), [0.5, 0.1, math.nan], pl.Float32(), [1, 3]),
    "decimals": (
        [Decimal("1.10"), Decimal("2.00")],
        pl.Decimal(9, 2),
        [Decimal("1.1")],
        pl.Decimal(4, 1),
        [1],
    ),
    "decimals and integers": (
        [Decimal("1.10"), Decimal("2.00")],
        pl.Decimal(9, 2),
        [2, 10**18],
        pl.Int64(),
        [2],
    ),
    "dictionaries": (["a", "b"], pl.Categorical(), ["b", "c"], pl.String(), [2]),
    "enumerations": (["a", "b"], pl.Enum(["a", "b"]), ["b", "c"], pl.Categorical(), [2]),
    "units of time": (
        [datetime(2026, 1, 1), datetime(2026, 1, 1, 0, 0, 0, 1)],
        pl.Datetime("us"),
        [datetime(2026, 1, 1)],
        pl.Datetime("ms"),
        [1],
    ),
    "the same instant": (
        [datetime(9999, 1, 1), datetime(2026, 1, 1)],
        pl.Datetime("ms"),
        [datetime(2026, 1, 1, tzinfo=UTC)],
        pl.Datetime("ns", "UTC"),
        [2],
    ),
    "a date is its midnight": ([date(2026, 1, 1)], pl.Date(), [datetime(2026, 1, 1)], pl.Datetime("us"), [1]),
    "lists": ([[1, 2], [3]], pl.List(pl.Int32()), [[1, 2]], pl.List(pl.Int64()), [1]),
    "a column of nulls": ([None], pl.Null(), ["a"], pl.String(), []),
}


@pytest.mark.parametrize("name", PAIRS)
def test_equal_values_are_equal_whatever_their_types(tmp_path: Path, name: str) -> None:
    mine, has, theirs, wants, expected = PAIRS[name]
    one = opened(pl.DataFrame({"k": pl.Series(mine, dtype=has)}), "test")
    other = opened(pl.DataFrame({"k": pl.Series(theirs, dtype=wants)}))
    assert list(shared(one, other, ("k",), 9, tmp_path).at) == expected


def test_types_that_are_never_equal_are_a_problem_and_no_pass(tmp_path: Path) -> None:
    one = opened(pl.DataFrame({"k": ["1"]}), "test", types="string")
    other = opened(pl.DataFrame({"k": [1]}), types="integer")
    problem = "k is string in test and integer in train"
    assert shared(one, other, ("k",), 5, tmp_path) == Hits(0, problem=problem)
    assert shared(one, other, (), 5, tmp_path) == Hits(0, problem=problem)


def test_columns_that_the_other_side_lacks_are_a_problem(tmp_path: Path) -> None:
    one, other = opened(pl.DataFrame({"k": [1]})), opened(pl.DataFrame({"j": [1]}), "test")
    assert shared(one, other, ("k",), 5, tmp_path).problem == "test has no column k"
    assert shared(one, other, (), 5, tmp_path).problem == "no column stands in both"
    assert repeated(opened(pl.DataFrame()), (), 5, tmp_path).problem == "there are no columns"


def test_unreadable_cells_equal_nothing(tmp_path: Path) -> None:
    frame = pl.DataFrame({"a": [None, None, None, None, 1], "a?": [True, False, True, False, False]})
    source = opened(frame, unreadable=["a"])
    assert repeated(source, ("a",), 5, tmp_path) == Hits(1, (4,))
    assert shared(source, opened(frame, "test", unreadable=["a"]), (), 5, tmp_path) == Hits(3, (2, 4, 5))


def test_names_of_columns_are_names_and_not_patterns(tmp_path: Path) -> None:
    frame = pl.DataFrame({"*": [1, 1], "^.*$": [1, 2], "": [3, 3], "hash": [1, 1], "0": [1, 2]})
    counts = [repeated(opened(frame), (name,), 0, tmp_path).count for name in frame.columns]
    assert counts == [1, 0, 1, 1, 0]


def test_rows_are_numbered_over_the_files_of_a_source(tmp_path: Path) -> None:
    names = []
    for number, ids in enumerate(([1, 2], [3], [2, 4, 1])):
        pl.DataFrame({"id": ids, "x": ["a"] * len(ids)}).write_csv(tmp_path / f"{number}.csv")
        pl.DataFrame({"id": ids}).write_parquet(tmp_path / f"{number}.parquet")
        names.append(str(tmp_path / str(number)))
    csv: dict[str, Any] = {"delimiter": ",", "nulls": [""], "encoding": "utf-8", "decimal": "."}
    csv["headers"] = [["id", "x"]] * 3
    parquet, text = (
        Polars().open(Source("train", tuple(f"{name}.{kind}" for name in names), kind, (), ({},) * 3, csv))
        for kind in FORMATS
    )
    assert repeated(parquet, ("id",), 5, tmp_path) == Hits(2, (4, 6))
    assert repeated(text, ("id",), 5, tmp_path) == Hits(2, (4, 6))
    assert shared(parquet, parquet, ("id",), 2, tmp_path) == Hits(6, (1, 2))
