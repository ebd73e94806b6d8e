"""The files that lint looks at: those that git holds, read without following a link. Names are hostile."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from seatrial.errors import CouldNotDecide
from seatrial.forge.git import Git
from seatrial.forge.held import Held, filtered, held_files, sizes
from seatrial.forge.objects import LINK, SUBMODULE
from seatrial.text import counted

BLOCK = 4 * 1024 * 1024
MOST_FILES = 500_000
MOST_OF_OBJECT = 64 * 1024 * 1024  # read from git itself, where the checkout lacks the file
_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC


class CannotRead(Exception):
    """A file that cannot be looked at; the message says why."""


@dataclass(frozen=True)
class Listed:
    """One file. size: the bytes that git holds, or those on disk where there is no git; None if unknown.

    elsewhere: kept by LFS or DVC as far as can be told. marked: .gitattributes puts it under LFS.
    """

    path: str
    size: int | None
    object_id: str = ""
    elsewhere: bool = False
    marked: bool = False


@dataclass(frozen=True)
class Tree:
    """All files. notes: what of the repository was not looked at."""

    root: Path
    files: tuple[Listed, ...]
    notes: tuple[str, ...] = ()
    git: Git | None = None

    def blocks(self, listed: Listed) -> Iterator[bytes]:
        """The file's bytes in blocks. Raises CannotRead."""
        descriptor = _opened(self.root, listed.path)
        if descriptor is None:
            yield self._from_git(listed)
            return
        try:
            while block := os.read(descriptor, BLOCK):
                yield _filled(descriptor, block)
        except OSError as error:
            raise CannotRead(error.strerror or "it cannot be read") from None
        finally:
            os.close(descriptor)

    def _from_git(self, listed: Listed) -> bytes:
        """What git holds of a file that the checkout lacks."""
        if self.git is None or not listed.object_id:
            raise CannotRead("it is gone from the checkout")
        data = None
        if listed.size is not None and listed.size <= MOST_OF_OBJECT:
            data = self.git.ask("cat-file", "blob", listed.object_id)
        if data is None:
            raise CannotRead("it is not in the checkout, and git has no copy of it that can be read here")
        return data


def tree_of(root: Path, search_path: str) -> Tree:
    """The files that git holds; in a folder without git, all that lie there. Raises CouldNotDecide."""
    if not os.path.lexists(root / ".git"):
        return _walked(root)
    git = Git(root, search_path=search_path)
    held = held_files(git)
    if held is None:
        raise CouldNotDecide(
            "git cannot list the files of this checkout; install git on the runner, or check out again"
        )
    files = [each for each in held if each.kind not in (LINK, SUBMODULE)]
    known = sizes(git, (each.object_id for each in files))
    marked = filtered(git, (each.path for each in files))
    listed = tuple(_listed(root, each, known.get(each.object_id), each.path in marked) for each in files)
    inner = sum(each.kind == SUBMODULE for each in held)
    notes = (
        (f"{counted(inner, 'submodule')} not looked at, being repositories of their own",) if inner else ()
    )
    return Tree(root, listed, notes, git)


def _listed(root: Path, held: Held, size: int | None, marked: bool) -> Listed:
    if size is not None:
        return Listed(held.path, size, held.object_id, marked=marked)
    return Listed(held.path, _size_on_disk(root, held.path), held.object_id, elsewhere=marked, marked=marked)


def _walked(root: Path) -> Tree:
    found: list[Listed] = []
    for folder, names, files in os.walk(root):
        names[:] = sorted(name for name in names if name != ".git")
        inside = os.path.relpath(folder, root)
        for name in sorted(files):
            path = name if inside == "." else f"{inside}/{name}"
            if os.path.islink(os.path.join(folder, name)):
                continue
            kept = f"{name}.dvc" in files
            found.append(Listed(path, _size_on_disk(root, path), elsewhere=kept))
            if len(found) > MOST_FILES:
                raise CouldNotDecide(
                    f"this folder holds more than {MOST_FILES:,} files and no git repository that says which "
                    "of them count; run lint in a checkout"
                )
    note = "this folder is no git repository, so all files in it were looked at"
    return Tree(root, tuple(found), (note,))


def _size_on_disk(root: Path, path: str) -> int | None:
    try:
        return os.lstat(os.path.join(root, path)).st_size
    except OSError:
        return None


def _opened(root: Path, path: str) -> int | None:
    """A descriptor of a regular file, reached through no link; None where the checkout has none there."""
    *folders, name = path.split("/")
    if any(part in ("", ".", "..") for part in (*folders, name)):
        raise CannotRead("its name is no path")
    folder = os.open(root, os.O_DIRECTORY | os.O_RDONLY | os.O_CLOEXEC)
    try:
        for part in folders:
            inner = os.open(part, _FLAGS | os.O_DIRECTORY, dir_fd=folder)
            os.close(folder)
            folder = inner
        descriptor = os.open(name, _FLAGS | os.O_NONBLOCK, dir_fd=folder)
    except PermissionError as error:
        raise CannotRead(error.strerror or "it may not be read") from None
    except OSError:  # gone, or something else lies in its place
        return None
    finally:
        os.close(folder)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        return None
    return descriptor


def _filled(descriptor: int, block: bytes) -> bytes:
    """The block read on to its full length, since a read may end early."""
    parts = [block]
    left = BLOCK - len(block)
    while left > 0 and (part := os.read(descriptor, left)):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)
