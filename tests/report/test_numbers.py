"""Numbers are shown with the digits that their interval has earned, and never contradict the outcome."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.report import numbers


@pytest.mark.parametrize(
    ("low", "high", "places"),
    [(-0.004, 0.009, 3), (0.7381, 0.7459, 3), (-0.0004, 0.0009, 4), (120.0, 180.0, 0), (4.1, 4.9, 3)],
)
def test_the_width_of_the_interval_decides_the_digits(low, high, places):
    assert numbers.decimals(low, high, None) == places


def test_an_end_just_beyond_the_limit_does_not_round_onto_it():
    places = numbers.decimals(-0.00504, 0.004, 0.005)
    assert numbers.signed(-0.00504, places) != numbers.signed(-0.005, places)


@given(st.floats(-1, 1), st.floats(0.00001, 1), st.floats(0.0001, 1).map(lambda v: round(v, 4)))
def test_shown_ends_lie_on_the_side_of_the_limit_where_they_are(low, width, limit):
    high = low + width
    places = numbers.decimals(low, high, limit)
    for end in (low, high):
        shown = float(numbers.number(end, places).replace(",", ""))
        if abs(end - limit) > 1e-7 and places < numbers.MOST_DECIMALS:
            assert (shown > limit) == (end > limit)


def test_intervals_and_signs():
    assert numbers.interval(-0.004, 0.009, 3, sign=True) == "[-0.004, +0.009]"
    assert numbers.interval(None, 0.009, 3) == "(-∞, 0.009]"
    assert numbers.signed(-0.0001, 3) == "0.000"
    assert numbers.number(None) == numbers.number(float("nan")) == "n/a"
    assert numbers.number(0.0000000012) == "1.20e-09"


def test_counts_durations_sizes_and_shares():
    assert numbers.count(336_776) == "336,776"
    assert numbers.about(6_353) == "6,400" and numbers.about(87) == "87"
    assert [numbers.duration(s) for s in (0.00184, 1.3, 125.0, 0.0)] == [
        "1.84\u00a0ms",
        "1.3\u00a0s",
        "2\u00a0min 5\u00a0s",
        "0\u00a0s",
    ]
    assert [numbers.size(b) for b in (20e6, 1_431_002, 512)] == ["20\u00a0MB", "1.43\u00a0MB", "512\u00a0B"]
    assert numbers.percent(0.9) == "90\u00a0%" and numbers.percent(0.975) == "97.5\u00a0%"


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_any_number_can_be_shown(value):
    for show in (numbers.number, numbers.signed, numbers.duration, numbers.size):
        shown = show(value)
        assert shown and "nan" not in shown and "inf" not in shown
