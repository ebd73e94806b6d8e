"""Spark as an engine, in the consumer's PySpark. Imported in a child process only.

Spark distributes; all that is written here are expressions, groups and joins of its own.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import narwhals as nw
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import types as t

from seatrial.engines.measures.engine import Hits, Opened, Unreadable
from seatrial.engines.spark import drift as spark_drift
from seatrial.engines.spark import keys as spark_keys
from seatrial.engines.spark.columns import FILE, ROW, quoted
from seatrial.engines.spark.reading import Numbers, Place, open_source
from seatrial.gates.data.measures import Facts, Source
from seatrial.text import shown


class Spark:
    """Reads lazily; what is collected is small."""

    def __init__(self, spark: SparkSession) -> None:
        self._spark = spark
        self._places: dict[str, Place] = {}

    def open(self, source: Source) -> Opened:
        opened, self._places[source.name] = open_source(self._spark, source)
        return opened

    def confirm(self, facts: Mapping[str, Facts]) -> None:
        """That every row was read once, by source. Raises Unreadable."""
        for name, found in facts.items():
            rows = self._places[name].total
            if rows is not None and found.unscanned is None and rows != found.rows:
                raise Unreadable(f"Spark read {found.rows:,} rows of {name}, which has {rows:,}")

    def rows_of(self, frame: "nw.LazyFrame[Any]") -> list[dict[str, Any]]:
        native: DataFrame = nw.to_native(frame)
        return [row.asDict() for row in _plain(native).collect()]

    def held(self, opened: Opened, columns: Sequence[str]) -> Opened:
        return opened

    def first(
        self, opened: Opened, condition: nw.Expr, columns: Sequence[str], most: int
    ) -> list[tuple[int, dict[str, Any]]]:
        meets: DataFrame = nw.to_native(opened.frame.filter(condition))
        named = [opened.inside.get(name, name) for name in columns]
        chosen = _plain(meets.select(FILE, ROW, *map(quoted, named)))
        found = chosen.orderBy(FILE, ROW).limit(most).collect()
        number = self._places[opened.source.name].numbers.of
        return [(number(row[0], row[1]), dict(zip(columns, row[2:], strict=True))) for row in found]

    def repeated(self, opened: Opened, columns: Sequence[str], most: int) -> Hits:
        names = columns or tuple(opened.types)
        if not names:
            return Hits(0, problem="there are no columns")
        return self._hits(opened, spark_keys.repeated(opened, names), most)

    def shared(self, opened: Opened, other: Opened, columns: Sequence[str], most: int) -> Hits:
        names = columns or [name for name in opened.types if name in other.types]
        if not names:
            return Hits(0, problem="no column stands in both")
        missing = next((name for name in names if name not in other.types), None)
        if missing is not None:
            return Hits(0, problem=f"{other.source.name} has no column {shown(missing, 60)}")
        try:
            found = spark_keys.shared(opened, other, names, nulls_match=not columns)
        except spark_keys.Incomparable as reason:
            return Hits(0, problem=str(reason))
        return self._hits(opened, found, most)

    def _hits(self, opened: Opened, found: DataFrame, most: int) -> Hits:
        count = found.count()
        if not count or not most:
            return Hits(count)
        rows = found.select(FILE, ROW).orderBy(FILE, ROW).limit(most).collect()
        number = self._places[opened.source.name].numbers.of
        return Hits(count, tuple(number(row[0], row[1]) for row in rows))

    def bins(self, opened: Opened, reference: Opened | None, asked: Mapping[str, Any]) -> Any:
        places = None if reference is None else self._numbers(reference)
        return spark_drift.bins(opened, reference, places, asked)

    def sketch(self, opened: Opened, asked: Mapping[str, Any]) -> Any:
        return spark_drift.sketch(opened, self._numbers(opened), asked)

    def _numbers(self, opened: Opened) -> Callable[[], Numbers]:
        return lambda: self._places[opened.source.name].numbers


def _plain(frame: DataFrame) -> DataFrame:
    """Times as what the clocks of UTC show: PySpark would move others into the zone of its process."""
    fields = frame.schema.fields
    if not any(isinstance(field.dataType, t.TimestampType) for field in fields):
        return frame
    return frame.select(
        *(
            quoted(field.name).cast("timestamp_ntz").alias(field.name)
            if isinstance(field.dataType, t.TimestampType)
            else quoted(field.name)
            for field in fields
        )
    )
