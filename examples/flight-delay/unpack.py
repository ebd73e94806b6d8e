"""Take the few files that we need out of the downloaded archive, and trust nothing in it."""

import gzip
import io
import stat
import tarfile
import zipfile
import zlib
from pathlib import Path
from typing import IO

LARGEST_ARCHIVE = 20 * 2**20
LARGEST_FILE = 64 * 2**20
LARGEST_CONTENT = 96 * 2**20
LARGEST_RATIO = 20
MOST_MEMBERS = 100
_DAMAGED = (tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError)


class Refused(Exception):
    """The archive is not what we expect; nothing of it is kept. One line for a person."""


class _Counted(io.RawIOBase):
    """A stream that refuses to grow beyond a number of bytes: the guard against decompression bombs."""

    def __init__(self, stream: IO[bytes], most: int) -> None:
        self._stream, self._left = stream, most

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:
        content = self._stream.read(len(memoryview(buffer)))
        self._left -= len(content)
        if self._left < 0:
            raise Refused(f"the archive holds more than {LARGEST_CONTENT:,} bytes when unpacked")
        memoryview(buffer)[: len(content)] = content
        return len(content)


def unpack(archive: Path, wanted: dict[str, str], folder: Path) -> None:
    """Write the wanted members of a .tar.gz to folder under our own names.

    wanted: from the member's path in the archive to a file name. A member that ends
    in .zip must hold exactly one file, and it is that file which is written.
    """
    if archive.stat().st_size > LARGEST_ARCHIVE:
        raise Refused(f"the archive has {archive.stat().st_size:,} bytes; the most is {LARGEST_ARCHIVE:,}")
    folder.mkdir(parents=True, exist_ok=True)
    missing = set(wanted)
    try:
        with gzip.open(archive) as stream:
            counted = io.BufferedReader(_Counted(stream, LARGEST_CONTENT))
            with tarfile.open(fileobj=counted, mode="r|") as members:
                for number, member in enumerate(members):
                    _check(member, number)
                    if member.name not in wanted:
                        continue
                    if member.name not in missing:
                        raise Refused(f"the archive holds {member.name!r} twice")
                    missing.remove(member.name)
                    content = members.extractfile(member)
                    assert content is not None
                    data = content.read()
                    data = _unzip(data) if member.name.endswith(".zip") else data
                    (folder / wanted[member.name]).write_bytes(data)
    except _DAMAGED as error:
        raise Refused(f"the archive cannot be read ({error}); it is damaged or cut short") from None
    if missing:
        raise Refused(f"the archive lacks {', '.join(sorted(missing))}")


def _check(member: tarfile.TarInfo, number: int) -> None:
    if number >= MOST_MEMBERS:
        raise Refused(f"the archive holds more than {MOST_MEMBERS} members")
    parts = member.name.split("/")
    if member.name.startswith("/") or ".." in parts or "\\" in member.name:
        raise Refused(f"the archive holds {member.name!r}, a path outside its own folder")
    if not (member.isreg() or member.isdir()):
        raise Refused(f"the archive holds {member.name!r}, which is neither a file nor a folder")
    if member.size > LARGEST_FILE:
        raise Refused(f"{member.name!r} has {member.size:,} bytes; the most is {LARGEST_FILE:,}")


def _unzip(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        if len(entries) != 1:
            raise Refused(f"the inner archive holds {len(entries)} members; expected one")
        entry = entries[0]
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if entry.is_dir() or entry.flag_bits & 1 or kind not in (0, stat.S_IFREG):
            raise Refused(f"{entry.filename!r} in the inner archive is not a plain file")
        if entry.file_size > LARGEST_FILE or entry.file_size > LARGEST_RATIO * max(1, len(data)):
            raise Refused(f"{entry.filename!r} in the inner archive unpacks to {entry.file_size:,} bytes")
        with archive.open(entry) as stream:
            content = stream.read(entry.file_size + 1)
        if len(content) != entry.file_size:
            raise Refused(f"{entry.filename!r} in the inner archive is not as long as it claims")
        return content
