"""F06 to F10, F13, F29: GitHub fails, limits, refuses, stalls, speaks twice; no verdict depends on it."""

import ast
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from acting import REPOSITORY, TOKEN
from ended_runs import HEAD, EndedRun
from flights import FILES, GOOD, PLAIN, POOR, policy
from github_double import Account, Contract, Double, Fault, Plan, Pull, World, load
from playing import NUMBER, SCRIPTS, Played, Steps
from run_artifacts import decided

from seatrial.forge.errors import Unavailable
from seatrial.forge.github import GitHub
from seatrial.forge.pace import Pace

INPUTS = {"github-token": TOKEN}
AT_ONCE = {"Retry-After": "0"}


@pytest.fixture(scope="module")
def contract() -> Contract | None:
    found = load()
    return None if isinstance(found, str) else found


@pytest.fixture
def ended(tmp_path: Path, contract: Contract | None) -> Iterator[EndedRun]:
    with EndedRun(tmp_path, contract) as found:
        yield found


@pytest.fixture(scope="module")
def teams(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Steps]:
    """A pull request that passes and one that fails."""
    found = {}
    for name, candidate in (("passed", GOOD), ("failed", POOR)):
        found[name] = Steps(tmp_path_factory.mktemp(name))
        found[name].open({**FILES, "seatrial.yml": policy()}, {"candidate.csv": candidate + "\n"})
    return found


@contextmanager
def github_of(steps: Steps, contract: Contract | None, *faults: Fault, **account: Any) -> Iterator[Double]:
    world = World()
    world.accounts[TOKEN] = Account(**account)
    world.add_pull(REPOSITORY, Pull(NUMBER, head=steps.head, base=steps.base))
    with Double(world, plan=Plan(faults), contract=contract) as double:
        steps.api = double.url
        yield double


def comments(double: Double) -> list[str]:
    return [comment.body for comment in double.world.comments(REPOSITORY, NUMBER)]


@pytest.mark.parametrize(("verdict", "code"), [("passed", 0), ("failed", 1)])
def test_f06_the_verdict_stands_where_github_is_down(
    teams: dict[str, Steps], contract: Contract | None, verdict: str, code: int
) -> None:
    steps = teams[verdict]
    with github_of(steps, contract, Fault("answer", times=999, status=503, headers=AT_ONCE)) as double:
        told = steps.play("trial", INPUTS)
    assert (told.code, told.outputs["verdict"]) == (code, verdict), told.log
    assert "The verdict stands, but was not posted" in told.log
    assert told.summary.startswith("## ") and comments(double) == []
    assert (Path(told.outputs["report"]).parent / "comment.md").exists()


def test_f06_a_fault_at_any_call_is_outlived_and_leaves_one_comment(ended: EndedRun) -> None:
    """Each call of the job that posts answers 502 once."""
    ended.left(decided(PLAIN))
    assert ended.comment().code == 0
    calls, (body,) = len(ended.double.requests), [comment.body for comment in ended.comments]
    for number in range(calls):
        ended.world.repository(REPOSITORY).comments.clear()
        ended.double.plan = Plan([Fault("answer", status=502, headers=AT_ONCE, after=number)])
        said = ended.comment()
        assert (said.code, ended.double.plan.spent) == (0, True), said.log
        assert [comment.body for comment in ended.comments] == [body]


def test_f06_the_job_that_posts_says_so_where_github_is_down(ended: EndedRun) -> None:
    ended.left(decided(PLAIN))
    ended.double.plan = Plan([Fault("answer", times=999, status=502, headers=AT_ONCE)])
    said = ended.comment()
    assert said.code == 3 and "502" in said.log
    assert ended.comments == [] and ended.writes == []


def test_f07_a_run_asks_little_of_github(
    teams: dict[str, Steps], ended: EndedRun, contract: Contract | None
) -> None:
    """Of a pull request's run: 20 calls at most, and three that write."""
    steps = teams["passed"]
    with github_of(steps, contract) as double:
        assert steps.play("trial", INPUTS).code == 0
        steps.run += 1
        assert steps.play("trial", INPUTS).code == 0
    assert (
        len(double.requests) <= 2 * 20 and len([r for r in double.requests if r["method"] != "GET"]) <= 2 * 3
    )
    for name in ("one", "two", "three"):
        ended.left(decided(PLAIN, model=name))
    assert ended.comment().code == 0
    assert len(ended.comments) == 3
    assert len(ended.double.requests) <= 20 and len(ended.writes) <= 3


@pytest.mark.parametrize(("status", "message"), [
    (429, "Too many requests"), (403, "You have exceeded a secondary rate limit."),
])  # fmt: skip
def test_f07_a_limit_that_asks_for_more_than_a_job_has_changes_no_verdict(
    teams: dict[str, Steps], contract: Contract | None, status: int, message: str
) -> None:
    steps = teams["failed"]
    fault = Fault("answer", times=999, status=status, message=message, headers={"Retry-After": "3600"})
    with github_of(steps, contract, fault) as double:
        told = steps.play("trial", INPUTS)
    assert (told.code, told.outputs["verdict"]) == (1, "failed"), told.log
    assert "rate limit" in told.log and len(double.requests) == 1, "it was asked again"


@pytest.mark.parametrize(("verdict", "code"), [("passed", 0), ("failed", 1)])
def test_f08_a_token_that_only_reads_changes_no_verdict(
    teams: dict[str, Steps], contract: Contract | None, verdict: str, code: int
) -> None:
    steps = teams[verdict]
    with github_of(steps, contract, writes=False) as double:
        told = steps.play("trial", INPUTS)
    assert (told.code, told.outputs["verdict"]) == (code, verdict), told.log
    assert told.log.count("::notice title=No comment") == 1 and "::warning" not in told.log
    assert told.summary.startswith("## ") and comments(double) == []


def test_f10_a_verdict_on_a_commit_that_was_pushed_over_says_so(
    teams: dict[str, Steps], contract: Contract | None
) -> None:
    steps = teams["passed"]
    with github_of(steps, contract) as double:
        double.world.repository(REPOSITORY).pulls[NUMBER].head = "c" * 40
        assert steps.play("trial", INPUTS).code == 0
        (body,) = comments(double)
    assert "Outdated" in body and steps.head[:7] in body


def test_f10_an_older_run_that_ends_late_leaves_the_newer_verdict(
    teams: dict[str, Steps], contract: Contract | None
) -> None:
    older, newer = teams["failed"], teams["passed"]
    with github_of(newer, contract) as double:
        older.api, older.run, newer.run = double.url, 5_001, 5_002
        assert newer.play("trial", INPUTS).code == 0
        standing = comments(double)
        late = older.play("trial", INPUTS)
        assert late.code == 1 and "The comment of a newer run stands" in late.log
        assert comments(double) == standing


def test_f13_an_event_that_comes_again_leaves_one_comment(ended: EndedRun) -> None:
    ended.left(decided(PLAIN))
    assert (ended.comment().code, ended.comment().code) == (0, 0)
    assert len(ended.comments) == 1
    assert ended.writes == ["POST"], "the second wrote again"


def test_f13_an_event_that_comes_thrice_at_once_leaves_one_comment(ended: EndedRun, tmp_path: Path) -> None:
    """Real processes, as three jobs that know nothing of each other."""
    ended.left(decided(PLAIN))
    jobs = [Steps(tmp_path / str(number), api=ended.double.url) for number in range(3)]
    begun = []
    for job in jobs:
        job.told, job.event, job.head = ended.told(), "workflow_run", HEAD
        begun.append(job.start("comment_run", {"run": "", "github-token": TOKEN}))
    done: list[Played] = [job.ended(process) for job, process in zip(jobs, begun, strict=True)]
    assert [each.code for each in done] == [0, 0, 0], done
    assert len(ended.comments) == 1


class HalfOpen:
    """A server that takes a connection, says this, and then a byte every now and then, or nothing, for long.

    heard_out: connections whose client stayed to the end. Use as a context manager.
    """

    def __init__(self, first: bytes, drop: bytes) -> None:
        self._first, self._drop = first, drop
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.heard_out = 0

    @property
    def port(self) -> int:
        return int(self._server.getsockname()[1])

    def __enter__(self) -> "HalfOpen":
        self._start(self._listen)
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()
        self._server.close()

    def _start(self, what: Callable[..., None], *arguments: object) -> None:
        self._threads.append(threading.Thread(target=what, args=arguments))
        self._threads[-1].start()

    def _listen(self) -> None:
        self._server.settimeout(0.05)
        while not self._over.is_set():
            with suppress(TimeoutError):
                self._start(self._answer, self._server.accept()[0])

    def _answer(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.recv(65_536)
            connection.sendall(self._first)
            for _ in range(400):  # twenty seconds
                if self._over.wait(0.05):
                    return
                connection.sendall(self._drop)
            self.heard_out += 1


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize(
    ("first", "drop"),
    [
        (b"", b""),
        (b"HTTP/1.1 200 OK\r\nX-Long: ", b"x"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b" "),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n", b" "),
    ],
    ids=["silent", "headers", "body", "chunk"],
)
def test_f29_an_answer_that_does_not_end_is_not_heard_out(first: bytes, drop: bytes, scheme: str) -> None:
    with HalfOpen(first, drop) as server:
        pace = Pace(tries=2, total=0.5, first=0.01)
        address = f"{scheme}://127.0.0.1:{server.port}"
        with GitHub(TOKEN, address, pace=pace) as github, pytest.raises(Unavailable):
            github.comments(REPOSITORY, NUMBER)
        assert server.heard_out == 0


# What may wait for as long as it takes: a command of ours on a laptop or a build machine, not in an action.
FREE = {
    "publish_release.py",
    "publish_source.py",
    "check.py",
    "demo.py",
    "demo_parts.py",
    "demo_repository.py",
    "generate.py",
    "measure.py",
}
WAITS = {"subprocess.run", "subprocess.check_output", "session.request", "urllib.request.urlopen"}


def test_f29_no_call_is_without_a_time_limit() -> None:
    """Programs and servers that an action asks."""
    found, without = 0, []
    for path in sorted(SCRIPTS.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                path.name in FREE
                or not isinstance(node, ast.Call)
                or not isinstance(node.func, ast.Attribute)
            ):
                continue
            if ast.unparse(node.func) in WAITS:
                found += 1
                if "timeout" not in {keyword.arg for keyword in node.keywords}:
                    without.append(f"{path.relative_to(SCRIPTS)}:{node.lineno}")
    assert without == [] and found >= 4
