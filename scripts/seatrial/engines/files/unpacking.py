"""CSV files as plain UTF-8 bytes: unpacked, transcoded, and without blank lines at their end."""

import codecs
import importlib
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import IO

from seatrial.engines.files.formats import kind_of
from seatrial.engines.files.reading import MIB
from seatrial.errors import BadInput, Location
from seatrial.text import shown

BLOCK = 256 * 1024
MOST_RATIO = 100
MOST_UNPACKED = 64 * 1024 * MIB
_RATIO_COUNTS_FROM = 4 * MIB
_HOLD_BACK = 64 * 1024
_HEAD = 4096
PACKINGS = ("gzip", "zstandard")


def plain(path: Path, name: str, packing: str | None, encoding: str) -> Iterator[bytes]:
    """The text of a file as UTF-8, in blocks. Raises BadInput at the byte where it is wrong."""
    with path.open("rb") as file:
        blocks = _blocks(file) if packing is None else _unpacked(file, name, packing)
        if not is_utf8(encoding):
            blocks = _transcoded(blocks, name, encoding)
        yield from _without_blank_end(blocks)


def packing_of(path: Path) -> str | None:
    """How a CSV file is packed, if it is."""
    with path.open("rb") as file:
        kind = kind_of(file.read(_HEAD))
    return kind if kind in PACKINGS else None


def is_utf8(encoding: str) -> bool:
    """Whether text of this encoding is read as it is. Raises LookupError."""
    return codecs.lookup(encoding).name in ("utf-8", "utf-8-sig", "ascii")


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    while block := file.read(BLOCK):
        yield block


def _unpacked(file: IO[bytes], name: str, packing: str) -> Iterator[bytes]:
    """Stops early where a small file swells: by ratio, and at a cap."""
    place = Location(name)
    zstd = _zstandard(place) if packing == "zstandard" else None
    taken = given = 0
    inner = None
    broken = (zlib.error, EOFError, zstd.ZstdError) if zstd else (zlib.error, EOFError)
    try:
        for block in _blocks(file):
            taken += len(block)
            rest = block
            while rest:
                if inner is None:
                    inner = zstd.ZstdDecompressor() if zstd else zlib.decompressobj(wbits=31)
                for part in _parts(inner, rest):
                    given += len(part)
                    _refuse_bomb(taken, given, place)
                    yield part
                rest = inner.unused_data if inner.eof else b""
                if inner.eof:
                    inner = None
                    rest = rest if rest.strip(b"\0") else b""
    except broken as error:
        raise BadInput(
            f"this {packing} file is damaged ({shown(str(error), 80)}); write it again", location=place
        ) from None
    if inner is not None:
        raise BadInput(f"this {packing} file is cut short; write it again", location=place)


def _parts(inner, data: bytes) -> Iterator[bytes]:  # type: ignore[no-untyped-def]  # two foreign classes
    """What comes out of these bytes, at most a block at once."""
    while True:
        yield inner.decompress(data, BLOCK)
        if inner.eof:
            return
        if hasattr(inner, "needs_input"):
            data = b""
            if inner.needs_input:
                return
        else:
            data = inner.unconsumed_tail
            if not data:
                return


def _refuse_bomb(taken: int, given: int, place: Location) -> None:
    if given > _RATIO_COUNTS_FROM and given > MOST_RATIO * taken:
        raise BadInput(
            f"the file unpacks to more than {MOST_RATIO} times its size, as no table does; write it again",
            location=place,
        )
    if given > MOST_UNPACKED:
        raise BadInput(
            f"the file unpacks to more than {MOST_UNPACKED // 2**30} GiB; write it as Parquet, or in parts",
            location=place,
        )


def _zstandard(place: Location) -> ModuleType:
    for module in ("compression.zstd", "backports.zstd"):
        try:
            return importlib.import_module(module)
        except ImportError:
            continue
    raise BadInput(
        "reading zstandard needs the package backports.zstd; install the extra `seatrial[data]`, or unpack "
        "the file",
        location=place,
    )


def _transcoded(blocks: Iterator[bytes], name: str, encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)()
    done = lines = 0
    try:
        for block in blocks:
            held = len(decoder.getstate()[0])
            text = decoder.decode(block)
            done += len(block)
            lines += text.count("\n")
            yield text.encode()
        held, block = len(decoder.getstate()[0]), b""
        yield decoder.decode(b"", True).encode()
    except UnicodeDecodeError as error:
        at = max(0, done - held + error.start)
        raise BadInput(
            f"byte {at} is not {encoding} ({shown(error.reason)}); name the right data.csv.encoding, or save "
            "the file as UTF-8",
            location=Location(name, lines + error.object[: error.start].count(b"\n") + 1),
        ) from None
    except UnicodeEncodeError:
        raise BadInput(
            f"read as {encoding} this holds half a character; name the right data.csv.encoding",
            location=Location(name, lines + 1),
        ) from None
    except UnicodeError as error:  # UTF-16 without its mark
        raise BadInput(
            f"this is not {encoding} ({shown(str(error))}); name the right data.csv.encoding, or save the "
            "file as UTF-8",
            location=Location(name),
        ) from None


def _without_blank_end(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Blank lines at the end of a file are no rows."""
    held = b""
    for block in blocks:
        whole = held + block
        kept = whole.rstrip(b"\r\n")
        held = whole[len(kept) :]
        if len(held) > _HOLD_BACK:  # no end of a file, but a file of blank lines
            kept, held = whole, b""
        if kept:
            yield kept
    if held:
        yield b"\n"
