"""Decisions of lint and training about the invented flights: what passed, and what did not."""

from typing import Any

from seatrial.decision import Check, Decision, Model, PolicySource, Subject, verdict_of
from seatrial.gates.lint.evidence import At, Findings
from seatrial.gates.lint.judging import check_of as lint_of
from seatrial.gates.training.evidence import Limits, Made, Ran, Signature
from seatrial.gates.training.judging import check_of

LIMITS = Limits(600.0, 2**32, 1_000)
LOG = ("Epoch 1: loss 0.69", "Traceback (most recent call last):", "ValueError: " + "loss diverged " * 15)


def run(code: int, log: tuple[str, ...] = ()) -> Check:
    """A single run of the smoke training."""
    found = Ran(code, None, 12.3, 40.0, 3 * 2**20, 0, False)
    evidence: dict[str, Any] = {"runs": [found.to_json()], "asked": 1, "limits": LIMITS.to_json()}
    return check_of("smoke", "run", evidence | ({"log": list(log)} if log else {}))


def model() -> Check:
    made = Made(None, Signature("1", "2", "3", 2_048))
    return check_of("smoke", "model", {"runs": [made.to_json()]})


def skipped() -> Check:
    return check_of("full", "run", {"skipped": "train.smoke did not pass, so this was not run"})


def secrets() -> Check:
    """Two of them, one behind a long path."""
    places = (At("a.py", 3, "a key"), At("deep/" * 20 + "settings.yaml", None, "a token"))
    return lint_of("secrets", Findings("fail", 9, 2, places))


def decision(*checks: Check, gate: str = "training", **more: Any) -> Decision:
    """A Decision on these checks."""
    waived = frozenset(waiver.check for waiver in more.get("waivers", ()))
    return Decision(
        gate=gate,
        verdict=verdict_of(checks, waived),
        model=Model(name="m"),
        subject=Subject(),
        policy=PolicySource(ref="main", sha256="0" * 64),
        tool="0",
        seed=0,
        checks=checks,
        **more,
    )


def failed() -> Decision:
    return decision(run(1, LOG), skipped())


def passed() -> Decision:
    return decision(run(0), model())


def lint() -> Decision:
    return decision(secrets(), gate="lint")
