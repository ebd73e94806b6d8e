"""One check as the strings of a table row, the same for every surface. Nothing is escaped here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from seatrial.decision import Check, Decision, Limit, Outcome, WaiverUsed
from seatrial.policy.metrics import METRICS
from seatrial.report import numbers

NONE = "\u2013"
# Worst first; the order in which people look for trouble.
ORDER = (Outcome.FAILED, Outcome.ERROR, Outcome.INCONCLUSIVE, Outcome.PASSED, Outcome.SKIPPED)
Side = Literal["higher", "lower"]


@dataclass(frozen=True)
class Row:
    """A check, shown."""

    check: Check
    metric: str
    slice: str | None
    baseline: str
    value: str
    change: str
    interval: str
    limit: str
    verdict: str
    n: str
    p: str
    waiver: WaiverUsed | None

    @property
    def candidate(self) -> str:
        """The value, with the interval where that is around the value."""
        own = self.interval != NONE and not compares(self.check)
        return f"{self.value} {self.interval}" if own else self.value

    @property
    def difference(self) -> str:
        """The difference, with the interval where that is around the difference."""
        own = self.interval != NONE and compares(self.check)
        return f"{self.change} {self.interval}" if own else self.change

    @property
    def name(self) -> str:
        return f"{self.metric} · {self.slice}" if self.slice else self.metric

    @property
    def counts(self) -> bool:
        """Whether the check stands against the candidate: failed or undecided, and not waived."""
        return self.waiver is None and self.check.outcome not in (Outcome.PASSED, Outcome.SKIPPED)


def better(check: Check) -> Side | None:
    """Which way is better: as the evidence says, else by the metric's name; None where neither tells."""
    told = check.evidence.get("direction")
    if told in ("higher", "lower"):
        return "higher" if told == "higher" else "lower"
    info = METRICS.get(check.metric)
    return info.direction if info else None


def compares(check: Check) -> bool:
    """Whether the limit is on the difference from the baseline."""
    return check.limit is not None and check.limit.kind in ("margin", "min_gain")


def bound(check: Check) -> float | None:
    """The number on the interval's own scale that must not be crossed."""
    limit = check.limit
    if limit is None:
        return None
    if limit.kind in ("min", "max"):
        return limit.value
    side = better(check)
    if side is None:
        return None
    value = -limit.value if limit.kind == "margin" else limit.value
    return value if side == "higher" else -value


def p_adjusted(check: Check) -> float | None:
    """The p-value adjusted within its family of slices."""
    p = check.evidence.get("p_adjusted")
    return float(p) if isinstance(p, int | float) and not isinstance(p, bool) else None


def boundless(check: Check) -> bool:
    """Whether there is no interval, or one from nowhere to nowhere: then the reason must tell."""
    ends = check.interval
    return ends is None or (ends.low is None and ends.high is None)


def places(check: Check) -> int:
    """Decimals of every number in the check's row."""
    low, high = (check.interval.low, check.interval.high) if check.interval else (None, None)
    shown = (check.difference,) if compares(check) else (check.value,)
    return numbers.decimals(low, high, check.limit.value if check.limit else None, *shown)


def limit_words(limit: Limit | None, unit: str, decimals: int | None = None) -> str:
    """≥ 0.700; loss ≤ 0.005."""
    if limit is None:
        return NONE
    digits = max(numbers.decimals_of(limit.value), min(3, decimals or 0))
    value = numbers.quantity(limit.value, unit, digits)
    return {"min": "≥ ", "max": "≤ ", "margin": "loss ≤ ", "min_gain": "gain ≥ "}[limit.kind] + value


def row(check: Check, waiver: WaiverUsed | None = None) -> Row:
    """The check as strings."""
    unit, digits = numbers.unit_of(check.metric), places(check)
    ends = check.interval
    sign = compares(check)
    span = NONE
    if ends is not None and (ends.low is None or ends.low != ends.high):
        if unit == "number":
            span = numbers.interval(ends.low, ends.high, digits, sign=sign)
        else:
            low, high = (numbers.quantity(e, unit, digits, sign=sign) for e in (ends.low, ends.high))
            span = f"[{low}, {high}]"
    value = numbers.quantity(check.value, unit, digits) if check.value is not None else NONE
    change = NONE
    if check.difference is not None:
        change = numbers.quantity(check.difference, unit, digits, sign=True)
    return Row(
        check=check,
        metric=f"{check.column}: {check.metric}" if check.column else check.metric,
        slice=check.slice,
        baseline=numbers.quantity(check.baseline, unit, digits) if check.baseline is not None else NONE,
        value=value,
        change=change,
        interval=span,
        limit=limit_words(check.limit, unit, digits),
        verdict=_verdict(check, waiver),
        n=numbers.count(check.n) if check.n is not None else NONE,
        p=numbers.p_value(p_adjusted(check)) if p_adjusted(check) is not None else NONE,
        waiver=waiver,
    )


def _verdict(check: Check, waiver: WaiverUsed | None) -> str:
    words = check.outcome.value + (", with a warning" if check.warn else "")
    return f"{words}, waived until {waiver.until}" if waiver else words


def rows(decision: Decision) -> list[Row]:
    """All checks, worst first, those of the whole before those of slices, else in the policy's order."""
    waivers = {w.check: w for w in decision.waivers}
    found = []
    for check in decision.checks:
        waivable = check.outcome in (Outcome.FAILED, Outcome.INCONCLUSIVE)
        found.append(row(check, waivers.get(check.id) if waivable else None))
    return sorted(found, key=_rank)


def _rank(entry: Row) -> tuple[bool, int, bool, bool]:
    check, waived = entry.check, entry.waiver is not None
    return waived, ORDER.index(check.outcome), not check.warn, entry.slice is not None


def whole(found: Iterable[Row]) -> list[Row]:
    return [r for r in found if r.slice is None]


def sliced(found: Iterable[Row]) -> list[Row]:
    return [r for r in found if r.slice is not None]


def skipped(found: Iterable[Row]) -> list[tuple[str, str]]:
    """Each skipped slice once, with its reason, however many metrics it was asked for."""
    pairs = ((r.slice or r.metric, r.check.reason or "") for r in found if r.check.outcome is Outcome.SKIPPED)
    return list(dict.fromkeys(pairs))


def tally(found: Sequence[Row]) -> str:
    """1 failed, 2 inconclusive, 1 waived, 1 passed with a warning, 13 passed."""
    counts = {o.value: sum(r.check.outcome is o and not r.waiver for r in found) for o in ORDER}
    warned = sum(r.check.warn and r.check.outcome is Outcome.PASSED and not r.waiver for r in found)
    counts["passed"] -= warned
    told = list(counts.items())
    told[3:3] = [("waived", sum(r.waiver is not None for r in found)), ("passed with a warning", warned)]
    parts = [f"{numbers.count(count)} {name}" for name, count in told if count]
    return ", ".join(parts) if parts else "no checks"
