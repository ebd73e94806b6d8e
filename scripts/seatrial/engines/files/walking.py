"""The files that a path of the policy means: one file, a folder with all below it, or a pattern."""

import fnmatch
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from urllib.parse import unquote

from seatrial.engines.files.reading import resolve
from seatrial.errors import BadInput, Location
from seatrial.text import shown

MOST_FILES = 10_000
_MOST_ENTRIES = 200_000
_WILD = frozenset("*?[")
_PASSED_OVER = (".", "_")


@dataclass(frozen=True)
class DataPart:
    """One file. name: as people know it, from the root; partition: what its folders say (key=value)."""

    name: str
    real: Path
    partition: dict[str, str]


def files_of(path: str, root: Path) -> list[DataPart]:
    """The files in the order of their names. Raises BadInput.

    Names that begin with a dot or an underscore are passed over below a folder and where a wildcard would
    have to match their first character.
    """
    place = Location(path)
    whole = root / path
    if not _WILD & set(path) or os.path.lexists(whole):
        real = resolve(whole, place, root)
        if not real.is_dir():
            return [DataPart(path, real, _partition(path))]
        names = sorted(f"{path}/{name}" for name in _below(real, place))
        what = "this folder has no data files (names that begin with . or _ do not count); name another"
    else:
        names = sorted(_matching(path, root, place))
        what = "no file matches this pattern (names that begin with . or _ do not count); check it"
    if not names:
        raise BadInput(what, location=place)
    if len(names) > MOST_FILES:
        raise BadInput(
            f"these are {len(names):,} files; at most {MOST_FILES:,} are read: write fewer and larger ones",
            location=place,
        )
    return [DataPart(name, _regular(root / name, Location(name), root), _partition(name)) for name in names]


def is_meant(name: str, path: str) -> bool:
    """Whether a path of the policy means the file of this name, or a folder that holds it; it may be gone."""
    if name == path or name.startswith(f"{path.rstrip('/')}/"):
        return True
    return bool(_WILD & set(path)) and _matches(tuple(name.split("/")), path.split("/"))


def _regular(path: Path, place: Location, root: Path) -> Path:
    real = resolve(path, place, root)
    if real.is_dir():
        raise BadInput(
            "this is a link to a folder; expected a file: put the folder itself here", location=place
        )
    return real


def _below(folder: Path, place: Location) -> Iterator[str]:
    """Names of files below a folder, from it. Links to folders are among them, and are not entered."""
    entries = 0
    for parent, folders, files in os.walk(folder):
        kept = [name for name in folders if not name.startswith(_PASSED_OVER)]
        links = [name for name in kept if os.path.islink(os.path.join(parent, name))]
        folders[:] = sorted(set(kept) - set(links))
        entries += len(folders) + len(files)
        if entries > _MOST_ENTRIES:
            raise BadInput(
                f"the folder has more than {_MOST_ENTRIES:,} entries; put the data into a folder of its own",
                location=place,
            )
        at = os.path.relpath(parent, folder)
        for name in (*links, *files):
            if not name.startswith(_PASSED_OVER):
                yield name if at == "." else f"{at}/{name}"


def _matching(pattern: str, root: Path, place: Location) -> Iterator[str]:
    """Names of files that match, from the root. `**` stands for any number of folders."""
    parts = pattern.split("/")
    fixed = next(number for number, part in enumerate(parts) if _WILD & set(part))
    start = "/".join(parts[:fixed])
    folder = root / start
    if not folder.is_dir():
        return
    real = resolve(folder, place, root)
    wanted = parts[fixed:]
    for name in _below_of_any_name(real, wanted, place):
        yield f"{start}/{name}" if start else name


def _below_of_any_name(folder: Path, wanted: list[str], place: Location) -> Iterator[str]:
    """Like `_below`, entering only folders that may lead to a match."""
    entries = 0
    waiting: list[tuple[tuple[str, ...], frozenset[int]]] = [((), _opened({0}, wanted))]
    while waiting:
        at, met = waiting.pop()
        try:
            with os.scandir(folder.joinpath(*at)) as found:
                inside = list(found)
        except OSError as error:
            raise BadInput(
                f"the folder {shown('/'.join(at))} cannot be read ({shown(error.strerror)}); check its "
                "permissions",
                location=place,
            ) from None
        entries += len(inside)
        if entries > _MOST_ENTRIES:
            raise BadInput(
                f"the pattern searches more than {_MOST_ENTRIES:,} entries; write more of the path",
                location=place,
            )
        for entry in inside:
            here = (*at, entry.name)
            if entry.name == ".git":
                continue
            now = _after(met, entry.name, wanted)
            if entry.is_dir(follow_symlinks=False):
                if now - {len(wanted)}:
                    waiting.append((here, now))
            elif len(wanted) in now:
                yield "/".join(here)


def _matches(names: tuple[str, ...], wanted: list[str]) -> bool:
    at = reduce(lambda at, name: _after(at, name, wanted), names, _opened({0}, wanted))
    return len(wanted) in at


def _after(before: frozenset[int], name: str, wanted: list[str]) -> frozenset[int]:
    """How many parts of the pattern may be met behind one more name, in every way in which they can be.

    A set of places, so that many `**` cost no more than one after the other.
    """
    at = set()
    for place in before:
        if place == len(wanted):
            continue
        if wanted[place] == "**":
            if not name.startswith(_PASSED_OVER):
                at.add(place)
        elif _fits(name, wanted[place]):
            at.add(place + 1)
    return _opened(at, wanted)


def _opened(at: set[int], wanted: list[str]) -> frozenset[int]:
    """The places, and those behind each `**` that stands for no folder."""
    for place in range(min(at, default=0), len(wanted)):
        if place in at and wanted[place] == "**":
            at.add(place + 1)
    return frozenset(at)


def _fits(name: str, pattern: str) -> bool:
    if name.startswith(_PASSED_OVER) and pattern[:1] != name[0]:
        return False
    return fnmatch.fnmatchcase(name, pattern)


def _partition(name: str) -> dict[str, str]:
    """What folders named key=value say of their rows."""
    found = {}
    for part in name.split("/")[:-1]:
        key, equals, value = part.partition("=")
        if equals and key:
            found[unquote(key)] = unquote(value)  # Hive writes what paths cannot hold as %20
    return found
