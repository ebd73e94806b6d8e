"""A copy of a data file without one column: what a command may see that must not see the label."""

import os
import re
import tempfile
from pathlib import Path

from seatrial.commands.running import Limits
from seatrial.commands.workers import WorkerStopped, work
from seatrial.engines.files.reading import Source
from seatrial.errors import BadInput, Location
from seatrial.text import shown

_BOM = b"\xef\xbb\xbf"
_LINE_END = re.compile(rb"\r\n|\r|\n")
_CELL = re.compile(rb'"(?:[^"]|"")*"|[^,\r\n]*')
_CHILD = Path(__file__).with_name("parquet_child.py")
_LIMITS = Limits(time=300, memory=6 * 2**30, output=100_000)


def csv_without(data: bytes, position: int) -> bytes:
    """CSV that was read before, without one column; the bytes of every other cell stay as they are."""
    kept = [_BOM] if data.startswith(_BOM) else []
    at = len(_BOM) if kept else 0
    while at < len(data):
        end = _LINE_END.search(data, at)
        line = data[at : end.start() if end else len(data)]
        if b'"' in line:
            cells, after = _cells(data, at)
            end = _LINE_END.match(data, after)
        else:
            cells = line.split(b",")
        at = end.end() if end else len(data)
        if len(cells) > 1:
            del cells[position]
            # One empty cell alone would be a blank line.
            kept.append(b",".join(cells) or b'""')
        kept.append(end[0] if end else b"")
    return b"".join(kept)


def _cells(data: bytes, at: int) -> tuple[list[bytes], int]:
    """The raw cells of the row that begins here, quotes included, and where the row ends."""
    cells: list[bytes] = []
    while True:
        cell = _CELL.match(data, at)
        assert cell is not None
        cells.append(cell[0])
        at = cell.end()
        if data[at : at + 1] != b",":
            return cells, at
        at += 1


def parquet_without(source: Source, column: str, target: Path, limits: Limits = _LIMITS) -> None:
    """Write a copy of a Parquet file without one column."""
    handle = os.memfd_create("parquet")
    try:
        with os.fdopen(os.dup(handle), "wb") as copy:
            copy.write(source.data)
        with tempfile.TemporaryDirectory(prefix="seatrial-", dir=target.parent) as name:
            folder = Path(name)
            reply = work(
                _CHILD,
                {"file": f"/proc/self/fd/{handle}", "drop": column, "target": str(folder / "copy")},
                folder=folder,
                limits=limits,
                env={"POLARS_MAX_THREADS": "2"},
                pass_fds=(handle,),
            )
            if reply.get("status") != "read":
                raise WorkerStopped(f"said {shown(str(reply.get('detail')))}")
            os.replace(folder / "copy", target)
    except WorkerStopped as stopped:
        raise BadInput(
            f"no copy without the label can be made: the reader {stopped}; write the file again",
            location=Location(source.name),
        ) from None
    finally:
        os.close(handle)
