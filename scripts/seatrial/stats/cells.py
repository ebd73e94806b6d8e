"""Metrics of the confusion matrix: f1, balanced accuracy, Matthews' correlation, macro f1."""

import math

import numpy as np

from seatrial.stats.arm import Arm, JsonValue, unmeasured
from seatrial.stats.distributions import critical
from seatrial.stats.rows import Floats, Ints, Rows
from seatrial.stats.shares import chosen, predicted, wilson
from seatrial.stats.spread import (
    Measured,
    at_least_two,
    clusters_of,
    design_effect,
    dot,
    doubt,
    freedom_of,
    variance_of,
)


def confusion(rows: Rows, cut: float | None, metric: str) -> tuple[Ints, tuple[int, int, int, int]]:
    """Each row's cell (0 tp, 1 fp, 2 fn, 3 tn) and the four counts."""
    positive = rows.need("label", metric) == 1
    chosen_rows = predicted(rows, cut, metric)
    cell = 3 - 2 * chosen_rows.astype(np.int64) - positive
    cell[positive & ~chosen_rows] = 2
    cell[~positive & chosen_rows] = 1
    tp, fp, fn, tn = (int(c) for c in np.bincount(cell, minlength=4))
    return cell, (tp, fp, fn, tn)


def f1(rows: Rows, cut: float | None) -> Measured:
    """2 tp / (2 tp + fp + fn), through the share J = tp / (tp + fp + fn)."""
    n = len(rows)
    cell, (tp, fp, fn, _) = confusion(rows, cut, "f1")
    if tp + fn == 0:
        return Measured(unmeasured("f1", n, "no positives" if n else "no rows"), np.zeros(n))
    m = tp + fp + fn
    j = tp / m
    slope = 2 / (1 + j) ** 2
    influence = (np.array([1 - j, -j, -j, 0.0]) * (slope * n / m))[cell]
    units = clusters_of(rows.cluster, cell < 3)
    effect = design_effect(influence, rows.cluster, slope**2 * j * (1 - j) / m, m, cell < 3)
    parameters: dict[str, JsonValue] = {
        "tp": tp, "fp": fp, "fn": fn, "effect": effect, "clusters": at_least_two(units),
    }  # fmt: skip
    return Measured(
        Arm("f1", 2 * tp / (2 * tp + fp + fn), n, parameters, doubt(rows.cluster, cell < 3)), influence
    )


def f1_interval(arm: Arm, level: float) -> tuple[float, float]:
    """F1 = 2J/(1+J) rises with J, and J is a share: Wilson's interval, mapped."""
    tp, fp, fn = arm.whole("tp"), arm.whole("fp"), arm.whole("fn")
    m = tp + fp + fn
    if m == 0:
        raise ValueError("f1 without positives")
    estimate = arm.agrees(2 * tp / (2 * tp + fp + fn))
    effect = arm.real("effect")
    low, high = wilson(tp / effect, m / effect, critical(level, arm.clusters))
    return min(2 * low / (1 + low), estimate), max(2 * high / (1 + high), estimate)


def balanced_accuracy(rows: Rows, cut: float | None) -> Measured:
    """The mean over classes of the share of the class that is right."""
    n = len(rows)
    label = rows.need("label", "balanced_accuracy")
    if rows.task == "binary":
        guess = predicted(rows, cut, "balanced_accuracy").astype(np.int64)
    else:
        guess = chosen(rows, "balanced_accuracy")
    sizes = np.bincount(label)
    classes = np.flatnonzero(sizes)
    if len(classes) < 2:
        return Measured(unmeasured("shares_mean", n, "a single class" if n else "no rows"), np.zeros(n))
    right = guess == label
    hits = np.bincount(label[right], minlength=len(sizes))
    rates = hits / np.maximum(sizes, 1)
    influence = (right - rates[label]) * (n / len(classes) / sizes[label])
    trials = sizes[classes]
    independent = float(np.sum(rates[classes] * (1 - rates[classes]) / trials)) / len(classes) ** 2
    units = clusters_of(rows.cluster)
    effect = design_effect(influence, rows.cluster, independent, n)
    parameters: dict[str, JsonValue] = {
        "hits": [int(h) for h in hits[classes]],
        "trials": [int(t) for t in trials],
        "effect": effect,
        "clusters": at_least_two(units),
    }
    estimate = float(np.mean(rates[classes]))
    return Measured(Arm("shares_mean", estimate, n, parameters, doubt(rows.cluster)), influence)


def shares_mean_interval(arm: Arm, level: float) -> tuple[float, float]:
    """MOVER: the distances to the ends of the Wilson intervals, added in squares (Zou & Donner 2008)."""
    hits, trials, effect = arm.wholes("hits"), arm.wholes("trials"), arm.real("effect")
    if len(hits) != len(trials) or any(h > t for h, t in zip(hits, trials, strict=True)):
        raise ValueError("a mean of shares has more hits than trials")
    shares = [h / t for h, t in zip(hits, trials, strict=True)]
    estimate = arm.agrees(sum(shares) / len(shares))
    z = critical(level, arm.clusters)
    below = above = 0.0
    for h, t, p in zip(hits, trials, shares, strict=True):
        low, high = wilson(h / effect, t / effect, z)
        below += (p - low) ** 2
        above += (high - p) ** 2
    classes = len(shares)
    return max(0.0, estimate - math.sqrt(below) / classes), min(1.0, estimate + math.sqrt(above) / classes)


def mcc(rows: Rows, cut: float | None) -> Measured:
    """Matthews' correlation of label and prediction."""
    n = len(rows)
    cell, counts = confusion(rows, cut, "mcc")
    tp, fp, fn, tn = counts
    margins = {
        "no rows": n,
        "no positives": tp + fn,
        "no negatives": tn + fp,
        "no predicted positives": tp + fp,
        "no predicted negatives": tn + fn,
    }
    for reason, total in margins.items():
        if total == 0:
            return Measured(unmeasured("mcc", n, reason), np.zeros(n))
    value, slopes = _mcc([c / n for c in counts])
    influence = np.array(slopes)[cell]
    independent = dot(influence, influence) / n**2
    units = clusters_of(rows.cluster)
    parameters: dict[str, JsonValue] = {
        "tp": tp, "fp": fp, "fn": fn, "tn": tn,
        "effect": design_effect(influence, rows.cluster, independent, n),
        "clusters": at_least_two(units),
    }  # fmt: skip
    return Measured(Arm("mcc", value, n, parameters, doubt(rows.cluster)), influence)


def mcc_slopes(cells: list[float]) -> list[float]:
    """The slope of Matthews' correlation in each share of rows: tp, fp, fn, tn."""
    return _mcc(cells)[1]


def _mcc(cells: list[float]) -> tuple[float, list[float]]:
    """Matthews' correlation of four shares of rows, and its slope in each."""
    tp, fp, fn, tn = cells
    scale = math.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn))
    value = (tp * tn - fp * fn) / scale
    half = value / 2
    slopes = [
        tn / scale - half * (1 / (tp + fp) + 1 / (tp + fn)),
        -fn / scale - half * (1 / (tp + fp) + 1 / (tn + fp)),
        -fp / scale - half * (1 / (tp + fn) + 1 / (tn + fn)),
        tp / scale - half * (1 / (tn + fp) + 1 / (tn + fn)),
    ]
    return max(-1.0, min(1.0, value)), slopes


def mcc_interval(arm: Arm, level: float) -> tuple[float, float]:
    """Fisher's z with the delta method, on cells with a half added, so that no empty one counts as sure."""
    counts = [arm.whole(name) for name in ("tp", "fp", "fn", "tn")]
    if min(counts[0] + counts[2], counts[3] + counts[1], counts[0] + counts[1], counts[3] + counts[2]) == 0:
        raise ValueError("Matthews' correlation without both classes, given and predicted")
    n = sum(counts)
    estimate = arm.agrees(_mcc([c / n for c in counts])[0])
    smooth = [(c + 0.5) / (n + 2) for c in counts]
    value, slopes = _mcc(smooth)
    variance = sum(p * s * s for p, s in zip(smooth, slopes, strict=True)) / n * arm.real("effect")
    reach = critical(level, arm.clusters) * math.sqrt(variance) / (1 - value * value)
    middle = math.atanh(value)
    return min(estimate, math.tanh(middle - reach)), max(estimate, math.tanh(middle + reach))


def macro_f1(rows: Rows) -> Measured:
    """The mean over classes (those given or predicted) of their f1."""
    n = len(rows)
    if n == 0:
        return Measured(unmeasured("macro_f1", 0, "no rows"), np.zeros(0))
    label, guess = rows.need("label", "macro_f1"), chosen(rows, "macro_f1")
    size = int(max(label.max(), guess.max())) + 1
    right = label == guess
    both = np.bincount(label, minlength=size) + np.bincount(guess, minlength=size)
    per_class: Floats = 2 * np.bincount(label[right], minlength=size) / np.maximum(both, 1)
    classes = int(np.count_nonzero(both))
    weight = (n / classes) / np.maximum(both, 1)
    shared = per_class * weight
    influence = 2 * right * weight[label] - shared[label] - shared[guess]
    units = clusters_of(rows.cluster)
    parameters: dict[str, JsonValue] = {
        "variance": variance_of(influence, rows.cluster),
        "rows": n if units is None else max(units, 1),
        "freedom": freedom_of(influence, rows.cluster),
        "clusters": at_least_two(units),
    }
    estimate = min(1.0, float(per_class.sum()) / classes)
    return Measured(Arm("macro_f1", estimate, n, parameters, doubt(rows.cluster)), influence)


def macro_f1_interval(arm: Arm, level: float) -> tuple[float, float]:
    """Wilson with as many trials as would give a share the same variance.

    rows: the trials where no error was seen, hence no variance (clusters, where there are any).
    """
    variance, p = arm.real("variance"), arm.estimate
    if p is None or not 0 <= p <= 1:
        raise ValueError("macro f1 is from 0 to 1")
    trials = p * (1 - p) / variance if variance > 0 and 0 < p < 1 else arm.whole("rows")
    return wilson(p * trials, trials, critical(level, arm.whole("freedom") + 1))
