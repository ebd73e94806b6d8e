"""Faults of meaning of the section data: what no single entry shows."""

import re
from collections.abc import Iterator
from typing import Any

from pydantic_core import PydanticCustomError

from seatrial import rules
from seatrial.policy import values
from seatrial.policy.data import ASKING, DISTANCES
from seatrial.policy.data_checks import RULE_NAME, WORDS
from seatrial.policy.data_columns import column_findings, type_of
from seatrial.policy.data_shares import distance_findings, share_findings
from seatrial.policy.findings import Finding, dotted
from seatrial.policy.metrics import Task
from seatrial.policy.yaml import Path
from seatrial.text import shown

Entries = dict[str, Any]
# Sections that say nothing while they are empty, and what they might say.
_SAYING: dict[Path, str] = {
    ("data",): "write train: FILE and what is asked of it",
    ("data", "csv"): "write delimiter, nulls, encoding or decimal",
    ("data", "rows"): "write min, max or change",
    ("data", "leakage"): "write keys, rows, target_correlation, known_after or known_by",
    ("data", "show"): "write rows or values",
}
_BOTH = (("split",), ("leakage", "keys"), ("leakage", "rows"))


def data_findings(data: Entries, task: Task | None) -> Iterator[Finding]:
    """Every fault of meaning of the section data. data: the whole policy."""
    found = data.get("data")
    if not isinstance(found, dict):
        return
    label = found.get("label", _mapping(data.get("evaluate")).get("label"))
    yield from _empty(found)
    yield from _files(found)
    yield from column_findings(found.get("columns"))
    yield from share_findings(found)
    yield from _csv(_mapping(found.get("csv")))
    yield from _rows(found)
    yield from _times(found)
    yield from _rules(found)
    yield from _label(found, label, task)
    yield from _leakage(found, label)
    yield from _drift(found)


def _empty(data: Entries) -> Iterator[Finding]:
    for path, what in _SAYING.items():
        found: Any = {"data": data}
        for key in path:
            found = _mapping(found).get(str(key))
        if found == {} and isinstance(found, dict):
            yield Finding(path, f"{dotted(path)} is empty; {what}, or remove it")
    for name, rule in _mapping(data.get("columns")).items():
        if _mapping(rule).get("length") == {}:
            path = ("data", "columns", name, "length")
            yield Finding(path, f"{dotted(path)} is empty; write min, max or both, or remove it")


def _files(data: Entries) -> Iterator[Finding]:
    if ASKING & data.keys() and "train" not in data and "test" not in data:
        message = "data has conditions and names no rows; write data.train: FILE, data.test: FILE or both"
        yield Finding(("data", "train"), message, on_key=True)
        return
    for path in _BOTH:
        inner = data if len(path) == 1 else _mapping(data.get(path[0]))
        lacking = [name for name in ("train", "test") if name not in data]
        if path[-1] in inner and lacking:
            here = ("data", *path)
            message = (
                f"{dotted(here)} compares train with test, and data.{lacking[0]} is not set; "
                f"write {lacking[0]}: FILE"
            )
            yield Finding(here, message, on_key=True)


def _csv(csv: Entries) -> Iterator[Finding]:
    delimiter, decimal = csv.get("delimiter", ","), csv.get("decimal", ".")
    if delimiter == decimal == ",":
        message = "data.csv.decimal: the comma is the delimiter too; write the file's delimiter, such as ;"
        yield Finding(("data", "csv", "decimal"), message)
    elif delimiter == decimal == ".":
        message = "data.csv.delimiter: the point is the decimal mark too; write decimal: ','"
        yield Finding(("data", "csv", "delimiter"), message)


def _rows(data: Entries) -> Iterator[Finding]:
    rows = _mapping(data.get("rows"))
    least, most = rows.get("min"), rows.get("max")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        message = f"data.rows: min {shown(least)} is above max {shown(most)}, so nothing can pass; swap them"
        yield Finding(("data", "rows", "max"), message)
    if "change" in rows:
        here = ("data", "rows", "change")
        if "against" not in _mapping(data.get("drift")):
            message = (
                "data.rows.change is against the rows of a reference, and there is none; "
                "write drift: {against: FILE}"
            )
            yield Finding(here, message, on_key=True)
        if "train" not in data and "test" in data:
            message = "data.rows.change is of train, and data.train is not set; write train: FILE"
            yield Finding((*here, "train"), message, on_key=True)


def _times(data: Entries) -> Iterator[Finding]:
    """Columns that are compared as times must be read as times, and in one zone."""
    columns, fresh = _mapping(data.get("columns")), _mapping(data.get("fresh"))
    known_by = _mapping(_mapping(data.get("leakage")).get("known_by"))
    listed = known_by.get("columns")
    compared: list[tuple[Path, object]] = [
        (("data", "fresh", "column"), fresh.get("column")),
        (("data", "split", "time"), _mapping(data.get("split")).get("time")),
        (("data", "leakage", "known_by", "event"), known_by.get("event")),
        *(
            (("data", "leakage", "known_by", "columns"), name)
            for name in ([listed] if isinstance(listed, str) else listed if isinstance(listed, list) else [])
        ),
    ]
    for path, name in compared:
        rule = columns.get(name) if isinstance(name, str) else None
        if isinstance(rule, dict) and type_of(rule) not in ("date", "timestamp", None):
            message = (
                f"{dotted(path)}: {shown(name)} must be a date or timestamp, and data.columns says "
                f"{type_of(rule)}; write type: timestamp or type: date there"
            )
            yield Finding(path, message)
    column = fresh.get("column")
    mine = _mapping(columns.get(column)) if isinstance(column, str) else {}
    if "zone" in fresh and "zone" in mine and fresh["zone"] != mine["zone"]:
        message = (
            f"data.fresh.zone: {shown(fresh['zone'])} is another zone than that of the column in "
            f"data.columns, {shown(mine['zone'])}; keep one"
        )
        yield Finding(("data", "fresh", "zone"), message)


def _rules(data: Entries) -> Iterator[Finding]:
    found, columns = data.get("rules"), _mapping(data.get("columns"))
    types = {name: type_of(rule) or "any" for name, rule in columns.items() if isinstance(rule, dict)}
    for name, rule in found.items() if isinstance(found, dict) else ():
        here: Path = ("data", "rules", name)
        if not re.fullmatch(RULE_NAME, str(name), re.ASCII):
            message = (
                f"{dotted(here)}: the name of a rule has up to 60 letters, digits, hyphens and underscores; "
                "rename it"
            )
            yield Finding((*here, "name"), message, on_key=True)
        elif name in WORDS:
            message = f"{dotted(here)}: {shown(name)} is the name of a check of ours; choose another"
            yield Finding((*here, "name"), message, on_key=True)
        path = here if isinstance(rule, str) else (*here, "expect")
        text = rule if isinstance(rule, str) else _mapping(rule).get("expect")
        if isinstance(rule, str) and (problem := _short(rule)) is not None:
            yield Finding(path, f"{dotted(path)}: {problem}")
        elif isinstance(text, str) and text.strip():
            yield from _expression(path, text, types)


def _short(rule: str) -> str | None:
    """Why a rule's short form is no text that could stand under `expect`."""
    try:
        values.text(rule)
    except PydanticCustomError as error:
        return error.message()
    return None


def _expression(path: Path, text: str, types: dict[str, str]) -> Iterator[Finding]:
    try:
        problem = rules.problem(rules.parse(text), types)
    except rules.RuleError as error:
        yield Finding(path, f"{dotted(path)}: {error.message} (character {error.position} of the rule)")
        return
    if problem is not None:
        yield Finding(path, f"{dotted(path)}: {problem}; data.columns says of which type the columns are")


def _label(data: Entries, label: object, task: Task | None) -> Iterator[Finding]:
    leakage = _mapping(data.get("leakage"))
    asked: list[Path] = [("data", "balance")] if "balance" in data else []
    asked += [("data", "leakage", "target_correlation")] if "target_correlation" in leakage else []
    for path in asked:
        if label is None:
            message = f"{dotted(path)} is about the label, and none is named; write data.label: COLUMN"
            yield Finding(path, message, on_key=True)
    if task == "regression" and "balance" in data:
        message = "data.balance is about classes, and this model's task is regression; remove it"
        yield Finding(("data", "balance", "task"), message, on_key=True)


def _leakage(data: Entries, label: object) -> Iterator[Finding]:
    leakage, columns = _mapping(data.get("leakage")), _mapping(data.get("columns"))
    after = _names(leakage.get("known_after"))
    keys = _names(data.get("key"))
    for name in after:
        path: Path = ("data", "leakage", "known_after")
        where = path if isinstance(leakage.get("known_after"), str) else (*path, after.index(name))
        if name == label:
            why = "is the label, which must be in the data"
        elif name in keys:
            why = "is in data.key, so it must be in the data"
        elif name in columns:
            why = "is in data.columns too"
        else:
            continue
        yield Finding(where, f"{dotted(path)}: {shown(name)} {why}; remove it from one of them")
    known_by = _mapping(leakage.get("known_by"))
    listed = _names(known_by.get("columns"))
    if known_by.get("event") in listed and isinstance(known_by.get("event"), str):
        path = ("data", "leakage", "known_by", "columns")
        yield Finding(path, f"{dotted(path)}: {shown(known_by['event'])} is the event itself; remove it")


def _drift(data: Entries) -> Iterator[Finding]:
    drift = data.get("drift")
    if not isinstance(drift, dict):
        return
    here: Path = ("data", "drift")
    wanted = (*DISTANCES, "new_categories")
    change = "change" in _mapping(data.get("rows"))
    if not any(key in drift for key in wanted) and not (change and drift.keys() <= {"against", "data"}):
        message = f"data.drift sets no limit; add {', '.join(wanted[:-1])} or {wanted[-1]}"
        yield Finding(here, message, on_key=True)
    of = drift.get("data", "train")
    if of in ("train", "test") and of not in data and ("train" in data or "test" in data):
        other = "test" if of == "train" else "train"
        message = (
            f"data.drift holds {of} against the reference, and data.{of} is not set; "
            f"write data: {other} or {of}: FILE"
        )
        yield Finding((*here, "data"), message, on_key=True)
    ignored = _names(drift.get("ignore"))
    for name in _names(drift.get("columns")):
        if name in ignored:
            message = f"data.drift.ignore: {shown(name)} stands in data.drift.columns too; keep one"
            yield Finding((*here, "ignore"), message)
    yield from distance_findings(drift)


def _names(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _mapping(value: object) -> Entries:
    return value if isinstance(value, dict) else {}
