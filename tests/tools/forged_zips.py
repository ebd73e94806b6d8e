"""Zips put together by hand, byte for byte, so that any field of them may lie."""

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

LATER, UTF_8, ENCRYPTED = 0x0008, 0x0800, 0x0001
LINK, DEVICE, FOLDER, FILE = 0o120777, 0o060666, 0o040755, 0o100644


@dataclass(frozen=True)
class Part:
    """One member. What is None is as it should be; `local_name` is what its own header calls it."""

    name: bytes = b"lint.json"
    data: bytes = b"{}"
    method: int = 8
    flags: int = 0
    mode: int = FILE
    system: int = 3
    dos: int = 0
    crc: int | None = None
    packed: int | None = None
    size: int | None = None
    offset: int | None = None
    extra: bytes = b""
    local_name: bytes | None = None
    local_size: int | None = None
    local_extra: bytes = b""
    raw: bytes | None = None
    descriptor: bytes | None = None
    disk: int = 0


def forged(
    *parts: Part,
    before: bytes = b"",
    between: bytes = b"",
    after_list: bytes = b"",
    comment: bytes = b"",
    count: int | None = None,
    disk: int = 0,
    first: int | None = None,
    list_size: int | None = None,
    end: bytes = b"PK\5\6",
) -> bytes:
    """An archive of these members, in this order."""
    body, entries = bytearray(before), bytearray()
    for part in parts:
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        raw = part.raw
        if raw is None:
            raw = packer.compress(part.data) + packer.flush() if part.method == 8 else part.data
        crc = zlib.crc32(part.data) if part.crc is None else part.crc
        packed = len(raw) if part.packed is None else part.packed
        size = len(part.data) if part.size is None else part.size
        offset = len(body) if part.offset is None else part.offset
        local = part.name if part.local_name is None else part.local_name
        told = (0, 0, 0) if part.flags & LATER else (crc, packed, part.local_size or size)
        body += struct.pack("<4s5H3L2H", b"PK\3\4", 20, part.flags, part.method, 0, 33, *told, len(local),
                            len(part.local_extra))  # fmt: skip
        body += local + part.local_extra + raw
        if part.flags & LATER:
            body += (
                struct.pack("<4s3L", b"PK\7\10", crc, packed, size)
                if part.descriptor is None
                else part.descriptor
            )
        body += between
        entries += struct.pack(
            "<4s6H3L5H2L", b"PK\1\2", part.system << 8 | 20, 20, part.flags, part.method, 0, 33, crc, packed,
            size, len(part.name), len(part.extra), 0, part.disk, 0, part.mode << 16 | part.dos, offset,
        )  # fmt: skip
        entries += part.name + part.extra
    number = len(parts) if count is None else count
    start = len(body) if first is None else first
    length = len(entries) + len(after_list) if list_size is None else list_size
    tail = struct.pack("<4s4H2LH", end, disk, disk, number, number, length, start, len(comment))
    return bytes(body + entries + after_list + tail + comment)


def zip64_extra(*values: int) -> bytes:
    return struct.pack(f"<2H{len(values)}Q", 1, 8 * len(values), *values)


def names(*wanted: str) -> Sequence[Part]:
    return [Part(name.encode(), flags=UTF_8) for name in wanted]
