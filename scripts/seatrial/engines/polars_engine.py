"""Polars' streaming engine. Imported in a child process only."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl

from seatrial.engines.engine import (
    BOOLEAN,
    DATE,
    INTEGER,
    NUMBER,
    OTHER,
    STRING,
    TIMESTAMP,
    Hits,
    Opened,
)
from seatrial.gates.data.measures import Source

_ROW = "\0row"


class Polars:
    """Scans files lazily; what is collected is small."""

    def open(self, source: Source) -> Opened:
        frame = _scan(source)
        schema = frame.collect_schema()
        floating = frozenset(name for name, dtype in schema.items() if dtype.is_float())
        types = {name: type_of(dtype) for name, dtype in schema.items()}
        return Opened(source, nw.from_native(frame), types, floating, {})

    def rows_of(self, frame: "nw.LazyFrame[Any]") -> list[dict[str, Any]]:
        native: pl.LazyFrame = nw.to_native(frame)
        return native.collect(engine="streaming").to_dicts()

    def first(
        self, opened: Opened, condition: nw.Expr, columns: Sequence[str], most: int
    ) -> list[tuple[int, dict[str, Any]]]:
        native: pl.LazyFrame = nw.to_native(opened.frame)
        meets = nw.from_native(native.with_row_index(_ROW, offset=1)).filter(condition)
        found: pl.LazyFrame = nw.to_native(meets.select(_ROW, *columns))
        rows = found.head(most).collect(engine="streaming").to_dicts()
        return [(int(row.pop(_ROW)), row) for row in rows]

    def repeated(self, opened: Opened, columns: Sequence[str], most: int) -> Hits:
        from seatrial.engines import keys  # with numpy, which most policies do not need

        return keys.repeated(opened, columns, most, Path.cwd())

    def shared(self, opened: Opened, other: Opened, columns: Sequence[str], most: int) -> Hits:
        from seatrial.engines import keys

        return keys.shared(opened, other, columns, most, Path.cwd())

    def bins(self, opened: Opened, column: str, reference: Mapping[str, Any]) -> Any:
        raise NotImplementedError

    def sketch(self, opened: Opened) -> Any:
        raise NotImplementedError


def _scan(source: Source) -> pl.LazyFrame:
    files = list(source.files)
    if source.format == "parquet":
        return pl.scan_parquet(files, glob=False)
    return pl.scan_csv(files, glob=False, separator=source.csv["delimiter"], null_values=source.csv["nulls"])


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
    return TIMESTAMP if dtype == pl.Datetime else OTHER
