"""What a release is made of, read from one commit: its version, its notes, its archive."""

import gzip
import hashlib
import io
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from seatrial.errors import BadInput
from seatrial.text import shown

TAG = re.compile(r"v((?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*))")
VERSION_FILE, CHANGES = "scripts/seatrial/__init__.py", "CHANGELOG.md"
# What a machine or its user may have set, and what would change the bytes of an archive.
SETTLED = ("tar.umask=0022", "core.autocrlf=false", "core.eol=lf", f"core.attributesFile={os.devnull}")


@dataclass(frozen=True)
class Tagged:
    """One release to be: a tag, the commit that it names, and what the commit says of it."""

    tag: str
    version: str
    commit: str
    notes: str


def git(root: Path, *arguments: str) -> bytes:
    done = subprocess.run(
        ["git", "-C", str(root), *arguments],
        capture_output=True,
        check=False,
        env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"},
    )
    if done.returncode != 0:
        last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise BadInput(f"git {arguments[0]} failed: {shown(' '.join(last))}")
    return done.stdout


def version_of(tag: str) -> str:
    found = TAG.fullmatch(tag)
    if not found:
        raise BadInput(f"{shown(tag)} is no tag of a release; expected vMAJOR.MINOR.PATCH, such as v1.2.3")
    return found[1]


def section(changes: str, version: str) -> str:
    """What CHANGELOG.md says of a version: the text below `## [1.2.3] - 2027-01-31`."""
    parts = re.split(r"^## ", changes, flags=re.MULTILINE)[1:]
    dated = re.compile(rf"\[{re.escape(version)}\] - \d{{4}}-\d{{2}}-\d{{2}}")
    mine = [part.partition("\n") for part in parts if dated.fullmatch(part.partition("\n")[0].strip())]
    if len(mine) != 1:
        raise BadInput(
            f"{CHANGES} has {len(mine)} sections for {version}; expected one, "
            f"headed `## [{version}] - YYYY-MM-DD`"
        )
    body = re.split(r"^\[[^\]]+\]: ", mine[0][2], maxsplit=1, flags=re.MULTILINE)[0].strip()
    if not body:
        raise BadInput(f"the section for {version} in {CHANGES} is empty; say what changes for users")
    return body


def read(root: Path, tag: str, main: str = "origin/main") -> Tagged:
    """The release that a tag asks for. Raises BadInput where the commit does not say the same."""
    version = version_of(tag)
    commit = git(root, "rev-parse", "--verify", "--end-of-options", f"refs/tags/{tag}^{{commit}}")
    sha = commit.decode().strip()
    said = git(root, "show", f"{sha}:{VERSION_FILE}").decode()
    found = re.search(r'^__version__ = "([^"]*)"$', said, re.MULTILINE)
    if not found or found[1] != version:
        raise BadInput(
            f"the tag {tag} is not the version of the package: {VERSION_FILE} at {sha[:12]} says "
            f"{shown(found[1]) if found else 'nothing'}; set it to {version}, or push another tag"
        )
    notes = section(git(root, "show", f"{sha}:{CHANGES}").decode(), version)
    if not _is_ancestor(root, sha, main):
        raise BadInput(
            f"the commit {sha[:12]} of {tag} is not on {main}; a release is made of what was merged"
        )
    return Tagged(tag, version, sha, notes)


def _is_ancestor(root: Path, commit: str, main: str) -> bool:
    merged = git(root, "rev-list", "--max-count=1", f"^{main}", commit, "--")
    return not merged.strip()


def archive(root: Path, tagged: Tagged, folder: Path) -> tuple[Path, str]:
    """Write the source archive; its path and SHA-256. The same commit gives the same bytes anywhere.

    Names, modes and order are git's, times are those of the commit, owner is root, and the header of
    gzip holds neither name nor time.
    """
    settings = [word for setting in SETTLED for word in ("-c", setting)]
    prefix = f"seatrial-{tagged.version}"
    tar = git(root, *settings, "archive", "--format=tar", f"--prefix={prefix}/", tagged.commit)
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", fileobj=packed, mode="wb", compresslevel=9, mtime=0) as stream:
        stream.write(tar)
    path = folder / f"{prefix}.tar.gz"
    folder.mkdir(parents=True, exist_ok=True)
    path.write_bytes(packed.getvalue())
    return path, hashlib.sha256(packed.getvalue()).hexdigest()
