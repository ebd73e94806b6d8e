"""Numbers packed into short text for profiles, and where a profile cuts a column. Standard library only.

A packed list is its 8-byte little-endian words, first bytes of all words first (equal bytes lie together
then), deflated (zlib), as base64.
"""

import base64
import binascii
import bisect
import math
import struct
import sys
import zlib
from array import array
from collections.abc import Sequence
from itertools import accumulate

STEPS = 4096  # edges of a column at most
LEAST = 10  # rows that share a value before a profile tells it
SURE = 3  # times the rows that a profile wants of a category: without drift so many are surely in the profile
CATEGORIES = 1_000  # named at most
LONGEST = 1_000  # characters of a category's text that is named


def pack_floats(values: Sequence[float]) -> str:
    """float64 as text."""
    return _pack(array("d", values))


def pack_counts(values: Sequence[int], effort: int = 9) -> str:
    """Whole numbers of 64 bits as text. effort: from 1, for what is only handed on, to 9."""
    return _pack(array("q", values), effort)


def unpack_floats(text: str, most: int) -> "array[float]":
    """ValueError on anything that is no packed list of at most `most` numbers."""
    return array("d", _unpack(text, most))


def unpack_counts(text: str, most: int) -> "array[int]":
    """ValueError on anything that is no packed list of at most `most` whole numbers."""
    return array("q", _unpack(text, most))


def _pack(words: "array[float] | array[int]", effort: int = 9) -> str:
    if sys.byteorder == "big":
        words.byteswap()
    data = words.tobytes()
    planes = b"".join(data[place::8] for place in range(8))
    return base64.b64encode(zlib.compress(planes, effort)).decode("ascii")


def _unpack(text: str, most: int) -> bytes:
    """The 8-byte words in the byte order of this machine."""
    try:
        packed = base64.b64decode(text, validate=True)
        inflating = zlib.decompressobj()
        planes = inflating.decompress(packed, 8 * most + 1)
    except (binascii.Error, zlib.error, ValueError):
        raise ValueError("not a packed list (base64 of zlib)") from None
    if len(planes) > 8 * most:
        raise ValueError(f"more than {most} numbers")
    if not inflating.eof or inflating.unused_data or len(planes) % 8:
        raise ValueError("a packed list is cut off or has something after it")
    count = len(planes) // 8
    data = bytearray(len(planes))
    for place in range(8):
        data[place::8] = planes[place * count : (place + 1) * count]
    return bytes(data) if sys.byteorder == "little" else _swapped(bytes(data))


def _swapped(data: bytes) -> bytes:
    words = array("q", data)
    words.byteswap()
    return words.tobytes()


def cuts(values: Sequence[float], counts: Sequence[int], heavy: float, mass: float) -> list[float]:
    """Where to cut a column, from its distinct finite values (ascending) and how often each stands.

    A value that stands at least `heavy` times is an edge itself. Else there is an edge wherever at least
    `mass` rows have come together since the last one; it is put between two values, at the number of fewest
    bits, so that it is the value of no row here.
    """
    sums = list(accumulate(counts))
    heavies = [index for index, count in enumerate(counts) if count >= heavy]
    edges: list[float] = []
    done, index, following = 0, 0, 0
    last = len(values) - 1
    while index <= last:
        atom = heavies[following] if following < len(heavies) else last + 1
        full = bisect.bisect_left(sums, done + mass, index)
        if atom <= full and atom <= last:
            edges.append(values[atom])
            done, index, following = sums[atom], atom + 1, following + 1
        elif full < last:
            middle = between(values[full], values[full + 1])
            if middle is not None:
                edges.append(middle)
                done = sums[full]
            index = full + 1
        else:
            break
    return edges


def pooled(
    categories: Sequence[tuple[str, int]], others: tuple[int, int], least: int
) -> tuple[list[tuple[str, int]], tuple[int, int]]:
    """The categories that are named, most rows first, and of the others how many there are and their rows.

    Named are those of at least `least` rows, `CATEGORIES` of them at most.
    """
    ordered = sorted(categories, key=lambda each: (-each[1], each[0]))
    fitting = [each for each in ordered if each[1] >= least and len(each[0]) <= LONGEST][:CATEGORIES]
    rows = sum(count for _, count in categories) - sum(count for _, count in fitting)
    return fitting, (others[0] + len(categories) - len(fitting), others[1] + rows)


def between(low: float, high: float) -> float | None:
    """The number of fewest bits strictly between two numbers; None where there is none."""
    if not low < high:
        return None
    if low < 0 < high:
        return 0.0
    if high <= 0:
        mirrored = between(-high, -low)
        return None if mirrored is None else -mirrored
    first, found = _bits(low) + 1, _bits(high) - 1
    if found < first:
        return None
    while found & (found - 1) >= first:
        found &= found - 1
    return float(struct.unpack("<d", struct.pack("<q", found))[0])


def _bits(value: float) -> int:
    """Floats from 0 on as whole numbers in the same order."""
    return int(struct.unpack("<q", struct.pack("<d", value + 0.0))[0])


def excess(total: float, rows: int) -> float:
    """How far rows beyond the outermost edge lie from it on the average, rounded up to a power of 2.

    So that the outermost rows are not told. 0 where there are none.
    """
    return 2.0 ** math.ceil(math.log2(total / rows)) if rows and total > 0 else 0.0
