"""Extremes, constant columns and classes against plain Python, on random frames of every type."""

import datetime
import json
import math
from collections import Counter
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_frames import SORTS, TYPES, answers, cells, frames

from seatrial.gates.data.measures import Measure

COMPARED = [name for name, type in TYPES.items() if type != "other"]


def plain(cell: Any) -> Any:
    if isinstance(cell, datetime.date):
        return cell.isoformat()
    return str(cell) if isinstance(cell, float) and math.isinf(cell) else cell


def known(frame: pl.DataFrame, name: str) -> list[Any]:
    return [cell for cell in cells(frame, name) if cell is not None and cell == cell]  # noqa: PLR0124


@settings(max_examples=50, deadline=None)
@given(frames())
def test_extremes_of_what_is_finite(frame: pl.DataFrame) -> None:
    found = answers(frame, *(Measure("extremes", (name,)) for name in COMPARED))
    json.dumps([answer.detail for answer in found], allow_nan=False)
    for name, answer in zip(COMPARED, found, strict=True):
        values = known(frame, name)
        finite = [each for each in values if not (isinstance(each, float) and math.isinf(each))]
        assert answer.count == len(values)
        assert answer.detail == ([plain(min(finite)), plain(max(finite))] if finite else [None, None]), name


@settings(max_examples=50, deadline=None)
@given(frames(most=3), st.booleans())
def test_whether_there_are_several_values(frame: pl.DataFrame, large: bool) -> None:
    found = answers(frame, *(Measure("constant", (name,)) for name in COMPARED), large=large)
    for name, answer in zip(COMPARED, found, strict=True):
        nan = any(isinstance(cell, float) and math.isnan(cell) for cell in cells(frame, name))
        assert answer.count == min(len(set(known(frame, name))) + nan, 2), name


@pytest.mark.parametrize(
    ("first", "then", "count"),
    [
        ([1.0] * 2_000, [2.0], 2),
        ([1.0] * 2_000, [1.0, None], 1),
        ([None] * 2_000, [3.0, 3.0], 1),
        ([None] * 2_000, [math.nan, 3.0], 2),
        ([math.nan] * 2_000, [math.nan], 1),
        ([1.0, 2.0], [1.0] * 2_000, 2),
    ],
)
def test_first_rows_alone_make_no_column_constant(first: list[Any], then: list[Any], count: int) -> None:
    frame = pl.DataFrame({"a": pl.Series(first + then, dtype=pl.Float64)})
    (answer,) = answers(frame, Measure("constant", ("a",)), large=True)
    assert answer.count == count


@settings(max_examples=50, deadline=None)
@given(st.sampled_from(COMPARED).flatmap(lambda name: frames(names=(name,))), st.integers(1, 4))
def test_classes_are_the_largest_first(frame: pl.DataFrame, most: int) -> None:
    (name,) = frame.columns
    (answer,) = answers(frame, Measure("classes", (name,), most))
    counted = Counter(map(plain, known(frame, name)))
    wanted = sorted(counted.items(), key=lambda pair: (-pair[1], str(pair[0])))
    assert answer.count == len(counted)
    assert answer.detail == [list(pair) for pair in wanted[:most]]
    json.dumps(answer.detail, allow_nan=False)


def test_a_column_of_very_many_values_has_no_classes() -> None:
    (answer,) = answers(pl.DataFrame({"n": range(10_001)}), Measure("classes", ("n",), 5))
    assert answer.problem == "has more than 10,000 different values, which are no classes"


@pytest.mark.parametrize("kind", ["extremes", "constant", "classes"])
@pytest.mark.parametrize("name", ["nested", "record"])
def test_what_cannot_be_compared_says_so(kind: Any, name: str) -> None:
    (answer,) = answers(pl.DataFrame(schema={name: SORTS[name].dtype}), Measure(kind, (name,), 5))
    assert answer.problem == "is of a type whose values are not compared"


@pytest.mark.parametrize("unit", ["us", "ms"])
def test_times_that_no_calendar_has_stand_at_its_ends(unit: Any) -> None:
    """A wrong unit makes years such as 144,169, which Python cannot hold."""
    far = pl.Series("at", [0, 2**62, -(2**62)], dtype=pl.Int64).cast(pl.Datetime(unit))
    days = pl.Series("day", [0, 2**30, -(2**30)], dtype=pl.Int32).cast(pl.Date)
    frame = pl.DataFrame([far, days, pl.Series("label", [0, 1, 0])])
    at, day, classes, below = answers(
        frame,
        Measure("extremes", ("at",)),
        Measure("extremes", ("day",)),
        Measure("classes", ("day",), 3),
        Measure("below", ("at",), "2026-01-31"),
    )
    assert [end[:10] for end in at.detail] == ["0001-01-01", "9999-12-31"]
    assert day.detail == ["0001-01-01", "9999-12-31"]
    assert classes.detail == [["0001-01-01", 1], ["1970-01-01", 1], ["9999-12-31", 1]]
    assert (below.count, below.at) == (2, (1, 3))
    (told,) = answers(pl.concat([frame] * 20), Measure("told", ("label",)))
    assert set(told.detail) == {"at", "day"}
