"""The questions about whole rows and whole files."""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from pydantic import JsonValue

from seatrial import rules
from seatrial.decision import Limit
from seatrial.gates.data.asking import GATE, Desk, Question, Shape, at_least, at_most
from seatrial.gates.data.measures import Measure
from seatrial.text import shown

TRAIN, TEST = "train", "test"
MOST_CLASSES = 1_000
Path = tuple[str | int, ...]


def ask(
    desk: Desk,
    name: str,
    rule: str,
    shape: Shape,
    *measures: Measure,
    path: Path,
    of: tuple[str, ...] | None = None,
    limit: Limit | None = None,
    needs: tuple[str, ...] = (),
    action: Literal["fail", "warn"] = "fail",
    wanted: JsonValue = None,
    told: dict[str, JsonValue] | None = None,
) -> Question:
    """A question that is no column's. name: its id without the gate."""
    return Question(
        id=f"{GATE}/{name}",
        rule=rule,
        shape=shape,
        asks=dict.fromkeys(desk.of if of is None else of, measures),
        limit=limit,
        needs=needs,
        place=desk.place(*path),
        action=action,
        wanted=wanted,
        told=told or {},
        path=path,
    )


def of_files(desk: Desk, now: datetime, reference_rows: int | None) -> Iterator[Question]:
    """Columns that nobody named, how many rows there are, and how old they are."""
    data = desk.data
    if data.columns and data.extra != "allow":
        yield ask(desk, "extra", "extra", "extra", path=("extra",), action=data.extra)
    if data.rows is not None:
        if data.rows.min is not None:
            limit = at_least(float(data.rows.min))
            yield ask(desk, "rows/min", "rows_min", "rows", path=("rows", "min"), limit=limit)
        if data.rows.max is not None:
            limit = at_most(float(data.rows.max))
            yield ask(desk, "rows/max", "rows_max", "rows", path=("rows", "max"), limit=limit)
        if data.rows.change is not None and TRAIN in desk.of:
            yield ask(
                desk,
                "rows/change",
                "rows_change",
                "rows",
                path=("rows", "change"),
                of=(TRAIN,),
                limit=at_most(data.rows.change),
                told={"reference": reference_rows or 0},
            )
    if data.fresh is not None:
        yield _fresh(desk, now)


def _fresh(desk: Desk, now: datetime) -> Question:
    """Where train comes before test, the newest rows are those of test; train is old by intent."""
    fresh, split = desk.data.fresh, desk.data.split
    assert fresh is not None
    rule = desk.data.columns.get(fresh.column)
    zone = fresh.zone or (rule.zone if rule is not None else None) or "UTC"
    in_test_alone = split is not None and TEST in desk.of
    return ask(
        desk,
        "fresh",
        "fresh",
        "fresh",
        Measure("extremes", (fresh.column,)),
        path=("fresh",),
        of=(TEST,) if in_test_alone else desk.of,
        limit=at_most(fresh.within.total_seconds()),
        needs=(fresh.column,),
        wanted=fresh.column,
        told={"now": now.isoformat(timespec="seconds"), "zone": zone},
    )


def of_rows(desk: Desk) -> Iterator[Question]:
    """Keys, rows that stand twice, rules over columns, and the classes of the label."""
    data = desk.data
    if data.key:
        measure = Measure("repeated", data.key)
        yield ask(desk, "key", "key", "faults", measure, path=("key",), limit=at_most(0.0), needs=data.key)
    if data.duplicates is not None:
        measure = Measure("repeated", (), None, data.duplicates.max)
        limit = at_most(data.duplicates.max)
        yield ask(desk, "duplicates", "duplicates", "faults", measure, path=("duplicates",), limit=limit)
    for name, rule in data.rules.items():
        expression = rules.parse(rule.expect)
        columns = rules.columns(expression)
        yield ask(
            desk,
            f"rules/{shown(name)}",
            "rule",
            "faults",
            Measure("breaks", columns, rules.to_json(expression), rule.max),
            path=("rules", name),
            limit=at_most(rule.max),
            needs=columns,
            wanted=rule.expect,
        )
    if data.balance is not None and data.label is not None:
        yield ask(
            desk,
            "balance",
            "balance",
            "balance",
            Measure("classes", (data.label,), MOST_CLASSES),
            path=("balance",),
            limit=at_least(data.balance.min),
            needs=(data.label,),
            wanted=data.label,
        )


def of_both(desk: Desk) -> Iterator[Question]:
    """What train and test may not share, and in which order they come."""
    data, leakage = desk.data, desk.data.leakage
    both = TRAIN in desk.of and TEST in desk.of
    if data.split is not None and both:
        time = data.split.time
        question = ask(
            desk, "split", "split", "faults", path=("split",), limit=at_most(0.0), needs=(time,), wanted=time
        )
        extremes = Measure("extremes", (time,))
        before = Measure("not_before", (time,), None, 0.0, TEST)
        question.asks[TRAIN], question.asks[TEST] = (before, extremes), (extremes,)  # type: ignore[index]
        yield question
    if leakage is None:
        return
    if leakage.keys and both:
        measure = Measure("shared", leakage.keys, None, 0.0, TRAIN)
        yield ask(
            desk,
            "leakage/keys",
            "leakage_keys",
            "faults",
            measure,
            path=("leakage", "keys"),
            of=(TEST,),
            limit=at_most(0.0),
            needs=leakage.keys,
        )
    if leakage.rows is not None and both:
        measure = Measure("shared", (), None, leakage.rows.max, TRAIN)
        limit = at_most(leakage.rows.max)
        yield ask(
            desk,
            "leakage/rows",
            "leakage_rows",
            "faults",
            measure,
            path=("leakage", "rows"),
            of=(TEST,),
            limit=limit,
        )
