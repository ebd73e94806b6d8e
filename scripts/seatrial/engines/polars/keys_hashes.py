"""Which hashes of 64 bits stand twice, or on both sides, in memory that does not grow with the rows.

Hashes are gathered until a buffer is full; the buffer is sorted, freed of repeats and put on disk as a run.
All runs together are then gone through range by range, each range small enough to be sorted as a whole. What
stands twice is marked by its leading bits, so a mark may also be met by others: it only says which rows are
worth a look. Imported in child processes only.
"""

import tempfile
from collections.abc import Iterator
from io import BufferedRandom
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]

_RANGES = 256
_WIDTH = np.dtype(np.uint64).itemsize
_EDGES = np.arange(1, _RANGES, dtype=np.uint64) << np.uint64(64 - 8)


class Marks:
    """A set of hashes by their leading `bits`: whether a hash may be in it."""

    def __init__(self, bits: int) -> None:
        self._shift = np.uint64(64 - bits)
        self._marked = np.zeros(1 << bits, np.bool_)
        self.any = False

    def add(self, hashes: Words) -> None:
        if len(hashes):
            self._marked[hashes >> self._shift] = True
            self.any = True

    def holds(self, hashes: Words) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = self._marked[hashes >> self._shift]
        return found


class Runs:
    """The distinct hashes of one side. room: how many are held in memory; beyond it they go to disk."""

    def __init__(self, folder: Path, room: int, twice: Marks | None = None) -> None:
        self._folder = folder
        self._buffer: Words = np.empty(room, np.uint64)
        self._filled = 0
        self._twice = twice
        self._file: BufferedRandom | None = None
        self._edges: list[NDArray[np.int64]] = []
        self._written = 0

    def add(self, hashes: Words) -> None:
        """twice, where given, is told of what repeats within the buffer."""
        room = len(self._buffer)
        while len(hashes):
            if self._filled == room:
                self._spill()
            taken = hashes[: room - self._filled]
            self._buffer[self._filled : self._filled + len(taken)] = taken
            self._filled += len(taken)
            hashes = hashes[len(taken) :]

    def _sorted(self) -> Words:
        part = self._buffer[: self._filled]
        part.sort()
        fresh = _fresh(part)
        if fresh.all():
            return part
        if self._twice is not None:
            self._twice.add(part[~fresh])
        return part[fresh]

    def _spill(self) -> None:
        part = self._sorted()
        if self._file is None:
            self._file = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115 - closed by Sorted
        self._file.write(part.data)
        inner = np.searchsorted(part, _EDGES)
        self._edges.append(self._written + np.concatenate(([0], inner, [len(part)])).astype(np.int64))
        self._written += len(part)
        self._filled = 0

    def finish(self) -> "Sorted":
        """No more hashes. Frees the buffer where runs are on disk."""
        if self._file is None:
            part = self._sorted()
            inner = np.searchsorted(part, _EDGES)
            edges = np.concatenate(([0], inner, [len(part)])).astype(np.int64)
            return Sorted(part, None, (edges,))
        if self._filled:
            self._spill()
        self._file.flush()
        self._buffer = np.empty(0, np.uint64)
        return Sorted(None, self._file, tuple(self._edges))


class Sorted:
    """Distinct hashes of each run, to be read range by range, and closed then."""

    def __init__(
        self, whole: Words | None, file: BufferedRandom | None, edges: tuple[NDArray[np.int64], ...]
    ) -> None:
        self._whole = whole
        self._file = file
        self._edges = edges
        self.count = len(edges)
        self.sizes: NDArray[np.int64] = np.sum([np.diff(each) for each in edges], axis=0)

    def read(self, low: int, high: int) -> Words:
        """What lies in these ranges, run after run, each sorted; whoever reads it may change it."""
        found: Words = np.empty(int(self.sizes[low:high].sum()), np.uint64)
        filled = 0
        for edges in self._edges:
            begin, end = int(edges[low]), int(edges[high])
            part = found[filled : filled + end - begin]
            if self._whole is not None:
                part[:] = self._whole[begin:end]
            else:
                self._load(begin, part)
            filled += len(part)
        return found

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def _load(self, begin: int, part: Words) -> None:
        assert self._file is not None
        self._file.seek(begin * _WIDTH)
        if self._file.readinto(part.data) != part.nbytes:
            raise OSError("a run of hashes was cut short")


def mark_repeated(runs: Sorted, marks: Marks, room: int) -> None:
    """Mark the hashes that stand in more than one run."""
    if runs.count > 1:
        for low, high in _portions(runs.sizes, room):
            marks.add(_repeats(runs.read(low, high)))


def mark_shared(one: Sorted, other: Sorted, marks: Marks, room: int) -> None:
    """Mark the hashes that stand on both sides."""
    for low, high in _portions(one.sizes + other.sizes, room):
        sides = [_distinct(each.read(low, high)) for each in (one, other)]
        marks.add(_repeats(np.concatenate(sides)))


def _portions(sizes: NDArray[np.int64], room: int) -> Iterator[tuple[int, int]]:
    """Neighbouring ranges that together fit into the room, as far as a single one does."""
    low, held = 0, 0
    for at, size in enumerate(sizes.tolist()):
        if held and held + size > room:
            yield low, at
            low, held = at, 0
        held += size
    yield low, len(sizes)


def _fresh(ordered: Words) -> NDArray[np.bool_]:
    """Where a value is not that before it."""
    fresh = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=fresh[1:])
    return fresh


def _distinct(hashes: Words) -> Words:
    hashes.sort()
    return hashes[_fresh(hashes)]


def _repeats(hashes: Words) -> Words:
    hashes.sort()
    again: Words = hashes[1:][hashes[1:] == hashes[:-1]]
    return again
