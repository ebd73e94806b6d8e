"""Row conditions against plain Python, on random frames of every type."""

import datetime
import math
import re
import sys
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_frames import SORTS, TYPES, answers, cells, frames

from seatrial.gates.data.measures import Answer, Measure

NUMBERS = ("integer", "number")
TIMES = ("date", "timestamp")
PATTERNS = ["[ab]+", r"\w*", "a.*", ".", r"[^a]*", "é?", ""]
Cell = Any


def is_nan(cell: Cell) -> bool:
    return isinstance(cell, float) and math.isnan(cell)


def written(value: Cell) -> Cell:
    """A value as a policy writes it."""
    return value.isoformat() if isinstance(value, datetime.date) else value


def met(measure: Measure, cell: Cell, value: Cell) -> bool:
    """What a row condition means. value: of the measure, as what the column holds."""
    if measure.kind == "null":
        return cell is None
    if cell is None:
        return False
    if measure.kind == "nan" or is_nan(cell):
        return measure.kind == "nan" and is_nan(cell)
    meanings: dict[str, Callable[[], bool]] = {
        "infinite": lambda: isinstance(cell, float) and math.isinf(cell),
        "below": lambda: bool(cell < value),
        "above": lambda: bool(cell > value),
        "outside": lambda: cell not in value,
        "mismatch": lambda: re.fullmatch(value, cell, re.ASCII) is None,
        "shorter": lambda: len(cell) < value,
        "longer": lambda: len(cell) > value,
        "unreadable": lambda: False,
    }
    return meanings[measure.kind]()


@st.composite
def asked(draw: st.DrawFn, name: str) -> tuple[Measure, Cell]:
    """A measure that the column can answer, and its value as the column holds it."""
    sort = SORTS[name]
    kinds = ["null", "nan", "infinite", "unreadable"]
    kinds += ["below", "above"] if sort.type in (*NUMBERS, *TIMES) else []
    kinds += ["outside"] if sort.type != "other" else []
    kinds += ["mismatch", "shorter", "longer"] if sort.type == "string" else []
    kind = draw(st.sampled_from(kinds))
    value: Cell = None
    some = sort.values.filter(
        lambda each: not is_nan(each) and not (isinstance(each, float) and math.isinf(each))
    )
    if sort.type == "timestamp":
        some = some.map(lambda at: at.replace(tzinfo=datetime.UTC))
    elif name == "exact":
        some = some.map(float)
    if kind in ("below", "above"):
        value = draw(some)
    elif kind == "outside":
        value = draw(st.lists(some, min_size=1, max_size=4) | st.lists(some, min_size=9, max_size=12))
    elif kind == "mismatch":
        value = draw(st.sampled_from(PATTERNS))
    elif kind in ("shorter", "longer"):
        value = draw(st.integers(0, 4))
    elif kind == "unreadable":
        value = sort.type
    stands = [written(each) for each in value] if kind == "outside" else written(value)
    return Measure(kind, (name,), stands), value


@settings(max_examples=80, deadline=None)
@given(st.data(), frames())
def test_every_condition_against_plain_python(data: st.DataObject, frame: pl.DataFrame) -> None:
    pairs = [data.draw(asked(name)) for name in SORTS]
    found = answers(frame, *(measure for measure, _ in pairs), show=3)
    for (measure, value), answer in zip(pairs, found, strict=True):
        rows = [i for i, cell in enumerate(cells(frame, measure.columns[0]), 1) if met(measure, cell, value)]
        assert answer == Answer(len(rows), tuple(rows[:3])), measure


LARGEST = {"double": sys.float_info.max, "single": float.fromhex("0x1.fffffep+127")}


@settings(max_examples=120, deadline=None)
@given(st.data(), st.sampled_from(["double", "single"]))
def test_several_conditions_on_a_float_column_against_plain_python(data: st.DataObject, name: str) -> None:
    largest = LARGEST[name]
    edges = st.sampled_from([0.0, 1.0, 2.5, -1.0, largest, -largest])
    whole = st.sampled_from([math.inf, -math.inf, math.nan, None])
    values = data.draw(st.lists(edges, max_size=4)) + data.draw(st.lists(whole, max_size=2))
    frame = pl.DataFrame([pl.Series(name, values, SORTS[name].dtype)])
    kinds = data.draw(
        st.lists(st.sampled_from(["nan", "infinite", "below", "above"]), min_size=2, max_size=5)
    )
    bounds = [data.draw(edges) if kind in ("below", "above") else None for kind in kinds]
    measures = [Measure(kind, (name,), bound) for kind, bound in zip(kinds, bounds, strict=True)]
    counts = [
        sum(met(measure, cell, bound) for cell in values)
        for measure, bound in zip(measures, bounds, strict=True)
    ]
    assert [each.count for each in answers(frame, *measures)] == counts


@pytest.mark.parametrize("name", SORTS)
@pytest.mark.parametrize(
    ("kind", "value", "fits"),
    [
        ("below", 1, NUMBERS),
        ("above", "2026-01-31", TIMES),
        ("outside", [1, 2.5], NUMBERS),
        ("outside", ["a"], ("string",)),
        ("outside", ["2026-01-31"], ("string", *TIMES)),
        ("outside", [True], ("boolean",)),
        ("mismatch", "a", ("string",)),
        ("shorter", 1, ("string",)),
        ("later", None, TIMES),
        ("classes", 3, tuple({*TYPES.values()} - {"other"})),
        ("extremes", None, tuple({*TYPES.values()} - {"other"})),
    ],
)
def test_what_cannot_be_asked_of_a_type_is_a_problem(
    name: str, kind: Any, value: Any, fits: tuple[str, ...]
) -> None:
    frame = pl.DataFrame(schema={name: SORTS[name].dtype})
    columns = (name, name) if kind == "later" else (name,)
    (answer,) = answers(frame, Measure(kind, columns, value))
    if TYPES[name] in fits:
        assert answer.problem is None
    else:
        starts = ("is of a type whose", f"is {TYPES[name]}, ")
        assert answer.problem is not None and answer.problem.startswith(starts)


def test_a_type_that_the_whole_column_has_not() -> None:
    frame = pl.DataFrame({"text": ["1", None], "whole": [1, 2]})
    wanted = [("text", "integer"), ("whole", "number"), ("whole", "string"), ("text", "string")]
    found = answers(frame, *(Measure("unreadable", (name,), type) for name, type in wanted))
    assert [(each.count, each.detail) for each in found] == [
        (2, {"is": "string"}),
        (0, None),
        (2, {"is": "integer"}),
        (0, None),
    ]


def test_a_column_that_is_not_there() -> None:
    (answer,) = answers(pl.DataFrame({"whole": [1]}), Measure("null", ("gone",)))
    assert answer.problem == "the column is missing"


def test_what_is_accepted_names_no_rows() -> None:
    frame = pl.DataFrame({"whole": [1, 5, 9, 9]})
    few, many = answers(frame, Measure("above", ("whole",), 4, 0.75), Measure("above", ("whole",), 4, 0.7))
    assert (few.count, few.at) == (3, ())
    assert (many.count, many.at) == (3, (2, 3, 4))


@pytest.mark.parametrize(
    ("name", "cell", "kind", "value", "count"),
    [
        ("single", 0.1, "above", 0.1, 0),  # the single that is nearest to 0.1 is a little more
        ("single", 0.1, "outside", [0.1], 0),
        ("single", 1.0, "above", 1e300, 0),
        ("whole", 2**63 - 1, "above", 10**30, 0),
        ("whole", 5, "below", 10**400, 1),
        ("whole", 3, "above", 2.5, 1),
        ("whole", 3, "outside", [3.0, 2.5], 0),
        ("small", 5, "below", 300, 1),
        ("small", 5, "outside", [300, 5], 0),
        ("natural", 0, "below", -1, 0),
        ("exact", 0, "outside", [0.0], 0),
        ("milli", datetime.datetime(2026, 1, 31), "below", "2026-01-31T00:00:00.000500Z", 1),
        (
            "time",
            datetime.datetime(2026, 1, 31, tzinfo=datetime.UTC),
            "below",
            "2026-01-31T01:00:00+01:00",
            0,
        ),
        ("time", datetime.datetime(2026, 1, 31, tzinfo=datetime.UTC), "below", "2026-01-31", 0),
        ("date", datetime.date(2026, 1, 31), "outside", ["2026-02-01"], 1),
    ],
)
def test_values_at_the_edge_of_a_type(name: str, cell: Any, kind: Any, value: Any, count: int) -> None:
    frame = pl.DataFrame([pl.Series(name, [cell], SORTS[name].dtype)])
    (answer,) = answers(frame, Measure(kind, (name,), value))
    assert (answer.count, answer.problem) == (count, None)


@settings(max_examples=40, deadline=None)
@given(frames(names=("date", "time", "milli", "nano")), st.sampled_from(["date", "time", "milli", "nano"]))
def test_later_compares_a_date_and_a_time_by_day(frame: pl.DataFrame, first: str) -> None:
    others = [name for name in frame.columns if name != first]
    found = answers(frame, *(Measure("later", (first, other)) for other in others))
    for other, answer in zip(others, found, strict=True):
        by_day = "date" in (first, other)

        def comparable(cell: Any, by_day: bool = by_day) -> Any:
            return cell.date() if by_day and isinstance(cell, datetime.datetime) else cell

        pairs = zip(cells(frame, first), cells(frame, other), strict=True)
        rows = [
            i
            for i, (a, b) in enumerate(pairs, 1)
            if a is not None and b is not None and comparable(a) > comparable(b)
        ]
        assert answer == Answer(len(rows), tuple(rows[:5]))


@settings(max_examples=40, deadline=None)
@given(frames(names=("date", "milli")), frames(names=("date", "milli")), st.sampled_from(["date", "milli"]))
def test_not_before_the_earliest_of_the_other(train: pl.DataFrame, test: pl.DataFrame, name: str) -> None:
    (answer,) = answers(train, Measure("not_before", (name,), against="test"), test=test)
    known = [cell for cell in cells(test, name) if cell is not None]
    if not known:
        assert answer.problem == "test has no value in it"
        return
    rows = [i for i, cell in enumerate(cells(train, name), 1) if cell is not None and cell >= min(known)]
    assert answer == Answer(len(rows), tuple(rows[:5]))
