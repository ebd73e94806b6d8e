"""The questions about single columns."""

from collections.abc import Iterator

from pydantic import JsonValue

from seatrial.gates.data.asking import GATE, Desk, Question, at_most, times
from seatrial.gates.data.measures import Kind, Measure
from seatrial.policy.data import ColumnRule
from seatrial.text import shown

Path = tuple[str | int, ...]
_LARGEST = 2**53 - 1


def of_columns(desk: Desk) -> Iterator[Question]:
    """Every rule of data.columns, and that the columns which name, time and label a row have their values."""
    for name, rule in desk.data.columns.items():
        yield from _of_column(desk, name, rule)
    relied_on = _relied_on(desk)
    for name, path in (_placed_in_time(desk) | relied_on).items():
        if name in desk.data.columns:
            continue
        if name in relied_on:
            yield _faults(desk, name, "nulls", "null", None, 0.0, path)
        if name in relied_on and name == desk.data.label:  # NaN is no class
            yield _faults(desk, name, "nan", "nan", None, 0.0, path)
        if name in times(desk.data):
            yield _faults(desk, name, "type", "unreadable", "timestamp", 0.0, path)


def _relied_on(desk: Desk) -> dict[str, Path]:
    """Columns whose missing values would let other checks pass in silence."""
    data, leakage = desk.data, desk.data.leakage
    found: dict[str, Path] = dict.fromkeys(data.key, ("key",))
    if data.balance is not None and data.label is not None:
        found.setdefault(data.label, ("balance",))
    for name in leakage.keys if leakage is not None else ():
        found.setdefault(name, ("leakage", "keys"))
    if data.split is not None:
        found.setdefault(data.split.time, ("split", "time"))
    return found


def _placed_in_time(desk: Desk) -> dict[str, Path]:
    """Columns of times that may lack a value, but whose cells must be times: others would be no fault."""
    data, leakage = desk.data, desk.data.leakage
    found: dict[str, Path] = {data.fresh.column: ("fresh", "column")} if data.fresh is not None else {}
    if leakage is not None and leakage.known_by is not None:
        known_by = leakage.known_by
        found.setdefault(known_by.event, ("leakage", "known_by", "event"))
        for name in known_by.columns:
            found.setdefault(name, ("leakage", "known_by", "columns"))
    return found


def _of_column(desk: Desk, name: str, rule: ColumnRule) -> Iterator[Question]:
    def ask(word: str, kind: Kind, value: JsonValue, most: float, key: str | None = None) -> Question:
        return _faults(desk, name, word, kind, value, most, ("columns", name, key or word))

    loose = rule.unlike.max
    if rule.required:
        yield _present(desk, name, "required", ("columns", name, "required"))
    yield ask("nulls", "null", None, rule.nulls.max)
    if rule.type != "any":
        yield ask("type", "unreadable", rule.type, loose)
    if rule.type in ("number", "any"):
        yield ask("nan", "nan", None, rule.nan.max)
        yield ask("infinite", "infinite", None, rule.infinite.max)
    if rule.min is not None:
        yield ask("min", "below", rule.min, loose)
    if rule.max is not None:
        yield ask("max", "above", rule.max, loose)
    if rule.one_of is not None:
        yield ask("one_of", "outside", list(rule.one_of), loose)
    if rule.pattern is not None:
        yield ask("pattern", "mismatch", rule.pattern, loose)
    if rule.length is not None:
        if rule.length.min is not None:
            yield ask("shortest", "shorter", rule.length.min, loose, "length")
        if rule.length.max is not None:
            yield ask("longest", "longer", rule.length.max, loose, "length")
    if rule.unique:
        yield _unique(desk, name)
    if rule.constant != "allow" and not _may_be_constant(rule):
        yield Question(
            id=f"{GATE}/{shown(name)}/constant",
            rule="constant",
            shape="constant",
            asks=desk.each(Measure("constant", (name,))),
            column=name,
            needs=(name,),
            place=desk.place("columns", name, "constant"),
            action=rule.constant,
            path=("columns", name, "constant"),
        )


def _may_be_constant(rule: ColumnRule) -> bool:
    """Whether the rules themselves leave one value, so that nothing need be said of it."""
    if "constant" in rule.model_fields_set:
        return False
    return (rule.one_of is not None and len(rule.one_of) == 1) or (
        rule.min is not None and rule.min == rule.max
    )


def _present(desk: Desk, name: str, word: str, path: Path) -> Question:
    return Question(
        id=f"{GATE}/{shown(name)}/{word}",
        rule=word,
        shape="required" if word == "required" else "unwanted",
        asks=desk.each(),
        column=name,
        place=desk.place(*path),
        path=path,
    )


def known_after(desk: Desk) -> Iterator[Question]:
    """Columns that may not be there."""
    leakage = desk.data.leakage
    for name in leakage.known_after if leakage is not None else ():
        yield _present(desk, name, "known_after", ("leakage", "known_after"))


def _faults(
    desk: Desk, name: str, word: str, kind: Kind, value: JsonValue, most: float, path: Path
) -> Question:
    return Question(
        id=f"{GATE}/{shown(name)}/{word}",
        rule=word,
        shape="faults",
        asks=desk.each(Measure(kind, (name,), value, most)),
        limit=at_most(most),
        column=name,
        needs=(name,),
        place=desk.place(*path),
        wanted=_exact(value),
        path=path,
    )


def _exact(value: JsonValue) -> JsonValue:
    """What a Decision can hold: JSON keeps no integer exactly that lies beyond 2^53."""
    if isinstance(value, list):
        return [_exact(each) for each in value]
    return str(value) if isinstance(value, int) and abs(value) > _LARGEST else value


def _unique(desk: Desk, name: str) -> Question:
    """Missing values are no values that stand twice, so they are counted too and taken off.

    Unreadable cells are not: an engine takes none of them for equal.
    """
    return Question(
        id=f"{GATE}/{shown(name)}/unique",
        rule="unique",
        shape="faults",
        asks=desk.each(Measure("repeated", (name,)), Measure("null", (name,), None, 1.0)),
        limit=at_most(0.0),
        column=name,
        needs=(name,),
        place=desk.place("columns", name, "unique"),
        path=("columns", name, "unique"),
    )
