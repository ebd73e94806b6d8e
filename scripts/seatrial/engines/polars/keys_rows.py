"""Rows that repeat, or stand on both sides, in bounded portions. Imported in child processes only.

Rows come in order, with their number and their hash. As long as the distinct ones fit into the room they are
held in memory. Beyond it they go to disk in parts by their hash, and each part is gone through alone, in its
turn in parts by further bits of the hash if it is too large.
"""

import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import IO

import polars as pl

from seatrial.engines.measures.engine import Hits
from seatrial.engines.polars.keys_exact import HASH, ROW, first_of_each, stands_in

_BITS = 5
_PARTS = 1 << _BITS
_LEVELS = 64 // _BITS


class First:
    """Counts rows, and keeps the least of their numbers."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._count = 0
        self._at: list[int] = []

    def add(self, rows: pl.Series) -> None:
        self._count += len(rows)
        if self._most and len(rows):
            self._at = sorted([*self._at, *rows.bottom_k(self._most).to_list()])[: self._most]

    @property
    def hits(self) -> Hits:
        return Hits(self._count, tuple(self._at))


class Parts:
    """Rows on disk, by some bits of their hash."""

    def __init__(self, folder: Path, level: int) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed by whoever closes this
        self._bits = pl.col(HASH) // (_PARTS**level) % _PARTS
        self._places: list[list[tuple[int, int]]] = [[] for _ in range(_PARTS)]

    def add(self, rows: pl.DataFrame) -> None:
        """Order is kept within a part."""
        if not rows.height:
            return
        key = "part"
        split = rows.with_columns(self._bits.cast(pl.UInt8).alias(key)).partition_by(
            key, include_key=False, as_dict=True, maintain_order=True
        )
        for (part,), frame in split.items():
            begin = self._file.seek(0, io.SEEK_END)
            frame.write_ipc_stream(self._file, compression="lz4")
            self._places[int(part)].append((begin, self._file.tell() - begin))

    def read(self, part: int) -> Iterator[pl.DataFrame]:
        for begin, length in self._places[part]:
            self._file.seek(begin)
            yield pl.read_ipc_stream(io.BytesIO(self._file.read(length)))

    def close(self) -> None:
        self._file.close()


def count_repeats(
    frames: Iterable[pl.DataFrame],
    columns: Sequence[str],
    found: First,
    folder: Path,
    room: int,
    level: int = 0,
) -> None:
    """Add to `found` every row that stands before it in these columns. room: bytes."""
    kept = _Distinct(columns, found)
    with ExitStack() as stack:
        parts = _spilled(frames, kept, folder, room, level, stack)
        if parts is None:
            kept.shrink()
            return
        for part in range(_PARTS):
            count_repeats(parts.read(part), columns, found, folder, room, level + 1)


def count_shared(
    frames: Iterable[pl.DataFrame],
    others: Iterable[pl.DataFrame],
    columns: Sequence[str],
    found: First,
    folder: Path,
    room: int,
    level: int = 0,
) -> None:
    """Add to `found` every row of `frames` that stands in `others` too. room: bytes."""
    kept = _Distinct(columns, None)
    with ExitStack() as stack:
        parts = _spilled(others, kept, folder, room, level, stack)
        if parts is None:
            table = kept.take()
            if table.height:
                table = table.sort(HASH)
                for frame in _gathered(frames, room):
                    found.add(frame[ROW].filter(pl.Series(stands_in(frame, table, columns))))
            return
        mine = stack.enter_context(closing(Parts(folder, level)))
        for frame in _gathered(frames, room):
            mine.add(frame)
        for part in range(_PARTS):
            count_shared(mine.read(part), parts.read(part), columns, found, folder, room, level + 1)


def _spilled(
    frames: Iterable[pl.DataFrame], kept: "_Distinct", folder: Path, room: int, level: int, stack: ExitStack
) -> Parts | None:
    """Gather the distinct rows in `kept`; if they outgrow the room, all of them in parts on disk."""
    parts: Parts | None = None
    for frame in frames:
        kept.add(frame)
        if kept.size > room and kept.shrink() > room // 2 and level < _LEVELS:
            parts = parts or stack.enter_context(closing(Parts(folder, level)))
            parts.add(kept.take())
    if parts is not None:
        parts.add(kept.take())
    return parts


class _Distinct:
    """Distinct rows so far; those that fall away are counted."""

    def __init__(self, columns: Sequence[str], repeats: First | None) -> None:
        self._columns = list(columns)
        self._repeats = repeats
        self._frames: list[pl.DataFrame] = []
        self.size = 0

    def add(self, frame: pl.DataFrame) -> None:
        if frame.height:
            self._frames.append(frame)
            self.size += max(1, int(frame.estimated_size()))

    def shrink(self) -> int:
        """Keep the first of each; the bytes that remain."""
        if self._frames:
            rows = pl.concat(self._frames, rechunk=True)
            first = pl.Series(first_of_each(rows, self._columns))
            if not first.all():
                if self._repeats is not None:
                    self._repeats.add(rows[ROW].filter(~first))
                rows = rows.filter(first)
            self._frames = [rows]
            self.size = max(1, int(rows.estimated_size()))
        return self.size

    def take(self) -> pl.DataFrame:
        """The distinct rows, which are then forgotten."""
        self.shrink()
        (rows,) = self._frames or [pl.DataFrame()]
        self._frames, self.size = [], 0
        return rows


def _gathered(frames: Iterable[pl.DataFrame], room: int) -> Iterator[pl.DataFrame]:
    """Fewer and larger frames."""
    held: list[pl.DataFrame] = []
    size = 0
    for frame in frames:
        held.append(frame)
        size += int(frame.estimated_size())
        if size > room:
            yield pl.concat(held)
            held, size = [], 0
    if held:
        yield pl.concat(held)
