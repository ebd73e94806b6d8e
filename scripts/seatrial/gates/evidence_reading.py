"""A stored check read back as the case behind it: strictly, since a Decision may come from anyone.

What is checked here is that the evidence is of the kind that this metric and this limit have;
whether the outcome follows from it is for `judging.judge` to say.
"""

from collections.abc import Mapping
from typing import cast

from pydantic import JsonValue

from seatrial.decision import Check, Outcome
from seatrial.gates.judging import MOST_GROUPS, Case, Direction, Evidence, Question, compares
from seatrial.policy.metrics import METRICS
from seatrial.stats.arm import Arm
from seatrial.stats.pairing import Pairing

GAP = "_gap"

# By which methods a metric is measured; a metric of the user's own is a mean, or a share of 0 and 1.
METHODS: Mapping[str, frozenset[str]] = {
    "roc_auc": frozenset({"rank"}),
    "average_precision": frozenset({"precision"}),
    "log_loss": frozenset({"mean"}),
    "brier": frozenset({"mean"}),
    "ece": frozenset({"calibration"}),
    "accuracy": frozenset({"share"}),
    "balanced_accuracy": frozenset({"shares_mean"}),
    "f1": frozenset({"f1"}),
    "precision": frozenset({"share"}),
    "recall": frozenset({"share"}),
    "mcc": frozenset({"mcc"}),
    "selection_rate": frozenset({"share"}),
    "false_positive_rate": frozenset({"share"}),
    "macro_f1": frozenset({"macro_f1"}),
    "top_k_accuracy": frozenset({"share"}),
    "rmse": frozenset({"root_mean"}),
    "mae": frozenset({"mean"}),
    "medae": frozenset({"median"}),
    "r2": frozenset({"log_ratio"}),
    "mape": frozenset({"mean"}),
    "pinball": frozenset({"mean"}),
    "latency_p50": frozenset({"quantile"}),
    "latency_p95": frozenset({"quantile"}),
    "size": frozenset({"exact"}),
}
OWN = frozenset({"mean", "share"})
SHARES = {"latency_p50": 0.5, "latency_p95": 0.95}
STORED = frozenset(
    {
        "direction",
        "alpha",
        "candidate",
        "baseline",
        "correlation",
        "pairing",
        "groups",
        "family",
        "p",
        "p_adjusted",
    }
)


def case_of(check: Check, gate: str = "evaluation") -> Case:
    """The case behind a stored check. Raises ValueError where the evidence is not of the known form."""
    if check.limit is None:
        raise ValueError(f"{check.id}: no limit")
    if not f"{check.id}/".replace("#", "/").startswith(f"{gate}/{check.metric}/{check.limit.kind}/"):
        raise ValueError(f"{check.id}: the id is not that of its gate, metric and limit")
    question = Question(check.id, check.metric, check.limit, check.slice, None, check.location)
    stored = check.evidence
    if not stored:
        return _unmeasured(check, question)
    if not stored.keys() <= STORED:
        raise ValueError(f"{check.id}: evidence has keys that no gate writes")
    alpha, family = stored.get("alpha"), stored.get("family")
    if not isinstance(alpha, float) or not 0 < alpha < 0.5:
        raise ValueError(f"{check.id}: alpha must be a number between 0 and 0.5")
    if family is not None and (family != "slices" or check.slice is None):
        raise ValueError(f"{check.id}: only slices are a family")
    if family is None and check.slice is not None and not check.metric.endswith(GAP):
        raise ValueError(f"{check.id}: a slice belongs to the family of slices")
    evidence = Evidence(
        direction=_direction(check, stored.get("direction")),
        candidate=_arm(check, stored.get("candidate")),
        baseline=_arm(check, stored.get("baseline")),
        correlation=_correlation(check, stored.get("correlation", 0.0), stored.get("pairing")),
        groups=_groups(check, stored.get("groups")),
    )
    _consistent(check, evidence)
    return Case(
        Question(check.id, check.metric, check.limit, check.slice, family, check.location), evidence, alpha
    )


def _unmeasured(check: Check, question: Question) -> Case:
    """A check without evidence: an error, a comparison without a baseline, or a slice of too few rows."""
    excused = compares(question.limit) or check.slice is not None
    if not check.reason or not (
        check.outcome is Outcome.ERROR or (check.outcome is Outcome.SKIPPED and excused)
    ):
        raise ValueError(f"{check.id}: {check.outcome} without evidence")
    return Case(question, None, 0.05, check.outcome, check.reason, check.n)


def _direction(check: Check, stored: JsonValue) -> Direction:
    if stored not in ("higher", "lower"):
        raise ValueError(f"{check.id}: direction must be higher or lower")
    known = METRICS.get(check.metric)
    expected = known.direction if known else "lower" if _ours(check.metric) else stored
    if stored != expected:
        raise ValueError(f"{check.id}: for {check.metric} {expected} is better")
    return cast(Direction, stored)


def _ours(metric: str) -> bool:
    """Budgets and gaps, of which less is better."""
    return metric in METHODS or metric.endswith(GAP)


def _arm(check: Check, stored: JsonValue) -> Arm | None:
    if stored is None:
        return None
    arm = Arm.from_json(stored)
    metric = check.metric.removesuffix(GAP) if check.metric.endswith(GAP) else check.metric
    if arm.method not in METHODS.get(metric, OWN):
        raise ValueError(f"{check.id}: {check.metric} is not measured by {arm.method}")
    share = SHARES.get(metric)
    if share is not None and arm.parameters and arm.parameters.get("share") != share:
        raise ValueError(f"{check.id}: another quantile than {check.metric}")
    return arm


def _correlation(check: Check, stored: JsonValue, pairing: JsonValue) -> float | Pairing:
    if isinstance(stored, bool) or not isinstance(stored, float | int) or not -1 <= stored <= 1:
        raise ValueError(f"{check.id}: correlation must be a number between -1 and 1")
    return float(stored) if pairing is None else Pairing.from_json(float(stored), pairing)


def _groups(check: Check, stored: JsonValue) -> tuple[tuple[str, Arm], ...]:
    if stored is None:
        return ()
    if not isinstance(stored, list) or not 2 <= len(stored) <= MOST_GROUPS:
        raise ValueError(f"{check.id}: groups must be a list of 2 to {MOST_GROUPS}")
    found = []
    for entry in stored:
        if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
            raise ValueError(f"{check.id}: a group must have a name")
        arm = _arm(check, entry.get("arm"))
        if arm is None:
            raise ValueError(f"{check.id}: a group without evidence")
        found.append((str(entry["name"]), arm))
    return tuple(found)


def _consistent(check: Check, evidence: Evidence) -> None:
    if bool(evidence.groups) is not check.metric.endswith(GAP) or (evidence.groups and evidence.candidate):
        raise ValueError(f"{check.id}: groups are for gaps, and gaps have groups")
    if not evidence.groups and evidence.candidate is None:
        raise ValueError(f"{check.id}: evidence without a candidate")
    both = evidence.candidate is not None and evidence.baseline is not None
    if both and cast(Arm, evidence.candidate).n != cast(Arm, evidence.baseline).n:
        raise ValueError(f"{check.id}: candidate and baseline were not measured on the same rows")
