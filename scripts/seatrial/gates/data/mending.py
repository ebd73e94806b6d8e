"""What to write into the policy if what was found is wanted: an entry for each failed check.

A suggestion is {"path": [...], "value": ...}: where in the policy, and what stands there then. It names
values of rows only where the policy shows them.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from pydantic import JsonValue

from seatrial.decision import Check, Outcome
from seatrial.gates.data.asking import Question
from seatrial.gates.data.checks import Pair
from seatrial.gates.data.evidence import Scene, text_of
from seatrial.gates.data.measures import Answer, Measure
from seatrial.gates.data.words import ROUNDING
from seatrial.policy.data import TYPES, ColumnRule
from seatrial.policy.data_types import fitting
from seatrial.policy.units import LONGEST
from seatrial.policy.writing import key
from seatrial.text import is_hidden

Known = Mapping[str, Mapping[str, tuple[Answer, ...]]]  # by id of the check, and by source
WAIVED_FOR = timedelta(days=30)
REASON = "write why this may be so"
MOST_WAIVERS = 20
MOST_VALUES = 50
DIGITS = 2
_UNLIKE = frozenset({"min", "max", "one_of", "pattern", "shortest", "longest"})
_WITHIN = frozenset({"nulls", "nan", "infinite"})


@dataclass(frozen=True)
class Mend:
    """An entry of the policy: where it stands, and what it says."""

    path: tuple[str | int, ...]
    value: JsonValue

    def to_json(self) -> JsonValue:
        return {"path": list(self.path), "value": self.value}


def curious(pairs: Sequence[Pair], scene: Scene) -> dict[str, Measure]:
    """What more must be known of failed checks to suggest values, by id, where they may be shown."""
    found: dict[str, Measure] = {}
    for question, check in pairs:
        if (
            _fell(check)
            and question is not None
            and question.column is not None
            and scene.may_show(question.column)
        ):
            if question.rule == "one_of":
                found[check.id] = Measure("classes", (question.column,), MOST_VALUES)
            elif question.rule in ("min", "max"):
                found[check.id] = Measure("extremes", (question.column,))
    return found


def mended(pairs: Sequence[Pair], scene: Scene, today: date, known: Known) -> tuple[Check, ...]:
    """The checks, those that failed or warn with what would let them pass."""
    allowed = [
        check.column for _, check in pairs if check.metric == "personal" and check.column and _fell(check)
    ]
    own = {
        check.id: _mend(question, check, scene, known.get(check.id, {}), allowed)
        for question, check in pairs
        if question is not None
    }
    left = [check for _, check in pairs if check.outcome is Outcome.FAILED and own.get(check.id) is None]
    waivers = _waivers(left, scene, today)
    waived = {check.id for check in left} if waivers is not None else set()
    found = []
    for _, check in pairs:
        mend = own.get(check.id) or (waivers if check.id in waived else None)
        if mend is not None:
            evidence = {**check.evidence, "mend": mend.to_json()}
            found.append(check.model_copy(update={"evidence": evidence}))
        else:
            found.append(check)
    return tuple(found)


def _fell(check: Check) -> bool:
    return check.outcome is Outcome.FAILED or check.warn


def _waivers(checks: Sequence[Check], scene: Scene, today: date) -> Mend | None:
    """One list for all that nothing else would mend, with those that there are."""
    writable = [check for check in checks if not any(is_hidden(c) for c in check.id)]
    if not writable or len(writable) < len(checks) or len(checks) > MOST_WAIVERS:
        return None
    until = (today + WAIVED_FOR).isoformat()
    again = {check.id for check in checks}
    entries: list[JsonValue] = [
        {"check": w.check, "reason": w.reason, "until": w.until.isoformat()}
        for w in scene.policy.waivers
        if w.check not in again
    ]
    entries += [{"check": check.id, "reason": REASON, "until": until} for check in checks]
    return Mend(("waivers",), entries)


def _mend(
    question: Question,
    check: Check,
    scene: Scene,
    known: Mapping[str, tuple[Answer, ...]],
    allowed: list[str],
) -> Mend | None:
    if not _fell(check) or any("absent" in part for part in _parts(check)):
        return None
    rule, path = question.rule, ("data", *question.path)
    if check.column is not None and question.shape in ("faults", "required", "constant"):
        return _of_column(question, check, scene, known)
    match rule:
        case "extra":
            return Mend(path, "allow")
        case "rows_min":
            return Mend(path, _whole(min(_rows(check)), ROUND_FLOOR))
        case "rows_max":
            return Mend(path, _whole(max(_rows(check)), ROUND_CEILING))
        case "rows_change":
            return Mend(path, _up(check.value or 0.0))
        case "duplicates" | "leakage_rows":
            return Mend((*path, "max"), _share(check))
        case "rule":
            return Mend(path, {"expect": str(question.wanted), "max": _share(check)})
        case "fresh":
            return _fresh(check, path)
        case "balance":
            return Mend((*path, "min"), _down(check.value)) if check.value else None
        case "personal":
            personal = scene.policy.data.personal
            assert personal is not None
            columns: list[JsonValue] = [*personal.allowed_in, *allowed]
            there = [name for facts in scene.facts.values() for name in facts.columns]
            writable = all(name in there and key(name) is not None for name in allowed)  # whole, not blank
            return Mend((*path, "allowed_in"), columns) if writable else None
    return None


def _fresh(check: Check, path: tuple[str | int, ...]) -> Mend | None:
    """A day more than it is old now, so that it is still true when the change is merged."""
    if check.value is None or check.limit is None or check.value <= check.limit.value:
        return None
    days = math.ceil(check.value / 86_400) + 1
    return Mend((*path, "within"), f"{days}d") if days <= LONGEST.days else None


def _of_column(
    question: Question, check: Check, scene: Scene, known: Mapping[str, tuple[Answer, ...]]
) -> Mend | None:
    assert check.column is not None
    here = ("data", "columns", check.column)
    rule = scene.policy.data.columns.get(check.column)
    found = scene.policy.written(*here)
    written: dict[str, Any] = dict(found) if isinstance(found, dict) else {}
    if rule is None and check.metric == "type":
        return None
    if rule is None and check.metric == "nulls":  # of a column of times it must go on to be read as one
        as_time = {"type": "timestamp"} if scene.facts and _is_time(question) else {}
        return Mend(here, {**as_time, "nulls": {"max": _share(check)}})
    match check.metric:
        case "required":
            return Mend((*here, "required"), False)
        case "constant":
            return Mend((*here, "constant"), "allow")
        case "unique":
            return Mend((*here, "unique"), False)
        case "type":
            return _type(check, here, written)
        case word if word in _WITHIN:
            return Mend((*here, word, "max"), _share(check))
        case word if word in _UNLIKE:
            return _bound(check, here, known) or Mend((*here, "unlike", "max"), _unlike(check, rule))
    return None


def _is_time(question: Question) -> bool:
    return question.path[:1] == ("split",)


def _unlike(check: Check, rule: ColumnRule | None) -> float:
    return max(_share(check), rule.unlike.max if rule is not None else 0.0)


def _type(check: Check, here: tuple[str | int, ...], written: dict[str, Any]) -> Mend:
    """The type that it has, without the rules that do not go with it; or how many may be of another."""
    kinds = {str(part["is"]) for part in _parts(check) if "is" in part}
    if not kinds:
        return Mend((*here, "unlike", "max"), _share(check))
    (only,) = kinds if len(kinds) == 1 else ("any",)
    is_ = only if only in TYPES else "any"
    kept = {key: value for key, value in written.items() if fitting(key, is_) and key != "type"}
    if is_ != written.get("type"):
        kept = {key: value for key, value in kept.items() if key not in ("min", "max", "one_of")}
    return Mend(here, {"type": is_, **kept})


def _bound(check: Check, here: tuple[str | int, ...], known: Mapping[str, tuple[Answer, ...]]) -> Mend | None:
    """The rule itself widened to the values that there are."""
    answers = [answer for each in known.values() for answer in each if answer.problem is None]
    if not answers:
        return None
    wanted = check.evidence.get("wanted")
    if check.metric == "one_of" and isinstance(wanted, list):
        return _members(here, wanted, answers)
    ends = [a.detail for a in answers if isinstance(a.detail, list | tuple) and None not in a.detail]
    if check.metric not in ("min", "max") or not ends:
        return None
    least = check.metric == "min"
    found = (min if least else max)(end[0 if least else 1] for end in ends)
    if isinstance(found, float) and not found.is_integer():
        found = _rounded(found, ROUND_FLOOR if least else ROUND_CEILING, 3)
    if isinstance(found, float) and found.is_integer():
        found = int(found)
    return Mend((*here, check.metric), found) if isinstance(found, str) is isinstance(wanted, str) else None


def _members(here: tuple[str | int, ...], wanted: list[JsonValue], answers: Sequence[Answer]) -> Mend | None:
    known = {text_of(value) for value in wanted}
    members = list(wanted)
    for answer in answers:
        classes = answer.detail if isinstance(answer.detail, list | tuple) else ()
        if answer.count > len(classes):
            return None
        for value, _ in classes:
            if value is not None and text_of(value) not in known:
                known.add(text_of(value))
                members.append(value)
    plain = all(isinstance(value, str | int | float) for value in members)
    short = all(not isinstance(value, str) or 0 < len(value.strip()) <= 100 for value in members)
    return Mend((*here, "one_of"), members) if plain and short and len(members) <= MOST_VALUES else None


def _parts(check: Check) -> list[dict[str, Any]]:
    parts = check.evidence.get("parts")
    return [part for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []


def _rows(check: Check) -> list[int]:
    return [part["rows"] for part in _parts(check)]


def _share(check: Check) -> float:
    """The least round share that every file keeps."""
    counted = [
        (part["count"], part["rows"]) for part in _parts(check) if part.get("rows") and "count" in part
    ]
    share = _up(max((count / rows for count, rows in counted), default=0.0))
    assert all(count <= share * rows + ROUNDING for count, rows in counted)
    return min(share, 1.0)


def _up(value: float) -> float:
    return _rounded(value, ROUND_CEILING, DIGITS)


def _down(value: float) -> float:
    return _rounded(value, ROUND_FLOOR, DIGITS)


def _rounded(value: float, how: str, digits: int) -> float:
    """To so many digits, in one direction. What is left of binary fractions is no reason to go a step on."""
    number = Decimal(repr(float(f"{value:.12g}")))
    if number == 0:
        return 0.0
    step = Decimal(1).scaleb(number.adjusted() - digits + 1)
    return float((number / step).to_integral_value(rounding=how) * step)


def _whole(value: int, how: str) -> int:
    return int(_rounded(float(value), how, DIGITS))
