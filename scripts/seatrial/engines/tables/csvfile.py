"""CSV, read strictly: exact line numbers, no row that shifts, no header that repeats, no guess."""

import codecs
import csv
import io
import re
from collections.abc import Collection, Iterator
from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING

from seatrial.engines.files.cells import quoted
from seatrial.engines.files.csv_names import other_separator, refuse_alike, refuse_excel_mark
from seatrial.engines.files.encodings import not_utf8
from seatrial.engines.files.formats import utf16_or_32
from seatrial.engines.files.reading import Source
from seatrial.engines.tables.table import Column, Lines, Table, missing_column
from seatrial.errors import BadInput, Location
from seatrial.text import counted, shown

if TYPE_CHECKING:
    from _csv import Reader

MAX_CELL = 1_000_000
MAX_COLUMNS = 10_000
_CHUNK = 4096
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
Row = list[str]


def read_csv(source: Source, columns: Collection[str] | None) -> Table:
    """Read the named columns of a CSV file (None: all): UTF-8, commas, one header line."""
    _refuse_other_encodings(source)
    limit = csv.field_size_limit(MAX_CELL)
    try:
        return _read(source, columns)
    except UnicodeDecodeError:
        raise _not_utf8(source) from None
    except csv.Error:
        raise _first_fault(source) from None
    finally:
        csv.field_size_limit(limit)


def _reader(source: Source) -> "Reader":
    text = io.TextIOWrapper(io.BytesIO(source.data), encoding="utf-8-sig", newline="")
    return csv.reader(text, strict=True)


def _read(source: Source, columns: Collection[str] | None) -> Table:
    reader = _reader(source)
    header = _header(source, reader, columns)
    names = list(header) if columns is None else [name for name in header if name in set(columns)]
    for name in columns or ():
        if name not in header:
            raise missing_column(source.name, name, header, True)
    cells: dict[str, list[str]] = {name: [] for name in names}
    sinks = [(itemgetter(header.index(name)), values) for name, values in cells.items()]
    lines = Lines(first=reader.line_num + 1)
    rows = 0
    at = reader.line_num
    while chunk := list(islice(reader, _CHUNK)):
        if reader.line_num - at != len(chunk) or set(map(len, chunk)) != {len(header)}:
            chunk = _checked(source, chunk, reader, len(header), begins=(at, rows), lines=lines)
        for pick, values in sinks:
            values.extend(map(pick, chunk))
        rows += len(chunk)
        at = reader.line_num
    if not rows:
        raise BadInput(
            "there is a header but no row; expected at least one row", location=Location(source.name, 1)
        )
    found = {name: Column(name, "text", values) for name, values in cells.items()}
    return Table(source.name, found, rows, source.sha256, "csv", tuple(header), lines)


def _checked(
    source: Source,
    chunk: list[Row],
    reader: Iterator[Row],
    width: int,
    *,
    begins: tuple[int, int],
    lines: Lines,
) -> list[Row]:
    """Rows of a chunk in which something is unusual: line breaks in cells, blank lines, wrong widths."""
    kept: list[Row] = []
    line, done = begins[0] + 1, begins[1]
    for number, row in enumerate(chunk):
        if not row:
            _refuse_blank_line(source, chunk[number + 1 :], reader, line)
            break
        if len(row) != width:
            raise _wrong_width(source, row, width, line)
        breaks = sum(len(_LINE_BREAK.findall(cell)) for cell in row if "\n" in cell or "\r" in cell)
        if breaks:
            lines.rows.append(done + len(kept) + 1)
            lines.extra.append((lines.extra[-1] if lines.extra else 0) + breaks)
        line += 1 + breaks
        kept.append(row)
    return kept


def _refuse_blank_line(source: Source, rest: list[Row], reader: Iterator[Row], line: int) -> None:
    """Blank lines end a file; between rows they hint at a file that was cut or joined."""
    if any(rest) or any(reader):
        raise BadInput("this line is blank but rows follow; remove it", location=Location(source.name, line))


def _wrong_width(source: Source, row: Row, width: int, line: int) -> BadInput:
    if len(row) > width:
        found = f"{len(row)} cells, but the header has {width}; the first too many is {quoted(row[width])}"
        mend = 'quote cells that hold a comma, as in "a, b"'
    else:
        found = f"only {counted(len(row), 'cell')}, but the header has {width}"
        mend = "write an empty cell for a missing value, and check that the file is complete"
    return BadInput(f"this row has {found}; {mend}", location=Location(source.name, line))


def _header(source: Source, reader: "Reader", columns: Collection[str] | None) -> Row:
    header: Row = next(reader, [])
    if not header:
        raise BadInput(
            "the first line is blank; expected the names of the columns", location=Location(source.name, 1)
        )
    place = Location(source.name, 1)
    refuse_excel_mark(",".join(header), ",", place, mend="write commas between the cells")
    other = other_separator(header[0], ",") if len(header) == 1 and header[0] not in (columns or ()) else None
    if other is not None:
        raise BadInput(f"the columns are separated by {other[1]}; expected commas", location=place)
    if len(header) > MAX_COLUMNS:
        raise BadInput(
            f"the header has {len(header):,} columns; at most {MAX_COLUMNS:,} are read: keep those that "
            "matter",
            location=place,
        )
    refuse_alike(header, place)
    return header


def _refuse_other_encodings(source: Source) -> None:
    other = utf16_or_32(source.data)
    if other is not None:
        raise BadInput(
            f"byte 0: this looks like {other} text; expected UTF-8: save it as UTF-8",
            location=Location(source.name, 1),
        )
    zero = source.data.find(b"\0")
    if zero >= 0:
        raise BadInput(
            f"byte {zero} is NUL, which no text holds; expected UTF-8 CSV: write the file again",
            location=Location(source.name, _line_at(source.data, zero)),
        )


def _not_utf8(source: Source) -> BadInput:
    try:
        codecs.utf_8_decode(source.data, "strict", True)
    except UnicodeDecodeError as error:
        return BadInput(
            f"{not_utf8(error.start, source.data[error.start])}; save the file as UTF-8",
            location=Location(source.name, _line_at(source.data, error.start)),
        )
    return BadInput("this is not UTF-8; save the file as UTF-8", location=Location(source.name))


def _line_at(data: bytes, offset: int) -> int:
    return len(re.findall(rb"\r\n|\r|\n", data[:offset])) + 1


def _first_fault(source: Source) -> BadInput:
    """Read again row by row, to tell the line on which the faulty row begins."""
    reader = _reader(source)
    begins = 1
    width: int | None = None
    try:
        for row in reader:
            if width is None:
                width = len(row)
            elif row and len(row) != width:
                return _wrong_width(source, row, width, begins)
            begins = reader.line_num + 1
    except csv.Error as error:
        return BadInput(
            _csv_fault(str(error), begins, reader.line_num), location=Location(source.name, begins)
        )
    except UnicodeDecodeError:
        return _not_utf8(source)
    return BadInput("this is not CSV; write it again", location=Location(source.name))


def _csv_fault(error: str, begins: int, reached: int) -> str:
    if "field larger" in error:
        if reached > begins:
            return "a quote opens in this row and is not closed within 1 MB; close it, or double inner quotes"
        return "a cell has more than 1 MB; expected short values: leave such columns out"
    if "unexpected end" in error:
        return "a quote opens in this row and is never closed; close it, or double inner quotes"
    if "expected after" in error:
        return 'text follows a closing quote; double the quotes inside a cell, as in "a ""b"""'
    return f"the row is not CSV ({shown(error)}); write it again"
