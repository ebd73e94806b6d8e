"""Parquet, read in a child process: a hostile or damaged file may crash native code, but not us."""

import os
import tempfile
from collections.abc import Collection
from pathlib import Path

from seatrial.commands.running import Limits
from seatrial.commands.workers import WorkerStopped, work
from seatrial.engines.files.reading import Source
from seatrial.engines.tables import packed
from seatrial.engines.tables.table import Table, missing_column
from seatrial.errors import BadInput, Location
from seatrial.text import shown

_CHILD = Path(__file__).with_name("parquet_child.py")
_LIMITS = Limits(time=120, memory=4 * 2**30, output=100_000)


def read_parquet(source: Source, columns: Collection[str] | None, limits: Limits = _LIMITS) -> Table:
    """Read the named columns of a Parquet file (None: all) through polars."""
    place = Location(source.name)
    handle = os.memfd_create("parquet")
    try:
        with os.fdopen(os.dup(handle), "wb") as copy:
            copy.write(source.data)
        with tempfile.TemporaryDirectory(prefix="seatrial-") as name:
            folder = Path(name)
            reply = work(
                _CHILD,
                {"file": f"/proc/self/fd/{handle}", "columns": None if columns is None else list(columns)},
                folder=folder,
                limits=limits,
                env={"POLARS_MAX_THREADS": "2"},
                pass_fds=(handle,),
            )
            found = packed.read(folder) if reply.get("status") == "read" else {}
    except WorkerStopped as stopped:
        raise BadInput(
            f"the reader {stopped}; the file is damaged or far too large: write it again", location=place
        ) from None
    finally:
        os.close(handle)
    header = reply.get("header")
    names = tuple(str(name) for name in header) if isinstance(header, list) else ()
    match reply.get("status"):
        case "read":
            rows = reply.get("rows")
            assert isinstance(rows, int)
            if rows == 0:
                raise BadInput("the file has no rows; expected at least one", location=place)
            return Table(source.name, found, rows, source.sha256, "parquet", names)
        case "no polars":
            raise BadInput(
                "reading Parquet needs the package polars; install the extra `seatrial[parquet]`, or write "
                "CSV",
                location=place,
            )
        case "missing":
            raise missing_column(source.name, str(reply.get("detail")), names, False)
        case "type":
            raise BadInput(f"{shown(str(reply.get('detail')), 200)}", location=place)
    detail = shown(str(reply.get("detail")), 120)
    raise BadInput(
        f"this Parquet file cannot be read ({detail}); it is damaged or cut short: write it again",
        location=place,
    )
