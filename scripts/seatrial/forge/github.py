"""The part of GitHub's REST API that Seatrial uses, typed. Works against GitHub Enterprise Server too."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from seatrial.errors import BadInput
from seatrial.forge.errors import NotFound, ReadOnlyToken, Refused, Unavailable
from seatrial.forge.http import ANSWER_LIMIT, RAW, Request, Transport
from seatrial.forge.pace import Pace
from seatrial.text import shown

PUBLIC_API = "https://api.github.com"
ACTIONS_BOT = "github-actions[bot]"
PER_PAGE = 100
COMMENT_PAGES = 100
FILE_PAGES = 30  # GitHub lists the first 3,000 files of a pull request and no more
FILE_LIMIT = FILE_PAGES * PER_PAGE
DIRECTORY_LIMIT = 1_000  # entries that the contents API lists
_REPOSITORY = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,99})/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}", re.ASCII)

READ_CONTENTS = "contents: read"
READ_PULLS = "pull-requests: read"
WRITE_PULLS = "pull-requests: write"


@dataclass(frozen=True)
class Identity:
    """Who comments with our token: a login, and the app it acts through where that is known."""

    login: str
    app: str | None = None

    def wrote(self, comment: "Comment") -> bool:
        if comment.author is None or comment.author.lower() != self.login.lower():
            return False
        return self.app is None or comment.app == self.app


@dataclass(frozen=True)
class Comment:
    id: int
    url: str
    body: str
    author: str | None  # None: the account is gone
    app: str | None


@dataclass(frozen=True)
class PullRequest:
    number: int
    head: str
    base: str


@dataclass(frozen=True)
class Entry:
    """One line of a directory listing. kind: file, dir, symlink or submodule."""

    name: str
    kind: str
    size: int
    sha: str


@dataclass(frozen=True)
class ChangedFiles:
    """Paths that differ. complete: False when there are more than could be listed."""

    paths: frozenset[str]
    complete: bool = True


def checked_repository(name: str) -> str:
    """owner/name as GitHub allows it."""
    if _REPOSITORY.fullmatch(name) is None:
        raise BadInput(f"repository is `{shown(name)}`: expected owner/name")
    return name


class GitHub:
    """A client for one server and one token."""

    def __init__(
        self,
        token: str,
        api_url: str = PUBLIC_API,
        *,
        pace: Pace | None = None,
        identity: Identity | None = None,
    ) -> None:
        self._transport = Transport(token, api_url, pace or Pace())
        self._identity = identity

    def __repr__(self) -> str:
        return f"GitHub({self._transport!r})"

    def __enter__(self) -> "GitHub":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def bounded(self) -> AbstractContextManager[None]:
        """Calls made inside share one bound on time (60 s)."""
        return self._transport.bounded()

    def identity(self) -> Identity:
        """Ourselves. An installation's token may not ask; in Actions it is the bot's."""
        if self._identity is None:
            request = Request("GET", "/user", "asking whose token this is", "metadata: read")
            try:
                login = _Fields(self._transport.call(request).value, "a user").text("login")
            except (ReadOnlyToken, Refused, NotFound):
                login = ACTIONS_BOT
            self._identity = Identity(login)
        return self._identity

    def pull_request(self, repository: str, number: int) -> PullRequest:
        request = Request(
            "GET",
            f"/repos/{checked_repository(repository)}/pulls/{number:d}",
            f"reading pull request {repository}#{number}",
            READ_PULLS,
        )
        fields = _Fields(self._transport.call(request).value, "a pull request")
        head, base = fields.inner("head").text("sha"), fields.inner("base").text("sha")
        return PullRequest(fields.integer("number"), head, base)

    def pull_request_files(self, repository: str, number: int) -> ChangedFiles:
        """Paths that the pull request adds, changes, removes, renames from or renames to."""
        path = f"/repos/{checked_repository(repository)}/pulls/{number:d}/files"
        doing = f"listing the files of {repository}#{number}"
        paths: set[str] = set()
        listed = 0
        for fields in self._pages(path, doing, READ_PULLS, FILE_PAGES):
            listed += 1
            paths.add(fields.text("filename"))
            if fields.has("previous_filename"):
                paths.add(fields.text("previous_filename"))
        return ChangedFiles(frozenset(paths), complete=listed < FILE_LIMIT)

    def comments(self, repository: str, number: int) -> list[Comment]:
        """All comments of a pull request, oldest first."""
        path = f"/repos/{checked_repository(repository)}/issues/{number:d}/comments"
        doing = f"listing the comments of {repository}#{number}"
        found = {c.id: c for c in map(_comment, self._pages(path, doing, READ_PULLS, COMMENT_PAGES))}
        return [found[key] for key in sorted(found)]

    def create_comment(
        self, repository: str, number: int, body: str, *, settled: Callable[[], Comment | None]
    ) -> Comment:
        """Post a comment. settled: asked before another try; the comment that makes it needless, if any."""
        request = Request(
            "POST",
            f"/repos/{checked_repository(repository)}/issues/{number:d}/comments",
            f"posting a comment on {repository}#{number}",
            WRITE_PULLS,
            content={"body": body},
            settled=settled,
        )
        return self._written(request)

    def update_comment(
        self, repository: str, comment: int, body: str, *, settled: Callable[[], Comment | None]
    ) -> Comment:
        """Replace a comment's body. settled: as above, since a newer run may write while we wait."""
        request = Request(
            "PATCH",
            f"/repos/{checked_repository(repository)}/issues/comments/{comment:d}",
            f"editing our comment in {repository}",
            WRITE_PULLS,
            content={"body": body},
            settled=settled,
        )
        return self._written(request)

    def _written(self, request: Request) -> Comment:
        value = self._transport.call(request).value
        return value if isinstance(value, Comment) else _comment(_Fields(value, "a comment"))

    def delete_comment(self, repository: str, comment: int) -> None:
        """Delete a comment; one that is gone already is fine."""
        request = Request(
            "DELETE",
            f"/repos/{checked_repository(repository)}/issues/comments/{comment:d}",
            f"removing our duplicate comment in {repository}",
            WRITE_PULLS,
        )
        try:
            self._transport.call(request)
        except NotFound:
            return

    def directory(self, repository: str, path: str, commit: str) -> list[Entry]:
        """What a folder holds at a commit, 1,000 entries at most. NotFound if there is no such folder."""
        answer = self._transport.call(self._contents(repository, path, commit)).value
        if not isinstance(answer, list):
            raise NotFound(f"`{shown(path)}` of {repository} is not a folder at {commit[:12]}")
        entries = [_Fields(item, "a folder") for item in answer]
        return [Entry(e.text("name"), e.text("type"), e.integer("size"), e.text("sha")) for e in entries]

    def file(self, repository: str, path: str, commit: str, limit: int = ANSWER_LIMIT) -> bytes:
        """A file's bytes at a commit, up to 100 MB. GitHub follows a symlink that stays in the repository."""
        return self._transport.call(self._contents(repository, path, commit, accept=RAW, limit=limit)).body

    def _contents(self, repository: str, path: str, commit: str, **how: Any) -> Request:
        return Request(
            "GET",
            f"/repos/{checked_repository(repository)}/contents/{quote(path, safe='/')}",
            f"reading `{shown(path)}` of {repository} at {shown(commit[:12])}",
            READ_CONTENTS,
            query={"ref": commit},
            **how,
        )

    def _pages(self, path: str, doing: str, permission: str, pages: int) -> Iterator["_Fields"]:
        for page in range(1, pages + 1):
            query: Mapping[str, str | int] = {"per_page": PER_PAGE, "page": page}
            answer = self._transport.call(Request("GET", path, doing, permission, query))
            if not isinstance(answer.value, list):
                raise _unexpected("a list")
            yield from (_Fields(item, "an item of a list") for item in answer.value)
            if 'rel="next"' not in answer.headers.get("Link", ""):
                return


class _Fields:
    """Fields of a JSON object, each of the type that the API describes."""

    def __init__(self, value: object, what: str) -> None:
        if not isinstance(value, dict):
            raise _unexpected(what)
        self._value, self._what = value, what

    def has(self, key: str) -> bool:
        return self._value.get(key) is not None

    def text(self, key: str) -> str:
        value = self._value.get(key)
        if not isinstance(value, str):
            raise _unexpected(f"{self._what} with `{key}`")
        return value

    def integer(self, key: str) -> int:
        value = self._value.get(key)
        if not isinstance(value, int) or isinstance(value, bool):
            raise _unexpected(f"{self._what} with `{key}`")
        return value

    def inner(self, key: str) -> "_Fields":
        return _Fields(self._value.get(key), f"{self._what} with `{key}`")


def _comment(fields: _Fields) -> Comment:
    author = fields.inner("user").text("login") if fields.has("user") else None
    app = fields.inner("performed_via_github_app") if fields.has("performed_via_github_app") else None
    return Comment(
        fields.integer("id"),
        fields.text("html_url"),
        fields.text("body") if fields.has("body") else "",
        author,
        app.text("slug") if app is not None and app.has("slug") else None,
    )


def _unexpected(what: str) -> Unavailable:
    return Unavailable(f"GitHub's answer was not {what}, as its API describes; is the API address right?")
