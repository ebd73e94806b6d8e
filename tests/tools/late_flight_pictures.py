"""Pictures as an evaluation draws them, from two bell-shaped score distributions."""

from math import exp, sqrt
from statistics import NormalDist

from seatrial.stats.pictures import Band, Calibration, Histogram, Pictures

GRID = tuple(i / 60 for i in range(61))


def _band(y, half):
    ends = list(zip(y, half, strict=True))
    return Band(GRID, y, tuple(v - h for v, h in ends), tuple(min(1.0, v + h) for v, h in ends))


def _roc(shift, n):
    bell = NormalDist()
    y = tuple(0.0 if x == 0 else 1.0 if x == 1 else bell.cdf(bell.inv_cdf(x) + shift) for x in GRID)
    half = [1.64 * sqrt(max(v * (1 - v), 0) / n) for v in y]
    return _band(y, half)


def _pr(shift, n, share=0.24):
    roc, bell = _roc(shift, n), NormalDist()
    y = tuple(
        share * r / (share * r + (1 - share) * bell.cdf(bell.inv_cdf(r) - shift)) if 0 < r < 1 else share
        for r in roc.x
    )
    y = (y[1], *y[1:])
    half = [1.64 * sqrt(v * (1 - v) / (n * max(x, 0.03))) for x, v in zip(GRID, y, strict=False)]
    return _band(y, half)


def _calibration(bend, n):
    predicted = tuple(0.04 + 0.07 * i for i in range(10))
    observed = tuple(p + bend * (p - 0.3) for p in predicted)
    rows = tuple(int(n * exp(-4 * p)) + 30 for p in predicted)
    half = [1.64 * sqrt(p * (1 - p) / r) for p, r in zip(predicted, rows, strict=False)]
    low, high = (tuple(max(0, o + s * h) for o, h in zip(observed, half, strict=False)) for s in (-1, 1))
    return Calibration(predicted, observed, low, high, rows)


def _histogram(shift):
    edges = tuple(i / 40 for i in range(41))
    groups = {"on time": 0.22, "late": 0.22 + shift}
    counts = {
        name: tuple(int(9_000 * exp(-(((e + 0.0125 - at) / 0.13) ** 2))) for e in edges[:-1])
        for name, at in groups.items()
    }
    return Histogram(edges, counts)


def pictures(n=700):
    return Pictures(
        roc={"candidate": _roc(0.86, n), "baseline": _roc(0.95, n)},
        precision_recall={"candidate": _pr(0.86, n), "baseline": _pr(0.95, n)},
        calibration={"candidate": _calibration(-0.12, 4_000), "baseline": _calibration(0.03, 4_000)},
        histogram={"candidate": _histogram(0.16), "baseline": _histogram(0.2)},
    )
