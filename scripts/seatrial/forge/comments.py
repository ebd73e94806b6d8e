"""One sticky comment per workflow, job and model: found by marker and author, edited in place.

GitHub has no conditional write for comments. So every write follows a look, every
further try too, and another look comes after it, until one comment with our text
(or a newer run's) is left. What remains is one round trip between an older run's
look and its write; `concurrency` in the workflow closes that.
"""

import hashlib
import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Literal, Protocol

from seatrial.errors import BadInput
from seatrial.forge.answers import Comment, Identity, PullRequest
from seatrial.forge.errors import NotFound

BODY_LIMIT = 65_536  # characters; GitHub answers 422 above
_ROUNDS = 8  # a round without a rival is the last; rivals write once or twice
_MARKER = re.compile(
    r"<!-- seatrial:v1 key=([0-9a-f]{32}) run=([0-9]{1,19}) attempt=([0-9]{1,9}) head=([0-9a-f]{40,64}) -->",
    re.ASCII,
)

# A comment tells its model in the first line that people see; that it is so, its key proves.
_HEADLINE = re.compile(r"## [^`]{1,40}: `([A-Za-z0-9][A-Za-z0-9._-]{0,99})`", re.ASCII)

Action = Literal["created", "updated", "unchanged", "superseded"]


class CommentClient(Protocol):
    """What this module needs of GitHub."""

    def bounded(self) -> AbstractContextManager[None]: ...
    def identity(self) -> Identity: ...
    def pull_request(self, repository: str, number: int) -> PullRequest: ...
    def comments(self, repository: str, number: int) -> list[Comment]: ...
    def create_comment(
        self, repository: str, number: int, body: str, *, settled: Callable[[], Comment | None]
    ) -> Comment: ...
    def update_comment(
        self, repository: str, comment: int, body: str, *, settled: Callable[[], Comment | None]
    ) -> Comment: ...
    def delete_comment(self, repository: str, comment: int) -> None: ...


@dataclass(frozen=True)
class Key:
    """Whose comment it is. The job alone is equal across the legs of a matrix."""

    workflow: str
    job: str
    model: str

    @property
    def digest(self) -> str:
        words = json.dumps([self.workflow, self.job, self.model]).encode()
        return hashlib.sha256(words).hexdigest()[:32]


@dataclass(frozen=True)
class Stamp:
    """Which run wrote it, about which commit."""

    run_id: int
    attempt: int
    head: str

    @property
    def order(self) -> tuple[int, int]:
        return self.run_id, self.attempt


@dataclass(frozen=True)
class Posted:
    """What became of the comment. superseded: a newer run's comment stands, and ours was not written."""

    url: str
    action: Action
    removed_duplicates: int = 0


@dataclass(frozen=True)
class _Ours:
    comment: Comment
    stamp: Stamp


def marker(key: Key, stamp: Stamp) -> str:
    """The hidden first line of a comment."""
    which = f"run={stamp.run_id} attempt={stamp.attempt} head={stamp.head}"
    return f"<!-- seatrial:v1 key={key.digest} {which} -->"


def with_marker(key: Key, stamp: Stamp, body: str) -> str:
    """The whole text as it is sent."""
    return f"{marker(key, stamp)}\n{body}"


def head_of(client: CommentClient, repository: str, pull_request: int) -> str:
    """The pull request's head as it is now, so that a verdict on another one can be marked outdated."""
    return client.pull_request(repository, pull_request).head


def standing(
    client: CommentClient, repository: str, pull_request: int, workflow: str, job: str
) -> dict[str, Stamp]:
    """The models that have a comment of ours by this workflow and job, each with its newest stamp."""
    us, found = client.identity(), dict[str, Stamp]()
    for comment in client.comments(repository, pull_request):
        headline = comment.body.partition("\n")[2].partition("\n")[0].rstrip("\r")
        match = _HEADLINE.fullmatch(headline)
        stamp = None if match is None else _stamp_of(comment, us, Key(workflow, job, match[1]))
        if match is not None and stamp is not None:
            found[match[1]] = max(stamp, found.get(match[1], stamp), key=lambda each: each.order)
    return found


def upsert(
    client: CommentClient,
    repository: str,
    pull_request: int,
    *,
    key: Key,
    body: str,
    stamp: Stamp,
    create: bool = True,
) -> Posted:
    """Leave exactly one comment of this key, holding this body unless a newer run has spoken.

    create: False only edits a comment that is there, and leaves none where there is none.
    """
    text = with_marker(key, stamp, body)
    if len(text) > BODY_LIMIT:
        raise BadInput(
            f"the comment has {len(text):,} characters; GitHub takes {BODY_LIMIT:,}: fold or shorten it"
        )
    if _MARKER.fullmatch(marker(key, stamp)) is None:
        raise BadInput("the comment's marker needs a run id, an attempt and a full commit id")
    with client.bounded():
        return _Upsert(client, repository, pull_request, key=key, text=text, stamp=stamp, create=create).run()


class _Upsert:
    """The steps of one upsert, and what it knows meanwhile."""

    def __init__(
        self,
        client: CommentClient,
        repository: str,
        pull_request: int,
        *,
        key: Key,
        text: str,
        stamp: Stamp,
        create: bool,
    ) -> None:
        self._may_create = create
        self._client = client
        self._repository = repository
        self._pull_request = pull_request
        self._key = key
        self._text = text
        self._stamp = stamp
        self._us = client.identity()
        self._created: Comment | None = None
        self._written: int | None = None  # the comment that last took our text
        self._action: Action = "unchanged"
        self._removed = 0
        self._url = ""

    def run(self) -> Posted:
        for _ in range(_ROUNDS):
            ours = self._look()
            newer = self._newer(ours)
            if newer is not None:
                return self._give_way(ours, newer)
            if not ours and not self._may_create:
                return Posted("", "unchanged")
            if not ours:
                self._create()
                continue
            self._url = ours[0].comment.url
            if self._stands(ours[0]):
                self._remove_duplicates(ours)
                break
            self._update(ours[0].comment)
        return Posted(self._url, self._action, self._removed)

    def _look(self) -> list[_Ours]:
        """Our comments of this key, oldest first, with the one just made even if the list lags behind."""
        comments = {c.id: c for c in self._client.comments(self._repository, self._pull_request)}
        if self._created is not None:
            comments.setdefault(self._created.id, self._created)
        found = []
        for number in sorted(comments):
            stamp = _stamp_of(comments[number], self._us, self._key)
            if stamp is not None:
                found.append(_Ours(comments[number], stamp))
        return found

    def _stands(self, oldest: _Ours) -> bool:
        """True if our text is there, or was and a rival of the same run wrote after us."""
        if self._holds_our_text(oldest.comment):
            return True
        return oldest.comment.id == self._written and oldest.stamp.order == self._stamp.order

    def _holds_our_text(self, comment: Comment) -> bool:
        return _plain(comment.body) == _plain(self._text)

    def _create(self) -> None:
        made = self._client.create_comment(
            self._repository, self._pull_request, self._text, settled=self._posted_already
        )
        if not self._holds_our_text(made):  # a newer run's: the next look gives way
            return
        self._created, self._written, self._url, self._action = made, made.id, made.url, "created"
        if made.author is not None and not self._us.wrote(made):
            # An app's token may not ask who it is; its first comment tells.
            self._us = Identity(made.author, made.app)

    def _update(self, comment: Comment) -> None:
        try:
            held = self._client.update_comment(
                self._repository, comment.id, self._text, settled=self._edited_already
            )
        except NotFound:  # removed meanwhile: look again
            if self._created is not None and self._created.id == comment.id:
                self._created = None
            return
        if self._holds_our_text(held):
            self._written, self._action = comment.id, "updated"

    def _posted_already(self) -> Comment | None:
        ours = self._look()
        return self._newer(ours) or next((o.comment for o in ours if self._holds_our_text(o.comment)), None)

    def _edited_already(self) -> Comment | None:
        ours = self._look()
        newer = self._newer(ours)
        if newer is None and ours and self._holds_our_text(ours[0].comment):
            return ours[0].comment
        return newer

    def _newer(self, ours: list[_Ours]) -> Comment | None:
        """The last comment of a run after ours."""
        newer = [o.comment for o in ours if o.stamp.order > self._stamp.order]
        return newer[-1] if newer else None

    def _remove_duplicates(self, ours: list[_Ours]) -> None:
        """Remove later ones that we made just now or that an older run left; a rival's it removes itself."""
        for later in ours[1:]:
            made_now = self._created is not None and later.comment.id == self._created.id
            if made_now or later.stamp.order < self._stamp.order:
                self._remove(later.comment)

    def _give_way(self, ours: list[_Ours], newer: Comment) -> Posted:
        if self._created is not None and ours[0].comment.id != self._created.id:
            self._remove(self._created)
        return Posted(newer.url, "superseded", self._removed)

    def _remove(self, comment: Comment) -> None:
        self._client.delete_comment(self._repository, comment.id)
        self._removed += 1


def _stamp_of(comment: Comment, us: Identity, key: Key) -> Stamp | None:
    """The stamp of a comment of this key that we wrote; a marker in anyone else's comment means nothing."""
    if not us.wrote(comment):
        return None
    match = _MARKER.fullmatch(comment.body.partition("\n")[0].rstrip("\r"))
    if match is None or match[1] != key.digest:
        return None
    return Stamp(int(match[2]), int(match[3]), match[4])


def _plain(body: str) -> str:
    """GitHub may change line ends and drops blanks at the end."""
    return body.replace("\r\n", "\n").rstrip()
