"""Which files a path of the policy means, and of what form they are."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from seatrial.decision import DataFile
from seatrial.engines.files.csv_headers import headers
from seatrial.engines.files.formats import MEND, kind_of
from seatrial.engines.files.reading import MIB, refuse_irregular, unreadable
from seatrial.engines.files.unpacking import PACKINGS, plain
from seatrial.engines.files.walking import DataPart, files_of
from seatrial.errors import BadInput, Location
from seatrial.gates.data.measures import Reading, Source
from seatrial.policy.data import Csv
from seatrial.text import shown

_HEAD = 4096
_LARGE = 64 * MIB


@dataclass(frozen=True)
class Found:
    """The files behind one path. name: the path as the user wrote it."""

    name: str
    source: Source

    @property
    def large(self) -> bool:
        """Whether reading the rows takes long enough that footers should be asked first."""
        return sum(os.stat(file).st_size for file in self.source.files) >= _LARGE

    def data_file(self, rows: int, sha256: str | None = None) -> DataFile:
        """For the Decision. sha256: from the facts of the source; without it the files are read again."""
        known = sha256 or digest(self.source.names, tuple(map(_digest_of, self.source.files)))
        return DataFile(path=self.name, sha256=known, rows=rows)


def _digest_of(file: str) -> str:
    with open(file, "rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def digest(names: tuple[str, ...], digests: tuple[str, ...]) -> str:
    """One SHA-256 for all files of a source: that of the file, or that of the lines `digest  name`, sorted.

    names: of the files, from the root of the checkout.
    """
    if len(digests) == 1:
        return digests[0]
    lines = sorted(f"{each}  {name}\n" for each, name in zip(digests, names, strict=True))
    return hashlib.sha256("".join(lines).encode("utf-8", "surrogateescape")).hexdigest()


def find(name: str, path: str, root: Path, readings: tuple[Reading, ...], csv: Csv) -> Found:
    """The files that `path`, as the policy writes it, means. name: train, test or reference.

    Raises BadInput for what is not the consumer's own data in a form that is read. Rows are not looked at.
    """
    parts = files_of(path, root)
    forms = [_form(part) for part in parts]
    kinds = dict(zip(forms, parts, strict=True))
    if len(kinds) > 1:
        told = " and ".join(f"{part.name} is {_SPOKEN[kind]}" for kind, part in kinds.items())
        raise BadInput(
            f"the files are of different forms ({shown(told, 200)}); name those of one form, as in "
            "data/*.parquet",
            location=Location(path),
        )
    (kind,) = kinds
    for part in parts[1:]:
        if part.partition.keys() != parts[0].partition.keys():
            raise BadInput(
                f"its folders name other columns (key=value) than those of {shown(parts[0].name)}; "
                "expected the same in every path",
                location=Location(part.name),
            )
    written: dict[str, object] = {
        "delimiter": csv.delimiter,
        "nulls": list(csv.nulls),
        "encoding": csv.encoding,
        "decimal": csv.decimal,
    }
    if kind == "csv":
        written["headers"] = headers(parts, csv)
    return Found(
        path,
        Source(
            name,
            tuple(str(part.real) for part in parts),
            kind,
            readings,
            tuple(part.partition for part in parts),
            written,
            tuple(part.name for part in parts),
        ),
    )


_SPOKEN = {"parquet": "Parquet", "csv": "text, so perhaps CSV"}


def _form(part: DataPart) -> Literal["csv", "parquet"]:
    """By content, never by name. Refuses what is neither CSV nor Parquet, and says what it is."""
    place = Location(part.name)
    head, tail, size = _ends(part.real, place)
    if size == 0:
        raise BadInput("the file is empty; expected a header and rows", location=place)
    kind = kind_of(head)
    if kind in PACKINGS:
        inside = kind_of(next((block for block in plain(part.real, part.name, kind, "utf-8") if block), b""))
        if inside is not None:
            raise BadInput(
                f"this is a {inside} file inside {kind}; expected CSV inside: unpack it",
                location=place,
            )
        return "csv"
    if kind == "Parquet":
        if size < 12 or tail[-4:] != b"PAR1":
            raise BadInput(
                "this Parquet file has no end (no PAR1 there); it was cut short: write it again",
                location=place,
            )
        return "parquet"
    if kind is not None:
        mend = MEND.get(kind, "write CSV or Parquet")
        raise BadInput(f"this is a {kind} file; expected CSV or Parquet: {mend}", location=place)
    if part.name.lower().endswith((".parquet", ".pq")):
        raise BadInput(
            "the name says Parquet but the content is not (no PAR1 at its start); write it again",
            location=place,
        )
    return "csv"


def _ends(path: Path, place: Location) -> tuple[bytes, bytes, int]:
    """The first and last bytes of a regular file, and how many there are."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise unreadable(error, place) from None
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        refuse_irregular(status, place)
        head = file.read(_HEAD)
        file.seek(max(0, status.st_size - 8))
        return head, file.read(8), status.st_size
