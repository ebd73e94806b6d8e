"""Runs several upserts against one list of comments, one call at a time, in an order drawn from a seed.

A fake of the comment calls, not of HTTP: thousands of orders per second, each repeatable.
"""

import contextlib
import random
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from seatrial.forge.answers import Comment, Identity, PullRequest
from seatrial.forge.errors import NotFound

BOT = "github-actions[bot]"


class Died(BaseException):
    """The job's runner is gone: nothing after this call happens."""


@dataclass
class Wall:
    """The comments of one pull request. writes: how many creates and edits there were."""

    comments: dict[int, Comment] = field(default_factory=dict)
    number: int = 0
    writes: int = 0

    def add(self, body: str, author: str = BOT) -> Comment:
        self.number += 1
        self.writes += 1
        comment = Comment(self.number, f"https://double/{self.number}", body, author, None)
        self.comments[comment.id] = comment
        return comment

    @property
    def bodies(self) -> list[str]:
        return [c.body for c in self.comments.values()]


class Scheduler:
    """Lets one actor at a time do one call; which one, a seeded generator says."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._waiting: dict[int, threading.Event] = {}
        self._alive: set[int] = set()
        self._guard = threading.Lock()
        self._all_waiting = threading.Condition(self._guard)

    def turn(self, actor: int) -> None:
        go = threading.Event()
        with self._guard:
            self._waiting[actor] = go
            self._all_waiting.notify()
        if not go.wait(timeout=30):
            raise RuntimeError("the schedule is stuck")

    def run(self, jobs: list[Callable[[], None]]) -> None:
        self._alive = set(range(len(jobs)))
        threads = [threading.Thread(target=self._live, args=(n, job)) for n, job in enumerate(jobs)]
        for thread in threads:
            thread.start()
        while True:
            with self._guard:
                self._all_waiting.wait_for(lambda: set(self._waiting) >= self._alive, timeout=30)
                if not self._alive:
                    break
                actor = self._random.choice(sorted(self._waiting))
                go = self._waiting.pop(actor)
                go.set()
            # The next choice waits until this actor asks again or has ended.
        for thread in threads:
            thread.join()

    def _live(self, actor: int, job: Callable[[], None]) -> None:
        try:
            with contextlib.suppress(Died):
                job()
        finally:
            with self._guard:
                self._alive.discard(actor)
                self._all_waiting.notify()


class Alone(Scheduler):
    """No other actor: every call goes ahead."""

    def __init__(self) -> None:
        super().__init__(0)

    def turn(self, actor: int) -> None:
        return


class Actor:
    """One job's client. dies_after: the job's runner is lost after so many calls."""

    def __init__(self, wall: Wall, scheduler: Scheduler, number: int, dies_after: int | None = None) -> None:
        self._wall, self._scheduler, self._number = wall, scheduler, number
        self._left = dies_after
        self._login = Identity(BOT)

    def _call(self) -> None:
        if self._left is not None:
            if self._left == 0:
                raise Died
            self._left -= 1
        self._scheduler.turn(self._number)

    @contextlib.contextmanager
    def bounded(self) -> Iterator[None]:
        yield

    def identity(self) -> Identity:
        return self._login

    def pull_request(self, repository: str, number: int) -> PullRequest:
        return PullRequest(number, "a" * 40, "b" * 40)

    def comments(self, repository: str, number: int) -> list[Comment]:
        self._call()
        return list(self._wall.comments.values())

    def create_comment(
        self, repository: str, number: int, body: str, *, settled: Callable[[], Comment | None]
    ) -> Comment:
        self._call()
        return self._wall.add(body)

    def update_comment(
        self, repository: str, comment: int, body: str, *, settled: Callable[[], Comment | None]
    ) -> Comment:
        self._call()
        old = self._wall.comments.get(comment)
        if old is None:
            raise NotFound("gone")
        self._wall.writes += 1
        self._wall.comments[comment] = Comment(old.id, old.url, body, old.author, old.app)
        return self._wall.comments[comment]

    def delete_comment(self, repository: str, comment: int) -> None:
        self._call()
        self._wall.comments.pop(comment, None)
