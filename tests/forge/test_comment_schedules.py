"""The sticky comment under thousands of seeded orders of calls: races, dying jobs, late runs."""

import sys
from pathlib import Path

import pytest

from seatrial.forge.comments import Key, Stamp, upsert, with_marker

sys.path.insert(0, str(Path(__file__).parent))
from schedules import Actor, Scheduler, Wall

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
