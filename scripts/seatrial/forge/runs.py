"""Runs of workflows, what they left, and the pull requests that they may be of: as GitHub tells of them.

Names of branches and artifacts are whatever somebody called them.
"""

import re
from dataclasses import dataclass

from seatrial.forge.fields import Fields, unexpected

_DIGEST = re.compile(r"sha256:([0-9a-f]{64})", re.ASCII)


@dataclass(frozen=True)
class Run:
    """One attempt of a run. head_repository: None where it is gone, as with a fork that was deleted."""

    id: int
    attempt: int
    workflow: str
    event: str
    status: str
    conclusion: str | None
    head: str
    branch: str | None
    repository: str
    repository_id: int
    head_repository: str | None
    head_repository_id: int | None

    @property
    def is_fork(self) -> bool:
        """Whether its head lies elsewhere; one that is gone counts as elsewhere."""
        return self.head_repository_id != self.repository_id


@dataclass(frozen=True)
class Artifact:
    """One artifact. digest: SHA-256 of its zip in hex, where GitHub knows it. branch: of the run's head."""

    id: int
    name: str
    size: int
    expired: bool
    digest: str | None
    run: int | None
    branch: str | None
    repository_id: int | None
    head_repository_id: int | None


@dataclass(frozen=True)
class OpenPull:
    """One line of a list of open pull requests."""

    number: int
    head: str
    head_repository_id: int | None
    base_repository_id: int | None


def run_of(fields: Fields) -> Run:
    """A run out of GitHub's answer."""
    here = fields.inner("repository")
    origin = fields.inner("head_repository") if fields.has("head_repository") else None
    return Run(
        id=fields.integer("id"),
        attempt=fields.integer("run_attempt") if fields.has("run_attempt") else 1,
        workflow=fields.text("name") if fields.has("name") else "",
        event=fields.text("event"),
        status=fields.text("status") if fields.has("status") else "",
        conclusion=fields.text("conclusion") if fields.has("conclusion") else None,
        head=fields.text("head_sha"),
        branch=fields.text("head_branch") if fields.has("head_branch") else None,
        repository=here.text("full_name"),
        repository_id=here.integer("id"),
        head_repository=None if origin is None else origin.text("full_name"),
        head_repository_id=None if origin is None else origin.integer("id"),
    )


def artifact_of(fields: Fields) -> Artifact:
    """An artifact out of GitHub's answer."""
    run = fields.inner("workflow_run") if fields.has("workflow_run") else None

    def number(key: str) -> int | None:
        return None if run is None or not run.has(key) else run.integer(key)

    return Artifact(
        id=fields.integer("id"),
        name=fields.text("name"),
        size=fields.integer("size_in_bytes"),
        expired=fields.flag("expired"),
        digest=_digest(fields),
        run=number("id"),
        branch=None if run is None or not run.has("head_branch") else run.text("head_branch"),
        repository_id=number("repository_id"),
        head_repository_id=number("head_repository_id"),
    )


def _digest(fields: Fields) -> str | None:
    if not fields.has("digest"):
        return None
    found = _DIGEST.fullmatch(fields.text("digest"))
    if found is None:
        raise unexpected("an artifact whose `digest` is of SHA-256")
    return found[1]


def open_pull_of(fields: Fields) -> OpenPull:
    """A pull request out of GitHub's list."""
    head, base = fields.inner("head"), fields.inner("base")
    return OpenPull(fields.integer("number"), head.text("sha"), _repository_id(head), _repository_id(base))


def _repository_id(side: Fields) -> int | None:
    return side.inner("repo").integer("id") if side.has("repo") else None
