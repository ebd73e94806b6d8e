"""F02, F12: the runner is gone at any moment; what it left is no pass, and another attempt mends it."""

import itertools
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from signal import SIGKILL

import pytest
from acting import REPOSITORY, TOKEN
from cancelling import until
from flights import FILES, GOOD, policy
from github_double import Account, Contract, Double, Pull, World, load
from killing import Killer
from playing import NO_TOKEN, NUMBER, Steps, outputs_of

from seatrial.trial.rejudge import judge_file

INPUTS = {"github-token": TOKEN}
JOBS = {"evaluation": "judge", "lint": "lint"}


@pytest.fixture(scope="module")
def contract() -> Contract | None:
    found = load()
    return None if isinstance(found, str) else found


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> Steps:
    found = Steps(tmp_path_factory.mktemp("team"))
    found.open({**FILES, "seatrial.yml": policy("lint: []")}, {"candidate.csv": GOOD + "\n"})
    return found


@pytest.fixture(scope="module")
def killer() -> Iterator[Killer]:
    with Killer() as found:
        yield found


class Lost:
    """One try at the whole trial of a pull request, on a GitHub of its own."""

    def __init__(self, steps: Steps, killer: Killer, contract: Contract | None) -> None:
        self._steps, self._killer = steps, killer
        world = World()
        world.accounts[TOKEN] = Account()
        world.add_pull(REPOSITORY, Pull(NUMBER, head=steps.head, base=steps.base))
        self.double = Double(world, contract=contract)

    def play(self, at: int = 0, attempt: int = 1) -> tuple[int, int]:
        """The exit code and how many things were done; killed at one of them, if one is named."""
        shutil.rmtree(self._steps.temp)
        self._steps.temp.mkdir()
        self._steps.api, self._steps.attempt = self.double.url, attempt
        environ = self._steps.environ(INPUTS)
        return self._killer.run("trial.py", self._steps.consumer.root, environ, self.log, at)

    @property
    def log(self) -> Path:
        return self._steps.folder / "log"

    @property
    def bodies(self) -> list[str]:
        return [comment.body for comment in self.double.world.comments(REPOSITORY, NUMBER)]

    def left(self) -> dict[str, Path]:
        """The Decisions that there are, by their gate; each under a name of its own is a whole one."""
        found = {gate: list(self._steps.temp.glob(f"seatrial-*/{gate}.json")) for gate in JOBS}
        for paths in found.values():
            for path in paths:
                assert judge_file(str(path))[0] == 0, path.read_bytes()
        return {gate: paths[0] for gate, paths in found.items() if paths}

    def judged(self, plan: str) -> int:
        """The exit code of the job that looks at all: the killed one failed, its files may be there."""
        artifacts = self._steps.folder / "artifacts"
        shutil.rmtree(artifacts, ignore_errors=True)
        for gate, path in self.left().items():
            place = artifacts / f"seatrial-flight-delay-{gate}-1"
            place.mkdir(parents=True)
            shutil.copy(path, place / f"{gate}.json")
        told = outputs_of(self._steps.temp / "output")
        results = {job: {"result": "failure", "outputs": told} for job in JOBS.values()}
        inputs = {"plan": plan, "decisions": str(artifacts), "results": json.dumps(results)}
        environ = self._steps.environ(inputs)
        return self._killer.run("verdict.py", self._steps.consumer.root, environ, self.log)[0]


@pytest.fixture(scope="module")
def plan(steps: Steps) -> str:
    return steps.play("plan").outputs["plan"]


def test_f02_f12_wherever_the_runner_dies_there_is_no_pass_and_another_attempt_mends_it(
    steps: Steps, killer: Killer, contract: Contract | None, plan: str
) -> None:
    """Every file that is written, every process that is started, every byte sent: killed before each."""
    whole = Lost(steps, killer, contract)
    with whole.double:
        assert whole.play()[0] == 0, whole.log.read_text()
    assert (len(whole.bodies), len(whole.left())) == (1, 2)
    posted = 0
    judged: dict[tuple[object, ...], int] = {}
    for at in itertools.count(1):
        lost = Lost(steps, killer, contract)
        with lost.double:
            code, things = lost.play(at)
            if code == 0:  # beyond the last
                break
            assert (code, things) == (-SIGKILL, at)
            assert lost.bodies in ([], whole.bodies), at
            state = (*lost.left(), *outputs_of(steps.temp / "output"))
            if state not in judged:
                judged[state] = lost.judged(plan)
            if not lost.double.requests:
                continue  # another attempt meets nothing of this one
            posted += bool(lost.bodies)
            assert lost.play(attempt=2)[0] == 0, lost.log.read_text()
            (body,) = lost.bodies
            assert "attempt=2" in body.partition("\n")[0] and said(body) == said(whole.bodies[0]), at
    assert at > 30
    assert posted, "nobody died after the comment"
    assert len(judged) > 5 and set(judged.values()) == {3}


def said(body: str) -> str:
    """A comment without its marker, and without the ids of its Decisions, which name the attempt."""
    told, found, _ = body.partition("\n")[2].rpartition("Decisions `")
    assert found
    return told


def test_f02_a_scan_that_is_killed_is_no_pass(tmp_path: Path) -> None:
    """As a runner ends the largest process where memory runs out; the step itself goes on."""
    text = policy().replace("key: [id]}", "key: [id], columns: {wind: {type: number, min: -9, max: 9}}}")
    steps = Steps(tmp_path)
    steps.open({**FILES, "seatrial.yml": text}, {"README.md": "x"})
    process = steps.start("check_data", NO_TOKEN)
    killed: set[int] = set()

    def strike() -> bool:
        for child in children(process.pid):
            if b"engines/" in cmdline(child):
                os.kill(child, SIGKILL)
                killed.add(child)
        return process.poll() is not None

    assert until(strike)
    ended = steps.ended(process)
    assert killed, ended.log
    assert ended.code == 3 and "verdict" not in ended.outputs, ended.log
    assert "SIGKILL" in ended.log and "Traceback" not in ended.log


def children(pid: int) -> list[int]:
    try:
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def cmdline(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
