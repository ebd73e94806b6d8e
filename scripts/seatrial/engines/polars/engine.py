"""Polars' streaming engine. Imported in a child process only."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl

from seatrial.engines.measures.engine import Hits, Opened
from seatrial.engines.polars.csv_files import read_csv
from seatrial.engines.polars.parquet_files import read_parquet
from seatrial.gates.data.measures import Source

_ROW = "\0row"
_LARGE = 2**25  # bytes of files


class Polars:
    """Scans files lazily; what is collected is small."""

    def __init__(self, *, exact: bool = False) -> None:
        self._exact = exact

    def open(self, source: Source) -> Opened:
        """Raises Unreadable. Where a cell of CSV is not of its type, collecting raises until `exact`."""
        read = read_parquet(source) if source.format == "parquet" else read_csv(source, exact=self._exact)
        schema = read.frame.collect_schema()
        floating = frozenset(name for name in read.types if schema[read.inside.get(name, name)].is_float())
        unreadable = {name: nw.col(column) for name, column in read.faults.items()}
        large = sum(os.stat(file).st_size for file in source.files) >= _LARGE
        frame = nw.from_native(read.frame)
        return Opened(source, frame, read.types, floating, unreadable, read.inside, large)

    def rows_of(self, frame: "nw.LazyFrame[Any]") -> list[dict[str, Any]]:
        native: pl.LazyFrame = nw.to_native(frame)
        return native.collect(engine="streaming").to_dicts()

    def held(self, opened: Opened, columns: Sequence[str]) -> Opened:
        native: pl.LazyFrame = nw.to_native(opened.frame)
        found = native.select(opened.inside.get(name, name) for name in columns).collect(engine="streaming")
        return replace(opened, frame=nw.from_native(found.lazy()))

    def first(
        self, opened: Opened, condition: nw.Expr, columns: Sequence[str], most: int
    ) -> list[tuple[int, dict[str, Any]]]:
        native: pl.LazyFrame = nw.to_native(opened.frame)
        meets = nw.from_native(native.with_row_index(_ROW, offset=1)).filter(condition)
        values = {f"\0{number}": opened.column(name) for number, name in enumerate(columns)}
        found: pl.LazyFrame = nw.to_native(meets.select(nw.col(_ROW), **values))
        rows = found.head(most).collect(engine="streaming").rows()
        return [(int(row), dict(zip(columns, shown, strict=True))) for row, *shown in rows]

    def repeated(self, opened: Opened, columns: Sequence[str], most: int) -> Hits:
        from seatrial.engines.polars import keys  # with numpy, which most policies do not need

        return keys.repeated(opened, columns, most, Path.cwd())

    def shared(self, opened: Opened, other: Opened, columns: Sequence[str], most: int) -> Hits:
        from seatrial.engines.polars import keys

        return keys.shared(opened, other, columns, most, Path.cwd())

    def bins(self, opened: Opened, reference: Opened | None, asked: Mapping[str, Any]) -> Any:
        from seatrial.engines.polars import sketching

        return sketching.bins(opened, reference, asked)

    def sketch(self, opened: Opened, asked: Mapping[str, Any]) -> Any:
        from seatrial.engines.polars import sketching

        return sketching.sketch(opened, asked)
