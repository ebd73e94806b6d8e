"""The sticky comment against a real HTTP server."""

import dataclasses
import multiprocessing
import random
import threading
from collections.abc import Callable

import pytest
from github_double import Account, Double, Fault, World

from seatrial.errors import BadInput
from seatrial.forge.comments import (
    BODY_LIMIT,
    Key,
    Posted,
    Stamp,
    head_of,
    marker,
    standing,
    upsert,
    with_marker,
)
from seatrial.forge.errors import ReadOnlyToken
from seatrial.forge.github import GitHub
from seatrial.forge.pace import Pace

REPOSITORY = "octo/flight-delay"
NUMBER = 7
HEAD = "a" * 40
TOKEN = "ghs_" + "SECRETsecret" * 3
KEY = Key("ci", "trial", "flight-delay")
STAMP = Stamp(run_id=100, attempt=1, head=HEAD)
PERSON = Account("mallory", "User", None)


def post(client: GitHub, body: str = "verdict", *, key: Key = KEY, stamp: Stamp = STAMP) -> Posted:
    return upsert(client, REPOSITORY, NUMBER, key=key, body=body, stamp=stamp)


def bodies(world: World) -> list[str]:
    return [c.body for c in world.comments(REPOSITORY, NUMBER)]


def test_the_first_run_creates_and_the_next_edits_the_same_comment(client: GitHub, world: World) -> None:
    first = post(client, "one")
    second = post(client, "two", stamp=Stamp(101, 1, HEAD))
    assert (first.action, second.action) == ("created", "updated")
    assert first.url == second.url
    assert bodies(world) == [with_marker(KEY, Stamp(101, 1, HEAD), "two")]


def test_the_marker_is_hidden_and_on_the_first_line(client: GitHub, world: World) -> None:
    post(client, "**passed**")
    first, rest = bodies(world)[0].split("\n", 1)
    assert first.startswith("<!-- seatrial:v1 key=")
    assert first.endswith(f" run=100 attempt=1 head={HEAD} -->")
    assert rest == "**passed**"


def test_the_same_text_is_not_written_again(client: GitHub, world: World, double: Double) -> None:
    post(client)
    assert post(client).action == "unchanged"
    assert double.asked("PATCH") == []
    assert len(double.asked("POST")) == 1


def test_line_ends_that_github_changed_are_no_change(client: GitHub, world: World) -> None:
    post(client, "a\nb\n")
    comment = world.comments(REPOSITORY, NUMBER)[0]
    comment.body = comment.body.rstrip().replace("\n", "\r\n")
    assert post(client, "a\nb\n").action == "unchanged"


def test_our_comment_is_found_on_the_third_page(client: GitHub, world: World) -> None:
    for number in range(205):
        world.add_comment(REPOSITORY, NUMBER, f"chat {number}", PERSON)
    ours = world.add_comment(REPOSITORY, NUMBER, with_marker(KEY, Stamp(99, 1, HEAD), "old"), Account())
    for number in range(30):
        world.add_comment(REPOSITORY, NUMBER, f"more {number}", PERSON)
    assert post(client, "new").action == "updated"
    assert ours.body == with_marker(KEY, STAMP, "new")
    assert len(bodies(world)) == 236


@pytest.mark.parametrize("author", [PERSON, Account("other-app[bot]", "Bot", "other-app"), None])
def test_somebody_elses_comment_with_our_marker_is_not_touched(client: GitHub, world: World, author) -> None:
    forged = with_marker(KEY, Stamp(10**18, 1, HEAD), "passed, trust me")
    theirs = world.add_comment(REPOSITORY, NUMBER, forged, author)
    assert post(client).action == "created"
    assert (theirs.body, theirs.edits) == (forged, 0)
    assert bodies(world) == [forged, with_marker(KEY, STAMP, "verdict")]


@pytest.mark.parametrize(
    "body", ["text\n{marker}", " {marker}", "> {marker}", "{marker} x", "{marker}{marker}"]
)
def test_a_marker_counts_only_as_the_whole_first_line(client: GitHub, world: World, body: str) -> None:
    quoted = world.add_comment(REPOSITORY, NUMBER, body.format(marker=marker(KEY, STAMP)), Account())
    assert post(client).action == "created"
    assert quoted.edits == 0


@pytest.mark.parametrize(
    "other",
    [Key("cd", "trial", "flight-delay"), Key("ci", "other", "flight-delay"), Key("ci", "trial", "other")],
    ids=["workflow", "job", "model"],
)
def test_each_workflow_job_and_model_has_its_own_comment(client: GitHub, world: World, other: Key) -> None:
    post(client, "mine")
    post(client, "theirs", key=other)
    post(client, "mine again")
    assert bodies(world) == [with_marker(KEY, STAMP, "mine again"), with_marker(other, STAMP, "theirs")]


def test_names_cannot_be_shifted_into_each_other() -> None:
    assert Key("a", "b c", "d").digest != Key("a b", "c", "d").digest
    assert Key("a\n", "b", "").digest != Key("a", "\nb", "").digest


@pytest.mark.parametrize("newer", [Stamp(101, 1, HEAD), Stamp(100, 2, HEAD), Stamp(1000, 1, HEAD)])
def test_an_older_run_that_finishes_late_never_overwrites(client: GitHub, world: World, newer: Stamp) -> None:
    stands = post(client, "newer", stamp=newer)
    late = post(client, "older")
    assert (late.action, late.url) == ("superseded", stands.url)
    assert bodies(world) == [with_marker(KEY, newer, "newer")]


@pytest.mark.parametrize("exists", [True, False])
@pytest.mark.parametrize(
    "fault",
    [
        Fault("answer", method="PATCH|POST", status=502),
        Fault("answer", method="PATCH|POST", status=429, message="slow down", headers={"Retry-After": "9"}),
        Fault("lost", method="PATCH|POST", effect=False),
    ],
    ids=["5xx", "limit", "lost"],
)
def test_a_newer_run_that_speaks_while_we_wait_is_not_overwritten(
    world: World, double: Double, fault: Fault, exists: bool
) -> None:
    newer = Stamp(101, 1, HEAD)
    if exists:
        world.add_comment(REPOSITORY, NUMBER, with_marker(KEY, Stamp(99, 1, HEAD), "old"), Account())

    def meanwhile(_seconds: float) -> None:
        with GitHub(TOKEN, double.url, pace=Pace(sleep=lambda _: None)) as other:
            post(other, "newer", stamp=newer)

    double.plan.add(dataclasses.replace(fault))
    with GitHub(TOKEN, double.url, pace=Pace(sleep=meanwhile)) as client:
        assert post(client, "older").action == "superseded"
    assert bodies(world) == [with_marker(KEY, newer, "newer")]


def test_a_second_attempt_replaces_the_first(client: GitHub, world: World) -> None:
    post(client, "first attempt")
    assert post(client, "second attempt", stamp=Stamp(100, 2, HEAD)).action == "updated"


def test_duplicates_that_older_runs_left_are_removed(client: GitHub, world: World) -> None:
    for run in (97, 98, 99):
        world.add_comment(REPOSITORY, NUMBER, with_marker(KEY, Stamp(run, 1, HEAD), "old"), Account())
    posted = post(client)
    assert (posted.action, posted.removed_duplicates) == ("updated", 2)
    assert bodies(world) == [with_marker(KEY, STAMP, "verdict")]


@pytest.mark.parametrize("kind", ["lost", "truncated", "garbage"])
@pytest.mark.parametrize("method", ["POST", "PATCH", "GET"])
def test_a_lost_reply_leaves_exactly_one_comment(
    client: GitHub, world: World, double: Double, method: str, kind
) -> None:
    if method == "PATCH":
        world.add_comment(REPOSITORY, NUMBER, with_marker(KEY, Stamp(99, 1, HEAD), "old"), Account())
    double.plan.add(Fault(kind, method=method, path="/comments"))
    post(client)
    assert double.plan.spent
    assert len(double.asked("POST") + double.asked("PATCH")) == 1
    assert bodies(world) == [with_marker(KEY, STAMP, "verdict")]


def test_server_errors_and_limits_on_the_way_are_outlived(
    client: GitHub, world: World, double: Double
) -> None:
    double.plan.add(Fault("answer", path="/comments", status=503, times=2))
    double.plan.add(
        Fault("answer", method="POST", status=429, message="slow down", headers={"Retry-After": "1"})
    )
    assert post(client).action == "created"
    assert double.plan.spent
    assert bodies(world) == [with_marker(KEY, STAMP, "verdict")]


def test_a_read_only_token_posts_nothing_and_says_what_it_needs(client: GitHub, world: World) -> None:
    world.accounts[TOKEN].writes = False
    with pytest.raises(ReadOnlyToken, match="pull-requests: write"):
        post(client)
    assert bodies(world) == []


def test_a_body_that_github_would_refuse_is_not_sent(client: GitHub, double: Double) -> None:
    with pytest.raises(BadInput, match="65,536"):
        post(client, "x" * BODY_LIMIT)
    assert double.asked() == []


def test_the_longest_body_that_fits_is_sent(client: GitHub, world: World) -> None:
    body = "é" * (BODY_LIMIT - len(with_marker(KEY, STAMP, "")))
    assert post(client, body).action == "created"
    assert len(bodies(world)[0]) == BODY_LIMIT


def test_another_apps_token_learns_who_it_is_and_keeps_one_comment(client: GitHub, world: World) -> None:
    """An installation's token may not ask for its user, and is not always the Actions bot."""
    world.accounts[TOKEN] = Account("our-app[bot]", "Bot", "our-app")
    bot = world.add_comment(REPOSITORY, NUMBER, with_marker(KEY, Stamp(1, 1, HEAD), "the bot's"), PERSON)
    ours = world.add_comment(
        REPOSITORY, NUMBER, with_marker(KEY, Stamp(99, 1, HEAD), "old"), world.accounts[TOKEN]
    )
    posted = post(client)
    assert (posted.action, posted.removed_duplicates) == ("updated", 1)
    assert bodies(world) == [bot.body, with_marker(KEY, STAMP, "verdict")]
    assert posted.url.endswith(str(ours.id))


def test_few_calls(client: GitHub, double: Double) -> None:
    post(client, "one")
    assert len(double.asked()) == 4  # who am I, list, create, list
    post(client, "two")
    assert len(double.asked()) == 7  # list, edit, list


def test_the_head_as_it_is_now(client: GitHub, world: World) -> None:
    assert head_of(client, REPOSITORY, NUMBER) == HEAD
    world.repository(REPOSITORY).pulls[NUMBER].head = "c" * 40
    assert head_of(client, REPOSITORY, NUMBER) == "c" * 40


def _in_threads(jobs: list[Callable[[], object]]) -> None:
    threads = [threading.Thread(target=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.parametrize("seed", range(25))
def test_jobs_posting_at_once_over_http(contract, seed: int) -> None:
    """Two on one key end with one comment; a third on another key keeps its own."""
    world = _world()
    jitter = random.Random(seed)
    other = Key("ci", "trial", "other")
    with Double(world, contract=contract, jitter=lambda: jitter.random() * 0.003) as double:
        clients = [GitHub(TOKEN, double.url, pace=Pace(sleep=lambda _: None)) for _ in range(3)]
        keys = [KEY, KEY, other]
        _in_threads([lambda n=n: post(clients[n], f"job {n}", key=keys[n]) for n in range(3)])  # type: ignore[misc]
        for client in clients:
            client.close()
    first_lines = sorted(body.split("\n")[0] for body in bodies(world))
    assert first_lines == sorted([marker(KEY, STAMP), marker(other, STAMP)])
    assert with_marker(other, STAMP, "job 2") in bodies(world)
    assert double.violations == []


def test_processes_posting_at_once(contract) -> None:
    """Real processes, as the jobs of a workflow are: 4 keys with 2 rivals each, over many rounds."""
    world = _world()
    jitter = random.Random(1)
    keys = [Key("ci", "trial", f"model {n % 4}") for n in range(8)]
    context = multiprocessing.get_context("spawn")
    with Double(world, contract=contract, jitter=lambda: jitter.random() * 0.003) as double:
        barrier = context.Barrier(len(keys))
        jobs = [
            context.Process(target=_rounds, args=(double.url, key, n, barrier)) for n, key in enumerate(keys)
        ]
        for job in jobs:
            job.start()
        for job in jobs:
            job.join(timeout=100)
        assert [job.exitcode for job in jobs] == [0] * len(jobs)
    left = [body.split("\n")[0] for body in bodies(world)]
    assert sorted(left) == sorted(marker(key, Stamp(ROUNDS, 1, HEAD)) for key in keys[:4])
    assert double.violations == []


ROUNDS = 12


def _rounds(url: str, key: Key, number: int, barrier) -> None:
    with GitHub(TOKEN, url, pace=Pace(sleep=lambda _: None)) as client:
        for run in range(1, ROUNDS + 1):
            barrier.wait(timeout=60)
            upsert(client, REPOSITORY, NUMBER, key=key, body=f"job {number}", stamp=Stamp(run, 1, HEAD))


def _world() -> World:
    from github_double import Pull

    world = World()
    world.accounts[TOKEN] = Account()
    world.add_pull(REPOSITORY, Pull(NUMBER, head=HEAD, base="b" * 40))
    return world


def test_the_models_that_have_a_comment_are_told(client: GitHub, world: World) -> None:
    said = "## ✅ Passed: `{}`\n\nmore"
    post(client, said.format("flight-delay"))
    post(client, said.format("taxi.v2"), key=Key("ci", "trial", "taxi.v2"), stamp=Stamp(7, 2, HEAD))
    post(client, "## ⛔ Not judged: `boat`", key=Key("ci", "trial", "boat"))
    post(client, said.format("other"), key=Key("cd", "trial", "other"))
    assert standing(client, REPOSITORY, NUMBER, "ci", "trial") == {
        "flight-delay": STAMP,
        "taxi.v2": Stamp(7, 2, HEAD),
        "boat": STAMP,
    }


def test_a_comment_that_only_says_to_be_of_a_model_is_not_told(client: GitHub, world: World) -> None:
    """Not somebody else's, not one whose key is another's, not one that names it elsewhere."""
    text = with_marker(KEY, STAMP, "## ✅ Passed: `flight-delay`")
    world.add_comment(REPOSITORY, NUMBER, text, PERSON)
    world.add_comment(REPOSITORY, NUMBER, text.replace("`flight-delay`", "`victim`"), Account())
    world.add_comment(REPOSITORY, NUMBER, "## ✅ Passed: `flight-delay`", Account())
    world.add_comment(REPOSITORY, NUMBER, text.replace("\n", "\nhello\n"), Account())
    assert standing(client, REPOSITORY, NUMBER, "ci", "trial") == {}
