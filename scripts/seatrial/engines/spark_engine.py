"""Spark as an engine, in the consumer's PySpark. Imported in a child process only.

Spark distributes; all that is written here are expressions, groups and joins of its own.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import narwhals as nw
from pyspark.sql import DataFrame, SparkSession

from seatrial.engines import spark_keys
from seatrial.engines.engine import Hits, Opened, Unreadable
from seatrial.engines.spark_columns import FILE, ROW, quoted
from seatrial.engines.spark_reading import Numbers, open_source
from seatrial.gates.data.measures import Facts, Source
from seatrial.text import shown


class Spark:
    """Reads lazily; what is collected is small."""

    def __init__(self, spark: SparkSession, scratch: Path) -> None:
        self._spark, self._scratch = spark, scratch
        self._numbers: dict[str, Numbers] = {}

    def open(self, source: Source) -> Opened:
        opened, numbers = open_source(self._spark, source, self._scratch)
        self._numbers[source.name] = numbers
        return opened

    def confirm(self, facts: Mapping[str, Facts]) -> None:
        """That every row was read once, by source. Raises Unreadable."""
        for name, found in facts.items():
            rows = self._numbers[name].total
            if rows is not None and rows != found.rows:
                raise Unreadable(f"Spark read {found.rows:,} rows of {name}, which has {rows:,}")

    def rows_of(self, frame: "nw.LazyFrame[Any]") -> list[dict[str, Any]]:
        native: DataFrame = nw.to_native(frame)
        return [row.asDict() for row in native.collect()]

    def first(
        self, opened: Opened, condition: nw.Expr, columns: Sequence[str], most: int
    ) -> list[tuple[int, dict[str, Any]]]:
        meets: DataFrame = nw.to_native(opened.frame.filter(condition))
        named = [opened.inside.get(name, name) for name in columns]
        found = meets.select(FILE, ROW, *map(quoted, named)).orderBy(FILE, ROW).limit(most).collect()
        number = self._numbers[opened.source.name].of
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
        number = self._numbers[opened.source.name].of
        return Hits(count, tuple(number(row[0], row[1]) for row in rows))

    def bins(self, opened: Opened, reference: Opened | None, asked: Mapping[str, Any]) -> Any:
        raise NotImplementedError

    def sketch(self, opened: Opened, asked: Mapping[str, Any]) -> Any:
        raise NotImplementedError
