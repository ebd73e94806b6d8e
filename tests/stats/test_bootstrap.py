"""The bootstrap: the same seed the same draws, and cells tell what rows tell."""

from typing import Any

import numpy as np
import pytest
from sklearn.metrics import f1_score

from seatrial.stats.bootstrap import bootstrap, cells_of, f1_of, resample_cells
from seatrial.stats.measure import measure
from seatrial.stats.spread import correlation, variance_of


def decisions(n: int) -> tuple[Any, Any, Any]:
    random = np.random.default_rng(0)
    label = (random.random(n) < 0.2).astype(int)
    one = np.where(random.random(n) < 0.85, label, 1 - label)
    return label, one, np.where(random.random(n) < 0.9, one, 1 - one)


def test_cells_hold_every_row_once() -> None:
    label, one, other = decisions(1000)
    cells = cells_of(label, one, other)
    assert cells.sum() == 1000
    assert cells[4 + 2 + 0] == np.count_nonzero((label == 1) & (one == 1) & (other == 0))


def test_resampled_cells_are_resampled_rows() -> None:
    """Mean and spread of paired dF1 over 600 resamples of rows and 4,000 of cells."""
    label, one, other = decisions(400)
    by_rows = bootstrap(
        lambda w: f1_score(label, one, sample_weight=w) - f1_score(label, other, sample_weight=w),
        400,
        resamples=600,
        seed=1,
    )
    by_cells = resample_cells(cells_of(label, one, other), f1_of, resamples=4_000, seed=2)
    assert by_cells.mean() == pytest.approx(by_rows.mean(), abs=4 * by_rows.std() / 600**0.5)
    assert by_cells.std() == pytest.approx(by_rows.std(), rel=0.12)


def test_difference_of_cells_is_candidate_minus_baseline() -> None:
    label, one, _ = decisions(500)
    found = resample_cells(cells_of(label, one, np.zeros_like(one)), f1_of, resamples=50)
    assert (found > 0.3).all()


@pytest.mark.parametrize("poisson", [False, True])
@pytest.mark.parametrize("clusters", [0, 60])
def test_bootstrap_spreads_as_the_influence_says(poisson: bool, clusters: int, rows_of: Any) -> None:
    rows = rows_of("regression", 600, clusters=clusters)
    errors = np.abs(rows.label - rows.prediction)
    drawn = bootstrap(
        lambda w: float(np.average(errors, weights=w)),
        600,
        resamples=500,
        cluster=rows.cluster,
        poisson=poisson,
    )
    expected = variance_of(measure("mae", rows).influence, rows.cluster) ** 0.5
    assert drawn.std() == pytest.approx(expected, rel=0.15)


def test_paired_bootstrap_spreads_as_the_correlation_says(rows_of: Any) -> None:
    one, other = (rows_of("regression", 600, quality=q) for q in (1.2, 1.0))
    a, b = (measure("mae", rows) for rows in (one, other))
    gain = np.abs(one.label - one.prediction) - np.abs(other.label - other.prediction)
    drawn = bootstrap(lambda w: float(np.average(gain, weights=w)), 600, resamples=500)
    va, vb = (variance_of(m.influence, None) for m in (a, b))
    r = correlation(a.influence, b.influence)
    assert drawn.std() == pytest.approx((va + vb - 2 * r * (va * vb) ** 0.5) ** 0.5, rel=0.15)


def test_seed_decides_the_draws() -> None:
    def draw(seed: int) -> list[float]:
        return bootstrap(lambda w: float(w[0]), 50, resamples=20, seed=seed).tolist()

    assert draw(3) == draw(3) != draw(4)


def test_nothing_to_draw_is_refused() -> None:
    with pytest.raises(ValueError):
        bootstrap(lambda w: 0.0, 0)
    with pytest.raises(ValueError):
        resample_cells(np.zeros(8, dtype=np.int64), f1_of)
