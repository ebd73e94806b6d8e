"""Expected calibration error, with an interval that does not take its bias for miscalibration."""

import math
from functools import lru_cache

import numpy as np

from seatrial.stats.arm import MOST_BINS, Arm, JsonValue, number, unmeasured
from seatrial.stats.distributions import critical, normal_cdf
from seatrial.stats.means import probabilities
from seatrial.stats.rows import Floats, Ints, Rows
from seatrial.stats.shares import wilson
from seatrial.stats.spread import Measured, at_least_two, clusters_of, doubt, jackknifed

DRAWS = 2048
MOST_STEPS = 100  # each passes a kink, of which there is one for each bin


def ece(rows: Rows, bins: int) -> Measured:
    """Sum over equal-width bins of |mean over all rows of (probability - outcome) in the bin|.

    Several classes: of the most probable class, and whether it was right (Guo et al. 2017).
    """
    if not 1 <= bins <= MOST_BINS:
        raise ValueError(f"bins is {bins}, expected 1 to {MOST_BINS}")
    n = len(rows)
    if n == 0:
        return Measured(unmeasured("calibration", 0, "no rows"), np.zeros(0))
    probability, outcome = forecasts(rows, "ece")
    where = np.minimum((probability * bins).astype(np.int64), bins - 1)
    gap = probability - outcome
    sums: Floats = np.bincount(where, weights=gap, minlength=bins).astype(np.float64)
    used = np.flatnonzero(np.bincount(where, minlength=bins))
    estimate = float(np.abs(sums).sum()) / n
    influence = np.sign(sums)[where] * gap - estimate
    units = clusters_of(rows.cluster)
    parameters: dict[str, JsonValue] = {
        "counts": [int(c) for c in np.bincount(where, minlength=bins)[used]],
        "sums": [float(s) for s in sums[used]],
        "squares": [float(s) for s in np.bincount(where, weights=gap * gap, minlength=bins)[used]],
        "covariance": _covariance(where, gap, sums, used, rows.cluster),
        "clusters": at_least_two(units),
    }
    return Measured(Arm("calibration", estimate, n, parameters, doubt(rows.cluster)), influence)


def forecasts(rows: Rows, metric: str) -> tuple[Floats, Floats]:
    """The probability that was stated, and whether it came true."""
    label = rows.need("label", metric)
    if rows.task == "binary":
        return rows.unit_interval("score", metric), label.astype(np.float64)
    table = probabilities(rows, metric)
    top = np.argmax(table, axis=1)
    return table[np.arange(len(label)), top], (top == label).astype(np.float64)


def _covariance(where: Ints, gap: Floats, sums: Floats, used: Ints, cluster: Ints | None) -> JsonValue:
    """Covariance of the bins' mean gaps over clusters; None for independent rows, as it follows from sums."""
    if cluster is None:
        return None
    codes, place = np.unique(cluster, return_inverse=True)
    bins, size = len(sums), len(codes)
    n = gap.size
    by_cluster = np.bincount(place * bins + where, weights=gap, minlength=size * bins).reshape(size, bins)
    table = by_cluster[:, used] - np.bincount(place)[:, None] * (sums[used] / n)[None, :]
    table = np.stack([jackknifed(column, place) for column in table.T], axis=1)
    covariance = np.einsum("gi,gj->ij", table, table) / n**2
    return [[float(v) for v in row] for row in covariance]


def interval(arm: Arm, level: float) -> tuple[float, float]:
    """By inverting a test: which multiples of the seen gaps, with noise added, give what was seen.

    The plug-in estimate is too high (noise never cancels inside an absolute value), so a bootstrap around
    it is too high as well; here 0 is inside whenever noise alone explains the estimate.
    """
    estimate, n = arm.estimate, arm.n
    counts, sums, squares = arm.wholes("counts"), arm.reals("sums"), arm.reals("squares")
    if estimate is None or not len(counts) == len(sums) == len(squares) or sum(counts) != n:
        raise ValueError("bins of the calibration error disagree")
    arm.agrees(sum(abs(s) for s in sums) / n)
    for c, s, q in zip(counts, sums, squares, strict=True):
        if q > c + 1e-6 or s * s > (q * c) * (1 + 1e-6) + 1e-9:
            raise ValueError("a bin's sum or squares are more than its rows can have")
    reach = critical(level, arm.clusters)
    if estimate == 0:
        return 0.0, wilson(0, arm.clusters or n, reach)[1]
    matrix = _matrix(arm.parameters.get("covariance"), len(sums))
    multiples = _multiples(tuple(sums), tuple(squares), n, matrix)
    share = normal_cdf(-reach)
    low = float(np.quantile(multiples, share)) * estimate
    high = float(np.quantile(multiples, 1 - share)) * estimate
    # Gaps of another shape (few wide ones, or all of one sign) carry less bias; the share is by simulation.
    plain = estimate + reach * _plain_error(arm, sums, sum(squares), matrix)
    high += max(0.0, plain - high) * OTHER_SHAPES
    return min(low, estimate), min(max(high, estimate), 1.0)


OTHER_SHAPES = 0.6


def _plain_error(
    arm: Arm, sums: list[float], squares: float, matrix: tuple[tuple[float, ...], ...] | None
) -> float:
    """Standard error of the estimate when no gap is near 0."""
    if matrix is None:
        return math.sqrt(max(0.0, squares / arm.n - (arm.estimate or 0.0) ** 2) / arm.n)
    signs = np.sign(sums)
    return math.sqrt(max(0.0, float(np.einsum("i,ij,j->", signs, np.array(matrix), signs))))


def _matrix(covariance: JsonValue, size: int) -> tuple[tuple[float, ...], ...] | None:
    if covariance is None:
        return None
    if not isinstance(covariance, list) or len(covariance) != size:
        raise ValueError("covariance of the bins has the wrong size")
    rows = []
    for row in covariance:
        if not isinstance(row, list) or len(row) != size:
            raise ValueError("covariance of the bins has the wrong size")
        rows.append(tuple(number(entry) for entry in row))
    return tuple(rows)


@lru_cache(maxsize=1024)
def _multiples(
    sums: tuple[float, ...],
    squares: tuple[float, ...],
    n: int,
    covariance: tuple[tuple[float, ...], ...] | None,
) -> Floats:
    """For each draw of noise the multiple of the seen gaps that would give the seen error; sorted."""
    gaps = np.array(sums) / n
    noise = normal_draws(len(sums))
    if covariance is None:
        variance = np.maximum(np.array(squares) / n - gaps**2, 0.0) / n
        noise = noise * np.sqrt(variance)
    else:
        noise = np.einsum("di,ji->dj", noise, _root_of(covariance))
    seen = float(np.abs(gaps).sum())
    reached = np.abs(noise).sum(axis=1) > seen
    # What is seen of a multiple is convex in it, so Newton's steps come down to the largest root from above:
    # there the sum is at least seen * multiple - noise, whence the start.
    multiple = 1 + np.abs(noise).sum(axis=1) / seen
    for _ in range(MOST_STEPS):
        inside = multiple[:, None] * gaps + noise
        over = np.abs(inside).sum(axis=1) - seen
        slope = (np.sign(inside) * gaps).sum(axis=1)
        move = np.where((over > 0) & (slope > 0), over / np.where(slope > 0, slope, 1.0), 0.0)
        multiple = multiple - move
        if not (move > 1e-12 * multiple).any():
            break
    found = np.sort(np.where(reached, 0.0, np.maximum(multiple, 0.0)))
    found.flags.writeable = False
    return found


def _root_of(covariance: tuple[tuple[float, ...], ...]) -> Floats:
    """A lower triangular root (Cholesky); a bin that others determine gets none of its own noise.

    Written out because LAPACK's roots differ between machines, and with them the interval.
    """
    size = len(covariance)
    root = np.zeros((size, size))
    for i in range(size):
        for j in range(i + 1):
            rest = covariance[i][j] - float(np.sum(root[i, :j] * root[j, :j]))
            if i == j:
                root[i, i] = math.sqrt(rest) if rest > 1e-12 * abs(covariance[i][i]) else 0.0
            elif root[j, j] > 0:
                root[i, j] = rest / root[j, j]
    return root


@lru_cache(maxsize=8)
def normal_draws(columns: int) -> Floats:
    """Normal noise from raw PCG64 bits by Box & Muller (1958): the same under every numpy version."""
    bits = np.random.PCG64(20240229).random_raw(2 * DRAWS * columns)
    uniform = ((bits >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53
    half = DRAWS * columns
    radius = np.sqrt(-2 * np.log(uniform[:half]))
    draws: Floats = (radius * np.cos(2 * math.pi * uniform[half:])).reshape(DRAWS, columns)
    draws.flags.writeable = False
    return draws
