"""From evidence and a limit to a check: the only place where an outcome is decided.

Pure. `seatrial judge` runs exactly this again from a Decision's own evidence, so that
anyone can see that the verdict follows from it.

A limit is held against the interval's bad end, never against the point. With alpha the
accepted risk at each end, the interval is two-sided at level 1 - 2 alpha:
passed when the bad end is inside the limit, failed when the whole interval is beyond it,
else inconclusive. Passing needs every check, so each passes at alpha unadjusted (the
intersection-union test, Berger 1982); one failing check of many fails the gate, so within
a family (slices) failing needs Holm's adjusted p-value (Holm 1979) to be at most alpha.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast

from pydantic import JsonValue

from seatrial.decision import Check, Interval, Limit, Outcome, Place, finite
from seatrial.stats.arm import Arm
from seatrial.stats.differences import difference_interval
from seatrial.stats.gaps import gap_interval
from seatrial.stats.intervals import interval
from seatrial.stats.pairing import Pairing, pairing
from seatrial.stats.power import needed, resolvable, rows_for
from seatrial.stats.tails import holm, tail

Direction = Literal["higher", "lower"]
MOST_GROUPS = 100  # that are compared with each other


@dataclass(frozen=True)
class Evidence:
    """What was measured: counts and sums, no rows. Exactly one of `candidate` and `groups` is given."""

    direction: Direction
    candidate: Arm | None = None
    baseline: Arm | None = None
    correlation: float | Pairing = 0.0
    groups: tuple[tuple[str, Arm], ...] = ()

    def to_json(self) -> dict[str, JsonValue]:
        found: dict[str, JsonValue] = {"direction": self.direction}
        if self.candidate:
            found["candidate"] = self.candidate.to_json()
        if self.baseline:
            found["baseline"] = self.baseline.to_json()
            found["correlation"] = pairing(self.correlation).correlation
            if isinstance(self.correlation, Pairing):
                found["pairing"] = self.correlation.to_json()
        if self.groups:
            found["groups"] = [{"name": name, "arm": arm.to_json()} for name, arm in self.groups]
        return found


@dataclass(frozen=True)
class Question:
    """What the policy asks. Checks of one family share the risk of failing by chance."""

    id: str
    metric: str
    limit: Limit
    slice: str | None = None
    family: str | None = None
    place: Place | None = None


@dataclass(frozen=True)
class Case:
    """A question with its evidence, or with the reason why there is none."""

    question: Question
    evidence: Evidence | None
    alpha: float
    without: Outcome = Outcome.ERROR
    reason: str | None = None
    n: int | None = None  # rows, where there is no evidence that counts them


@dataclass(frozen=True)
class _Measured:
    """One number with its interval, and the bound that it is held against."""

    value: float
    low: float
    high: float
    bound: float
    sign: int  # +1 where larger is better

    @property
    def good_end(self) -> float:
        return self.high if self.sign > 0 else self.low

    @property
    def bad_end(self) -> float:
        return self.low if self.sign > 0 else self.high

    def inside(self) -> bool:
        return (self.bad_end - self.bound) * self.sign >= 0

    def beyond(self) -> bool:
        return (self.good_end - self.bound) * self.sign < 0


def judge(cases: Sequence[Case]) -> tuple[Check, ...]:
    """A check per case, in order. Families are adjusted together."""
    probabilities = [_probability_of_no_fault(case) for case in cases]
    adjusted: dict[int, float] = {}
    sizes: dict[int, int] = {}
    for family in {case.question.family for case in cases} - {None}:
        members = [
            i
            for i, case in enumerate(cases)
            if case.question.family == family and probabilities[i] is not None
        ]
        for i, p in zip(members, holm([cast(float, probabilities[i]) for i in members]), strict=True):
            adjusted[i], sizes[i] = p, len(members)
    return tuple(
        _check(case, probabilities[i], adjusted.get(i), sizes.get(i, 1)) for i, case in enumerate(cases)
    )


def _sign(limit: Limit, direction: Direction) -> int:
    if limit.kind == "min":
        return 1
    if limit.kind == "max":
        return -1
    return 1 if direction == "higher" else -1


def bound_of(limit: Limit, direction: Direction) -> float:
    """The number that the interval is held against; for margin and min_gain one of the difference."""
    if limit.kind == "margin":
        return -limit.value if direction == "higher" else limit.value
    if limit.kind == "min_gain":
        return limit.value if direction == "higher" else -limit.value
    return limit.value


def compares(limit: Limit) -> bool:
    """Whether the limit is on the difference from the baseline."""
    return limit.kind in ("margin", "min_gain")


def _probability_of_no_fault(case: Case) -> float | None:
    """One-sided p-value of "the limit is kept", for families only; None where nothing was measured."""
    evidence, question = case.evidence, case.question
    if evidence is None or question.family is None or evidence.candidate is None:
        return None
    baseline = evidence.baseline if compares(question.limit) else None
    if evidence.candidate.estimate is None or (baseline and baseline.estimate is None):
        return None
    sign = _sign(question.limit, evidence.direction)
    return tail(
        evidence.candidate,
        baseline,
        evidence.correlation,
        bound_of(question.limit, evidence.direction),
        above=sign < 0,
    )


def _measure(case: Case, evidence: Evidence) -> _Measured | str:
    """The number and its interval, or why there is none."""
    level = 1 - 2 * case.alpha
    limit = case.question.limit
    sign, bound = _sign(limit, evidence.direction), bound_of(limit, evidence.direction)
    if evidence.groups:
        unmeasured = [name for name, arm in evidence.groups if arm.estimate is None]
        if unmeasured:
            return f"could not be measured in {unmeasured[0]}"
        arms = [arm for _, arm in evidence.groups]
        low, high = gap_interval(arms, level)
        estimates = [cast(float, arm.estimate) for arm in arms]
        value = max(estimates) - min(estimates)
    elif evidence.candidate is None:
        return "nothing was measured"
    elif compares(limit):
        if evidence.baseline is None:
            return "no baseline"
        arms = [evidence.candidate, evidence.baseline]
        for arm, name in zip(arms, ("candidate", "baseline"), strict=True):
            if arm.estimate is None:
                return f"{name}: {arm.reason or 'could not be measured'}"
        low, high = difference_interval(evidence.candidate, evidence.baseline, evidence.correlation, level)
        value = cast(float, evidence.candidate.estimate) - cast(float, evidence.baseline.estimate)
    else:
        if evidence.candidate.estimate is None:
            return evidence.candidate.reason or "could not be measured"
        low, high = interval(evidence.candidate, level)
        value = evidence.candidate.estimate
    return _Measured(
        value,
        float("-inf") if low is None else low,
        float("inf") if high is None else high,
        bound,
        sign,
    )


def _check(case: Case, p: float | None, p_adjusted: float | None, family_size: int) -> Check:
    question = case.question
    base = Check(
        id=question.id,
        metric=question.metric,
        slice=question.slice,
        outcome=case.without,
        reason=case.reason,
        n=case.n,
        limit=question.limit,
        location=question.place,
    )
    evidence = case.evidence
    if evidence is None:
        return base
    stored = evidence.to_json() | {"alpha": case.alpha}
    if question.family is not None:
        stored |= {"family": question.family, "p": p, "p_adjusted": p_adjusted}
    candidate, baseline = evidence.candidate, evidence.baseline
    base = base.model_copy(
        update={
            "evidence": stored,
            "n": candidate.n if candidate else sum(arm.n for _, arm in evidence.groups),
            "value": finite(candidate.estimate) if candidate else None,
            "baseline": finite(baseline.estimate) if baseline else None,
            "level": 1 - 2 * case.alpha,
        }
    )
    measured = _measure(case, evidence)
    if isinstance(measured, str):
        return base.model_copy(update={"outcome": Outcome.ERROR, "reason": measured})
    return _decided(base, case, evidence, measured, p_adjusted, family_size)


def _decided(
    base: Check,
    case: Case,
    evidence: Evidence,
    measured: _Measured,
    p_adjusted: float | None,
    family_size: int,
) -> Check:
    limit, level = case.question.limit, 1 - 2 * case.alpha
    beyond = measured.beyond() if p_adjusted is None else p_adjusted <= case.alpha
    if measured.inside():
        outcome, reason = Outcome.PASSED, None
    elif beyond:
        outcome, reason = Outcome.FAILED, _words(measured, limit, "lies beyond")
    elif measured.beyond():
        among = f", which among {family_size} slices is no proof (adjusted p = {p_adjusted:.2g})"
        outcome, reason = Outcome.INCONCLUSIVE, _words(measured, limit, "lies beyond") + among
    else:
        outcome, reason = Outcome.INCONCLUSIVE, _words(measured, limit, "reaches beyond")
    arms = [arm for arm in (evidence.candidate, evidence.baseline) if arm]
    silent = next((arm.reason for arm in arms if arm.reason), None)
    if outcome is not Outcome.PASSED and silent:
        reason = silent
    against = evidence.baseline if compares(limit) else None
    smallest: float | None = None
    if evidence.candidate is not None and against is not None:
        smallest = finite(resolvable(evidence.candidate, against, evidence.correlation, level))
    return base.model_copy(
        update={
            "outcome": outcome,
            "reason": reason,
            "value": finite(measured.value) if not compares(limit) else base.value,
            "difference": finite(_difference(evidence)),
            "interval": Interval(low=finite(measured.low), high=finite(measured.high)),
            "needed": _needed(case, evidence, measured, family_size)
            if outcome is Outcome.INCONCLUSIVE
            else None,
            "resolvable": smallest,
        }
    )


def _needed(case: Case, evidence: Evidence, measured: _Measured, family_size: int) -> int | None:
    """Rows that would decide. To fail, a member of a family must be that much surer (Bonferroni's share)."""
    failing = (measured.value - measured.bound) * measured.sign < 0
    alpha = case.alpha / family_size if failing else case.alpha
    if evidence.candidate is not None:
        against = evidence.baseline if compares(case.question.limit) else None
        return needed(evidence.candidate, against, evidence.correlation, measured.bound, 1 - 2 * alpha)
    rows = sum(arm.n for _, arm in evidence.groups)
    end = measured.good_end if failing else measured.bad_end
    return rows_for(rows, measured.value, end, measured.bound, case.alpha)


def _difference(evidence: Evidence) -> float | None:
    if evidence.candidate is None or evidence.baseline is None:
        return None
    if evidence.candidate.estimate is None or evidence.baseline.estimate is None:
        return None
    return evidence.candidate.estimate - evidence.baseline.estimate


def _words(measured: _Measured, limit: Limit, how: str) -> str:
    what = {
        "min": "the minimum",
        "max": "the maximum",
        "margin": "the accepted loss",
        "min_gain": "the wanted gain",
    }[limit.kind]
    return f"the interval [{measured.low:.4g}, {measured.high:.4g}] {how} {what} of {limit.value:.4g}"
