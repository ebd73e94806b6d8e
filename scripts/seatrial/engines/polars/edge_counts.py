"""How many values of a batch lie under each edge and on it, by one sort of the batch.

The batch is sorted as whole numbers of 32 bits, which takes half the time: the span of the edges is divided
into four thousand million steps. Each step of that arithmetic keeps the order (rounding to nearest does, as
IEEE 754 has it), so that what comes out smaller than an edge is smaller. Only what comes out equal to an edge
is looked at in full.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MOST_ALIKE = 32  # edges that a batch meets, beyond which one sort in full is cheaper
HALF = 2.0**31 - 4096  # steps on each side of the middle, and room for what lies outside
OUTSIDE = 2.0**31 - 1024

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Laid:
    """A batch against the edges. known: values that are numbers; least, most: at minus and plus infinity."""

    known: int
    least: int
    most: int
    below: Counts
    on: Counts


class Edges:
    """Edges, ascending and finite, that the batches of one column are laid against."""

    def __init__(self, edges: Floats) -> None:
        self._edges = edges
        self._stepped = False
        if edges.size < 2:
            return
        with np.errstate(over="ignore", divide="ignore"):
            self._middle = edges[0] + (edges[-1] - edges[0]) / 2
            self._scale = 2 * HALF / (edges[-1] - edges[0])
        self._stepped = bool(np.isfinite([self._middle, self._scale]).all()) and self._scale > 0
        if self._stepped:
            self._steps = self._to_steps(edges)

    def lay(self, values: Floats) -> Laid:
        """Counts of a batch of values, some of which may be infinite or no number."""
        if self._stepped and values.size:
            found = self._by_steps(values)
            if found is not None:
                return found
            self._stepped = False  # values that stand on many edges do so in every batch
        return laid(np.sort(values), self._edges)

    def _to_steps(self, values: Floats) -> NDArray[np.int32]:
        with np.errstate(over="ignore"):
            steps = np.subtract(values, self._middle)
            np.multiply(steps, self._scale, out=steps)
            np.clip(steps, -OUTSIDE, OUTSIDE, out=steps)
        whole: NDArray[np.int32] = steps.astype(np.int32)
        return whole

    def _by_steps(self, values: Floats) -> Laid | None:
        largest = values.max()
        if np.isnan(largest):
            values = values[~np.isnan(values)]
            if not values.size:
                return laid(values, self._edges)
            largest = values.max()
        least = int(np.isneginf(values).sum()) if values.min() == -np.inf else 0
        most = int(np.isposinf(values).sum()) if largest == np.inf else 0
        steps = self._to_steps(values)
        ordered = np.sort(steps)
        below = np.searchsorted(ordered, self._steps)
        on = np.zeros(below.size, np.int64)
        met = np.flatnonzero(ordered[np.minimum(below, ordered.size - 1)] == self._steps)
        if met.size > MOST_ALIKE:
            return None
        for step in np.unique(self._steps[met]):
            alike = np.sort(values[np.flatnonzero(steps == step)])
            here = met[self._steps[met] == step]
            first = np.searchsorted(alike, self._edges[here])
            below[here] += first
            on[here] = np.searchsorted(alike, self._edges[here], side="right") - first
        return Laid(values.size, least, most, below, on)


def laid(ordered: Floats, edges: Floats) -> Laid:
    """Counts of a batch that is sorted in full, what is no number last."""
    known = int(np.searchsorted(ordered, np.nan)) if ordered.size else 0
    ordered = ordered[:known]
    below = np.searchsorted(ordered, edges)
    on = np.zeros(below.size, np.int64)
    if known:
        met = np.flatnonzero(ordered[np.minimum(below, known - 1)] == edges)
        on[met] = np.searchsorted(ordered, edges[met], side="right") - below[met]
    least = int(np.searchsorted(ordered, -np.inf, side="right"))
    return Laid(known, least, known - int(np.searchsorted(ordered, np.inf)), below, on)
