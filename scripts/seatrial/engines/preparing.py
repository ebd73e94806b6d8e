"""CSV files that no engine reads as they are, written once more as plain UTF-8."""

import errno
import os
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from seatrial.engines.files.csv_faults import FaultFound
from seatrial.engines.files.reading import Signature, signature, unreadable
from seatrial.engines.files.unpacking import is_utf8, packing_of, plain
from seatrial.errors import BadInput, CouldNotDecide, Location
from seatrial.gates.data.measures import Source
from seatrial.text import shown

if TYPE_CHECKING:
    from seatrial.engines.files.csv_structure import Structure


@dataclass(frozen=True)
class Prepared:
    """A source, and what an engine reads instead.

    signatures: of the files before anything of them was read. copied: the numbers of those that were copied.
    """

    source: Source
    read: Source
    signatures: tuple[Signature, ...]
    copied: frozenset[int]


def prepared(source: Source, folder: Path, *, deadline: float) -> Prepared:
    """Copies what is packed, of another encoding, or ends with blank lines. Raises BadInput.

    deadline: on the monotonic clock.
    """
    signatures = tuple(_signature(file, source.called(number)) for number, file in enumerate(source.files))
    if source.format != "csv":
        return Prepared(source, source, signatures, frozenset())
    files = list(source.files)
    copied = set()
    for number, file in enumerate(files):
        packing = packing_of(Path(file))
        if packing is None and is_utf8(source.csv["encoding"]) and not _ends_blank(file):
            continue
        target = folder / f"{source.name}-{number}.csv"
        copied.add(number)
        _copy(source, number, packing, target, deadline)
        files[number] = str(target)
    read = replace(source, files=tuple(files), csv={**source.csv, "encoding": "utf-8"})
    return Prepared(source, read, signatures, frozenset(copied))


def _signature(file: str, name: str) -> Signature:
    try:
        return signature(os.stat(file, follow_symlinks=False))
    except OSError as error:
        raise unreadable(error, Location(name)) from None


def structure(source: Source, number: int) -> "Structure":
    """What the bytes of a CSV file must be."""
    from seatrial.engines.files.csv_structure import Structure  # with numpy, which Parquet does not need

    return Structure(source.csv["delimiter"], len(source.csv["headers"][number]))


def refusal(found: FaultFound, name: str) -> BadInput:
    """A fault in a file, for people."""
    return BadInput(found.fault.message, location=Location(name, found.fault.line))


def _copy(source: Source, number: int, packing: str | None, target: Path, deadline: float) -> None:
    name = source.called(number)
    watch = structure(source, number)
    try:
        with target.open("wb") as copy:
            for block in plain(Path(source.files[number]), name, packing, source.csv["encoding"]):
                watch.feed(block)
                copy.write(block)
                if time.monotonic() > deadline:
                    raise BadInput(
                        "unpacking did not end in time; raise data.time, or write Parquet",
                        location=Location(name),
                    )
        watch.end()
    except FaultFound as found:
        raise refusal(found, name) from None
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        raise CouldNotDecide(
            f"no room on the disk to unpack this ({shown(error.strerror)}); free some, or write Parquet",
            location=Location(name),
        ) from None


def _ends_blank(file: str) -> bool:
    """Whether a file ends with more than one line break."""
    with open(file, "rb") as opened:
        opened.seek(max(0, os.fstat(opened.fileno()).st_size - 4))
        end = opened.read(4)
    return end.endswith((b"\n\n", b"\n\r\n"))
