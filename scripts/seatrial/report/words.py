"""Decisions in sentences. Plain text: names in it are raw, so a surface escapes the sentence as a whole."""

from collections.abc import Sequence

from seatrial.decision import Check, Decision, Outcome, Verdict, exit_code, overall
from seatrial.report import numbers
from seatrial.report.data import wording
from seatrial.report.data.reading import GATE, is_data
from seatrial.report.rows import Row, better, bound, boundless, compares, places, rows
from seatrial.report.stated import wording as stated
from seatrial.report.stated.reading import GATES as STATED
from seatrial.report.stated.reading import is_stated

GATES = {
    "lint": "Lint",
    "data": "Data",
    "training": "Training",
    "evaluate": "Evaluation",
    "evaluation": "Evaluation",
    "canary": "Canary",
    "verification": "Verification",
    "drift": "Drift",
}


def gate_name(gate: str) -> str:
    """Evaluation, for evaluate; unknown gates by their own name."""
    return GATES.get(gate, gate)


def subject_of(check: Check) -> str:
    """roc_auc; roc_auc for carrier=AA; nulls of distance."""
    name = f"{check.metric} of {check.column}" if check.column else check.metric
    return f"{name} for {check.slice}" if check.slice else name


def explain(check: Check) -> str:
    """Why the check came out as it did, in one sentence without its full stop."""
    if is_data(check):
        return wording.sentence(check)
    if is_stated(check):
        return stated.sentence(check)
    name = subject_of(check)
    if check.outcome is Outcome.SKIPPED:
        return f"{name} was skipped: {check.reason or 'no reason given'}"
    if check.outcome is Outcome.ERROR:
        return f"{name} could not be measured: {check.reason or 'no reason given'}"
    if check.interval is None or check.limit is None:
        word = {Outcome.PASSED: "passed", Outcome.FAILED: "failed"}.get(check.outcome, "is undecided")
        return f"{name} {word}" + (f": {check.reason}" if check.reason else "")
    if check.outcome is Outcome.INCONCLUSIVE and boundless(check) and check.reason:
        return f"{name} is undecided: {check.reason}; {_demand(check)}"
    if check.outcome is Outcome.INCONCLUSIVE:
        return f"{name} {_range(check)}; {_demand(check)}"
    return f"{name} {_measured(check)}; {_demand(check)}"


def _quantity(check: Check, value: float | None, *, sign: bool = False) -> str:
    return numbers.quantity(value, numbers.unit_of(check.metric), places(check), sign=sign)


def _change(check: Check, difference: float) -> str:
    """lost 0.012; rose by 0.003 where less is better; changed by +0.2 where nobody knows."""
    side = better(check)
    if side is None:
        return f"changed by {_quantity(check, difference, sign=True)}"
    if difference == 0:
        return "did not change"
    if side == "higher":
        return f"{'gained' if difference > 0 else 'lost'} {_quantity(check, abs(difference))}"
    return f"{'rose' if difference > 0 else 'fell'} by {_quantity(check, abs(difference))}"


def _measured(check: Check) -> str:
    if compares(check) and check.difference is not None:
        return f"{_change(check, check.difference)} against the baseline {_interval(check)}"
    return f"is {_quantity(check, check.value)} {_interval(check)}"


def _interval(check: Check) -> str:
    low, high = _ends(check)
    return f"({_level(check)} interval {low} to {high})"


def _level(check: Check) -> str:
    return numbers.percent(check.level) if check.level else "the"


def _ends(check: Check) -> tuple[str, str]:
    ends, sign = check.interval, compares(check)
    low = "-∞" if ends is None or ends.low is None else _quantity(check, ends.low, sign=sign)
    high = "+∞" if ends is None or ends.high is None else _quantity(check, ends.high, sign=sign)
    return low, high


def _range(check: Check) -> str:
    low, high = _ends(check)
    if not compares(check):
        return f"lies somewhere from {low} to {high}"
    side, ends = better(check), check.interval
    worst = None if side is None or ends is None else ends.low if side == "higher" else ends.high
    edge = bound(check)
    if worst is None or edge is None or side is None or (worst > 0) == (side == "higher"):
        return f"may have changed by anything from {low} to {high}"
    what = "lost" if side == "higher" else "risen by"
    return f"may have {what} up to {_quantity(check, abs(worst))} against the baseline"


def _demand(check: Check) -> str:
    limit = check.limit
    if limit is None:
        return "there is no limit"
    digits = max(numbers.decimals_of(limit.value), min(3, places(check)))
    value = numbers.quantity(limit.value, numbers.unit_of(check.metric), digits)
    return {
        "min": f"at least {value} is wanted",
        "max": f"at most {value} is accepted",
        "margin": f"at most {value} is accepted" if _worse(check) else f"a loss of {value} is accepted",
        "min_gain": f"a gain of at least {value} is wanted",
    }[limit.kind]


def _worse(check: Check) -> bool:
    """Whether the sentence before speaks of a loss, so that the limit needs no name."""
    side = better(check)
    if check.outcome is Outcome.INCONCLUSIVE or side is None or not check.difference:
        return True
    return (check.difference < 0) == (side == "higher")


def tool(name: str) -> str:
    """seatrial 0.1.0, where the Decision holds the version alone."""
    return name if "seatrial" in name else f"seatrial {name}"


def rows_needed(check: Check) -> str | None:
    """needs about 6,400 rows; there are 2,000."""
    if check.needed is None:
        return None
    there = f"; there are {numbers.count(check.n)}" if check.n is not None else ""
    return f"needs about {numbers.about(check.needed)} rows{there}"


def resolution(check: Check) -> str | None:
    """these rows can resolve a difference of 0.012."""
    if check.resolvable is None:
        return None
    value = numbers.quantity(check.resolvable, numbers.unit_of(check.metric), places(check))
    return f"these rows can resolve a difference of {value}"


def power(check: Check) -> str:
    """What would decide an undecided check, as one or two sentences; empty where nobody can tell."""
    parts = [part for part in (rows_needed(check), resolution(check)) if part]
    return "".join(f" {part[0].upper()}{part[1:]}." for part in parts).strip()


def why(decisions: Sequence[Decision]) -> str:
    """One sentence, two at most: what decided the overall verdict, the worst check first.

    Before it why nothing passes under the policy, if so.
    """
    held = next((d.policy.no_pass for d in decisions if d.policy.no_pass), None)
    told = _why(decisions, held is not None)
    return told if held is None else f"Nothing passes here: {held}. {told}"


def _why(decisions: Sequence[Decision], held: bool) -> str:
    found = [r for d in decisions for r in rows(d)]
    against = [r for r in found if r.counts]
    if not decisions:
        return "No gate ran, so nothing was decided."
    if against:
        worst = min(against, key=_weight)
        more = _more([r for r in against if r is not worst])
        tail = power(worst.check) if worst.check.outcome is Outcome.INCONCLUSIVE else ""
        return f"{explain(worst.check)}.{f' {tail}' if tail else ''}{more}"
    passed = [r for r in found if r.check.outcome is Outcome.PASSED]
    excused = sum(r.waiver is not None for r in found)
    if not (passed or excused) if held else overall(d.verdict for d in decisions) is not Verdict.PASSED:
        reason = next((r.check.reason for r in found if r.check.reason), None)
        return "No check could be held against anything" + (f": {reason}." if reason else ".")
    skipped = sum(r.check.outcome is Outcome.SKIPPED for r in found)
    warned = [r for r in passed if r.check.warn]
    asides = [f"{numbers.count(len(warned))} of them with a warning"] if warned else []
    asides += [f"{excused} waived"] if excused else []
    asides += [f"{skipped} skipped"] if skipped else []
    head = f"All {numbers.count(len(passed))} checks passed" if len(passed) != 1 else "The one check passed"
    if asides:
        head = f"{_checks(len(passed))} passed, {', '.join(asides)}"
    first = next((r.check for r in passed if compares(r.check) and r.slice is None), None)
    said = [explain(warned[0].check)] if warned else []
    said += [explain(first)] if first and first.interval else []
    return " ".join(f"{sentence}." for sentence in (head, *said))


def _weight(entry: Row) -> tuple[int, bool]:
    order = (Outcome.FAILED, Outcome.ERROR, Outcome.INCONCLUSIVE)
    return order.index(entry.check.outcome), entry.slice is not None


def _checks(count: int) -> str:
    return f"{numbers.count(count)} check{'s' if count != 1 else ''}"


def _more(others: Sequence[Row]) -> str:
    parts = []
    for outcome, words in (
        (Outcome.FAILED, "more failed"),
        (Outcome.ERROR, "not measured"),
        (Outcome.INCONCLUSIVE, "undecided"),
    ):
        count = sum(r.check.outcome is outcome for r in others)
        if count:
            parts.append(f"{numbers.count(count)} {words}")
    return f" Also {', '.join(parts)}." if parts else ""


def rule(decisions: Sequence[Decision]) -> str:
    """When a check passes and when it fails."""
    said = []
    if not decisions or any(d.gate not in (GATE, *STATED) for d in decisions):
        said.append(
            "A check passes when the bad end of its interval keeps the limit, fails when the whole interval "
            "is beyond it, and is inconclusive in between."
        )
    if any(d.gate == GATE for d in decisions):
        said.append(
            "Rows are counted, all of them. A distance from the reference passes when its whole interval "
            "keeps the limit, and fails when chance is ruled out, adjusted over the columns "
            "(Benjamini-Hochberg)."
        )
    if any(d.gate in STATED for d in decisions):
        said.append("What lint and training found is held against what the policy accepts, as it stands.")
    return " ".join(said)


def bite(decisions: Sequence[Decision]) -> list[str]:
    """How hard the verdict bites, where it is not the default."""
    said = []
    if any(d.mode == "advisory" for d in decisions):
        said.append("Advisory: this verdict is shown and blocks nothing.")
    allowed = [d for d in decisions if d.inconclusive == "allow" and d.verdict is Verdict.INCONCLUSIVE]
    if any(exit_code(d) == 0 and d.mode != "advisory" for d in allowed):
        said.append("The policy lets an inconclusive verdict through: it blocks nothing.")
    return said


def short(sha: str | None) -> str | None:
    """The first twelve characters of a digest or commit; other references as they are."""
    if sha is None:
        return None
    whole = sha.removeprefix("sha256:")
    return whole[:12] if len(whole) >= 40 and all(c in "0123456789abcdef" for c in whole) else whole
