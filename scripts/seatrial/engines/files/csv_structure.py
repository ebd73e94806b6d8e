"""Is a CSV file whole? Every row as many cells as the header, every quote closed: told from all its bytes.

An engine that reads some columns does not look at the others, and some fill short rows with missing values.
So the bytes are looked at once more, while they are hashed: a bit for each byte in words of 64, and quoted
parts by a running exclusive or (Langdale and Lemire, Parsing Gigabytes of JSON per Second, 2019, section
3.1). One to two GB/s, and memory for one block.
"""

import codecs
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from seatrial.engines.files.csv_faults import Fault, FaultFound
from seatrial.engines.files.encodings import mend, not_utf8

Words = NDArray[np.uint64]
Bytes = NDArray[np.uint8]

_ONE = np.uint64(1)
_TOP = np.uint64(63)
_ALL = np.uint64(0xFFFF_FFFF_FFFF_FFFF)
_NEWLINE, _RETURN, _QUOTE = 10, 13, 34
_MIXED = "the file mixes encodings, or is damaged: save all of it as UTF-8"


class Structure:
    """Fed with the bytes of a UTF-8 CSV file from its start, in blocks. Raises FaultFound.

    rows: how many there are so far, the header included. width: how many cells each must have.
    """

    def __init__(self, delimiter: str, width: int) -> None:
        self.rows = 0
        self._delimiter = ord(delimiter)
        self._width = width
        self._utf8 = codecs.getincrementaldecoder("utf-8")()
        self._beyond_ascii = False
        self._offset = 0  # bytes before this block
        self._lines = 0  # line breaks before this block
        self._row_line = 1  # the line on which the row begins that is not over yet
        self._cells = 0  # its delimiters before this block
        self._open = False  # whether this block begins inside quotes
        self._quote_line = 1  # the line of the last quote that opened
        # What the last byte was.
        self._after_edge = True
        self._after_closing = False
        self._after_return = False
        self._after_newline = True

    def feed(self, block: bytes | bytearray | memoryview) -> None:
        """The next bytes."""
        if not block:
            return
        raw = block if isinstance(block, bytes | bytearray) else bytes(block)
        self._refuse_no_text(raw)
        data: Bytes = np.frombuffer(raw, np.uint8)
        if self._offset == 0 and raw.startswith(codecs.BOM_UTF8):
            data = data[3:]
        if len(data):
            pending = self._open or self._after_closing or self._after_return
            self._feed(data, pending or raw.find(b'"') >= 0 or raw.find(b"\r") >= 0)
        self._offset += len(raw)

    def end(self) -> int:
        """No more bytes: the number of rows, the header included."""
        try:
            self._utf8.decode(b"", True)
        except UnicodeDecodeError:
            raise FaultFound(
                Fault("the file ends inside a character; it was cut short: write it again", self._lines + 1)
            ) from None
        if self._open:
            raise FaultFound(
                Fault(
                    "a quote opens here and is never closed; close it, or double inner quotes",
                    self._quote_line,
                )
            )
        if not self._after_newline:
            self._widths(np.array([self._cells]), lambda _: self._row_line)
            self.rows += 1
        return self.rows

    def _refuse_no_text(self, raw: bytes | bytearray) -> None:
        zero = raw.find(0)
        if zero >= 0:
            raise FaultFound(
                Fault(
                    f"byte {self._offset + zero} is NUL, which no text holds; expected CSV: write it again",
                    self._lines + raw.count(b"\n", 0, zero) + 1,
                )
            )
        pending = bool(self._utf8.getstate()[0])
        if not pending and raw.isascii():
            return
        before = len(self._utf8.getstate()[0])
        try:
            self._utf8.decode(bytes(raw))
        except UnicodeDecodeError as error:
            at = max(0, error.start - before)
            byte, place = error.object[error.start], self._offset + error.start - before
            what = f"{not_utf8(place, byte)}; {mend(byte)}"
            if self._beyond_ascii or not error.object[: error.start].isascii():
                what = f"byte {place} is 0x{byte:02X}, which is not UTF-8 as the text before it; {_MIXED}"
            raise FaultFound(Fault(what, self._lines + raw.count(b"\n", 0, at) + 1)) from None
        self._beyond_ascii = True

    def _feed(self, data: Bytes, quotes: bool) -> None:
        newline = data == _NEWLINE
        at = np.flatnonzero(newline)
        delimiters = _words(data == self._delimiter)
        ends = at
        if quotes:
            inside = self._quoted(data, delimiters, newline, at)
            delimiters = delimiters & ~inside
            ends = at[(inside[at >> 6] >> (at & 63).astype(np.uint64)) & _ONE == 0]
        in_words = np.bitwise_count(delimiters).astype(np.int64)
        before = np.cumsum(in_words) - in_words
        if len(ends):
            upto = (_ONE << (ends & 63).astype(np.uint64)) - _ONE
            passed = before[ends >> 6] + np.bitwise_count(delimiters[ends >> 6] & upto)
            counts = np.diff(passed, prepend=-self._cells)

            def line_of(row: int) -> int:
                return (
                    self._row_line if row == 0 else self._lines + int(np.searchsorted(at, ends[row - 1])) + 2
                )

            self._widths(counts, line_of)
            self.rows += len(ends)
            self._row_line = line_of(len(ends))
            self._cells = int(in_words.sum() - passed[-1])
        else:
            self._cells += int(in_words.sum())
        self._lines += len(at)
        self._after_newline = bool(len(ends)) and int(ends[-1]) == len(data) - 1
        if not quotes:
            last = int(data[-1])
            self._after_edge = last in (self._delimiter, _NEWLINE)
            self._after_closing = self._after_return = False

    def _quoted(
        self, data: Bytes, delimiters: Words, newline: NDArray[np.bool_], at: NDArray[np.intp]
    ) -> Words:
        """A bit for each byte inside quotes, the opening one among them. Refuses quotes amid a cell."""
        quote = _words(data == _QUOTE)
        inside = quote.copy()
        for shift in (1, 2, 4, 8, 16, 32):
            inside ^= inside << np.uint64(shift)
        odd = (np.bitwise_count(quote) & 1).astype(np.bool_)
        carried = np.logical_xor.accumulate(np.concatenate(([self._open], odd)))
        inside ^= np.where(carried[:-1], _ALL, np.uint64(0))
        outside = ~inside
        opening, closing = quote & inside, quote & outside
        newlines = _words(newline) & outside
        returns = _words(data == _RETURN) & outside
        edges = (delimiters & outside) | newlines
        after_closing = _shifted(closing, self._after_closing)
        bad = opening & ~_shifted(edges | closing, self._after_edge or self._after_closing)
        bad |= after_closing & ~(edges | opening | returns)
        bad |= _shifted(returns, self._after_return) & ~newlines
        rest = len(data) & 63
        if rest:
            bad[-1] &= (_ONE << np.uint64(rest)) - _ONE
        where = np.flatnonzero(bad)
        if len(where):
            word = int(bad[where[0]])
            position = int(where[0]) * 64 + (word & -word).bit_length() - 1
            line = self._lines + int(np.searchsorted(at, position)) + 1
            after_return = _bit(_shifted(returns, self._after_return), position)
            if _bit(opening, position) and not after_return:
                what = "a quote stands amid a cell; put the whole cell in quotes, and double those inside"
            elif after_return:
                what = "a carriage return stands amid a cell; put the whole cell in quotes, or remove it"
            else:
                what = 'text follows a closing quote; double the quotes inside a cell, as in "a ""b"""'
            raise FaultFound(Fault(what, line))
        opened = np.flatnonzero(opening)
        if len(opened):
            position = int(opened[-1]) * 64 + int(opening[opened[-1]]).bit_length() - 1
            self._quote_line = self._lines + int(np.searchsorted(at, position)) + 1
        last = len(data) - 1
        self._open = bool(carried[-1])
        self._after_edge, self._after_closing = _bit(edges, last), _bit(closing, last)
        self._after_return = _bit(returns, last)
        return inside

    def _widths(self, delimiters: NDArray[np.int64], line_of: Callable[[int], int]) -> None:
        wrong = np.flatnonzero(delimiters != self._width - 1)
        if not len(wrong):
            return
        row = int(wrong[0])
        cells = int(delimiters[row]) + 1
        line = line_of(row)
        if cells > self._width:
            mend = "quote cells that hold the delimiter"
            what = f"this row has {cells:,} cells, but the header has {self._width:,}; {mend}"
        elif cells == 1:
            what = (
                f"this row is blank or has only 1 cell, but the header has {self._width:,}; remove it, or "
                "write an empty cell for a missing value"
            )
        else:
            what = (
                f"this row has only {cells:,} cells, but the header has {self._width:,}; write an empty cell "
                "for a missing value, and check that the file is complete"
            )
        raise FaultFound(Fault(what, line))


def _words(marks: NDArray[np.bool_]) -> Words:
    """Bit i of word j is mark 64 j + i."""
    packed = np.packbits(marks, bitorder="little")
    short = -len(packed) % 8
    if short:
        packed = np.concatenate((packed, np.zeros(short, np.uint8)))
    return packed.view(np.dtype("<u8"))


def _shifted(words: Words, first: bool) -> Words:
    """Each bit moved one byte on; first: the bit that comes in."""
    moved = words << _ONE
    moved[1:] |= words[:-1] >> _TOP
    moved[0] |= np.uint64(first)
    return moved


def _bit(words: Words, position: int) -> bool:
    return bool(int(words[position >> 6]) >> (position & 63) & 1)
