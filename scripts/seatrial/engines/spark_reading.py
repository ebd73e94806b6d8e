"""Sources as frames of Spark: Parquet and CSV, with the file and the place in it that each row comes from.

Imported in a child process only.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

import narwhals as nw
from pyspark.sql import Column, SparkSession
from pyspark.sql import functions as f
from pyspark.sql import types as t

from seatrial.engines.engine import Opened, Unreadable
from seatrial.engines.spark_columns import FILE, ROW, inside_names, quoted, type_of
from seatrial.engines.spark_footers import read_footers, uri
from seatrial.gates.data.measures import Source


@dataclass(frozen=True)
class Numbers:
    """Row numbers from 1 over all files. before: the rows of all earlier files; total: where it is known."""

    before: Sequence[int]
    total: int | None = None

    def of(self, file: int, row: int) -> int:
        return self.before[file] + row + 1


def open_source(spark: SparkSession, source: Source, scratch: Path) -> tuple[Opened, Numbers]:
    """The source as a frame, and how its rows are numbered. Raises Unreadable."""
    for file in source.files:
        if Path(file).name.startswith(("_", ".")):
            raise Unreadable(f"Spark does not see files whose names begin with _ or .; rename {file}")
    return _parquet(spark, source)


def _parquet(spark: SparkSession, source: Source) -> tuple[Opened, Numbers]:
    footers = read_footers(spark, source.files)
    # Recursive, since otherwise a folder with a blank in its name is listed twice.
    raw = spark.read.option("recursiveFileLookup", "true").parquet(*map(_unglobbed, source.files))
    names = list(raw.columns)
    inside = inside_names(names)
    columns = [
        _typed(quoted(name), footers.marks.get(name, "")).alias(inside.get(name, name)) for name in names
    ]
    number = _file(spark, source.files).alias(FILE)
    frame = raw.select(number, f.col("_metadata.row_index").alias(ROW), *columns)
    types = {field.name: field.dataType for field in frame.schema.fields}
    told = {name: type_of(types[inside.get(name, name)], footers.marks.get(name, "")) for name in names}
    floats = (t.FloatType, t.DoubleType)
    floating = frozenset(name for name in names if isinstance(types[inside.get(name, name)], floats))
    opened = Opened(source, nw.from_native(frame), told, floating, {}, inside)
    before = tuple(accumulate(footers.rows, initial=0))
    return opened, Numbers(before, before[-1])


def _unglobbed(file: str) -> str:
    """A path that means this one file, whatever characters are in its name."""
    return re.sub(r"([\\*?\[\]{}])", r"\\\1", uri(file))


def _typed(column: Column, mark: str) -> Column:
    """Nanoseconds are read as integers; as a time they keep their microseconds."""
    if mark.startswith("TIMESTAMP(NANOS"):
        moment = f.timestamp_micros(f.floor(column / 1000))
        return moment if mark.endswith("true)") else moment.cast(t.TimestampNTZType())
    return column


def _file(spark: SparkSession, files: Sequence[str]) -> Column:
    """The number of the file that a row comes from."""
    if len(files) == 1:
        return f.lit(0)
    path: Any = spark._jvm.org.apache.hadoop.fs.Path
    numbers = {str(path(uri(file)).toUri().toString()): number for number, file in enumerate(files)}
    known = f.from_json(f.lit(json.dumps(numbers)), t.MapType(t.StringType(), t.IntegerType()))
    return known[f.col("_metadata.file_path")]
