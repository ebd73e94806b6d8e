"""A file at a commit, from git history or from GitHub's contents API."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from seatrial.errors import BadInput, CouldNotDecide
from seatrial.forge.answers import DIRECTORY_LIMIT, ChangedFiles, Entry
from seatrial.forge.errors import ForgeError, NotFound, Unavailable
from seatrial.forge.objects import blob_id
from seatrial.text import shown

READ_LIMIT = 100 * 1024 * 1024
API_FILE_LIMIT = 100 * 1024 * 1024
_POINTER = b"version https://git-lfs.github.com/spec/"
_POINTER_LIMIT = 1024


class Source(Protocol):
    """Where files of other commits come from."""

    name: str

    def read_at(self, commit: str, path: str, limit: int = READ_LIMIT) -> bytes | None:
        """The file's bytes; None if there is no such file at that commit; a ForgeError if it cannot tell."""

    def changed_files(self, base: str, head: str) -> ChangedFiles | None:
        """What head changes since it left base; None if that cannot be told from here."""


class ContentsClient(Protocol):
    """What this module needs of GitHub."""

    def directory(self, repository: str, path: str, commit: str) -> list[Entry]: ...
    def file(self, repository: str, path: str, commit: str, limit: int) -> bytes: ...
    def pull_request_files(self, repository: str, number: int) -> ChangedFiles: ...


class Api:
    """Files at commits, from GitHub."""

    name = "GitHub's API"

    def __init__(self, client: ContentsClient, repository: str, pull_request: int | None = None) -> None:
        self._client = client
        self._repository = repository
        self._pull_request = pull_request

    def read_at(self, commit: str, path: str, limit: int = READ_LIMIT) -> bytes | None:
        path = clean_path(path)
        folder, _, name = path.rpartition("/")
        try:
            entries = self._client.directory(self._repository, folder, commit)
        except NotFound:
            if folder:
                # 404 means "no such folder" or "you may not see this": ask for what must be there.
                self._client.directory(self._repository, "", commit)
                return None
            raise
        entry = next((e for e in entries if e.name == name), None)
        if entry is None and len(entries) < DIRECTORY_LIMIT:
            return None
        if entry is None:
            return self._unlisted(commit, path, limit)
        if entry.kind == "dir":
            return None
        if entry.kind != "file":
            raise not_plain(path, commit, entry.kind)
        if entry.size > min(limit, API_FILE_LIMIT):
            raise BadInput(
                f"`{shown(path)}` at {commit[:12]} has {entry.size:,} bytes; expected at most "
                f"{min(limit, API_FILE_LIMIT):,}"
                + ("; check out with `fetch-depth: 0` to read it from git" if entry.size <= limit else "")
            )
        data = self._client.file(self._repository, path, commit, limit)
        if blob_id(data, len(entry.sha)) != entry.sha:
            raise Unavailable(f"GitHub sent other bytes of `{shown(path)}` than it lists; run the job again")
        return refuse_pointer(data, path, commit)

    def _unlisted(self, commit: str, path: str, limit: int) -> bytes | None:
        """A folder of more entries than GitHub lists; that the commit is visible is known by now."""
        try:
            return refuse_pointer(self._client.file(self._repository, path, commit, limit), path, commit)
        except NotFound:
            return None

    def changed_files(self, base: str, head: str) -> ChangedFiles | None:
        if self._pull_request is None:
            return None
        return self._client.pull_request_files(self._repository, self._pull_request)


class FirstOf:
    """The first source that can tell."""

    name = "git history or GitHub's API"

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = sources

    def read_at(self, commit: str, path: str, limit: int = READ_LIMIT) -> bytes | None:
        reasons = []
        for source in self._sources:
            try:
                return source.read_at(commit, path, limit)
            except ForgeError as error:
                reasons.append(f"{source.name}: {error.message}")
        told = "; ".join(reasons) or "there is neither a token nor history"
        raise CouldNotDecide(
            f"`{shown(path)}` cannot be read at the base commit {shown(commit[:12])} ({told}). Give the job "
            "`permissions: {contents: read}` and pass `github-token`, or check out with `fetch-depth: 0`"
        )

    def changed_files(self, base: str, head: str) -> ChangedFiles | None:
        for source in self._sources:
            try:
                found = source.changed_files(base, head)
            except ForgeError:
                continue
            if found is not None:
                return found
        return None


def read_checkout(root: Path, path: str, limit: int = READ_LIMIT) -> bytes | None:
    """A file of the checkout as it lies on disk; None if there is none. Links are refused."""
    place = root / clean_path(path)
    if not os.path.lexists(place):
        return None
    if place.resolve() != root.resolve() / clean_path(path):
        raise BadInput(f"`{shown(path)}` is a link or lies behind one: put the file itself there")
    if not place.is_file():
        raise BadInput(f"`{shown(path)}` is not a file")
    with place.open("rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise BadInput(f"`{shown(path)}` has more than {limit:,} bytes")
    return refuse_pointer(data, path, "in the checkout")


def clean_path(path: str) -> str:
    """A path inside a repository, with `/` and without dots."""
    parts = [part for part in path.split("/") if part not in ("", ".")]
    outside = path.startswith("/") or ".." in parts or "\0" in path or "\\" in path
    if outside or not parts or any(part.lower() == ".git" for part in parts):
        raise BadInput(
            f"path is `{shown(path)}`: expected a file of the repository, such as build/model.onnx"
        )
    return "/".join(parts)


def refuse_pointer(data: bytes, path: str, commit: str) -> bytes:
    """The bytes, unless they are what Git LFS keeps in place of a file."""
    if len(data) <= _POINTER_LIMIT and data.startswith(_POINTER):
        where = commit if " " in commit else f"at {commit[:12]}"
        raise BadInput(
            f"`{shown(path)}` {where} is a Git LFS pointer, not the file: check out with `lfs: true` and "
            "give the baseline as a `path`, or keep this file out of LFS"
        )
    return data


def not_plain(path: str, commit: str, kind: str) -> BadInput:
    return BadInput(
        f"`{shown(path)}` at {commit[:12]} is a {kind}: expected a plain file; put the file itself there"
    )
