"""Faults that real data meet, each planted in the flights, with the checks that must find it.

Each is a slip that someone has made: a join that lost rows, a unit that changed, a clock that went wrong.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import polars as pl
from real_flights import Flights

Plant = Callable[[Flights], Flights]


@dataclass(frozen=True)
class Fault:
    """found_by: ids of checks; the fault counts as found where at least one of them does not pass."""

    name: str
    found_by: tuple[str, ...]
    plant: Plant


FAULTS: list[Fault] = []


def fault(*found_by: str) -> Callable[[Plant], Plant]:
    """Enter a fault under the words of its function's name."""

    def enter(plant: Plant) -> Plant:
        FAULTS.append(Fault(plant.__name__.replace("_", " "), found_by, plant))
        return plant

    return enter


def some(every: int) -> pl.Expr:
    """One row in `every`."""
    return pl.int_range(pl.len()) % every == 0


def where(condition: pl.Expr, value: pl.Expr, column: str) -> pl.Expr:
    """The column with another value in some rows."""
    return pl.when(condition).then(value).otherwise(pl.col(column)).alias(column)


def changed(flights: Flights, *columns: pl.Expr) -> Flights:
    return flights.with_train(flights.train.with_columns(*columns))


# --- values that are not there, or not values


@fault("data/departure_delay/nulls")
def values_go_missing_in_one_row_of_fifty(f: Flights) -> Flights:
    return changed(f, where(some(50), pl.lit(None), "departure_delay"))


@fault("data/humidity/nulls")
def a_sensor_is_silent_more_often_than_it_may_be(f: Flights) -> Flights:
    return changed(f, where(some(25), pl.lit(None), "humidity"))


@fault("data/wind_speed/nan")
def zero_divided_by_zero_in_a_feature(f: Flights) -> Flights:
    return changed(f, where(some(5_000), pl.lit(float("nan")), "wind_speed"))


@fault("data/departure_delay/infinite")
def one_divided_by_zero_in_a_feature(f: Flights) -> Flights:
    return changed(f, where(some(9_000), pl.lit(float("inf")), "departure_delay"))


@fault("data/humidity/min")
def a_missing_value_is_written_as_minus_999(f: Flights) -> Flights:
    return changed(f, where(some(3_000), pl.lit(-999.0), "humidity"))


# --- columns


@fault("data/visibility/required")
def a_column_is_dropped(f: Flights) -> Flights:
    return f.with_train(f.train.drop("visibility"))


@fault("data/departure_delay/required", "data/extra")
def a_column_is_renamed(f: Flights) -> Flights:
    return f.with_train(f.train.rename({"departure_delay": "dep_delay"}))


@fault("data/extra")
def a_column_is_added(f: Flights) -> Flights:
    return changed(f, pl.lit(1).alias("index"))


@fault("data/distance/type")
def numbers_become_text(f: Flights) -> Flights:
    return changed(f, pl.col("distance").cast(pl.String))


@fault("data/late/type")
def the_label_becomes_yes_and_no(f: Flights) -> Flights:
    return changed(f, pl.when(pl.col("late") == 1).then(pl.lit("yes")).otherwise(pl.lit("no")).alias("late"))


@fault("data/flight/type")
def whole_numbers_get_a_fraction(f: Flights) -> Flights:
    return changed(f, pl.col("flight") + 0.5)


@fault("data/visibility/constant")
def a_column_is_filled_with_one_value(f: Flights) -> Flights:
    return changed(f, pl.lit(10.0).alias("visibility"))


# --- values out of their range


@fault("data/distance/min")
def a_sign_is_lost(f: Flights) -> Flights:
    return changed(f, where(some(8_000), -pl.col("distance"), "distance"))


@fault("data/departure_minute/max", "data/rules/minute_of_its_hour")
def clock_digits_are_read_as_minutes(f: Flights) -> Flights:
    clock = pl.col("departure_minute") // 60 * 100 + pl.col("departure_minute") % 60
    return changed(f, clock.alias("departure_minute"))


@fault("data/departure_delay/max")
def seconds_among_minutes(f: Flights) -> Flights:
    late = pl.col("departure_delay") > 60
    return changed(f, where(late & some(40), pl.col("departure_delay") * 60, "departure_delay"))


@fault("data/carrier/one_of", "data/carrier/new_categories")
def a_carrier_that_nobody_knows(f: Flights) -> Flights:
    return changed(f, where(some(6_000), pl.lit("ZZ"), "carrier"))


@fault("data/carrier/one_of")
def codes_in_lower_case(f: Flights) -> Flights:
    return changed(f, where(some(400), pl.col("carrier").str.to_lowercase(), "carrier"))


@fault("data/origin/one_of", "data/rules/three_letters")
def blanks_after_a_code(f: Flights) -> Flights:
    return changed(f, where(some(900), pl.col("origin") + " ", "origin"))


@fault("data/destination/pattern")
def a_broken_encoding(f: Flights) -> Flights:
    return changed(f, where(some(20_000), pl.lit("Ã¼LA"), "destination"))


@fault("data/tail_number/longest")
def two_texts_run_together(f: Flights) -> Flights:
    twice = pl.col("tail_number") + pl.col("tail_number")
    return changed(f, where(some(10_000), twice, "tail_number"))


@fault("data/flight_id/pattern", "data/flight_id/shortest")
def ids_are_cut_short(f: Flights) -> Flights:
    return changed(f, where(some(7_000), pl.col("flight_id").str.head(10), "flight_id"))


# --- rows


@fault("data/key", "data/duplicates")
def a_join_repeats_rows(f: Flights) -> Flights:
    return f.with_train(pl.concat([f.train, f.train.gather_every(3_000)]).sort("scheduled_at"))


@fault("data/key")
def two_rows_of_one_key_that_differ(f: Flights) -> Flights:
    again = f.train.gather_every(20_000).with_columns(pl.col("departure_delay") + 1)
    return f.with_train(pl.concat([f.train, again]).sort("scheduled_at"))


@fault("data/rows/min", "data/rows/change")
def a_download_ends_early(f: Flights) -> Flights:
    return f.with_train(f.train.head(3_000))


@fault("data/rows/change")
def a_filter_loses_a_third_of_the_rows(f: Flights) -> Flights:
    return f.with_train(f.train.filter(~some(3)))


@fault("data/rows/change", "data/duplicates")
def a_file_is_appended_twice(f: Flights) -> Flights:
    return f.with_train(pl.concat([f.train, f.train]))


# --- time


@fault("data/fresh")
def the_export_stopped_a_year_ago(f: Flights) -> Flights:
    back = pl.col("scheduled_at", "observed_at") - timedelta(days=400)
    return Flights(f.train.with_columns(back), f.test.with_columns(back), f.reference)


@fault("data/fresh")
def a_date_in_the_future(f: Flights) -> Flights:
    ahead = where(some(20_000), pl.col("scheduled_at") + timedelta(days=3_000), "scheduled_at")
    return f.with_test(f.test.with_columns(ahead))


@fault("data/split")
def train_and_test_are_split_by_chance(f: Flights) -> Flights:
    both = pl.concat([f.train, f.test]).sort("flight_id")
    return Flights(both.filter(~some(3)), both.filter(some(3)), f.reference)


# --- leakage


@fault("data/leakage/keys")
def rows_to_learn_from_stand_in_the_test_too(f: Flights) -> Flights:
    return f.with_test(pl.concat([f.train.tail(3).with_columns(pl.col("late") * 1), f.test]))


@fault("data/leakage/rows")
def the_test_is_appended_to_what_is_learned_from(f: Flights) -> Flights:
    return f.with_train(pl.concat([f.train, f.test.head(5)]))


@fault("data/departure_delay/target_correlation")
def a_feature_is_the_label_in_disguise(f: Flights) -> Flights:
    noise = pl.col("flight") % 7 / 100
    told = (pl.col("late") * 3.0 + noise).alias("departure_delay")
    return Flights(f.train.with_columns(told), f.test.with_columns(told), f.reference)


@fault("data/wind_speed/target_correlation")
def the_gaps_of_a_feature_give_the_label_away(f: Flights) -> Flights:
    gone = where(pl.col("late") == 1, pl.lit(None), "wind_speed")
    return Flights(f.train.with_columns(gone), f.test.with_columns(gone), f.reference)


@fault("data/arrival_delay/known_after")
def a_column_that_is_known_only_at_the_end(f: Flights) -> Flights:
    return changed(f, (pl.col("departure_delay") - 3).alias("arrival_delay"))


@fault("data/observed_at/known_by")
def weather_of_the_hour_after(f: Flights) -> Flights:
    return changed(f, where(some(500), pl.col("observed_at") + timedelta(hours=2), "observed_at"))


# --- persons


@fault("data/tail_number/personal")
def an_address_in_a_field_of_text(f: Flights) -> Flights:
    return changed(f, where(some(30_000), pl.lit("ada@example.com"), "tail_number"))


@fault("data/destination/personal")
def the_number_of_a_card_in_a_field_of_text(f: Flights) -> Flights:
    return changed(f, where(some(30_000), pl.lit("4111 1111 1111 1111"), "destination"))


# --- drift


@fault("data/distance/psi", "data/distance/ks")
def miles_become_kilometres(f: Flights) -> Flights:
    return changed(f, (pl.col("distance") * 1.609).round(0).cast(pl.Int64).alias("distance"))


@fault("data/departure_minute/psi", "data/departure_minute/ks")
def local_time_becomes_universal_time(f: Flights) -> Flights:
    return changed(f, ((pl.col("departure_minute") + 300) % 1440).alias("departure_minute"))


@fault("data/departure_delay/psi", "data/departure_delay/ks")
def delays_are_counted_from_another_moment(f: Flights) -> Flights:
    return changed(f, pl.col("departure_delay") + 15)


@fault("data/carrier/psi")
def one_airline_takes_over(f: Flights) -> Flights:
    return changed(f, where(pl.col("carrier").is_in(["EV", "MQ", "9E"]) & ~some(20), pl.lit("UA"), "carrier"))


@fault("data/late/psi", "data/balance", "data/late/ks")
def the_label_is_nearly_always_no(f: Flights) -> Flights:
    return changed(f, where(~some(20), pl.lit(0), "late"))
