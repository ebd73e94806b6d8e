"""Run as a script in a child process: measures sources with Polars' streaming engine."""

import sys
from collections.abc import Callable
from pathlib import Path

if __name__ == "__main__":
    sys.path.append(str(Path(__file__).resolve().parents[2]))

import narwhals as nw
import polars as pl

from seatrial.commands.workers import reply, request_of
from seatrial.engines.conditions import condition, count
from seatrial.gates.data import measures
from seatrial.gates.data.measures import ROW_CONDITIONS, Answer, Asked, Facts, Measure, Source

_FITS: dict[str, Callable[[pl.DataType], bool]] = {
    "integer": lambda dtype: dtype.is_integer(),
    "number": lambda dtype: dtype.is_numeric(),
    "string": lambda dtype: dtype in (pl.String, pl.Categorical, pl.Enum),
    "boolean": lambda dtype: dtype == pl.Boolean,
    "date": lambda dtype: dtype == pl.Date,
    "timestamp": lambda dtype: dtype == pl.Datetime,
}


def main(folder: Path) -> None:
    asked = measures.asked_of(request_of(folder))
    try:
        answer = measures.reply([_facts(each) for each in asked])
    except BaseException as error:  # polars panics are BaseException
        reply(folder, {"status": "damaged", "detail": str(error)[:500]})
        return
    reply(folder, {"status": "read", **answer})


def frame_of(source: Source) -> pl.LazyFrame:
    files = list(source.files)
    if source.format == "parquet":
        return pl.scan_parquet(files, glob=False)
    return pl.scan_csv(files, glob=False, separator=source.csv["delimiter"], null_values=source.csv["nulls"])


def _facts(asked: Asked) -> Facts:
    frame = frame_of(asked.source)
    schema = frame.collect_schema()
    floating = frozenset(name for name, dtype in schema.items() if dtype.is_float())
    plan: dict[str, nw.Expr] = {"rows": nw.len().cast(nw.Int64)}
    answers: list[Answer | None] = []
    for number, measure in enumerate(asked.measures):
        missing = [name for name in measure.columns if name not in schema]
        if missing:
            answers.append(Answer(problem="the column is missing"))
        elif measure.kind == "unreadable":
            fits = _FITS[str(measure.value)](schema[measure.columns[0]])
            answers.append(Answer() if fits else Answer(problem=f"is {schema[measure.columns[0]]}"))
        elif measure.kind not in ROW_CONDITIONS:
            answers.append(Answer(problem="not measured"))
        else:
            answers.append(None)
            plan[str(number)] = count(condition(measure, floating))
    found = nw.to_native(nw.from_native(frame).select(**plan)).collect(engine="streaming").row(0, named=True)
    rows = int(found["rows"])
    return Facts(
        rows,
        {name: str(dtype) for name, dtype in schema.items()},
        tuple(
            answer or _answer(frame, asked, measure, floating, int(found[str(number)] or 0), rows)
            for number, (measure, answer) in enumerate(zip(asked.measures, answers, strict=True))
        ),
    )


def _answer(
    frame: pl.LazyFrame, asked: Asked, measure: Measure, floating: frozenset[str], count: int, rows: int
) -> Answer:
    at: tuple[int, ...] = ()
    if count > measure.accepted * rows and asked.show:
        meets = nw.from_native(frame.with_row_index("__row")).filter(condition(measure, floating))
        found = nw.to_native(meets.select("__row")).head(asked.show).collect(engine="streaming")
        at = tuple(int(row) + 1 for row in found["__row"])
    return Answer(count, at)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
