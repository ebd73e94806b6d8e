"""Files at commits from real git repositories, some of them hostile."""

import os
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from seatrial.errors import BadInput
from seatrial.forge.errors import NoSuchCommit
from seatrial.forge.git import Git

Run = Callable[..., str]
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 12345\n"


def commit(git: Run, root: Path, files: dict[str, bytes | None], message: str = "change") -> str:
    for name, data in files.items():
        place = root / name
        if data is None:
            place.unlink()
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    git("add", "-A", "-f")
    git("commit", "-q", "--allow-empty", "-m", message)
    return git("rev-parse", "HEAD")


@pytest.fixture
def root(tmp_path: Path, git: Run) -> Path:
    return tmp_path / "work"


def test_a_file_as_it_was_at_a_commit(git: Run, root: Path) -> None:
    old = commit(git, root, {"seatrial.yml": b"old\n", "a/b/c.bin": bytes(range(256)) * 999})
    new = commit(git, root, {"seatrial.yml": b"new\n"})
    source = Git(root)
    assert source.read_at(old, "seatrial.yml") == b"old\n"
    assert source.read_at(new, "./seatrial.yml") == b"new\n"
    assert source.read_at(old, "a/b/c.bin") == bytes(range(256)) * 999


@pytest.mark.parametrize("path", ["none.yml", "a/none.yml", "none/b.yml", "a", "seatrial.yml/x"])
def test_no_such_file_at_the_commit(git: Run, root: Path, path: str) -> None:
    base = commit(git, root, {"seatrial.yml": b"old\n", "a/b.yml": b"x"})
    assert Git(root).read_at(base, path) is None


def test_an_empty_file_is_a_file(git: Run, root: Path) -> None:
    assert Git(root).read_at(commit(git, root, {"empty": b""}), "empty") == b""


@pytest.mark.parametrize("name", ["-rf", "--help", "a b", "é.yml", "*", ":(top)x", "a\nb", "$(id)"])
def test_names_that_look_like_something_else(git: Run, root: Path, name: str) -> None:
    assert Git(root).read_at(commit(git, root, {name: b"data"}), name) == b"data"


@pytest.mark.parametrize(
    "path", ["", "/etc/passwd", "../x", "a/../../x", ".git/config", "a/.GIT/x", "a\0b", "a\\b", "."]
)
def test_paths_that_are_not_in_a_repository(git: Run, root: Path, path: str) -> None:
    base = commit(git, root, {"x": b""})
    with pytest.raises(BadInput, match="expected a file of the repository"):
        Git(root).read_at(base, path)


def test_a_symlink_at_the_base_is_refused(git: Run, root: Path) -> None:
    (root / "real").mkdir()
    (root / "seatrial.yml").symlink_to("/etc/passwd")
    (root / "linked").symlink_to("real")
    base = commit(git, root, {"real/x.yml": b"x"})
    with pytest.raises(BadInput, match="is a symlink: expected a plain file"):
        Git(root).read_at(base, "seatrial.yml")
    with pytest.raises(BadInput, match=r"`linked` .* is a symlink"):
        Git(root).read_at(base, "linked/x.yml")


def test_a_submodule_is_refused(git: Run, root: Path) -> None:
    commit(git, root, {"x": b""})
    git("update-index", "--add", "--cacheinfo", f"160000,{'c' * 40},module")
    git("commit", "-q", "-m", "a submodule")
    base = git("rev-parse", "HEAD")
    for path in ("module", "module/x"):
        with pytest.raises(BadInput, match="is a submodule"):
            Git(root).read_at(base, path)


def test_a_file_beyond_the_cap_is_refused(git: Run, root: Path) -> None:
    base = commit(git, root, {"big": b"x" * 1001})
    with pytest.raises(BadInput, match="1,001 bytes; expected at most 1,000"):
        Git(root).read_at(base, "big", limit=1000)
    assert Git(root).read_at(base, "big", limit=1001) == b"x" * 1001


def test_an_lfs_pointer_is_refused(git: Run, root: Path) -> None:
    base = commit(git, root, {"model.onnx": POINTER})
    with pytest.raises(BadInput, match=r"Git LFS pointer.*`lfs: true`"):
        Git(root).read_at(base, "model.onnx")


def test_history_that_is_not_there(git: Run, root: Path, tmp_path: Path) -> None:
    base = commit(git, root, {"a": b"1"})
    commit(git, root, {"a": b"2"})
    git("clone", "-q", "--depth=1", root.as_uri(), str(tmp_path / "shallow"))
    with pytest.raises(NoSuchCommit, match="not in this checkout's history"):
        Git(tmp_path / "shallow").read_at(base, "a")


def test_a_partial_clone_is_not_made_whole(git: Run, root: Path, tmp_path: Path) -> None:
    """Fetching what is missing would run a command that the clone's own configuration names."""
    git("config", "uploadpack.allowFilter", "true")
    base = commit(git, root, {"a": b"1"})
    commit(git, root, {"a": b"2"})
    partial = tmp_path / "partial"
    git("clone", "-q", "--filter=blob:none", root.as_uri(), str(partial))
    git("config", "remote.origin.uploadpack", f"touch {tmp_path}/pwned; git-upload-pack", where=partial)
    git("config", "protocol.file.allow", "always", where=partial)
    with pytest.raises(NoSuchCommit):
        Git(partial).read_at(base, "a")
    assert not (tmp_path / "pwned").exists()


def test_where_there_is_no_repository_or_no_git(tmp_path: Path, git: Run, root: Path) -> None:
    with pytest.raises(NoSuchCommit):
        Git(tmp_path / "nowhere").read_at("a" * 40, "x")
    with pytest.raises(NoSuchCommit, match="not installed"):
        Git(root, search_path=str(tmp_path)).read_at("a" * 40, "x")


@pytest.mark.parametrize("name", ["HEAD", "main", "-h", "a" * 39, "A" * 40, "a" * 40 + "\n", ""])
def test_only_full_commit_ids_are_asked_for(git: Run, root: Path, name: str) -> None:
    commit(git, root, {"x": b""})
    with pytest.raises(BadInput, match="full commit id"):
        Git(root).read_at(name, "x")


def test_what_a_job_put_in_place_of_an_object_is_not_believed(git: Run, root: Path) -> None:
    """Code that ran in the checkout may have rewritten `.git`: replacements, and objects themselves."""
    base = commit(git, root, {"seatrial.yml": b"strict\n"})
    evil = commit(git, root, {"seatrial.yml": b"lenient\n"})
    git("replace", base, evil)
    assert git("show", f"{base}:seatrial.yml") == "lenient"
    assert Git(root).read_at(base, "seatrial.yml") == b"strict\n"

    blob = git("--no-replace-objects", "rev-parse", f"{base}:seatrial.yml")
    other = git("rev-parse", f"{evil}:seatrial.yml")
    objects = root / ".git/objects"
    target = objects / blob[:2] / blob[2:]
    target.chmod(0o644)
    target.write_bytes((objects / other[:2] / other[2:]).read_bytes())
    with pytest.raises(NoSuchCommit):
        Git(root).read_at(base, "seatrial.yml")


def test_nothing_that_the_checkout_configures_is_run(git: Run, root: Path, tmp_path: Path) -> None:
    pwned = f"touch {tmp_path}/pwned"
    base = commit(git, root, {"a.txt": b"$Id$\r\n", ".gitattributes": b"* filter=evil diff=evil ident\n"})
    head = commit(git, root, {"a.txt": b"b"})
    for hook in ("post-checkout", "post-index-change", "reference-transaction"):
        (root / ".git/hooks" / hook).parent.mkdir(exist_ok=True)
        (root / ".git/hooks" / hook).write_text(f"#!/bin/sh\n{pwned}\n")
        (root / ".git/hooks" / hook).chmod(0o755)
    for name in ("filter.evil.smudge", "diff.evil.textconv", "diff.external", "core.fsmonitor", "core.pager"):
        git("config", name, f"sh -c '{pwned}'")
    for name in ("diff.evil.command", "core.sshCommand", "alias.cat-file"):
        git("config", name, f"!{pwned}")
    source = Git(root)
    assert source.read_at(base, "a.txt") == b"$Id$\r\n"
    assert source.changed_files(base, head) is not None
    with source.checkout_at(base, tmp_path / "base") as tree:
        assert (tree / "a.txt").read_bytes() == b"$Id$\r\n"
    assert not (tmp_path / "pwned").exists()


def test_changed_files_are_those_since_the_fork_point(git: Run, root: Path) -> None:
    commit(git, root, {"kept": b"1", "old name": b"same content\n" * 20, "gone": b"g"})
    git("checkout", "-q", "-b", "feature")
    git("mv", "old name", "new name")
    head = commit(git, root, {"gone": None, "é\n.csv": b"x", "sub/model.onnx": b"m"})
    git("checkout", "-q", "main")
    base = commit(git, root, {"kept": b"2"})
    changed = Git(root).changed_files(base, head)
    assert changed is not None
    assert changed.paths == {"old name", "new name", "gone", "é\n.csv", "sub/model.onnx"}
    assert changed.complete


def test_changed_files_of_a_shallow_checkout_cannot_be_told(git: Run, root: Path, tmp_path: Path) -> None:
    base = commit(git, root, {"a": b"1"})
    head = commit(git, root, {"a": b"2"})
    git("clone", "-q", "--depth=1", root.as_uri(), str(tmp_path / "shallow"))
    assert Git(tmp_path / "shallow").changed_files(base, head) is None


def test_a_tree_of_the_base_for_its_own_commands(git: Run, root: Path, tmp_path: Path) -> None:
    files = {
        "predict.py": b"print(1)\n",
        "pkg/__init__.py": b"",
        "pkg/deep/x": b"x",
        ".gitattributes": b"x export-ignore",
    }
    (root / "pkg").mkdir()
    (root / "pkg/link").symlink_to("../predict.py")
    (root / "run.sh").write_bytes(b"#!/bin/sh\n")
    (root / "run.sh").chmod(0o755)
    base = commit(git, root, files)
    commit(git, root, {"predict.py": b"print(2)\n"})
    with Git(root).checkout_at(base, tmp_path / "base") as tree:
        assert {name: (tree / name).read_bytes() for name in files} == files
        assert os.readlink(tree / "pkg/link") == "../predict.py"
        assert (tree / "run.sh").stat().st_mode & stat.S_IXUSR
        assert not (tree / "predict.py").stat().st_mode & stat.S_IXUSR
        assert not (tree / ".git").exists()
        (tree / "pkg/cache").mkdir()
        (tree / "pkg/cache/file").write_bytes(b"")
        (tree / "pkg/cache").chmod(0o500)
    assert not (tmp_path / "base").exists()


def test_the_tree_goes_away_after_a_failure_too(git: Run, root: Path, tmp_path: Path) -> None:
    base = commit(git, root, {"a": b"1"})
    with pytest.raises(ZeroDivisionError), Git(root).checkout_at(base, tmp_path / "base"):
        raise ZeroDivisionError
    with pytest.raises(NoSuchCommit), Git(root).checkout_at("a" * 40, tmp_path / "base"):
        pass
    assert not (tmp_path / "base").exists()


@pytest.mark.parametrize("target", ["/etc/passwd", "../outside", "a/../../x", "sub/../b", ".."])
def test_a_link_that_may_lead_out_of_the_tree_is_refused(
    git: Run, root: Path, tmp_path: Path, target: str
) -> None:
    (root / "link").symlink_to(target)
    base = commit(git, root, {"a": b""})
    with (
        pytest.raises(BadInput, match="leaves the repository"),
        Git(root).checkout_at(base, tmp_path / "base"),
    ):
        pass


@pytest.mark.parametrize("name", ["..", ".git", ".GIT", "."])
def test_a_tree_with_a_name_that_git_forbids_is_refused(
    git: Run, root: Path, tmp_path: Path, name: str
) -> None:
    blob = _git_with_input(root, ["hash-object", "-w", "--stdin"], b"evil")
    entry = b"100644 " + name.encode() + b"\0" + bytes.fromhex(blob)
    tree = _git_with_input(root, ["hash-object", "-w", "-t", "tree", "--literally", "--stdin"], entry)
    base = git("commit-tree", tree, "-m", "evil")
    with pytest.raises(BadInput, match="which git forbids"), Git(root).checkout_at(base, tmp_path / "base"):
        pass


def test_a_repository_of_another_owner_is_read(git: Run, root: Path) -> None:
    base = commit(git, root, {"a": b"1"})
    if os.getuid() != 0:
        pytest.skip("only root can give a folder away")
    for place in (root, root / ".git"):
        os.chown(place, 12345, 12345)
    assert Git(root).read_at(base, "a") == b"1"


def test_a_repository_with_sha256_ids(git: Run, tmp_path: Path) -> None:
    modern = tmp_path / "modern"
    modern.mkdir()
    git("init", "-q", "-b", "main", "--object-format=sha256", where=modern)
    (modern / "folder").mkdir()
    (modern / "folder/a").write_bytes(b"1")
    git("add", "-A", where=modern)
    git("commit", "-q", "-m", "x", where=modern)
    base = git("rev-parse", "HEAD", where=modern)
    assert len(base) == 64
    assert Git(modern).read_at(base, "folder/a") == b"1"


def _git_with_input(root: Path, words: list[str], data: bytes) -> str:
    done = subprocess.run(["git", "-C", str(root), *words], input=data, capture_output=True, check=True)
    return done.stdout.decode().strip()
