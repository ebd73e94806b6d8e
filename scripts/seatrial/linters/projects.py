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
_EXACT = re.compile(
    r"\s*(?:==?\s*)?(\d[0-9A-Za-z.+!-]{0,100})\s*\Z"
)  # Poetry takes a bare version for exactly it
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
        asked = list(_asked(tomllib.loads(data.decode("utf-8-sig"))))
    except (ValueError, RecursionError):
        yield Finding(path, None, "is no TOML, so what it asks for cannot be told; mend it")
        return
    loose = [each for each in asked if requirement(each) is not None]
    if loose:
        first = redacted(loose[0], 80)
        count = f"{len(loose):,} package{'s' if len(loose) != 1 else ''}"
        at = data.find(loose[0].encode())
        told = f"no lock stands beside it, and {count} may change, {first} the first; {_MEND}"
        yield Finding(path, line_of(data, at) if at >= 0 else None, told)


def _asked(project: dict[str, object]) -> Iterator[str]:
    """What is installed of [project] with its extras, of [dependency-groups], and of Poetry's own tables."""
    about = project.get("project")
    if isinstance(about, dict):
        yield from _texts(about.get("dependencies"))
        yield from _groups(about.get("optional-dependencies"))
    yield from _groups(project.get("dependency-groups"))
    poetry = _table(_table(project.get("tool")).get("poetry"))
    of_groups = (_table(each).get("dependencies") for each in _table(poetry.get("group")).values())
    for listed in (poetry.get("dependencies"), poetry.get("dev-dependencies"), *of_groups):
        yield from _of_poetry(_table(listed))


def _of_poetry(listed: dict[str, object]) -> Iterator[str]:
    """As pip would be asked: exact versions, commits, and the name alone for what may change."""
    for name, asked in listed.items():
        if name.lower() == "python":
            continue
        for each in asked if isinstance(asked, list) else [asked]:  # several, for different machines
            told = each if isinstance(each, dict) else {"version": each}
            if "path" in told:
                continue
            if "git" in told:
                yield f"{name} @ git+{told['git']}@{told.get('rev', '')}"
            elif "url" in told:
                yield f"{name} @ {told['url']}"
            else:
                exact = _EXACT.match(str(told.get("version", "")))
                yield f"{name}=={exact.group(1)}" if exact else name


def _table(found: object) -> dict[str, object]:
    return found if isinstance(found, dict) else {}


def _groups(groups: object) -> Iterator[str]:
    if isinstance(groups, dict):
        for group in groups.values():
            yield from _texts(group)


def _texts(listed: object) -> Iterator[str]:
    if isinstance(listed, list):
        yield from (each for each in listed if isinstance(each, str) and each.strip())
