"""What a run is about: the event that GitHub hands to a job, read strictly. Nothing in it is trusted."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from seatrial.forge import payloads
from seatrial.forge.addresses import PUBLIC_API, base_address, checked_repository
from seatrial.forge.payloads import ATTEMPT_LIMIT, NO_COMMIT, RUN_LIMIT

PUBLIC_SITE = "https://github.com"
_HEADS = "refs/heads/"
PULL_EVENTS = frozenset({"pull_request", "pull_request_target"})
_EVENT_NAME = re.compile(r"[a-z][a-z_]{0,49}", re.ASCII)


@dataclass(frozen=True)
class Subject:
    """What is judged, by which run. base is None where there is nothing to compare with."""

    repository: str
    event: str
    head: str
    run_id: int
    attempt: int
    workflow: str
    job: str
    server_url: str
    api_url: str
    pull_request: int | None = None
    base: str | None = None
    head_ref: str | None = None
    base_ref: str | None = None  # the branch that `base` is a commit of
    default_branch: str | None = None  # of the repository
    is_fork: bool = False
    dirty: bool = False  # a working tree with changes that no commit holds

    @property
    def compares(self) -> bool:
        """Whether it proposes a change to a base branch, whose policy then counts; `local` is a laptop."""
        proposes = self.pull_request is not None or self.event in ("merge_group", "local")
        return proposes and self.base is not None

    @property
    def run_url(self) -> str:
        return f"{self.server_url}/{self.repository}/actions/runs/{self.run_id}"


def on_a_laptop(repository: str = "local") -> Subject:
    """The subject where no event is: nothing is known of a commit."""
    return Subject(
        repository=repository,
        event="local",
        head="",
        run_id=0,
        attempt=1,
        workflow="local",
        job="local",
        server_url="",
        api_url="",
    )


def parse_event(event: bytes, environment: Mapping[str, str]) -> Subject:
    """The subject out of the event file's bytes and the runner's variables."""
    name = environment.get("GITHUB_EVENT_NAME", "")
    if _EVENT_NAME.fullmatch(name) is None:
        raise payloads.wrong("GITHUB_EVENT_NAME", name, "an event such as pull_request")
    payload = payloads.read(event)
    repository = checked_repository(environment.get("GITHUB_REPOSITORY", ""))
    default_branch = _same_repository(payload, repository)
    if name in PULL_EVENTS:
        about = _pull_request(payload, repository)
    elif name == "merge_group":
        about = _merge_group(payload)
    elif name == "push":
        about = _push(payload)
    else:
        about = _About(payloads.commit(environment.get("GITHUB_SHA"), "GITHUB_SHA"))
    return Subject(
        repository=repository,
        event=name,
        head=about.head,
        base=about.base,
        head_ref=about.head_ref,
        base_ref=about.base_ref,
        default_branch=default_branch,
        pull_request=about.pull_request,
        is_fork=about.is_fork,
        run_id=payloads.digits(environment.get("GITHUB_RUN_ID", ""), "GITHUB_RUN_ID", RUN_LIMIT),
        attempt=payloads.digits(
            environment.get("GITHUB_RUN_ATTEMPT") or "1", "GITHUB_RUN_ATTEMPT", ATTEMPT_LIMIT
        ),
        workflow=payloads.title(environment, "GITHUB_WORKFLOW"),
        job=payloads.title(environment, "GITHUB_JOB"),
        server_url=base_address(environment.get("GITHUB_SERVER_URL") or PUBLIC_SITE, "GITHUB_SERVER_URL"),
        api_url=base_address(environment.get("GITHUB_API_URL") or PUBLIC_API, "GITHUB_API_URL"),
    )


@dataclass(frozen=True)
class _About:
    head: str
    base: str | None = None
    head_ref: str | None = None
    base_ref: str | None = None
    pull_request: int | None = None
    is_fork: bool = False


def _same_repository(payload: Mapping[str, object], repository: str) -> str | None:
    """The default branch, where the event names one. Raises BadInput where it is about another repository."""
    if "repository" not in payload:
        return None
    told = payloads.inner(payload, "repository")
    name = told.get("full_name")
    if not isinstance(name, str) or name.lower() != repository.lower():
        raise payloads.wrong("repository.full_name", name, f"{repository}, as in GITHUB_REPOSITORY")
    branch = told.get("default_branch")
    return None if branch is None else payloads.branch(branch, "repository.default_branch")


def _pull_request(payload: Mapping[str, object], repository: str) -> _About:
    pull = payloads.inner(payload, "pull_request")
    number = payloads.number(pull.get("number"), "pull_request.number")
    if "number" in payload and payloads.number(payload["number"], "number") != number:
        raise payloads.wrong("number", payload["number"], f"{number}, as in pull_request.number")
    head, base = payloads.inner(pull, "head", "pull_request."), payloads.inner(pull, "base", "pull_request.")
    return _About(
        head=payloads.commit(head.get("sha"), "pull_request.head.sha"),
        base=payloads.commit(base.get("sha"), "pull_request.base.sha"),
        head_ref=payloads.branch(head.get("ref"), "pull_request.head.ref"),
        base_ref=payloads.branch(base.get("ref"), "pull_request.base.ref"),
        pull_request=number,
        is_fork=_is_fork(head, repository),
    )


def _is_fork(head: Mapping[str, object], repository: str) -> bool:
    """A head whose repository is gone or not named is treated as foreign."""
    origin = head.get("repo")
    name = origin.get("full_name") if isinstance(origin, dict) else None
    return not isinstance(name, str) or name.lower() != repository.lower()


def _merge_group(payload: Mapping[str, object]) -> _About:
    group = payloads.inner(payload, "merge_group")
    return _About(
        head=payloads.commit(group.get("head_sha"), "merge_group.head_sha"),
        base=payloads.commit(group.get("base_sha"), "merge_group.base_sha"),
        head_ref=payloads.branch(group.get("head_ref"), "merge_group.head_ref"),
        base_ref=_of_heads(payloads.branch(group.get("base_ref"), "merge_group.base_ref")),
    )


def _push(payload: Mapping[str, object]) -> _About:
    before = payload.get("before")
    created = isinstance(before, str) and NO_COMMIT.fullmatch(before) is not None
    ref = payloads.branch(payload.get("ref"), "ref")
    return _About(
        head=payloads.commit(payload.get("after"), "after"),
        base=None if created else payloads.commit(before, "before"),
        head_ref=ref,
        base_ref=None if created else _of_heads(ref),
    )


def _of_heads(ref: str) -> str | None:
    """The branch that a full ref names; None for a tag."""
    return ref.removeprefix(_HEADS) if ref.startswith(_HEADS) else None
