"""A stored check of the data gate read back: strictly, since a Decision may come from anyone.

What is checked here is that the evidence is of the form that this rule has; whether the outcome follows from
it is for `judging.judged` to say.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from pydantic import JsonValue

from seatrial.decision import Check, Limit
from seatrial.gates.data.drift_asking import NUMBERS
from seatrial.gates.data.evidence import LONGEST, MOST_NAMES, aged
from seatrial.gates.data.measures import LEAST_LABELLED
from seatrial.gates.data.words import KINDS
from seatrial.text import shown

Part = Mapping[str, JsonValue]
Test = Callable[[JsonValue, Part], bool]
SOURCES = ("train", "test")
MOST_ROWS = 2**53
MOST_SHOWN = 100
MOST_CLASSES = 3_000
MOST_ABSENT = 1_000

OF_COLUMNS: Mapping[str, str] = {
    "required": "required",
    "known_after": "unwanted",
    "constant": "constant",
    "target_correlation": "told",
    "personal": "personal",
    **dict.fromkeys(("nulls", "type", "nan", "infinite", "min", "max", "one_of", "pattern"), "faults"),
    **dict.fromkeys(("shortest", "longest", "unique", "known_by"), "faults"),
}
OF_ROWS: Mapping[str, tuple[str, str]] = {
    "extra": ("extra", "extra"),
    "rows_min": ("rows/min", "rows"),
    "rows_max": ("rows/max", "rows"),
    "rows_change": ("rows/change", "rows"),
    "fresh": ("fresh", "fresh"),
    "key": ("key", "faults"),
    "duplicates": ("duplicates", "faults"),
    "rule": ("rules/", "faults"),
    "balance": ("balance", "balance"),
    "split": ("split", "faults"),
    "leakage_keys": ("leakage/keys", "faults"),
    "leakage_rows": ("leakage/rows", "faults"),
    "target_correlation": ("target_correlation", "told"),
    "personal": ("personal", "personal"),
}
MAY_WARN = frozenset({"extra", "constant", "personal"})
NO_LIMIT = frozenset({"required", "unwanted", "extra", "constant"})
SHARES = frozenset({"faults", "balance", "told", "personal"})


@dataclass(frozen=True)
class Read:
    """The evidence of a check. most: the limit's value, 0 where there is none."""

    rule: str
    shape: str
    action: str
    parts: tuple[Part, ...]
    limit: Limit | None
    wanted: JsonValue = None
    reference: int = 0
    now: str = ""
    zone: str = "UTC"

    @property
    def most(self) -> float:
        return 0.0 if self.limit is None else self.limit.value


def read(check: Check) -> Read:
    """The evidence behind a stored check. Raises ValueError where it is not of the form of its rule."""
    stored = check.evidence
    shape = _shape(check)
    top = {"shape", "action", "parts", "wanted", "mend"} | _TOP.get(check.metric, frozenset())
    if not stored.keys() <= top or stored.get("shape") != shape:
        raise _fault(check, f"the evidence is not that of {shown(check.metric)}")
    if stored.get("action") not in (("fail", "warn") if check.metric in MAY_WARN else ("fail",)):
        raise _fault(check, "the action is neither fail nor warn")
    _limit(check, shape)
    reference, now, zone = stored.get("reference", 0), stored.get("now", ""), stored.get("zone", "UTC")
    if not _whole(reference, {}) or not isinstance(now, str) or not isinstance(zone, str):
        raise _fault(check, "the evidence is of another kind")
    if check.metric == "fresh":
        _clock(check, now, zone)
    parts = stored.get("parts")
    if not isinstance(parts, list) or not 0 < len(parts) <= len(SOURCES):
        raise _fault(check, "there must be a part for each file")
    known = tuple(_part(check, shape, part) for part in parts)
    if len({str(part["data"]) for part in known}) < len(known):
        raise _fault(check, "a file stands twice")
    return Read(
        check.metric,
        shape,
        str(stored["action"]),
        known,
        check.limit,
        stored.get("wanted"),
        int(reference),  # type: ignore[arg-type]
        now,
        zone,
    )


def drift_named(check: Check) -> Check:
    """The check itself, if its name is that of its distance and column. Raises ValueError.

    Its evidence is read by `drift_judging`.
    """
    distance = check.evidence.get("distance")
    name = f"data/{check.metric}" if check.column is None else f"data/{shown(check.column)}/{check.metric}"
    if check.metric != distance or distance not in (*NUMBERS, "new_categories", "drift"):
        raise _fault(check, "it is no distance of its evidence")
    if not re.fullmatch(re.escape(name) + r"(#[0-9]{1,5})?", check.id) or check.slice is not None:
        raise _fault(check, "the id is not that of its distance and column")
    if check.evidence.get("action", "fail") != "fail":
        raise _fault(check, "a distance warns by a limit of its own")
    return check


def _fault(check: Check, what: str) -> ValueError:
    return ValueError(f"{shown(check.id)}: {what}")


def _shape(check: Check) -> str:
    """The shape that the rule has; the id must be that of the rule and the column."""
    if check.slice is not None:
        raise _fault(check, "a check of the data gate has no slice")
    if check.column is not None:
        shape, name = OF_COLUMNS.get(check.metric), f"data/{shown(check.column)}/{check.metric}"
    else:
        tail, shape = OF_ROWS.get(check.metric, ("", None))
        name = f"data/{tail}"
        if check.metric == "rule" and check.id.startswith(name) and len(check.id) > len(name):
            name = re.sub(r"#[0-9]+\Z", "", check.id)
    if shape is None:
        raise _fault(check, f"{shown(check.metric)} is no rule of the data gate")
    if not re.fullmatch(re.escape(name) + r"(#[0-9]{1,5})?", check.id):
        raise _fault(check, "the id is not that of its rule and column")
    return shape


def _limit(check: Check, shape: str) -> None:
    limit = check.limit
    if (limit is None) is not (shape in NO_LIMIT):
        raise _fault(check, "a limit is missing, or is too many")
    if limit is None:
        return
    if limit.kind != ("min" if check.metric in ("rows_min", "balance") else "max"):
        raise _fault(check, f"{limit.kind} is not the kind of its limit")
    if limit.value < 0 or (shape in SHARES and limit.value > 1):
        raise _fault(check, "its limit is out of range")


def _clock(check: Check, now: str, zone: str) -> None:
    try:
        ZoneInfo(zone)
        known = datetime.fromisoformat(now).tzinfo is not None
    except (ValueError, OSError, KeyError):
        known = False
    if not known:
        raise _fault(check, "the clock cannot be read")


def _part(check: Check, shape: str, part: JsonValue) -> Part:
    if not isinstance(part, dict) or part.get("data") not in SOURCES or not _whole(part.get("rows"), {}):
        raise _fault(check, "a part must name its file and its rows")
    keys = part.keys() - {"data", "rows"}
    for silent, test in _SILENT.items():
        if silent in keys:
            if keys != {silent} or not test(part[silent], part):
                raise _fault(check, f"a part with {silent} tells more, or tells it otherwise")
            if silent == "optional" and check.column is None and check.metric not in _OPTIONAL:
                raise _fault(check, "it has no columns that need not be there")
            return part
    needed, maybe = _PARTS[shape]
    wanted = {**needed, **maybe}
    if not needed.keys() <= keys or not keys <= wanted.keys():
        raise _fault(check, "a part lacks what its rule counts, or has more")
    for key in keys:
        if not wanted[key](part[key], part):
            raise _fault(check, f"{key} is not what its rule counts")
    _agrees(check, part)
    return part


def _agrees(check: Check, part: Part) -> None:
    """What keeps evidence of one rule from standing for another."""
    if ("unknown" in part) is not (check.metric in ("rule", "known_by")) and check.evidence[
        "shape"
    ] == "faults":
        raise _fault(check, "unknown rows are counted of rules over columns")
    if ("empty" in part) is not (check.metric == "split"):
        raise _fault(check, "only the split tells whether there are times")
    if "is" in part and (check.metric != "type" or part["count"] != part["rows"]):
        raise _fault(check, "only the type of a whole column is told")
    if check.metric == "fresh":
        _newest(check, part)
    if check.metric == "personal" and ("looked" in part) is not (check.column is None):
        raise _fault(check, "a column of its own and the rest are told apart")
    whole = check.column is None
    if check.metric == "target_correlation" and (
        ("labelled" in part) is not whole or ("told" in part) is whole
    ):
        raise _fault(check, "a column is told, or how few rows have a label")


def _newest(check: Check, part: Part) -> None:
    """Either the newest value, or of a hidden column only what follows from it."""
    if part.keys() - {"data", "rows"} not in ({"newest"}, {"old", "future"}):
        raise _fault(check, "a part tells the newest value, or what follows from it")
    try:
        if part.get("newest") is not None:
            aged(str(part["newest"]), str(check.evidence["now"]), str(check.evidence.get("zone", "UTC")))
    except (ValueError, OverflowError):
        raise _fault(check, "the newest value is no date and no time") from None


def _whole(value: JsonValue, _: Part) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_ROWS


def _of_rows(value: JsonValue, part: Part) -> bool:
    return _whole(value, part) and value <= part["rows"]  # type: ignore[operator]


def _text(value: JsonValue, _: Part) -> bool:
    return isinstance(value, str) and len(value) <= 2 * LONGEST


def _flag(value: JsonValue, _: Part) -> bool:
    return isinstance(value, bool)


def _texts(most: int) -> Test:
    return lambda value, part: (
        isinstance(value, list) and len(value) <= most and all(_text(each, part) for each in value)
    )


def _numbers(value: JsonValue, part: Part) -> bool:
    """Row numbers: ascending, from 1, no more than there are faulty rows."""
    if not isinstance(value, list) or not 0 < len(value) <= MOST_SHOWN:
        return False
    if not all(_of_rows(each, part) and each for each in value):
        return False
    count = part.get("count")
    return _whole(count, part) and len(value) <= count and all(a < b for a, b in pairwise(value))  # type: ignore[operator]


def _classes(value: JsonValue, part: Part) -> bool:
    """Rows by class, the rarest last."""
    if not isinstance(value, list) or len(value) > MOST_CLASSES or not all(_of_rows(v, part) for v in value):
        return False
    return all(a >= b for a, b in pairwise(value)) and sum(value) <= part["rows"]  # type: ignore[operator,arg-type]


def _class_names(value: JsonValue, part: Part) -> bool:
    classes = part.get("classes")
    return _texts(MOST_CLASSES)(value, part) and isinstance(classes, list) and len(classes) == len(value)  # type: ignore[arg-type]


def _share(value: JsonValue, _: Part) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


def _few(value: JsonValue, part: Part) -> bool:
    return _of_rows(value, part) and value < LEAST_LABELLED  # type: ignore[operator]


def _kinds(value: JsonValue, part: Part) -> bool:
    known = isinstance(value, dict) and value.keys() <= KINDS.keys()
    return known and all(_of_rows(each, part) and each for each in value.values())  # type: ignore[union-attr]


_SILENT: Mapping[str, Test] = {
    "optional": lambda value, _: value is True,
    "skipped": _text,
    "absent": lambda value, part: _texts(MOST_ABSENT)(value, part) and bool(value),
    "problem": _text,
}
_OPTIONAL = frozenset({"rule", "fresh", "key", "balance", "split", "leakage_keys"})
_TOP: Mapping[str, frozenset[str]] = {
    "rows_change": frozenset({"reference"}),
    "fresh": frozenset({"now", "zone"}),
}
_PARTS: Mapping[str, tuple[Mapping[str, Test], Mapping[str, Test]]] = {
    "faults": (
        {"count": _of_rows},
        {"at": _numbers, "values": _texts(50 * MOST_SHOWN), "unknown": _of_rows, "empty": _flag, "is": _text},
    ),
    "required": ({"present": _flag}, {"near": _text}),
    "unwanted": ({"present": _flag}, {"near": _text}),
    "extra": ({"count": _whole, "names": _texts(MOST_NAMES)}, {}),
    "constant": ({"distinct": lambda value, _: _whole(value, _) and value <= 2}, {}),  # type: ignore[operator]
    "rows": ({}, {}),
    "fresh": (
        {},
        {"newest": lambda value, _: value is None or _text(value, _), "old": _flag, "future": _flag},
    ),
    "balance": ({"classes": _classes}, {"names": _class_names}),
    "told": ({}, {"told": _share, "labelled": _few}),
    "personal": ({"kinds": _kinds}, {"looked": _whole, "unseen": _kinds}),
}
