"""Turn the raw CSV files into rows to learn from and rows to be judged on, split by time.

Every column but the label is known when the plane leaves its gate. Numbers are float32,
as the ONNX model takes them, so that training sees the very numbers that serving sees.
"""

import argparse
from pathlib import Path

import polars as pl

LATE = 15  # minutes; what the airlines' own statistics call late
TEST_FROM_MONTH = 10


def read(file: Path) -> pl.DataFrame:
    return pl.read_csv(file, null_values=["NA", ""], infer_schema_length=None)


def minute_of_day(clock: str) -> pl.Expr:
    """Minutes since midnight of a column such as 1735."""
    return pl.col(clock) // 100 * 60 + pl.col(clock) % 100


def number(expression: pl.Expr, name: str) -> pl.Expr:
    return expression.cast(pl.Float32).alias(name)


def weather(raw: Path) -> pl.DataFrame:
    """What the airport's station reported for the hour of scheduled departure."""
    return read(raw / "weather.csv").select(
        "origin",
        "time_hour",
        number(pl.col("humid"), "humidity"),
        number(pl.col("wind_speed"), "wind_speed"),
        number(pl.col("precip"), "precipitation"),
        number(pl.col("visib"), "visibility"),
    )


def planes(raw: Path) -> pl.DataFrame:
    """Age and seats by tail number."""
    return read(raw / "planes.csv").select(
        "tailnum", number(2013 - pl.col("year"), "plane_age"), number(pl.col("seats"), "plane_seats")
    )


def flights(raw: Path) -> pl.DataFrame:
    """One row for each flight that arrived; the cancelled and the diverted have no arrival to be late."""
    parts = [pl.date("year", "month", "day").cast(pl.String), "carrier", "flight", "origin"]
    return (
        read(raw / "flights.csv")
        .drop_nulls("arr_delay")
        .join(weather(raw), on=["origin", "time_hour"], how="left", validate="m:1")
        .join(planes(raw), on="tailnum", how="left", validate="m:1")
        .select(
            pl.concat_str(parts, separator="-").alias("flight_id"),
            pl.date("year", "month", "day").alias("date"),
            pl.col("tailnum").alias("tail_number"),
            "carrier",
            "origin",
            "month",
            number(minute_of_day("sched_dep_time"), "departure_minute"),
            number(pl.col("dep_delay"), "departure_delay"),
            number(pl.col("distance"), "distance"),
            "humidity",
            "wind_speed",
            "precipitation",
            "visibility",
            "plane_age",
            "plane_seats",
            (pl.col("arr_delay") > LATE).cast(pl.Int8).alias("late"),
        )
        .sort("month", "flight_id")
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--raw", type=Path, default=Path("raw"))
    parser.add_argument("--out", type=Path, default=Path("data"))
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)

    rows = flights(given.raw)
    test = rows.filter(pl.col("month") >= TEST_FROM_MONTH).drop("month")
    train = rows.filter(pl.col("month") < TEST_FROM_MONTH).drop("month")
    train.write_parquet(given.out / "train.parquet")
    test.write_parquet(given.out / "test.parquet")
    print(f"{train.height:,} rows to learn from, {test.height:,} to be judged on")


if __name__ == "__main__":
    main()
