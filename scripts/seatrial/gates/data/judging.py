"""From counts to outcomes: the only place where a check of the data gate is decided.

Pure, and from a check's own evidence alone, so that `seatrial judge` can do it again. Whole files are read,
so a count is exact and has no interval; what no row could tell is inconclusive.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from seatrial.decision import Check, Outcome
from seatrial.gates.data import words
from seatrial.gates.data.drift_asking import is_drift
from seatrial.gates.data.evidence import aged
from seatrial.gates.data.measures import LEAST_LABELLED
from seatrial.gates.data.reading import Read, drift_named, read
from seatrial.text import counted

Part = Mapping[str, JsonValue]
LONGEST = 1_000
OF_THEIR_OWN = frozenset({"target_correlation"})  # skipped for reasons of their own
ORDER = (Outcome.FAILED, Outcome.ERROR, Outcome.INCONCLUSIVE, Outcome.SKIPPED)


@dataclass(frozen=True)
class Found:
    """What one file says. beside: it takes no part in the outcome, where another file does."""

    outcome: Outcome
    words: str | None = None
    value: float | None = None
    beside: bool = False


def judged(check: Check) -> Check:
    """The check with its outcome, reason and numbers worked out from its evidence and its limit.

    Raises ValueError where the evidence is of no form that the gate writes.
    """
    asked = read(check)
    found = [_of_part(asked, part) for part in asked.parts]
    outcome, reason = _together([each for each in found if not each.beside] or found)
    warn = asked.action == "warn" and outcome is Outcome.FAILED
    values = [each.value for each in found if each.value is not None]
    worst = min if asked.limit is not None and asked.limit.kind == "min" else max
    told = [part["rows"] for part in asked.parts if not part.keys() & {"problem", "skipped", "optional"}]
    return check.model_copy(
        update={
            "outcome": Outcome.PASSED if warn else outcome,
            "warn": warn,
            "reason": reason if reason is None or len(reason) <= LONGEST else f"{reason[:LONGEST]}…",
            "value": worst(values, default=None),
            "n": sum(rows for rows in told if isinstance(rows, int)),
            **dict.fromkeys(("baseline", "difference", "interval", "level", "needed", "resolvable")),
        }
    )


def judged_again(checks: Sequence[Check]) -> tuple[Check, ...]:
    """The checks of a stored Decision. Raises ValueError where one is excused by no other check.

    What was not looked at since something else is wrong must be told by what is wrong.
    """
    drift = iter(_drift_again([check for check in checks if is_drift(check)]))
    again = tuple(next(drift) if is_drift(check) else judged(check) for check in checks)
    failed = any(check.outcome is Outcome.FAILED for check in again)
    for check in again:
        if check.outcome is Outcome.SKIPPED and not failed:
            if check.metric in OF_THEIR_OWN or check.evidence.get("action") == "warn":
                continue
            if is_drift(check) or all("optional" in part for part in read(check).parts):
                continue
            raise ValueError(f"{check.id}: skipped, and no check says why")
    return again


def _drift_again(checks: Sequence[Check]) -> tuple[Check, ...]:
    """All of them at once, since each counts."""
    named = [drift_named(check) for check in checks]
    if not named:
        return ()
    from seatrial.gates.data.drift_judging import judged_drift  # with numpy

    return judged_drift(named)


def _together(found: list[Found]) -> tuple[Outcome, str | None]:
    """The worst outcome, and what led to it."""
    for outcome in ORDER:
        said = [each.words for each in found if each.outcome is outcome and each.words]
        if any(each.outcome is outcome for each in found):
            return outcome, "; ".join(dict.fromkeys(said))
    return Outcome.PASSED, None


def _of_part(asked: Read, part: Part) -> Found:
    name = part["data"]
    if "optional" in part:
        reason = f"{name} lacks the column, which need not be there"
        return Found(Outcome.SKIPPED, reason, beside=True)
    if "skipped" in part:
        return Found(Outcome.SKIPPED, f"{name}: {part['skipped']}")
    if "absent" in part:
        missing = part["absent"]
        assert isinstance(missing, list)
        listed = ", ".join(str(each) for each in missing)
        return Found(Outcome.FAILED, f"{name} has no column {listed}")
    if "problem" in part:
        return Found(Outcome.ERROR, f"{name}: {part['problem']}")
    return _SHAPES[asked.shape](asked, part)


def _faults(asked: Read, part: Part) -> Found:
    count, rows, most = _int(part["count"]), _int(part["rows"]), asked.most
    if "is" in part:  # of a whole column, which no share of rows excuses
        reason = words.faults(asked.rule, asked.wanted, part, most)
        return Found(Outcome.FAILED, reason, count / rows if rows else None)
    if rows == 0:
        return Found(Outcome.INCONCLUSIVE, f"{part['data']} has no rows")
    share = count / rows
    if count > most * rows + words.ROUNDING:
        return Found(Outcome.FAILED, words.faults(asked.rule, asked.wanted, part, most), share)
    if part.get("empty") is True:
        return Found(Outcome.INCONCLUSIVE, f"no row of {part['data']} has a value", share)
    if rows == part.get("unknown"):
        return Found(Outcome.INCONCLUSIVE, f"no row of {part['data']} has the values that it needs", share)
    return Found(Outcome.PASSED, None, share)


def _required(_: Read, part: Part) -> Found:
    if part["present"] is True:
        return Found(Outcome.PASSED)
    near = f"; {part['near']} is near to it" if "near" in part else ""
    return Found(Outcome.FAILED, f"{part['data']} has no such column{near}")


def _unwanted(_: Read, part: Part) -> Found:
    if part["present"] is False:
        return Found(Outcome.PASSED)
    return Found(Outcome.FAILED, f"{part['data']} has the column, which is known only after the event")


def _extra(_: Read, part: Part) -> Found:
    count, names = _int(part["count"]), part["names"]
    assert isinstance(names, list)
    if count == 0:
        return Found(Outcome.PASSED, None, 0.0)
    more = ", …" if count > len(names) else ""
    what = "a column that" if count == 1 else f"{count:,} columns that"
    reason = f"{part['data']} has {what} the policy does not name: {', '.join(map(str, names))}{more}"
    return Found(Outcome.FAILED, reason, float(count))


def _constant(_: Read, part: Part) -> Found:
    rows, distinct = _int(part["rows"]), _int(part["distinct"])
    if rows == 0:
        return Found(Outcome.INCONCLUSIVE, f"{part['data']} has no rows")
    if distinct > 1:
        return Found(Outcome.PASSED)
    if distinct == 0:
        return Found(Outcome.FAILED, f"no row of {part['data']} has a value")
    return Found(Outcome.FAILED, f"all values in {part['data']} are equal")


def _rows(asked: Read, part: Part) -> Found:
    rows, limit = _int(part["rows"]), asked.limit
    assert limit is not None
    if asked.rule == "rows_change":
        reference = asked.reference
        if reference == 0:
            return Found(Outcome.INCONCLUSIVE, "the reference has no rows")
        change = abs(rows - reference) / reference
        if abs(rows - reference) <= limit.value * reference:
            return Found(Outcome.PASSED, None, change)
        which = "more" if rows > reference else "fewer"
        reason = (
            f"{part['data']} has {counted(rows, 'row')}, {words.percent(change)} {which} than the "
            f"{reference:,} of the reference; {words.percent(limit.value)} is accepted"
        )
        return Found(Outcome.FAILED, reason, change)
    good = rows >= limit.value if limit.kind == "min" else rows <= limit.value
    than = "fewer" if limit.kind == "min" else "more"
    reason = f"{part['data']} has {counted(rows, 'row')}, {than} than {int(limit.value):,}"
    return Found(Outcome.PASSED if good else Outcome.FAILED, None if good else reason, float(rows))


def _fresh(asked: Read, part: Part) -> Found:
    name, most = part["data"], asked.most
    ahead = f"the newest row of {name} lies more than a day ahead of the clock"
    old = f"the newest row of {name} is older than {words.span(most)}"
    if "old" in part:
        if part["future"] is True:
            return Found(Outcome.FAILED, ahead)
        return Found(Outcome.FAILED, old) if part["old"] is True else Found(Outcome.PASSED)
    newest = part["newest"]
    if newest is None:
        return Found(Outcome.INCONCLUSIVE, f"no row of {name} has a value")
    age, future = aged(str(newest), asked.now, asked.zone)
    if future:
        return Found(Outcome.FAILED, f"{ahead}: {newest}", age)
    if age > most:
        return Found(Outcome.FAILED, f"{old}: {newest}, {words.span(age)} ago", age)
    return Found(Outcome.PASSED, None, age)


def _balance(asked: Read, part: Part) -> Found:
    classes, names = part["classes"], part.get("names")
    assert isinstance(classes, list)
    counts = [_int(each) for each in classes]
    total = sum(counts)
    if total == 0:
        return Found(Outcome.INCONCLUSIVE, f"no row of {part['data']} has a label")
    if len(counts) < 2:
        return Found(Outcome.FAILED, f"{part['data']} has one class only", 0.0)
    share = counts[-1] / total
    assert asked.limit is not None
    if share >= asked.limit.value:
        return Found(Outcome.PASSED, None, share)
    named = f", {shown_name(names[-1])}," if isinstance(names, list) else ""
    reason = (
        f"the rarest of {len(counts):,} classes{named} has {counts[-1]:,} of {total:,} rows "
        f"of {part['data']}, fewer than {words.percent(asked.limit.value)}"
    )
    return Found(Outcome.FAILED, reason, share)


def shown_name(name: JsonValue) -> str:
    return str(name)[:40]


def _told(asked: Read, part: Part) -> Found:
    if part["rows"] == 0:
        return Found(Outcome.INCONCLUSIVE, f"{part['data']} has no rows")
    if "labelled" in part:
        few = _int(part["labelled"])
        have = f"only {counted(few, 'row')} of {part['data']} {'has' if few == 1 else 'have'} a label"
        have = have if few else f"no row of {part['data']} has a label"
        return Found(Outcome.INCONCLUSIVE, f"{have}; {LEAST_LABELLED} are needed to tell")
    told = part["told"]
    assert isinstance(told, int | float)
    if told <= asked.most:
        return Found(Outcome.PASSED, None, float(told))
    reason = f"in {part['data']} the column alone tells {told:.3g} of the label, more than {asked.most:.3g}"
    return Found(Outcome.FAILED, reason, float(told))


def _personal(asked: Read, part: Part) -> Found:
    rows, kinds, unseen = _int(part["rows"]), part["kinds"], part.get("unseen", {})
    assert isinstance(kinds, dict)
    assert isinstance(unseen, dict)
    if unseen and not kinds:
        kind, more = max(((kind, _int(count)) for kind, count in unseen.items()), key=lambda k: k[1])
        what = f"{more:,} of {rows:,} rows of {part['data']} may hold {words.KINDS[kind]}"
        reason = f"{what}: too many different values to look at all of them"
        return Found(Outcome.INCONCLUSIVE if asked.action == "fail" else Outcome.FAILED, reason)
    if not kinds:
        if rows == 0:
            return Found(Outcome.INCONCLUSIVE, f"{part['data']} has no rows")
        return Found(Outcome.PASSED, None, 0.0)
    (first, most), *rest = sorted(((kind, _int(count)) for kind, count in kinds.items()), key=lambda k: -k[1])
    told = {kind: f"{'at least ' if kind in unseen else ''}{_int(count):,}" for kind, count in kinds.items()}
    said = "".join(f", {told[kind]} {words.KINDS[kind]}" for kind, _ in rest)
    reason = f"{told[first]} of {rows:,} rows of {part['data']} hold {words.KINDS[first]}{said}"
    return Found(Outcome.FAILED, reason, most / rows)


_SHAPES: Mapping[str, Callable[[Read, Part], Found]] = {
    "faults": _faults,
    "required": _required,
    "unwanted": _unwanted,
    "extra": _extra,
    "constant": _constant,
    "rows": _rows,
    "fresh": _fresh,
    "balance": _balance,
    "told": _told,
    "personal": _personal,
}


def _int(value: JsonValue) -> int:
    assert isinstance(value, int) and not isinstance(value, bool)
    return value
