"""The part of GitHub's REST API that Seatrial uses, typed. Works against GitHub Enterprise Server too."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import quote

from seatrial.forge.addresses import PUBLIC_API, checked_repository
from seatrial.forge.answers import ChangedFiles, Comment, Entry, Identity, PullRequest
from seatrial.forge.errors import NotFound, ReadOnlyToken, Refused
from seatrial.forge.fields import Fields, unexpected
from seatrial.forge.http import ANSWER_LIMIT, RAW, Request, Transport
from seatrial.forge.pace import Pace
from seatrial.forge.runs import Artifact, OpenPull, Run, artifact_of, open_pull_of, run_of
from seatrial.text import shown

ACTIONS_BOT = "github-actions[bot]"
PER_PAGE = 100
COMMENT_PAGES = 100
FILE_PAGES = 30  # GitHub lists the first 3,000 files of a pull request and no more
FILE_LIMIT = FILE_PAGES * PER_PAGE
ARTIFACT_PAGES = 10
PULL_PAGES = 10

READ_CONTENTS = "contents: read"
READ_PULLS = "pull-requests: read"
WRITE_PULLS = "pull-requests: write"
READ_ACTIONS = "actions: read"


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
                login = Fields(self._transport.call(request).value, "a user").text("login")
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
        fields = Fields(self._transport.call(request).value, "a pull request")
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

    def open_pulls(self, repository: str, head: str) -> list[OpenPull]:
        """Open pull requests of a branch, named owner:branch. Their heads are to be compared: GitHub
        passes over a name that it does not understand."""
        path = f"/repos/{checked_repository(repository)}/pulls"
        doing = f"listing the open pull requests of {shown(head)} in {repository}"
        query = {"state": "open", "head": head}
        return [open_pull_of(fields) for fields in self._pages(path, doing, READ_PULLS, PULL_PAGES, query)]

    def run(self, repository: str, number: int, attempt: int | None = None) -> Run:
        """A run of a workflow, as its last attempt or as that one."""
        path = f"/repos/{checked_repository(repository)}/actions/runs/{number:d}"
        path += "" if attempt is None else f"/attempts/{attempt:d}"
        request = Request("GET", path, f"reading run {number:d} of {repository}", READ_ACTIONS)
        return run_of(Fields(self._transport.call(request).value, "a run"))

    def artifacts_of_run(self, repository: str, number: int) -> list[Artifact]:
        """Artifacts of all attempts of a run, newest first; the first 1,000."""
        path = f"/repos/{checked_repository(repository)}/actions/runs/{number:d}/artifacts"
        return self._artifacts(path, f"listing the artifacts of run {number:d} of {repository}", {})

    def artifacts_named(self, repository: str, name: str) -> list[Artifact]:
        """Artifacts of this name, of all runs of a repository, newest first; the first 1,000."""
        path = f"/repos/{checked_repository(repository)}/actions/artifacts"
        return self._artifacts(path, f"listing the artifacts {shown(name)} of {repository}", {"name": name})

    def _artifacts(self, path: str, doing: str, query: dict[str, str | int]) -> list[Artifact]:
        pages = self._pages(path, doing, READ_ACTIONS, ARTIFACT_PAGES, query, inside="artifacts")
        found = {artifact.id: artifact for artifact in map(artifact_of, pages)}
        return [found[key] for key in sorted(found, reverse=True)]

    def download(self, repository: str, artifact: int, limit: int) -> bytes:
        """The zip of an artifact, from where GitHub keeps it; our token does not go there."""
        request = Request(
            "GET",
            f"/repos/{checked_repository(repository)}/actions/artifacts/{artifact:d}/zip",
            f"downloading artifact {artifact:d} of {repository}",
            READ_ACTIONS,
            limit=limit,
            stored=True,
        )
        return self._transport.call(request).body

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
        return value if isinstance(value, Comment) else _comment(Fields(value, "a comment"))

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
        entries = [Fields(item, "a folder") for item in answer]
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

    def _pages(
        self,
        path: str,
        doing: str,
        permission: str,
        pages: int,
        more: Mapping[str, str | int] | None = None,
        *,
        inside: str = "",
    ) -> Iterator[Fields]:
        """The items of a list, page by page. inside: the key that holds it, where the answer is an object."""
        for page in range(1, pages + 1):
            query = {**(more or {}), "per_page": PER_PAGE, "page": page}
            answer = self._transport.call(Request("GET", path, doing, permission, query))
            items = answer.value
            if inside and isinstance(items, dict):
                items = items.get(inside)
            if not isinstance(items, list):
                raise unexpected("a list")
            yield from (Fields(item, "an item of a list") for item in items)
            if 'rel="next"' not in answer.headers.get("Link", ""):
                return


def _comment(fields: Fields) -> Comment:
    author = fields.inner("user").text("login") if fields.has("user") else None
    app = fields.inner("performed_via_github_app") if fields.has("performed_via_github_app") else None
    return Comment(
        fields.integer("id"),
        fields.text("html_url"),
        fields.text("body") if fields.has("body") else "",
        author,
        app.text("slug") if app is not None and app.has("slug") else None,
    )
