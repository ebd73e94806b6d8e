"""The bad-input catalogue where whole files of rows are read: one line, exit code 2, and what to do."""

import gzip
import importlib
import math
import os
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest
from readings import counts, read

from seatrial.commands.running import Limits
from seatrial.engines.preparing import prepared
from seatrial.engines.sources import find
from seatrial.engines.witness import Witness
from seatrial.errors import BadInput
from seatrial.gates.data.measures import Measure
from seatrial.policy.data import Csv

Refusal = Callable[..., str]
ROWS = pl.DataFrame({"id": range(1000), "x": [n / 7 for n in range(1000)]})


@pytest.fixture
def refusal(tmp_path: Path) -> Refusal:
    """What the user reads when files of these bytes are scanned."""

    def scan(content: bytes | None = None, *, path: str = "rows.csv", **more: object) -> str:
        if content is not None:
            (tmp_path / path).write_bytes(content)
        with pytest.raises(BadInput) as caught:
            read(tmp_path, path, **more)  # type: ignore[arg-type]
        said = str(caught.value)
        assert "\n" not in said and "Traceback" not in said
        assert caught.value.exit_code == 2
        return said

    return scan


def parquet(tmp_path: Path, frame: pl.DataFrame = ROWS, **how: object) -> bytes:
    frame.write_parquet(tmp_path / "good.bin", **how)  # type: ignore[arg-type]
    return (tmp_path / "good.bin").read_bytes()


def test_row_that_is_too_long_or_too_short(refusal: Refusal) -> None:
    assert "rows.csv:3: this row has 3 cells, but the header has 2" in refusal(b"a,b\n1,2\n1,2,3\n1,2\n")
    assert "rows.csv:3: this row is blank or has only 1 cell, but" in refusal(b"a,b\n1,2\n1\n1,2\n")
    assert "rows.csv:2: this row has only 2 cells" in refusal(b"a,b,c\n1,2\n")
    # One too long and one too short come out even over the file; nobody asks for either column.
    assert refusal(b"a,b\n1,2\n1,2,3\n1\n").startswith("rows.csv:3: ")


def test_blank_line_between_rows(refusal: Refusal) -> None:
    assert refusal(b"a,b\n1,2\n\n3,4\n").startswith("rows.csv:3: this row is blank")


def test_unclosed_quote_and_quotes_amid_a_cell(refusal: Refusal) -> None:
    assert refusal(b'a,b\n1,2\n1,"2\n3,4\n').startswith("rows.csv:3: a quote opens here and is never closed")
    assert refusal(b'a,b\n1,5" pipe\n').startswith("rows.csv:2: a quote stands amid a cell")
    assert refusal(b'a,b\n1,"5"x\n').startswith("rows.csv:2: text follows a closing quote")


def test_carriage_return_amid_a_cell(refusal: Refusal) -> None:
    assert refusal(b"a,b\n1,2\r\n3\r,4\n").startswith("rows.csv:3: a carriage return stands amid a cell")


def test_embedded_nul(refusal: Refusal) -> None:
    assert refusal(b"a,b\n1,2\n1,\x002\n").startswith("rows.csv:3: byte 10 is NUL")
    assert "NUL" in refusal(b"a,\0b\n1,2\n")


def test_mixed_encodings(refusal: Refusal) -> None:
    said = refusal("a,b\n1,Zoë\n".encode() + "2,Zoë\n".encode("latin-1"))
    assert said.startswith(
        "rows.csv:3: byte 15 is 0xEB, which is not UTF-8 as the text before it; the file mix"
    )
    assert "encoding:" not in said  # no encoding reads both


def test_other_encodings_are_named_as_the_policy_takes_them(refusal: Refusal, tmp_path: Path) -> None:
    mend = "; write data.csv.encoding: windows-1252, or save the file as UTF-8"
    either = "which is not UTF-8 (Latin-1 or Windows-1252 perhaps)"
    assert refusal("é,b\n1,2\n".encode("latin-1")) == f"rows.csv:1: byte 0 is 0xE9, {either}{mend}"
    assert refusal("a,b\n1,é\n".encode("latin-1")) == f"rows.csv:2: byte 6 is 0xE9, {either}{mend}"
    only = "which is not UTF-8 (Windows-1252 perhaps)"
    assert refusal("a,b\n1,it\u2019s\n".encode("cp1252")) == f"rows.csv:2: byte 8 is 0x92, {only}{mend}"
    assert counts(read(tmp_path, "rows.csv", {"b": "string"}, csv=Csv(encoding="windows-1252"))) == [0, 0]
    said = refusal(b"a,b\n1,\x81\n")  # no character of Windows-1252
    assert said == (
        "rows.csv:2: byte 6 is 0x81, which is not UTF-8; save the file as UTF-8, or name its encoding as "
        "data.csv.encoding"
    )
    assert refusal("a,b\n1,2\n".encode("utf-16")).endswith("or write data.csv.encoding: utf-16")
    assert read(tmp_path, "rows.csv", csv=Csv(encoding="utf-16")).rows == 1


def test_bytes_that_are_not_of_the_encoding_that_the_policy_names(refusal: Refusal) -> None:
    said = refusal(b"a,b\n1,\xff\n2,\x81\n", csv=Csv(encoding="cp1252"))
    assert said.startswith("rows.csv:3: byte 10 is not cp1252")
    said = refusal(b"a,b\n1,2\n", csv=Csv(encoding="utf-16"))
    assert said.startswith("rows.csv: this is not utf-16 (UTF-16 stream does not start with BOM); name the")


def test_byte_order_mark_of_another_encoding(refusal: Refusal) -> None:
    assert "UTF-32" in refusal("a,b\n1,2\n".encode("utf-32"))


def test_decimal_comma_where_a_point_is_expected(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("id;x\n1;0,5\n2;1.000\n")
    types = {"id": "integer", "x": "number"}
    assert counts(read(tmp_path, "rows.csv", types, csv=Csv(delimiter=";"))) == [0, 0, 0, 1]
    assert counts(read(tmp_path, "rows.csv", types, csv=Csv(delimiter=";", decimal=","))) == [0, 0, 0, 1]


def test_numbers_at_the_end_of_what_there_is(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text(
        "id,x\n9007199254740993,1e308\n9223372036854775808,1e999\n12345678901234567890123,-1e309\n"
    )
    measures = [Measure("unreadable", ("id",), "integer"), Measure("unreadable", ("x",), "number")]
    measures += [Measure("infinite", ("x",)), Measure("outside", ("id",), [9007199254740993])]
    facts = read(tmp_path, "rows.csv", {"id": "integer", "x": "number"}, measures=measures)
    assert counts(facts) == [2, 0, 2, 0]


def test_mixed_time_zones(tmp_path: Path) -> None:
    times = [
        "2026-03-01T12:00:00Z",
        "2026-03-01T13:00:00+01:00",
        "2026-03-01 12:00:00",
        "2026-03-01T07:00-0500",
    ]
    (tmp_path / "rows.csv").write_text("t\n" + "\n".join(times) + "\n")
    at_noon = [Measure("unreadable", ("t",), "timestamp"), Measure("constant", ("t",))]
    mixed = read(tmp_path, "rows.csv", {"t": "timestamp"}, measures=at_noon)
    assert [answer.count for answer in mixed.answers] == [1, 1]  # without a zone nobody knows when that was
    placed = read(tmp_path, "rows.csv", {"t": "timestamp"}, zones={"t": "UTC"}, measures=at_noon)
    assert [answer.count for answer in placed.answers] == [0, 1]


def test_times_that_the_clocks_jumped_over(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("t\n2026-03-29T02:30:00\n2026-10-25T02:30:00\n2026-02-30T00:00:00\n")
    facts = read(tmp_path, "rows.csv", {"t": "timestamp"}, zones={"t": "Europe/Berlin"})
    assert counts(facts) == [0, 2]


def test_header_that_cannot_be_one(refusal: Refusal) -> None:
    assert "have the same name" in refusal(b"a,b,a\n1,2,3\n")
    assert "look alike" in refusal("a,a\u200b\n1,2\n".encode())
    assert refusal(b"a;b\n1;2\n").endswith('by semicolons, not by ","; write data.csv.delimiter: ";"')
    assert refusal(b"a\tb\n1\t2\n").endswith('by tabs, not by ","; write data.csv.delimiter: "\\t"')
    assert "separated by commas" in refusal(b"a,b\n1,2\n", csv=Csv(delimiter=";"))
    assert "the first line is blank" in refusal(b"\na,b\n")
    assert "CR alone" in refusal(b"a,b\r1,2\r")


def test_the_first_line_of_excel(refusal: Refusal) -> None:
    note = "rows.csv:1: the first line (sep=;) is a note to Excel; expected the names of the columns: remove "
    assert refusal(b"sep=;\r\na;b\r\n1;2\r\n") == f'{note}the line, and write data.csv.delimiter: ";"'
    assert refusal(b"sep=;\na;b\n1;2\n", csv=Csv(delimiter=";")) == f"{note}the line"
    assert refusal(b'\xef\xbb\xbf"SEP=;"\na;b\n1;2\n', csv=Csv(delimiter=";")) == f"{note}the line"
    assert refusal(b"sep=,\na,b\n1,2\n").endswith("remove the line")
    assert "(sep=\\t) is a note to Excel" in refusal(b"sep=\t\na\tb\n1\t2\n")


def test_a_million_columns(refusal: Refusal, tmp_path: Path) -> None:
    header = b",".join(b"c%d" % n for n in range(1_000_000))
    said = refusal(header + b"\n" + b"1," * 999_999 + b"1\n")
    assert said.startswith("rows.csv:1: the header has 1,000,000 columns; at most 10,000 are read")
    wide = pl.DataFrame({f"c{n}": [1] for n in range(10_001)})
    assert "10,001 columns" in refusal(parquet(tmp_path, wide), path="rows.parquet")


def test_header_without_end(refusal: Refusal) -> None:
    assert "longer than 16 MiB" in refusal(b"a" * (17 * 2**20))


def test_empty_file(refusal: Refusal) -> None:
    assert refusal(b"").startswith("rows.csv: the file is empty; expected a header and rows")


def test_folder_where_a_file_was_meant(refusal: Refusal, tmp_path: Path) -> None:
    (tmp_path / "rows.csv").mkdir()
    (tmp_path / "rows.csv" / "_SUCCESS").touch()
    assert refusal().startswith("rows.csv: this folder has no data files")


def test_pattern_without_a_match(refusal: Refusal) -> None:
    assert refusal(path="data/*.parquet").startswith("data/*.parquet: no file matches this pattern")


def test_files_of_different_forms(refusal: Refusal, tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    ROWS.write_parquet(tmp_path / "d/a.parquet")
    (tmp_path / "d/README.md").write_text("# Rows\n")
    said = refusal(path="d")
    assert "d/README.md is text" in said and "d/a.parquet is Parquet" in said and "data/*.parquet" in said


def test_files_with_different_columns(refusal: Refusal, tmp_path: Path) -> None:
    for folder in ("d", "e", "f", "g"):
        (tmp_path / folder).mkdir()
    (tmp_path / "d/a.csv").write_text("id,x\n1,2\n")
    (tmp_path / "d/b.csv").write_text("id,y\n1,2\n")
    assert 'd/b.csv:1: the files differ in columns: d/a.csv has no column "y"' in refusal(path="d")
    ROWS.write_parquet(tmp_path / "e/a.parquet")
    ROWS.drop("x").write_parquet(tmp_path / "e/b.parquet")
    assert "e/b.parquet: the files differ in columns: e/b.parquet has no column x" in refusal(path="e")
    ROWS.write_parquet(tmp_path / "f/a.parquet")
    ROWS.with_columns(pl.col("x").cast(pl.String)).write_parquet(tmp_path / "f/b.parquet")
    assert "f/b.parquet: the files differ in types: x is string here, and number before" in refusal(path="f")
    (tmp_path / "g/k=1").mkdir()
    (tmp_path / "g/k=1/a.csv").write_text("id\n1\n")
    (tmp_path / "g/b.csv").write_text("id\n1\n")
    assert "folders name other columns" in refusal(path="g")


def test_more_files_than_are_read(refusal: Refusal, tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    for number in range(10_001):
        (tmp_path / f"d/{number}.csv").touch()
    assert "these are 10,001 files; at most 10,000 are read" in refusal(path="d")


def test_links_out_of_the_checkout(refusal: Refusal, tmp_path: Path) -> None:
    root = tmp_path / "checkout"
    (root / "d").mkdir(parents=True)
    (root / ".git").mkdir()
    (root / ".git/config").write_text("[a]\nb,c\n")
    (tmp_path / "secret.csv").write_text("id\n1\n")
    (root / "out.csv").symlink_to(tmp_path / "secret.csv")
    (root / "d/out.csv").symlink_to(tmp_path / "secret.csv")
    (root / "git.csv").symlink_to(root / ".git/config")
    (root / "up").symlink_to(tmp_path)
    (root / "e").mkdir()
    (root / "e/folder").symlink_to(root / "d")
    (root / "loop").symlink_to(root / "loop")

    def said(path: str) -> str:
        with pytest.raises(BadInput) as caught:
            find("train", path, root, (), Csv())
        return str(caught.value)

    for path in ("out.csv", "d", "d/*.csv", "up", "up/*.csv", "../secret.csv"):
        assert "leads out of the repository" in said(path), path
    for path in ("git.csv", ".git/config"):
        assert "leads into .git" in said(path), path
    assert "a link to a folder" in said("e")
    assert "cannot be followed" in said("loop")
    assert said(".git/conf*")


def test_pipe_where_a_file_was_meant(refusal: Refusal, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "rows.csv")
    assert "pipe" in refusal()


def test_files_of_other_formats_are_named(refusal: Refusal) -> None:
    other = {
        "Git LFS pointer": b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
        "HTML page": b"<!DOCTYPE html><html></html>",
        "pickle": b"\x80\x04\x95\x00",
        "zip archive": b"PK\x03\x04" + bytes(30),
        "SQLite": b"SQLite format 3\0" + bytes(80),
        "bzip2": b"BZh91AY&SY\x00",
        "encrypted Parquet": b"PARE\0\0\0\0PARE",
    }
    for kind, content in other.items():
        assert refusal(content).startswith(f"rows.csv: this is a {kind} file; expected CSV or Parquet"), kind
    assert "this is a Parquet file inside gzip" in refusal(gzip.compress(b"PAR1" + bytes(100)))
    assert "name says Parquet" in refusal(b"id,x\n1,2\n", path="rows.parquet")


def bombs() -> Iterator[tuple[str, bytes]]:
    rows = b"id,x\n" + b"1,1\n" * 40_000_000
    yield "gzip", gzip.compress(rows, 9)
    for module in ("compression.zstd", "backports.zstd"):
        try:
            yield "zstandard", importlib.import_module(module).compress(rows)
            return
        except ImportError:
            continue


def test_packed_bomb(refusal: Refusal) -> None:
    for kind, bomb in bombs():
        assert "unpacks to more than 100 times its size" in refusal(bomb), kind


def test_packed_file_that_is_damaged(refusal: Refusal) -> None:
    whole = gzip.compress(b"id,x\n" + b"".join(b"%d,%d\n" % (n, n * 7919 % 1013) for n in range(50_000)))
    assert "cut short" in refusal(whole[: len(whole) // 2])
    assert "damaged" in refusal(whole[:5000] + b"\xff" * 100 + whole[5100:])
    assert "rows.csv:50002: this row" in refusal(gzip.compress(b"id,x\n" + b"1,2\n" * 50_000 + b"3\n"))


def test_truncated_parquet(refusal: Refusal, tmp_path: Path) -> None:
    whole = parquet(tmp_path)
    for size in (4, 11, len(whole) // 2, len(whole) - 8, len(whole) - 1):
        assert "cut short" in refusal(whole[:size], path="rows.parquet"), size


def test_hostile_parquet(refusal: Refusal, tmp_path: Path) -> None:
    whole = parquet(tmp_path)
    size = struct.unpack("<I", whole[-8:-4])[0]
    hostile = [
        whole[:4] + b"\xff" * (len(whole) - size - 12) + whole[-size - 8 :],  # pages
        whole[: -size - 8] + b"\xff" * size + whole[-8:],  # footer
        whole[:-8] + b"\xff\xff\xff\x7fPAR1",  # length of the footer
        b"PAR1" + bytes(100) + b"PAR1",
    ]
    for number, content in enumerate(hostile):
        said = refusal(content, path="rows.parquet", types={"id": "integer", "x": "number"})
        assert said.startswith("rows.parquet: "), number


def test_parquet_bomb_ends_at_the_limit_of_memory(refusal: Refusal, tmp_path: Path) -> None:
    text = "".join(map(chr, range(33, 127))) * 1000
    frame = pl.DataFrame({"x": [text]}).select(
        pl.col("x").repeat_by(12_000).explode() + pl.int_range(12_000).cast(pl.String)
    )
    groups = pl.concat([frame] * 6, rechunk=False)  # which share their text
    bomb = parquet(tmp_path, groups, compression="zstd", row_group_size=12_000, use_pyarrow=False)
    assert len(bomb) < 18_000_000  # of 6.8 GB: it is weighed every half second or so, and must take its time
    said = refusal(
        bomb, path="rows.parquet", types={"x": "string"}, limits=Limits(time=60, memory=120 * 2**20)
    )
    assert "the reader took more than 120 MiB of memory; raise data.memory" in said


def test_reading_that_takes_too_long(refusal: Refusal) -> None:
    rows = b"id,x\n" + b"1,2\n" * 2_000_000
    said = refusal(rows, types={"x": "number"}, limits=Limits(time=0.05))
    assert "raise data.time" in said
    said = refusal(rows, types={"x": "number"}, limits=Limits(time=0.05), drafting=True)
    assert "; name a part of the data, with fewer rows" in said and "data.time" not in said


def test_file_that_changes_while_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"

    def seen(change: Callable[[], object]) -> str:
        file.write_bytes(b"id,x\n" + b"1,2\n" * 1000)
        source = find("train", "rows.csv", tmp_path, (), Csv()).source
        witness = Witness([prepared(source, tmp_path, deadline=math.inf)])
        change()
        with pytest.raises(BadInput) as caught:
            witness.end()
        return str(caught.value)

    def grow() -> None:
        with file.open("ab") as opened:
            opened.write(b"1,2\n")

    def replace() -> None:
        (tmp_path / "other.csv").write_bytes(b"id,x\n" + b"1,2\n" * 1000)
        os.replace(tmp_path / "other.csv", file)

    for change in (grow, replace, file.unlink):
        assert seen(change).startswith("rows.csv: the file changed while it was read"), change


def test_file_that_is_written_to_by_another_thread(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_bytes(b"id,x\n" + b"1,2\n" * 100_000)
    done = threading.Event()

    def write() -> None:
        with file.open("ab", buffering=0) as opened:
            while not done.is_set():
                opened.write(b"1,2\n")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        with pytest.raises(BadInput, match="changed while it was read"):
            read(tmp_path, "rows.csv", {"x": "number"})
    finally:
        done.set()
        writer.join()
