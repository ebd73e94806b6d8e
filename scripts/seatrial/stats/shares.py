"""Metrics that are shares of rows: accuracy, recall, precision and their kin, with Wilson's interval."""

import math

import numpy as np

from seatrial.stats.arm import Arm, JsonValue, unmeasured
from seatrial.stats.distributions import critical
from seatrial.stats.rows import Bools, Floats, Ints, Rows
from seatrial.stats.spread import Measured, at_least_two, clusters_of, design_effect, doubt


def wilson(hits: float, trials: float, z: float) -> tuple[float, float]:
    """Wilson's (1927) score interval; trials may be an effective, fractional number."""
    p = hits / trials
    square = z * z
    middle = (p + square / (2 * trials)) / (1 + square / trials)
    reach = z * math.sqrt(p * (1 - p) / trials + square / (4 * trials * trials)) / (1 + square / trials)
    low = 0.0 if hits == 0 else max(0.0, middle - reach)
    high = 1.0 if hits == trials else min(1.0, middle + reach)
    return min(low, p), max(high, p)


def share(hits: Bools, trials: Bools | None, rows: Rows, empty: str) -> Measured:
    """The share of trials that are hits."""
    n = len(rows)
    m = n if trials is None else int(np.count_nonzero(trials))
    if m == 0:
        return Measured(unmeasured("share", n, empty if n else "no rows"), np.zeros(n))
    k = int(np.count_nonzero(hits))
    p = k / m
    counted = 1.0 if trials is None else trials.astype(np.float64)
    influence: Floats = (hits.astype(np.float64) - p * counted) * (n / m)
    units = clusters_of(rows.cluster, trials)
    effect = design_effect(influence, rows.cluster, p * (1 - p) / m, m, trials)
    parameters: dict[str, JsonValue] = {
        "hits": k,
        "trials": m,
        "effect": effect,
        "clusters": at_least_two(units),
    }
    return Measured(Arm("share", p, n, parameters, doubt(rows.cluster, trials)), influence)


def predicted(rows: Rows, cut: float | None, metric: str) -> Bools:
    """Which rows are predicted positive: score at or above the cut (0.5 unless stated)."""
    if rows.score is None and rows.prediction is not None:
        return np.asarray(rows.prediction == 1)
    return np.asarray(rows.need("score", metric) >= (0.5 if cut is None else cut))


def accuracy(rows: Rows, cut: float | None) -> Measured:
    """Share of rows that are right."""
    label = rows.need("label", "accuracy")
    if rows.task == "binary":
        return share(predicted(rows, cut, "accuracy") == (label == 1), None, rows, "no rows")
    return share(chosen(rows, "accuracy") == label, None, rows, "no rows")


def recall(rows: Rows, cut: float | None) -> Measured:
    """Share of positives that are predicted positive."""
    positive = rows.need("label", "recall") == 1
    return share(positive & predicted(rows, cut, "recall"), positive, rows, "no positives")


def precision(rows: Rows, cut: float | None) -> Measured:
    """Share of predicted positives that are positive."""
    chosen_rows = predicted(rows, cut, "precision")
    positive = rows.need("label", "precision") == 1
    return share(positive & chosen_rows, chosen_rows, rows, "no predicted positives")


def selection_rate(rows: Rows, cut: float | None) -> Measured:
    """Share of rows that are predicted positive (demographic parity compares it between groups)."""
    return share(predicted(rows, cut, "selection_rate"), None, rows, "no rows")


def false_positive_rate(rows: Rows, cut: float | None) -> Measured:
    """Share of negatives that are predicted positive."""
    negative = rows.need("label", "false_positive_rate") == 0
    hits = negative & predicted(rows, cut, "false_positive_rate")
    return share(hits, negative, rows, "no negatives")


def chosen(rows: Rows, metric: str) -> Ints:
    """The predicted class of each row: as given, else the most probable."""
    if rows.prediction is not None:
        return np.asarray(rows.prediction, dtype=np.int64)
    table: Floats = rows.need("probabilities", metric)
    top: Ints = np.argmax(table, axis=1).astype(np.int64)
    return top


def top_k_accuracy(rows: Rows, k: int | None) -> Measured:
    """Share of rows whose class is among the k most probable (ties as scikit-learn breaks them)."""
    k = 5 if k is None else k
    if k < 1:
        raise ValueError(f"k is {k}, expected at least 1")
    label = rows.need("label", "top_k_accuracy")
    table = rows.need("probabilities", "top_k_accuracy")
    own = table[np.arange(len(label)), label][:, None]
    later = np.arange(table.shape[1])[None, :] > label[:, None]
    ahead = np.count_nonzero((table > own) | ((table == own) & later), axis=1)
    return share(ahead < k, None, rows, "no rows")


def interval(arm: Arm, level: float) -> tuple[float, float]:
    """Wilson with the effective number of trials."""
    hits, trials, effect = arm.whole("hits"), arm.whole("trials"), arm.real("effect")
    if hits > trials:
        raise ValueError("a share has more hits than trials")
    arm.agrees(hits / trials)
    return wilson(hits / effect, trials / effect, critical(level, arm.clusters))
