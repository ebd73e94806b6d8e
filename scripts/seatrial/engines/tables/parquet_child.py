"""Run as a script in a child process: reads a Parquet file with polars and writes plain arrays."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if __name__ == "__main__":
    sys.path.append(str(Path(__file__).resolve().parents[3]))

from seatrial.commands.workers import reply, request_of
from seatrial.engines.files.cells import quoted
from seatrial.engines.tables import packed
from seatrial.engines.tables.table import Column
from seatrial.text import shown

if TYPE_CHECKING:
    import polars as pl

MAX_COLUMNS = 10_000


class Refused(Exception):
    """What is wrong with the file: a status for the parent, and a detail."""

    def __init__(self, status: str, detail: str) -> None:
        super().__init__(status, detail)
        self.status = status
        self.detail = detail


def main(folder: Path) -> None:
    header: list[str] = []
    try:
        import polars as pl
    except ImportError:
        reply(folder, {"status": "no polars"})
        return
    request = request_of(folder)
    file, wanted = str(request["file"]), request.get("columns")
    try:
        header = list(pl.read_parquet_schema(file))
        if "drop" in request:
            pl.read_parquet(file, glob=False).drop(str(request["drop"])).write_parquet(str(request["target"]))
            reply(folder, {"status": "read"})
            return
        names = header if not isinstance(wanted, list) else [str(name) for name in wanted]
        if len(header) > MAX_COLUMNS:
            raise Refused("type", f"the file has {len(header):,} columns; at most {MAX_COLUMNS:,} are read")
        for name in names:
            if name not in header:
                raise Refused("missing", name)
        frame = pl.read_parquet(file, columns=names, use_pyarrow=False, glob=False)
        packed.write(folder, columns_of(frame, skip=wanted is None))
        rows = (
            frame.height
            if names
            else int(pl.scan_parquet(file, glob=False).select(pl.len()).collect().item())
        )
    except Refused as refused:
        reply(folder, {"status": refused.status, "detail": refused.detail, "header": [*header]})
    except BaseException as error:  # polars panics are BaseException
        reply(folder, {"status": "damaged", "detail": str(error)[:500]})
    else:
        reply(folder, {"status": "read", "rows": rows, "header": [*header]})


def columns_of(frame: "pl.DataFrame", *, skip: bool) -> list[Column]:
    """All columns. skip: leave out those of other types, when nobody asked for them by name."""
    found = []
    for name in frame.columns:
        try:
            found.append(column_of(frame[name]))
        except Refused:
            if not skip:
                raise
    return found


def column_of(series: "pl.Series") -> Column:
    """A polars series as plain arrays; dates, decimals and categories as text."""
    import polars as pl

    dtype = series.dtype
    nulls = series.is_null().to_numpy() if series.null_count() else None
    kind: Any = None
    if dtype == pl.Boolean:
        kind, fill = "boolean", pl.lit(False)
    elif dtype.is_integer() and dtype not in (pl.Int128, pl.UInt128):
        kind, fill = "integer", pl.lit(0)
    elif dtype.is_float():
        kind, fill = "number", pl.lit(0.0)
    if kind is not None:
        filled = (
            series
            if nulls is None
            else series.to_frame().select(pl.col(series.name).fill_null(fill))[series.name]
        )
        return Column(series.name, kind, filled.to_numpy(), nulls)
    if dtype.is_nested() or dtype in (pl.Binary, pl.Object):
        kind_of_type = shown(str(dtype), 40)
        raise Refused(
            "type",
            f"column {quoted(series.name)} has type {kind_of_type}; "
            "expected numbers, text, booleans or dates",
        )
    return Column(series.name, "text", series.cast(pl.String).fill_null("").to_list(), nulls)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
