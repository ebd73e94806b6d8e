"""Rows -> the few hundred numbers that a report's plots are drawn from."""

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np

from seatrial.stats.calibration import forecasts
from seatrial.stats.distributions import critical
from seatrial.stats.pictures import Band, Calibration, Histogram, Pictures
from seatrial.stats.rows import Bools, Floats, Ints, Rows

Arms: TypeAlias = Mapping[str, Rows]

POINTS = 200
GROUPS = 12
BARS = 30
LEVEL = 0.95


def pictures(task: str, arms: Arms) -> Pictures:
    """All pictures that the arms' rows allow."""
    arms = {name: rows for name, rows in arms.items() if len(rows) and rows.label is not None}
    if task == "binary":
        return _binary({name: rows for name, rows in arms.items() if rows.score is not None})
    if task == "multiclass":
        return _multiclass({name: rows for name, rows in arms.items() if rows.probabilities is not None})
    return _regression({name: rows for name, rows in arms.items() if rows.prediction is not None})


def _binary(arms: Arms) -> Pictures:
    both = {name: rows for name, rows in arms.items() if 0 < rows.label.sum() < len(rows)}
    stated = {n: rows for n, rows in arms.items() if rows.score.min() >= 0 and rows.score.max() <= 1}
    whole = len(stated) == len(arms)
    edges = np.linspace(0, 1, BARS + 1) if whole else _edges([rows.score for rows in arms.values()])
    return Pictures(
        roc={name: roc(rows.label == 1, rows.score) for name, rows in both.items()},
        precision_recall={name: precision_recall(rows.label == 1, rows.score) for name, rows in both.items()},
        calibration={
            name: shares(rows.score, rows.label.astype(np.float64)) for name, rows in stated.items()
        },
        histogram={
            name: histogram(
                edges, {"negative": rows.score[rows.label == 0], "positive": rows.score[rows.label == 1]}
            )
            for name, rows in arms.items()
        },
    )


def _multiclass(arms: Arms) -> Pictures:
    edges = np.linspace(0, 1, BARS + 1)
    calibration, bars = {}, {}
    for name, rows in arms.items():
        probability, right = forecasts(rows, "calibration")
        calibration[name] = shares(probability, right)
        bars[name] = histogram(edges, {"wrong": probability[right == 0], "right": probability[right == 1]})
    return Pictures("multiclass", calibration=calibration, histogram=bars)


def _regression(arms: Arms) -> Pictures:
    residuals = {name: rows.prediction - rows.label for name, rows in arms.items()}
    edges = _edges(list(residuals.values()))
    return Pictures(
        "regression",
        calibration={name: means(rows.prediction, rows.label) for name, rows in arms.items()},
        histogram={name: histogram(edges, {"residual": values}) for name, values in residuals.items()},
    )


def _thresholds(positive: Bools, score: Floats) -> tuple[Floats, Floats]:
    """True and false positives at each distinct score, from the highest down."""
    order = np.argsort(-score, kind="stable")
    ranked = score[order]
    last = np.append(np.flatnonzero(ranked[1:] != ranked[:-1]), len(ranked) - 1)
    hits = np.cumsum(positive[order])[last].astype(np.float64)
    return hits, last + 1.0 - hits


def _some(way: Floats) -> Ints:
    """Places at even steps of a rising quantity, the ends among them."""
    targets = np.linspace(way[0], way[-1], POINTS)
    return np.unique(np.searchsorted(way, targets).clip(0, len(way) - 1))


def wilson_ends(hits: Floats, trials: Floats) -> tuple[Floats, Floats]:
    """Wilson's interval of many shares at once."""
    z = critical(LEVEL, None)
    p = hits / trials
    middle = (p + z * z / (2 * trials)) / (1 + z * z / trials)
    reach = z * np.sqrt(p * (1 - p) / trials + z * z / (4 * trials**2)) / (1 + z * z / trials)
    return np.minimum(p, (middle - reach).clip(0, 1)), np.maximum(p, (middle + reach).clip(0, 1))


def roc(positive: Bools, score: Floats) -> Band:
    """True positive rate over false positive rate, from (0, 0) to (1, 1)."""
    hits, alarms = (np.append(0.0, each) for each in _thresholds(positive, score))
    where = _some(hits / hits[-1] + alarms / alarms[-1])
    low, high = wilson_ends(hits[where], np.full(len(where), hits[-1]))
    return _band(alarms[where] / alarms[-1], hits[where] / hits[-1], low, high)


def precision_recall(positive: Bools, score: Floats) -> Band:
    """Precision over recall, from the first threshold that finds a positive."""
    hits, alarms = _thresholds(positive, score)
    found = hits > 0
    hits, alarms = hits[found], alarms[found]
    chosen = hits + alarms
    where = _some(hits / hits[-1] + np.log(chosen) / max(np.log(chosen[-1]), 1e-9))
    low, high = wilson_ends(hits[where], chosen[where])
    return _band(hits[where] / hits[-1], hits[where] / chosen[where], low, high)


def _band(x: Floats, y: Floats, low: Floats, high: Floats) -> Band:
    return Band(_tuple(x), _tuple(y), _tuple(low), _tuple(high))


def _tuple(values: Floats) -> tuple[float, ...]:
    return tuple(float(value) for value in values)


def _groups(predicted: Floats) -> tuple[Ints, Ints]:
    """Each row's group of about equal size (equal predictions stay together), and the groups' sizes."""
    inner = np.unique(np.quantile(predicted, np.linspace(0, 1, GROUPS + 1)[1:-1]))
    group = np.searchsorted(inner, predicted, side="right")
    used, place = np.unique(group, return_inverse=True)
    return place.astype(np.int64), np.bincount(place, minlength=len(used))


def shares(predicted: Floats, outcome: Floats) -> Calibration:
    """Stated probability against how often it came true."""
    group, rows = _groups(predicted)
    hits: Floats = np.bincount(group, weights=outcome, minlength=len(rows)).astype(np.float64)
    low, high = wilson_ends(hits, rows.astype(np.float64))
    return _calibration(group, rows, predicted, (hits / rows, low, high))


def means(predicted: Floats, observed: Floats) -> Calibration:
    """Prediction against the mean of what was observed; groups of a single row have no bars."""
    group, rows = _groups(predicted)
    mean: Floats = np.bincount(group, weights=observed, minlength=len(rows)) / rows
    squares = np.bincount(group, weights=(observed - mean[group]) ** 2, minlength=len(rows))
    error = np.sqrt(squares / np.maximum(rows - 1, 1) / rows)
    reach = np.array([critical(LEVEL, max(int(size), 2)) for size in rows]) * error
    return _calibration(group, rows, predicted, (mean, mean - reach, mean + reach))


def _calibration(
    group: Ints, rows: Ints, predicted: Floats, observed: tuple[Floats, Floats, Floats]
) -> Calibration:
    middle: Floats = np.bincount(group, weights=predicted, minlength=len(rows)) / rows
    mean, low, high = (_tuple(each) for each in observed)
    return Calibration(_tuple(middle), mean, low, high, tuple(int(size) for size in rows))


def _edges(samples: list[Floats]) -> Floats:
    """Even bars over what nearly all values span; the few beyond are counted in the outermost bars."""
    if not samples:
        return np.linspace(0, 1, BARS + 1)
    low, high = np.quantile(np.concatenate(samples), [0.002, 0.998])
    if not high > low:
        low, high = low - 0.5, high + 0.5
    return np.linspace(low, high, BARS + 1)


def histogram(edges: Floats, groups: Mapping[str, Floats]) -> Histogram:
    """Counts of each group between the edges."""
    counts = {
        name: tuple(int(c) for c in np.histogram(values.clip(edges[0], edges[-1]), edges)[0])
        for name, values in groups.items()
    }
    return Histogram(_tuple(edges), counts)
