"""What others collected to break readers: csv-spectrum and the Big List of Naughty Strings."""

import csv
import json
import math
from pathlib import Path

import polars as pl
import pytest
from hostile_strings import NAUGHTY
from readings import counts, read

from seatrial.engines.polars.engine import Polars
from seatrial.engines.preparing import prepared
from seatrial.engines.sources import find
from seatrial.engines.witness import Witness
from seatrial.errors import BadInput
from seatrial.gates.data.measures import Measure
from seatrial.policy.data import Csv

SPECTRUM = Path(__file__).parents[1] / "contract/node_modules/csv-spectrum"
pytestmark = [
    pytest.mark.npm,
    pytest.mark.skipif(
        not (SPECTRUM.is_dir() and NAUGHTY.is_file()), reason="npm ci was not run in tests/contract"
    ),
]


def whole(root: Path) -> int | None:
    """How many rows the bytes have."""
    source = find("train", "rows.csv", root, (), Csv()).source
    (seen,) = Witness([prepared(source, root, deadline=math.inf)]).end()
    return seen.rows


def test_csv_spectrum_is_read_as_its_authors_say(tmp_path: Path) -> None:
    files = sorted((SPECTRUM / "csvs").glob("*.csv"))
    assert len(files) >= 12
    for file in files:
        (tmp_path / "rows.csv").write_bytes(file.read_bytes())
        if file.stem == "location_coordinates":  # 37.8"N without quotes around it: no reader is sure of it
            with pytest.raises(BadInput, match="a quote stands amid a cell"):
                whole(tmp_path)
            continue
        wanted = json.loads((SPECTRUM / "json" / f"{file.stem}.json").read_text(encoding="utf-8"))
        engine = Polars()
        opened = engine.open(find("train", "rows.csv", tmp_path, (), Csv(nulls=["NONE"])).source)
        rows = engine.rows_of(opened.frame)
        assert (whole(tmp_path), rows) == (len(wanted), wanted), file.name


def strings() -> list[str]:
    found = json.loads(NAUGHTY.read_text(encoding="utf-8"))
    return [text for text in found if text and "\0" not in text]


def test_naughty_strings_as_cells(tmp_path: Path) -> None:
    texts = strings()
    with (tmp_path / "rows.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("id", "text"), *enumerate(texts)])
    pl.DataFrame({"id": range(len(texts)), "text": texts}).write_parquet(tmp_path / "rows.parquet")
    measures = [Measure("outside", ("text",), sorted(set(texts))), Measure("null", ("text",))]
    measures += [Measure("unreadable", ("id",), "integer"), Measure("shorter", ("text",), 1)]
    types = {"id": "integer", "text": "string"}
    for path in ("rows.csv", "rows.parquet"):
        facts = read(tmp_path, path, types, measures=measures)
        assert (facts.rows, counts(facts)) == (len(texts), [0, 0, 0, 0]), path


def test_naughty_strings_as_numbers_and_times_break_nothing(tmp_path: Path) -> None:
    texts = strings()
    types = {kind: kind for kind in ("integer", "number", "boolean", "date", "timestamp")}
    with (tmp_path / "rows.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([tuple(types), *((text,) * len(types) for text in texts)])
    facts = read(tmp_path, "rows.csv", types)
    blank = sum(not text.strip(" \t") for text in texts)
    found = counts(facts)
    assert found[0::2] == [blank] * len(types)
    assert all(300 < bad <= len(texts) - blank for bad in found[1::2])


def test_naughty_strings_as_columns(tmp_path: Path) -> None:
    names = list(dict.fromkeys(text for text in strings() if text.isascii() and text.strip() == text))
    names = [name for name in names if sum(name.casefold() == other.casefold() for other in names) == 1][:300]
    with (tmp_path / "rows.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([names, ["1"] * len(names), ["x"] * len(names)])
    facts = read(tmp_path, "rows.csv", dict.fromkeys(names, "integer"))
    assert list(facts.columns) == names
    assert counts(facts) == [0, 1] * len(names)
