"""Which files a path of the policy means: one file, a folder of them, or a pattern."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from seatrial.decision import DataFile
from seatrial.engines.formats import kind_of
from seatrial.errors import BadInput, Location
from seatrial.gates.data.measures import Reading, Source
from seatrial.policy.data import Csv

_CHUNK = 4 * 1024 * 1024


@dataclass(frozen=True)
class Found:
    """The files behind one path. name: the path as the user wrote it."""

    name: str
    source: Source

    def digest(self) -> str:
        """SHA-256 of the one file."""
        whole = hashlib.sha256()
        with Path(self.source.files[0]).open("rb") as file:
            while part := file.read(_CHUNK):
                whole.update(part)
        return whole.hexdigest()

    def data_file(self, rows: int) -> DataFile:
        return DataFile(path=self.name, sha256=self.digest(), rows=rows)


def find(name: str, path: str, root: Path, readings: tuple[Reading, ...], csv: Csv) -> Found:
    """The files that `path`, as the policy writes it, means. name: train, test or reference."""
    file = root / path
    if not file.is_file():
        raise BadInput("there is no such file; check the path in the policy", location=Location(path))
    with file.open("rb") as opened:
        kind = kind_of(opened.read(4096))
    return Found(
        path,
        Source(
            name,
            (str(file.resolve()),),
            "parquet" if kind == "Parquet" else "csv",
            readings,
            ({},),
            {
                "delimiter": csv.delimiter,
                "nulls": list(csv.nulls),
                "encoding": csv.encoding,
                "decimal": csv.decimal,
            },
        ),
    )
