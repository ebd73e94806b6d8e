"""ONNX models: inputs by name or stacked, outputs of every exporter, times."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seatrial.engines.tables.reading import read_table
from seatrial.engines.tables.table import Table
from seatrial.predictors.onnx import OnnxModel, latency, open_model, predict

WEIGHTS = [[-1.0, 0.5], [1.0, -0.5]]


@pytest.fixture
def model(tmp_path: Path) -> Any:
    def opened(content: bytes) -> OnnxModel:
        (tmp_path / "model.onnx").write_bytes(content)
        return open_model(tmp_path / "model.onnx", name="model.onnx", root=tmp_path)

    return opened


@pytest.fixture
def table(rows: Path) -> Table:
    return read_table(rows, name="data.csv", columns=None)


def softmax(table: Table) -> Any:
    logits = np.stack([table.numbers("x"), table.numbers("n")], axis=1) @ np.array(WEIGHTS).T
    exp = np.exp(logits)
    return exp / exp.sum(axis=1, keepdims=True)


def test_one_input_per_column_of_every_type(models: Any, model: Any, table: Table) -> None:
    opened = model(models.named())
    assert opened.columns() == ("x", "n", "flag", "carrier")
    score = predict(opened, table, task="regression").numbers("prediction")
    k = np.arange(10)
    assert score == pytest.approx(k / 4 + 10 * (k % 3) + 1100 * (k % 2))


@pytest.mark.parametrize("zipmap", [True, False])
@pytest.mark.parametrize(
    ("classes", "positive", "column"),
    [
        ([0, 1], None, 1),
        (["no", "yes"], "yes", 1),
        (["no", "yes"], "no", 0),
        (["late", "on time"], "late", 0),
    ],
)
def test_score_of_the_positive_class(
    models: Any, model: Any, table: Table, zipmap: bool, classes: list[Any], positive: Any, column: int
) -> None:
    opened = model(models.classifier(classes, WEIGHTS, zipmap))
    score = predict(opened, table, task="binary", features=["x", "n"], positive=positive).numbers("score")
    assert score == pytest.approx(softmax(table)[:, column], abs=1e-6)


@pytest.mark.parametrize("zipmap", [True, False])
def test_probabilities_of_several_classes(models: Any, model: Any, table: Table, zipmap: bool) -> None:
    opened = model(models.classifier(["a", "b", "c"], [*WEIGHTS, [0.0, 0.0]], zipmap))
    found = predict(opened, table, task="multiclass", features=["x", "n"], classes=("a", "b", "c"))
    assert list(found.columns) == ["p_a", "p_b", "p_c"]
    total = sum(found.numbers(name) for name in found.columns)
    assert total == pytest.approx(np.ones(10), abs=1e-6)
    ratio = found.numbers("p_b") / found.numbers("p_a")
    assert ratio == pytest.approx(softmax(table)[:, 1] / softmax(table)[:, 0], rel=1e-5)


def test_two_runs_give_the_same_bits(models: Any, model: Any, table: Table) -> None:
    opened = model(models.classifier([0, 1], WEIGHTS, False))
    first, second = (predict(opened, table, task="binary", features=["x", "n"]) for _ in range(2))
    assert first.numbers("score").tobytes() == second.numbers("score").tobytes()


def test_times_of_single_rows_are_in_order_and_bounded(models: Any, model: Any, table: Table) -> None:
    opened = model(models.unary("Sin"))
    times = latency(opened, table, calls=300)
    assert len(times) == 300
    assert times != sorted(times)  # as they were taken
    assert min(times) > 0
    assert len(latency(opened, table, calls=10**9, seconds=0.05)) < 10**6


def test_the_digest_and_size_are_those_of_the_file(models: Any, model: Any, table: Table) -> None:
    content = models.unary("Sin")
    opened = model(content)
    assert opened.size == len(content)
    assert predict(opened, table, task="regression").sha256 == opened.source.sha256
