"""More bad Parquet: depth, dictionaries, and bytes changed anywhere. Never a traceback, never a wait."""

import io
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from seatrial.commands.running import Limits
from seatrial.engines.files.reading import Source
from seatrial.engines.tables.parquet import read_parquet
from seatrial.engines.tables.reading import read_table
from seatrial.errors import BadInput


def parquet(**columns: Any) -> bytes:
    target = io.BytesIO()
    pl.DataFrame(columns).write_parquet(target)
    return target.getvalue()


def test_parquet_deeply_nested(tmp_path: Path) -> None:
    """A list of lists of lists: the other columns are read as ever, and it is told when it is asked for."""
    deep: Any = 1
    for _ in range(30):
        deep = [deep]
    (tmp_path / "rows.parquet").write_bytes(parquet(id=[1], deep=[deep]))
    table = read_table(tmp_path / "rows.parquet", name="rows.parquet", columns={"id"})
    assert table.keys(["id"]).values == ["1"]
    with pytest.raises(
        BadInput, match=r'^rows\.parquet: column "deep" has type List\(.*; expected numbers'
    ) as said:
        read_table(tmp_path / "rows.parquet", name="rows.parquet", columns={"deep"})
    assert len(str(said.value)) < 300


def test_parquet_huge_dictionary() -> None:
    """One long text, named by every row: small in the file, beyond the limit as text."""
    column = pl.Series(["y" * 100_000] * 20_000, dtype=pl.Categorical)
    content = parquet(x=column)
    assert len(content) < 1_000_000
    with pytest.raises(
        BadInput, match=r"^rows\.parquet: the reader .*; the file is damaged or far too large"
    ):
        read_parquet(Source("rows.parquet", content, ""), None, Limits(time=30, memory=300 * 2**20))


@pytest.mark.parametrize("part", range(12))
def test_parquet_changed_anywhere(tmp_path: Path, part: int) -> None:
    """Each twelfth of the file overwritten: it is read, or refused in one line."""
    whole = bytearray(parquet(id=list(range(50)), score=[i / 50 for i in range(50)]))
    step = len(whole) // 12
    for at in range(part * step, (part + 1) * step):
        whole[at] ^= 0x5A
    (tmp_path / "rows.parquet").write_bytes(whole)
    try:
        table = read_table(tmp_path / "rows.parquet", name="rows.parquet", columns=None)
    except BadInput as said:
        assert str(said).startswith("rows.parquet: ")
        assert "\n" not in str(said)
    else:
        assert table.rows >= 0
