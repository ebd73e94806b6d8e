"""Profiles and counts at their edges, on random tables, against plain numpy."""

import datetime as dt
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seatrial.engines.polars.engine import Polars
from seatrial.engines.polars.sketching_numbers import Counted, Distinct, Sample
from seatrial.gates.data.drift_asking import sketch_measure
from seatrial.gates.data.drift_bins import pair_of
from seatrial.gates.data.measures import Source
from seatrial.gates.data.packing import between, cuts, unpack_counts, unpack_floats
from seatrial.gates.data.profile import Profile, from_json, staircase, to_json
from seatrial.gates.data.profile_making import profile_of
from seatrial.stats.drift_ranks import ks_bracket, ks_exact

NUMBERS = st.lists(
    st.one_of(
        st.none(),
        st.integers(-3, 3).map(float),
        st.floats(-1e12, 1e12),
        st.sampled_from([math.nan, math.inf, -math.inf, -0.0]),
    ),
    max_size=60,
)
QUICK = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


def opened(folder: Path, frame: pl.DataFrame, name: str = "reference") -> Any:
    file = folder / f"{name}.parquet"
    frame.write_parquet(file, row_group_size=7)
    csv = {"delimiter": ",", "nulls": [""], "encoding": "utf-8", "decimal": "."}
    return Polars().open(Source(name, (str(file),), "parquet", (), ({},), csv, (file.name,)))


def profiled(folder: Path, frame: pl.DataFrame, least: int = 10, hidden: tuple[str, ...] = ()) -> Profile:
    """Through JSON, as from a child process to a file and back."""
    measure = sketch_measure(hidden, least=least)
    answer = json.loads(json.dumps(Polars().sketch(opened(folder, frame), measure.value)))
    made = profile_of(frame.height, answer["columns"], "test", least, set(hidden))
    again = from_json(to_json(made))
    assert again == made
    return again


def counted(folder: Path, frame: pl.DataFrame, profile: Profile) -> dict[str, Any]:
    asked = {
        column.name: {"edges": column.steps.edges}
        if column.steps is not None
        else {"categories": [name for name, _ in column.categories or ()]}
        for column in profile.columns
        if column.steps is not None or column.categories is not None
    }
    answer = Polars().bins(opened(folder, frame, "train"), None, {"columns": asked, "moments": True})
    return dict(json.loads(json.dumps(answer))["columns"])


@QUICK
@given(reference=NUMBERS, current=NUMBERS, least=st.sampled_from([1, 3, 10]))
def test_counts_are_exact_at_every_edge(
    tmp_path: Path, reference: list[float | None], current: list[float | None], least: int
) -> None:
    frames = [pl.DataFrame({"x": pl.Series(side, dtype=pl.Float64)}) for side in (reference, current)]
    profile = profiled(tmp_path, frames[0], least)
    (column,) = profile.columns
    known = [
        np.array([v for v in side if v is not None and not math.isnan(v)]) for side in (reference, current)
    ]
    finite = [values[np.isfinite(values)] for values in known]
    assert column.nulls == reference.count(None)
    assert sum(column.infinite) == known[0].size - finite[0].size
    assert column.nan == len(reference) - known[0].size - column.nulls
    if column.steps is None:
        assert finite[0].size < least or least > 1
        return
    found = staircase(column, profile.rows)
    for edge, below, upto in zip(found.edges, found.below, found.upto, strict=True):
        assert below == np.count_nonzero(finite[0] < edge)
        assert upto == np.count_nonzero(finite[0] <= edge)
        assert upto - below == 0 or upto - below >= least
    part = counted(tmp_path, frames[1], profile)["x"]
    assert list(unpack_counts(part["below"], 4096)) == [int(np.sum(known[1] < e)) for e in found.edges]
    assert list(unpack_counts(part["upto"], 4096)) == [int(np.sum(known[1] <= e)) for e in found.edges]
    assert part["rows"] == known[1].size
    if finite[1].size:
        assert part["mean"] == pytest.approx(finite[1].mean(), rel=1e-9, abs=1e-6)
        assert part["deviation"] == pytest.approx(finite[1].std(), rel=1e-6, abs=1e-6)
        bracket = ks_bracket(pair_of(column, profile.rows, part))
        gone = [len(side) - values.size for side, values in zip((reference, current), known, strict=True)]
        exact = ks_exact(np.sort(known[0]), np.sort(known[1]), (gone[0], gone[1]))
        assert bracket.lower - 1e-12 <= exact <= bracket.upper + 1e-12


@QUICK
@given(values=NUMBERS.filter(lambda found: len(found) > 0))
def test_a_profile_holds_no_value_that_few_rows_share(tmp_path: Path, values: list[float | None]) -> None:
    frame = pl.DataFrame({"x": pl.Series(values, dtype=pl.Float64)})
    (column,) = profiled(tmp_path, frame, 10).columns
    shared = {
        v for v in values if (v is not None and values.count(v) >= 10) or (v == 0 and values.count(0.0) >= 10)
    }
    edges = set(unpack_floats(column.steps.edges, 4096)) if column.steps is not None else set()
    assert edges & {v for v in values if v is not None} <= shared


def test_a_column_of_many_values_is_cut_into_even_steps(tmp_path: Path) -> None:
    values = np.random.default_rng(5).normal(size=150_000)
    profile = profiled(tmp_path, pl.DataFrame({"x": values, "whole": np.round(values * 100)}))
    smooth, whole = profile.columns
    found = staircase(smooth, profile.rows)
    assert 3_500 < len(found.edges) <= 4_096
    assert max(np.diff([0, *found.upto, found.rows])) < 150_000 / 4_096 * 3
    ties = staircase(whole, profile.rows)
    common, counts = np.unique(np.round(values * 100), return_counts=True)
    assert set(common[counts >= 10]) <= set(ties.edges)


def test_texts_booleans_dates_and_what_is_none_of_them(tmp_path: Path) -> None:
    rows = 60
    frame = pl.DataFrame(
        {
            "text": ["often"] * 40 + [f"seldom {i}" for i in range(15)] + [None] * 5,
            "flag": [True] * 45 + [False] * 15,
            "day": [dt.date(2026, 1, 1)] * 30 + [dt.date(2026, 1, 2)] * 30,
            "at": [dt.datetime(2026, 1, 1, 12)] * rows,
            "list": [[1, 2]] * 50 + [None] * 10,
            "secret": ["hidden"] * rows,
        }
    )
    profile = profiled(tmp_path, frame, hidden=("secret",))
    text, flag, day, at, other, secret = profile.columns
    assert text.categories == (("often", 40),)
    assert (text.others.categories, text.others.rows, text.nulls) == (15, 15, 5)
    assert flag.categories == (("true", 45), ("false", 15))
    assert unpack_floats(day.steps.edges, 9).tolist() == [20_454.0, 20_455.0]  # type: ignore[union-attr]
    assert unpack_floats(at.steps.edges, 9).tolist() == [1_767_268_800_000_000.0]  # type: ignore[union-attr]
    assert (other.type, other.nulls, other.steps) == ("other", 10, None)
    assert secret.hidden
    assert b"hidden" not in to_json(profile).replace(b'"hidden":true', b"")
    parts = counted(tmp_path, frame.with_columns(pl.lit("new").alias("text")), profile)
    assert parts["text"] == {"nulls": 0, "counts": [0], "unlisted": {"categories": 1, "rows": rows}}
    assert parts["flag"]["counts"] == [45, 15]


def test_texts_of_no_end_are_counted_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"id {i}" for i in range(120_000)] + ["common"] * 30_000
    profile = profiled(tmp_path, pl.DataFrame({"x": texts}))
    (column,) = profile.columns
    assert column.categories == (("common", 30_000),)
    assert column.others.rows == 120_000
    assert column.others.categories >= 120_000


def test_no_rows_are_a_profile_too(tmp_path: Path) -> None:
    frame = pl.DataFrame({"x": pl.Series([], dtype=pl.Float64), "t": pl.Series([], dtype=pl.String)})
    profile = profiled(tmp_path, frame)
    assert [column.steps for column in profile.columns] == [None, None]
    assert profile.rows == 0


def test_a_reference_of_rows_is_compared_to_the_last_row(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    a, b = random.normal(size=30_000), random.normal(size=20_000) + 0.05
    both = [opened(tmp_path, pl.DataFrame({"x": v}), n) for v, n in ((a, "reference"), (b, "train"))]
    exact = ks_exact(np.sort(a), np.sort(b))
    asked = {
        "columns": None,
        "ignore": [],
        "moments": False,
        "ks": exact,
        "sketch": sketch_measure(least=1).value,
    }
    answer = Polars().bins(both[1], both[0], asked)
    assert answer["rows"] == 30_000
    assert answer["columns"]["x"]["ks"] == pytest.approx(exact, abs=1e-12)


def test_a_sample_is_of_rows_from_everywhere() -> None:
    sample = Sample(1_000)
    for start in range(0, 100_000, 1_000):
        chosen = sample.add(1_000)
        sample.keep((chosen + start).astype(np.float64)[:, None])
    values = sample.column(0)
    assert values.size == 1_000
    assert abs(values.mean() - 50_000) < 5_000
    assert np.unique(values).size == 1_000


def test_distinct_values_are_told_apart_up_to_a_number() -> None:
    distinct = Distinct(3)
    distinct.add(np.array([1.0, 2.0, 1.0]))
    distinct.add(np.array([3.0, 1.0]))
    assert distinct.few
    assert distinct.values.tolist() == [1.0, 2.0, 3.0]
    assert distinct.counts.tolist() == [3, 1, 1]
    distinct.add(np.array([4.0]))
    assert not distinct.few


def test_numbers_too_large_to_add_up_are_said_so() -> None:
    found = Counted(np.array([0.0]), True)
    found.add(np.array([1e308, -1e308, 1.7e308]), 0)
    assert "too large" in found.part()["problem"]
    assert "steps" not in found.sketch("number")


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(allow_nan=False, allow_infinity=False))
def test_between_two_numbers(a: float, b: float) -> None:
    low, high = min(a, b), max(a, b)
    middle = between(low, high)
    if middle is None:
        assert low == high or math.nextafter(low, math.inf) == high
    else:
        assert low < middle < high


def test_cuts_keep_values_that_many_rows_share() -> None:
    assert cuts([1.0, 2.0, 3.0, 4.0], [10, 1, 1, 10], 10, 10) == [1.0, 4.0]
    assert cuts([1.0, 2.0, 3.0], [6, 6, 6], 10, 10) == [2.5]
