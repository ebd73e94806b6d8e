"""An arm's evidence for one metric: an estimate with the few counts and sums its interval needs.

It travels as JSON inside a Decision, and a Decision may come from a stranger,
so it is read strictly: anything odd is a ValueError, never a crash later on.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"

LARGEST = 2**53  # beyond it JSON numbers lose their last digit
MOST_BINS = 100  # of the calibration error; its interval takes memory and time with each
WORDIEST = 500  # characters of a reason


@dataclass(frozen=True)
class Arm:
    """What one model scored on one metric, as evidence.

    estimate None: it could not be measured. reason: why not, or why there is no interval.
    """

    method: str
    estimate: float | None
    n: int
    parameters: dict[str, JsonValue]
    reason: str | None = None

    def whole(self, name: str) -> int:
        """A parameter that is a count."""
        return count(self.parameters.get(name))

    def real(self, name: str) -> float:
        """A parameter that is a number."""
        return number(self.parameters.get(name))

    def wholes(self, name: str) -> list[int]:
        """A parameter that is a list of counts."""
        value = self.parameters.get(name)
        if not isinstance(value, list):
            raise ValueError(f"{name} is not a list")
        return [count(entry) for entry in value]

    def reals(self, name: str) -> list[float]:
        """A parameter that is a list of numbers."""
        value = self.parameters.get(name)
        if not isinstance(value, list):
            raise ValueError(f"{name} is not a list")
        return [number(entry) for entry in value]

    @property
    def clusters(self) -> int | None:
        """The number of clusters, None for independent rows."""
        return clusters(self.parameters.get("clusters"))

    def agrees(self, expected: float) -> float:
        """The estimate, which must be what the parameters say it is."""
        if self.estimate is None or not abs(self.estimate - expected) <= 1e-9 * max(1.0, abs(expected)):
            raise ValueError(f"the estimate of {self.method} does not follow from its counts and sums")
        return self.estimate

    def to_json(self) -> dict[str, JsonValue]:
        """As plain JSON values."""
        return {
            "method": self.method,
            "estimate": self.estimate,
            "n": self.n,
            "parameters": dict(self.parameters),
            "reason": self.reason,
        }

    @staticmethod
    def from_json(data: object) -> "Arm":
        """Read strictly; ValueError on anything that `to_json` would not have written."""
        if not isinstance(data, Mapping) or set(data) != {"method", "estimate", "n", "parameters", "reason"}:
            raise ValueError("an arm has exactly method, estimate, n, parameters and reason")
        method, reason, parameters = data["method"], data["reason"], data["parameters"]
        if not isinstance(method, str) or method not in SHAPES:
            raise ValueError("an arm's method is not one we know")
        if reason is not None and (not isinstance(reason, str) or len(reason) > WORDIEST):
            raise ValueError("an arm's reason is a short text or null")
        estimate = None if data["estimate"] is None else number(data["estimate"])
        if estimate is None and reason is None:
            raise ValueError("an arm without an estimate gives a reason")
        n = count(data["n"])
        if not isinstance(parameters, Mapping):
            raise ValueError("an arm's parameters are an object")
        if not parameters and reason is not None:
            return Arm(method, estimate, n, {}, reason)
        shape = SHAPES[method]
        parameters = LATER.get(method, {}) | dict(parameters)
        if set(parameters) != set(shape):
            raise ValueError(f"parameters of {method} are {', '.join(sorted(shape))}")
        return Arm(method, estimate, n, {name: shape[name](parameters[name]) for name in shape}, reason)


def unmeasured(method: str, n: int, reason: str) -> Arm:
    """An arm that says why there is no estimate."""
    return Arm(method, None, n, {}, reason)


def number(value: object) -> float:
    """A finite number (a whole one too: JSON writers drop `.0`)."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("expected a number")
    if not abs(value) < 1e300 or not math.isfinite(value):
        raise ValueError("expected a finite number")
    return float(value)


def count(value: object) -> int:
    """A whole number from 0."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST:
        raise ValueError("expected a count")
    return value


def positive(value: object) -> int:
    """A whole number from 1."""
    if (found := count(value)) < 1:
        raise ValueError("expected a count of at least 1")
    return found


def spread(value: object) -> float:
    """A finite number from 0: a variance."""
    if (found := number(value)) < 0:
        raise ValueError("expected a number that is not negative")
    return found


def effect(value: object) -> float:
    """A design effect: 1 for independent rows, more with clusters."""
    if (found := number(value)) < 1:
        raise ValueError("expected a design effect of at least 1")
    return found


def clusters(value: object) -> int | None:
    """The number of clusters, null when rows are independent."""
    if value is None:
        return None
    if (found := count(value)) < 2:
        raise ValueError("expected at least 2 clusters")
    return found


def list_of(kind: Callable[[object], JsonValue], longest: int = 1_000) -> Callable[[object], JsonValue]:
    """A list, not empty and not endless."""

    def read(value: object) -> JsonValue:
        if not isinstance(value, list | tuple) or not 0 < len(value) <= longest:
            raise ValueError(f"expected a list of 1 to {longest} entries")
        return [kind(entry) for entry in value]

    return read


def optional(kind: Callable[[object], JsonValue]) -> Callable[[object], JsonValue]:
    """The kind, or null."""
    return lambda value: None if value is None else kind(value)


Shape: TypeAlias = Mapping[str, Callable[[object], JsonValue]]
_COMMON: Shape = {"effect": effect, "clusters": clusters}

# What was added to a method's evidence, with what its absence means in a Decision from before.
LATER: Mapping[str, dict[str, JsonValue]] = {"quantile": {"effect": 1.0, "units": 100_001}}

# What each method keeps; `intervals.METHODS` has the same keys.
SHAPES: Mapping[str, Shape] = {
    "share": {"hits": count, "trials": positive, **_COMMON},
    "shares_mean": {"hits": list_of(count), "trials": list_of(positive), **_COMMON},
    "f1": {"tp": count, "fp": count, "fn": count, **_COMMON},
    "mcc": {"tp": count, "fp": count, "fn": count, "tn": count, **_COMMON},
    "macro_f1": {"variance": spread, "rows": positive, "freedom": positive, "clusters": clusters},
    "rank": {
        "positives": positive,
        "negatives": positive,
        "spread_positives": spread,
        "spread_negatives": spread,
        "freedom": positive,
        **_COMMON,
    },
    "precision": {
        "positives": positive,
        "rows": positive,
        "variance": spread,
        "freedom": positive,
        **_COMMON,
    },
    "mean": {"variance": spread, "skewness": number, "freedom": positive, "clusters": clusters},
    "root_mean": {"variance": spread, "skewness": number, "freedom": positive, "clusters": clusters},
    "log_ratio": {"variance": spread, "freedom": positive, "clusters": clusters},
    "quantile": {
        "share": number,
        "ranks": list_of(positive),
        "values": list_of(number),
        "effect": effect,
        "units": positive,
    },
    "exact": {"value": number},
    "median": {"ranks": list_of(positive), "values": list_of(number), **_COMMON},
    "calibration": {
        "counts": list_of(count, MOST_BINS),
        "sums": list_of(number, MOST_BINS),
        "squares": list_of(spread, MOST_BINS),
        "covariance": optional(list_of(list_of(number, MOST_BINS), MOST_BINS)),
        "clusters": clusters,
    },
}
