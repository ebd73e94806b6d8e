"""What a run is about: the event that GitHub hands to a job, read strictly. Nothing in it is trusted."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn

from seatrial.errors import BadInput
from seatrial.forge.addresses import base_address
from seatrial.forge.github import PUBLIC_API, checked_repository
from seatrial.forge.objects import is_commit_id
from seatrial.text import shown

PUBLIC_SITE = "https://github.com"
EVENT_LIMIT = 32 * 1024 * 1024
NUMBER_LIMIT = 2**31 - 1
RUN_LIMIT = 2**63 - 1
_PULL_EVENTS = frozenset({"pull_request", "pull_request_target"})
_EVENT_NAME = re.compile(r"[a-z][a-z_]{0,49}", re.ASCII)
_REF_FORBIDDEN = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|/\.|\.lock(?:/|$)|\.$|/$")
_NO_COMMIT = re.compile(r"0{40}|0{64}", re.ASCII)


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


def parse_event(event: bytes, environment: Mapping[str, str]) -> Subject:
    """The subject out of the event file's bytes and the runner's variables."""
    name = environment.get("GITHUB_EVENT_NAME", "")
    if _EVENT_NAME.fullmatch(name) is None:
        raise _wrong("GITHUB_EVENT_NAME", name, "an event such as pull_request")
    payload = _payload(event)
    repository = checked_repository(environment.get("GITHUB_REPOSITORY", ""))
    _same_repository(payload, repository)
    if name in _PULL_EVENTS:
        about = _pull_request(payload, repository)
    elif name == "merge_group":
        about = _merge_group(payload)
    elif name == "push":
        about = _push(payload)
    else:
        about = _About(_commit(environment.get("GITHUB_SHA"), "GITHUB_SHA"))
    return Subject(
        repository=repository,
        event=name,
        head=about.head,
        base=about.base,
        head_ref=about.head_ref,
        pull_request=about.pull_request,
        is_fork=about.is_fork,
        run_id=_digits(environment.get("GITHUB_RUN_ID", ""), "GITHUB_RUN_ID", RUN_LIMIT),
        attempt=_digits(environment.get("GITHUB_RUN_ATTEMPT") or "1", "GITHUB_RUN_ATTEMPT", 10**6),
        workflow=_title(environment, "GITHUB_WORKFLOW"),
        job=_title(environment, "GITHUB_JOB"),
        server_url=base_address(environment.get("GITHUB_SERVER_URL") or PUBLIC_SITE, "GITHUB_SERVER_URL"),
        api_url=base_address(environment.get("GITHUB_API_URL") or PUBLIC_API, "GITHUB_API_URL"),
    )


@dataclass(frozen=True)
class _About:
    head: str
    base: str | None = None
    head_ref: str | None = None
    pull_request: int | None = None
    is_fork: bool = False


def _payload(event: bytes) -> dict[str, object]:
    if len(event) > EVENT_LIMIT:
        raise BadInput(f"the event file has {len(event):,} bytes; expected at most {EVENT_LIMIT:,}")
    try:
        payload = json.loads(event.decode("utf-8"), parse_constant=_no_constant, object_pairs_hook=_unique)
    except (ValueError, RecursionError):
        raise BadInput("the event file is not JSON as GitHub writes it (GITHUB_EVENT_PATH)") from None
    if not isinstance(payload, dict):
        raise BadInput("the event file does not hold a JSON object (GITHUB_EVENT_PATH)")
    return payload


def _no_constant(word: str) -> NoReturn:
    raise ValueError(word)


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key twice")
    return found


def _same_repository(payload: Mapping[str, object], repository: str) -> None:
    if "repository" not in payload:
        return
    name = _object(payload, "repository").get("full_name")
    if not isinstance(name, str) or name.lower() != repository.lower():
        raise _wrong("repository.full_name", name, f"{repository}, as in GITHUB_REPOSITORY")


def _pull_request(payload: Mapping[str, object], repository: str) -> _About:
    pull = _object(payload, "pull_request")
    number = _number(pull.get("number"), "pull_request.number")
    if "number" in payload and _number(payload["number"], "number") != number:
        raise _wrong("number", payload["number"], f"{number}, as in pull_request.number")
    head, base = _object(pull, "head", "pull_request."), _object(pull, "base", "pull_request.")
    return _About(
        head=_commit(head.get("sha"), "pull_request.head.sha"),
        base=_commit(base.get("sha"), "pull_request.base.sha"),
        head_ref=_branch(head.get("ref"), "pull_request.head.ref"),
        pull_request=number,
        is_fork=_is_fork(head, repository),
    )


def _is_fork(head: Mapping[str, object], repository: str) -> bool:
    """A head whose repository is gone or not named is treated as foreign."""
    origin = head.get("repo")
    name = origin.get("full_name") if isinstance(origin, dict) else None
    return not isinstance(name, str) or name.lower() != repository.lower()


def _merge_group(payload: Mapping[str, object]) -> _About:
    group = _object(payload, "merge_group")
    return _About(
        head=_commit(group.get("head_sha"), "merge_group.head_sha"),
        base=_commit(group.get("base_sha"), "merge_group.base_sha"),
        head_ref=_branch(group.get("head_ref"), "merge_group.head_ref"),
    )


def _push(payload: Mapping[str, object]) -> _About:
    before = payload.get("before")
    created = isinstance(before, str) and _NO_COMMIT.fullmatch(before) is not None
    return _About(
        head=_commit(payload.get("after"), "after"),
        base=None if created else _commit(before, "before"),
        head_ref=_branch(payload.get("ref"), "ref"),
    )


def _object(payload: Mapping[str, object], key: str, where: str = "") -> dict[str, object]:
    value = payload.get(key)
    if not isinstance(value, dict):
        raise _wrong(where + key, value, "an object")
    return value


def _number(value: object, field: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= NUMBER_LIMIT:
        raise _wrong(field, value, f"a whole number from 1 to {NUMBER_LIMIT}")
    return value


def _digits(value: str, field: str, most: int) -> int:
    if re.fullmatch(r"[1-9][0-9]{0,18}", value, re.ASCII) is None or int(value) > most:
        raise _wrong(field, value, f"a whole number from 1 to {most}")
    return int(value)


def _commit(value: object, field: str) -> str:
    if not isinstance(value, str) or not is_commit_id(value) or _NO_COMMIT.fullmatch(value):
        raise _wrong(field, value, "a full commit id in lower-case hex")
    return value


def _branch(value: object, field: str) -> str:
    """A name as `git check-ref-format` allows it, and none that reads as an option."""
    good = isinstance(value, str) and 0 < len(value) <= 300 and value.strip("/") == value
    if not good or not isinstance(value, str) or value[0] in "-." or _REF_FORBIDDEN.search(value):
        raise _wrong(field, value, "a branch name")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise _wrong(field, value, "a branch name") from None
    return value


def _title(environment: Mapping[str, str], field: str) -> str:
    value = environment.get(field, "")
    if not 0 < len(value) <= 1_000:
        raise _wrong(field, value, "a name of at most 1,000 characters")
    return value


def _wrong(field: str, value: object, expected: str) -> BadInput:
    return BadInput(f"the event's {field} is `{shown(value)}`: expected {expected}")
