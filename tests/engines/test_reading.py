"""Cells as their types say: the fast way and the exact way read the same, and both as Python would."""

import csv
import io
import math
import re
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import narwhals as nw
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from seatrial.engines.polars.engine import Polars
from seatrial.engines.sources import find
from seatrial.gates.data.measures import Reading
from seatrial.policy.data import Csv

Row = tuple[Any, ...]
BAD = object()


def opened(text: str, readings: tuple[Reading, ...], *, exact: bool) -> list[Row]:
    """Rows of cells; what cannot be read is BAD."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "rows.csv").write_text(text, encoding="utf-8", newline="")
        source = find("train", "rows.csv", Path(folder), readings, Csv()).source
        return cells(source, exact=exact)


def cells(source: Any, *, exact: bool) -> list[Row]:
    engine = Polars(exact=exact)
    found = engine.open(source)
    values = {f"v{n}": found.column(name) for n, name in enumerate(found.types)}
    faults = {f"f{n}": found.unreadable.get(name, nw.lit(False)) for n, name in enumerate(found.types)}
    rows = engine.rows_of(found.frame.select(**values, **faults))
    width = range(len(found.types))
    return [tuple(BAD if row[f"f{n}"] else row[f"v{n}"] for n in width) for row in rows]


def written(rows: list[tuple[str, ...]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([f"c{n}" for n in range(len(rows[0]))])
    writer.writerows(rows)
    return out.getvalue()


def same(one: list[Row], other: list[Row]) -> bool:
    def alike(a: Any, b: Any) -> bool:
        both_nan = isinstance(a, float) and isinstance(b, float) and math.isnan(a) and math.isnan(b)
        return both_nan or (type(a) is type(b) and a == b)

    return len(one) == len(other) and all(all(map(alike, a, b)) for a, b in zip(one, other, strict=True))


ODD = [
    "5",
    "+5",
    "-0",
    "007",
    "5.0",
    "5.",
    ".5",
    "5.00",
    "-7.000",
    "1e308",
    "1e999",
    "-1e999",
    "1E5",
    "nan",
    "NaN",
    "-nan",
    "inf",
    "-inf",
    "Infinity",
    "1_0",
    "0x10",
    "1,5",
    "--5",
    "-",
    "e5",
    "٣",
    "NA",
    "x",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "9007199254740993.0",
    "true",
    "True",
    "FALSE",
    "tRuE",
    "0",
    "1",
    "yes",
]
BLANK = ["", " ", "\t", " 5", "5 ", " true", "5\r", "\r", "1 2", "\u00a05"]
NUMBERS = st.one_of(
    st.integers(-(2**65), 2**65).map(str),
    st.floats().map(repr),
    st.sampled_from(ODD + BLANK),
    st.text(alphabet="0123456789+-.eE ,infaN", max_size=6),
)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS), min_size=1, max_size=4))
def test_the_fast_way_and_the_exact_way_read_the_same(rows: list[tuple[str, ...]]) -> None:
    readings = (Reading("c0", "integer"), Reading("c1", "number"), Reading("c2", "boolean"))
    text = written([("1", "1", "true")] * 10_000 + rows)  # more than is looked at before the way is chosen
    try:
        fast = opened(text, readings, exact=False)
    except pl.exceptions.ComputeError:
        return  # it gave up, and the exact way is taken
    assert same(fast[10_000:], opened(text, readings, exact=True)[10_000:])


def by_python(text: str, kind: str) -> object:
    """What a cell is, said plainly; None where it is blank."""
    bare = text.strip(" \t")
    if not bare:
        return None
    if kind == "integer":
        found = re.fullmatch(r"([+-]?[0-9]+)(\.0*)?", bare)
        return int(found[1]) if found and -(2**63) <= int(found[1]) < 2**63 else BAD
    if kind == "boolean":
        return {"true": True, "false": False}.get(bare.lower(), BAD)
    if kind == "number":
        try:
            return (
                float(bare) if re.fullmatch(r"[+-]?[0-9.eE+-]+|[+-]?(nan|inf|infinity)", bare, re.I) else BAD
            )
        except ValueError:
            return BAD
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", bare):
        return BAD
    try:
        return date.fromisoformat(bare)
    except ValueError:
        return BAD


DATES = st.one_of(
    st.dates().map(str),
    st.sampled_from(
        ["2026-1-05", "2026-02-30", "0000-01-01", "2026-01-05T00:00", " 2026-01-05", "+026-01-05"]
    ),
    st.text(alphabet="0123456789- ", max_size=10),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS, DATES), min_size=1, max_size=20))
def test_cells_are_what_they_say(rows: list[tuple[str, ...]]) -> None:
    kinds = ("integer", "number", "boolean", "date")
    readings = tuple(Reading(f"c{n}", kind) for n, kind in enumerate(kinds))
    found = opened(written(rows), readings, exact=True)
    assert same(found, [tuple(map(by_python, row, kinds)) for row in rows])


OFFSETS = st.one_of(st.none(), st.just("Z"), st.integers(-14 * 60, 14 * 60))


@st.composite
def moments(draw: st.DrawFn) -> tuple[str, datetime]:
    """A time as text, and when it was; naive where it has no offset."""
    when = draw(st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1)))
    text = when.strftime(f"%Y-%m-%d{draw(st.sampled_from('T '))}%H:%M")
    text = "0" * (4 - text.index("-")) + text
    seconds, fraction = draw(st.booleans()), draw(st.integers(0, 7))
    when = when.replace(second=when.second if seconds else 0, microsecond=0)
    if seconds:
        text += f":{when.second:02}"
        if fraction:
            digits = draw(st.text(alphabet="0123456789", min_size=fraction, max_size=fraction))
            text += draw(st.sampled_from(".,")) + digits
            when += timedelta(microseconds=int(digits[:6].ljust(6, "0")))
    offset = draw(OFFSETS)
    if offset is None:
        return text, when
    minutes = 0 if offset == "Z" else offset
    colon = draw(st.sampled_from([":", ""]))
    sign, (hours, rest) = "-" if minutes < 0 else "+", divmod(abs(minutes), 60)
    shown = "Z" if offset == "Z" else f"{sign}{hours:02}{colon}{rest:02}"
    return text + shown, (when - timedelta(minutes=minutes)).replace(tzinfo=UTC)


@settings(max_examples=200, deadline=None)
@given(st.lists(moments(), min_size=1, max_size=20))
def test_times_are_when_they_say(rows: list[tuple[str, datetime]]) -> None:
    text = written([(shown,) for shown, _ in rows])
    zoned = any(when.tzinfo for _, when in rows)
    found = opened(text, (Reading("c0", "timestamp"),), exact=True)
    wanted = [BAD if zoned and not when.tzinfo else when.replace(tzinfo=UTC) for _, when in rows]
    assert [cell == when for (cell,), when in zip(found, wanted, strict=True)] == [True] * len(rows)
    placed = opened(text, (Reading("c0", "timestamp", "Asia/Kolkata"),), exact=True)
    for (cell,), (_, when) in zip(placed, rows, strict=True):
        there = when if when.tzinfo else when.replace(tzinfo=ZoneInfo("Asia/Kolkata"))
        assert cell == there


FORMS = (
    "2026-01-31T12:00:05",
    "2026-01-31 12:00:05.25",
    "2026-01-31T12:00:05Z",
    "2026-01-31 12:00:05.123456789Z",
)
ODD_TIMES = (
    *(
        "",
        " ",
        "NA",
        "2026-1-31T12:00:05",
        "+026-01-31T12:00:05",
        "2026-01-31T12:00:5",
        "0000-01-31T12:00:05",
    ),
    *(
        "2026-02-30T12:00:05",
        "2026-01-31T24:00:00",
        "2026-01-31T12:00:60",
        "2026-01-31",
        " 2026-01-31T12:00:05 ",
    ),
    *(
        "2026-01-31T12:00:05.",
        "2026-01-31T12:00:05.1234567890",
        "2026-01-31T12:00:05,5",
        "2026-01-31T12:00:05+02",
    ),
    *("2026-03-29T02:30:00", "2026-10-25T02:30:00", "9999-12-31T23:59:59.9999999", "2026-01-31T12:00:05Z"),
)
TIMES = st.one_of(moments().map(lambda moment: moment[0]), st.sampled_from(FORMS + ODD_TIMES))


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(FORMS), st.lists(TIMES, min_size=1, max_size=3), st.sampled_from([None, "Europe/Berlin"])
)
def test_times_written_alike_are_read_as_all_times_are(form: str, cells: list[str], zone: str | None) -> None:
    reading = (Reading("c0", "timestamp", zone),)
    text = written([(form,)] * 10_000 + [(cell,) for cell in cells])
    try:
        fast = opened(text, reading, exact=False)
    except (pl.exceptions.ComputeError, pl.exceptions.InvalidOperationError):
        return  # it gave up, and the exact way is taken
    assert same(fast[9_999:], opened(text, reading, exact=True)[9_999:])


def test_types_of_parquet(tmp_path: Path) -> None:
    noon = datetime(2026, 1, 31, 12)
    frame = pl.DataFrame(
        {
            "small": pl.Series([1, None, -3], dtype=pl.Int8),
            "large": pl.Series([2**63 + 1, None, 0], dtype=pl.UInt64),
            "whole": [1.0, 2.5, math.nan],
            "single": pl.Series([0.5, None, math.inf], dtype=pl.Float32),
            "price": pl.Series(["1.50", None, "2.00"]).cast(pl.Decimal(10, 2)),
            "kind": pl.Series(["a", None, "b"], dtype=pl.Categorical),
            "level": pl.Series(["lo", None, "hi"], dtype=pl.Enum(["lo", "hi"])),
            "none": pl.Series([None, None, None], dtype=pl.Null),
            "naive": [noon, None, datetime(2026, 3, 29, 2, 30)],
            "zoned": pl.Series([noon, None, noon]).dt.replace_time_zone("Europe/Berlin"),
            "nanos": pl.Series([noon, None, noon]).dt.cast_time_unit("ns"),
            "day": [date(2026, 1, 31), None, date(2026, 2, 1)],
            "list": [[1], None, []],
            "struct": [{"a": 1}, None, {"a": 2}],
            "bytes": [b"a", None, b""],
            "lasts": [timedelta(1), None, timedelta(2)],
        }
    )
    frame.write_parquet(tmp_path / "rows.parquet")
    readings = (Reading("whole", "integer"), Reading("price", "integer"), Reading("none", "number"))
    readings += (Reading("naive", "timestamp", "Europe/Berlin"),)
    source = find("train", "rows.parquet", tmp_path, readings, Csv()).source
    types = dict(Polars().open(source).types)
    assert list(types.values()) == [
        *("integer", "integer", "integer", "number", "integer", "string", "string", "number"),
        *("timestamp", "timestamp", "timestamp", "date", "other", "other", "other", "other"),
    ]
    first, second, third = (dict(zip(types, row, strict=True)) for row in cells(source, exact=False))
    eleven = noon.replace(hour=11, tzinfo=UTC)
    assert (first["large"], first["whole"], first["price"], first["kind"]) == (2**63 + 1, 1, BAD, "a")
    assert (first["naive"], first["zoned"], first["nanos"]) == (eleven, eleven, noon.replace(tzinfo=UTC))
    assert (second["whole"], second["naive"], second["price"]) == (BAD, None, None)
    assert (third["whole"], third["naive"], third["price"], third["single"]) == (BAD, BAD, 2, math.inf)


def test_parquet_files_whose_types_differ_a_little_are_one(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    shapes = [pl.Int64, pl.Int16, pl.Float64, pl.Null]
    for number, dtype in enumerate(shapes):
        value = None if dtype == pl.Null else number
        pl.DataFrame({"x": [value], "i": [number]}, schema={"x": dtype, "i": pl.Int32}).write_parquet(
            tmp_path / f"d/{number}.parquet"
        )
    source = find("train", "d", tmp_path, (), Csv()).source
    assert dict(Polars().open(source).types) == {"x": "number", "i": "integer"}
    assert cells(source, exact=False) == [(0.0, 0), (1.0, 1), (2.0, 2), (None, 3)]
    declared = find("train", "d", tmp_path, (Reading("x", "integer"),), Csv()).source
    assert cells(declared, exact=False) == [(0, 0), (1, 1), (2, 2), (None, 3)]
