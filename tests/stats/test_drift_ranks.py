"""Kolmogorov-Smirnov and Wasserstein from counts at edges: brackets hold what scipy computes."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ks_2samp, wasserstein_distance

from seatrial.stats import drift_ranks as ranks
from seatrial.stats.profile_steps import Pair, Steps, binned, deciles
from seatrial.stats.rows import Floats

VALUES = st.lists(
    st.one_of(st.integers(-5, 5).map(float), st.floats(-1e6, 1e6)), min_size=1, max_size=60
).map(np.array)
EDGES = st.lists(st.one_of(st.integers(-5, 5).map(float), st.floats(-1e6, 1e6)), min_size=1, max_size=20)


def scipys_ks(a: Floats, b: Floats) -> float:
    """Its p-value, which is not wanted, warns of few rows."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return float(ks_2samp(a, b, method="asymp").statistic)


def steps(values: Floats, edges: Floats, missing: int = 0) -> Steps:
    """What an engine counts."""
    under, over = values[values < edges[0]], values[values > edges[-1]]
    return Steps(
        np.array([np.count_nonzero(values < edge) for edge in edges]),
        np.array([np.count_nonzero(values <= edge) for edge in edges]),
        values.size,
        missing,
        float(values.mean()),
        float(values.std()),
        (
            float((edges[0] - under).mean()) if under.size else 0.0,
            float((over - edges[-1]).mean()) if over.size else 0.0,
        ),
    )


def pair(reference: Floats, current: Floats, edges: list[float], missing: tuple[int, int] = (0, 0)) -> Pair:
    at = np.unique(np.array(edges) + 0.0)
    return Pair(at, steps(reference, at, missing[0]), steps(current, at, missing[1]))


@given(VALUES, VALUES, EDGES)
def test_the_bracket_holds_the_distance_of_the_rows(a: Floats, b: Floats, edges: list[float]) -> None:
    found = ranks.ks_bracket(pair(a, b, edges))
    exact = scipys_ks(a, b)
    assert found.lower - 1e-12 <= exact <= found.upper + 1e-12


@given(VALUES, VALUES)
def test_the_bracket_is_a_point_where_every_value_is_an_edge(a: Floats, b: Floats) -> None:
    found = ranks.ks_bracket(pair(a, b, [*a.tolist(), *b.tolist()]))
    assert found.lower == pytest.approx(found.upper, abs=1e-12)
    assert found.lower == pytest.approx(scipys_ks(a, b), abs=1e-12)


@given(VALUES, VALUES, st.integers(0, 30), st.integers(0, 30))
def test_the_exact_distance_counts_missing_values_as_the_least(
    a: Floats, b: Floats, gone: int, away: int
) -> None:
    exact = ranks.ks_exact(np.sort(a), np.sort(b), (gone, away))
    lowest = np.full(gone, -1e9), np.full(away, -1e9)
    filled = [np.concatenate([low, values]) for low, values in zip(lowest, (a, b), strict=True)]
    assert exact == pytest.approx(scipys_ks(*filled), abs=1e-12)
    edges = [*a.tolist(), *b.tolist()]
    assert ranks.ks_bracket(pair(a, b, edges, (gone, away))).lower == pytest.approx(exact, abs=1e-12)


@given(VALUES, VALUES, EDGES)
def test_the_brackets_hold_scipys_wasserstein(a: Floats, b: Floats, edges: list[float]) -> None:
    scale = float(a.std())
    if scale < 1e-6:
        return
    found = ranks.transport(pair(a, b, edges))
    assert found is not None
    exact = float(wasserstein_distance(a, b)) / scale
    assert found.lower <= exact * (1 + 1e-9) + 1e-9
    assert exact <= found.upper * (1 + 1e-9) + 1e-9
    assert found.lower - 1e-9 <= found.estimate <= found.upper * (1 + 1e-9) + 1e-9


def test_equal_values_have_no_standard_deviation() -> None:
    assert ranks.transport(pair(np.ones(5), np.zeros(5), [1.0])) is None
    still = ranks.transport(pair(np.ones(5), np.ones(9), [1.0]))
    assert still is not None
    assert still.upper == 0.0


@given(st.floats(0, 1), st.integers(1, 10**6), st.integers(1, 10**6), st.floats(0, 1))
def test_the_p_value_of_ks_agrees_with_its_bound(d: float, n: int, m: int, limit: float) -> None:
    p = ranks.ks_tail(d, n, m, limit)
    if 1e-12 < p < 0.9 and d > limit:
        assert ranks.ks_lower(d, n, m, p * 0.999) < limit + 1e-12
        assert ranks.ks_lower(d, n, m, min(1.0, p * 1.001)) >= limit - 1e-12


@pytest.mark.parametrize("moved", [0.0, 0.3])
@pytest.mark.parametrize("ties", [False, True])
def test_the_bounds_of_ks_and_wasserstein_hold_as_often_as_they_say(moved: float, ties: bool) -> None:
    random = np.random.default_rng(3)
    large = np.random.default_rng(4).normal(size=200_000)
    step = 0.5 if ties else 1e-9

    def rounded(values: Floats) -> Floats:
        return np.round(values / step) * step

    truth_ks = scipys_ks(rounded(large), rounded(large + moved))
    truth = float(wasserstein_distance(rounded(large), rounded(large + moved))) / float(rounded(large).std())
    edges = np.unique(rounded(np.quantile(large, np.linspace(0, 1, 200)))).tolist()
    n, m, draws = 2_000, 500, 300
    missed = [0, 0, 0, 0]
    for _ in range(draws):
        sides = pair(rounded(random.normal(size=n)), rounded(random.normal(size=m) + moved), edges)
        ks, moved_by = ranks.ks_bracket(sides), ranks.transport(sides)
        assert moved_by is not None
        spread = ranks.transport_spread(n, m, moved_by.ratio)
        missed[0] += ranks.ks_lower(ks.lower, n, m, 0.05) > truth_ks + 1e-3
        missed[1] += ranks.ks_upper(ks.upper, n, m, 0.05) < truth_ks - 1e-3
        missed[2] += ranks.transport_lower(moved_by.lower, moved_by.noise, spread, 0.05) > truth + 1e-3
        missed[3] += ranks.transport_upper(moved_by.upper, spread, 0.05) < truth - 1e-3
    assert max(missed) / draws <= 0.05 + 0.038


@pytest.mark.parametrize(("n", "m"), [(100, 20_000), (20_000, 100), (300, 300)])
def test_few_rows_without_the_long_tail_that_many_show_have_not_moved(n: int, m: int) -> None:
    random, draws, alarms = np.random.default_rng(8), 150, 0
    for _ in range(draws):
        a, b = np.exp(3 * random.normal(size=n)), np.exp(3 * random.normal(size=m))
        found = ranks.transport(pair(a, b, np.sort(a)[:: max(1, n // 500)].tolist()))
        assert found is not None
        spread = ranks.transport_spread(n, m, found.ratio)
        alarms += ranks.transport_tail(found.lower, found.noise, spread, 0.0) <= 0.05
    assert alarms / draws <= 0.05 + 0.054


@pytest.mark.parametrize("n", [3, 10, 50, 150, 457])
def test_the_p_value_of_ks_is_never_less_than_the_exact_one_of_equal_numbers_of_rows(n: int) -> None:
    rows = np.arange(n, dtype=float)
    for apart in range(1, n + 1):
        p = ranks.ks_tail(apart / n, n, n, 0.0)
        if 1e-6 < p <= 0.09:
            exact = ks_2samp(rows, rows + apart - 0.5, method="exact")
            assert exact.statistic == pytest.approx(apart / n)
            assert exact.pvalue <= p * (1 + 1e-9)


def test_deciles_are_of_equal_counts_and_ties_stay_together() -> None:
    values = np.concatenate([np.zeros(600), np.arange(1, 401, dtype=float)])
    edges = np.unique(values)
    reference = steps(values, edges)
    counts = binned(reference, deciles(reference))
    assert counts[:2] == [0, 600]
    assert sum(counts) == 1_000
    assert max(counts[2:-1]) <= 101
    assert counts[-1] == 0


def test_a_value_that_fills_a_bin_shares_it_with_nothing() -> None:
    """Else a column of one value or of two is the same to every bin, whatever it becomes."""
    edges = np.array([0.0, 1.0])
    for values in (np.zeros(100), np.repeat(edges, 50)):
        at = deciles(steps(values, edges))
        now = steps(np.repeat([-1.0, 0.5, 7.0], 30), edges)
        before = binned(steps(values, edges), at)
        assert all(not was or not now for was, now in zip(before, binned(now, at), strict=True))


def test_no_bin_is_a_sliver_beside_a_value_that_fills_one() -> None:
    values = np.concatenate([np.linspace(-1, -0.1, 195), np.zeros(600), np.linspace(0.1, 1, 205)])
    edges = np.unique(values)
    counts = binned(steps(values, edges), deciles(steps(values, edges)))
    assert min(counts[:-1]) >= 50


@given(VALUES, VALUES, EDGES, st.integers(0, 9))
def test_bins_count_every_row_once(a: Floats, b: Floats, edges: list[float], missing: int) -> None:
    sides = pair(a, b, edges, (missing, 0))
    at = deciles(sides.reference)
    assert sum(binned(sides.reference, at)) == a.size + missing
    assert sum(binned(sides.current, at)) == b.size
    filled = (sides.reference.upto - sides.reference.below) * 10 >= a.size
    counts = binned(sides.reference, at)[:-1]
    for place, count in enumerate(counts):
        beside = at[max(0, place - 1) : place + 1]
        assert count > 0 or any(filled[index] for index, _ in beside) or max(counts) == a.size


def test_a_reference_between_two_edges_has_a_bin_beyond_them() -> None:
    edges = np.array([0.0, 1.0])
    at = deciles(steps(np.full(50, 0.5), edges))
    assert binned(steps(np.full(50, 0.5), edges), at) == [0, 50, 0, 0]
    assert binned(steps(np.array([-1.0, 3.0, 4.0]), edges), at) == [1, 0, 2, 0]
