"""What the first rows settle already, so that nothing of it is counted in all of them.

Imported in the child processes only.
"""

import narwhals as nw

from seatrial.engines.measures import summaries
from seatrial.engines.measures.engine import Engine
from seatrial.engines.measures.typed import Table, Unfit
from seatrial.gates.data.measures import Answer, Asked

_ROWS = 1_000


def settled(engine: Engine, asked: Asked, table: Table) -> dict[int, Answer]:
    """Answers by the number of the measure: columns that hold two values are not constant, whatever follows.

    Only where there is much to read: of a few rows, all are looked through as soon.
    """
    if not table.opened.large:
        return {}
    plan: dict[str, nw.Expr] = {}
    numbers = []
    for number, measure in enumerate(asked.measures):
        if measure.kind != "constant":
            continue
        try:
            plan |= summaries.numbered(number, summaries.plan(measure, table))
        except Unfit:
            continue  # told where all rows are counted
        numbers.append(number)
    if not numbers:
        return {}
    (found,) = engine.rows_of(table.opened.frame.head(_ROWS).select(**plan))
    answers = {
        number: summaries.answer(asked.measures[number], summaries.of(number, found)) for number in numbers
    }
    return {number: answer for number, answer in answers.items() if answer.count > 1}
