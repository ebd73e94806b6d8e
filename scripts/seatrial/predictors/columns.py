"""What the columns of a predictions table mean for each task, checked before anything is measured."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from seatrial.engines.files.cells import quoted
from seatrial.engines.tables.table import Table, missing_column
from seatrial.errors import BadInput, Location
from seatrial.predictors import labels
from seatrial.predictors.labels import Codes, Scalar
from seatrial.stats.rows import LARGEST

Floats = NDArray[np.float64]
SUM_TOLERANCE = 1e-3


@dataclass(frozen=True, eq=False)
class Predicted:
    """One arm's predictions in the order of their table; what the task does not have is None."""

    score: Floats | None = None
    probabilities: Floats | None = None
    prediction: Floats | Codes | None = None
    values: Mapping[str, Floats] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def take(self, rows: NDArray[np.int64]) -> "Predicted":
        """In the order of the data, by the rows that a join found."""
        return Predicted(
            None if self.score is None else self.score[rows],
            None if self.probabilities is None else self.probabilities[rows],
            None if self.prediction is None else self.prediction[rows],
            {name: values[rows] for name, values in self.values.items()},
            self.notes,
        )


def truth(
    table: Table, column: str, task: str, *, positive: Scalar | None = None, classes: Sequence[str] = ()
) -> Floats | Codes:
    """The label column: 0/1, positions among the classes, or numbers."""
    if task == "binary":
        return labels.binary(table, column, positive)
    if task == "multiclass":
        return labels.multiclass(table, column, classes)
    return _measurable(table, column)


def predicted(
    table: Table,
    task: str,
    *,
    needs: Mapping[str, str],
    positive: Scalar | None = None,
    classes: Sequence[str] = (),
    values: Collection[str] = (),
) -> Predicted:
    """Read what the metrics need out of a predictions table.

    needs: for each of score, probability and prediction that a metric needs, the name of such a metric.
    values: columns of the user's own metrics.
    """
    columns = {name: _measurable(table, name) for name in values}
    if not {"score", "probability", "prediction"} & set(needs):
        return Predicted(values=columns)
    if task == "binary":
        return _binary(table, needs, positive, columns)
    if task == "multiclass":
        return _multiclass(table, needs, classes, columns)
    return Predicted(prediction=_measurable(table, _required(table, "prediction")), values=columns)


def _binary(
    table: Table, needs: Mapping[str, str], positive: Scalar | None, values: Mapping[str, Floats]
) -> Predicted:
    column = _score_column(table, positive)
    hard = "prediction" in table.columns
    if column is None:
        metric = needs.get("score") or needs.get("probability")
        if not hard:
            raise missing_column(table.path, "score", table.header, table.lines is not None)
        if metric is not None:
            raise BadInput(
                f"{metric} needs a score for each row, but the file has only hard labels in `prediction`; "
                "write a "
                "column `score` with the probability of the positive class",
                location=_header(table),
            )
        return Predicted(
            prediction=labels.binary(table, "prediction", positive, predicted=True), values=values
        )
    score = _measurable(table, column)
    if "probability" in needs:
        _refuse_outside_unit(table, column, score, needs["probability"])
    note = (
        (f'{quoted(table.path)} has both "{column}" and "prediction"; the score and the cut count',)
        if hard
        else ()
    )
    return Predicted(score=score, values=values, notes=note)


def _score_column(table: Table, positive: Scalar | None) -> str | None:
    named = {labels.spelled(name.removeprefix("p_")): name for name in table.columns if name.startswith("p_")}
    wanted = ["1", "true"] if positive is None else [labels.spelled(positive)]
    probability = next((named[label] for label in wanted if label in named), None)
    if "score" not in table.columns:
        if probability is not None and len(named) == 2:
            other = next(name for name in named.values() if name != probability)
            _refuse_wrong_sums(table, np.stack([table.numbers(probability), table.numbers(other)], axis=1))
        return probability
    if probability is not None:
        raise BadInput(
            f'the file has both "score" and {quoted(probability)}; expected one of them: remove the other',
            location=_header(table),
        )
    return "score"


def _multiclass(
    table: Table, needs: Mapping[str, str], classes: Sequence[str], values: Mapping[str, Floats]
) -> Predicted:
    named = {labels.spelled(name.removeprefix("p_")): name for name in table.columns if name.startswith("p_")}
    hard = labels.multiclass(table, "prediction", classes) if "prediction" in table.columns else None
    if not named:
        metric = needs.get("probability") or needs.get("score")
        if hard is None:
            raise BadInput(
                "the file has neither `prediction` nor a column p_<class> per class; write one of them",
                location=_header(table),
            )
        if metric is not None:
            raise BadInput(
                f"{metric} needs probabilities, but the file has only hard labels in `prediction`; write a "
                "column "
                "p_<class> for each class",
                location=_header(table),
            )
        return Predicted(prediction=hard, values=values)
    for name in classes:
        if name not in named:
            raise missing_column(table.path, f"p_{name}", table.header, table.lines is not None)
    for label, column in named.items():
        if label not in classes:
            raise BadInput(
                f"column {quoted(column)} is for a class that is not known; add it to `classes`, or remove "
                "it",
                location=_header(table),
            )
    metric = needs.get("probability") or "a class probability"
    parts = []
    for name in classes:
        part = table.numbers(named[name])
        _refuse_outside_unit(table, named[name], part, metric)
        parts.append(part)
    probabilities = np.stack(parts, axis=1)
    _refuse_wrong_sums(table, probabilities)
    likeliest = np.argmax(probabilities, axis=1).astype(np.int64)
    notes: tuple[str, ...] = ()
    if hard is None:
        hard = likeliest
    elif (differ := int(np.count_nonzero(hard != likeliest))) > 0:
        notes = (
            f"{quoted(table.path)}: in {differ:,} rows `prediction` is not the most probable class; metrics "
            "of decisions take `prediction`, metrics of probabilities the p_ columns",
        )
    return Predicted(probabilities=probabilities, prediction=hard, values=values, notes=notes)


def _refuse_outside_unit(table: Table, column: str, values: Floats, metric: str) -> None:
    outside = np.flatnonzero((values < 0) | (values > 1))
    if not outside.size:
        return
    row = int(outside[0])
    if values.min() >= 0 and values.max() <= 100:
        hint = "this looks like percent: divide by 100"
    elif metric == "a class probability":
        hint = "write probabilities"
    else:
        hint = f"write probabilities, or drop {metric}, which needs them"
    raise table.fault(
        row,
        f"column {quoted(column)} holds {float(values[row]):.12g}: {metric} needs a number from 0 to 1; "
        f"{hint}",
    )


def _refuse_wrong_sums(table: Table, probabilities: Floats) -> None:
    sums = probabilities.sum(axis=1)
    wrong = np.flatnonzero(np.abs(sums - 1) > SUM_TOLERANCE)
    if wrong.size:
        row = int(wrong[0])
        raise table.fault(
            row,
            f"the probabilities of the classes sum to {float(sums[row]):.6g} (in {wrong.size:,} rows in "
            "all); "
            "expected 1: write normalised probabilities of every class",
        )


def _measurable(table: Table, name: str) -> Floats:
    """Numbers whose squares can still be added up."""
    numbers = table.numbers(name)
    wrong = np.flatnonzero(np.abs(numbers) > LARGEST)
    if wrong.size:
        row = int(wrong[0])
        raise table.fault(
            row,
            f"column {quoted(name)} holds {numbers[row]:g}; expected numbers up to {LARGEST:g}: correct it, "
            "or remove the row",
        )
    return numbers


def _required(table: Table, name: str) -> str:
    if name not in table.columns:
        if "score" in table.columns:
            raise BadInput(
                f'the file has "score" but no {quoted(name)}; for a regression task rename it',
                location=_header(table),
            )
        raise missing_column(table.path, name, table.header, table.lines is not None)
    return name


def _header(table: Table) -> Location:
    return Location(table.path, 1 if table.lines is not None else None)
