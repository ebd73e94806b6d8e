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
        spread = (1 / n + moved_by.ratio / m) ** 0.5
        missed[0] += ranks.ks_lower(ks.lower, n, m, 0.05) > truth_ks + 1e-3
        missed[1] += ranks.ks_upper(ks.upper, n, m, 0.05) < truth_ks - 1e-3
        missed[2] += ranks.transport_lower(moved_by.lower, moved_by.noise, spread, 0.05) > truth + 1e-3
        missed[3] += ranks.transport_upper(moved_by.upper, spread, 0.05) < truth - 1e-3
    assert max(missed) / draws <= 0.05 + 0.038


def test_deciles_are_of_equal_counts_and_ties_stay_together() -> None:
    values = np.concatenate([np.zeros(600), np.arange(1, 401, dtype=float)])
    edges = np.unique(values)
    reference = steps(values, edges)
    counts = binned(reference, deciles(reference))
    assert counts[0] == 600
    assert sum(counts) == 1_000
    assert max(counts[1:-1]) <= 101
    assert counts[-1] == 0


@given(VALUES, VALUES, EDGES, st.integers(0, 9))
def test_bins_count_every_row_once(a: Floats, b: Floats, edges: list[float], missing: int) -> None:
    sides = pair(a, b, edges, (missing, 0))
    at = deciles(sides.reference)
    assert sum(binned(sides.reference, at)) == a.size + missing
    assert sum(binned(sides.current, at)) == b.size
    assert all(count > 0 for count in binned(sides.reference, at)[:-1])
