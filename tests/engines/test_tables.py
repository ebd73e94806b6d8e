"""Tables: only what is asked for, typed access, the join."""

import hashlib
import io
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from seatrial.engines.tables.joining import align, join
from seatrial.engines.tables.reading import read_table
from seatrial.engines.tables.table import Table
from seatrial.errors import BadInput


def table(tmp_path: Path, content: str, name: str = "rows.csv") -> Table:
    (tmp_path / name).write_text(content, newline="")
    return read_table(tmp_path / name, name=name, columns=None)


def parquet(tmp_path: Path, name: str = "rows.parquet", **columns: object) -> Table:
    target = io.BytesIO()
    pl.DataFrame(columns).write_parquet(target)
    (tmp_path / name).write_bytes(target.getvalue())
    return read_table(tmp_path / name, name=name, columns=None)


def test_only_the_columns_asked_for_are_kept(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_bytes(b"a,b,c\n1,2,3\n")
    read = read_table(tmp_path / "rows.csv", name="rows.csv", columns={"c", "a"})
    assert list(read.columns) == ["a", "c"]
    assert read.header == ("a", "b", "c")
    assert read.sha256 == hashlib.sha256(b"a,b,c\n1,2,3\n").hexdigest()


def test_bom_crlf_and_trailing_blank_lines_are_fine(tmp_path: Path) -> None:
    read = table(tmp_path, "\ufeffid,score\r\n1,0.5\r\n2,1e-3\r\n\r\n\r\n")
    assert read.columns.keys() == {"id", "score"}
    assert read.numbers("score").tolist() == [0.5, 0.001]
    assert read.line_of(1) == 3


def test_csv_and_parquet_give_the_same_numbers_texts_and_codes(tmp_path: Path) -> None:
    text = table(tmp_path, "n,x,b,d,s\n3,0.25,true,2013-01-01,b\n-1,2,false,2013-01-02,a\n")
    binary = parquet(
        tmp_path,
        n=[3, -1],
        x=[0.25, 2.0],
        b=[True, False],
        d=pl.Series(["2013-01-01", "2013-01-02"]).str.to_date(),
        s=pl.Series(["b", "a"], dtype=pl.Categorical),
    )
    for name in "nxbds":
        assert text.texts(name) == binary.texts(name)
        assert text.codes(name)[0] == binary.codes(name)[0]
        assert text.codes(name)[1].tolist() == binary.codes(name)[1].tolist()
    for name in "nx":
        assert text.numbers(name).tolist() == binary.numbers(name).tolist()


def test_decimals_of_parquet_are_numbers(tmp_path: Path) -> None:
    read = parquet(tmp_path, x=pl.Series(["1.25", "-3"]).cast(pl.Decimal(10, 2)))
    assert read.numbers("x").tolist() == [1.25, -3.0]


def test_gaps_become_nan_only_where_they_are_allowed(tmp_path: Path) -> None:
    read = table(tmp_path, "x,y\n1,1\n,2\n3,3\n")
    assert np.array_equal(read.numbers("x", gaps=True), [1, np.nan, 3], equal_nan=True)
    with pytest.raises(BadInput, match=r'rows\.csv:3: column "x" holds nothing'):
        read.numbers("x")
    with pytest.raises(BadInput, match=r'rows\.csv:3: column "x" holds "NA"'):
        table(tmp_path, "x,y\n,1\nNA,2\n").numbers("x", gaps=True)


def test_predictions_in_any_order_are_found(tmp_path: Path) -> None:
    data = table(tmp_path, "id,day\n1,a\n2,a\n1,b\n", "data.csv")
    shuffled = table(tmp_path, "day,id,score\nb,1,0.3\na,1,0.1\na,2,0.2\n", "predictions.csv")
    joined = join(data, shuffled, ("id", "day"))
    assert shuffled.numbers("score")[joined.rows].tolist() == [0.1, 0.2, 0.3]
    assert joined.note is None


def test_composite_keys_are_not_run_together(tmp_path: Path) -> None:
    data = table(tmp_path, "a,b\n1,11\n11,1\n", "data.csv")
    other = table(tmp_path, "a,b\n11,1\n1,11\n", "predictions.csv")
    assert align(data.keys(["a", "b"]), other.keys(["a", "b"])).tolist() == [1, 0]


def test_integers_of_parquet_match_the_same_digits_in_csv(tmp_path: Path) -> None:
    data = parquet(tmp_path, id=[9007199254740993, 9007199254740992])
    other = table(tmp_path, "id,score\n9007199254740992,1\n9007199254740993,2\n")
    assert align(data.keys(["id"]), other.keys(["id"])).tolist() == [1, 0]


def test_without_a_key_rows_match_by_order_and_a_note_says_so(tmp_path: Path) -> None:
    data, other = table(tmp_path, "x\n1\n2\n", "data.csv"), table(tmp_path, "score\n1\n2\n", "p.csv")
    joined = join(data, other, ())
    assert joined.rows.tolist() == [0, 1]
    assert joined.note == '"p.csv" is matched to "data.csv" by row order: the policy names no key'


@pytest.mark.parametrize(
    "content",
    [
        "cost_eur\n1\n",
        "(a\n1\n",
        "i\n1\n",
        "PAR1,b\n1,2\n",
        "GGUF\n1\n",
        "BZh,x\n1,2\n",
        "PK,x\n1,2\n",
        "x\n1\n",
    ],
)
def test_headers_that_begin_like_other_formats_are_read(tmp_path: Path, content: str) -> None:
    assert table(tmp_path, content).rows == 1
