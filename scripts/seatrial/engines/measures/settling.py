"""What the footers of Parquet files already decide, so that no row need be read.

A rule on a type or on missing values that they refute fails the gate whatever the rows say. Imported in a
child process only.
"""

from collections.abc import Mapping, Sequence

from seatrial.engines.files.footers import Footers, read_footers
from seatrial.engines.measures.engine import Opened
from seatrial.engines.measures.measuring import wrong_type
from seatrial.engines.measures.typed import Table
from seatrial.gates.data.measures import Answer, Asked, Facts, Measure
from seatrial.text import counted

UNSCANNED = "not scanned"
MISSING = "the column is missing"


def settled(asked: Sequence[Asked], opened: Mapping[str, Opened]) -> list[Facts] | None:
    """The facts of all sources where the footers of one refute a rule; None where rows have to be read.

    Only what is asked with `settle`. The counts are exact; nothing tells which rows they are.
    """
    whys = []
    footers: dict[str, Footers | None] = {}
    for each in asked:
        mine, name = opened[each.source.name], each.source.name
        parquet = each.source.format == "parquet"
        footers[name] = read_footers(each.source.files) if parquet and each.settle else None
        whys += [why for measure in each.measures if (why := _refuted(measure, mine, footers[name]))]
    if not whys:
        return None
    return [_facts(each, opened[each.source.name], footers[each.source.name], whys[0]) for each in asked]


def _refuted(measure: Measure, mine: Opened, footers: Footers | None) -> str | None:
    answer = _answer(measure, mine, footers)
    if footers is None or answer is None or answer.count <= measure.accepted * footers.rows:
        return None
    what = counted(answer.count, "missing value") if measure.kind == "null" else "another type"
    return f"the footers of the Parquet files already tell of {what} in a column of {mine.source.name}"


def _answer(measure: Measure, mine: Opened, footers: Footers | None) -> Answer | None:
    """What is known without the rows; None where they have to be read."""
    if any(name not in mine.types for name in measure.columns):
        return Answer(problem=MISSING)
    if footers is None or measure.kind not in ("null", "unreadable"):
        return None
    name = measure.columns[0]
    if measure.kind == "unreadable":
        if wrong_type(measure, Table(mine)):
            return Answer(footers.rows, detail={"is": mine.types[name]})
        return Answer() if name not in mine.unreadable else None
    return Answer(footers.nulls[name]) if name in footers.nulls else None


def _facts(asked: Asked, mine: Opened, footers: Footers | None, why: str) -> Facts:
    answers = tuple(
        _answer(measure, mine, footers) or Answer(problem=f"{UNSCANNED}: {why}") for measure in asked.measures
    )
    return Facts(footers.rows if footers else 0, mine.types, answers, why)
