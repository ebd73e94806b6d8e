"""Drift checks decided: from their own evidence, and their p-values among those of all columns.

`judged_drift` is the only place. A check fails where its distance lies beyond the limit and chance is
ruled out: its p-value against "at most the limit", adjusted over the columns (Benjamini & Hochberg), is at
most alpha. It passes where the upper bound of its distance is inside the limit. Else these rows do not tell.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from pydantic import JsonValue

from seatrial.decision import Check, Interval, Outcome
from seatrial.gates.data.words import ROUNDING
from seatrial.stats import drift_ranks as ranks
from seatrial.stats.drift_discoveries import benjamini_hochberg
from seatrial.stats.drift_shares import jensen_shannon, psi
from seatrial.text import counted

PER_BIN = 20  # rows of each side for each bin: fewer, and the bounds of PSI and Jensen-Shannon do not hold
FEWEST = 100  # rows of each side for the bounds of Wasserstein, which are for many
MOST_ROWS = 10**12
Evidence = Mapping[str, JsonValue]


@dataclass(frozen=True)
class Found:
    """A distance of the samples, and what it says of the populations.

    lower, upper: bounds, each wrong with chance alpha; tail: p-value against "at most that". blunt: the
    samples' own distance is known between two numbers only.
    """

    value: float
    lower: Callable[[float], float]
    upper: Callable[[float], float]
    tail: Callable[[float], float]
    between: tuple[float, float] | None = None


def judged_drift(checks: Sequence[Check]) -> tuple[Check, ...]:
    """Drift checks with outcome, numbers and adjusted p-values. All of a Decision at once, since each counts.

    Raises ValueError where evidence is not such as the gate writes.
    """
    found = [_found(check.evidence) for check in checks]
    limits = [_tails(f, check) for f, check in zip(found, checks, strict=True)]
    adjusted: list[list[float | None]] = [[None, None] for _ in checks]
    for distance in {str(check.evidence.get("distance")) for check in checks}:
        for kind in (0, 1):
            family = [
                (index, p)
                for index, (check, ps) in enumerate(zip(checks, limits, strict=True))
                if check.evidence.get("distance") == distance and (p := ps[kind]) is not None
            ]
            for (index, _), p in zip(family, benjamini_hochberg([p for _, p in family]), strict=True):
                adjusted[index][kind] = p
    return tuple(
        _decided(check, f, ps, tuple(adjust))
        for check, f, ps, adjust in zip(checks, found, limits, adjusted, strict=True)
    )


def _tails(found: Found | None, check: Check) -> tuple[float | None, float | None]:
    """p-values against the limit and against no drift at all; none of rows that are too few to judge.

    Such a check cannot fail, so it is none of those among which false alarms are counted.
    """
    if found is None or _too_few(check.evidence, *_rows(check.evidence)) is not None:
        return None, None
    return (None if check.limit is None else found.tail(check.limit.value)), found.tail(0.0)


def _decided(
    check: Check,
    found: Found | None,
    p: tuple[float | None, float | None],
    adjusted: tuple[float | None, ...],
) -> Check:
    evidence = check.evidence
    action = evidence.get("action")
    if found is None:
        outcome, reason = _without(evidence, check)
        more: dict[str, object] = {"value": None, "interval": None, "level": None, "needed": None, "n": None}
        if evidence.get("distance") == "new_categories" and "problem" not in evidence:
            more["value"], more["n"] = (
                _whole(evidence, "most") / max(1, _rows(evidence)[1]),
                _rows(evidence)[1],
            )
    else:
        alpha = _real(evidence, "alpha")
        low, high = found.lower(alpha), found.upper(alpha)
        outcome, reason, warn = _verdict(check, found, (low, high), adjusted)
        more = {
            "value": found.value,
            "interval": Interval(low=low, high=high),
            "level": 1 - 2 * alpha,
            "n": _rows(evidence)[1],
            "needed": _needed(evidence, check, alpha) if outcome is Outcome.INCONCLUSIVE else None,
        }
        stated = dict(zip(("p", "p_any"), p, strict=True)) | dict(
            zip(("p_adjusted", "p_any_adjusted"), adjusted, strict=True)
        )
        kept = {k: v for k, v in evidence.items() if k not in ("p", "p_any", "p_adjusted", "p_any_adjusted")}
        more["evidence"] = kept | {k: v for k, v in stated.items() if v is not None}
        more["warn"] = warn
    if outcome is Outcome.FAILED and action == "warn":
        outcome, more["warn"] = Outcome.PASSED, True
    return check.model_copy(update={"outcome": outcome, "reason": reason, **more})


def _verdict(
    check: Check, found: Found, bounds: tuple[float, float], adjusted: tuple[float | None, ...]
) -> tuple[Outcome, str | None, bool]:
    alpha, warn_at = _real(check.evidence, "alpha"), check.evidence.get("warn")
    n, m = _rows(check.evidence)
    p, p_any = adjusted
    warn = warn_at is not None and found.value >= _number(warn_at) and p_any is not None and p_any <= alpha
    reason = f"{_told(found.value)}: beyond the warning at {_told(_number(warn_at))}" if warn else None
    few = _too_few(check.evidence, n, m)
    rare = _text(check.evidence, "rare") if "rare" in check.evidence else None
    if check.limit is None:
        if few and warn_at is not None and bounds[1] >= _number(warn_at):
            return Outcome.PASSED, few, True
        if rare and not warn:
            return Outcome.PASSED, rare, True
        return Outcome.PASSED, reason, warn
    limit = check.limit.value
    if few:
        return Outcome.INCONCLUSIVE, few, False
    if p is not None and p <= alpha:
        text = f"{_told(found.value)}, and at least {_told(bounds[0])} with these rows (adjusted p {p:.2g})"
        return Outcome.FAILED, text, False
    if rare:
        return Outcome.INCONCLUSIVE, rare, False
    if bounds[1] < limit:
        return Outcome.PASSED, reason, warn
    between = found.between
    if between is not None and between[0] < limit < between[1]:
        told = f"{_told(between[0])} and {_told(between[1])}"
        return (
            Outcome.INCONCLUSIVE,
            f"counts at the edges tell it only to between {told}; where drift.against is a profile, "
            "name the reference data",
            False,
        )
    return (
        Outcome.INCONCLUSIVE,
        f"between {_told(bounds[0])} and {_told(bounds[1])}: these rows do not tell which side of the limit",
        False,
    )


def _without(evidence: Evidence, check: Check) -> tuple[Outcome, str | None]:
    """Checks that are not estimated: what could not be compared, and new categories, which are counted."""
    if "skipped" in evidence:
        return Outcome.SKIPPED, _text(evidence, "skipped")
    if "changed" in evidence:
        return Outcome.FAILED, _text(evidence, "changed")
    if "problem" in evidence:
        return Outcome.ERROR, _text(evidence, "problem")
    if evidence.get("distance") != "new_categories" or check.limit is None:
        raise ValueError(f"{check.id}: evidence is not such as the gate writes")
    rows = _rows(evidence)[1]
    fewest, most, limit = _whole(evidence, "fewest"), _whole(evidence, "most"), check.limit.value
    names = _whole(evidence, "categories")
    if rows == 0:
        return Outcome.INCONCLUSIVE, "no rows"
    if _whole(evidence, "values") == 0:
        return Outcome.INCONCLUSIVE, "no row has a value"
    if fewest > limit * rows + ROUNDING:
        which = "a new category" if names == 1 else f"one of {names:,} new categories"
        return Outcome.FAILED, f"{fewest:,} of {rows:,} rows or more hold {which}"
    if most <= limit * rows + ROUNDING:
        return Outcome.PASSED, None
    return (
        Outcome.INCONCLUSIVE,
        f"{most:,} of {rows:,} rows hold categories that the profile does not name; a profile names those of "
        "--min-count rows or more, 1,000 at most",
    )


def _too_few(evidence: Evidence, n: int, m: int) -> str | None:
    need = _least_rows(evidence)
    if min(n, m) >= need:
        return None
    where = "the reference has" if n < need else "there are"
    return f"{where} {counted(min(n, m), 'row')}; {need:,} are needed to tell"


def _least_rows(evidence: Evidence) -> int:
    distance = evidence.get("distance")
    if distance in ("psi", "js"):
        pairs = zip(_counts(evidence, "reference"), _counts(evidence, "current"), strict=True)
        return PER_BIN * max(2, sum(1 for pair in pairs if any(pair)))
    return FEWEST if distance == "wasserstein" else 1


def _found(evidence: Evidence) -> Found | None:
    """The distance that the evidence tells; None where it tells none."""
    if any(key in evidence for key in ("problem", "skipped", "changed")):
        return None
    return _at(evidence, 1.0)


def _at(evidence: Evidence, times: float) -> Found | None:
    """The distance, and with how many times the rows of current its bounds are made."""
    n, m = _rows(evidence)
    distance = evidence.get("distance")
    if distance == "new_categories":
        return None
    if not n or not m:
        raise ValueError("a distance without rows")
    more = max(1, round(m * times))
    if distance in ("psi", "js"):
        return _of_shares(evidence, str(distance), n, m, more)
    if distance == "ks":
        low, high = _real(evidence, "lower"), _real(evidence, "upper")
        return Found(
            low,
            lambda alpha: ranks.ks_lower(low, n, more, alpha),
            lambda alpha: ranks.ks_upper(high, n, more, alpha),
            lambda limit: ranks.ks_tail(low, n, more, limit),
            None if low == high else (low, high),
        )
    if distance == "wasserstein":
        low, high, noise, ratio = (_real(evidence, key) for key in ("lower", "upper", "noise", "ratio"))
        spread = ranks.transport_spread(n, more, ratio)
        shrink = math.sqrt((1 / n + 1 / more) / (1 / n + 1 / m))
        return Found(
            _real(evidence, "estimate"),
            lambda alpha: ranks.transport_lower(low, noise * shrink, spread, alpha),
            lambda alpha: ranks.transport_upper(high, spread, alpha),
            lambda limit: ranks.transport_tail(low, noise * shrink, spread, limit),
            (low, high),
        )
    return None


def _of_shares(evidence: Evidence, distance: str, n: int, m: int, more: int) -> Found:
    reference, current = _counts(evidence, "reference"), _counts(evidence, "current")
    if len(reference) != len(current) or sum(reference) != n or sum(current) != m:
        raise ValueError("bins do not add up to the rows")
    found = (psi if distance == "psi" else jensen_shannon)(reference, current)
    if more != m:
        unit = found.unit * ranks.rows_together(n, more) / ranks.rows_together(n, m)
        likely = found.corrected * unit + found.freedom
        found = replace(found, least=likely, most=likely, unit=unit, rows=min(n, more))
    if distance == "psi":
        return Found(found.corrected, found.lower, found.upper, found.tail)
    return Found(
        math.sqrt(found.corrected),
        lambda alpha: math.sqrt(found.lower(alpha)),
        lambda alpha: min(1.0, math.sqrt(found.upper(alpha))),
        lambda limit: found.tail(limit * limit),
    )


def _needed(evidence: Evidence, check: Check, alpha: float) -> int | None:
    """About how many rows of current would decide, were the distance as seen; None where no number would."""
    if check.limit is None or "rare" in evidence:
        return None
    n, m = _rows(evidence)
    least = _least_rows(evidence)
    if n < least:
        return None
    limit = check.limit.value

    def decides(times: float) -> bool:
        found = _at(evidence, times)
        return found is not None and (found.upper(alpha) < limit or found.lower(alpha) > limit)

    low, high = math.log(max(1.0, least / m)), math.log(max(1.0, MOST_ROWS / m))
    if decides(math.exp(low)):
        return math.ceil(m * math.exp(low))
    if not decides(math.exp(high)):
        return None
    while high - low > 0.05:
        middle = (low + high) / 2
        low, high = (low, middle) if decides(math.exp(middle)) else (middle, high)
    return math.ceil(m * math.exp(high))


def _told(value: float) -> str:
    return f"{value:.3g}"


def _rows(evidence: Evidence) -> tuple[int, int]:
    n, m = _counts(evidence, "rows")
    return n, m


def _counts(evidence: Evidence, key: str) -> list[int]:
    found = evidence.get(key)
    if not isinstance(found, list) or not all(type(each) is int and 0 <= each <= 2**53 for each in found):
        raise ValueError(f"{key} is not a list of counts")
    return [int(each) for each in found if isinstance(each, int)]


def _whole(evidence: Evidence, key: str) -> int:
    found = evidence.get(key)
    if type(found) is not int or found < 0:
        raise ValueError(f"{key} is not a count")
    return found


def _real(evidence: Evidence, key: str) -> float:
    found = _number(evidence.get(key))
    if found < 0 or (key == "alpha" and not 0 < found < 0.5):
        raise ValueError(f"{key} is out of range")
    return found


def _number(found: JsonValue) -> float:
    if isinstance(found, bool) or not isinstance(found, int | float) or not math.isfinite(found):
        raise ValueError("a number is missing from the evidence")
    return float(found)


def _text(evidence: Evidence, key: str) -> str:
    found = evidence.get(key)
    if not isinstance(found, str) or not found:
        raise ValueError(f"{key} is not a text")
    return found[:500]
