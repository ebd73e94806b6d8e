"""What a policy needs so that changed data pass it: wider limits, new columns; never anything narrower."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from seatrial.decision import Check, Outcome
from seatrial.gates.drafting import columns, room
from seatrial.gates.drafting.sections import newest
from seatrial.gates.drafting.seen import Column, Seen
from seatrial.policy import writing
from seatrial.policy.data import ColumnRule
from seatrial.policy.editing import Append, Edit, Put
from seatrial.policy.findings import dotted
from seatrial.policy.model import Policy
from seatrial.text import shown

MOST_MEMBERS = 50
BAD = (Outcome.FAILED, Outcome.ERROR, Outcome.INCONCLUSIVE)
_MISSING = {"nulls", "nan", "infinite"}
_TIMES = ("date", "timestamp")
_REASON = 240


@dataclass(frozen=True)
class Need:
    """What one check needs. edits: none where no edit is for us to make; then `why` tells of it."""

    check: str
    edits: tuple[Edit, ...] = ()
    why: str = ""


def needs(
    policy: Policy, seen: Seen, checks: Sequence[Check], named: frozenset[str], now: datetime
) -> list[Need]:
    """For each check that does not pass, the edits or the reason why a person must look.

    named: the columns that the policy names anywhere.
    """
    found = []
    for check in checks:
        if check.metric == "extra" and (check.warn or check.outcome is Outcome.FAILED):
            found.append(Need(check.id, tuple(_new_columns(seen, named)), _told(check)))
        elif check.outcome is Outcome.FAILED:
            edits = tuple(_edits(policy, seen, check, now))
            found.append(Need(check.id, edits, "" if edits else _told(check)))
        elif check.outcome in BAD:
            found.append(Need(check.id, (), _told(check)))
    return found


def retyped(checks: Sequence[Check]) -> frozenset[str]:
    """Columns that are not of the type that the policy says, whose type is to be found anew."""
    return frozenset(
        check.column for check in checks if check.column and check.metric == "type" and check.outcome in BAD
    )


def _told(check: Check) -> str:
    told = f"{shown(check.id)}: {shown(check.reason or check.outcome.value, _REASON)}"
    mend = check.evidence.get("mend")
    path = mend.get("path") if isinstance(mend, dict) else None
    if isinstance(mend, dict) and isinstance(path, list) and path[:1] != ["waivers"]:
        where = tuple(part if isinstance(part, int) else str(part) for part in path)
        value = writing.structure(mend.get("value"), where)
        if value is not None:
            told += f"; to accept it: {dotted(where)}: {shown(value, _REASON)}"
    return told


def _new_columns(seen: Seen, named: frozenset[str]) -> Iterator[Edit]:
    for column in seen.columns:
        rule = columns.rule(column, seen) if column.name not in named else None
        if rule is not None:
            why = shown("; ".join(rule.why), _REASON) if rule.why else None
            yield Put(("data", "columns", column.name), rule.flow, why)


def _edits(policy: Policy, seen: Seen, check: Check, now: datetime) -> Iterator[Edit]:
    if check.column is not None:
        rule, column = policy.data.columns.get(check.column), seen.column(check.column)
        if rule is not None:
            yield from _of_column(check, rule, column)
        return
    counts = list(seen.rows.values())
    match check.metric:
        case "rows_min" if min(counts) > 0:
            yield Put(("data", "rows", "min"), _number(room.fewest(min(counts))))
        case "rows_max":
            yield Put(("data", "rows", "max"), _number(room.most(max(counts))))
        case "fresh":
            yield from _fresh(policy, seen, now)
        case "duplicates" if seen.repeated:
            worst = max(
                ((count, seen.rows[name]) for name, count in seen.repeated.items()), key=lambda c: c[0] / c[1]
            )
            yield Put(("data", "duplicates", "max"), writing.share(room.tolerated(*worst)))
        case "balance":
            yield from _balance(seen)


def _of_column(check: Check, rule: ColumnRule, column: Column | None) -> Iterator[Edit]:
    here = ("data", "columns", str(check.column))
    if check.metric == "required":
        yield Put((*here, "required"), "false")
    elif column is None:
        return
    elif check.metric in _MISSING:
        yield Put((*here, check.metric, "max"), writing.share(room.tolerated(*column.worst(check.metric))))
    elif check.metric == "type":
        yield from _type(check, here, rule, column)
    elif check.metric in ("min", "max") and not rule.hide and column.extremes is not None:
        value = _bound(check.metric, column)
        if value is not None:
            yield Put((*here, check.metric), value)
    elif check.metric == "one_of" and not rule.hide:
        yield from _members(here, rule, column)


def _type(check: Check, here: tuple[str, ...], rule: ColumnRule, column: Column) -> Iterator[Edit]:
    """Whole numbers may become numbers; a column that has changed altogether is written anew."""
    if (rule.type, column.type) == ("integer", "number"):
        yield Put((*here, "type"), "number")
        return
    mend = check.evidence.get("mend")
    value = mend.get("value") if isinstance(mend, dict) else None
    if isinstance(value, dict):  # not where single cells are wrong: those are for the data to mend
        written = writing.structure(value, here)
        if written is not None:
            yield Put(here, written)


def _bound(which: str, column: Column) -> str | None:
    least, largest = column.extremes or (None, None)
    if column.type in _TIMES:
        year = str(least if which == "min" else largest)[:4]
        if not year.isdigit() or not 0 < int(year) < 9999:
            return None
        day = f"{year}-01-01" if which == "min" else f"{int(year) + 1:04}-01-01"
        return writing.scalar(day if column.type == "date" else f"{day}T00:00:00Z")
    if not isinstance(least, int | float) or not isinstance(largest, int | float):
        return None
    if abs(least) == float("inf") or abs(largest) == float("inf"):
        return None
    return writing.scalar(room.lower(least, largest) if which == "min" else room.upper(least, largest))


def _members(here: tuple[str, ...], rule: ColumnRule, column: Column) -> Iterator[Edit]:
    classes = column.classes
    if classes is None or rule.one_of is None:
        return
    known = {_mark(value) for value in rule.one_of}
    new = [value for value in classes if _mark(value) not in known]
    written = [writing.scalar(value) for value in sorted(new, key=lambda v: (str(type(v)), v))]
    items = tuple(item for item in written if item is not None)
    if len(items) == len(new) and len(rule.one_of) + len(new) <= MOST_MEMBERS:
        yield Append((*here, "one_of"), items)


def _mark(value: Any) -> str:
    """1 and 1.0 are one value; true is another."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _fresh(policy: Policy, seen: Seen, now: datetime) -> Iterator[Edit]:
    asked = policy.data.fresh
    column = seen.column(asked.column) if asked is not None else None
    judged = ["test"] if policy.data.split is not None and "test" in seen.files else list(seen.files)
    told = newest(column, judged) if column is not None else None
    if told is None or told > now:
        return
    days = room.within(now - told)
    if days is not None:
        yield Put(("data", "fresh", "within"), f"{days}d")


def _balance(seen: Seen) -> Iterator[Edit]:
    label = seen.column(seen.label) if seen.label else None
    if label is None or not label.classes:
        return
    shares = [
        _rows_of(part.classes, value) / part.values
        for part in label.parts.values()
        for value in label.classes
    ]
    if min(shares) > 0:
        yield Put(("data", "balance", "min"), writing.share(room.rarest(min(shares))))


def _rows_of(classes: Sequence[tuple[Any, int]] | None, value: object) -> int:
    return next((rows for other, rows in classes or () if _mark(other) == _mark(value)), 0)


def _number(value: int) -> str:
    return str(writing.scalar(value))


def sorted_out(found: Sequence[Need]) -> tuple[list[Edit], list[str]]:
    """All edits, each place once, and what is left for a person."""
    edits: Mapping[tuple[object, ...], Edit] = {edit.path: edit for need in found for edit in need.edits}
    inner = [path for path in edits if any(path[:end] in edits for end in range(1, len(path)))]
    kept = [edit for path, edit in edits.items() if path not in inner]
    return kept, [need.why for need in found if not need.edits and need.why]
