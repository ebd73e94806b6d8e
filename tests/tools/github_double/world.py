"""What the double knows: repositories, commits, pull requests, comments, tokens."""

import base64
import hashlib
import json
import threading
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

EPOCH = "2026-01-01T00:00:00Z"


@dataclass
class Account:
    """Whose token it is, and what it may do. asks_user: GET /user is answered (not so for installations)."""

    login: str = "github-actions[bot]"
    kind: str = "Bot"
    app: str | None = "github-actions"
    writes: bool = True
    reads: bool = True
    reads_actions: bool = True
    asks_user: bool = False


@dataclass
class File:
    """kind: file, symlink (data is the target) or submodule (data is the commit)."""

    data: bytes
    kind: str = "file"

    @property
    def sha(self) -> str:
        if self.kind == "submodule":
            return self.data.decode()
        return hashlib.sha1(b"blob %d\0" % len(self.data) + self.data, usedforsecurity=False).hexdigest()


@dataclass
class Pull:
    number: int
    head: str
    base: str
    files: list[dict[str, str]] = field(default_factory=list)
    fork: bool = False
    state: str = "open"
    head_ref: str = "change"
    base_ref: str = "main"

    def origin(self, repository: str) -> str:
        """The repository that the head lies in."""
        return fork_of(repository) if self.fork else repository


def fork_of(repository: str) -> str:
    return f"visitor/{repository.partition('/')[2]}"


@dataclass
class Run:
    """A run of a workflow. earlier: the conclusions of the attempts before this one."""

    id: int
    head: str
    branch: str = "change"
    fork: bool = False
    event: str = "pull_request"
    name: str = "ci"
    attempt: int = 1
    status: str = "completed"
    conclusion: str | None = "success"
    earlier: dict[str, str] = field(default_factory=dict)


@dataclass
class Artifact:
    """What a run left. The digest and the size that are told may be others than those of the bytes.

    endless: bytes that follow when it is downloaded; it is told as `size` or as it is.
    """

    id: int
    run: int
    name: str
    data: bytes
    expired: bool = False
    digest: str | None = "true"
    size: int | None = None
    endless: int = 0


@dataclass
class Comment:
    id: int
    issue: int
    body: str
    author: str | None
    kind: str = "Bot"
    app: str | None = None
    edits: int = 0


@dataclass
class Repository:
    name: str
    commits: dict[str, dict[str, File]] = field(default_factory=dict)
    pulls: dict[int, Pull] = field(default_factory=dict)
    comments: dict[int, Comment] = field(default_factory=dict)
    runs: dict[int, Run] = field(default_factory=dict)
    artifacts: dict[int, Artifact] = field(default_factory=dict)


class World:
    """The whole state, changed only under its lock."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.accounts: dict[str, Account] = {}
        self.repositories: dict[str, Repository] = {}
        self.next_id = 1_000

    def repository(self, name: str) -> Repository:
        return self.repositories.setdefault(name, Repository(name))

    def add_commit(self, repository: str, sha: str, files: dict[str, bytes | File]) -> None:
        self.repository(repository).commits[sha] = {
            path: data if isinstance(data, File) else File(data) for path, data in files.items()
        }

    def add_pull(self, repository: str, pull: Pull) -> Pull:
        self.repository(repository).pulls[pull.number] = pull
        return pull

    def add_run(self, repository: str, run: Run) -> Run:
        self.repository(repository).runs[run.id] = run
        return run

    def add_artifact(self, repository: str, run: int, name: str, data: bytes, **told: Any) -> Artifact:
        with self.lock:
            self.next_id += 1
            artifact = Artifact(self.next_id, run, name, data, **told)
            self.repository(repository).artifacts[artifact.id] = artifact
            return artifact

    def add_comment(
        self, repository: str, issue: int, body: str, author: Account | None = None, edits: int = 0
    ) -> Comment:
        with self.lock:
            self.next_id += 1
            comment = Comment(self.next_id, issue, body, None, edits=edits)
            if author is not None:
                comment.author, comment.kind, comment.app = author.login, author.kind, author.app
            self.repository(repository).comments[comment.id] = comment
            return comment

    def comments(self, repository: str, issue: int) -> list[Comment]:
        with self.lock:
            return [c for c in self.repository(repository).comments.values() if c.issue == issue]

    def save(self, path: Path) -> None:
        """Write the state as JSON, whole or not at all. Tokens are part of it: they are invented ones."""
        with self.lock:
            state = {
                "next_id": self.next_id,
                "accounts": {token: asdict(account) for token, account in self.accounts.items()},
                "repositories": {name: _repository_state(r) for name, r in self.repositories.items()},
            }
            part = path.with_suffix(path.suffix + ".part")
            part.write_text(json.dumps(state, indent=1))
            part.replace(path)

    @classmethod
    def load(cls, path: Path) -> "World":
        """Read what `save` wrote, or what a test wrote by hand: every part but the name may be left out.

        A file is text, or {"base64": …}, {"symlink": target}, {"submodule": commit}.
        """
        state = json.loads(path.read_text()) if path.exists() else {}
        world = cls()
        world.next_id = state.get("next_id", world.next_id)
        world.accounts = {token: Account(**fields) for token, fields in state.get("accounts", {}).items()}
        for name, parts in state.get("repositories", {}).items():
            for sha, files in parts.get("commits", {}).items():
                world.add_commit(name, sha, {p: _file(value) for p, value in files.items()})
            for fields in parts.get("pulls", []):
                world.add_pull(name, Pull(**fields))
            for fields in parts.get("comments", []):
                comment = Comment(**fields)
                world.repository(name).comments[comment.id] = comment
                world.next_id = max(world.next_id, comment.id)
            for fields in parts.get("runs", []):
                world.add_run(name, Run(**fields))
            for fields in parts.get("artifacts", []):
                artifact = Artifact(**{**fields, "data": base64.b64decode(fields["data"])})
                world.repository(name).artifacts[artifact.id] = artifact
                world.next_id = max(world.next_id, artifact.id)
        return world


def _repository_state(repository: Repository) -> dict[str, Any]:
    return {
        "commits": {
            sha: {path: _file_state(file) for path, file in files.items()}
            for sha, files in repository.commits.items()
        },
        "pulls": [asdict(pull) for pull in repository.pulls.values()],
        "comments": [asdict(comment) for comment in repository.comments.values()],
        "runs": [asdict(run) for run in repository.runs.values()],
        "artifacts": [
            {**asdict(artifact), "data": base64.b64encode(artifact.data).decode()}
            for artifact in repository.artifacts.values()
        ],
    }


def _file_state(file: File) -> object:
    if file.kind != "file":
        return {file.kind: file.data.decode()}
    return {"base64": base64.b64encode(file.data).decode()}


def _file(value: Any) -> File:
    if isinstance(value, str):
        return File(value.encode())
    ((kind, data),) = value.items()
    return File(base64.b64decode(data)) if kind == "base64" else File(data.encode(), kind)
