"""Git objects by id, read through `git cat-file` and proved by their hash.

What runs in a checkout can rewrite its `.git` folder. Reading from the commit id
down, and hashing every object, needs no trust in that folder: no filters, no
replacements, no grafts, no attributes, no paths on a command line.
"""

import hashlib
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from seatrial.errors import BadInput
from seatrial.forge.errors import NoSuchCommit

META_LIMIT = 64 * 1024 * 1024  # a commit or one folder
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}", re.ASCII)
FILE, PROGRAM, LINK, SUBMODULE, FOLDER = "file", "program", "symlink", "submodule", "dir"
_KINDS = {0o100000: FILE, 0o120000: LINK, 0o160000: SUBMODULE, 0o040000: FOLDER}


@dataclass(frozen=True)
class TreeEntry:
    name: bytes
    kind: str
    object_id: str


def is_commit_id(text: str) -> bool:
    """A full commit id in lower-case hex (SHA-1 or SHA-256)."""
    return _COMMIT.fullmatch(text) is not None


def blob_id(data: bytes, length: int = 40) -> str:
    """The id that git gives a file of these bytes."""
    return _hash(b"blob", data, length)


def _hash(kind: bytes, data: bytes, length: int) -> str:
    digest = hashlib.sha1(usedforsecurity=False) if length == 40 else hashlib.sha256()
    digest.update(b"%s %d\0" % (kind, len(data)))
    digest.update(data)
    return digest.hexdigest()


class Objects:
    """Reads objects from a running `git cat-file --batch`."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        if process.stdin is None or process.stdout is None:
            raise ValueError("git cat-file needs pipes")
        self._ask: IO[bytes] = process.stdin
        self._reply: IO[bytes] = process.stdout

    def read(self, object_id: str, kind: bytes, limit: int, what: str) -> bytes:
        """The object's bytes. NoSuchCommit where it is missing; BadInput above the limit."""
        try:
            self._ask.write(object_id.encode() + b"\n")
            self._ask.flush()
            header = self._reply.readline(200).split()
        except OSError:
            header = []
        if len(header) != 3 or header[0] != object_id.encode() or header[1] != kind:
            raise NoSuchCommit(f"{what} is not in this checkout's history")
        size = int(header[2])
        if size > limit:
            raise BadInput(f"{what} has {size:,} bytes; expected at most {limit:,}")
        data = self._reply.read(size)
        if len(data) != size or self._reply.read(1) != b"\n":
            raise NoSuchCommit(f"{what} could not be read whole from this checkout's history")
        if _hash(kind, data, len(object_id)) != object_id:
            raise NoSuchCommit(f"{what} does not have the content that its id promises")
        return data

    def root(self, commit: str) -> str:
        """The id of a commit's top folder."""
        what = f"commit {commit[:12]}"
        if not is_commit_id(commit):
            raise BadInput(f"{what} is not a full commit id")
        first = self.read(commit, b"commit", META_LIMIT, what).split(b"\n", 1)[0]
        tree = first.removeprefix(b"tree ").decode("ascii", "replace")
        if not is_commit_id(tree):
            raise NoSuchCommit(f"{what} is damaged")
        return tree

    def folder(self, tree: str, what: str) -> dict[bytes, TreeEntry]:
        """The entries of one folder."""
        data = self.read(tree, b"tree", META_LIMIT, what)
        try:
            return {entry.name: entry for entry in _entries(data, len(tree) // 2)}
        except ValueError:
            raise NoSuchCommit(f"{what} is damaged") from None


def _entries(data: bytes, width: int) -> Iterator[TreeEntry]:
    at = 0
    while at < len(data):
        space, end = data.index(b" ", at), data.index(b"\0", at)
        mode, name = int(data[at:space], 8), data[space + 1 : end]
        at = end + 1 + width
        kind = _KINDS.get(mode & 0o170000, FILE)
        if kind == FILE and mode & 0o111:
            kind = PROGRAM
        yield TreeEntry(name, kind, data[end + 1 : at].hex())
