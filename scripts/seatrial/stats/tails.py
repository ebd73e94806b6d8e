"""p-values that agree with the intervals, and their adjustment for several tests."""

from collections.abc import Callable, Sequence

from seatrial.stats.arm import Arm
from seatrial.stats.differences import estimate_of, reach_of
from seatrial.stats.intervals import Ends
from seatrial.stats.pairing import Pairing

SMALLEST = 1e-9  # below it no interval is trusted; a p-value says "at most this"


def tail(
    candidate: Arm, baseline: Arm | None, correlation: float | Pairing, bound: float, *, above: bool = True
) -> float:
    """One-sided p-value against "it lies at or below the bound" (above=False: at or above).

    It is the alpha at which the end of the interval of level 1 - 2 alpha falls on the bound, so
    p <= alpha exactly when that interval clears the bound. 1 when there is no interval.
    """
    estimate, ends = estimate_of(candidate, baseline), reach_of(candidate, baseline, correlation)
    if estimate is None:
        return 1.0
    if ends(0.9) == (None, None):
        return 1.0
    inside = estimate > bound if above else estimate < bound
    if not inside:
        # The estimate is on the wrong side: the mirrored question has the small p-value.
        wrong = _alpha(ends, bound, low_end=not above) if estimate != bound else 0.5
        return 1.0 - wrong
    return _alpha(ends, bound, low_end=above)


def _alpha(ends: Callable[[float], Ends], bound: float, *, low_end: bool) -> float:
    """The alpha at which one end of the interval meets the bound."""

    def clears(alpha: float) -> bool:
        low, high = ends(1 - 2 * alpha)
        end = low if low_end else high
        return end is not None and (end > bound if low_end else end < bound)

    if clears(SMALLEST):
        return SMALLEST
    failing, clearing = SMALLEST, 0.5
    for _ in range(60):
        if clearing - failing <= 1e-10 + 1e-6 * failing:
            break
        middle = (failing * clearing) ** 0.5
        if clears(middle):
            clearing = middle
        else:
            failing = middle
    return clearing


def holm(p: Sequence[float]) -> list[float]:
    """Adjusted p-values that control the chance of any false rejection (Holm 1979)."""
    if any(not 0 <= value <= 1 for value in p):
        raise ValueError("a p-value is outside 0 to 1")
    order = sorted(range(len(p)), key=lambda i: p[i])
    adjusted = [0.0] * len(p)
    highest = 0.0
    for rank, i in enumerate(order):
        highest = max(highest, min(1.0, (len(p) - rank) * p[i]))
        adjusted[i] = highest
    return adjusted
