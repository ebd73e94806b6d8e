"""The parts of the demo: its pull requests with what must come out, the stage they run on, and what was found."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

VERDICTS = {0: "passed", 1: "failed", 3: "inconclusive"}


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
    failed: frozenset[str] = frozenset()


PULL_REQUESTS = (
    PullRequest(
        "add-weather",
        "An honest improvement: four columns of weather. No carrier and no airport pays for it.",
        "passed",
    ),
    PullRequest(
        "add-planes",
        "It learns only from flights whose plane is in the register. Envoy Air (MQ) reports fleet numbers in place\n"
        "of tail numbers, so nearly all its flights fall out of the training data, and nothing overall shows it.",
        "failed",
        frozenset({"evaluation/log_loss/margin/carrier=MQ"}),
    ),
    PullRequest(
        "quick-test",
        "The very model of the first pull request, but tested on every 300th flight to keep CI quick.",
        "inconclusive",
    ),
)


@dataclass(frozen=True)
class Found:
    """What the Decision says: outcome by check, and the most rows that an undecided check asks for."""

    outcomes: Mapping[str, str]
    needed: int | None

    def with_outcome(self, outcome: str) -> frozenset[str]:
        return frozenset(check for check, each in self.outcomes.items() if each == outcome)


def findings(decision: Path) -> Found | None:
    """Read a Decision; None where there is none."""
    if not decision.is_file():
        return None
    checks: list[dict[str, Any]] = json.loads(decision.read_bytes())["checks"]
    needed = [check["needed"] for check in checks if check.get("needed")]
    return Found({check["id"]: check["outcome"] for check in checks}, max(needed, default=None))


@dataclass(frozen=True)
class Played:
    """A pull request and what came of it."""

    request: PullRequest
    title: str
    code: int
    found: Found | None

    @property
    def verdict(self) -> str:
        return VERDICTS.get(self.code, f"exit code {self.code}")

    def why(self) -> str:
        """The reason in a few words."""
        if self.found is None:
            return "no Decision was written"
        failed = sorted(self.found.with_outcome("failed"))
        if failed:
            return f"because of {', '.join(failed)}"
        if self.found.needed is not None and self.verdict == "inconclusive":
            return f"{self.found.needed:,} rows would decide it"
        return f"{len(self.found.with_outcome('passed'))} checks passed"

    def faults(self) -> list[str]:
        """Where this differs from what must come out."""
        if self.verdict != self.request.verdict:
            return [f"{self.request.name}: {self.verdict}, expected {self.request.verdict}"]
        if self.found is None:
            return [f"{self.request.name}: no Decision was written"]
        faults = []
        failed = self.found.with_outcome("failed")
        if failed != self.request.failed:
            wanted = ", ".join(sorted(self.request.failed)) or "nothing"
            faults.append(f"{self.request.name}: failed {sorted(failed)}, expected {wanted}")
        undecided = self.found.with_outcome("inconclusive") | self.found.with_outcome("error")
        if self.request.verdict == "failed" and undecided:
            faults.append(f"{self.request.name}: undecided {sorted(undecided)}, expected nothing")
        if self.request.verdict == "inconclusive" and self.found.needed is None:
            faults.append(f"{self.request.name}: does not say how many rows would decide it")
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

    def seatrial(self, folder: Path, *arguments: str) -> int:
        """Run the command `seatrial` in a checkout; it speaks for itself. Returns its exit code."""
        entry = [sys.executable, str(self.root / "scripts" / "seatrial" / "cli.py"), *arguments]
        environment = self.environment() | {"PYTHONPATH": str(self.root / "scripts")}
        return subprocess.run(entry, cwd=folder, env=environment, check=False).returncode


def say(text: str) -> None:
    """Print at once, so that our lines and those of the commands keep their order."""
    print(text, flush=True)
