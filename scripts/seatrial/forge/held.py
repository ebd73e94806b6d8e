"""What git holds of a checkout: the files of its index, how much of each, and what is kept elsewhere."""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass

from seatrial.errors import CouldNotDecide
from seatrial.forge.git import Git
from seatrial.forge.objects import FILE, LINK, PROGRAM, SUBMODULE

_KINDS = {b"100644": FILE, b"100755": PROGRAM, b"120000": LINK, b"160000": SUBMODULE}
_LINE = re.compile(rb"(\S) (\d{6}) ([0-9a-f]{40,64}) [0-3]\t(.+)", re.DOTALL)
_SIZE = re.compile(rb"([0-9a-f]{40,64}) blob (\d+)")


@dataclass(frozen=True)
class Held:
    """One entry of the index. left_out: a sparse checkout does not have it on disk."""

    path: str
    kind: str
    object_id: str
    left_out: bool


def held_files(git: Git) -> tuple[Held, ...] | None:
    """The entries of the index in the order of their names; None where git says nothing.

    Raises CouldNotDecide where git lists what cannot be understood.
    """
    listed = git.ask("ls-files", "-z", "-t", "--stage")
    if listed is None:
        return None
    found: dict[str, Held] = {}
    for line in listed.split(b"\0"):
        if not line:
            continue
        entry = _LINE.fullmatch(line)
        if entry is None:
            raise CouldNotDecide("git lists its files in a form that is not known; update git on this runner")
        tag, mode, object_id, name = entry.groups()
        path = os.fsdecode(name)
        found[path] = Held(path, _KINDS.get(mode, FILE), object_id.decode(), tag == b"S")
    return tuple(found[path] for path in sorted(found))


def sizes(git: Git, object_ids: Iterable[str]) -> dict[str, int]:
    """The bytes that git holds under each id; ids that are not here are left out."""
    wanted = sorted(set(object_ids))
    if not wanted:
        return {}
    told = git.ask("cat-file", "--batch-check", given="".join(f"{each}\n" for each in wanted).encode())
    lines = [_SIZE.fullmatch(line) for line in (told or b"").splitlines()]
    return {line[1].decode(): int(line[2]) for line in lines if line is not None}


def filtered(git: Git, paths: Iterable[str], name: str = "lfs") -> frozenset[str]:
    """Those of the paths that .gitattributes puts under this filter."""
    given = b"\0".join(os.fsencode(path) for path in paths)
    told = git.ask("check-attr", "-z", "--stdin", "filter", given=given) if given else None
    parts = (told or b"").split(b"\0")
    triples = zip(parts[0::3], parts[1::3], parts[2::3], strict=False)
    return frozenset(os.fsdecode(path) for path, _, value in triples if value == name.encode())
