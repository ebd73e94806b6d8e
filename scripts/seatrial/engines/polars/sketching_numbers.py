"""Numbers of one column, batch after batch: a few values to cut at, and exact counts at the cuts."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from seatrial.engines.measures.sketching_alike import (
    LARGEST,
    ROUNDS,
    TOO_LARGE,
    WEYL,
    cut_at,
    moments_told,
    told,
)
from seatrial.engines.polars.edge_counts import Edges, Laid, laid
from seatrial.gates.data.packing import excess, pack_counts, pack_floats

Floats: TypeAlias = NDArray[np.float64]
Json: TypeAlias = dict[str, Any]

GLANCE = 20_000  # values of a batch that are looked at before all of them are told apart


class Distinct:
    """The different values of a column and how often each stands, while they are few."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.few = True
        self.values: Floats = np.empty(0)
        self.counts: NDArray[np.int64] = np.empty(0, np.int64)

    def add(self, finite: Floats) -> None:
        """Values of one batch."""
        if not self.few or not finite.size:
            return
        if np.unique(finite[:GLANCE]).size > self.most:
            self.few = False
            return
        values, counts = np.unique(finite, return_counts=True)
        together, place = np.unique(np.concatenate([self.values, values]), return_inverse=True)
        self.few = together.size <= self.most
        if self.few:
            weights = np.concatenate([self.counts, counts])
            self.counts = np.bincount(place, weights=weights).astype(np.int64)
            self.values = together


class Counted:
    """Rows under and on each edge, and what lies outside."""

    def __init__(self, edges: Floats, moments: bool) -> None:
        self.edges = edges
        self.moments = moments
        self._laid = Edges(edges)
        self.large = False
        self.rows = self.nulls = self.nan = self.least = self.most = 0
        self.below = np.zeros(edges.size, np.int64)
        self.on = np.zeros(edges.size, np.int64)
        self.outside = [0.0, 0.0]
        self.count, self.mean, self.squares = 0, 0.0, 0.0

    def add(self, values: Floats, nulls: int) -> None:
        """A batch: its values, not null."""
        self.nulls += nulls
        if self.moments:
            ordered = np.sort(values)
            found = laid(ordered, self.edges)
            self._look(ordered[: found.known], found)
        else:
            found = self._laid.lay(values)
        self.nan += values.size - found.known
        self.rows += found.known
        self.least, self.most = self.least + found.least, self.most + found.most
        self.below += found.below
        self.on += found.on

    def _look(self, ordered: Floats, found: Laid) -> None:
        """What mean and deviation need. ordered: ascending, all of them numbers."""
        low, high = found.least, found.known - found.most
        if self.edges.size:
            first, last = int(found.below[0]), int(found.below[-1] + found.on[-1])
            with np.errstate(over="ignore"):
                self.outside[0] += float((self.edges[0] - ordered[low : max(low, first)]).sum())
                self.outside[1] += float((ordered[min(high, last) : high] - self.edges[-1]).sum())
        self._merge(ordered[low:high])

    def _merge(self, finite: Floats) -> None:
        """Mean and squares of two parts (Chan, Golub & LeVeque 1979). finite: ascending."""
        if not finite.size:
            return
        self.large = self.large or max(-float(finite[0]), float(finite[-1])) > LARGEST
        with np.errstate(over="ignore", invalid="ignore"):
            mean = float(finite.mean())
            away = finite - mean
            squares = float(np.sum(away * away))
            total = self.count + finite.size
            apart = mean - self.mean
            self.squares += squares + apart * apart * self.count * finite.size / total
            self.mean += apart * finite.size / total
            self.count = total

    def _told(self) -> tuple[float, float]:
        """Mean and standard deviation."""
        if not self.count:
            return 0.0, 0.0
        if self.on.size and int(self.on.max()) == self.count:
            return float(self.edges[self.on.argmax()]), 0.0
        return moments_told(self.mean, float(np.sqrt(self.squares / self.count)))

    def part(self) -> Json:
        """The answer to `bins`."""
        upto = self.below + self.on
        under = int(self.below[0]) - self.least if self.edges.size else 0
        over = self.rows - self.most - int(upto[-1]) if self.edges.size else 0
        beyond = [
            total / rows if rows else 0.0 for total, rows in zip(self.outside, (under, over), strict=True)
        ]
        if self.large or not np.isfinite(beyond).all():
            return {"problem": TOO_LARGE}
        mean, deviation = self._told()
        return {
            "rows": self.rows,
            "nulls": self.nulls,
            "nan": self.nan,
            "infinite": [self.least, self.most],
            "below": pack_counts(self.below.tolist(), 1),
            "upto": pack_counts(upto.tolist(), 1),
            "mean": mean,
            "deviation": deviation,
            "outside": [told(each, each) for each in beyond],
        }

    def sketch(self, kind: str) -> Json:
        """The answer to `sketch`, as a column of a profile."""
        found: Json = {
            "type": kind,
            "nulls": self.nulls,
            "nan": self.nan,
            "infinite": [self.least, self.most],
        }
        if not self.edges.size or self.large:
            return found
        upto = self.below + self.on - self.least
        under, over = int(self.below[0]) - self.least, self.rows - self.least - self.most - int(upto[-1])
        before = self.below - self.least - np.concatenate([[0], upto[:-1]])
        mean, deviation = self._told()
        found["steps"] = {
            "edges": pack_floats(self.edges.tolist()),
            "before": pack_counts(before.tolist()),
            "at": pack_counts(self.on.tolist()),
            "mean": mean,
            "deviation": deviation,
            "below": excess(self.outside[0], under),
            "above": excess(self.outside[1], over),
        }
        return found


def edges_of(distinct: Distinct, sample: Floats, known: int, steps: int, least: int) -> Floats:
    """Where to cut. sample: finite values of a sample of the `known` finite values."""
    if distinct.few:
        return np.asarray(cut_at(distinct.values.tolist(), distinct.counts.tolist(), steps, least))
    values, counts = np.unique(sample, return_counts=True)
    return np.asarray(cut_at(values.tolist(), counts.tolist(), steps, least, known))


def priorities(first: int, height: int) -> NDArray[np.int64]:
    """Random numbers for rows that follow each other, the same for the same row in every engine."""
    mixed = np.arange(first + 1, first + height + 1, dtype=np.uint64) * np.uint64(WEYL)
    for shift, factor in ROUNDS:
        mixed ^= mixed >> np.uint64(shift)
        mixed *= np.uint64(factor)
    return mixed.view(np.int64)


class Sample:
    """Rows drawn at random, each as likely as any other: those with the smallest of random numbers."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.seen = 0
        self.priority: NDArray[np.int64] = np.empty(0, np.int64)
        self.rows: list[Floats] = []
        self.highest = np.iinfo(np.int64).max

    def add(self, height: int) -> NDArray[np.int64]:
        """Which rows of a batch to keep; their values are then given to `keep`."""
        drawn = priorities(self.seen, height)
        self.seen += height
        chosen = np.flatnonzero(drawn < self.highest)
        self.priority = np.concatenate([self.priority, drawn[chosen]])
        return chosen

    def keep(self, values: Floats) -> None:
        """Values of the chosen rows, a column for each of the table's."""
        self.rows.append(values)
        if self.priority.size > 2 * self.most:
            self._shrink()

    def _shrink(self) -> None:
        everything = np.concatenate(self.rows)
        if self.priority.size > self.most:
            best = np.argpartition(self.priority, self.most)[: self.most]
            self.priority, everything = self.priority[best], everything[best]
            self.highest = int(self.priority.max())
        self.rows = [everything]

    def column(self, place: int) -> Floats:
        """The finite sampled values of a column."""
        if not self.rows:
            return np.empty(0)
        if len(self.rows) > 1 or self.priority.size > self.most:
            self._shrink()
        values = self.rows[0][:, place]
        return values[np.isfinite(values)]
