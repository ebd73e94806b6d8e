"""Floats that are numbers within their bounds, told by one condition where up to four are asked for.

NaN, infinities and what is below or above a bound are counted one by one only where there are any.
Imported in the child processes only.
"""

import math
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import narwhals as nw

from seatrial.engines.measures.typed import Cells, Table
from seatrial.gates.data.measures import Measure

KINDS = ("nan", "infinite", "below", "above")
_LARGEST, _LARGEST_SINGLE = sys.float_info.max, float.fromhex("0x1.fffffep+127")


@dataclass(frozen=True)
class Group:
    """Measures of one column by their numbers. doubtful: true for each row that meets any of them."""

    numbers: tuple[int, ...]
    doubtful: nw.Expr


def groups(table: Table, measures: Mapping[int, Measure]) -> list[Group]:
    """Those of the measures, all of KINDS, that one condition can answer with 0 for several."""
    of: dict[str, dict[int, Measure]] = {}
    for number, measure in measures.items():
        of.setdefault(measure.columns[0], {})[number] = measure
    found = []
    for name, each in of.items():
        cells = table.cells(name)
        if cells.floating and len(each) > 1:
            found.append(Group(tuple(each), ~_sound(cells, each.values())))
    return found


def _sound(cells: Cells, asked: Collection[Measure]) -> nw.Expr:
    """Engines take NaN for larger than all numbers, so it is never at most what is the most here."""
    largest = _LARGEST_SINGLE if cells.single else _LARGEST
    most = largest if any(each.kind == "infinite" for each in asked) else math.inf
    least = max([-most, *(cells.limit(each.value) for each in asked if each.kind == "below")])
    most = min([most, *(cells.limit(each.value) for each in asked if each.kind == "above")])
    sound: nw.Expr = (cells.expr >= least) & (cells.expr <= most)
    return sound
