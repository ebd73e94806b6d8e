"""The rule of one column, drafted from what was measured of it."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from seatrial.gates.drafting import names, room
from seatrial.gates.drafting.seen import Column, Seen, Value
from seatrial.policy import writing
from seatrial.policy.data_types import fitting
from seatrial.policy.values import COLUMN_LENGTH

MOST_IN_A_SET = 20
OFTEN = 5  # a value on fewer rows says that there are others, which were not seen
ONE_YEAR = 4  # characters of a time that say the year
_LABELS_MOST = 100
_BOUNDED = ("integer", "number")
_TIMES = ("date", "timestamp")
_NAMED = ("string", "date", "timestamp")  # a number of phones is nobody's phone


@dataclass(frozen=True)
class Rule:
    """One line below data.columns. entries: keys and their values as YAML, in order; why: in a comment."""

    name: str
    entries: tuple[tuple[str, str], ...]
    why: tuple[str, ...] = ()

    @property
    def flow(self) -> str:
        """The rule as a mapping on one line."""
        return "{" + ", ".join(f"{key}: {value}" for key, value in self.entries) + "}"


def rule(column: Column, seen: Seen, *, short: bool = False) -> Rule | None:
    """The rule that the column meets, with room; None where its name cannot stand in a policy.

    short: type and missing values only.
    """
    if writing.key(column.name) is None or len(column.name) > COLUMN_LENGTH:
        return None
    entries: list[tuple[str, str]] = [("type", column.type)]
    why: list[str] = []
    if column.zone is not None:
        entries.append(("zone", column.zone))
        why.append("times are written without a zone: say which it is")
    if set(column.parts) != set(seen.files):
        entries.append(("required", "false"))
        why.append(f"in {' and '.join(column.parts)} only")
    if column.type == "any":
        why.append("no values yet" if column.values == 0 else "of no type that a policy names")
    hidden = reason_to_hide(column)
    if not short:
        for key, value, reason in _values(column, seen, hidden is not None):
            entries.append((key, value))
            why += [reason] if reason else []
    for key, what in (("nulls", "missing"), ("nan", "NaN"), ("infinite", "infinite")):
        count, rows = column.worst(key)
        if count:
            entries.append((key, f"{{max: {writing.share(room.tolerated(count, rows))}}}"))
            why.append(f"{percent(count, rows)} {what} now")
    if hidden is not None:
        entries.append(("hide", "true"))
        why.append(f"{hidden}: values are never shown")
    if column.single and column.name != seen.label:
        why.append("one value in every row, from which a model learns nothing")
    return Rule(column.name, tuple(entry for entry in entries if fitting(entry[0], column.type)), tuple(why))


def reason_to_hide(column: Column) -> str | None:
    """Why the column's values are nobody's business, where they are likely not to be."""
    if column.personal:
        return f"looks personal ({', '.join(column.personal)})"
    if column.type in _NAMED and names.is_personal(column.name):
        return "personal data by its name"
    return None


def percent(count: int, rows: int) -> str:
    """A share for people: 13.9 %, and never 0 % of what there is."""
    share = 100 * count / rows
    return f"{share:.1f} %" if share >= 0.1 else "under 0.1 %"


def _values(column: Column, seen: Seen, hidden: bool) -> Iterator[tuple[str, str, str | None]]:
    """Keys that say which values there may be, each with a reason where there is something to say."""
    found = members(column, seen, hidden)
    if found is not None:
        yield "one_of", found, "the classes" if column.name == seen.label else None
        return
    if column.extremes is None or hidden or column.name in seen.key:
        return
    if column.type in _TIMES:
        yield from _times(column)
    elif column.type in _BOUNDED and not names.is_code(column.name) and not column.worst("infinite")[0]:
        yield from _numbers(column)  # bounds, which no infinity would meet


def members(column: Column, seen: Seen, hidden: bool) -> str | None:
    """The set of values that there are, as YAML, where it looks complete."""
    classes = column.classes
    if hidden or not classes or column.type not in ("string", "integer", "number"):
        return None
    if column.name == seen.label:
        if len(classes) > _LABELS_MOST or (column.type == "number" and len(classes) > 2):
            return None
    elif column.name in seen.key or not _complete(column, classes):
        return None
    return writing.flow(tuple(sorted(classes, key=lambda v: (str(type(v)), v))))


def _complete(column: Column, classes: dict[Value, int]) -> bool:
    """Whether a value that was not seen would be a surprise.

    The chance that the next row holds a new value is about the share of the values that stand on one row
    (Good 1953, Turing's estimate); so none may be that rare.
    """
    if column.type == "string":
        return len(classes) <= MOST_IN_A_SET and min(classes.values()) >= OFTEN
    return column.type == "integer" and len(classes) == 2 and min(classes.values()) >= OFTEN


def _numbers(column: Column) -> Iterator[tuple[str, str, str | None]]:
    low, high = column.extremes or (None, None)
    if not isinstance(low, int | float) or not isinstance(high, int | float):
        return
    natural = None
    if column.type == "integer" and column.classes is not None and len(column.classes) == high - low + 1:
        natural = room.NATURAL.get((int(low), int(high)))
    called = room.NAMED.get((names.words(column.name) or [""])[-1])
    if column.type == "integer" and called and not natural and called[0] <= low and high <= called[1]:
        yield from _bound("min", called[0], None)
        yield from _bound("max", called[1], f"by its name; {_range(low, high)}")
        return
    found = (low, high) if natural else room.bounds(low, high)
    if found is None or not all(math.isfinite(value) for value in (low, high)):
        return
    yield from _bound("min", found[0], None)
    yield from _bound("max", found[1], f"{natural}, by their range" if natural else _range(low, high))


def _range(low: int | float, high: int | float) -> str:
    return f"{_brief(low)} to {_brief(high)} now"


def _brief(value: int | float) -> str:
    """A number as long as a reader needs it; one that YAML has no plain way to write, too."""
    if isinstance(value, int):
        return str(value)
    short = float(f"{value:.4g}")
    return writing.scalar(short) or repr(short)


def _bound(key: str, value: int | float, why: str | None) -> Iterator[tuple[str, str, str | None]]:
    written = writing.scalar(value)
    if written is not None:
        yield key, written, why


def _times(column: Column) -> Iterator[tuple[str, str, str | None]]:
    earliest = str((column.extremes or ("", ""))[0])
    if not earliest[:ONE_YEAR].isdigit() or earliest[:ONE_YEAR] == "0000":
        return
    first = f"{earliest[:ONE_YEAR]}-01-01"
    written = writing.scalar(first if column.type == "date" else f"{first}T00:00:00Z")
    if written is not None:
        yield "min", written, f"from {earliest[:10]} now"
