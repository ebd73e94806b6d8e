"""How much of the label a column tells: the formula against numpy, and what it catches and lets go."""

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_frames import answers, frames
from readings import read

from seatrial.engines.measures.association import LOOKED_AT, parts, share
from seatrial.engines.measures.association_bins import MOST_BINS, edges
from seatrial.engines.measures.engine import Opened
from seatrial.engines.measures.measuring import facts
from seatrial.engines.polars.engine import Polars
from seatrial.engines.sources import find
from seatrial.gates.data.measures import LEAST_LABELLED, Asked, Measure, Reading
from seatrial.policy.data import Csv

NAN, INF = float("nan"), float("inf")
CLASSES: dict[str, Any] = {"task": "binary", "except": []}
NUMBERS: dict[str, Any] = {"task": "regression", "except": []}


def told(frame: pl.DataFrame, value: Any = None) -> dict[str, Any]:
    (answer,) = answers(frame, Measure("told", ("label",), value))
    assert answer.problem is None
    return dict(answer.detail)


def epsilon(bins: np.ndarray, y: np.ndarray) -> float:
    """Kelley's epsilon from the rows themselves. y: a column per class, or one."""
    n, k = len(bins), len(set(bins.tolist()))
    total = ((y - y.mean(axis=0)) ** 2).sum()
    within = sum(((y[bins == each] - y[bins == each].mean(axis=0)) ** 2).sum() for each in set(bins.tolist()))
    return float(np.sqrt(max(0.0, 1 - (within / (n - k)) / (total / (n - 1)))))


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), min_size=10, max_size=40))
def test_of_classes_it_is_kelleys_epsilon_of_the_indicators(rows: list[tuple[int, int]]) -> None:
    bins, label = np.array(rows).T
    if len(set(label.tolist())) > 1:
        groups = [(b, c, rows.count((b, c))) for b, c in sorted(set(rows))]
        assert share(groups, False) == pytest.approx(epsilon(bins, np.eye(3)[label]), abs=1e-6)


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(-5, 5)), min_size=10, max_size=40))
def test_of_numbers_it_is_kelleys_epsilon(rows: list[tuple[int, float]]) -> None:
    bins, y = np.array([b for b, _ in rows]), np.array([v for _, v in rows])[:, None]
    if y.var() > 1e-3:
        of = [y[bins == b] for b in sorted(set(bins.tolist()))]
        groups = [(i, len(v), v.sum(), (v**2).sum()) for i, v in enumerate(of)]
        # Its square root is steep at nothing.
        assert share(groups, True) == pytest.approx(epsilon(bins, y), abs=1e-4)


def test_a_binary_label_and_a_linear_column_give_the_correlation() -> None:
    r = np.random.default_rng(1)
    y = r.integers(0, 2, 20_000)
    copies = np.where(r.random(20_000) < 0.1, 1 - y, y)
    z = r.normal(size=20_000)
    line = 0.9 * z + np.sqrt(1 - 0.81) * r.normal(size=20_000)
    found = told(pl.DataFrame({"label": y, "copy": copies}), CLASSES)
    assert found["copy"] == pytest.approx(abs(np.corrcoef(y, copies)[0, 1]), abs=0.001)
    assert told(pl.DataFrame({"label": z, "line": line}), NUMBERS)["line"] == pytest.approx(0.9, abs=0.01)


def test_whatever_gives_the_label_away_tells_all() -> None:
    r = np.random.default_rng(2)
    y = r.random(2_000) < 0.05
    size = np.where(y, r.uniform(1, 2, 2_000), r.uniform(0, 1, 2_000)) * r.choice([-1, 1], 2_000)
    day = datetime.datetime(2026, 1, 31, tzinfo=datetime.UTC)
    frame = pl.DataFrame(
        {
            "label": np.where(y, "late", "on time"),
            "copy": ["L" if each else "O" for each in y],
            "flag": ~y,
            "code": np.where(y, 7, r.choice([3, 9], 2_000)),
            "missing": [None if each else 1.5 for each in y],
            "not a number": np.where(y, NAN, r.normal(size=2_000)),
            "infinite": np.where(y, INF, r.normal(size=2_000)),
            "time": [day + datetime.timedelta(hours=int(each)) for each in y],
            "date": [datetime.date(2026, 1, 31 if each else 30) for each in y],
            "on both sides": size,
        }
    )
    found = told(frame, CLASSES)
    assert {name: each for name, each in found.items() if name != "on both sides"} == dict.fromkeys(
        [name for name in frame.columns if name not in ("label", "on both sides")], 1.0
    )
    # The bins at its two steps hold both classes, so not all; a correlation would see nothing.
    assert abs(np.corrcoef(size, y)[0, 1]) < 0.1
    assert found["on both sides"] > 0.8


def test_what_knows_nothing_tells_next_to_nothing() -> None:
    r = np.random.default_rng(3)
    n = 5_000
    frame = pl.DataFrame(
        {
            "label": r.integers(0, 3, n),
            "id": r.permutation(n),
            "name": [f"n{i}" for i in range(n)],
            "city": [f"c{i}" for i in r.integers(0, 900, n)],
            "noise": r.normal(size=n),
            "constant": [1] * n,
            "empty": pl.Series([None] * n, dtype=pl.Float64),
        }
    )
    found = told(frame, {"task": "multiclass", "except": []})
    assert found.pop("name") == {"problem": "has more than 1,000 different values"}
    assert set(found) == {"id", "city", "noise", "constant", "empty"}
    assert all(each < 0.2 for each in found.values()), found
    assert found["constant"] == found["empty"] == 0.0


def test_columns_whose_first_rows_are_unlike_the_others_are_told_too() -> None:
    n = LOOKED_AT * 2
    label = [i >= n * 3 // 4 for i in range(n)]
    frame = pl.DataFrame(
        {
            "label": label,
            "row": range(n),
            "kind": ["new" if each else "old" for each in label],
            "mixed": [f"k{i % 7}" if i < LOOKED_AT else f"n{i}" for i in range(n)],
        }
    )
    found = told(frame, CLASSES)
    assert found["row"] > 0.9
    assert found["kind"] == 1.0
    assert 0.0 < found["mixed"] < 0.7


@pytest.mark.parametrize("mark", [".", ","])
def test_numbers_of_csv_without_a_type_tell_what_they_tell_as_numbers(tmp_path: Path, mark: str) -> None:
    r = np.random.default_rng(4)
    y = r.integers(0, 2, 2_000)
    leak, noise = y + r.normal(0, 0.01, 2_000), r.normal(0, 1, 2_000)
    rows = [f"{a};{b:.6f};{c:.3e};n{i}" for i, (a, b, c) in enumerate(zip(y, leak, noise, strict=True))]
    rows[7], rows[9] = "1;?;1e400;", "0;;;"
    (tmp_path / "t.csv").write_text("\n".join(["label;leak;noise;name", *rows]).replace(".", mark) + "\n")

    def tells(**types: str) -> Any:
        form = Csv(delimiter=";", decimal=mark)
        measure = Measure("told", ("label",), CLASSES)
        return read(tmp_path, "t.csv", types, csv=form, measures=[measure]).answers[0].detail

    found, typed = tells(leak="any"), tells(leak="number", noise="number")
    assert found["leak"] == pytest.approx(typed["leak"], abs=0.01)
    assert found["leak"] > 0.95
    assert found["noise"] < 0.2
    assert (
        found["name"] == tells(leak="string")["leak"] == {"problem": "has more than 1,000 different values"}
    )


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        ({"label": ["a", "b"] * 20, "x": [f"n{i}" for i in range(40)]}, "has 40 different values in 40 rows"),
        ({"label": ["a", "b"] * 20, "x": [[1]] * 40}, "values are not compared"),
    ],
)
def test_what_cannot_be_told_says_why(frame: dict[str, Any], says: str) -> None:
    assert says in told(pl.DataFrame(frame), CLASSES)["x"]["problem"]


@pytest.mark.parametrize(
    ("label", "value", "says"),
    [
        (["a", "b"], NUMBERS, "is string, not number"),
        ([datetime.date(2026, 1, 31)] * 2, CLASSES, "is date, not string or boolean or number"),
        ([[1], [2]], None, "is other, not string or boolean or number"),
        ([f"n{i}" for i in range(2_000)], CLASSES, "which are no classes"),
        (["a"] * 50, CLASSES, "the label has one value"),
        ([1.5] * 50, NUMBERS, "the label has one value"),
    ],
)
def test_labels_of_which_nothing_can_be_told(label: list[Any], value: Any, says: str) -> None:
    frame = pl.DataFrame({"label": label, "x": [0] * len(label)})
    (answer,) = answers(frame, Measure("told", ("label",), value))
    assert says in str(answer.problem)


def test_rows_without_a_label_do_not_count_and_columns_may_be_left_out() -> None:
    x = [0, 1] * 20 + [5] * 40
    label = [0.0, 1.0] * 20 + [None, NAN] * 20
    frame = pl.DataFrame({"label": label, "x": x, "key": x})
    assert told(frame, {"task": "binary", "except": ["key"]}) == {"x": 1.0}


@pytest.mark.parametrize(("labels", "value"), [(["a", "b"], CLASSES), ([0.0, 1.0], NUMBERS)])
def test_of_labels_that_are_rare_all_is_told_or_nothing(labels: list[Any], value: Any) -> None:
    x = [i + 1_000 * (i % 2) for i in range(30_000)]
    for labelled in (0, 38, 40, 60):
        rows = [None] * (30_000 - labelled) + labels * (labelled // 2)
        label = pl.Series("label", rows, dtype=pl.String if value is CLASSES else pl.Float64)
        (answer,) = answers(pl.DataFrame([label, pl.Series("x", x)]), Measure("told", ("label",), value))
        assert (answer.problem, answer.count) == (None, labelled)
        if labelled < LEAST_LABELLED:
            assert answer.detail is None
        else:
            assert answer.detail["x"] > 0.9  # by as many bins as there are rows for


def test_columns_of_text_are_kept_by_as_many_as_there_is_room_for() -> None:
    sizes = {f"c{n}": 10 for n in range(7)} | {"long": 99, "last": 30}
    assert list(parts(sizes, room=30)) == [
        (["c0", "c1", "c2"], True),
        (["c3", "c4", "c5"], True),
        (["c6"], True),
        (["last"], True),
        (["long"], False),
    ]
    assert list(parts({}, room=30)) == []


def test_a_wide_file_of_text_is_read_a_few_times_and_told_as_a_frame_is(tmp_path: Path) -> None:
    r = np.random.default_rng(5)
    frame = pl.DataFrame({f"c{i}": r.normal(size=200).round(3) for i in range(60)})
    label = (frame["c7"] + r.normal(0, 0.1, 200) > 0).cast(pl.Int64).alias("label")
    words = pl.Series("word", ["a", "b", "c", None] * 50)
    whole = frame.with_columns(label, words)
    whole.write_csv(tmp_path / "t.csv")
    types = dict.fromkeys(frame.columns, "number") | {"label": "integer"}
    rules = tuple(Reading(name, kind) for name, kind in types.items())
    source = find("train", "t.csv", tmp_path, rules, Csv()).source
    engine = Counting()
    measure = Measure("told", ("label",), {**CLASSES, "except": ["c0"]})
    (answer,) = facts(engine, Asked(source, (measure,)), {"train": engine.open(source)}).answers
    assert answer.detail == told(whole, measure.value)
    assert (engine.held_columns, engine.read_files) == ([60 + 1], 2)  # the one pass, and the label


class Counting(Polars):
    """Counts what is collected from files."""

    def __init__(self) -> None:
        super().__init__()
        self.held_columns: list[int] = []
        self.read_files = 0

    def held(self, opened: Opened, columns: Sequence[str]) -> Opened:
        self.held_columns.append(len(columns))
        return super().held(opened, columns)

    def rows_of(self, frame: Any) -> list[dict[str, Any]]:
        self.read_files += "CSV SCAN" in frame.to_native().explain().upper()
        return super().rows_of(frame)


@settings(max_examples=40, deadline=None)
@given(frames(most=30), st.sampled_from(["whole", "double", "text", "boolean", "dictionary", "exact"]))
def test_any_frame_has_an_answer_for_every_column(frame: pl.DataFrame, name: str) -> None:
    (answer,) = answers(pl.concat([frame] * 3), Measure("told", (name,), None))
    if answer.detail is None:
        few = answer.problem is None and answer.count < LEAST_LABELLED
        assert few or str(answer.problem).startswith("the label has ")
        return
    assert list(answer.detail) == [each for each in frame.columns if each != name]
    for each in answer.detail.values():
        assert set(each) == {"problem"} if isinstance(each, dict) else 0.0 <= each <= 1.0


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1), st.integers(1, 10_000))
def test_edges_lie_between_the_ends(seen: list[float], rows: int) -> None:
    found = edges(seen, min(seen), max(seen), rows)
    assert found == sorted(set(found))
    assert all(min(seen) <= each < max(seen) for each in found)
    assert len(found) <= MOST_BINS
    assert found or len(set(seen)) == 1
