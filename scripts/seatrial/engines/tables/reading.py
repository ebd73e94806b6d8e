"""`read_table`: a CSV or Parquet file as a Table. The format is told from the content."""

from collections.abc import Collection
from pathlib import Path

from seatrial.engines.files.formats import MEND, kind_of
from seatrial.engines.files.reading import MIB, read_source
from seatrial.engines.tables.csvfile import read_csv
from seatrial.engines.tables.parquet import read_parquet
from seatrial.engines.tables.table import Column, Table
from seatrial.errors import BadInput, Location

__all__ = ["Column", "Table", "read_table"]

MAX_BYTES = 1024 * MIB


def read_table(path: Path, *, name: str, columns: Collection[str] | None, root: Path | None = None) -> Table:
    """Read the named columns (None: all) of a CSV or Parquet file.

    name: the path as the user wrote it, for messages. root: the folder that links must not leave.
    """
    source = read_source(path, name=name, root=root, cap=MAX_BYTES, mend="write fewer rows or columns")
    if not source.data:
        raise BadInput("the file is empty; expected a header and rows", location=Location(name))
    kind = kind_of(source.data)
    if kind == "Parquet":
        return read_parquet(source, columns)
    if kind is not None:
        mend = MEND.get(kind, "write CSV or Parquet")
        raise BadInput(f"this is a {kind} file; expected CSV or Parquet: {mend}", location=Location(name))
    if path.suffix.lower() in (".parquet", ".pq"):
        raise BadInput(
            "the name says Parquet but the content is not (no PAR1 at its start); write it again",
            location=Location(name),
        )
    return read_csv(source, columns)
