"""What GitHub answers, as plain objects; had without the client that asks."""

from dataclasses import dataclass

DIRECTORY_LIMIT = 1_000  # entries that the contents API lists


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
