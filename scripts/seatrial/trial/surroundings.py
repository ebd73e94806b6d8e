"""Where an action runs and about what: the event, the token, and where files of the base commit come from."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from seatrial.errors import BadInput, CouldNotDecide
from seatrial.forge.answers import ChangedFiles
from seatrial.forge.contents import READ_LIMIT, Api, FirstOf, Source
from seatrial.forge.event import Subject, parse_event
from seatrial.forge.git import Git
from seatrial.forge.payloads import EVENT_LIMIT

if TYPE_CHECKING:
    from seatrial.forge.github import GitHub


def read_subject(environ: Mapping[str, str]) -> Subject:
    """The subject out of the event file that the runner names."""
    return parse_event(read_event(environ), environ)


def read_event(environ: Mapping[str, str]) -> bytes:
    """The bytes of the event file that the runner names."""
    path = environ.get("GITHUB_EVENT_PATH")
    if not path:
        raise CouldNotDecide("GITHUB_EVENT_PATH is not set; this script is run by a GitHub action")
    with Path(path).open("rb") as file:
        return file.read(EVENT_LIMIT + 1)


def refuse_base_alone(subject: Subject, root: Path, environ: Mapping[str, str]) -> None:
    """Raises BadInput where the checkout is what `pull_request_target` brings: nothing of the change.

    It would be compared with itself, and the pass would stand with a commit that nobody looked at.
    """
    if subject.event != "pull_request_target":
        return
    git = Git(root, search_path=environ.get("PATH", os.defpath))
    found = (git.ask("rev-parse", "--verify", "HEAD") or b"").decode("ascii", "replace").strip()
    if found and found != subject.head and found in (subject.base, environ.get("GITHUB_SHA")):
        raise BadInput(
            f"this checkout holds the base branch at {found[:12]} and nothing of the change, as on every "
            "`pull_request_target`; trigger this workflow on `pull_request`"
        )


def split(names: str) -> tuple[str, ...]:
    """Names separated by commas or lines."""
    return tuple(name for part in names.replace("\n", ",").split(",") if (name := part.strip()))


def lazy_client(subject: Subject, token: str) -> Callable[[], "GitHub"]:
    """A client that is made when it is first needed."""
    made: list[GitHub] = []

    def client() -> "GitHub":
        if not made:
            from seatrial.forge.github import GitHub  # which a job without a token does not need

            made.append(GitHub(token, subject.api_url))
        return made[0]

    return client


def base_of(inputs: Mapping[str, str]) -> Path | None:
    """The checkout of the base commit that the input `base` names, where it is there."""
    folder = Path(inputs.get("base") or os.devnull)
    return folder.resolve() if folder.is_dir() else None


def source_of(
    root: Path,
    subject: Subject,
    client: "Callable[[], GitHub] | None",
    environ: Mapping[str, str],
    base: Path | None = None,
) -> Source:
    """Where files of the base commit come from: git history first, else the API."""
    roots = [root] if base is None else [base, root]
    sources: list[Source] = [Git(each, search_path=environ.get("PATH", os.defpath)) for each in roots]
    if client is not None:
        sources.append(_ApiWhenAsked(client, subject))
    return FirstOf(sources)


class _ApiWhenAsked:
    """GitHub's API, whose client is loaded when history cannot tell."""

    name = Api.name

    def __init__(self, client: Callable[[], "GitHub"], subject: Subject) -> None:
        self._client = client
        self._subject = subject

    def _api(self) -> Api:
        return Api(self._client(), self._subject.repository, self._subject.pull_request)

    def read_at(self, commit: str, path: str, limit: int = READ_LIMIT) -> bytes | None:
        return self._api().read_at(commit, path, limit)

    def changed_files(self, base: str, head: str) -> ChangedFiles | None:
        return self._api().changed_files(base, head)
