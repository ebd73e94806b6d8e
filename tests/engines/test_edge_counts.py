"""Counts under and on edges are those of plain comparison, whichever way a batch is sorted."""

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from seatrial.engines.polars.edge_counts import MOST_ALIKE, Edges

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
CLOSE = st.integers(-40, 40).map(lambda step: 1e6 + step * 1e-10)  # a float or two apart
VALUES = st.lists(st.floats() | CLOSE | st.integers(-3, 3).map(float), max_size=60)
EDGES = st.lists(NUMBERS | CLOSE | st.integers(-3, 3).map(float), max_size=40, unique=True).map(sorted)


def check(edges: list[float], batches: list[list[float]]) -> None:
    """Every batch against every edge, by Python's own comparison."""
    laid = Edges(np.array(edges, np.float64))
    for values in batches:
        found = laid.lay(np.array(values, np.float64))
        numbers = [value for value in values if not math.isnan(value)]
        assert found.known == len(numbers)
        assert (found.least, found.most) == (numbers.count(-math.inf), numbers.count(math.inf))
        assert found.below.tolist() == [sum(value < edge for value in numbers) for edge in edges]
        assert found.on.tolist() == [sum(value == edge for value in numbers) for edge in edges]


@given(EDGES, st.lists(VALUES, min_size=1, max_size=3))
@example([-1.7e308, 1.7e308], [[0.0, 1e308, -math.inf]])  # a span that is no number
@example([0.0, 5e-324], [[0.0, 5e-324, -0.0, 1e-323]])  # one whose steps are none
@example([-0.0, 1.0], [[0.0, -0.0, 0.5]])
@example([0.0, 1.0], [[], [math.nan], [math.nan, math.inf]])
def test_counts_are_those_of_plain_comparison(edges: list[float], batches: list[list[float]]) -> None:
    check(edges, batches)


@pytest.mark.parametrize("edges", [2, 50, 4095])
def test_values_on_edges_and_a_float_beside_them(edges: int) -> None:
    rng = np.random.default_rng(edges)
    cuts = np.unique(rng.normal(size=edges))
    near = np.concatenate([cuts, np.nextafter(cuts, 9.0), np.nextafter(cuts, -9.0)])
    few = rng.choice(near, MOST_ALIKE // 4)  # so few that they are told apart one by one
    values = np.concatenate([few, rng.normal(size=3000)])
    for batch in (values, near):
        found = Edges(cuts).lay(batch)
        ordered = np.sort(batch)
        below, upto = np.searchsorted(ordered, cuts), np.searchsorted(ordered, cuts, side="right")
        assert found.below.tolist() == below.tolist()
        assert found.on.tolist() == (upto - below).tolist()
