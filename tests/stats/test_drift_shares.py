"""PSI and Jensen-Shannon: as others compute them, and bounds that keep their word."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon
from scipy.stats import chi2, false_discovery_control, gamma, ncx2

from seatrial.stats.drift_discoveries import benjamini_hochberg
from seatrial.stats.drift_noncentral import gamma_tail, shift_above, shift_below, upper_tail
from seatrial.stats.drift_shares import jensen_shannon, psi

COUNTS = st.lists(st.integers(0, 5_000), min_size=2, max_size=20)


def test_psi_by_hand() -> None:
    """Half a row is added to each bin."""
    found = psi([100, 100], [150, 50])
    q, p = [100.5 / 201] * 2, [150.5 / 201, 50.5 / 201]
    expected = sum((b - a) * math.log(b / a) for a, b in zip(q, p, strict=True))
    assert found.plain == pytest.approx(expected, rel=1e-12)
    assert found.corrected == pytest.approx(expected - (1 / 200 + 1 / 200), rel=1e-12)


def test_psi_of_the_textbook_is_met_where_rows_are_many() -> None:
    q, p = np.array([0.2, 0.3, 0.5]), np.array([0.3, 0.3, 0.4])
    exact = float(np.sum((p - q) * np.log(p / q)))
    found = psi((q * 1e9).astype(int).tolist(), (p * 1e9).astype(int).tolist())
    assert found.corrected == pytest.approx(exact, rel=1e-6)


@given(COUNTS, st.randoms())
def test_jensen_shannon_is_scipys(reference: list[int], random: object) -> None:
    current = list(reference)
    random.shuffle(current)  # type: ignore[attr-defined]
    if not sum(reference):
        return
    found = jensen_shannon(reference, current)
    assert math.sqrt(found.plain) == pytest.approx(
        float(np.nan_to_num(jensenshannon(reference, current, base=2))), abs=1e-7
    )


@given(COUNTS, COUNTS)
def test_bounds_stand_in_order_and_p_values_agree_with_them(a: list[int], b: list[int]) -> None:
    size = min(len(a), len(b))
    a, b = a[:size], b[:size]
    if not sum(a) or not sum(b):
        return
    for found in (psi(a, b), jensen_shannon(a, b)):
        assert 0 <= found.lower(0.05) <= found.lower(0.2) <= found.upper(0.2) + 1e-12
        assert found.upper(0.2) <= found.upper(0.05) + 1e-12
        limit = found.lower(0.05)
        if limit > 0:
            assert found.tail(limit) == pytest.approx(0.05, rel=1e-3)
            assert found.tail(limit * 1.01) > 0.05 > found.tail(limit * 0.99)


def test_equal_bins_have_not_drifted() -> None:
    found = psi([100] * 10, [100] * 10)
    assert (found.plain, found.corrected, found.lower(0.05)) == (0.0, 0.0, 0.0)
    assert found.tail(0.0) == 1.0


def test_few_rows_in_one_bin_do_not_prove_that_there_is_no_other() -> None:
    """None of 40 rows: 7 % of the rows may be elsewhere, which chance leaves out once in twenty times."""
    for distance, elsewhere in ((psi, 0.05), (jensen_shannon, 0.03)):
        assert distance([40, 0], [40, 0]).upper(0.05) > elsewhere
        assert distance([10**6, 0], [10**6, 0]).upper(0.05) < 1e-4


SPARSE = {
    "rare": ([0.99, 0.01], [0.99, 0.01]),
    "three rare ones": ([0.3, 0.3, 0.3, 0.094, 0.002, 0.002, 0.002],) * 2,
    "nearly gone": ([0.1] * 10, [0.001] + [0.999 / 9] * 9),
    "came": ([0.0999] * 10 + [0.001], [0.095] * 10 + [0.05]),
    "apart": ([0.2475] * 4 + [0.0025] * 4, [0.0025] * 4 + [0.2475] * 4),
}


@pytest.mark.parametrize("shares", SPARSE.values(), ids=SPARSE)
@pytest.mark.parametrize(("n", "m"), [(220, 1_000_000), (1_000, 100_000), (1_000_000, 220)])
def test_bounds_hold_where_some_bins_are_nearly_empty(
    shares: tuple[list[float], list[float]], n: int, m: int
) -> None:
    """To 10 % or so, where they would to 5 % in bins of many rows; 200 draws add 5 to 6 % of their own."""
    random = np.random.default_rng(11)
    q, p = (np.array(side) / sum(side) for side in shares)
    middle = (p + q) / 2
    truths = {
        psi: float(np.sum((p - q) * np.log(p / q))),
        jensen_shannon: float(np.sum(p * np.log2(p / middle) + q * np.log2(q / middle)) / 2),
    }
    draws = 200
    pairs = [(random.multinomial(n, q).tolist(), random.multinomial(m, p).tolist()) for _ in range(draws)]
    for distance, truth in truths.items():
        found = [distance(*pair) for pair in pairs]
        assert sum(f.tail(truth) <= 0.05 for f in found) / draws <= 0.05 + 0.046
        assert sum(f.upper(0.05) < truth - 1e-15 for f in found) / draws <= 0.10 + 0.06


def test_without_rows_nothing_is_measured() -> None:
    with pytest.raises(ValueError, match="no rows"):
        psi([0, 0], [1, 2])


@pytest.mark.parametrize("freedom", [1, 5, 10, 19])
@pytest.mark.parametrize("shift", [0.0, 0.5, 5.0, 50.0, 500.0, 5_000.0, 30_000.0, 1e6])
def test_the_noncentral_tail_is_scipys(freedom: int, shift: float) -> None:
    for times in (0.5, 0.9, 1.0, 1.05, 1.5):
        x = (freedom + shift) * times
        oracle = float(ncx2.sf(x, freedom, shift) if shift else chi2.sf(x, freedom))
        assert upper_tail(x, freedom, shift) == pytest.approx(oracle, rel=1e-4, abs=1e-9)


@given(st.floats(0.5, 500), st.floats(0.01, 1_000))
def test_the_gamma_tail_is_scipys(a: float, y: float) -> None:
    assert gamma_tail(a, y) == pytest.approx(float(gamma.sf(y, a)), rel=1e-8, abs=1e-12)


@given(st.floats(0.1, 50_000), st.integers(1, 19), st.sampled_from([0.01, 0.05, 0.2]))
def test_shifts_invert_the_tail(x: float, freedom: int, alpha: float) -> None:
    below, above = shift_below(x, freedom, alpha), shift_above(x, freedom, alpha)
    assert below <= above
    if below > 0:
        assert upper_tail(x, freedom, below) == pytest.approx(alpha, rel=1e-4)
    if above > 0:
        assert upper_tail(x, freedom, above) == pytest.approx(1 - alpha, rel=1e-4)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_false_discoveries_are_scipys(p: list[float]) -> None:
    assert benjamini_hochberg(p) == pytest.approx(false_discovery_control(p).tolist(), abs=1e-12)


def test_a_p_value_outside_its_range_is_refused() -> None:
    with pytest.raises(ValueError, match="outside"):
        benjamini_hochberg([0.5, 1.5])


@pytest.mark.parametrize(("n", "m"), [(1_000, 1_000), (100_000, 500), (1_000_000, 20_000)])
@pytest.mark.parametrize("moved", [0.0, 0.5])
def test_the_bounds_hold_as_often_as_they_say(n: int, m: int, moved: float) -> None:
    random = np.random.default_rng(7)
    q = random.dirichlet(np.full(10, 5.0))
    p = q * np.exp(moved * random.normal(size=10))
    p /= p.sum()
    middle = (p + q) / 2
    truths = {
        psi: float(np.sum((p - q) * np.log(p / q))),
        jensen_shannon: float(np.sum(p * np.log2(p / middle) + q * np.log2(q / middle)) / 2),
    }
    draws = 400
    for distance, truth in truths.items():
        found = [
            distance(random.multinomial(n, q).tolist(), random.multinomial(m, p).tolist())
            for _ in range(draws)
        ]
        assert sum(f.lower(0.05) > truth + 1e-15 for f in found) / draws <= 0.05 + 0.033
        assert sum(f.upper(0.05) < truth - 1e-15 for f in found) / draws <= 0.05 + 0.033
