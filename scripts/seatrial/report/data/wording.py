"""Data checks in words: what was found, what is accepted, and the sentence that says both. Plain text."""

from seatrial.decision import Check, Outcome
from seatrial.report import numbers
from seatrial.report.data.reading import PREFIX, Part, is_drift, number, parts

SHARES = frozenset({"rows_change", "balance", "personal", "new_categories"})  # beside those that count faults
PLAIN = frozenset({"required", "known_after", "constant"})  # yes or no
NONE_ACCEPTED = "none accepted"
DISTANCES = {
    "psi": "PSI",
    "ks": "KS distance",
    "js": "Jensen-Shannon distance",
    "wasserstein": "Wasserstein distance",
    "new_categories": "new categories",
}
BRIEF = {**DISTANCES, "ks": "KS", "js": "JS", "wasserstein": "Wasserstein"}


def share(value: float) -> str:
    """12.3 %; 0.051 %; never 0 % for some rows, nor 100 % for not all."""
    size = abs(value) * 100
    if size in (0, 100):
        return f"{value * 100:.0f}\u00a0%"
    if size < 0.001:
        return "< 0.001\u00a0%"
    if 99.9 < size < 100:
        return "> 99.9\u00a0%"
    return f"{value * 100:.1f}\u00a0%" if size >= 1 else f"{value * 100:.2g}\u00a0%"


def label(check: Check) -> str:
    """The rule as the policy writes it: one_of of a column; rows/min, rules/NAME of the whole."""
    return check.metric if check.column is not None else check.id.removeprefix(PREFIX) or check.metric


def limit(check: Check) -> str:
    """None accepted; ≤ 0.1 %; ≥ 10,000; ≤ 45 days; nothing where there is no limit."""
    if check.limit is None:
        return ""
    value, sign = check.limit.value, {"min": "≥\u00a0", "max": "≤\u00a0"}.get(check.limit.kind, "")
    if value == 0 and check.limit.kind == "max" and _unit(check) == "share":
        return NONE_ACCEPTED
    if _unit(check) == "share":
        return f"{sign}{_exact(value * 100)}\u00a0%"
    return sign + (age(value) if _unit(check) == "seconds" else _exact(value))


def accepted(check: Check) -> str:
    """The limit in a sentence: at most 0.25 is accepted."""
    told = limit(check)
    if not told or told == NONE_ACCEPTED:
        return told
    return told.replace("≤", "at most").replace("≥", "at least") + " is accepted"


def _unit(check: Check) -> str:
    known = check.metric in SHARES or check.evidence.get("shape") == "faults"
    return "share" if known else "seconds" if check.metric == "fresh" else "number"


def _exact(value: float) -> str:
    """The number as the policy has it, without the noise of its binary form."""
    rounded = float(f"{value:.12g}")
    return numbers.number(rounded, min(numbers.MOST_DECIMALS, numbers.decimals_of(rounded)))


def age(seconds: float) -> str:
    """45 days; 6 h; 12 min; a negative age lies ahead."""
    for unit, name in ((86_400.0, "day"), (3_600.0, "h"), (60.0, "min"), (1.0, "s")):
        if abs(seconds) >= unit:
            told = f"{seconds / unit:.3g}" if abs(seconds) < 1_000 * unit else f"{seconds / unit:,.0f}"
            return f"{told}\u00a0{name}" + ("s" if name == "day" and told != "1" else "")
    return "0\u00a0s"


def found(check: Check) -> str:
    """What was found, for a cell of a table."""
    if check.outcome is Outcome.SKIPPED:
        return f"skipped: {check.reason or 'no reason given'}"
    if is_drift(check) and check.value is not None:
        aside = check.reason if check.outcome is Outcome.INCONCLUSIVE else _beyond_warning(check)
        return measured(check) + (f", {aside}" if aside else "")
    if check.reason and (check.warn or check.outcome is not Outcome.PASSED):
        counted = check.value is not None and _unit(check) == "share" and check.reason[:1].isdigit()
        return f"{share(check.value)}: {check.reason}" if counted and check.value else check.reason
    told = [part for part in parts(check) if part.counted] if check.evidence.get("shape") == "faults" else []
    return "; ".join(_some(part) for part in told if part.count) or ("none" if told else _value(check))


def _some(part: Part) -> str:
    head = f"{part.count:,} of {part.rows:,} rows of {part.data}"
    return f"{head} ({share(part.count / part.rows)})" if part.rows else head


def _value(check: Check) -> str:
    """The number alone, in its unit; what the outcome says needs none."""
    if check.value is None or check.metric in PLAIN:
        return ""
    unit = _unit(check)
    if unit == "share":
        return share(check.value)
    return (
        age(check.value)
        if unit == "seconds"
        else _exact(float(f"{check.value:.4g}") if check.value != int(check.value) else check.value)
    )


def measured(check: Check) -> str:
    """PSI 0.31 [0.28, 0.34]."""
    if check.value is None:
        return "not measured"
    if check.metric == "new_categories":
        return f"{share(check.value)} of the rows in new categories"
    ends, edge = check.interval, check.limit.value if check.limit else None
    low, high = (ends.low, ends.high) if ends else (None, None)
    digits = numbers.decimals(low, high, edge, check.value)
    span = f" {numbers.interval(low, high, digits)}" if low != high else ""
    return f"{DISTANCES[check.metric]} {numbers.number(check.value, digits)}{span}"


def sentence(check: Check) -> str:
    """What became of the check, in one sentence without its full stop."""
    subject = check.column if check.column is not None else label(check)
    reason = check.reason.strip().rstrip(".") if check.reason else None
    if check.outcome is Outcome.SKIPPED:
        return f"{_name(check)} was skipped: {reason or 'no reason given'}"
    if check.outcome is Outcome.ERROR:
        return f"{_name(check)} could not be measured: {reason or 'no reason given'}"
    if is_drift(check) and check.value is not None and check.outcome is not Outcome.INCONCLUSIVE:
        return _drifted(check)
    if reason is None:
        word = {Outcome.PASSED: "passed", Outcome.FAILED: "failed"}.get(check.outcome, "is undecided")
        return f"{subject}: {check.metric} {word}" if check.column is not None else f"{subject} {word}"
    if check.outcome is Outcome.INCONCLUSIVE:
        return f"{_name(check)} is undecided: {reason}"
    return reason if reason.startswith(f"{subject}: ") else f"{subject}: {reason}"


def _name(check: Check) -> str:
    return f"{check.metric} of {check.column}" if check.column is not None else label(check)


def _drifted(check: Check) -> str:
    """carrier moved: PSI 0.318 [0.304, 0.332]; ≤ 0.25 is accepted."""
    word = "moved" if check.outcome is Outcome.FAILED or check.warn else "did not move too far"
    edge = _beyond_warning(check) or accepted(check)
    return f"{check.column} {word}: {measured(check)}" + (f"; {edge}" if edge else "")


def _beyond_warning(check: Check) -> str:
    """Why a column that keeps the limit is warned of."""
    edge = number(check.evidence.get("warn"))
    if not check.warn or edge is None:
        return ""
    told = share(edge) if _unit(check) == "share" else _exact(edge)
    return f"beyond the warning at {told}"
