"""The rows of one arm, aligned and checked: what every metric is measured on."""

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]
Task: TypeAlias = Literal["binary", "multiclass", "regression"]

LARGEST = 1e60  # the fourth power of a value is still a number

TASKS = ("binary", "multiclass", "regression")


@dataclass(frozen=True, eq=False)
class Rows:
    """Arrays of equal length; those that a task or metric does not use stay None.

    binary: label 0/1 and score. multiclass: label as codes from 0, probabilities (n, classes)
    and/or prediction as codes. regression: label and prediction. A user's own metric: values.
    cluster: codes of groups of rows that are not independent of each other.
    """

    task: str
    label: Any = None
    score: Any = None
    probabilities: Any = None
    prediction: Any = None
    values: Any = None
    cluster: Any = None

    def __post_init__(self) -> None:
        if self.task not in TASKS:
            raise ValueError(f"task is {self.task!r}, expected one of {', '.join(TASKS)}")
        real = self.task == "regression"
        put = object.__setattr__
        put(self, "label", _floats(self.label, "label") if real else _codes(self.label, "label"))
        put(self, "prediction", (_floats if real else _codes)(self.prediction, "prediction"))
        put(self, "score", _floats(self.score, "score"))
        put(self, "values", _floats(self.values, "values"))
        put(self, "probabilities", _floats(self.probabilities, "probabilities", dimensions=2))
        put(self, "cluster", _compact(_codes(self.cluster, "cluster")))
        lengths = {len(array) for array in self._arrays().values()}
        if len(lengths) > 1:
            raise ValueError("arrays of one arm differ in length")
        if not lengths:
            raise ValueError("rows without any array")
        if self.task == "binary" and self.label is not None and self.label.size and self.label.max() > 1:
            raise ValueError("a binary label is 0 or 1")
        if self.probabilities is not None and self.label is not None and self.label.size:
            classes = self.probabilities.shape[1]
            if self.task == "multiclass" and self.label.max() >= classes:
                raise ValueError(f"a label's code is beyond the {classes} classes that have probabilities")

    def __len__(self) -> int:
        return len(next(iter(self._arrays().values())))

    def take(self, index: Any) -> "Rows":
        """Some of the rows: a slice."""
        chosen = {name: array[index] for name, array in self._arrays().items()}
        return Rows(self.task, **chosen)

    def equals(self, other: "Rows") -> bool:
        """Whether both say the same of every row, scores and all."""
        mine, theirs = self._arrays(), other._arrays()
        return mine.keys() == theirs.keys() and all(np.array_equal(mine[n], theirs[n]) for n in mine)

    def _arrays(self) -> dict[str, Any]:
        names = ("label", "score", "probabilities", "prediction", "values", "cluster")
        return {name: array for name in names if (array := getattr(self, name)) is not None}

    def need(self, name: str, metric: str) -> Any:
        """An array that a metric cannot do without."""
        array = getattr(self, name)
        if array is None:
            raise ValueError(f"{metric} needs {name}")
        return array

    def unit_interval(self, name: str, metric: str) -> Floats:
        """An array of probabilities."""
        array: Floats = self.need(name, metric)
        if array.size and (array.min() < 0 or array.max() > 1):
            raise ValueError(f"{metric} needs probabilities, {name} has a value outside 0 to 1")
        return array


def _floats(array: Any, name: str, dimensions: int = 1) -> Floats | None:
    if array is None:
        return None
    found = np.ascontiguousarray(array, dtype=np.float64)
    if found.ndim != dimensions:
        raise ValueError(f"{name} has {found.ndim} dimensions, expected {dimensions}")
    if not np.isfinite(found).all():
        raise ValueError(f"{name} has a value that is not finite")
    if found.size and max(-found.min(), found.max()) > LARGEST:
        raise ValueError(f"{name} has a value beyond {LARGEST:g}")
    return found


def _codes(array: Any, name: str) -> Ints | None:
    if array is None:
        return None
    given = np.asarray(array)
    if given.dtype.kind not in "iub":
        raise ValueError(f"{name} is of type {given.dtype}, expected whole numbers")
    found = np.ascontiguousarray(given, dtype=np.int64)
    if found.ndim != 1:
        raise ValueError(f"{name} has {found.ndim} dimensions, expected 1")
    if found.size and found.min() < 0:
        raise ValueError(f"{name} has a negative code")
    return found


def _compact(codes: Ints | None) -> Ints | None:
    """Codes close to 0, so that sums per cluster need little memory."""
    if codes is None or not codes.size or codes.max() < 4 * codes.size:
        return codes
    return np.unique(codes, return_inverse=True)[1].astype(np.int64)
