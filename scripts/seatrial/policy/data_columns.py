"""Faults of single columns of the section data: rules that do not go with the type, or with each other."""

from collections.abc import Iterator
from typing import Any

from seatrial import patterns
from seatrial.policy.data import TYPES
from seatrial.policy.data_types import bound_problem, fitting, member_problem, reversed_, types_of
from seatrial.policy.findings import Finding, dotted
from seatrial.policy.units import kind
from seatrial.policy.yaml import Path
from seatrial.text import shown

Entries = dict[str, Any]
LIKENESS = ("type", "min", "max", "one_of", "pattern", "length")


def column_findings(columns: object) -> Iterator[Finding]:
    """Every fault of data.columns."""
    for name, rule in columns.items() if isinstance(columns, dict) else ():
        if isinstance(rule, dict):
            yield from _column(("data", "columns", name), rule)


def type_of(rule: Entries) -> str | None:
    """The type that a column's rule says; None where it is none."""
    found = rule.get("type", "any")
    return found if isinstance(found, str) and found in TYPES else None


def _column(here: Path, rule: Entries) -> Iterator[Finding]:
    type_ = type_of(rule)
    if type_ is not None:
        unfit = [key for key in rule if not fitting(key, type_)]
        for key in unfit:
            wanted = " or ".join(types_of(key))
            message = f"{dotted((*here, key))} is for {wanted}, and the type is {type_}; remove it"
            yield Finding((*here, key), message, on_key=True)
        yield from _values(here, {key: value for key, value in rule.items() if key not in unfit}, type_)
    if reversed_(rule.get("min"), rule.get("max")):
        message = (
            f"{dotted(here)}: min {kind(rule['min'])} is above max {kind(rule['max'])}, so no value can "
            "pass; swap them"
        )
        yield Finding((*here, "max"), message)
    yield from _length(here, rule.get("length"))
    if isinstance(rule.get("pattern"), str) and rule["pattern"].strip():
        try:
            patterns.translate(rule["pattern"])
        except patterns.PatternError as error:
            message = f"{dotted((*here, 'pattern'))}: {error.message} (character {error.position})"
            yield Finding((*here, "pattern"), message)
    if "unlike" in rule and type_ == "any" and not any(key in rule for key in LIKENESS[1:]):
        message = (
            f"{dotted((*here, 'unlike'))} says how many rows may break type, min, max, one_of, pattern or "
            "length, and there is none of them; remove it"
        )
        yield Finding((*here, "unlike"), message, on_key=True)


def _values(here: Path, rule: Entries, type_: str) -> Iterator[Finding]:
    for key in ("min", "max"):
        if isinstance(value := rule.get(key), str | int | float) and not isinstance(value, bool):
            problem = bound_problem(value, type_)
            if problem is not None:
                yield Finding((*here, key), f"{dotted((*here, key))}: {problem}")
    members = rule.get("one_of")
    if not isinstance(members, list):
        return
    for index, member in enumerate(members):
        problem = member_problem(member, type_) if isinstance(member, str | int | float) else None
        if problem is not None:
            yield Finding((*here, "one_of", index), f"{dotted((*here, 'one_of', index))}: {problem}")
    kinds = {
        "true or false" if isinstance(m, bool) else "text" if isinstance(m, str) else "number"
        for m in members
    }
    if type_ == "any" and len(kinds) > 1:
        message = (
            f"{dotted((*here, 'one_of'))} mixes {' and '.join(sorted(kinds))}, and a column has values "
            "of one type; write all alike, with quotes for text"
        )
        yield Finding((*here, "one_of"), message)


def _length(here: Path, length: object) -> Iterator[Finding]:
    if isinstance(length, dict) and reversed_(length.get("min"), length.get("max")):
        path = (*here, "length")
        message = (
            f"{dotted(path)}: min {shown(length['min'])} is above max {shown(length['max'])}, so no text can "
            "pass; swap them"
        )
        yield Finding((*path, "max"), message)
