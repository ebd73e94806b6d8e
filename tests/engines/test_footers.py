"""Footers of Parquet files, against polars; and what they settle before a row is read."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seatrial.commands.running import Limits
from seatrial.engines.files.footers import read_footers
from seatrial.engines.scanning import scan
from seatrial.engines.sources import find
from seatrial.gates.data.measures import Asked, Facts, Measure, Reading
from seatrial.policy.data import Csv

CELLS = st.lists(st.tuples(st.none() | st.integers(-5, 5), st.none() | st.text(max_size=3)), max_size=40)


@settings(max_examples=60, deadline=None)
@given(rows=CELLS, group=st.integers(1, 50), statistics=st.booleans())
def test_counts_are_those_of_the_rows(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[object, ...]], group: int, statistics: bool
) -> None:
    file = tmp_path_factory.mktemp("footers") / "rows.parquet"
    frame = pl.DataFrame(rows, schema={"n": pl.Int64, "s": pl.String}, orient="row")
    frame.write_parquet(file, row_group_size=group, statistics=statistics)
    found = read_footers([str(file), str(file)])
    assert found is not None and found.rows == 2 * len(rows)
    if statistics and rows:
        assert found.nulls == {name: 2 * frame[name].null_count() for name in ("n", "s")}
    else:
        assert found.nulls == {}


def test_a_footer_that_cannot_be_read_tells_nothing(tmp_path: Path) -> None:
    pl.DataFrame({"n": [1, None]}).write_parquet(tmp_path / "rows.parquet")
    whole = (tmp_path / "rows.parquet").read_bytes()
    for at in range(len(whole) - 200, len(whole)):
        (tmp_path / "rows.parquet").write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        read_footers([str(tmp_path / "rows.parquet")])  # no exception, and no endless loop
    (tmp_path / "rows.parquet").write_bytes(b"PAR1")
    assert read_footers([str(tmp_path / "rows.parquet")]) is None


def asked(root: Path, *measures: Measure, settle: bool = True, kind: str = "number") -> tuple[Facts, ...]:
    sources = [
        find(name, f"{name}.parquet", root, (Reading("n", kind),), Csv()).source for name in ("train", "test")
    ]
    each = [Asked(source, measures, settle=settle) for source in sources]
    return scan(each, names="train and test", limits=Limits(60), scratch=root)


def test_what_footers_refute_is_settled_without_the_rows(tmp_path: Path) -> None:
    whole = pl.DataFrame({"n": [1, 2, 3, 4], "s": ["a", "b", "c", "d"]})
    whole.write_parquet(tmp_path / "test.parquet")
    whole.with_columns(pl.when(pl.col("n") > 3).then("n").alias("n")).write_parquet(
        tmp_path / "train.parquet"
    )
    above = Measure("above", ("n",), 2)
    train, test = asked(tmp_path, Measure("null", ("n",)), Measure("unreadable", ("n",), "number"), above)
    assert train.unscanned is not None and test.unscanned == train.unscanned and "footers" in train.unscanned
    assert [answer.count for answer in train.answers[:2]] == [3, 0]
    assert [answer.count for answer in test.answers[:2]] == [0, 0]
    assert train.answers[2].problem is not None and train.answers[2].problem.startswith("not scanned")
    assert (train.rows, test.rows, train.sha256 is None) == (4, 4, False)
    train, _ = asked(tmp_path, Measure("unreadable", ("n",), "string"), above, kind="string")
    assert (train.answers[0].count, train.answers[0].detail, train.unscanned is None) == (
        4,
        {"is": "integer"},
        False,
    )


def test_what_they_do_not_refute_is_read(tmp_path: Path) -> None:
    frame = pl.DataFrame({"n": [1, None, 3, 4]})
    frame.write_parquet(tmp_path / "test.parquet")
    frame.write_parquet(tmp_path / "train.parquet")
    above = Measure("above", ("n",), 2)
    for measure, settle in ((Measure("null", ("n",), None, 0.25), True), (Measure("null", ("n",)), False)):
        train, test = asked(tmp_path, measure, above, settle=settle)
        assert (train.unscanned, test.unscanned) == (None, None)
        assert [answer.count for answer in train.answers] == [1, 2]
