"""Rank metrics of a score: the area under the ROC curve, and average precision."""

import math

import numpy as np

from seatrial.stats.arm import Arm, JsonValue, unmeasured
from seatrial.stats.distributions import critical
from seatrial.stats.rows import Bools, Floats, Ints, Rows
from seatrial.stats.shares import wilson
from seatrial.stats.spread import (
    FEWEST_OF_A_CLASS,
    Measured,
    at_least_two,
    clusters_of,
    design_effect,
    dot,
    doubt,
    freedom_of,
    jackknifed,
    unit_sums,
    variance_of,
)


def _classes(rows: Rows, metric: str) -> tuple[Bools, str | None]:
    positive = rows.need("label", metric) == 1
    positives = int(np.count_nonzero(positive))
    for found, name in ((positives, "positives"), (len(rows) - positives, "negatives")):
        if found == 0:
            return positive, f"no {name}" if len(rows) else "no rows"
    return positive, None


def _few(positives: int, negatives: int) -> str | None:
    if positives < FEWEST_OF_A_CLASS:
        return f"under {FEWEST_OF_A_CLASS} positives"
    return f"under {FEWEST_OF_A_CLASS} negatives" if negatives < FEWEST_OF_A_CLASS else None


def _freedom(influence: Floats, rows: Rows, m: int, k: int) -> int:
    """Degrees of freedom: the smaller class has few rows, or the clusters' sums are uneven."""
    free = max(1, min(m, k) - 1)
    return free if rows.cluster is None else min(free, freedom_of(influence, rows.cluster))


def roc_auc(rows: Rows) -> Measured:
    """P(positive scores above negative), ties by half, with DeLong's (1988) structural components.

    One sort per class and look-ups (after Sun & Xu 2014); with clusters the variance of Obuchowski (1997).
    """
    n = len(rows)
    score = rows.need("score", "roc_auc")
    positive, reason = _classes(rows, "roc_auc")
    if reason:
        return Measured(unmeasured("rank", n, reason), np.zeros(n))
    where_positive, where_negative = np.flatnonzero(positive), np.flatnonzero(~positive)
    wins_of_positives, wins_of_negatives, twice = _wins(score[where_positive], score[where_negative])
    m, k = len(where_positive), len(where_negative)
    estimate = twice / (2 * m * k)
    raw = np.zeros(n)
    raw[where_positive] = wins_of_positives / k - estimate
    raw[where_negative] = wins_of_negatives / m - estimate
    influence, parts, total, units = _delong(raw, positive, m, k, rows.cluster)
    independent = parts[0] / m + parts[1] / k
    effect = max(1.0, total / independent) if independent > 0 else max(1.0, n / units) if units else 1.0
    parameters: dict[str, JsonValue] = {
        "positives": m,
        "negatives": k,
        "spread_positives": parts[0],
        "spread_negatives": parts[1],
        "freedom": _freedom(influence, rows, m, k),
        "effect": effect,
        "clusters": at_least_two(units),
    }
    return Measured(Arm("rank", estimate, n, parameters, doubt(rows.cluster) or _few(m, k)), influence)


def _wins(high: Floats, low: Floats) -> tuple[Floats, Floats, int]:
    """For each value how many of the other group it beats or loses to (ties by half); twice the sum."""
    high_order, low_order = np.argsort(high), np.argsort(low)
    high_sorted, low_sorted = high[high_order], low[low_order]
    twice_high = np.searchsorted(low_sorted, high_sorted, "left") + np.searchsorted(
        low_sorted, high_sorted, "right"
    )
    twice_low = 2 * len(high) - (
        np.searchsorted(high_sorted, low_sorted, "left") + np.searchsorted(high_sorted, low_sorted, "right")
    )
    of_high, of_low = np.empty(len(high)), np.empty(len(low))
    of_high[high_order] = twice_high / 2
    of_low[low_order] = twice_low / 2
    return of_high, of_low, int(twice_high.sum())


def _delong(
    raw: Floats, positive: Bools, m: int, k: int, cluster: Ints | None
) -> tuple[Floats, tuple[float, float], float, int | None]:
    """Influence values, DeLong's two spreads, the variance with clusters, the number of clusters."""
    n = m + k
    up, down = np.where(positive, raw, 0.0), np.where(positive, 0.0, raw)
    parts = (dot(up, up) / max(m - 1, 1), dot(down, down) / max(k - 1, 1))
    if cluster is None:
        grown = math.sqrt(m / max(m - 1, 1)) * n / m, math.sqrt(k / max(k - 1, 1)) * n / k
        return up * grown[0] + down * grown[1], parts, parts[0] / m + parts[1] / k, None
    units = min(clusters_of(cluster, counted) or 0 for counted in (None, positive, ~positive))
    a = jackknifed(unit_sums(up, cluster), cluster, positive)
    b = jackknifed(unit_sums(down, cluster), cluster, ~positive)
    sums = a / m + b / k
    total = dot(sums, sums)
    return up * (n / m) + down * (n / k), parts, total, units


def rank_interval(arm: Arm, level: float) -> tuple[float, float]:
    """Score-type interval: the values from which the estimate is not too many standard errors away.

    The standard error is taken at the hypothesised value (Newcombe 2006, method 5, after Hanley & McNeil
    1982), scaled towards DeLong's at the estimate as the smaller class grows; DeLong's own falls to 84 %
    coverage with few positives, because it vanishes as the estimate nears 1. Student's t stands for the few
    rows of the smaller class that the spread comes from.
    """
    m, k, estimate = arm.whole("positives"), arm.whole("negatives"), arm.estimate
    if estimate is None or not 0 <= estimate <= 1:
        raise ValueError("an area under the curve is from 0 to 1")
    delong = arm.real("spread_positives") / m + arm.real("spread_negatives") / k
    model = hanley_mcneil(estimate, m, k)
    ratio = delong / model if model > 0 and delong > 0 else 1.0
    weight = min(m, k) / (min(m, k) + BLEND)
    scale = critical(level, arm.whole("freedom") + 1) ** 2 * arm.real("effect") * ratio**weight
    return _root(estimate, 0.0, m, k, scale), _root(estimate, 1.0, m, k, scale)


BLEND = 20.0  # positives at which DeLong's variance and the model's count the same; tuned by simulation


def hanley_mcneil(area: float, m: int, k: int) -> float:
    """Variance of an area under the curve, both sample sizes in the brackets averaged (Newcombe 2006)."""
    others = (m + k) / 2 - 1
    return area * (1 - area) * (1 + others * ((1 - area) / (2 - area) + area / (1 + area))) / (m * k)


def _root(estimate: float, end: float, m: int, k: int, scale: float) -> float:
    """Where the squared distance from the estimate is scale times the variance."""
    inside, outside = estimate, end
    for _ in range(60):
        middle = (inside + outside) / 2
        if (middle - estimate) ** 2 <= scale * hanley_mcneil(middle, m, k):
            inside = middle
        else:
            outside = middle
    return inside if outside != end else (inside + outside) / 2


def average_precision(rows: Rows) -> Measured:
    """Mean over positives of the precision at their score (scikit-learn's definition: ties in one step)."""
    n = len(rows)
    score = rows.need("score", "average_precision")
    positive, reason = _classes(rows, "average_precision")
    if reason:
        return Measured(unmeasured("precision", n, reason), np.zeros(n))
    order = np.argsort(-score, kind="stable")
    ranked, hit = score[order], positive[order]
    last = np.append(np.flatnonzero(ranked[1:] != ranked[:-1]), n - 1)  # the last row of each tie
    group = np.zeros(n, dtype=np.int64)
    group[last[:-1] + 1] = 1
    group = np.cumsum(group)
    above = last + 1.0
    precision = np.cumsum(hit)[last] / above
    m = int(np.count_nonzero(hit))
    own: Floats = np.bincount(group, weights=hit, minlength=len(last)).astype(np.float64)
    estimate = dot(own, precision) / m
    # A row is counted in the precision at every positive that does not score above it.
    share = own * (n / m) / above
    below = np.cumsum(share[::-1])[::-1][group]
    expected = np.cumsum((share * precision)[::-1])[::-1][group]
    by_rank = hit * ((precision[group] - estimate) * (n / m) + below) - expected
    influence = np.empty(n)
    influence[order] = by_rank
    units = clusters_of(rows.cluster)
    independent = variance_of(influence, None)
    parameters: dict[str, JsonValue] = {
        "positives": m,
        "rows": n,
        "variance": independent,
        "freedom": _freedom(influence, rows, m, n - m),
        "effect": design_effect(influence, rows.cluster, independent, n),
        "clusters": at_least_two(units),
    }
    return Measured(
        Arm("precision", estimate, n, parameters, doubt(rows.cluster) or _few(m, n - m)), influence
    )


def precision_interval(arm: Arm, level: float) -> tuple[float, float]:
    """Logit interval (Boyd, Eng & Page 2013) with the variance of the influence values."""
    p, m = arm.estimate, arm.whole("positives")
    if p is None or not 0 <= p <= 1:
        raise ValueError("average precision is from 0 to 1")
    z = critical(level, arm.whole("freedom") + 1)
    effect = arm.real("effect")
    if p in (0.0, 1.0) or arm.real("variance") == 0:
        return wilson(p * m / effect, m / effect, z)
    reach = z * math.sqrt(arm.real("variance") * effect) / (p * (1 - p))
    middle = math.log(p / (1 - p))
    return min(p, _logistic(middle - reach)), max(p, _logistic(middle + reach))


def _logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x > -700 else 0.0
