"""Personal data in columns of text: found by patterns in the one pass, then confirmed by their check digits.

Imported in the child processes only. A pattern here may find too much, never too little; what has a checksum
or a range is confirmed on the different cells that it found, as `confirmed` says.
"""

from collections.abc import Mapping
from typing import Any

import narwhals as nw

from seatrial.engines.measures.engine import STRING, Engine
from seatrial.engines.measures.personal_checks import CHECKS
from seatrial.engines.measures.typed import Table
from seatrial.gates.data.measures import Answer, Measure

MOST_CELLS = 100_000  # different cells of one column and kind that are looked at one by one
MOST_CHARACTERS = 10_000  # of such a cell

_HEX = "[0-9A-Fa-f]{1,4}"
# Searches in the subset of seatrial.patterns: bounded, so that no engine tries for long.
PATTERNS = {
    "email": (
        r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9\-]{0,62}\.)(?:[A-Za-z0-9\-]{1,63}\.){0,8}"
        r"[A-Za-z]{2,24}"
    ),
    "phone": r"(?:\A|[^0-9A-Za-z])\+[1-9](?:[ .\-()/]{0,2}[0-9]){7,14}(?:\z|[^0-9])",
    "card": r"(?:\A|[^0-9])[0-9](?:[ \-]?[0-9]){12,18}(?:\z|[^0-9])",
    "iban": r"(?:\A|[^0-9A-Za-z])[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]){11,30}",
    "ip": (
        r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}"
        rf"|{_HEX}(?::{_HEX}){{7}}"
        rf"|(?:\A|[^0-9A-Za-z:])(?:{_HEX}(?::{_HEX}){{0,6}})::(?:{_HEX}(?::{_HEX}){{0,6}})?(?:\z|[^0-9A-Za-z:])"
    ),
}


def plan(measure: Measure, table: Table) -> dict[str, nw.Expr]:
    """Rows by column and kind in which the pattern is found."""
    return {
        f"{place}_{kind}": table.count(_holds(table, name, kind))
        for place, name in enumerate(_columns(measure, table))
        for kind in measure.value["kinds"]
    }


def answer(engine: Engine, measure: Measure, table: Table, found: Mapping[str, Any]) -> Answer:
    """Rows by kind, by column that has any. count: columns of text that were looked at."""
    names = _columns(measure, table)
    detail: dict[str, dict[str, int | list[int]]] = {}
    for place, name in enumerate(names):
        for kind in measure.value["kinds"]:
            rows, unseen = int(found[f"{place}_{kind}"] or 0), 0
            if rows and kind in CHECKS:
                rows, unseen = _confirmed(engine, table, name, kind, rows)
            if rows or unseen:
                detail.setdefault(name, {})[kind] = [rows, unseen] if unseen else rows
    return Answer(len(names), detail=detail)


def _columns(measure: Measure, table: Table) -> list[str]:
    types, but = table.opened.types, set(measure.value["except"])
    return [name for name, type in types.items() if type == STRING and name not in but]


def _holds(table: Table, name: str, kind: str) -> nw.Expr:
    return table.cells(name).expr.str.contains(PATTERNS[kind])


def _confirmed(engine: Engine, table: Table, name: str, kind: str, rows: int) -> tuple[int, int]:
    """Rows whose cell holds one that its check confirms, and rows whose cell was one too many to look at.

    rows: those in which the pattern is found.
    """
    cells = table.opened.frame.filter(_holds(table, name, kind)).select(cell=table.cells(name).expr)
    short = cells.select(cell=nw.col("cell").str.slice(0, MOST_CHARACTERS))
    groups = short.group_by("cell").agg(rows=nw.len()).sort("cell").head(MOST_CELLS)
    looked = [(str(each["cell"]), int(each["rows"])) for each in engine.rows_of(groups)]
    confirmed = sum(number for cell, number in looked if CHECKS[kind](cell))
    return confirmed, rows - sum(number for _, number in looked)
