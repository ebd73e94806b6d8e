"""Parquet as a frame of canonical types: the same, for the same files, as `polars.parquet_files` gives.

Imported in a child process only.
"""

from collections.abc import Mapping, Sequence
from functools import reduce
from itertools import groupby
from typing import TypeAlias

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as f
from pyspark.sql import types as t

from seatrial.engines.measures.engine import INTEGER, NOTHING, NUMBER, STRING, TIMESTAMP, Unreadable
from seatrial.engines.measures.parquet_columns import names_of, types_of
from seatrial.engines.spark.cells import Cells, in_utc, read
from seatrial.engines.spark.columns import FILE, ROW, inside_names, quoted, type_of
from seatrial.engines.spark.files import file_number, reason, unglobbed
from seatrial.engines.spark.footers import Footer
from seatrial.engines.spark.frames import Frame, of_path
from seatrial.gates.data.measures import Reading, Source
from seatrial.text import shown

_TOO_LARGE = 2.0**63
_FLOATS = (t.FloatType, t.DoubleType)
_WHOLE = (t.ByteType, t.ShortType, t.IntegerType, t.LongType)
_AS = {INTEGER: "bigint", NUMBER: "double", STRING: "string"}
Marked: TypeAlias = tuple[t.DataType, str]  # Spark's type, and what the file says of its values
Schema: TypeAlias = Mapping[str, Marked]


def read_parquet(spark: SparkSession, source: Source, footers: Sequence[Footer]) -> Frame:
    """Raises Unreadable where the files differ in their columns, or in the type of one."""
    names = names_of(source, footers[0].marks)
    inside = inside_names(names)
    readings = {name: Reading(name, "any") for name in names}
    readings |= {each.column: each for each in source.readings}
    runs = list(_runs(spark, source, footers))
    schemas = {number: schema for _, schema, numbers in runs for number in numbers}
    kinds = [
        {name: type_of(*marked) for name, marked in schemas[number].items()}
        for number in range(len(source.files))
    ]
    types = types_of(source, kinds, readings)
    number = file_number(spark, source.files)
    frames = []
    faulty: set[str] = set()
    for raw, schema, _ in runs:
        values, faults = [], {}
        for name in names:
            if name in schema:
                value, fault = _stored(quoted(name), schema[name], types[name], readings[name])
            else:
                value, fault = _of_path(of_path(source, name, number), types[name], readings[name])
            values.append(value.alias(inside.get(name, name)))
            if fault is not None:
                faults[name] = fault
        faulty |= faults.keys()
        frames.append((raw, values, faults))
    told = {name: f"\0fault {place}" for place, name in enumerate(names) if name in faulty}
    places = [number.alias(FILE), f.col("_metadata.row_index").alias(ROW)]
    whole = [
        raw.select(*places, *values, *(faults.get(name, f.lit(False)).alias(to) for name, to in told.items()))
        for raw, values, faults in frames
    ]
    return Frame(reduce(DataFrame.unionAll, whole), types, told, inside)


def _runs(
    spark: SparkSession, source: Source, footers: Sequence[Footer]
) -> "list[tuple[DataFrame, Schema, list[int]]]":
    """Files that follow each other and are alike."""
    found: list[tuple[DataFrame, Schema, list[int]]] = []
    for _, run in groupby(range(len(source.files)), lambda n: footers[n].schema):
        numbers = list(run)
        files = [unglobbed(source.files[number]) for number in numbers]
        try:
            # Recursive, since otherwise a folder with a blank in its name is listed twice.
            raw = spark.read.option("recursiveFileLookup", "true").parquet(*files)
        except Exception as error:
            called = source.called(numbers[0])
            raise Unreadable(f"Spark cannot read it: {shown(reason(error), 150)}", called) from None
        marks = footers[numbers[0]].marks
        schema = {field.name: (field.dataType, marks.get(field.name, "")) for field in raw.schema.fields}
        found.append((raw, schema, numbers))
    return found


def _stored(column: Column, marked: Marked, wanted: str, reading: Reading) -> tuple[Column, Column | None]:
    """The values of a column of the file, and which of them are not of the type."""
    dtype, mark = marked
    if mark.startswith("TIMESTAMP(NANOS"):
        # Spark has no nanoseconds; what lies beyond microseconds is cut.
        column = f.timestamp_micros(f.expr("0") + f.floor(column / 1000))
        dtype = t.TimestampType() if mark.endswith("true)") else t.TimestampNTZType()
    if type_of(*marked) == NOTHING:
        return f.lit(None).cast(_AS.get(wanted, wanted)), None
    if wanted == INTEGER and type_of(*marked) != INTEGER:
        if isinstance(dtype, _FLOATS):
            whole = (f.rint(column) == column) & (column >= -_TOO_LARGE) & (column < _TOO_LARGE)
        else:
            whole = column.cast("bigint").cast(dtype) == column
        value = f.when(whole, column.cast("bigint"))
        return value, column.isNotNull() & value.isNull()
    if wanted == INTEGER and not isinstance(dtype, _WHOLE):
        return column, None  # unsigned, of 64 bits
    if wanted in _AS:
        return column.cast(_AS[wanted]), None
    if wanted == TIMESTAMP:
        return _in_utc(column, dtype, reading.zone)
    return column, None


def _in_utc(column: Column, dtype: t.DataType, zone: str | None) -> tuple[Column, Column | None]:
    if isinstance(dtype, t.TimestampType) or zone is None or zone == "UTC":
        return column.cast("timestamp"), None
    value = in_utc(column.cast("timestamp_ntz"), zone)
    return value, column.isNotNull() & value.isNull()


def _of_path(column: Column, wanted: str, reading: Reading) -> tuple[Column, Column | None]:
    """The values that the path gives, which are text."""
    return (column, None) if wanted == STRING else read(column, Cells(wanted, zone=reading.zone))
