"""Raw files become rows: the label, the split by time, gaps, and the same bytes every time."""

import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

FLIGHTS = """\
year,month,day,dep_time,sched_dep_time,dep_delay,arr_time,sched_arr_time,arr_delay,carrier,flight,tailnum,origin,dest,air_time,distance,hour,minute,time_hour
2013,9,30,1735,1730,5,1900,1844,16,AA,1,N1,JFK,BOS,50,187,17,30,2013-09-30T21:00:00Z
2013,10,1,1730,1735,-5,1900,1845,15,MQ,2,N9,LGA,BOS,50,184,17,35,2013-10-01T21:00:00Z
2013,10,2,NA,1735,NA,NA,1845,NA,MQ,2,N9,LGA,BOS,NA,184,17,35,2013-10-02T21:00:00Z
2013,12,31,5,2359,6,200,100,60,B6,3,N1,JFK,BQN,190,1576,23,59,2014-01-01T04:00:00Z
"""
WEATHER = """\
origin,year,month,day,hour,temp,dewp,humid,wind_dir,wind_speed,wind_gust,precip,pressure,visib,time_hour
JFK,2013,9,30,17,60,50,71.5,10,8.05546,NA,0.01,NA,10,2013-09-30T21:00:00Z
JFK,2013,12,31,23,30,20,55.5,10,NA,NA,0,1012,9,2014-01-01T04:00:00Z
"""
PLANES = """\
tailnum,year,type,manufacturer,model,engines,seats,speed,engine
N1,2003,Fixed wing multi engine,BOEING,737,2,149,NA,Turbo-fan
"""


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    folder.mkdir()
    for name, text in (("flights", FLIGHTS), ("weather", WEATHER), ("planes", PLANES)):
        (folder / f"{name}.csv").write_text(text)
    return folder


def prepare(example: Path, raw: Path, out: Path) -> tuple[bytes, bytes]:
    command = [sys.executable, str(example / "prepare.py"), "--raw", str(raw), "--out", str(out)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    return (out / "train.parquet").read_bytes(), (out / "test.parquet").read_bytes()


def test_rows_are_split_by_time_and_late_means_more_than_15_minutes(
    flight_delay: Path, raw: Path, tmp_path: Path
) -> None:
    prepare(flight_delay, raw, tmp_path / "out")
    train, test = (pl.read_parquet(tmp_path / "out" / f"{name}.parquet") for name in ("train", "test"))
    assert train.select("flight_id", "late").rows() == [("2013-09-30-AA-1-JFK", 1)]
    assert test.select("flight_id", "late").rows() == [("2013-10-01-MQ-2-LGA", 0), ("2013-12-31-B6-3-JFK", 1)]
    assert test["departure_minute"].to_list() == [17 * 60 + 35, 23 * 60 + 59]


def test_what_is_not_known_stays_a_gap(flight_delay: Path, raw: Path, tmp_path: Path) -> None:
    prepare(flight_delay, raw, tmp_path / "out")
    test = pl.read_parquet(tmp_path / "out" / "test.parquet")
    columns = ["humidity", "wind_speed", "plane_age", "plane_seats"]
    assert test.select(columns).rows() == [(None,) * 4, (55.5, None, 10.0, 149.0)]


def test_nothing_known_only_after_departure_is_a_column(
    flight_delay: Path, raw: Path, tmp_path: Path
) -> None:
    prepare(flight_delay, raw, tmp_path / "out")
    assert not {"arr_time", "arr_delay", "air_time"} & set(
        pl.read_parquet(tmp_path / "out" / "test.parquet").columns
    )


def test_the_same_files_give_the_same_bytes_whatever_their_order(
    flight_delay: Path, raw: Path, tmp_path: Path
) -> None:
    first = prepare(flight_delay, raw, tmp_path / "one")
    for name in ("flights", "weather"):
        header, *lines = (raw / f"{name}.csv").read_text().splitlines()
        (raw / f"{name}.csv").write_text("\n".join([header, *reversed(lines)]) + "\n")
    assert prepare(flight_delay, raw, tmp_path / "two") == first
