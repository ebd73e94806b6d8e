"""The bad-input catalogue, rows "CSV" and "Parquet": one line with file, line, value and how to mend it."""

import io
import os
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from seatrial.commands.running import Limits
from seatrial.engines.files.reading import Source, read_source
from seatrial.engines.tables.parquet import read_parquet
from seatrial.engines.tables.reading import read_table
from seatrial.engines.tables.table import Table
from seatrial.errors import BadInput

Refusal = Callable[..., str]


@pytest.fixture
def refusal(tmp_path: Path) -> Refusal:
    """What the user reads when a file of these bytes is read and then used."""

    def read(
        content: bytes, use: Callable[[Table], object] = lambda table: None, *, name: str = "rows.csv"
    ) -> str:
        (tmp_path / name).write_bytes(content)
        with pytest.raises(BadInput) as caught:
            use(read_table(tmp_path / name, name=name, columns=None, root=tmp_path))
        said = str(caught.value)
        assert "\n" not in said
        assert caught.value.exit_code == 2
        return said

    return read


def score(table: Table) -> object:
    return table.numbers("score")


def test_csv_first_data_row_longer_than_header(refusal: Refusal) -> None:
    said = refusal(b"id,score\n1,0.5,oops\n2,0.5\n")
    assert said.startswith(
        'rows.csv:2: this row has 3 cells, but the header has 2; the first too many is "oops"'
    )
    assert "quote cells that hold a comma" in said


def test_csv_short_row(refusal: Refusal) -> None:
    said = refusal(b"id,score\n1,0.5\n2\n")
    assert said.startswith("rows.csv:3: this row has only 1 cell, but the header has 2; write an empty cell")


def test_csv_short_row_after_quoted_line_breaks_is_told_by_its_own_line(refusal: Refusal) -> None:
    assert refusal(b'id,note\n1,"a\nb\r\nc"\n2,"d"\n3\n').startswith("rows.csv:6:")


def test_csv_duplicate_header(refusal: Refusal) -> None:
    said = refusal(b"a,b,a\n1,2,3\n")
    assert said == 'rows.csv:1: columns 1 ("a") and 3 ("a") have the same name; rename one'


def test_csv_zero_width_character_keeps_two_equal_headers_apart(refusal: Refusal) -> None:
    said = refusal("score,sco\u200bre\n1,2\n".encode())
    assert "rows.csv:1: " in said
    assert '"sco\\u200Bre"' in said
    assert "look alike" in said


@pytest.mark.parametrize("cell", ["NA", "null", "None", "NaN", "nan", "", "-"])
def test_csv_na_null_none_are_not_numbers(refusal: Refusal, cell: str) -> None:
    said = refusal(f"id,score\n1,0.5\n2,{cell}\n".encode(), score)
    assert said.startswith('rows.csv:3: column "score" holds ')
    assert "expected a number: fill it in, or remove the row" in said


@pytest.mark.parametrize(
    ("cell", "mend"),
    [
        ('"0,95"', "expected a decimal point, as in 0.95"),
        ("95%", "write 95% as 0.95"),
        ("1_000", "without underscores"),
        ("inf", "finite"),
        ("-Infinity", "finite"),
        ("1e999", "finite"),
        ("0x10", "decimal number"),
        (" 0.5", "without spaces"),
        ("true", "write 0 and 1"),
        ("\u0660.\u0665", "finite number such as 0.95"),
        ("=cmd|' /C calc'!A0", "finite number such as 0.95"),
    ],
)
def test_csv_cells_that_resemble_numbers(refusal: Refusal, cell: str, mend: str) -> None:
    said = refusal(f"id,score\n1,{cell}\n".encode(), score)
    assert said.startswith('rows.csv:2: column "score" holds "')
    assert mend in said


def test_csv_semicolon_file_has_one_column(refusal: Refusal) -> None:
    assert refusal(b"id;score\n1;0,5\n") == (
        "rows.csv:1: the columns are separated by semicolons; expected commas"
    )
    assert "separated by tabs" in refusal(b"id\tscore\n1\t0.5\n")


def test_csv_first_line_of_excel(refusal: Refusal) -> None:
    note = "rows.csv:1: the first line (sep=;) is a note to Excel; expected the names of the columns: remove "
    assert refusal(b"sep=;\r\nid;x\r\n1;2\r\n") == f"{note}the line, and write commas between the cells"
    assert refusal(b"sep=,\nid,x\n1,2\n") == f"{note.replace(';)', ',)')}the line"


def test_csv_ids_survive_blanks_size_and_leading_zeros(tmp_path: Path) -> None:
    ids = ["9007199254740993", "", "12345678901234567890123", "007", "7"]
    (tmp_path / "ids.csv").write_text("id,x\n" + "".join(f"{i},1\n" for i in ids))
    assert read_table(tmp_path / "ids.csv", name="ids.csv", columns={"id"}).keys(["id"]).values == ids


def test_csv_empty_file(refusal: Refusal) -> None:
    assert refusal(b"") == "rows.csv: the file is empty; expected a header and rows"


def test_csv_zero_rows(refusal: Refusal) -> None:
    assert refusal(b"id,score\n") == "rows.csv:1: there is a header but no row; expected at least one row"


def test_csv_nul(refusal: Refusal) -> None:
    assert refusal(b"id,score\n1,0.5\n2,\x00\n").startswith("rows.csv:3: byte 17 is NUL")


def test_csv_unclosed_quote(refusal: Refusal) -> None:
    said = refusal(b'id,note\n1,"fine"\n2,"never\n3,x\n4,y\n')
    assert said.startswith("rows.csv:3: a quote opens in this row and is never closed; close it")


def test_csv_text_after_a_closing_quote(refusal: Refusal) -> None:
    assert refusal(b'id,note\n1,"a"b\n').startswith("rows.csv:2: text follows a closing quote")


def test_csv_latin_1_tells_the_byte(refusal: Refusal) -> None:
    said = refusal("id,name\n1,a\n2,Z\u00fcrich\n".encode("latin-1"))
    assert said.startswith("rows.csv:3: byte 15 is 0xFC, which is not UTF-8 (Latin-1")
    assert "save the file as UTF-8" in said
    said = refusal("id,name\n1,it\u2019s\n".encode("cp1252"))
    assert (
        said
        == "rows.csv:2: byte 12 is 0x92, which is not UTF-8 (Windows-1252 perhaps); save the file as UTF-8"
    )


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_csv_utf_16_tells_the_byte(refusal: Refusal, encoding: str) -> None:
    said = refusal("id,name\n1,a\n".encode(encoding))
    assert said.startswith(f"rows.csv:1: byte 0: this looks like {encoding[:6].upper()} text; expected UTF-8")


def test_csv_cell_of_10_mb(refusal: Refusal) -> None:
    assert refusal(b"id,note\n1,x\n2," + b"y" * 10_000_000 + b"\n").startswith(
        "rows.csv:3: a cell has more than 1 MB"
    )


def test_csv_gzip_bomb_is_not_unpacked(refusal: Refusal) -> None:
    said = refusal(b"\x1f\x8b\x08" + b"\0" * 40, name="rows.csv.gz")
    assert (
        said
        == "rows.csv.gz: this is a gzip file; expected CSV or Parquet: unpack it first (gunzip), or write "
        + ("Parquet, which is compressed inside")
    )


def test_csv_blank_line_between_rows(refusal: Refusal) -> None:
    assert refusal(b"id,x\n1,2\n\n3,4\n") == "rows.csv:3: this line is blank but rows follow; remove it"


def test_csv_too_many_columns(refusal: Refusal) -> None:
    header = ",".join(f"c{n}" for n in range(10_001)).encode()
    assert "rows.csv:1: the header has 10,001 columns; at most 10,000" in refusal(header + b"\n")


def test_csv_git_lfs_pointer_and_html_page(refusal: Refusal) -> None:
    assert "lfs: true" in refusal(b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n")
    assert "this is a HTML page" in refusal(b"<!DOCTYPE html><html>Sign in</html>")


def test_csv_missing_column_gives_the_nearest_name(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_bytes(b"flight_id,Score\n1,2\n")
    with pytest.raises(BadInput, match=r'rows\.csv:1: there is no column "score"; did you mean "Score"'):
        read_table(tmp_path / "rows.csv", name="rows.csv", columns={"score"})


def test_csv_hostile_values_are_escaped_and_cut(refusal: Refusal) -> None:
    said = refusal(f"id,score\n1,\x1b[31m::error::\u202e{'x' * 500}\n".encode(), score)
    assert "\x1b" not in said
    assert "\u202e" not in said
    assert len(said) < 250


def test_file_that_is_missing_folder_pipe_or_outside(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "rows.csv").write_bytes(b"a\n1\n")
    (tmp_path / "secret.csv").write_bytes(b"a\n1\n")
    (root / "link.csv").symlink_to(tmp_path / "secret.csv")
    (root / "loop.csv").symlink_to(root / "loop.csv")
    os.mkfifo(root / "pipe.csv")

    def said(name: str) -> str:
        with pytest.raises(BadInput) as caught:
            read_table(root / name, name=name, columns=None, root=root)
        return str(caught.value)

    assert said("row.csv") == ("row.csv: there is no such file (did you mean rows.csv?); check the path")
    assert said(".") == ".: this is a folder; expected one file: write the file's path"
    assert "this is a device, pipe or socket" in said("pipe.csv")
    assert "leads out of the repository" in said("link.csv")
    assert "leads out of the repository" in said("../secret.csv")
    assert "cannot be followed" in said("loop.csv")


def test_link_inside_the_repository_is_followed(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_bytes(b"a\n1\n")
    (tmp_path / "link.csv").symlink_to("rows.csv")
    assert read_table(tmp_path / "link.csv", name="link.csv", columns=None, root=tmp_path).rows == 1


def test_link_into_git_is_not_followed(tmp_path: Path) -> None:
    """A checkout may keep a token in its git configuration."""
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text("a\n1\n")
    (tmp_path / "rows.csv").symlink_to(".git/config")
    with pytest.raises(BadInput, match=r"rows\.csv: the path leads into \.git"):
        read_table(tmp_path / "rows.csv", name="rows.csv", columns=None, root=tmp_path)


def test_file_above_the_cap(tmp_path: Path) -> None:
    with (tmp_path / "huge.csv").open("wb") as file:
        file.truncate(20 * 2**30)
    with pytest.raises(BadInput, match=r"huge.csv: the file has 20,480 MiB, more than the 1,024 MiB"):
        read_table(tmp_path / "huge.csv", name="huge.csv", columns=None)


def test_file_with_more_bytes_than_it_said_at_first() -> None:
    """Files of /proc say that they are empty, like one that is written while it is read."""
    with pytest.raises(BadInput, match="status: the file changed while it was read; let the step"):
        read_source(Path("/proc/self/status"), name="status", root=None, cap=1000, mend="")


# Parquet


def parquet(**columns: object) -> bytes:
    target = io.BytesIO()
    pl.DataFrame(columns).write_parquet(target)
    return target.getvalue()


def test_parquet_truncated(refusal: Refusal) -> None:
    whole = parquet(id=[1, 2, 3], score=[0.1, 0.2, 0.3])
    for length in (4, 40, len(whole) - 8, len(whole) - 1):
        said = refusal(whole[:length], name="rows.parquet")
        assert said.startswith("rows.parquet: this Parquet file cannot be read (")
        assert said.endswith("it is damaged or cut short: write it again")


def test_parquet_damaged_inside(refusal: Refusal) -> None:
    whole = bytearray(parquet(id=list(range(1000)), score=["x"] * 1000))
    footer = len(whole) - 8 - int.from_bytes(whole[-8:-4], "little")
    whole[footer : footer + 60] = b"\xff" * 60
    assert "cannot be read" in refusal(bytes(whole), name="rows.parquet")


def test_parquet_wrong_magic(refusal: Refusal) -> None:
    said = refusal(b"id,score\n1,0.5\n", name="rows.parquet")
    assert said == (
        "rows.parquet: the name says Parquet but the content is not (no PAR1 at its start); write it again"
    )
    assert "encrypted Parquet" in refusal(b"PARE" + b"\0" * 20 + b"PARE", name="rows.parquet")


def test_parquet_nested_columns(tmp_path: Path) -> None:
    (tmp_path / "rows.parquet").write_bytes(parquet(tags=[[1], [2]], raw=[b"a", b"b"], x=[1, 2]))
    with pytest.raises(BadInput) as caught:
        read_table(tmp_path / "rows.parquet", name="rows.parquet", columns={"tags"})
    assert str(caught.value) == (
        'rows.parquet: column "tags" has type List(Int64); expected numbers, text, booleans or dates'
    )
    whole = read_table(tmp_path / "rows.parquet", name="rows.parquet", columns=None)
    assert whole.numbers("x").tolist() == [1, 2]
    with pytest.raises(BadInput, match=r'rows\.parquet: column "raw" is nested or binary; expected numbers'):
        whole.texts("raw")


def test_parquet_no_rows(refusal: Refusal) -> None:
    assert "has no rows" in refusal(parquet(score=pl.Series([], dtype=pl.Float64)), name="rows.parquet")


def test_parquet_missing_value_and_nan(refusal: Refusal) -> None:
    said = refusal(parquet(score=[0.5, None]), score, name="rows.parquet")
    assert said.startswith('rows.parquet: row 2: column "score" holds nothing: expected a finite number')
    assert 'row 1: column "score" holds nan' in refusal(
        parquet(score=[float("nan")]), score, name="rows.parquet"
    ).replace("NaN", "nan")


def test_parquet_missing_column(tmp_path: Path) -> None:
    (tmp_path / "rows.parquet").write_bytes(parquet(score=[1.0]))
    with pytest.raises(BadInput, match=r'rows\.parquet: there is no column "scores"; did you mean "score"'):
        read_table(tmp_path / "rows.parquet", name="rows.parquet", columns={"scores"})


def test_parquet_that_swells_is_stopped(tmp_path: Path) -> None:
    """A constant column of many rows is a small file and a large table."""
    target = io.BytesIO()
    pl.select(x=pl.repeat("y" * 200, 3_000_000)).write_parquet(target)
    assert len(target.getvalue()) < 1_000_000
    with pytest.raises(
        BadInput, match="took more than 200 MiB of memory; the file is damaged or far too large"
    ):
        read_parquet(Source("rows.parquet", target.getvalue(), ""), None, Limits(time=30, memory=200 * 2**20))


def test_parquet_ids_stay_exact(tmp_path: Path) -> None:
    (tmp_path / "rows.parquet").write_bytes(
        parquet(
            small=[9007199254740993, None],
            large=pl.Series([2**64 - 1, 0], dtype=pl.UInt64),
            text=["007", "7"],
        )
    )
    table = read_table(tmp_path / "rows.parquet", name="rows.parquet", columns=None)
    assert table.keys(["small"]).values == ["9007199254740993", ""]
    assert table.keys(["large", "text"]).values == [("18446744073709551615", "007"), ("0", "7")]


def test_parquet_float_ids_are_refused(refusal: Refusal) -> None:
    content = parquet(id=[1.0, 9007199254740994.0])
    said = refusal(content, lambda table: table.keys(["id"]), name="rows.parquet")
    assert "floating-point numbers, which do not keep ids exact" in said
