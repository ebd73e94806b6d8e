"""The evaluation gate: the candidate's metrics, against limits and the baseline on the same rows.

Pure: takes aligned rows of both arms and what the policy asks, gives cases for `judging.judge`.
Every array is ordered alike: row i of the candidate, the baseline and a slice is the same row.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import count

import numpy as np

from seatrial.decision import EVALUATION, Limit, Outcome, Place
from seatrial.gates.judging import MOST_GROUPS, Case, Evidence, Question, compares
from seatrial.gates.phrases import NO_BASELINE
from seatrial.policy.metrics import BINS
from seatrial.policy.model import Evaluate, Gap, Metric
from seatrial.stats.measure import measure
from seatrial.stats.pairing import Pairing, pairing_of
from seatrial.stats.rows import Floats, Ints, Rows
from seatrial.stats.spread import Measured
from seatrial.text import shown

GATE = EVALUATION
MOST_CHECKS = 5_000


class TooMany(Exception):
    """A column has too many values to be judged by."""

    def __init__(self, column: str, values: int, why: str) -> None:
        super().__init__(
            f"the column {shown(column)} has {values:,} values, and {why}; name a column with fewer values, "
            "or group them"
        )
        self.column = column


@dataclass(frozen=True, eq=False)
class Arms:
    """What both models said of the same rows. values: a user's own per-row metrics, by column."""

    candidate: Rows
    baseline: Rows | None = None
    candidate_values: Mapping[str, Floats] = field(default_factory=dict)
    baseline_values: Mapping[str, Floats] = field(default_factory=dict)

    @cached_property
    def same(self) -> bool:
        """Whether both models say the same of every row, scores and all."""
        if self.baseline is None or not self.candidate.equals(self.baseline):
            return False
        mine, theirs = self.candidate_values, self.baseline_values
        return all(np.array_equal(mine[name], theirs[name]) for name in mine)

    def take(self, index: Ints) -> "Arms":
        """The same for some of the rows."""
        return Arms(
            self.candidate.take(index),
            None if self.baseline is None else self.baseline.take(index),
            {name: values[index] for name, values in self.candidate_values.items()},
            {name: values[index] for name, values in self.baseline_values.items()},
        )

    def named(self) -> dict[str, Rows]:
        """The arms that there are, by name."""
        found = {"candidate": self.candidate, "baseline": self.baseline}
        return {name: rows for name, rows in found.items() if rows is not None}


@dataclass(frozen=True, eq=False)
class Slices:
    """Rows by the values of one column: names, and for each name the rows that have it."""

    column: str
    names: tuple[str, ...]
    rows: tuple[Ints, ...]

    @staticmethod
    def of(column: str, names: Sequence[str], codes: Ints) -> "Slices":
        """From a code per row; one sort, so that the cost is linear in rows and not in rows times slices."""
        order = np.argsort(codes, kind="stable")
        ends = np.cumsum(np.bincount(codes, minlength=len(names)))
        return Slices(column, tuple(names), tuple(np.split(order, ends[:-1])))


def cases(
    asked: Evaluate,
    arms: Arms,
    slices: Mapping[str, Slices],
    place: Mapping[tuple[str, ...], Place],
    no_baseline: str = NO_BASELINE,
) -> list[Case]:
    """Every check that the policy asks of metrics, slices and gaps, with its evidence.

    Raises TooMany where slices or groups are more than anyone could read.
    """
    found = list(_of_metrics(asked.metrics, arms, asked.alpha, place, no_baseline))
    if asked.slices is not None:
        limits = sum(len(metric.limits) for metric in asked.slices.metrics.values())
        for column in asked.slices.by:
            if limits * len(slices[column].names) + len(found) > MOST_CHECKS:
                raise TooMany(
                    column, len(slices[column].names), f"slices make more than {MOST_CHECKS:,} checks"
                )
            found += _of_slices(asked, slices[column], arms, place, no_baseline)
    if asked.fairness is not None:
        for column in asked.fairness.by:
            if len(slices[column].names) > MOST_GROUPS:
                raise TooMany(column, len(slices[column].names), f"at most {MOST_GROUPS} groups are compared")
            found += _of_gaps(asked, slices[column], arms, place)
    return _told_apart(found)


def _told_apart(found: list[Case]) -> list[Case]:
    """Cases with ids of their own: slice values that are equal as far as they are shown get a number."""
    taken: set[str] = set()
    apart = []
    for case in found:
        name = case.question.id
        numbers = count(2)
        while name in taken:
            name = f"{case.question.id}#{next(numbers)}"
        taken.add(name)
        apart.append(replace(case, question=replace(case.question, id=name)))
    return apart


def _of_metrics(
    metrics: Mapping[str, Metric],
    arms: Arms,
    alpha: float,
    place: Mapping[tuple[str, ...], Place],
    no_baseline: str,
) -> Iterator[Case]:
    for name, metric in metrics.items():
        evidence: Evidence | None = None
        for limit in limits_of(metric):
            path = ("metrics", name, limit.kind)
            question = Question(f"{GATE}/{name}/{limit.kind}", name, limit, place=place.get(path))
            if compares(limit) and arms.baseline is None:
                yield Case(question, None, alpha, Outcome.SKIPPED, no_baseline)
                continue
            evidence = evidence or _evidence(name, metric, arms)
            yield Case(question, evidence, alpha)


def _of_slices(
    asked: Evaluate,
    slices: Slices,
    arms: Arms,
    place: Mapping[tuple[str, ...], Place],
    no_baseline: str,
) -> Iterator[Case]:
    assert asked.slices is not None
    for value, rows in zip(slices.names, slices.rows, strict=True):
        where = f"{shown(slices.column)}={shown(value)}"
        few = len(rows) < asked.slices.min_rows
        part = None if few else arms.take(rows)
        for name, metric in asked.slices.metrics.items():
            evidence: Evidence | None = None
            for limit in limits_of(metric):
                question = Question(
                    id=f"{GATE}/{name}/{limit.kind}/{where}",
                    metric=name,
                    limit=limit,
                    slice=f"{slices.column} = {value}"[:500],
                    family="slices",
                    place=place.get(("slices", "metrics", name, limit.kind)),
                )
                if part is None:
                    reason = f"{len(rows)} rows, fewer than min_rows {asked.slices.min_rows}"
                    yield Case(question, None, asked.alpha, Outcome.SKIPPED, reason, len(rows))
                elif compares(limit) and part.baseline is None:
                    yield Case(question, None, asked.alpha, Outcome.SKIPPED, no_baseline)
                else:
                    evidence = evidence or _evidence(name, metric, part)
                    yield Case(question, evidence, asked.alpha)


def _of_gaps(
    asked: Evaluate, slices: Slices, arms: Arms, place: Mapping[tuple[str, ...], Place]
) -> Iterator[Case]:
    assert asked.fairness is not None
    groups = list(zip(slices.names, slices.rows, strict=True))
    enough = [(name, rows) for name, rows in groups if len(rows) >= asked.fairness.min_rows]
    small = [(name, rows) for name, rows in groups if len(rows) < asked.fairness.min_rows]
    for name, gap in asked.fairness.gaps.items():
        limit = Limit(kind="max", value=gap.max)
        question = Question(
            id=f"{GATE}/{name}_gap/max/{shown(slices.column)}",
            metric=f"{name}_gap",
            limit=limit,
            slice=f"between {slices.column}"[:500],
            place=place.get(("fairness", "gaps", name, "max")),
        )
        for value, rows in small:
            group = f"{shown(slices.column)}={shown(value)}"
            yield Case(
                Question(
                    f"{question.id}/{group}",
                    question.metric,
                    limit,
                    f"{slices.column} = {value}"[:500],
                    place=question.place,
                ),
                None,
                asked.alpha,
                Outcome.SKIPPED,
                f"{len(rows)} rows, fewer than min_rows {asked.fairness.min_rows}, so it is not compared",
                len(rows),
            )
        if len(enough) < 2:
            reason = f"fewer than two groups of {shown(slices.column)} have {asked.fairness.min_rows} rows"
            yield Case(question, None, asked.alpha, Outcome.ERROR, reason)
            continue
        arms_of = tuple(
            (shown(value), _measured(name, gap, arms.candidate.take(rows)).arm) for value, rows in enough
        )
        yield Case(question, Evidence("lower", groups=arms_of), asked.alpha)


def limits_of(metric: Metric) -> Iterator[Limit]:
    """The conditions on one metric, in the order in which they are shown."""
    for kind, value in metric.limits:
        yield Limit(kind=kind, value=value)


def _measured(name: str, asked: Metric | Gap, rows: Rows) -> Measured:
    bins = BINS if asked.bins is None else asked.bins
    return measure(name, rows, cut=asked.cut, k=asked.k, alpha=asked.quantile, bins=bins)


def _evidence(name: str, metric: Metric, arms: Arms) -> Evidence:
    if metric.column is not None:
        candidate = measure("column", _with_values(arms.candidate, arms.candidate_values[metric.column]))
        baseline = (
            measure("column", _with_values(arms.baseline, arms.baseline_values[metric.column]))
            if arms.baseline is not None
            else None
        )
    else:
        candidate = _measured(name, metric, arms.candidate)
        baseline = _measured(name, metric, arms.baseline) if arms.baseline is not None else None
    return Evidence(
        direction=metric.info(name).direction,
        candidate=candidate.arm,
        baseline=baseline.arm if baseline else None,
        correlation=_correlation(candidate, baseline, arms),
    )


def _with_values(rows: Rows, values: Floats) -> Rows:
    return Rows(rows.task, values=values, cluster=rows.cluster)


def _correlation(candidate: Measured, baseline: Measured | None, arms: Arms) -> float | Pairing:
    """Two models that decide alike on all of these rows are one only if their scores are equal too."""
    if baseline is None or candidate.arm.estimate is None or baseline.arm.estimate is None:
        return 0.0
    return pairing_of(candidate.influence, baseline.influence, arms.candidate.cluster, same=arms.same)
