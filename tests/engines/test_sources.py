"""Which files a path means, and what they are together."""

import gzip
import hashlib
import importlib
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from readings import counts, read

from seatrial.engines.files.walking import is_meant
from seatrial.engines.sources import find
from seatrial.errors import BadInput
from seatrial.gates.data.measures import Measure
from seatrial.policy.data import Csv

ROWS = pl.DataFrame({"id": [1, 2, 3], "x": [0.5, None, 2.5]})


def names(root: Path, path: str) -> list[str]:
    return list(find("train", path, root, (), Csv()).source.names)


def lay(root: Path, *files: str) -> None:
    for number, file in enumerate(files):
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text(f"id,x\n{number},1.5\n")


def test_a_folder_means_all_files_below_it_in_order(tmp_path: Path) -> None:
    lay(tmp_path, "d/b.csv", "d/a.csv", "d/c/a.csv", "d/_old.csv", "d/.hidden.csv", "d/_tmp/x.csv", "e.csv")
    assert names(tmp_path, "d") == ["d/a.csv", "d/b.csv", "d/c/a.csv"]


def test_a_pattern_means_the_files_that_match(tmp_path: Path) -> None:
    lay(tmp_path, "d/1.csv", "d/2.csv", "d/10.txt", "d/e/3.csv", "d/e/f/4.csv", "d/_5.csv", "6.csv")
    assert names(tmp_path, "d/*.csv") == ["d/1.csv", "d/2.csv"]
    assert names(tmp_path, "d/**/*.csv") == ["d/1.csv", "d/2.csv", "d/e/3.csv", "d/e/f/4.csv"]
    assert names(tmp_path, "d/[12].csv") == ["d/1.csv", "d/2.csv"]
    assert names(tmp_path, "d/e/?.csv") == ["d/e/3.csv"]
    assert names(tmp_path, "d/_*.csv") == ["d/_5.csv"]
    assert names(tmp_path, "*.csv") == ["6.csv"]


def test_any_number_of_folders_any_number_of_times(tmp_path: Path) -> None:
    deep = "d/" * 30
    lay(tmp_path, "a.csv", "d/a.csv", f"{deep}a.csv", "d/_e/a.csv")
    many = "**/" * 30  # each `**` tried against each folder would not end
    assert names(tmp_path, f"{many}a.csv") == ["a.csv", "d/a.csv", f"{deep}a.csv"]
    assert names(tmp_path, f"{many}d/a.csv") == ["d/a.csv", f"{deep}a.csv"]
    assert names(tmp_path, f"d/**/{many}d/**/a.csv") == [f"{deep}a.csv"]
    assert is_meant(f"{deep}a.csv", f"{many}*.csv")
    assert not is_meant(f"{deep}a.csv", f"{many}b.csv")
    assert not is_meant("d/a.csv/b.csv", "d/*.csv")


def test_a_file_whose_name_looks_like_a_pattern(tmp_path: Path) -> None:
    lay(tmp_path, "d[1].csv", "d1.csv")
    assert names(tmp_path, "d[1].csv") == ["d[1].csv"]


def test_a_link_inside_the_checkout_is_followed(tmp_path: Path) -> None:
    lay(tmp_path, "real.csv")
    (tmp_path / "d").mkdir()
    (tmp_path / "d/link.csv").symlink_to(tmp_path / "real.csv")
    assert read(tmp_path, "d").rows == 1


def test_folders_named_key_value_become_columns_of_text(tmp_path: Path) -> None:
    lay(tmp_path, "d/year=2025/m=01/a.csv", "d/year=2026/m=02%2F/a.csv", "d/year=x/m=3/a.csv")
    facts = read(tmp_path, "d", {"year": "integer", "m": "string", "id": "integer"})
    assert list(facts.columns.items())[-2:] == [("year", "integer"), ("m", "string")]
    assert (facts.rows, counts(facts)) == (3, [0, 1, 0, 0, 0, 0])
    odd = [Measure("outside", ("m",), ["01", "3"])]
    assert counts(read(tmp_path, "d", {"m": "string"}, measures=odd)) == [1]


def test_partitions_of_parquet(tmp_path: Path) -> None:
    for year in (2025, 2026):
        folder = tmp_path / f"d/year={year}"
        folder.mkdir(parents=True)
        ROWS.write_parquet(folder / "a.parquet")
    facts = read(tmp_path, "d/**/*.parquet", {"year": "integer", "x": "number"})
    assert (facts.rows, dict(facts.columns)) == (6, {"id": "integer", "x": "number", "year": "integer"})
    assert counts(facts) == [0, 0, 2, 0]


def test_row_numbers_count_over_all_files(tmp_path: Path) -> None:
    lay(tmp_path, "d/a.csv", "d/b.csv")
    (tmp_path / "d/c.csv").write_text("x,id\n,3\n1,\n")  # another order of columns
    facts = read(tmp_path, "d", {"id": "integer", "x": "number"})
    assert [answer.at for answer in facts.answers] == [(4,), (), (3,), ()]


def test_the_digest_of_several_files_is_that_of_their_lines(tmp_path: Path) -> None:
    lay(tmp_path, "d/a.csv", "d/b.csv")
    digests = [hashlib.sha256((tmp_path / f"d/{n}.csv").read_bytes()).hexdigest() for n in "ab"]
    lines = sorted(f"{digest}  d/{n}.csv\n" for digest, n in zip(digests, "ab", strict=True))
    assert read(tmp_path, "d").sha256 == hashlib.sha256("".join(lines).encode()).hexdigest()
    assert read(tmp_path, "d/a.csv").sha256 == digests[0]


PACK: dict[str, Callable[[bytes], bytes]] = {"gz": gzip.compress}
for _module in ("compression.zstd", "backports.zstd"):
    try:
        PACK["zst"] = importlib.import_module(_module).compress
        break
    except ImportError:
        continue


@pytest.mark.parametrize("ending", ["gz", "zst"])
def test_packed_csv(tmp_path: Path, ending: str) -> None:
    if ending not in PACK:
        pytest.skip("no package for zstandard is installed")
    text = b"id,x\n" + b"".join(b"%d,%d.5\n" % (n, n % 7) for n in range(200_000))
    half = len(text) // 2
    packed = PACK[ending](text[:half]) + PACK[ending](text[half:])  # two members, as tools that split write
    (tmp_path / f"rows.csv.{ending}").write_bytes(packed)
    facts = read(tmp_path, f"rows.csv.{ending}", {"id": "integer", "x": "number"})
    assert (facts.rows, counts(facts)) == (200_000, [0, 0, 0, 0])
    assert facts.sha256 == hashlib.sha256(packed).hexdigest()


def test_other_encodings_marks_and_nulls(tmp_path: Path) -> None:
    text = "id;name;price\r\n1;Zoë;1,5\r\n2;NA;-0,25e1\r\n3;;7\r\n4;x;1.5\r\n"
    rules = Csv(delimiter=";", encoding="latin-1", decimal=",", nulls=["", "NA"])
    (tmp_path / "rows.csv").write_bytes(text.encode("latin-1"))
    types = {"id": "integer", "name": "string", "price": "number"}
    measures = [Measure("null", ("name",)), Measure("unreadable", ("price",), "number")]
    measures += [Measure("outside", ("name",), ["Zoë", "x"]), Measure("above", ("price",), 1.4)]
    facts = read(tmp_path, "rows.csv", types, csv=rules, measures=measures)
    assert (facts.rows, counts(facts)) == (4, [2, 1, 0, 2])


def test_byte_order_mark_and_blank_lines_at_the_end(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_bytes(b"\xef\xbb\xbfid,x\r\n1,2\r\n\r\n\r\n")
    facts = read(tmp_path, "rows.csv", {"id": "integer", "x": "integer"})
    assert (facts.rows, list(facts.columns), counts(facts)) == (1, ["id", "x"], [0, 0, 0, 0])


def test_only_a_header_has_zero_rows(tmp_path: Path) -> None:
    for text in ("id,x", "id,x\n"):
        (tmp_path / "rows.csv").write_text(text)
        assert read(tmp_path, "rows.csv", {"id": "integer"}).rows == 0


def test_the_empty_cell_is_missing_only_where_it_is_listed(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("n,s\n,\nNA,NA\n1,x\n")
    types = {"n": "integer", "s": "string"}
    assert counts(read(tmp_path, "rows.csv", types)) == [1, 1, 1, 0]
    assert counts(read(tmp_path, "rows.csv", types, csv=Csv(nulls=["NA"]))) == [1, 1, 1, 0]
    assert counts(read(tmp_path, "rows.csv", types, csv=Csv(nulls=["", "NA"]))) == [2, 0, 2, 0]


def test_columns_with_names_that_mean_something_to_an_engine(tmp_path: Path) -> None:
    odd = ["*", "^.*$", "a.b", "`", "", "\\", "$x", "col('x')", "| a | b |", "'; DROP TABLE x; --"]
    odd.append("n" * 10_000)
    frame = pl.DataFrame({name: [None, number] for number, name in enumerate(odd)})
    frame.write_csv(tmp_path / "rows.csv")
    frame.write_parquet(tmp_path / "rows.parquet")
    for path in ("rows.csv", "rows.parquet"):
        facts = read(tmp_path, path, dict.fromkeys(odd, "integer"))
        assert list(facts.columns) == odd
        assert (facts.rows, counts(facts)) == (2, [1, 0] * len(odd))


def test_two_paths_that_lead_to_one_file(tmp_path: Path) -> None:
    lay(tmp_path, "a.csv")
    (tmp_path / "b.csv").symlink_to("a.csv")
    assert read(tmp_path, "b.csv").sha256 == read(tmp_path, "a.csv").sha256


def test_a_misspelt_path_gives_the_nearest(tmp_path: Path) -> None:
    lay(tmp_path, "rows.csv")
    with pytest.raises(BadInput, match=r"did you mean rows\.csv"):
        find("train", "row.csv", tmp_path, (), Csv())
