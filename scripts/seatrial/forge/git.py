"""The checkout's git history as a source of files: hardened against what the checkout itself says."""

import contextlib
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from seatrial.errors import BadInput
from seatrial.forge.answers import ChangedFiles
from seatrial.forge.contents import READ_LIMIT, clean_path, not_plain, refuse_pointer
from seatrial.forge.errors import NoSuchCommit
from seatrial.forge.objects import FILE, FOLDER, LINK, PROGRAM, SUBMODULE, Objects, TreeEntry, is_commit_id
from seatrial.text import shown

SECONDS = 120.0
TREE_FILES = 200_000
TREE_BYTES = 8 * 1024**3
_SETTINGS = (
    "safe.directory=*",
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.attributesFile=/dev/null",
    "core.commitGraph=false",
    "protocol.allow=never",
)


class Git:
    """Files at commits, from the history of a checkout. search_path: the PATH in which git is looked for."""

    name = "git history"

    def __init__(self, root: Path, *, search_path: str = os.defpath, seconds: float = SECONDS) -> None:
        self._root = root
        self._program = shutil.which("git", path=search_path)
        self._seconds = seconds
        self._environment = {
            "PATH": search_path,
            "HOME": os.devnull,
            "LC_ALL": "C",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_ATTR_NOSYSTEM": "1",
            "GIT_NO_REPLACE_OBJECTS": "1",
            "GIT_GRAFT_FILE": os.devnull,
            "GIT_NO_LAZY_FETCH": "1",
            "GIT_ALLOW_PROTOCOL": "",  # a partial clone would fetch, by a command from its own config
            "GIT_OPTIONAL_LOCKS": "0",
            "GIT_TERMINAL_PROMPT": "0",
        }

    def read_at(self, commit: str, path: str, limit: int = READ_LIMIT) -> bytes | None:
        """The file's bytes at the commit; None if there is no such file there."""
        *folders, name = clean_path(path).split("/")
        with self._objects() as objects:
            tree = objects.root(commit)
            for depth, folder in enumerate(folders, 1):
                entry = objects.folder(tree, f"a folder of {commit[:12]}").get(os.fsencode(folder))
                if entry is not None and entry.kind in (LINK, SUBMODULE):
                    raise not_plain("/".join(folders[:depth]), commit, entry.kind)
                if entry is None or entry.kind != FOLDER:
                    return None
                tree = entry.object_id
            entry = objects.folder(tree, f"a folder of {commit[:12]}").get(os.fsencode(name))
            if entry is None or entry.kind == FOLDER:
                return None
            if entry.kind not in (FILE, PROGRAM):
                raise not_plain(path, commit, entry.kind)
            what = f"`{shown(path)}` at {commit[:12]}"
            return refuse_pointer(objects.read(entry.object_id, b"blob", limit, what), path, commit)

    def changed_files(self, base: str, head: str) -> ChangedFiles | None:
        """What head changes since it left base (three-dot); None where the history does not reach."""
        if not (is_commit_id(base) and is_commit_id(head)):
            raise BadInput("base and head must be full commit ids")
        fork_point = self._run("merge-base", base, head)
        if fork_point is None:
            return None
        listed = self._run(
            "diff-tree", "-r", "-z", "--name-only", "--no-renames", "--no-ext-diff", "--no-textconv",
            "--ignore-submodules=none", fork_point.decode("ascii").strip(), head,
        )  # fmt: skip
        if listed is None:
            return None
        return ChangedFiles(frozenset(os.fsdecode(name) for name in listed.split(b"\0") if name))

    @contextlib.contextmanager
    def checkout_at(self, commit: str, destination: Path) -> Iterator[Path]:
        """The commit's files as a plain folder, removed afterwards.

        No hooks, no filters, no `.git`; Git LFS pointers stay pointers and submodules stay empty.
        Links may only point inside.
        """
        destination.mkdir(parents=True)
        try:
            with self._objects() as objects:
                _write_tree(objects, objects.root(commit), destination, commit)
            yield destination
        finally:
            _remove(destination)

    def _command(self, *words: str) -> list[str]:
        if self._program is None:
            raise NoSuchCommit("git is not installed here")
        settings = [word for setting in _SETTINGS for word in ("-c", setting)]
        return [self._program, "-C", str(self._root), "--no-pager", *settings, *words]

    def ask(self, *words: str, given: bytes = b"") -> bytes | None:
        """What a command that only reads says, given this input; None when git says no or is not there."""
        try:
            return self._run(*words, given=given)
        except NoSuchCommit:
            return None

    def _run(self, *words: str, given: bytes = b"") -> bytes | None:
        """A command's output, or None when git says no."""
        try:
            done = subprocess.run(
                self._command(*words),
                env=self._environment,
                input=given,
                capture_output=True,
                timeout=self._seconds,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
        return done.stdout if done.returncode == 0 else None

    @contextlib.contextmanager
    def _objects(self) -> Iterator[Objects]:
        command = self._command("cat-file", "--batch")
        try:
            process = subprocess.Popen(
                command,
                env=self._environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except OSError:
            raise NoSuchCommit("git could not be started here") from None
        watch = threading.Timer(self._seconds, process.kill)
        watch.daemon = True
        watch.start()
        try:
            yield Objects(process)
        finally:
            watch.cancel()
            process.kill()
            with contextlib.suppress(OSError):  # what was not yet sent to a dead git
                process.communicate()


def _write_tree(objects: Objects, tree: str, destination: Path, commit: str) -> None:
    left_files, left_bytes = TREE_FILES, TREE_BYTES
    links: list[tuple[PurePosixPath, str]] = []
    waiting = [(PurePosixPath(), tree)]
    while waiting:
        folder, tree = waiting.pop()
        for entry in objects.folder(tree, f"a folder of {commit[:12]}").values():
            place = folder / _safe_name(entry, commit)
            left_files -= 1
            if left_files < 0:
                raise BadInput(f"commit {commit[:12]} holds more than {TREE_FILES:,} files")
            if entry.kind == FOLDER:
                waiting.append((place, entry.object_id))
                (destination / place).mkdir()
            elif entry.kind == SUBMODULE:
                (destination / place).mkdir()
            else:
                data = objects.read(entry.object_id, b"blob", left_bytes, f"`{shown(str(place))}`")
                left_bytes -= len(data)
                if entry.kind == LINK:
                    links.append((place, os.fsdecode(data)))
                else:
                    (destination / place).write_bytes(data)
                    (destination / place).chmod(0o755 if entry.kind == PROGRAM else 0o644)
    for place, target in links:  # last, so that no file is written through one
        if not _stays_inside(place, target):
            raise BadInput(
                f"`{shown(str(place))}` at {commit[:12]} is a link to `{shown(target)}`, which leaves the "
                "repository: such a commit is not checked out"
            )
        (destination / place).symlink_to(target)


def _safe_name(entry: TreeEntry, commit: str) -> str:
    name = os.fsdecode(entry.name)
    if name in ("", ".", "..") or "/" in name or name.lower() == ".git":
        raise BadInput(f"commit {commit[:12]} holds a file named `{shown(name)}`, which git forbids")
    return name


def _stays_inside(place: PurePosixPath, target: str) -> bool:
    """Up through real folders, then only down.

    `..` after a name is refused: that name may be another link, and then it leads elsewhere than it reads.
    """
    if not target or target.startswith("/") or "\0" in target:
        return False
    parts = [part for part in target.split("/") if part not in ("", ".")]
    up = next((at for at, part in enumerate(parts) if part != ".."), len(parts))
    return up <= len(place.parent.parts) and ".." not in parts[up:]


def _remove(folder: Path) -> None:
    """Remove it even where a command left folders without write permission."""
    for parent, names, _ in os.walk(folder):
        for name in names:
            place = os.path.join(parent, name)
            if not os.path.islink(place):
                with contextlib.suppress(OSError):
                    os.chmod(place, 0o700)
    shutil.rmtree(folder, ignore_errors=True)
