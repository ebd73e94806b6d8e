"""Rows that are well written and decide nothing, or that no sum can hold: never a pass, never a traceback."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from seatrial.errors import COULD_NOT_DECIDE, PASSED, BadInput
from seatrial.trial.local import run_local

Cells = Callable[[int], object]


@dataclass(frozen=True)
class Play:
    """A repository with one policy, judged as `seatrial trial` does. Rows are made from their number."""

    folder: Path

    def code(self, rows: int, metrics: str, task: str = "binary", **columns: Cells) -> int:
        """Columns that begin with `given_` are predictions; `label` is the truth."""
        given = {name.removeprefix("given_"): cell for name, cell in columns.items() if name != "label"}
        self._table("test.csv", rows, label=columns["label"])
        self._table("predictions.csv", rows, **given)
        (self.folder / "seatrial.yml").write_text(
            f"version: 1\nmodel: {{name: m, task: {task}}}\ndata: {{test: test.csv, key: [id]}}\n"
            f"evaluate:\n  label: label\n  predictions: predictions.csv\n  metrics: {{{metrics}}}\n"
        )
        return run_local(
            self.folder, "seatrial.yml", "", None, self.folder / "out", {"PATH": os.environ["PATH"]}
        )

    def _table(self, name: str, rows: int, **columns: Cells) -> None:
        lines = [",".join(["id", *columns])]
        lines += [",".join(str(v) for v in (i, *(cell(i) for cell in columns.values()))) for i in range(rows)]
        (self.folder / name).write_text("\n".join(lines) + "\n")

    def outcomes(self) -> dict[str, tuple[str, str | None]]:
        found = json.loads((self.folder / "out" / "evaluation.json").read_bytes())
        assert found["verdict"] == "inconclusive"
        return {
            check["id"].split("/", 1)[1]: (check["outcome"], check["reason"]) for check in found["checks"]
        }


@pytest.fixture
def play(tmp_path: Path) -> Play:
    return Play(tmp_path)


def test_one_row(play: Play) -> None:
    code = play.code(
        1, "roc_auc: {min: 0}, log_loss: {max: 99}", label=lambda i: 1, given_score=lambda i: 0.5
    )
    assert code == COULD_NOT_DECIDE
    assert play.outcomes() == {
        "roc_auc/min": ("error", "no negatives"),
        "log_loss/max": ("inconclusive", "a single row"),
    }


def test_single_class(play: Play) -> None:
    names = ("roc_auc", "average_precision", "recall", "f1", "mcc", "balanced_accuracy")
    asked = ", ".join(f"{name}: {{min: 0}}" for name in names)
    assert play.code(50, asked, label=lambda i: 0, given_score=lambda i: i / 50) == COULD_NOT_DECIDE
    outcomes = play.outcomes()
    assert outcomes.pop("balanced_accuracy/min") == ("error", "a single class")
    assert set(outcomes.values()) == {("error", "no positives")}
    assert len(outcomes) == len(names) - 1


def test_constant_score(play: Play) -> None:
    asked = "log_loss: {max: 0.8}, mcc: {min: -1}"
    code = play.code(50, asked, label=lambda i: i % 2, given_score=lambda i: 0.5)
    assert code == COULD_NOT_DECIDE
    assert play.outcomes() == {
        "log_loss/max": (
            "inconclusive",
            "every row has the same value, so there is no telling how it varies",
        ),
        "mcc/min": ("error", "no predicted negatives"),
    }


def test_constant_label_of_a_regression(play: Play) -> None:
    code = play.code(20, "r2: {min: -9}", "regression", label=lambda i: 3, given_prediction=lambda i: i)
    assert code == COULD_NOT_DECIDE
    assert play.outcomes() == {"r2/min": ("error", "all labels are the same")}


def test_label_of_0_where_errors_are_shares_of_it(play: Play) -> None:
    code = play.code(20, "mape: {max: 9}", "regression", label=lambda i: i, given_prediction=lambda i: i + 1)
    assert code == COULD_NOT_DECIDE
    assert play.outcomes() == {"mape/max": ("error", "1 labels are 0")}


def test_few_positives(play: Play) -> None:
    code = play.code(500, "roc_auc: {min: 0.01}", label=lambda i: int(i < 9), given_score=lambda i: -i)
    assert code == COULD_NOT_DECIDE
    assert play.outcomes() == {"roc_auc/min": ("inconclusive", "under 10 positives")}


@pytest.mark.parametrize("cell", ["1e61", "-1e308"])
@pytest.mark.parametrize(
    ("task", "asked", "column"),
    [
        ("binary", "cost: {max: 1, column: cost, direction: lower}", "cost"),
        ("binary", "roc_auc: {min: 0}", "score"),
        ("regression", "rmse: {max: 1}", "prediction"),
    ],
)
def test_number_that_no_sum_can_hold(play: Play, cell: str, task: str, asked: str, column: str) -> None:
    columns: dict[str, Cells] = {f"given_{column}": lambda i: cell if i == 3 else 1}
    if column == "cost":
        columns["given_score"] = lambda i: 0.5
    with pytest.raises(BadInput) as caught:
        play.code(20, asked, task, label=lambda i: i % 2, **columns)
    assert str(caught.value).startswith(
        f'predictions.csv:5: column "{column}" holds {cell.replace("e", "e+")}'
    )
    assert str(caught.value).endswith("expected numbers up to 1e+60: correct it, or remove the row")


def test_label_that_no_sum_can_hold(play: Play) -> None:
    with pytest.raises(BadInput, match=r'^test\.csv:2: column "label" holds 1e\+61; expected numbers up to'):
        play.code(
            20, "rmse: {max: 1}", "regression", label=lambda i: 10**61 - i, given_prediction=lambda i: i
        )


def test_label_column_in_the_predictions_counts_for_nothing(play: Play) -> None:
    """Whoever writes the truth beside the scores gains nothing by it."""
    code = play.code(
        40,
        "roc_auc: {min: 0.9}",
        label=lambda i: i % 2,
        given_score=lambda i: i // 2 / 20,
        given_label=lambda i: i % 2,
    )
    assert code != PASSED


def test_dates_are_text(play: Play) -> None:
    code = play.code(
        40,
        "roc_auc: {min: 0.1}",
        label=lambda i: i % 2,
        given_score=lambda i: i % 2,
        given_day=lambda i: f"9999-12-{i:02}",
    )
    assert code == PASSED
