"""Two distributions in a line of text."""

import late_data as flights
from hypothesis import given
from hypothesis import strategies as st

from seatrial.report.data import sparks
from seatrial.report.data.reading import bins


def spark(reference, current):
    labels = [*(f"{i} of {len(reference)}" for i in range(1, len(reference) + 1)), "missing"]
    evidence = {"labels": labels, "reference": [*reference, 0], "current": [*current, 0]}
    return sparks.pair(bins(flights.drifted("x", 0.3, 0.01, evidence))).replace("\u00a0", " ")


def test_the_larger_share_stands_higher_and_only_an_empty_bin_lies_on_the_ground():
    assert spark([100, 100, 100, 100], [0, 1, 99, 300]) == "▄▄▄▄ → ▁▂▄█"


def test_even_bins_look_calm():
    assert spark([10] * 10, [10] * 10) == f"{'▅' * 10} → {'▅' * 10}"


@given(st.lists(st.integers(0, 10**9), min_size=2, max_size=60), st.data())
def test_any_counts_make_two_lines_of_the_same_length(reference, data):
    current = data.draw(st.lists(st.integers(0, 10**9), min_size=len(reference), max_size=len(reference)))
    labels = [f"{i} of 60" for i in range(len(reference))]
    evidence = {"labels": [*labels, "missing"], "reference": [*reference, 1], "current": [*current, 1]}
    found = bins(flights.drifted("x", 0.3, 0.01, evidence))
    before, _, now = sparks.pair(found).partition(sparks.ARROW)
    assert len(before) == len(now) <= sparks.MOST_BARS
    assert set(before + now) <= {sparks.EMPTY, *sparks.BARS}
