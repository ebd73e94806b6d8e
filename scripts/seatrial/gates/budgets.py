"""What a model may cost to serve: latency of single predictions, and size of the file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from seatrial.decision import Limit, Outcome, Place
from seatrial.gates.judging import Case, Evidence, Question
from seatrial.policy.model import Budgets
from seatrial.stats.quantiles import exact, quantile

LATENCIES = {"latency_p50": 0.5, "latency_p95": 0.95}


@dataclass(frozen=True)
class Cost:
    """What was measured of the candidate. latency: seconds of single-row predictions; None: not timed."""

    latency: Sequence[float] | None = None
    size: int | None = None


def cases(
    gate: str, budgets: Budgets, cost: Cost, alpha: float, place: Mapping[tuple[str, ...], Place]
) -> Iterator[Case]:
    """A case per budget of the policy."""
    for name, share in LATENCIES.items():
        allowed = getattr(budgets, name)
        if allowed is None:
            continue
        question = _question(gate, name, allowed.total_seconds(), place)
        if cost.latency is None:
            yield Case(question, None, alpha, Outcome.ERROR, "latency is measured on an ONNX model only")
        else:
            yield Case(question, Evidence("lower", quantile(cost.latency, share)), alpha)
    if budgets.size is not None:
        question = _question(gate, "size", float(budgets.size), place)
        if cost.size is None:
            yield Case(question, None, alpha, Outcome.ERROR, "there is no model file to weigh")
        else:
            yield Case(question, Evidence("lower", exact(float(cost.size))), alpha)


def _question(gate: str, name: str, limit: float, place: Mapping[tuple[str, ...], Place]) -> Question:
    return Question(
        f"{gate}/{name}/max", name, Limit(kind="max", value=limit), place=place.get(("budgets", name))
    )
