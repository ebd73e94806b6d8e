"""Parquet as a lazy frame of canonical types. Imported in a child process only."""

from collections.abc import Iterator, Mapping
from itertools import groupby

import polars as pl

from seatrial.engines.measures.engine import (
    BOOLEAN,
    DATE,
    INTEGER,
    NOTHING,
    NUMBER,
    OTHER,
    STRING,
    TIMESTAMP,
)
from seatrial.engines.measures.parquet_columns import names_of, types_of
from seatrial.engines.polars.cells import Cells, in_utc, read
from seatrial.engines.polars.frames import Frame, inside_names, partitioned
from seatrial.gates.data.measures import Reading, Source

_DTYPES: Mapping[str, pl.DataType] = {
    INTEGER: pl.Int64(),
    NUMBER: pl.Float64(),
    STRING: pl.String(),
    BOOLEAN: pl.Boolean(),
    DATE: pl.Date(),
    TIMESTAMP: pl.Datetime("us", "UTC"),
}
_WIDE = (pl.UInt64, pl.Int128, pl.UInt128)
_TOO_LARGE = 2.0**63
Schema = Mapping[str, pl.DataType]


def read_parquet(source: Source) -> Frame:
    """Raises Unreadable where the files differ in their columns, or in the type of one."""
    schemas: list[Schema] = [
        pl.scan_parquet(file, glob=False, hive_partitioning=False).collect_schema() for file in source.files
    ]
    names = names_of(source, schemas[0])
    inside = inside_names(names)
    readings = {name: Reading(name, "any") for name in names} | {
        each.column: each for each in source.readings
    }
    kinds = [{name: type_of(dtype) for name, dtype in schema.items()} for schema in schemas]
    types = types_of(source, kinds, readings)
    frames = []
    faulty: set[str] = set()
    for schema, partition, files in _runs(source, schemas):
        scan = pl.scan_parquet(files, glob=False, hive_partitioning=False)
        own = scan.rename({name: to for name, to in inside.items() if name in schema})
        frame = partitioned(own, schema, partition, inside)
        values, faults = [], {}
        for name in names:
            column = pl.col(inside.get(name, name))
            if name in schema:
                value, fault = _stored(column, schema[name], types[name], readings[name])
            else:
                value, fault = _of_path(column, types[name], readings[name])
            values.append(value.alias(inside.get(name, name)))
            if fault is not None:
                faults[name] = fault
        faulty |= faults.keys()
        frames.append((frame, values, faults))
    told = {name: f"\0fault {number}" for number, name in enumerate(names) if name in faulty}
    whole = [
        frame.select(*values, *(faults.get(name, pl.lit(False)).alias(to) for name, to in told.items()))
        for frame, values, faults in frames
    ]
    return Frame(whole[0] if len(whole) == 1 else pl.concat(whole), types, told, inside)


def _runs(source: Source, schemas: list[Schema]) -> Iterator[tuple[Schema, Mapping[str, str], list[str]]]:
    """Files that follow each other and are alike."""
    for _, run in groupby(
        range(len(source.files)), lambda n: (tuple(schemas[n].items()), source.partitions[n])
    ):
        numbers = list(run)
        yield schemas[numbers[0]], source.partitions[numbers[0]], [source.files[n] for n in numbers]


def _stored(
    column: pl.Expr, dtype: pl.DataType, wanted: str, reading: Reading
) -> tuple[pl.Expr, pl.Expr | None]:
    """The values of a column of the file, and which of them are not of the type."""
    if dtype == pl.Null:
        return column.cast(_DTYPES.get(wanted, pl.String())), None
    match wanted:
        case "integer" if not dtype.is_integer():
            value = column.cast(pl.Int64, strict=False)
            if dtype.is_float():
                whole = (column == column.floor()) & (column >= -_TOO_LARGE) & (column < _TOO_LARGE)
            else:
                whole = value.cast(dtype) == column
            value = pl.when(whole).then(value)
            return value, column.is_not_null() & value.is_null()
        case "integer" | "number" if dtype != _DTYPES[wanted] and dtype not in _WIDE:
            return column.cast(_DTYPES[wanted]), None
        case "number" | "string" if dtype != _DTYPES[wanted]:
            return column.cast(_DTYPES[wanted]), None
        case "timestamp":
            return _in_utc(column, dtype, reading.zone)
    return column, None


def _in_utc(column: pl.Expr, dtype: pl.DataType, zone: str | None) -> tuple[pl.Expr, pl.Expr | None]:
    assert isinstance(dtype, pl.Datetime)
    if dtype.time_zone is not None:
        return column if dtype.time_zone == "UTC" else column.dt.convert_time_zone("UTC"), None
    if zone is None or zone == "UTC":
        return column.dt.replace_time_zone("UTC"), None
    value = in_utc(column, zone)
    return value, column.is_not_null() & value.is_null()


def _of_path(column: pl.Expr, wanted: str, reading: Reading) -> tuple[pl.Expr, pl.Expr | None]:
    """The values that the path gives, which are text."""
    if wanted == STRING:
        return column, None
    return read(column, Cells(wanted, zone=reading.zone))


def type_of(dtype: pl.DataType) -> str:
    """The policy's name of a type."""
    if dtype.is_integer():
        return INTEGER
    if dtype.is_numeric():
        return NUMBER
    if dtype in (pl.String, pl.Categorical, pl.Enum):
        return STRING
    if dtype == pl.Boolean:
        return BOOLEAN
    if dtype == pl.Date:
        return DATE
    if dtype == pl.Null:
        return NOTHING
    return TIMESTAMP if dtype == pl.Datetime else OTHER
