"""Rows and missing values as the footers of Parquet files tell them; no row is read.

A footer is one Thrift structure in the compact protocol (apache/parquet-format, parquet.thrift: FileMetaData,
RowGroup, ColumnChunk, ColumnMetaData, Statistics). Only numbers are taken from it, and an engine reads the
rows wherever it cannot be read or does not tell.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

MOST_BYTES = 64 * 2**20
_DEEPEST = 32
_BOOLEANS = {1: True, 2: False}
_I8, _INTEGERS, _DOUBLE, _BINARY, _LISTS, _MAP, _STRUCT = 3, (4, 5, 6), 7, 8, (9, 10), 11, 12
# Fields of the structures by their numbers.
_NUM_ROWS, _ROW_GROUPS, _COLUMNS, _META_DATA, _PATH, _STATISTICS, _NULL_COUNT = 3, 4, 1, 3, 3, 12, 3


@dataclass(frozen=True)
class Footers:
    """rows: of all files. nulls: by column how many values are missing, where every row group says so."""

    rows: int
    nulls: dict[str, int]


def read_footers(files: Sequence[str]) -> Footers | None:
    """None where a footer cannot be read."""
    rows = 0
    nulls: dict[str, int | None] = {}
    for file in files:
        try:
            footer = _Compact(_bytes(file)).structure()
            rows += int(footer[_NUM_ROWS])
            for group in footer.get(_ROW_GROUPS, ()):
                for column in group[_COLUMNS]:
                    told = column[_META_DATA]
                    name = told[_PATH][0].decode()
                    count = told.get(_STATISTICS, {}).get(_NULL_COUNT) if len(told[_PATH]) == 1 else None
                    before = nulls.get(name, 0)
                    nulls[name] = None if count is None or before is None else before + int(count)
        except (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError, struct.error):
            return None
    return Footers(rows, {name: count for name, count in nulls.items() if count is not None})


def _bytes(file: str) -> bytes:
    with open(file, "rb") as opened:
        end = opened.seek(0, 2)
        opened.seek(end - 8)
        size, magic = struct.unpack("<I4s", opened.read(8))
        if magic != b"PAR1" or not 0 < size <= min(MOST_BYTES, end - 12):
            raise ValueError(size)
        opened.seek(end - 8 - size)
        return opened.read(size)


class _Compact:
    """Thrift's compact protocol, as far as a value can be read without knowing what it is."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def structure(self, depth: int = 0) -> dict[int, Any]:
        """Values by the number of their field."""
        if depth > _DEEPEST:
            raise ValueError(depth)
        found: dict[int, Any] = {}
        number = 0
        while head := self._byte():
            step, kind = head >> 4, head & 15
            number = number + step if step else self._integer()
            found[number] = _BOOLEANS[kind] if kind in _BOOLEANS else self._value(kind, depth)
        return found

    def _value(self, kind: int, depth: int) -> Any:
        if kind in _INTEGERS:
            return self._integer()
        if kind == _BINARY:
            return self._take(self._varint())
        if kind == _STRUCT:
            return self.structure(depth + 1)
        if kind in _LISTS:
            return self._list(depth)
        if kind == _DOUBLE:
            return self._take(8)
        if kind == _I8 or kind in _BOOLEANS:
            return self._byte()
        if kind == _MAP:
            return self._map(depth)
        raise ValueError(kind)

    def _list(self, depth: int) -> list[Any]:
        if depth > _DEEPEST:
            raise ValueError(depth)
        head = self._byte()
        size = self._varint() if head >> 4 == 15 else head >> 4
        if size > len(self._data) - self._at:
            raise ValueError(size)
        return [self._value(head & 15, depth + 1) for _ in range(size)]

    def _map(self, depth: int) -> list[Any]:
        size = self._varint()
        if size > len(self._data) - self._at:
            raise ValueError(size)
        kinds = self._byte() if size else 0
        return [(self._value(kinds >> 4, depth + 1), self._value(kinds & 15, depth + 1)) for _ in range(size)]

    def _integer(self) -> int:
        found = self._varint()
        return (found >> 1) ^ -(found & 1)

    def _varint(self) -> int:
        found = shift = 0
        while True:
            byte = self._byte()
            found |= (byte & 127) << shift
            if byte < 128:
                return found
            shift += 7
            if shift > 63:
                raise ValueError(shift)

    def _byte(self) -> int:
        byte = self._data[self._at]
        self._at += 1
        return byte

    def _take(self, size: int) -> bytes:
        if size > len(self._data) - self._at:
            raise IndexError(size)
        self._at += size
        return self._data[self._at - size : self._at]
