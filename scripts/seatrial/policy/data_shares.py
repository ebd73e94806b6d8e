"""Faults of the shares and distances of the section data: beyond their scale, or at odds with each other."""

from collections.abc import Iterator
from typing import Any

from seatrial.policy import units
from seatrial.policy.data import DISTANCES
from seatrial.policy.findings import Finding, dotted
from seatrial.policy.units import BadUnit
from seatrial.policy.yaml import Path
from seatrial.text import shown

Entries = dict[str, Any]
OF_COLUMNS = ("nulls", "nan", "infinite", "unlike")
# The largest that each distance can be; None where there is none.
SCALES = {"psi": None, "ks": 1.0, "js": 1.0, "wasserstein": None}


def is_share(path: Path) -> bool:
    """Whether the entry is a share of rows, which people write as a percentage."""
    match path:
        case ("data", "columns", _, word, "max"):
            return word in OF_COLUMNS
        case ("data", "rules", _, "max") | ("data", "duplicates", "max") | ("data", "leakage", "rows", "max"):
            return True
    return path in (
        ("data", "rows", "change"),
        ("data", "balance", "min"),
        ("data", "drift", "new_categories", "max"),
    )


def share_findings(data: Entries) -> Iterator[Finding]:
    """Shares of rows that are no shares."""
    for path, value in _shares(data):
        number = _number(value)
        if number is None or 0 <= number <= 1:
            continue
        yield Finding(
            path, f"{dotted(path)}: expected a share from 0 to 1, found {shown(value)}{_meant(number)}"
        )
    change = _number(_mapping(data.get("rows")).get("change"))
    if change is not None and change < 0:
        path = ("data", "rows", "change")
        message = f"{dotted(path)} holds both ways, for more and for fewer; write {shown(-change)}"
        yield Finding(path, message)


def _shares(data: Entries) -> Iterator[tuple[Path, object]]:
    homes: list[tuple[Path, object]] = []
    for name, rule in _mapping(data.get("columns")).items():
        homes += [(("data", "columns", name, key), _mapping(rule).get(key)) for key in OF_COLUMNS]
    homes.append((("data", "duplicates"), data.get("duplicates")))
    homes += [(("data", "rules", name), rule) for name, rule in _mapping(data.get("rules")).items()]
    leakage, drift = _mapping(data.get("leakage")), _mapping(data.get("drift"))
    homes += [(("data", "leakage", key), leakage.get(key)) for key in ("rows", "target_correlation")]
    homes.append((("data", "drift", "new_categories"), drift.get("new_categories")))
    for path, section in homes:
        if isinstance(section, dict) and "max" in section:
            yield (*path, "max"), section["max"]


def distance_findings(drift: Entries) -> Iterator[Finding]:
    """Limits on distances that say nothing, or cannot be."""
    for name in DISTANCES:
        path: Path = ("data", "drift", name)
        limits = drift.get(name)
        if not isinstance(limits, dict):
            continue
        if not limits:
            yield Finding(path, f"{dotted(path)} is empty; write warn, max or both")
        for key in ("warn", "max"):
            number, scale = _number(limits.get(key)), SCALES[name]
            if number is None:
                continue
            if number < 0:
                yield Finding(
                    (*path, key), f"{dotted((*path, key))}: a distance is not negative, found {shown(number)}"
                )
            elif scale is not None and number > scale:
                found = f"found {shown(number)}{_meant(number)}"
                message = f"{dotted((*path, key))} runs from 0 to {shown(scale)}, {found}"
                yield Finding((*path, key), message)
        warn, most = _number(limits.get("warn")), _number(limits.get("max"))
        if warn is not None and most is not None and warn > most:
            message = (
                f"{dotted(path)}: warn {shown(warn)} is above max {shown(most)}, so nothing is ever "
                "warned of; swap them"
            )
            yield Finding((*path, "warn"), message)


def _meant(number: float) -> str:
    """What was meant where a percentage is written without its sign."""
    return f"; write {shown(number / 100)} or {shown(number)}%" if 1 < number <= 100 else ""


def _number(value: object) -> float | None:
    try:
        return units.percentage(value)
    except BadUnit:
        return None


def _mapping(value: object) -> Entries:
    return value if isinstance(value, dict) else {}
