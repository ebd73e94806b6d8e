"""CSV as a lazy frame of typed columns. Imported in a child process only.

Columns of integers, numbers and booleans are parsed while the text is split, which is fast and gives up at
the first cell of another type. Then they are read as text, and such cells are told apart. So are times
that are all written alike.
"""

from collections.abc import Mapping
from itertools import groupby

import polars as pl

from seatrial.engines.measures.engine import BOOLEAN, INTEGER, NUMBER, STRING, TIMESTAMP
from seatrial.engines.polars.cells import ZONED, Cells, read
from seatrial.engines.polars.frames import Frame, inside_names, partitioned
from seatrial.engines.polars.times import read_alike
from seatrial.gates.data.measures import Reading, Source

_PARSED = {INTEGER: pl.Int64(), NUMBER: pl.Float64(), BOOLEAN: pl.Boolean()}
_SAMPLE = 10_000


def read_csv(source: Source, *, exact: bool) -> Frame:
    """exact: no column is parsed while the text is split, so no cell can stop the reading."""
    header = list(source.csv["headers"][0])
    names = list(dict.fromkeys([*header, *source.partitions[0]]))
    inside = inside_names(names)
    readings = [each for each in source.readings if each.column in names and each.type not in ("any", STRING)]
    types = dict.fromkeys(names, STRING) | {each.column: each.type for each in readings}
    sample = _scan(source, {}, inside).head(_SAMPLE).collect() if readings else pl.DataFrame()
    parsed, columns, faults = {}, [], {}
    for number, reading in enumerate(readings):
        name = inside.get(reading.column, reading.column)
        cells = _cells(source, reading, sample[name])
        value, fault = read(pl.col(name), cells)
        fits = not exact and reading.column in header and _may_be_parsed(cells)
        if fits and not sample.select(fault.any()).item():
            parsed[name] = _PARSED[reading.type]
            continue
        alike = None if exact or reading.type != TIMESTAMP else read_alike(pl.col(name), cells, sample[name])
        value, fault = alike or (value, fault)
        faults[reading.column] = f"\0fault {number}"
        columns += [value.alias(name), fault.alias(faults[reading.column])]
    return Frame(_scan(source, parsed, inside).with_columns(columns), types, faults, inside)


def _may_be_parsed(cells: Cells) -> bool:
    """Whether the reader of text takes what `read` takes, no more and no less, or gives up."""
    pointed = cells.decimal == "." or cells.type != NUMBER  # it takes a point for a comma
    return cells.type in _PARSED and cells.empty and pointed


def _cells(source: Source, reading: Reading, sample: pl.Series) -> Cells:
    return Cells(
        reading.type,
        source.csv["decimal"],
        "" in source.csv["nulls"],
        reading.zone,
        bool(sample.str.contains(ZONED).any()),
    )


def _scan(source: Source, parsed: Mapping[str, pl.DataType], inside: Mapping[str, str]) -> pl.LazyFrame:
    """All files, in order, with the columns of the first: as text but for those that are parsed."""
    headers = source.csv["headers"]
    frames = []
    for (header, partition), numbers in groupby(
        range(len(source.files)), lambda n: (tuple(headers[n]), source.partitions[n])
    ):
        called = [inside.get(name, name) for name in header]
        frame = pl.scan_csv(
            [source.files[number] for number in numbers],
            glob=False,
            has_header=False,  # its names are known, and may be others inside
            skip_rows=1,
            schema={name: parsed.get(name, pl.String()) for name in called},
            separator=source.csv["delimiter"],
            null_values=source.csv["nulls"] or None,
            empty_string_is_null="" in source.csv["nulls"],
        )
        frames.append(partitioned(frame, header, partition, inside))
    first = [inside.get(name, name) for name in dict.fromkeys([*headers[0], *source.partitions[0]])]
    return frames[0] if len(frames) == 1 else pl.concat([frame.select(_all(first)) for frame in frames])


def _all(names: list[str]) -> list[pl.Expr]:
    return [pl.col(name) for name in names]
