"""What the plots of a report are drawn from: a few hundred numbers per picture, never the rows.

Arms are named "candidate" and "baseline". All sequences of one object have equal length.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Band:
    """A curve with a pointwise confidence band; x ascends."""

    x: tuple[float, ...]
    y: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True)
class Calibration:
    """Per bin: mean prediction, mean of what happened, its interval, and how many rows."""

    predicted: tuple[float, ...]
    observed: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    rows: tuple[int, ...]


@dataclass(frozen=True)
class Histogram:
    """Counts per bin for each named group; len(edges) is one more than each count's length."""

    edges: tuple[float, ...]
    counts: dict[str, tuple[int, ...]]


@dataclass(frozen=True)
class Pictures:
    """All pictures of one evaluation, by arm. Empty where a task has no such picture."""

    task: str = "binary"
    roc: dict[str, Band] = field(default_factory=dict)
    precision_recall: dict[str, Band] = field(default_factory=dict)
    calibration: dict[str, Calibration] = field(default_factory=dict)
    histogram: dict[str, Histogram] = field(default_factory=dict)
