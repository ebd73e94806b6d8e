"""The baseline out of an artifact: of the newest run of the base branch that left one of its name.

Never of a fork's run, nor of any run of a pull request: a change must not bring its own baseline.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Protocol

from seatrial.errors import BadInput, CouldNotDecide, Location
from seatrial.forge.artifacts import fetch
from seatrial.forge.event import PULL_EVENTS, Subject
from seatrial.forge.runs import Artifact, Run
from seatrial.forge.zips import MEBIBYTE, Archive, Limits, read_archive
from seatrial.text import shown

LIMITS = Limits(archive=256 * MEBIBYTE, members=10_000, member=256 * MEBIBYTE)
MOST_RUNS = 20  # asked for one by one, newest first
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,10}", re.ASCII)


class BaselineClient(Protocol):
    """What this module needs of GitHub."""

    def artifacts_named(self, repository: str, name: str) -> list[Artifact]: ...
    def run(self, repository: str, number: int, attempt: int | None = None) -> Run: ...
    def download(self, repository: str, artifact: int, limit: int) -> bytes: ...


@dataclass(frozen=True)
class Fetched:
    """The file of a baseline. suffix: of its name. note: where it comes from, for the Decision."""

    content: bytes
    shown_as: str
    suffix: str
    note: str


def baseline_file(
    client: BaselineClient, subject: Subject, name: str, wanted: str, place: Location
) -> Fetched | None:
    """The file called `wanted`, or the only one, of the newest artifact; None where there is none yet."""
    found = _newest(client, subject, name)
    if found is None:
        return None
    artifact, run = found
    archive = read_archive(fetch(client, subject.repository, artifact, LIMITS.archive), name, LIMITS)
    member = _member(archive, name, wanted, place)
    content = archive.read(member)
    digest = hashlib.sha256(content).hexdigest()
    suffix = PurePosixPath(member).suffix
    return Fetched(
        content,
        f"{shown(member)} (artifact {shown(name)})",
        suffix if _SUFFIX.fullmatch(suffix) else "",
        f"Baseline: {shown(member)} of the artifact {shown(name)}, run {run.id} of commit {run.head[:12]}, "
        f"SHA-256 {digest}",
    )


def _newest(client: BaselineClient, subject: Subject, name: str) -> tuple[Artifact, Run] | None:
    listed = client.artifacts_named(subject.repository, name)
    for tried, artifact in enumerate(_of_base(listed, subject, name)):
        if tried == MOST_RUNS:
            raise CouldNotDecide(
                f"none of the newest {MOST_RUNS} artifacts {shown(name)} is of a run of the base branch alone"
            )
        run = client.run(subject.repository, artifact.run or 0)
        same = (run.branch, run.head_repository_id) == (subject.base_ref, run.repository_id)
        if same and run.event not in PULL_EVENTS and run.repository.lower() == subject.repository.lower():
            return artifact, run
    return None


def _of_base(listed: list[Artifact], subject: Subject, name: str) -> Iterator[Artifact]:
    """Those that can be had, of the base branch of this repository; not what this run itself made."""
    for artifact in listed:
        here = artifact.repository_id is not None and artifact.repository_id == artifact.head_repository_id
        if artifact.name != name or artifact.expired or artifact.run in (None, subject.run_id):
            continue
        if here and artifact.branch == subject.base_ref:
            yield artifact


def _member(archive: Archive, name: str, wanted: str, place: Location) -> str:
    basename = PurePosixPath(wanted).name
    files = archive.files
    matching = [file for file in files if PurePosixPath(file).name == basename]
    if len(matching) == 1:
        return matching[0]
    if len(files) == 1:
        return files[0]
    raise BadInput(
        f"the artifact {shown(name)} holds {len(files)} files, {len(matching)} of them called "
        f"{shown(basename)}; expected one: upload the baseline alone",
        location=place,
    )
