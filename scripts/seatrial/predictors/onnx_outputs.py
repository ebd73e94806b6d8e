"""What an ONNX model gives, as the columns of a predictions file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seatrial.engines.files.cells import quoted
from seatrial.engines.tables import packed
from seatrial.engines.tables.table import Column, Table
from seatrial.errors import BadInput, Location
from seatrial.predictors.labels import Scalar, spelled

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Result:
    """One output. matrix: (rows, k) of floats. keys: of a map, its labels. labels: of a label output, its "
    "texts."""

    name: str
    matrix: Floats | None = None
    keys: tuple[str, ...] | None = None
    labels: list[str] | None = None


def read(folder: Path, listed: object) -> list[Result]:
    """The child's outputs."""
    assert isinstance(listed, list)
    results: list[Result] = []
    for number, entry in enumerate(listed):
        name = str(entry["name"])
        match entry["kind"]:
            case "floats" | "map":
                matrix = np.load(folder / f"{number}.npy", allow_pickle=False)
                keys = tuple(spelled(key) for key in entry["keys"]) if entry["kind"] == "map" else None
                results.append(Result(name, matrix, keys))
            case "labels":
                texts = packed.read(folder / str(number))["labels"].values
                assert isinstance(texts, list)
                results.append(Result(name, labels=[spelled(text) for text in texts]))
    return results


@dataclass(frozen=True)
class Classes:
    """What the policy says of the task and its labels."""

    task: str
    positive: Scalar | None = None
    names: tuple[str, ...] = ()


def as_columns(results: Sequence[Result], data: Table, asked: Classes, model: str) -> Mapping[str, Column]:
    """score, p_<class> or prediction, in the order of the data."""
    place = Location(model)
    chosen = _chosen(results, asked.task, place)
    matrix = chosen.matrix
    assert matrix is not None
    _refuse_not_finite(matrix, data, place)
    if asked.task == "regression":
        if matrix.shape[1] != 1:
            raise BadInput(
                f"output {quoted(chosen.name)} has {matrix.shape[1]} columns; a regression has one: set "
                "`task`",
                location=place,
            )
        return {"prediction": Column("prediction", "number", matrix[:, 0])}
    if asked.task == "binary":
        return {"score": Column("score", "number", _score(chosen, results, asked.positive, place))}
    names = chosen.keys or asked.names or tuple(str(k) for k in range(matrix.shape[1]))
    if matrix.shape[1] != len(names):
        raise BadInput(
            f"output {quoted(chosen.name)} has {matrix.shape[1]} columns for {len(names)} classes; list all "
            "classes in "
            "the model's order under `classes`",
            location=place,
        )
    _refuse_other_order(chosen, results, names, place)
    return {f"p_{name}": Column(f"p_{name}", "number", matrix[:, k]) for k, name in enumerate(names)}


def _chosen(results: Sequence[Result], task: str, place: Location) -> Result:
    """The output that holds probabilities, or the number of a regression."""
    numeric = [result for result in results if result.matrix is not None]
    if task != "regression":
        maps = [result for result in numeric if result.keys is not None]
        named = [result for result in numeric if "prob" in result.name.lower()]
        for some in (maps, named):
            if len(some) == 1:
                return some[0]
    if len(numeric) == 1:
        return numeric[0]
    names = ", ".join(quoted(result.name) for result in results[:5])
    what = "numbers" if task == "regression" else "probabilities (a map, or a float tensor)"
    raise BadInput(
        f"expected one output with {what}, found {len(numeric)} among {names or 'none'}; export the model "
        "with one",
        location=place,
    )


def _score(chosen: Result, results: Sequence[Result], positive: Scalar | None, place: Location) -> Floats:
    matrix = chosen.matrix
    assert matrix is not None
    width = matrix.shape[1]
    if width == 1 and chosen.keys is None:
        return np.ascontiguousarray(matrix[:, 0])
    names = chosen.keys or _order_seen(chosen, results, place)
    wanted = ("1", "true") if positive is None else (spelled(positive),)
    if width != 2:
        raise BadInput(
            f"output {quoted(chosen.name)} has {width} columns; a binary task has two classes: set `task: "
            "multiclass`",
            location=place,
        )
    if names is None:
        # By convention of every exporter, when a model does not say: negative first.
        return np.ascontiguousarray(matrix[:, 1])
    at = next((names.index(name) for name in wanted if name in names), None)
    if at is None:
        raise BadInput(
            f"the model's classes are {', '.join(map(quoted, names))}, without the positive label "
            f"{' or '.join(map(quoted, wanted))}; correct `positive`",
            location=place,
        )
    return np.ascontiguousarray(matrix[:, at])


def _order_seen(chosen: Result, results: Sequence[Result], place: Location) -> tuple[str, ...] | None:
    """Classes in the order of the columns, told from the rows: the label output names the most probable "
    "one."""
    seen = _labels_of_columns(chosen, results, place)
    if seen is None or not seen:
        return None
    labels = next(result.labels for result in results if result.labels is not None)
    known = set(labels)
    if len(seen) == 2:
        return seen[0], seen[1]
    # Only one class was ever predicted; the other's name is told only for 0 and 1.
    (at, label), other = next(iter(seen.items())), {"0": "1", "1": "0", "true": "false", "false": "true"}
    if label not in other or len(known) > 1:
        return None
    pair = (label, other[label])
    return pair if at == 0 else (pair[1], pair[0])


def _labels_of_columns(chosen: Result, results: Sequence[Result], place: Location) -> dict[int, str] | None:
    labels = next((result.labels for result in results if result.labels is not None), None)
    matrix = chosen.matrix
    assert matrix is not None
    if labels is None or matrix.shape[1] < 2:
        return None
    top = np.argmax(matrix, axis=1)
    # A tie says nothing about the order.
    clear = np.count_nonzero(matrix == matrix.max(axis=1, keepdims=True), axis=1) == 1
    seen: dict[int, str] = {}
    for at in range(matrix.shape[1]):
        names = {labels[row] for row in np.flatnonzero(clear & (top == at))}
        if len(names) > 1:
            return None  # the label output is not the most probable class: a threshold of the model's own
        if names:
            seen[at] = names.pop()
    return seen


def _refuse_other_order(
    chosen: Result, results: Sequence[Result], names: Sequence[str], place: Location
) -> None:
    seen = _labels_of_columns(chosen, results, place) if chosen.keys is None else None
    for at, label in (seen or {}).items():
        if names[at] != label and label in names:
            raise BadInput(
                f"column {at + 1} of output {quoted(chosen.name)} belongs to class {quoted(label)}, but "
                "`classes` has "
                f"{quoted(names[at])} there; list the classes in the model's order",
                location=place,
            )


def _refuse_not_finite(matrix: Floats, data: Table, place: Location) -> None:
    wrong = np.flatnonzero(~np.isfinite(matrix).all(axis=1))
    if wrong.size:
        fault = data.fault(int(wrong[0]), "").location
        where = str(fault) if fault is not None and fault.line is not None else f"row {int(wrong[0]) + 1}"
        raise BadInput(
            f"the model gives NaN or infinity for {wrong.size:,} rows, the first being {where}; expected "
            "finite "
            "numbers: fill in missing features, or let the model do so",
            location=place,
        )
