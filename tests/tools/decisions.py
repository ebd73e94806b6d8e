"""Decisions of invented gates, whose verdicts follow from their evidence."""

from pathlib import Path

from seatrial.decision import (
    Check,
    Decision,
    Limit,
    Model,
    Outcome,
    PolicySource,
    Subject,
    to_json,
    verdict_of,
)
from seatrial.trial.workflow.aggregating import Result
from seatrial.trial.workflow.plan import Plan

HEAD = "a" * 40
PLAN = Plan("seatrial.yml", "flight-delay", ("evaluation",), ("predict", "judge"))
DONE = {"predict": Result("success"), "judge": Result("success"), "lint": Result("skipped")}


def skipped(
    gate: str = "evaluation",
    model: str = "flight-delay",
    *,
    head: str = HEAD,
    allow: bool = False,
) -> Decision:
    """Inconclusive, since nothing but a skipped check is there."""
    check = Check(
        id=f"{gate}/roc_auc/margin",
        metric="roc_auc",
        outcome=Outcome.SKIPPED,
        reason="there is no baseline to compare with",
        limit=Limit(kind="margin", value=0.01),
    )
    return Decision(
        gate=gate,
        verdict=verdict_of([check]),
        inconclusive="allow" if allow else "block",
        model=Model(name=model),
        subject=Subject(head=head),
        policy=PolicySource(ref="b" * 40, sha256="c" * 64),
        tool="0",
        seed=0,
        checks=(check,),
    )


def kept(folder: Path, decision: Decision, attempt: int = 1) -> None:
    """As the artifact of a gate."""
    place = folder / f"seatrial-{decision.model.name}-{decision.gate}-{attempt}"
    place.mkdir(parents=True)
    (place / f"{decision.gate}.json").write_bytes(to_json(decision) + b"\n")
