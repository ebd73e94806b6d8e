"""Sources as frames of Spark, and how their rows are numbered. Imported in a child process only."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from pathlib import Path

import narwhals as nw
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as f
from pyspark.sql import types as t

from seatrial.engines.measures.engine import Opened, Unreadable
from seatrial.engines.spark.columns import FILE, ROW
from seatrial.engines.spark.csv_files import read_csv
from seatrial.engines.spark.footers import footers
from seatrial.engines.spark.parquet_files import read_parquet
from seatrial.gates.data.measures import Source


@dataclass(frozen=True)
class Numbers:
    """Row numbers from 1 over all files.

    before: the rows of all earlier files, by file, and of all; least: what ROW begins with in each file.
    """

    before: Sequence[int]
    least: Mapping[int, int] = field(default_factory=dict)

    def of(self, file: int, row: int) -> int:
        return self.before[file] + row - self.least.get(file, 0) + 1


class Place:
    """Where rows stand, which is counted when somebody asks. total: of all rows, where it is known."""

    def __init__(self, count: Callable[[], Numbers], total: int | None = None) -> None:
        self._count, self.total = count, total

    @cached_property
    def numbers(self) -> Numbers:
        return self._count()


def open_source(spark: SparkSession, source: Source) -> tuple[Opened, Place]:
    """The source as a frame, and the places of its rows. Raises Unreadable."""
    for number, file in enumerate(source.files):
        if Path(file).name.startswith(("_", ".")):
            raise Unreadable(
                "Spark does not see files whose names begin with _ or a dot; rename it", source.called(number)
            )
    if source.format == "parquet":
        ends = footers(spark, source)
        read = read_parquet(spark, source, ends)
        before = tuple(accumulate((each.rows for each in ends), initial=0))
        place = Place(lambda: Numbers(before), before[-1])
    else:
        read = read_csv(spark, source)
        place = Place(lambda: _counted(read.frame, len(source.files)))
    dtypes = {each.name: each.dataType for each in read.frame.schema.fields}
    floats = (t.FloatType, t.DoubleType)
    floating = frozenset(
        name for name in read.types if isinstance(dtypes[read.inside.get(name, name)], floats)
    )
    unreadable = {name: nw.col(column) for name, column in read.faults.items()}
    frame = nw.from_native(read.frame)
    return Opened(source, frame, read.types, floating, unreadable, read.inside), place


def _counted(frame: DataFrame, files: int) -> Numbers:
    """Of CSV: Spark's ids ascend in a file, one after the other, from a number of its own."""
    counted = frame.groupBy(FILE).agg(f.count("*"), f.min(ROW)).collect()
    rows = {int(each[0]): int(each[1]) for each in counted}
    before = tuple(accumulate((rows.get(number, 0) for number in range(files)), initial=0))
    return Numbers(before, {int(each[0]): int(each[2]) for each in counted})
