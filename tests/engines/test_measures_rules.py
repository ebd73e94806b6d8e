"""Rules over rows: what an engine counts against what a rule says of each row in plain Python."""

import datetime
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_frames import answers, opened
from random_rules import TYPES, conditions, dates, moments
from readings import read

from seatrial import rules
from seatrial.engines.measures.rule_expressions import expression
from seatrial.engines.measures.typed import Table
from seatrial.gates.data.measures import Answer, Measure
from seatrial.rules import Node, columns, evaluate

near = st.integers(-3, 3) | st.sampled_from([2**31, 2**53 + 1, -(2**63), 2**63 - 1])
CELLS: dict[str, st.SearchStrategy[Any]] = {
    "integer": near,
    "number": st.sampled_from(
        [0.0, -0.0, 1.0, -0.5, 0.1, 2.5, 1e308, float("nan"), float("inf"), -float("inf")]
    ),
    "string": st.sampled_from(["", "a", "b'b", "ä", "\U0001f600", "ab"]),
    "boolean": st.booleans(),
    "date": dates,
    "timestamp": moments,
}
DTYPES = {
    "integer": pl.Int64,
    "number": pl.Float64,
    "string": pl.String,
    "boolean": pl.Boolean,
    "date": pl.Date,
    "timestamp": pl.Datetime("us", "UTC"),
}


@st.composite
def tables(draw: st.DrawFn) -> pl.DataFrame:
    rows = draw(st.integers(0, 8))
    found = []
    for name, kind in TYPES.items():
        values = draw(st.lists(st.none() | CELLS[kind], min_size=rows, max_size=rows))
        if kind == "timestamp":
            values = [at and at.replace(tzinfo=datetime.UTC) for at in values]
        found.append(pl.Series(name, values, DTYPES[kind]))
    return pl.DataFrame(found)


@settings(max_examples=200, deadline=None)
@given(conditions(), tables())
def test_an_engine_says_of_each_row_what_python_says(rule: Node, frame: pl.DataFrame) -> None:
    table = Table(opened(frame))
    found = table.opened.frame.select(holds=expression(rule, table)).collect().to_native()
    wanted = [evaluate(rule, row) for row in frame.to_dicts()]
    if columns(rule):
        assert found["holds"].to_list() == wanted
    else:
        assert set(found["holds"].to_list()) <= {evaluate(rule, {})}


@settings(max_examples=60, deadline=None)
@given(conditions().filter(columns), tables())
def test_broken_and_unknown_rows_are_counted(rule: Node, frame: pl.DataFrame) -> None:
    measure = Measure("breaks", columns(rule), json.loads(json.dumps(rules.to_json(rule))))
    (answer,) = answers(frame, measure, show=2)
    says = [evaluate(rule, row) for row in frame.to_dicts()]
    broken = [number for number, holds in enumerate(says, 1) if holds is False]
    assert (answer.count, answer.at) == (len(broken), tuple(broken[:2]))
    assert answer.detail == {"unknown": says.count(None)}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("s > 1", "s is string and a number; they cannot be compared"),
        ("s", "s is string, not boolean"),
        ("gone > 1", "there is no column gone"),
        ("d < time'2026-01-31T10:00:00Z'", "d is date and a timestamp; they cannot be compared"),
    ],
)
def test_a_rule_that_does_not_fit_the_columns(text: str, problem: str) -> None:
    frame = pl.DataFrame({"s": ["a"], "d": [datetime.date(2026, 1, 31)]})
    (answer,) = answers(frame, Measure("breaks", (), rules.to_json(rules.parse(text))))
    assert answer.problem == problem


def test_a_column_of_single_precision_is_compared_with_the_nearest_single() -> None:
    frame = pl.DataFrame({"f": pl.Series([0.1, 0.2], dtype=pl.Float32), "x": [0.1, 0.2]})
    texts = ["f <= 0.1", "f in [0.1]", "f == 0.1", "x <= 0.1", "f * 1 > 0.1"]
    found = answers(frame, *(Measure("breaks", ("f",), rules.to_json(rules.parse(text))) for text in texts))
    assert [answer.count for answer in found] == [1, 1, 1, 1, 0]


def test_other_types_of_columns() -> None:
    frame = pl.DataFrame(
        {
            "exact": pl.Series([1, 2, None], dtype=pl.Decimal(10, 2)),
            "small": pl.Series([100, -100, None], dtype=pl.Int8),
            "kind": pl.Series(["b", "a", None], dtype=pl.Categorical),
            "milli": pl.Series([0, 1, None], dtype=pl.Datetime("ms")),
            "nested": [[1], None, None],
        }
    )
    texts = [
        "exact == 1.0",
        "exact / 3 < 0.5",
        "small + small == 200",
        "small < 1_000",
        "kind < 'b' or kind in ['c']",
        "length(kind) == 1",
        "milli < time'1970-01-01T00:00:00.000500Z'",
        "nested is not null",
    ]
    found = answers(frame, *(Measure("breaks", (), rules.to_json(rules.parse(text))) for text in texts))
    assert [(answer.count, answer.detail["unknown"]) for answer in found] == [
        (1, 1),
        (1, 1),
        (1, 1),
        (0, 1),
        (1, 1),
        (0, 1),
        (1, 1),
        (2, 0),
    ]


def test_text_that_is_text_for_want_of_a_type_has_no_order(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b\n10,9\n")

    def broken(text: str, **types: str) -> Answer:
        measure = Measure("breaks", (), rules.to_json(rules.parse(text)))
        return read(tmp_path, "t.csv", types, measures=[measure]).answers[0]

    assert broken("a <= b").problem == "a is text without an order; write its type into data.columns"
    assert broken("a <= b", a="any").problem is not None
    assert broken("a <= b", a="integer", b="integer").count == 1
    assert broken("a > b", a="string", b="string").count == 1
    assert broken("a != b and a < '2'").count == 0
