"""The operations of the double: a request in, an answer and perhaps an effect out."""

import base64
import json
import re
from dataclasses import dataclass, field
from typing import Any

from github_double.contract import RAW
from github_double.objects import Objects
from github_double.world import Account, Artifact, File, Pull, Repository, World

COMMENT_LIMIT = 65_536
LISTED_ENTRIES = 1_000
LISTED_FILES = 3_000
API_FILE = 100 * 1024 * 1024
DOCUMENTATION = "https://docs.github.com/rest"
NOT_ACCESSIBLE = "Resource not accessible by integration"


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    query: dict[str, str]
    accept: str
    token: str | None
    body: bytes


@dataclass
class Reply:
    status: int
    value: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None

    @property
    def body(self) -> bytes:
        if self.raw is not None:
            return self.raw
        return b"" if self.status == 204 else json.dumps(self.value).encode()


def problem(status: int, message: str, **more: Any) -> Reply:
    return Reply(
        status, {"message": message, "documentation_url": DOCUMENTATION, "status": str(status), **more}
    )


class Api:
    def __init__(self, world: World, objects: Objects, base: str, store: str = "") -> None:
        self._world, self._objects, self._base, self.store = world, objects, base, store

    def answer(self, asked: Asked) -> Reply:
        account = self._world.accounts.get(asked.token or "")
        if account is None:
            return problem(401, "Bad credentials")
        if (asked.method, asked.path) == ("GET", "/user"):
            if account.asks_user:
                return Reply(200, self._objects.public_user(account.login, account.kind))
            return problem(403, NOT_ACCESSIBLE)
        match = re.fullmatch(r"/repos/([^/]+/[^/]+)/(.*)", asked.path)
        repository = self._world.repositories.get(match[1]) if match else None
        if match is None or repository is None:
            return problem(404, "Not Found")
        with self._world.lock:
            return self._in_repository(asked, match[2], repository, account)

    def _in_repository(self, asked: Asked, rest: str, repository: Repository, account: Account) -> Reply:
        if not account.reads:
            return problem(403, NOT_ACCESSIBLE)
        if asked.method != "GET" and not account.writes:
            return problem(403, NOT_ACCESSIBLE)
        if asked.method == "GET" and (rest == "contents" or rest.startswith("contents/")):
            return self._contents(asked, repository, rest.removeprefix("contents").strip("/"))
        if found := re.fullmatch(r"issues/comments/(\d+)", rest):
            return self._one_comment(asked, repository, int(found[1]), account)
        if found := re.fullmatch(r"issues/(\d+)/comments", rest):
            return self._comments(asked, repository, int(found[1]), account)
        if asked.method == "GET" and rest.startswith("actions/"):
            return self._actions(asked, repository, rest.removeprefix("actions/"), account)
        if asked.method == "GET" and rest == "pulls":
            return self._pulls(asked, repository)
        found = re.fullmatch(r"pulls/(\d+)(/files)?", rest)
        pull = repository.pulls.get(int(found[1])) if found else None
        if found is None or pull is None or asked.method != "GET":
            return problem(404, "Not Found")
        return (
            self._files(asked, repository, pull)
            if found[2]
            else Reply(200, self._objects.pull(repository.name, pull))
        )

    def _pulls(self, asked: Asked, repository: Repository) -> Reply:
        state, head = asked.query.get("state", "open"), asked.query.get("head", "")
        owner, colon, branch = head.partition(":")
        found = [
            pull
            for _, pull in sorted(repository.pulls.items(), reverse=True)
            if state in ("all", pull.state)
            # A head that is not owner:branch is passed over, as GitHub does.
            and (
                not colon
                or (pull.origin(repository.name).partition("/")[0], pull.head_ref) == (owner, branch)
            )
        ]
        return self._page(asked, found, lambda p: self._objects.listed_pull(repository.name, p))

    def _actions(self, asked: Asked, repository: Repository, rest: str, account: Account) -> Reply:
        if not account.reads_actions:
            return problem(403, NOT_ACCESSIBLE)
        if found := re.fullmatch(r"runs/(\d+)(?:/attempts/(\d+))?", rest):
            run = repository.runs.get(int(found[1]))
            attempt = 0 if run is None else int(found[2] or run.attempt)
            if run is None or not 1 <= attempt <= run.attempt:
                return problem(404, "Not Found")
            return Reply(200, self._objects.run(repository.name, run, attempt))
        if found := re.fullmatch(r"artifacts/(\d+)/zip", rest):
            artifact = repository.artifacts.get(int(found[1]))
            if artifact is None:
                return problem(404, "Not Found")
            if artifact.expired:
                return problem(410, "Artifact has expired")
            return Reply(302, raw=b"", headers={"Location": f"{self.store}/{artifact.id}?sig=signed"})
        name = asked.query.get("name")
        found = re.fullmatch(r"(?:runs/(\d+)/)?artifacts", rest)
        if found is None:
            return problem(404, "Not Found")
        listed = [
            artifact
            for _, artifact in sorted(repository.artifacts.items(), reverse=True)
            if name in (None, artifact.name) and (found[1] is None or artifact.run == int(found[1]))
        ]

        def shape(artifact: Artifact) -> dict[str, Any]:
            return self._objects.artifact(repository.name, artifact, repository.runs.get(artifact.run))

        reply = self._page(asked, listed, shape)
        reply.value = {"total_count": len(listed), "artifacts": reply.value}
        return reply

    def _comments(self, asked: Asked, repository: Repository, issue: int, account: Account) -> Reply:
        if issue not in repository.pulls:
            return problem(404, "Not Found")
        if asked.method == "GET":
            mine = [c for c in repository.comments.values() if c.issue == issue]
            return self._page(asked, mine, lambda c: self._objects.comment(repository.name, c))
        body = self._body(asked)
        if isinstance(body, Reply):
            return body
        comment = self._world.add_comment(repository.name, issue, body, account)
        value = self._objects.comment(repository.name, comment)
        return Reply(201, value, {"Location": value["url"]})

    def _one_comment(self, asked: Asked, repository: Repository, number: int, account: Account) -> Reply:
        comment = repository.comments.get(number)
        if comment is None:
            return problem(404, "Not Found")
        if asked.method == "DELETE":
            del repository.comments[number]
            return Reply(204)
        body = self._body(asked)
        if isinstance(body, Reply):
            return body
        comment.body, comment.edits = body, comment.edits + 1
        return Reply(200, self._objects.comment(repository.name, comment))

    def _body(self, asked: Asked) -> str | Reply:
        try:
            body = json.loads(asked.body)["body"]
        except (ValueError, KeyError, TypeError):
            return problem(422, "Invalid request.")
        if not isinstance(body, str) or not body.strip() or len(body) > COMMENT_LIMIT:
            fault = {
                "resource": "IssueComment",
                "code": "unprocessable",
                "field": "data",
                "message": "Body is too long",
            }
            return problem(422, "Validation Failed", errors=[fault])
        return body

    def _files(self, asked: Asked, repository: Repository, pull: Pull) -> Reply:
        listed = pull.files[:LISTED_FILES]
        return self._page(asked, listed, lambda f: self._objects.changed_file(repository.name, pull, f))

    def _page(self, asked: Asked, items: list[Any], shape: Any) -> Reply:
        size = max(1, min(100, int(asked.query.get("per_page", "30"))))
        page, last = int(asked.query.get("page", "1")), max(1, -(-len(items) // size))
        turns = {"prev": page - 1, "next": page + 1, "last": last, "first": 1}
        wanted = ("next", "last") if page == 1 else ("prev", "first") if page >= last else tuple(turns)
        links = [f'<{self._base}{asked.path}?per_page={size}&page={turns[t]}>; rel="{t}"' for t in wanted]
        headers = {"Link": ", ".join(links)} if last > 1 else {}
        return Reply(200, [shape(item) for item in items[(page - 1) * size : page * size]], headers)

    def _contents(self, asked: Asked, repository: Repository, path: str) -> Reply:
        commit = asked.query.get("ref", "")
        files = repository.commits.get(commit)
        if files is None:
            return problem(404, f"No commit found for the ref {commit}")
        file = files.get(path)
        if file is not None and file.kind == "symlink":
            target = files.get(file.data.decode())  # GitHub follows a link to a file of the repository
            file = target if target is not None and target.kind == "file" else file
        if file is not None:
            return self._file(asked, repository.name, commit, path, file)
        inside = f"{path}/" if path else ""
        names: dict[str, File | None] = {}
        for name, item in sorted(files.items()):
            if name.startswith(inside):
                first, _, deeper = name[len(inside) :].partition("/")
                names[inside + first] = None if deeper else item
        if not names:
            return problem(404, "Not Found")
        listed = list(names.items())[:LISTED_ENTRIES]
        return Reply(200, [self._objects.entry(repository.name, commit, n, f) for n, f in listed])

    def _file(self, asked: Asked, repository: str, commit: str, path: str, file: File) -> Reply:
        entry = self._objects.entry(repository, commit, path, file)
        if file.kind == "symlink":
            return Reply(200, {**entry, "target": file.data.decode()})
        if file.kind == "submodule":
            return Reply(200, {**entry, "submodule_git_url": None})
        if len(file.data) > API_FILE:
            return problem(403, "This API returns blobs up to 100 MB in size.")
        if asked.accept == RAW:
            return Reply(200, raw=file.data, headers={"Content-Type": f"{RAW}; charset=utf-8"})
        content = base64.encodebytes(file.data).decode()
        return Reply(200, {**entry, "content": content, "encoding": "base64"})
