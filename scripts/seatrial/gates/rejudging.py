"""Compute a Decision's verdict again from its own evidence, and say where it disagrees."""

import math

from seatrial.decision import DATA, LINT, TRAINING, WAIVABLE, Check, Decision, Interval, under, verdict_of

TOLERANCE = 1e-9  # other machines and versions of numpy round the last digits otherwise
COMPARED = (
    "outcome",
    "warn",
    "reason",
    "value",
    "baseline",
    "difference",
    "interval",
    "level",
    "n",
    "needed",
    "resolvable",
    "evidence",
)


def disagreements(decision: Decision) -> list[str]:
    """One line for each thing in the Decision that does not follow from its evidence; none when all does."""
    found: list[str] = []
    ids = [check.id for check in decision.checks]
    found += [f"{name}: stands {ids.count(name)} times" for name in sorted(set(ids)) if ids.count(name) > 1]
    try:
        again = _again(decision)
    except (ValueError, KeyError, TypeError, ArithmeticError) as error:
        return [*found, f"the evidence cannot be judged: {error}"]
    for stated, computed in zip(decision.checks, again, strict=True):
        found += _differences(stated, computed)
    waived = frozenset(waiver.check for waiver in decision.waivers)
    excusable = {check.id for check in decision.checks if check.outcome in WAIVABLE}
    found += [
        f"{name}: waived, but it is no failed or inconclusive check" for name in sorted(waived - excusable)
    ]
    verdict = under(decision.policy, verdict_of(again, waived))
    lenient = decision.mode != "enforce" or decision.inconclusive != "block"
    if decision.policy.no_pass is not None and lenient:
        found.append("policy: nothing passes under it, and yet it lets something through")
    if verdict is not decision.verdict:
        found.append(f"verdict: stated {decision.verdict}, computed {verdict}")
    return found


def _again(decision: Decision) -> tuple[Check, ...]:
    """The checks judged anew, by the modules of that gate alone."""
    if decision.gate == DATA:
        from seatrial.gates.data.judging import judged_again

        return judged_again(decision.checks)
    if decision.gate == LINT:
        from seatrial.gates.lint.judging import judged_again as linted_again

        return linted_again(decision.checks)
    if decision.gate == TRAINING:
        from seatrial.gates.training.judging import judged_again as trained_again

        return trained_again(decision.checks)
    from seatrial.gates.evidence_reading import case_of
    from seatrial.gates.judging import judge

    return judge([case_of(check, decision.gate) for check in decision.checks])


def _differences(stated: Check, computed: Check) -> list[str]:
    return [
        f"{stated.id}: {name}: stated {_told(a)}, computed {_told(b)}"
        for name in COMPARED
        if not _same(a := getattr(stated, name), b := getattr(computed, name))
    ]


def _same(a: object, b: object) -> bool:
    if isinstance(a, Interval) and isinstance(b, Interval):
        return _same(a.low, b.low) and _same(a.high, b.high)
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_same(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(_same(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, int | float) and isinstance(b, int | float):
        return math.isclose(a, b, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return a == b


def _told(value: object) -> str:
    if isinstance(value, Interval):
        return f"[{value.low}, {value.high}]"
    return "another" if isinstance(value, dict | list) else str(value)
