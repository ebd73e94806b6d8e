"""The sticky comment under thousands of seeded orders of calls: races, dying jobs, late runs."""

import sys
from pathlib import Path

import pytest

from seatrial.forge.comments import Key, Stamp, upsert, with_marker

sys.path.insert(0, str(Path(__file__).parent))
from schedules import Actor, Alone, Scheduler, Wall

REPOSITORY = "octo/flight-delay"
HEAD = "a" * 40
ONE, TWO = Key("ci", "trial", "one"), Key("ci", "trial", "two")


def job(wall: Wall, scheduler: Scheduler, number: int, key: Key, run: int, dies_after: int | None = None):
    actor = Actor(wall, scheduler, number, dies_after)
    stamp = Stamp(run, 1, HEAD)
    return lambda: upsert(actor, REPOSITORY, 7, key=key, body=f"body {number}", stamp=stamp)


@pytest.mark.parametrize("block", range(4))
def test_two_jobs_of_one_run_on_one_key_leave_one_comment(block: int) -> None:
    for seed in range(block * 150, block * 150 + 150):
        wall, scheduler = Wall(), Scheduler(seed)
        scheduler.run([job(wall, scheduler, n, ONE, run=5) for n in range(2)])
        assert len(wall.comments) == 1, seed
        assert wall.bodies[0].split("\n")[1] in ("body 0", "body 1"), seed


@pytest.mark.parametrize("block", range(4))
def test_three_jobs_on_one_key_leave_the_oldest_comment_with_one_whole_body(block: int) -> None:
    for seed in range(block * 80, block * 80 + 80):
        wall, scheduler = Wall(), Scheduler(seed)
        scheduler.run([job(wall, scheduler, n, ONE, run=5) for n in range(3)])
        assert list(wall.comments) == [1], seed
        assert wall.writes <= 6, seed  # each creates, and moves its body at most once


@pytest.mark.parametrize("block", range(4))
def test_jobs_on_different_keys_lose_nothing(block: int) -> None:
    for seed in range(block * 80, block * 80 + 80):
        wall, scheduler = Wall(), Scheduler(seed)
        scheduler.run([job(wall, scheduler, n, key, run=5) for n, key in enumerate([ONE, TWO])])
        expected = {with_marker(key, Stamp(5, 1, HEAD), f"body {n}") for n, key in enumerate([ONE, TWO])}
        assert set(wall.bodies) == expected, seed
        assert len(wall.bodies) == 2, seed


@pytest.mark.parametrize("block", range(4))
def test_two_runs_that_both_create_end_with_the_newer_body_once(block: int) -> None:
    for seed in range(block * 80, block * 80 + 80):
        wall, scheduler = Wall(), Scheduler(seed)
        scheduler.run([job(wall, scheduler, 0, ONE, run=5), job(wall, scheduler, 1, ONE, run=6)])
        assert len(wall.comments) == 1, seed
        assert wall.bodies == [with_marker(ONE, Stamp(6, 1, HEAD), "body 1")], seed


@pytest.mark.parametrize("dies_after", range(5))
def test_the_next_run_tidies_up_after_a_job_that_died(dies_after: int) -> None:
    for seed in range(40):
        wall, scheduler = Wall(), Scheduler(seed)
        dying = job(wall, scheduler, 1, ONE, run=5, dies_after=dies_after)
        scheduler.run([job(wall, scheduler, 0, ONE, run=5), dying])
        last = Scheduler(seed)
        last.run([job(wall, last, 0, ONE, run=6)])
        assert wall.bodies == [with_marker(ONE, Stamp(6, 1, HEAD), "body 0")], seed


@pytest.mark.parametrize("block", range(4))
def test_two_jobs_that_edit_the_same_comment_do_not_play_ping_pong(block: int) -> None:
    for seed in range(block * 100, block * 100 + 100):
        wall, scheduler = Wall(), Scheduler(seed)
        wall.add(with_marker(ONE, Stamp(4, 1, HEAD), "old"))
        scheduler.run([job(wall, scheduler, n, ONE, run=5) for n in range(2)])
        assert list(wall.comments) == [1], seed
        assert wall.writes <= 3, seed  # the old one, and each job's edit


class Meddled(Actor):
    """Something happens between this job's calls."""

    def __init__(self, wall: Wall) -> None:
        super().__init__(wall, Alone(), 0)
        self.wall = wall
        self.after_list = self.after_write = lambda: None
        self.hidden: set[int] = set()

    def comments(self, repository, number):
        found = [c for c in super().comments(repository, number) if c.id not in self.hidden]
        self.after_list, act = lambda: None, self.after_list
        act()
        return found

    def create_comment(self, *arguments, **named):
        made = super().create_comment(*arguments, **named)
        self.after_write()
        return made

    def update_comment(self, *arguments, **named):
        made = super().update_comment(*arguments, **named)
        self.after_write, act = lambda: None, self.after_write
        act()
        return made


def put(actor: Actor, run: int = 6):
    return upsert(actor, REPOSITORY, 7, key=ONE, body="mine", stamp=Stamp(run, 1, HEAD))


def test_an_older_run_that_wrote_over_us_is_written_over_again() -> None:
    actor = Meddled(Wall())
    old = actor.wall.add(with_marker(ONE, Stamp(4, 1, HEAD), "old"))
    late = with_marker(ONE, Stamp(5, 1, HEAD), "late")
    actor.after_write = lambda: actor.wall.comments.update({1: type(old)(1, old.url, late, old.author, None)})
    assert put(actor).action == "updated"
    assert actor.wall.bodies == [with_marker(ONE, Stamp(6, 1, HEAD), "mine")]


def test_a_list_that_lags_behind_our_own_create_makes_no_second_one() -> None:
    actor = Meddled(Wall())
    actor.hidden = {1}
    assert put(actor).action == "created"
    assert list(actor.wall.comments) == [1]


def test_a_comment_that_somebody_removed_meanwhile_is_made_anew() -> None:
    actor = Meddled(Wall())
    actor.wall.add(with_marker(ONE, Stamp(4, 1, HEAD), "old"))
    actor.after_list = actor.wall.comments.clear
    assert put(actor).action == "created"
    assert actor.wall.bodies == [with_marker(ONE, Stamp(6, 1, HEAD), "mine")]
