"""What git holds of a checkout, names and attributes as odd as git allows."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from seatrial.forge.git import Git
from seatrial.forge.held import filtered, held_files, sizes

Run = Callable[..., str]
NAMES = [b"a.py", b"new\nline.py", b"bad\xff.py", "ä b\t.py".encode(), b"-x", b"d/e/f.py", b'"quoted".py']


@pytest.fixture
def root(tmp_path: Path, git: Run) -> Path:
    folder = tmp_path / "work"
    for name in NAMES:
        path = folder / os.fsdecode(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name)
    (folder / "link").symlink_to("a.py")
    (folder / "run.sh").write_bytes(b"#!/bin/sh\n")
    (folder / "run.sh").chmod(0o755)
    git("add", "-A", "-f")
    return folder


def test_every_entry_with_its_kind(root: Path) -> None:
    held = held_files(Git(root)) or ()
    assert {os.fsencode(each.path) for each in held} == {*NAMES, b"link", b"run.sh"}
    kinds = {each.path: each.kind for each in held}
    assert (kinds["link"], kinds["run.sh"], kinds["a.py"]) == ("symlink", "program", "file")
    assert not any(each.left_out for each in held)


def test_the_size_is_that_which_git_holds(root: Path) -> None:
    git = Git(root)
    held = held_files(git) or ()
    (root / "a.py").write_bytes(b"x" * 999)
    known = sizes(git, [*(each.object_id for each in held), "0" * 40])
    assert {os.fsencode(each.path): known[each.object_id] for each in held if each.kind == "file"} == {
        name: len(name) for name in NAMES
    }
    assert "0" * 40 not in known
    assert sizes(git, []) == {}


def test_which_files_are_under_a_filter(root: Path) -> None:
    (root / ".gitattributes").write_text("*.py filter=lfs\na.py -filter\n")
    names = [os.fsdecode(name) for name in NAMES]
    found = filtered(Git(root), names)
    assert {os.fsencode(name) for name in found} == {n for n in NAMES if n.endswith(b".py")} - {b"a.py"}
    assert filtered(Git(root), []) == frozenset()


def test_a_merge_that_is_not_done_lists_each_file_once(root: Path, git: Run) -> None:
    lines = [f"100644 {git('hash-object', '-w', 'a.py')} {stage}\tboth.py" for stage in (1, 2, 3)]
    subprocess.run(
        ["git", "update-index", "--index-info"], cwd=root, input="\n".join(lines), text=True, check=True
    )
    assert [each.path for each in held_files(Git(root)) or ()].count("both.py") == 1


def test_a_folder_that_git_does_not_know(tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    assert held_files(Git(tmp_path / "plain", search_path="/nowhere")) is None
