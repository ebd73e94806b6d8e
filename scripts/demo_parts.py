"""The parts of the demo: pull requests with what must come out, their stage, and what was found."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seatrial.report import numbers

CODES = {"passed": 0, "failed": 1, "inconclusive": 3}


class Stopped(Exception):
    """A step of the demo did not succeed; says which and why."""


@dataclass(frozen=True)
class PullRequest:
    """A patch of examples/flight-delay/pull-requests, and the verdict that it must get.

    failed: the checks that must fail; all others must not.
    """

    name: str
    story: str
    verdict: str
    failed: tuple[str, ...] = ()


PULL_REQUESTS = (
    PullRequest(
        "add-weather",
        "An honest improvement: four columns of weather. No carrier and no airport pays for it.",
        "passed",
    ),
    PullRequest(
        "add-planes",
        "It learns only from flights whose plane is in the register. Envoy Air (MQ) reports fleet numbers\n"
        "for tail numbers, so nearly all its flights drop out of the training data.\n"
        "The overall metrics hardly notice. The data gate sees the slip, the evaluation who pays for it.",
        "failed",
        ("data/carrier/psi", "data/rows/change", "evaluation/log_loss/margin/carrier=MQ"),
    ),
    PullRequest(
        "quick-test",
        "The very model of the first pull request, but tested on every 300th flight to keep CI quick.",
        "inconclusive",
    ),
)


@dataclass(frozen=True)
class Found:
    """What the Decisions say, over all gates. needed: the most rows that an undecided check asks for."""

    verdict: str
    digest: str
    outcomes: Mapping[str, str]
    needed: int | None

    def with_outcome(self, *outcomes: str) -> list[str]:
        return sorted(check for check, outcome in self.outcomes.items() if outcome in outcomes)


def findings(folder: Path) -> Found | None:
    """Read the Decisions of both gates; None where one was not written."""
    files = [folder / f"{gate}.json" for gate in ("data", "evaluation")]
    if not all(file.is_file() for file in files):
        return None
    decisions: list[dict[str, Any]] = [json.loads(file.read_bytes()) for file in files]
    checks = [check for decision in decisions for check in decision["checks"]]
    verdicts = {decision["verdict"] for decision in decisions}
    return Found(
        next(verdict for verdict in ("failed", "inconclusive", "passed") if verdict in verdicts),
        decisions[-1]["model"]["digest"],
        {check["id"]: check["outcome"] for check in checks},
        max((check["needed"] for check in checks if check.get("needed")), default=None),
    )


@dataclass(frozen=True)
class Played:
    """A pull request and what came of it."""

    request: PullRequest
    title: str
    code: int
    found: Found | None

    @property
    def verdict(self) -> str:
        return self.found.verdict if self.found else "no Decision"

    def why(self) -> str:
        """The reason in a few words."""
        if self.found is None:
            return f"exit code {self.code}"
        failed = self.found.with_outcome("failed")
        if failed:
            return ", ".join(failed)
        if self.found.needed is not None:
            return f"about {numbers.about(self.found.needed)} rows would decide it"
        return f"{len(self.found.with_outcome('passed'))} checks passed, none failed"

    def faults(self) -> list[str]:
        """Where this differs from what must come out."""
        name, wanted, found = self.request.name, self.request.verdict, self.found
        if found is None:
            return [f"{name}: exit code {self.code} and no Decision, expected {wanted}"]
        faults = []
        if (found.verdict, self.code) != (wanted, CODES[wanted]):
            faults.append(f"{name}: {found.verdict} with exit code {self.code}, expected {wanted}")
        failed, undecided = found.with_outcome("failed"), found.with_outcome("inconclusive", "error")
        if failed != list(self.request.failed):
            faults.append(f"{name}: failed {failed}, expected {list(self.request.failed)}")
        if wanted != "inconclusive" and undecided:
            faults.append(f"{name}: undecided {undecided}, expected none")
        if wanted == "inconclusive" and found.needed is None:
            faults.append(f"{name}: does not say how many rows would decide it")
        return faults


def faults_of(played: Sequence[Played]) -> list[str]:
    """All that differs from what must come out, over the pull requests and between them."""
    faults = [fault for each in played for fault in each.faults()]
    digests = {each.request.name: each.found.digest for each in played if each.found}
    if digests.get("add-weather") != digests.get("quick-test"):
        faults.append("add-weather and quick-test: different models, expected the same bytes")
    return faults


@dataclass(frozen=True)
class Stage:
    """Where the demo plays: our checkout, and a temporary folder."""

    root: Path
    folder: Path

    @property
    def example(self) -> Path:
        return self.root / "examples" / "flight-delay"

    def environment(self) -> dict[str, str]:
        """Ours, without what would make a laptop look like a runner, or git like another's."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("GITHUB_", "RUNNER_", "GIT_"))}
        kept.pop("CI", None)
        return kept | {"PYTHONDONTWRITEBYTECODE": "1"}

    def run(self, command: list[str], folder: Path, environment: Mapping[str, str]) -> str:
        """Run a step that must succeed; its output is shown only where it does not."""
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Stopped(f"{Path(command[0]).name} {' '.join(command[1:3])}:\n{done.stdout.strip()}")
        return done.stdout

    def python(self, script: Path, *arguments: str, folder: Path | None = None) -> str:
        """Run a script of the example with this interpreter."""
        return self.run([sys.executable, str(script), *arguments], folder or self.folder, self.environment())

    def must(self, *arguments: str, folder: Path) -> None:
        """Run the command `seatrial` where it must succeed; it is heard only where it does not."""
        entry = [sys.executable, str(self.root / "scripts" / "command.py"), *arguments]
        self.run(entry, folder, self.environment())

    def seatrial(self, folder: Path, *arguments: str) -> int:
        """Run the command `seatrial` in a checkout; it speaks for itself. Returns its exit code."""
        entry = [sys.executable, str(self.root / "scripts" / "command.py"), *arguments]
        return subprocess.run(entry, cwd=folder, env=self.environment(), check=False).returncode


def say(text: str) -> None:
    """Print at once, so that our lines and those of the commands keep their order."""
    print(text, flush=True)
