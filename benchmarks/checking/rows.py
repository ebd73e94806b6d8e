"""The data of the benchmark: drawn with numpy in chunks, written as Parquet and CSV.

Usage: rows.py sound|faulty FOLDER ROWS FORMAT ..., or rows.py decode FILE
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import contract
import numpy as np
import polars as pl

CHUNK = 500_000
SMALL_GROUPS = 131_072


def chunks(rows: int, *, faulty: bool) -> Iterator[pl.DataFrame]:
    """The rows, part by part; the faults lie in the first part."""
    for number, begin in enumerate(range(0, rows, CHUNK)):
        part = _chunk(begin, min(CHUNK, rows - begin), np.random.default_rng([7, number]))
        yield _spoilt(part) if faulty and number == 0 else part


def _chunk(begin: int, rows: int, random: np.random.Generator) -> pl.DataFrame:
    ids = np.arange(begin, begin + rows, dtype=np.int64) * 2_654_435_761 % 2**40  # odd, so none repeats
    found: dict[str, Any] = {"id": ids}
    found |= {name: random.integers(0, most + 1, rows) for name, most in contract.INTEGERS.items()}
    for n, name in enumerate(contract.NUMBERS):
        found[name] = np.round(np.clip(random.normal(50, 12, rows), 0, 100), 3 if n < 6 else 6)
    for name in contract.SETS:
        known = contract.values_of(name)
        found[name] = pl.Series(known).gather(random.integers(0, len(known), rows))
    found["b"] = random.random(rows) < 0.3
    found["t"] = pl.Series(random.integers(0, 10**15, rows)).cast(pl.Datetime("us"))
    return pl.DataFrame(found)


def _spoilt(part: pl.DataFrame) -> pl.DataFrame:
    """The faults of contract.PLANTED, each in rows of its own."""
    at = 100
    for fault, count in contract.PLANTED.items():
        rule, name = fault.split("/")
        column = part[name].to_list()
        for row in range(at, at + count):
            if rule == "nulls":
                column[row] = None
            elif rule == "range":
                column[row] = -1 if row % 2 else contract.ranges()[name][1] + 1
            elif rule == "set":
                column[row] = "elsewhere"
            else:
                column[row] = column[row - 50]
        part = part.with_columns(pl.Series(name, column, dtype=part.schema[name]))
        at += 100
    return part


def write(folder: Path, rows: int, formats: list[str], *, faulty: bool) -> None:
    """Files by format: parquet, groups (Parquet in groups of 128k rows) and csv."""
    parts = folder / "parts"
    parts.mkdir()
    files = {each: contract.file_of(folder, rows, each, faulty=faulty) for each in formats}
    with open(files.get("csv", "/dev/null"), "wb") as csv:
        for number, part in enumerate(chunks(rows, faulty=faulty)):
            part.write_parquet(parts / f"{number:05}.parquet", compression="lz4")
            if "csv" in files:
                part.write_csv(csv, include_header=number == 0)
    whole = pl.scan_parquet(sorted(parts.iterdir()), glob=False)
    for each in ("parquet", "groups"):
        if each in files:
            size = SMALL_GROUPS if each == "groups" else None
            # Faulty files have no statistics, from which a gate could tell without reading to the end.
            whole.sink_parquet(files[each], row_group_size=size, statistics=not faulty)
    for part_file in parts.iterdir():
        part_file.unlink()
    parts.rmdir()


def decode(file: str) -> None:
    """The physical limit: every cell is decoded once, and nothing is done with it."""
    whole = pl.scan_csv(file, try_parse_dates=True) if file.endswith(".csv") else pl.scan_parquet(file)
    for _ in whole.collect_batches(maintain_order=False, engine="streaming"):
        pass


if __name__ == "__main__":
    what, path, *more = sys.argv[1:]
    if what == "decode":
        decode(path)
    else:
        write(Path(path), int(more[0]), more[1:], faulty=what == "faulty")
