"""The header of CSV files: the names of the columns, from the first bytes. Refuses what cannot be one."""

import csv as csv_module
import io
import json
from collections.abc import Iterator

from seatrial.engines.files.cells import quoted
from seatrial.engines.files.csv_names import other_separator, refuse_alike, refuse_excel_mark
from seatrial.engines.files.encodings import mend, not_utf8
from seatrial.engines.files.formats import utf16_or_32
from seatrial.engines.files.reading import MIB
from seatrial.engines.files.unpacking import is_utf8, packing_of, plain
from seatrial.engines.files.walking import DataPart
from seatrial.errors import BadInput, Location
from seatrial.policy.data import Csv
from seatrial.text import shown

MAX_COLUMNS = 10_000
_MAX_HEADER = 16 * MIB
_HEAD = 4096


def headers(parts: list[DataPart], csv: Csv) -> list[list[str]]:
    """The names of the columns of each file; the same names in each."""
    found = [_header(part, csv) for part in parts]
    for part, header in zip(parts[1:], found[1:], strict=True):
        for one, other, where in ((header, found[0], parts[0]), (found[0], header, part)):
            for name in one:
                if name not in other:
                    raise BadInput(
                        f"the files differ in columns: {shown(where.name)} has no column {quoted(name)}",
                        location=Location(part.name, 1),
                    )
    return found


def _header(part: DataPart, csv: Csv) -> list[str]:
    place = Location(part.name, 1)
    line = _first_record(part, csv, place)
    try:
        text = line.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(
            f"{not_utf8(error.start, line[error.start])}; {mend(line[error.start])}",
            location=place,
        ) from None
    if "\0" in text:
        raise BadInput(
            f"byte {text.index(chr(0))} is NUL, which no text holds; expected CSV: write it again",
            location=place,
        )
    if text.count(csv.delimiter) >= MAX_COLUMNS:
        raise BadInput(
            f"the header has {text.count(csv.delimiter) + 1:,} columns; at most {MAX_COLUMNS:,} are read: "
            "keep those that matter",
            location=place,
        )
    if "\r" in text.rstrip("\r\n"):
        raise BadInput(
            "lines end with CR alone, as on an old Mac; expected LF or CRLF: write the file again",
            location=place,
        )
    limit = csv_module.field_size_limit(_MAX_HEADER)
    try:
        reader = csv_module.reader(
            io.StringIO(text.rstrip("\r\n") + "\n", newline=""), delimiter=csv.delimiter, strict=True
        )
        header = next(reader, [])
    except csv_module.Error as error:
        raise BadInput(
            f"the header is not CSV ({shown(str(error))}); write it again", location=place
        ) from None
    finally:
        csv_module.field_size_limit(limit)
    _refuse_strange_header(header, csv, place)
    return header


def _refuse_strange_header(header: list[str], csv: Csv, place: Location) -> None:
    if not header:
        raise BadInput("the first line is blank; expected the names of the columns", location=place)
    line = csv.delimiter.join(header)
    refuse_excel_mark(line, csv.delimiter, place, mend="write data.csv.delimiter: {mark}")
    other = other_separator(header[0], csv.delimiter) if len(header) == 1 else None
    if other is not None:
        mark, spoken = other
        raise BadInput(
            f"the columns seem to be separated by {spoken}, not by {quoted(csv.delimiter)}; write "
            f"data.csv.delimiter: {json.dumps(mark)}",
            location=place,
        )
    refuse_alike(header, place)


def _first_record(part: DataPart, csv: Csv, place: Location) -> bytes:
    """The bytes up to the first line break outside quotes."""
    head = b""
    inside = False
    for block in _first_blocks(part, csv):
        at = len(head)
        head += block
        while True:
            quote, newline = head.find(b'"', at), head.find(b"\n", at)
            if quote >= 0 and (inside or newline < 0 or quote < newline):
                inside, at = not inside, quote + 1
            elif newline >= 0 and not inside:
                return head[: newline + 1]
            else:
                break
        if len(head) > _MAX_HEADER:
            raise BadInput(
                f"the header is longer than {_MAX_HEADER // MIB} MiB; expected the names of at most "
                f"{MAX_COLUMNS:,} columns",
                location=place,
            )
    return head


def _first_blocks(part: DataPart, csv: Csv) -> Iterator[bytes]:
    if is_utf8(csv.encoding):
        with part.real.open("rb") as file:
            other = utf16_or_32(file.read(_HEAD))
        if other is not None:
            raise BadInput(
                f"byte 0: this looks like {other} text; expected UTF-8: save it as UTF-8, or write "
                f"data.csv.encoding: {other.lower()}",
                location=Location(part.name, 1),
            )
    return plain(part.real, part.name, packing_of(part.real), csv.encoding)
