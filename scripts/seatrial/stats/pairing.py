"""How two arms go together on the same rows: what the interval of their difference needs beside the arms."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from seatrial.stats.arm import JsonValue, number, spread
from seatrial.stats.rows import Floats, Ints
from seatrial.stats.spread import correlation, dot, scaled, skewness_of, unit_sums


@dataclass(frozen=True)
class Pairing:
    """The correlation of two estimates, and the shape of the rows' differences.

    skewness: of the difference of the estimates; far from 0 where a few rows make it. rows: how many rows
    (clusters) make it, 0 where none does. step: the most that one row more could add; None: not recorded.
    """

    correlation: float
    skewness: float = 0.0
    rows: float = 0.0
    step: float | None = None

    def to_json(self) -> dict[str, JsonValue]:
        """All but the correlation."""
        return {"skewness": self.skewness, "rows": self.rows, "step": self.step}

    @staticmethod
    def from_json(correlation: float, data: object) -> "Pairing":
        """Read strictly; ValueError on anything that `to_json` would not have written."""
        if not isinstance(data, Mapping) or set(data) != {"skewness", "rows", "step"}:
            raise ValueError("a pairing has exactly skewness, rows and step")
        skewness = number(data["skewness"])
        if abs(skewness) > 1:
            raise ValueError("a skewness of a mean is from -1 to 1")
        return Pairing(correlation, skewness, spread(data["rows"]), spread(data["step"]))


def pairing_of(a: Floats, b: Floats, cluster: Ints | None = None, *, same: bool = True) -> Pairing:
    """From both arms' influence values. same=False: the models are known to differ, in scores say."""
    r = correlation(a, b, cluster, same=same)
    if not a.size:
        return Pairing(r, step=0.0)
    difference = a - b
    sums = scaled(unit_sums(difference, cluster))
    squares = sums * sums
    fourth = dot(squares, squares)
    rows = float(squares.sum()) ** 2 / fourth if fourth > 0 else 0.0
    step = max(float(np.ptp(unit_sums(arm, cluster))) for arm in (a, b)) / a.size
    skewness = max(-1.0, min(1.0, skewness_of(difference, cluster)))
    return Pairing(r, skewness, rows, step)


def pairing(given: float | Pairing) -> Pairing:
    """A correlation alone is a pairing of which the rest is not known."""
    found = given if isinstance(given, Pairing) else Pairing(given)
    if not -1 <= found.correlation <= 1:
        raise ValueError(f"correlation is {found.correlation}, expected -1 to 1")
    return found


def stretch(skewness: float, z: float) -> float:
    """How much farther an interval reaches to the side of the skewness.

    Where few rows make the difference its variance grows with it, as that of a count does. The ends then
    solve (x - estimate)^2 = z^2 (variance + third moment / variance * (x - estimate)): Wilson's way with a
    share, for any sum. The other side, which would shrink, is left as it is.
    """
    return max(1.0, math.exp(math.asinh(skewness * z / 2)))
