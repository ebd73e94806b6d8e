"""The reader that is started before anything is asked finds what one finds that is started for it."""

from pathlib import Path

import polars as pl

from seatrial.commands.running import Limits
from seatrial.engines import reader
from seatrial.engines.scanning import scan
from seatrial.engines.sources import find
from seatrial.gates.data.measures import Asked, Facts, Measure
from seatrial.policy.data import Csv


def test_the_reader_that_is_there_reads(tmp_path: Path) -> None:
    pl.DataFrame({"n": [1, 2, 2, None]}).write_parquet(tmp_path / "rows.parquet")
    source = find("train", "rows.parquet", tmp_path, (), Csv()).source
    asked = [Asked(source, (Measure("null", ("n",)), Measure("repeated", ("n",))), show=5)]

    def found(ahead: reader.Ahead | None) -> tuple[Facts, ...]:
        return scan(asked, names="rows.parquet", limits=Limits(60), scratch=tmp_path, ahead=ahead)

    with reader.started() as started:
        facts = found(started)
        assert started.take() is None
    assert facts == found(None)
    assert [(each.count, each.at) for each in facts[0].answers] == [(1, (4,)), (1, (3,))]
