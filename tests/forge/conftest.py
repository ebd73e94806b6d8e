"""A GitHub double with one repository and one pull request, and a client that never really waits."""

import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from github_double import Account, Contract, Double, Plan, Pull, World, load

from seatrial.forge.github import GitHub
from seatrial.forge.pace import Pace

REPOSITORY = "octo/flight-delay"
NUMBER = 7
HEAD = "a" * 40
BASE = "b" * 40
TOKEN = "ghs_" + "SECRETsecret" * 3


@dataclass
class Clock:
    """Time that passes only when somebody sleeps."""

    seconds: float = 1_000.0
    slept: list[float] = field(default_factory=list)

    def now(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds

    def pace(self, **limits: float) -> Pace:
        return Pace(sleep=self.sleep, now=self.now, today=self.now, share=lambda: 0.5, **limits)  # type: ignore[arg-type]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def contract() -> Contract | None:
    found = load()
    return None if isinstance(found, str) else found


@pytest.fixture
def world() -> World:
    world = World()
    world.accounts[TOKEN] = Account()
    world.add_pull(REPOSITORY, Pull(NUMBER, head=HEAD, base=BASE))
    return world


@pytest.fixture
def double(world: World, contract: Contract | None) -> Iterator[Double]:
    """Whatever a test asks of it must be in GitHub's published description, and so must what it answers."""
    with Double(world, plan=Plan(), contract=contract) as running:
        yield running
    assert running.violations == []


@pytest.fixture
def client(double: Double, clock: Clock) -> Iterator[GitHub]:
    with GitHub(TOKEN, double.url, pace=clock.pace()) as github:
        yield github


@pytest.fixture
def git(tmp_path: Path) -> Callable[..., str]:
    """Runs git in a fresh repository `work`, as a developer would."""
    root = tmp_path / "work"
    root.mkdir()
    environment = {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": str(tmp_path),
        "GIT_CONFIG_NOSYSTEM": "1",
        **{
            f"GIT_{who}_{what}": "dev@example.com"
            for who in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        },
    }

    def run(*words: str, where: Path = root) -> str:
        command = ["git", "-c", "protocol.file.allow=always", "-C", str(where), *words]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    run("init", "-q", "-b", "main")
    return run
