"""Evidence from anyone: read where it is as the gate writes it, and left alone where not."""

import late_data as flights
import numpy as np
import pytest

from seatrial.gates.data import asking, drift_asking, drift_bins
from seatrial.report.data import reading
from seatrial.report.data.reading import bins, parts
from seatrial.stats.profile_steps import Pair, Steps

GOOD = {"labels": ["to 3", "over 3", "missing"], "reference": [5, 5, 0], "current": [1, 9, 0]}


def read(**changed):
    return bins(flights.drifted("x", 0.3, 0.01, {**GOOD, **changed}))


def test_a_bin_of_missing_values_counts_only_where_there_are_any():
    assert read().names == ("to 3", "over 3") and not read().missing
    some = read(current=[1, 5, 4])
    assert some.missing and some.current == (0.1, 0.5, 0.4)


def test_numbers_have_an_order_and_categories_have_none():
    assert read().ordered and read().ends == ["3"]
    assert not read(labels=["to 3", "other", "missing"]).ordered


def test_categories_that_nobody_has_are_not_drawn():
    found = read(labels=["a", "b", "other", "missing"], reference=[5, 5, 0, 0], current=[5, 5, 0, 0])
    assert found.names == ("a", "b") and not found.ordered


def test_bins_whose_bounds_are_hidden_tell_none():
    assert read(labels=["1 of 2", "2 of 2", "missing"]).ends == []


@pytest.mark.parametrize(
    "changed",
    [
        {"labels": None},
        {"labels": ["a"]},
        {"reference": [1, 2]},
        {"current": "abc"},
        {"current": [0, 0, 0]},
        {"reference": [0, 0, 0]},
        {"current": [True, None, -4]},
        {"labels": ["x"] * 10_000, "reference": [1] * 10_000, "current": [1] * 10_000},
    ],
)
def test_what_is_no_histogram_is_not_drawn(changed):
    assert read(**changed) is None


def test_parts_that_are_none_are_left_out():
    check = flights.faults("x", "nulls", parts=[1, None, {"data": "train", "rows": "9", "count": -3}])
    (only,) = parts(check)
    assert (only.data, only.rows, only.count) == ("train", 0, 0)


def test_the_words_of_the_gate_are_those_that_are_read():
    assert reading.GATE == asking.GATE
    assert reading.POOLED == (drift_bins.OTHER, drift_bins.NEW)
    assert set(reading.DRIFT) == {*drift_asking.NUMBERS, *drift_asking.NAMES}


def test_bins_as_the_gate_makes_them():
    steps = Steps(np.array([40, 80]), np.array([40, 80]), 100, 7, 0.0, 1.0, (1.0, 1.0))
    made = drift_bins.step_bins(Pair(np.array([3.0, 9.5]), steps, steps), "number", True)
    found = read(**made)
    assert found.ordered and found.missing and found.ends == ["3", "9.5"]
    assert sum(found.current) == pytest.approx(1) and found.rows == tuple(made["current"])
    hidden = read(**drift_bins.step_bins(Pair(np.array([3.0, 9.5]), steps, steps), "number", False))
    assert hidden.ordered and hidden.ends == []
