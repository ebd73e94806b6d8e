"""A strict reader of zip archives, for those that anybody may have made.

Nothing is written, and nothing is unpacked but the members that are asked for, each to its
declared size. Where two readers could understand an archive differently, it is refused: what
upload-artifact, Python and Info-ZIP write is plain, one member after the other, then the list
of them, then the end. The format is that of PKWARE's APPNOTE 6.3.10.
"""

import re
import struct
import unicodedata
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from seatrial.errors import BadInput, Location
from seatrial.text import shown

MEBIBYTE = 1024 * 1024
_END = struct.Struct("<4s4H2LH")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_EXTRA = struct.Struct("<2H")
_STORED, _DEFLATED = 0, 8
_LATER = 0x0008  # sizes follow the data, in a descriptor
_UTF_8 = 0x0800
_KNOWN_FLAGS = 0x0006 | _LATER | _UTF_8  # 0x0006: how hard it was packed
_ZIP64, _UNICODE_PATH, _AES = 0x0001, 0x7075, 0x9901
_DESCRIPTORS = (12, 16)  # without and with a signature
_FILE, _FOLDER = 0o100000, 0o040000
_DRIVE = re.compile(r"[A-Za-z]:")
_CHUNK = 64 * 1024


@dataclass(frozen=True)
class Limits:
    """What is read of an archive. ratio: bytes out of one byte packed, for members above a mebibyte."""

    archive: int = 64 * MEBIBYTE
    members: int = 1_000
    member: int = 20 * MEBIBYTE
    ratio: int = 200


@dataclass(frozen=True)
class _Member:
    name: str
    is_folder: bool
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int


@dataclass(frozen=True)
class Archive:
    """An archive whose list of members holds; what is in them is found out on reading."""

    _data: bytes
    _place: Location
    _limits: Limits
    _members: Mapping[str, _Member]
    _starts: Mapping[str, int]

    @property
    def files(self) -> tuple[str, ...]:
        """The names of its files."""
        return tuple(name for name, member in self._members.items() if not member.is_folder)

    def read(self, name: str) -> bytes:
        """The bytes of one file, inflated no further than its declared size and the limits."""
        member = self._members.get(name)
        if member is None or member.is_folder:
            raise self._bad(f"holds no file {shown(name)}")
        if member.size > self._limits.member:
            raise self._bad(
                f"its {shown(name)} has {member.size:,} bytes; expected at most {self._limits.member:,}"
            )
        if member.size > MEBIBYTE and member.size > self._limits.ratio * max(member.packed, 1):
            raise self._bad(f"its {shown(name)} unpacks to over {self._limits.ratio} times its size")
        start = self._starts[name]
        packed = self._data[start : start + member.packed]
        found = packed if member.method == _STORED else self._inflated(packed, member)
        if len(found) != member.size or zlib.crc32(found) != member.crc:
            raise self._bad(f"its {shown(name)} does not have the size or the checksum that it states")
        return found

    def _inflated(self, packed: bytes, member: _Member) -> bytes:
        inflater, found = zlib.decompressobj(-zlib.MAX_WBITS), bytearray()
        try:
            while packed and len(found) <= member.size:
                found += inflater.decompress(packed, _CHUNK)
                packed = inflater.unconsumed_tail
            if len(found) <= member.size:
                found += inflater.decompress(b"", _CHUNK)
        except zlib.error:
            raise self._bad(f"its {shown(member.name)} cannot be unpacked") from None
        if not inflater.eof or inflater.unused_data or len(found) > member.size:
            raise self._bad(f"its {shown(member.name)} is not as long as it states")
        return bytes(found)

    def _bad(self, what: str) -> BadInput:
        return BadInput(what, location=self._place)


def read_archive(data: bytes, name: str, limits: Limits | None = None) -> Archive:
    """The archive of these bytes, checked as a whole. name: how errors call it."""
    return _Reading(data, Location(shown(name)), limits or Limits()).archive()


class _Reading:
    """The checks of one archive, from its end to its members."""

    def __init__(self, data: bytes, place: Location, limits: Limits) -> None:
        self._data, self._place, self._limits = data, place, limits

    def archive(self) -> Archive:
        if len(self._data) > self._limits.archive:
            raise self._bad(f"has {len(self._data):,} bytes; expected at most {self._limits.archive:,}")
        first, count = self._end()
        members = self._list(first, count)
        by_name = {member.name: member for member in members}
        starts = self._tiled(members, first)
        return Archive(self._data, self._place, self._limits, by_name, starts)

    def _end(self) -> tuple[int, int]:
        """Where the list begins, and how many entries it has. The end is the last 22 bytes."""
        at = len(self._data) - _END.size
        if at < 0 or self._data[:2] != b"PK":
            raise self._bad("is not a zip archive")
        sign, disk, disk_of_list, here, count, size, first, comment = _END.unpack_from(self._data, at)
        if sign != b"PK\5\6" or comment:
            raise self._bad("is not a whole zip archive, or something follows it")
        if 0xFFFF in (disk, disk_of_list, here, count) or 0xFFFFFFFF in (size, first):
            raise self._bad("is a zip64 archive, which nothing of this size needs")
        if disk or disk_of_list or here != count:
            raise self._bad("is a part of an archive in several parts")
        if first + size != at:
            raise self._bad("is not a whole zip archive: its list of members does not reach to its end")
        if count > self._limits.members:
            raise self._bad(f"holds {count:,} members; expected at most {self._limits.members:,}")
        return first, count

    def _list(self, at: int, count: int) -> list[_Member]:
        end, members = len(self._data) - _END.size, []
        taken: dict[str, bool] = {}
        for _ in range(count):
            if at + _ENTRY.size > end:
                raise self._bad("has a list of members that breaks off")
            member, at = self._entry(at, end)
            self._take(member, taken)
            members.append(member)
        if at != end:
            raise self._bad("has something between its list of members and its end")
        return members

    def _entry(self, at: int, end: int) -> tuple[_Member, int]:
        fields = _ENTRY.unpack_from(self._data, at)
        sign, made_by, _, flags, method, _, _, crc, packed, size, of_name, of_extra, of_comment, disk = (
            fields[:14]
        )
        _, outer, offset = fields[14:]
        after = at + _ENTRY.size + of_name + of_extra + of_comment
        if sign != b"PK\1\2" or after > end:
            raise self._bad("has a list of members that is damaged")
        at += _ENTRY.size
        name = self._name(self._data[at : at + of_name], flags)
        self._plain(name, flags, method, disk)
        self._extra(name, self._data[at + of_name : at + of_name + of_extra])
        if 0xFFFFFFFF in (packed, size, offset):
            raise self._bad(f"its {shown(name)} is of zip64, which nothing of this size needs")
        is_folder = name.endswith("/")
        self._kind(name, made_by >> 8, outer, is_folder=is_folder)
        if (is_folder and size) or (method == _STORED and packed != size):
            raise self._bad(f"its {shown(name)} has a size that cannot be")
        return _Member(name.rstrip("/"), is_folder, flags, method, crc, packed, size, offset), after

    def _name(self, raw: bytes, flags: int) -> str:
        """A relative path of plain parts, in UTF-8 that says so."""
        try:
            name = raw.decode("utf-8" if flags & _UTF_8 else "ascii")
        except UnicodeDecodeError:
            raise self._bad("holds a member whose name is not UTF-8, or does not say that it is") from None
        parts = name.removesuffix("/").split("/")
        if (
            any(part in ("", ".", "..") for part in parts)
            or "\\" in name
            or _DRIVE.match(name)
            or any(unicodedata.category(character) in ("Cc", "Cf") for character in name)
            or len(raw) > 1_000
        ):
            raise self._bad(f"holds a member {shown(name)}: expected the name of a file inside of it")
        return name

    def _plain(self, name: str, flags: int, method: int, disk: int) -> None:
        if flags & 0x2041:
            raise self._bad(f"its {shown(name)} is encrypted")
        if flags & ~_KNOWN_FLAGS or method not in (_STORED, _DEFLATED) or disk:
            raise self._bad(f"its {shown(name)} is packed in a way that is not read: expected deflate")

    def _extra(self, name: str, extra: bytes) -> None:
        at = 0
        while at < len(extra):
            if at + _EXTRA.size > len(extra):
                raise self._bad(f"its {shown(name)} has a damaged header")
            kind, size = _EXTRA.unpack_from(extra, at)
            at += _EXTRA.size + size
            if kind in (_ZIP64, _UNICODE_PATH, _AES) or at > len(extra):
                raise self._bad(f"its {shown(name)} is of zip64, or has a second name or a damaged header")

    def _kind(self, name: str, system: int, outer: int, *, is_folder: bool) -> None:
        """A file or a folder; the upper half is Unix's mode whatever system is named."""
        kind = (outer >> 16) & 0o170000
        folder_by_dos = system != 3 and bool(outer & 0x10)
        if kind not in (0, _FOLDER if is_folder else _FILE) or (folder_by_dos and not is_folder):
            raise self._bad(f"its {shown(name)} is a link, a device or a folder under a file's name")

    def _take(self, member: _Member, taken: dict[str, bool]) -> None:
        """Enter a name and the folders above it; a file under a name that is taken is refused."""
        name = _folded(member.name)
        above = [name[:i] for i, character in enumerate(name) if character == "/"]
        clash = name in taken and not (member.is_folder and taken[name])
        if clash or any(not taken.get(folder, True) for folder in above):
            raise self._bad(f"holds {shown(member.name)} twice, or another that some systems take for it")
        taken |= dict.fromkeys(above, True)
        taken[name] = member.is_folder

    def _tiled(self, members: Iterable[_Member], first: int) -> dict[str, int]:
        """Where the data of each member begin. Members follow each other from the first byte to the list."""
        at, starts = 0, {}
        for member in sorted(members, key=lambda m: m.offset):
            if member.offset != at:
                raise self._bad("has members that overlap, or something between them")
            start = self._local(member, first)
            starts[member.name] = start
            at = self._after(member, start + member.packed, first)
        if at != first:
            raise self._bad("has something before its list of members")
        return starts

    def _local(self, member: _Member, first: int) -> int:
        """Where a member's data begin, once its own header agrees with the list."""
        if member.offset + _LOCAL.size > first:
            raise self._bad("has members that overlap, or something between them")
        fields = _LOCAL.unpack_from(self._data, member.offset)
        sign, _, flags, method, _, _, crc, packed, size, of_name, of_extra = fields
        name_at = member.offset + _LOCAL.size
        start: int = name_at + of_name + of_extra
        if start + member.packed > first:
            raise self._bad("has members that overlap, or a member beyond its end")
        stated = (crc, packed, size)
        agreed = stated == (member.crc, member.packed, member.size) or (flags & _LATER and not any(stated))
        name = self._data[name_at : name_at + of_name].decode("utf-8", "replace").removesuffix("/")
        if (
            sign != b"PK\3\4"
            or (flags, method, name) != (member.flags, member.method, member.name)
            or not agreed
        ):
            raise self._bad(f"its {shown(member.name)} is another in the list of members than where it lies")
        self._extra(member.name, self._data[name_at + of_name : start])
        return start

    def _after(self, member: _Member, at: int, first: int) -> int:
        """The end of a member, behind the descriptor that it may have."""
        if not member.flags & _LATER:
            return at
        told = struct.pack("<3L", member.crc, member.packed, member.size)
        for length in _DESCRIPTORS:
            head = b"PK\7\10" if length == 16 else b""
            if self._data[at : at + length] == head + told and at + length <= first:
                return at + length
        raise self._bad(f"its {shown(member.name)} does not end as its header says")

    def _bad(self, what: str) -> BadInput:
        return BadInput(what, location=self._place)


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
