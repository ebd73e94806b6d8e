"""Secrets by well-known patterns. A finding says file, line and kind, and never a part of the secret."""

import re
from collections.abc import Iterable, Iterator

from seatrial.engines.files.formats import utf16_or_32
from seatrial.linters.findings import Finding
from seatrial.linters.secret_kinds import KINDS
from seatrial.text import shown

OVERLAP = 4096  # bytes; longer than any match
MOST = 1000  # of one file
_LOOKED_AT = 8192  # as git does, to tell binary files
_PLACEHOLDER = re.compile(rb"example|x{4}|\*{3}|\.{3}|redacted|placeholder", re.IGNORECASE)
# What the documentation of GitHub and of Stripe shows everybody.
_PUBLISHED = frozenset({b"16C7e42F292c6912E7710c838347Ae178B4a", b"4eC39HqLyjWDarjtT1zdp7dc"})
_FEWEST = 4  # different characters in what is no placeholder
MEND = "revoke it where it was made, and keep it outside of the repository"


def is_binary(head: bytes) -> bool:
    """Whether this begins no text: a NUL in it, and no UTF-16."""
    return b"\0" in head[:_LOOKED_AT] and utf16_or_32(head) != "UTF-16"


def secrets(path: str, blocks: Iterable[bytes]) -> Iterator[Finding]:
    """A finding for each secret in a file that is given in blocks of at least OVERLAP bytes but the last."""
    for count, (line, name) in enumerate(_found(_as_text(blocks)), 1):
        if count > MOST:
            yield Finding(path, None, f"holds more than {MOST:,} of what looks like secrets; {MEND}")
            return
        yield Finding(path, line, f"what looks like {name}; {MEND}")


def redacted(text: str, limit: int) -> str:
    """The text on one visible line of at most `limit` characters, without what looks like a secret."""
    data = text.encode("utf-8", "surrogatepass")
    for kind in KINDS:
        if any(anchor in data for anchor in kind.anchors):
            data = kind.pattern.sub(
                lambda match: match[0] if _is_placeholder(match[1]) else b"[secret]", data
            )
    return shown(data.decode("utf-8", "surrogatepass"), limit)


def _as_text(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The blocks; those of UTF-16 without the zeros in it, as all that is looked for is ASCII."""
    wide: bool | None = None
    for block in blocks:
        if wide is None:
            wide = utf16_or_32(block) == "UTF-16"
        yield block.replace(b"\0", b"") if wide else block


def _found(blocks: Iterable[bytes]) -> Iterator[tuple[int, str]]:
    """Line and kind of each secret. Blocks overlap, and a match counts in the one in whose body it begins."""
    carried, line, before = b"", 1, None
    for block in blocks:
        if before is not None:
            data = carried + before
            end = max(0, len(data) - OVERLAP)
            yield from _in(data, line, end)
            line += data.count(b"\n", 0, end)
            carried = data[end:]
        before = block
    yield from _in(carried + (before or b""), line, None)


def _in(data: bytes, first: int, end: int | None) -> Iterator[tuple[int, str]]:
    taken: set[int] = set()  # a service account's key is told once
    hits: list[tuple[int, str]] = []
    for kind in KINDS:
        for match in kind.matches(data):
            if end is not None and match.start() >= end:
                break
            if match.start(1) not in taken and not _is_placeholder(match[1]):
                taken.add(match.start(1))
                hits.append((match.start(), kind.name))
                if len(hits) > MOST:
                    break
    line, position = first, 0
    for start, name in sorted(hits):
        line += data.count(b"\n", position, start)
        position = start
        yield line, name


def _is_placeholder(body: bytes) -> bool:
    return len(set(body.lower())) < _FEWEST or body in _PUBLISHED or _PLACEHOLDER.search(body) is not None
