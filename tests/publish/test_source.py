"""The tag, the version and the notes must agree, and the archive is the same wherever it is built."""

import gzip
import hashlib
import io
import os
import re
import subprocess
import tarfile
from pathlib import Path

import pytest
from acting import GIT_AUTHOR
from release_scene import CHANGES, FILES, Ship

VERSION = "scripts/seatrial/__init__.py"


def test_a_tag_that_says_what_the_package_says(ship: Ship) -> None:
    commit = ship.tag()
    done = ship.publish("check")
    assert done.returncode == 0, done.stdout
    assert done.stdout.startswith(f"v1.2.3 at {commit}")
    assert "- A fault." in done.stdout
    assert (
        "to come" not in done.stdout and "older" not in done.stdout and "example.invalid" not in done.stdout
    )


REFUSED = {
    "another version": ({VERSION: '__version__ = "1.2.4"\n'}, "says 1.2.4; set it to 1.2.3"),
    "no version": ({VERSION: ""}, "says nothing"),
    "no notes": ({"CHANGELOG.md": CHANGES.replace("[1.2.3]", "[1.2.9]")}, "has 0 sections for 1.2.3"),
    "no day": ({"CHANGELOG.md": CHANGES.replace(" - 2027-01-31", "")}, "`## [1.2.3] - YYYY-MM-DD`"),
    "two notes": ({"CHANGELOG.md": CHANGES + "\n## [1.2.3] - 2027-02-01\n\n- x\n"}, "has 2 sections"),
    "empty notes": ({"CHANGELOG.md": "## [1.2.3] - 2027-01-31\n\n\n## [1.0.0] - 2026-01-01\n"}, "is empty"),
    "no changelog": ({"CHANGELOG.md": None}, "git show failed"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_commit_that_does_not_fit_its_tag(ship: Ship, case: str) -> None:
    changed, message = REFUSED[case]
    ship.repository.commit(changed)
    ship.repository.git("update-ref", "refs/remotes/origin/main", "HEAD")
    ship.tag()
    done = ship.publish("check")
    assert done.returncode == 2
    (line,) = done.stdout.splitlines()
    assert line.startswith("::error title=Not published::") and message in line


@pytest.mark.parametrize("name", ["v1", "v1.2", "1.2.3", "v1.2.3-rc1", "v01.2.3", "v1.2.3\n", "main"])
def test_no_tag_of_a_release(ship: Ship, name: str) -> None:
    ship.tag()
    done = ship.publish("check", tag=name)
    assert done.returncode == 2 and "expected vMAJOR.MINOR.PATCH" in done.stdout


def test_a_branch_is_not_published(ship: Ship) -> None:
    done = ship.publish("check", GITHUB_REF_TYPE="branch", GITHUB_REF="refs/heads/main")
    assert done.returncode == 2 and "--ref v1.2.3" in done.stdout


def test_what_was_not_merged_is_not_published(ship: Ship) -> None:
    ship.repository.commit({"more": "x"})
    ship.tag()
    done = ship.publish("check")
    assert done.returncode == 2 and "is not on origin/main" in done.stdout


def test_an_older_commit_of_main_is_published(ship: Ship) -> None:
    ship.tag()
    later = ship.repository.git("commit-tree", "HEAD^{tree}", "-p", "HEAD", "-m", "later")
    ship.repository.git("update-ref", "refs/remotes/origin/main", later)
    assert ship.publish("check").returncode == 0


def test_a_tag_that_moved_since_the_run_began(ship: Ship) -> None:
    ship.tag()
    done = ship.publish("check", GITHUB_SHA="0" * 40)
    assert done.returncode == 2 and "and this run is for 000000000000" in done.stdout


def test_the_archive_holds_the_commit_and_nothing_of_the_machine(ship: Ship) -> None:
    commit = ship.tag()
    (ship.repository.root / "left.over").write_text("of the build")
    done = ship.publish("archive")
    assert done.returncode == 0, done.stdout + done.stderr
    data = Path(ship.outputs["path"]).read_bytes()
    assert ship.outputs["name"] == "seatrial-1.2.3.tar.gz" == Path(ship.outputs["path"]).name
    assert hashlib.sha256(data).hexdigest() == ship.outputs["sha256"] == done.stdout.split()[0]
    assert data[3] == 0 and data[4:8] == bytes(4), "no name and no time in the header of gzip"
    with tarfile.open(fileobj=io.BytesIO(gzip.decompress(data))) as tar:
        members = {m.name: m for m in tar.getmembers() if m.isfile()}
        assert tar.pax_headers["comment"] == commit
        content = {name: tar.extractfile(member).read() for name, member in members.items()}  # type: ignore[union-attr]
    assert content == {f"seatrial-1.2.3/{name}": text.encode() for name, text in FILES.items()}
    assert {(m.uid, m.gid, m.uname, m.gname) for m in members.values()} == {(0, 0, "root", "root")}
    assert members["seatrial-1.2.3/run.sh"].mode == 0o755
    assert members["seatrial-1.2.3/CHANGELOG.md"].mode == 0o644
    assert len({m.mtime for m in members.values()}) == 1


def test_two_machines_build_the_same_bytes(ship: Ship, tmp_path: Path) -> None:
    """Another folder, user, umask, time zone, language, and git settings that change what git writes."""
    ship.tag()
    assert ship.publish("archive").returncode == 0
    here = ship.outputs["sha256"]
    there = tmp_path / "elsewhere"
    clone = ["git", "clone", "--quiet", str(ship.repository.root), str(there)]
    subprocess.run(clone, check=True, env={**os.environ, **GIT_AUTHOR}, capture_output=True)
    for name, value in (("tar.umask", "0077"), ("core.autocrlf", "true"), ("tar.tar.gz.command", "cat")):
        subprocess.run(["git", "-C", str(there), "config", name, value], check=True)
    (there / ".git" / "info" / "attributes").write_text("")
    subprocess.run(["git", "-C", str(there), "update-ref", "refs/remotes/origin/main", "HEAD"], check=True)
    ship.repository.root, ship.folder = there, tmp_path / "other"
    ship.folder.mkdir()
    old = os.umask(0o077)
    try:
        done = ship.publish("archive", TZ="Pacific/Auckland", LC_ALL="tr_TR.UTF-8", USER="someone")
    finally:
        os.umask(old)
    assert done.returncode == 0, done.stdout + done.stderr
    assert ship.outputs["sha256"] == here


def test_our_own_changelog_has_what_a_release_will_ask_for() -> None:
    """A section for the version of the package: to come, or with its day."""
    root = Path(__file__).resolve().parents[2]
    version = re.search(r'__version__ = "(.*)"', (root / VERSION).read_text())
    assert version
    heads = re.findall(r"^## (.*)$", (root / "CHANGELOG.md").read_text(), re.MULTILINE)
    wanted = rf"\[Unreleased\]: {version[1]}|\[{version[1]}\] - \d{{4}}-\d\d-\d\d"
    assert [head for head in heads if re.fullmatch(wanted, head)]
