"""pyproject.toml: packages without exact versions, where no lock says which of them are installed."""

import posixpath
import re
import tomllib
from collections.abc import Iterable, Iterator

from seatrial.linters.findings import Finding, line_of
from seatrial.linters.requirements import requirement
from seatrial.linters.secrets import redacted
from seatrial.linters.weights import weight

LARGEST = 256 * 1024
HEAVIEST = 2 * LARGEST
_LOCK = re.compile(
    r"(?:(?:uv|poetry|pdm|pixi|Pipfile)\.lock|pylock(?:\.[^/]{1,100})?\.toml|conda-lock\.ya?ml)\Z"
)
# Poetry takes a bare version for exactly it.
_EXACT = re.compile(r"\s{0,9}(?:={1,3}\s{0,9})?v?(\d[0-9A-Za-z.!+_-]{0,100})\s{0,9}\Z")
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z")
_MEND = "commit a lock (uv.lock, poetry.lock, pdm.lock, pylock.toml, or requirements.txt with exact versions)"


def is_project(path: str) -> bool:
    return posixpath.basename(path) == "pyproject.toml"


def is_lock(path: str) -> bool:
    """Whether this is a lock by its name."""
    return _LOCK.match(posixpath.basename(path)) is not None


def folder_of(lock: str) -> str:
    """The folder whose project a lock, or a requirements file, is about."""
    folder = posixpath.dirname(lock)
    return posixpath.dirname(folder) if posixpath.basename(folder) == "requirements" else folder


def is_locked(path: str, folders: Iterable[str]) -> bool:
    """Whether one of these folders is that of the project, or one around it: a workspace has one lock."""
    known = frozenset(folders)
    folder = posixpath.dirname(path)
    while folder and folder not in known:
        folder = posixpath.dirname(folder)
    return folder in known


def heft(data: bytes) -> int:
    """What it costs to read this file."""
    return weight(data, b"[]{}.,=", 4)


def unlocked(path: str, data: bytes) -> Iterator[Finding]:
    """One finding for a project that has no lock and asks for more than exact versions."""
    if len(data) > LARGEST or heft(data) > HEAVIEST:
        yield Finding(path, None, "is too large, so what it asks for cannot be told; make it smaller")
        return
    try:
        found = tomllib.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        yield Finding(path, None, "is no TOML, so what it asks for cannot be told; mend it")
        return
    texts = [each for each in _asked(found) if requirement(each) is not None]
    keys = list(_loose_of_poetry(found))
    if texts or keys:
        first, total = (texts + keys)[0], len(texts) + len(keys)
        count = f"{total:,} package{'s' if total != 1 else ''}"
        at = data.find(first.encode()) if texts else _of_key(data, first)
        told = f"no lock stands beside it, and {count} may change, {redacted(first, 80)} the first; {_MEND}"
        yield Finding(path, line_of(data, at) if at >= 0 else None, told)


def _of_key(data: bytes, name: str) -> int:
    """Where a line begins with this key; -1 where none does."""
    found = re.search(rb"(?m)^[ \t]{0,20}[\"']?" + re.escape(name.encode()) + rb"[\"']?[ \t]{0,20}=", data)
    return found.end() - 1 if found else -1


def _asked(project: dict[str, object]) -> Iterator[str]:
    """What is installed of [project] with its extras, and of [dependency-groups]."""
    about = _table(project.get("project"))
    yield from _texts(about.get("dependencies"))
    yield from _groups(about.get("optional-dependencies"))
    yield from _groups(project.get("dependency-groups"))


def _loose_of_poetry(project: dict[str, object]) -> Iterator[str]:
    """Names of what may change in Poetry's own tables.

    Where [project] lists what is installed, Poetry's main table only says where that comes from.
    """
    poetry = _table(_table(project.get("tool")).get("poetry"))
    of_groups = (_table(each).get("dependencies") for each in _table(poetry.get("group")).values())
    tables = [poetry.get("dev-dependencies"), *of_groups]
    if not isinstance(_table(project.get("project")).get("dependencies"), list):
        tables.insert(0, poetry.get("dependencies"))
    for listed in tables:
        for name, asked in _table(listed).items():
            each = asked if isinstance(asked, list) else [asked]  # several, for different machines
            if name.lower() != "python" and not all(_is_exact(name, one) for one in each):
                yield name


def _is_exact(name: str, asked: object) -> bool:
    told = asked if isinstance(asked, dict) else {"version": asked}
    if "git" in told:
        return _COMMIT.match(str(told.get("rev", ""))) is not None
    if "url" in told:
        return "://" in str(told["url"]) and requirement(f"{name} @ {told['url']}") is None
    if "path" in told or "file" in told:
        return True
    version = told.get("version")
    exact = _EXACT.match(version) if isinstance(version, str) else None
    return exact is not None and "x" not in exact[1].lower().split(".")  # 1.x is any 1


def _table(found: object) -> dict[str, object]:
    return found if isinstance(found, dict) else {}


def _groups(groups: object) -> Iterator[str]:
    if isinstance(groups, dict):
        for group in groups.values():
            yield from _texts(group)


def _texts(listed: object) -> Iterator[str]:
    if isinstance(listed, list):
        yield from (each for each in listed if isinstance(each, str) and each.strip())
