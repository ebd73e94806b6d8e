"""The evaluation gate on real files: read, predict, join, judge, and put down as a Decision."""

from dataclasses import dataclass
from datetime import date

from seatrial.decision import Decision, Outcome, Place, PolicySource
from seatrial.errors import BadInput
from seatrial.gates import budgets
from seatrial.gates.evaluation import GATE, TooMany, cases, limits_of
from seatrial.gates.judging import Case, Question, judge
from seatrial.policy.model import Policy
from seatrial.stats.curves import pictures
from seatrial.stats.pictures import Pictures
from seatrial.trial.call import Call
from seatrial.trial.deciding import decision_of
from seatrial.trial.evaluation.gathering import gather


@dataclass(frozen=True)
class Evaluated:
    decision: Decision
    pictures: Pictures


def evaluate(policy: Policy, source: PolicySource, call: Call, today: date) -> Evaluated:
    """Run the evaluation gate. Raises BadInput and CouldNotDecide; writes only below call.scratch."""
    found = gather(policy, call)
    asked, places = policy.evaluation, _places(policy)
    try:
        asked_of = cases(asked, found.arms, found.slices, places, found.no_baseline)
    except TooMany as error:
        section = "slices" if asked.slices and error.column in asked.slices.by else "fairness"
        raise BadInput(str(error), location=policy.place("evaluate", section, "by")) from None
    if asked.budgets is not None:
        asked_of += budgets.cases(GATE, asked.budgets, found.cost, asked.alpha, places)
    checks = judge(asked_of)
    decision = decision_of(
        GATE, checks, policy, source, call, today, digest=found.digest, data=found.data, notes=found.notes
    )
    return Evaluated(decision, pictures(policy.model.task, found.arms.named()))


def not_evaluated(policy: Policy, source: PolicySource, call: Call, today: date, reason: str) -> Decision:
    """The Decision where there is nothing to evaluate: each limit on all rows could not be measured."""
    asked, places = policy.evaluation, _places(policy)
    found = [
        Case(
            Question(
                f"{GATE}/{name}/{limit.kind}", name, limit, place=places.get(("metrics", name, limit.kind))
            ),
            None,
            asked.alpha,
            Outcome.ERROR,
            reason,
        )
        for name, metric in asked.metrics.items()
        for limit in limits_of(metric)
    ]
    return decision_of(GATE, judge(found), policy, source, call, today)


def _places(policy: Policy) -> dict[tuple[str, ...], Place]:
    """Where each limit stands in the policy, so that annotations land on its line."""
    asked = policy.evaluation
    paths: list[tuple[str, ...]] = [
        ("metrics", name, kind) for name, metric in asked.metrics.items() for kind, _ in metric.limits
    ]
    if asked.slices:
        paths += [
            ("slices", "metrics", name, kind)
            for name, metric in asked.slices.metrics.items()
            for kind, _ in metric.limits
        ]
    if asked.fairness:
        paths += [("fairness", "gaps", name, "max") for name in asked.fairness.gaps]
    if asked.budgets:
        paths += [("budgets", name) for name in asked.budgets.model_fields_set]
    return {path: Place.of(policy.place("evaluate", *path)) for path in paths}
