"""Pictures: what is drawn is what was measured, in a few hundred numbers."""

from typing import Any

import numpy as np
import pytest
from sklearn.metrics import precision_recall_curve, roc_curve

from seatrial.stats.curves import POINTS, pictures
from seatrial.stats.measure import measure
from seatrial.stats.pictures import Pictures
from seatrial.stats.rows import TASKS, Rows


def test_roc_runs_from_corner_to_corner_over_the_measured_area(rows_of: Any) -> None:
    rows = rows_of("binary", 5000)
    band = pictures("binary", {"candidate": rows}).roc["candidate"]
    assert (band.x[0], band.y[0]) == (0, 0)
    assert (band.x[-1], band.y[-1]) == (1, 1)
    assert len(band.x) <= POINTS
    assert list(band.x) == sorted(band.x)
    area = np.trapezoid(band.y, band.x)
    assert area == pytest.approx(measure("roc_auc", rows).arm.estimate, abs=2e-3)


@pytest.mark.parametrize("name", ["roc", "precision_recall"])
def test_bands_hold_their_curve(name: str, rows_of: Any) -> None:
    band = getattr(pictures("binary", {"baseline": rows_of("binary", 700)}), name)["baseline"]
    assert all(0 <= low <= y <= high <= 1 for low, y, high in zip(band.low, band.y, band.high, strict=True))
    assert any(low < high for low, high in zip(band.low, band.high, strict=True))


def test_points_lie_on_scikit_learns_curves(rows_of: Any) -> None:
    rows = rows_of("binary", 900)
    drawn = pictures("binary", {"candidate": rows})
    alarms, hits, _ = roc_curve(rows.label, rows.score, drop_intermediate=False)
    precision, recall, _ = precision_recall_curve(rows.label, rows.score)
    on_roc = {(round(x, 9), round(y, 9)) for x, y in zip(alarms, hits, strict=True)}
    on_pr = {(round(x, 9), round(y, 9)) for x, y in zip(recall, precision, strict=True)}
    roc, pr = drawn.roc["candidate"], drawn.precision_recall["candidate"]
    assert {(round(x, 9), round(y, 9)) for x, y in zip(roc.x, roc.y, strict=True)} <= on_roc
    assert {(round(x, 9), round(y, 9)) for x, y in zip(pr.x, pr.y, strict=True)} <= on_pr
    assert len(pr.x) > 50


@pytest.mark.parametrize("task", TASKS)
def test_calibration_and_histogram_count_every_row(task: str, rows_of: Any) -> None:
    rows = rows_of(task, 1000)
    drawn = pictures(task, {"candidate": rows, "baseline": rows_of(task, 1000, quality=2.0)})
    for arm in ("candidate", "baseline"):
        curve, bars = drawn.calibration[arm], drawn.histogram[arm]
        assert sum(curve.rows) == 1000
        assert list(curve.predicted) == sorted(set(curve.predicted))
        triples = zip(curve.low, curve.observed, curve.high, strict=True)
        assert all(low <= seen <= high for low, seen, high in triples)
        assert sum(sum(counts) for counts in bars.counts.values()) == 1000
        assert all(len(counts) == len(bars.edges) - 1 for counts in bars.counts.values())
    assert drawn.histogram["candidate"].edges == drawn.histogram["baseline"].edges


def test_groups_of_a_histogram_are_named_for_what_they_hold(rows_of: Any) -> None:
    rows = rows_of("binary", 300)
    bars = pictures("binary", {"candidate": rows}).histogram["candidate"].counts
    assert sum(bars["positive"]) == rows.label.sum()
    right = pictures("multiclass", {"candidate": rows_of("multiclass", 300)}).histogram["candidate"].counts
    assert set(right) == {"right", "wrong"}


def test_scores_that_are_no_probabilities_have_no_calibration() -> None:
    rows = Rows("binary", label=[0, 1, 1, 0], score=[-3.0, 2.0, 5.0, 0.0])
    drawn = pictures("binary", {"candidate": rows})
    assert drawn.calibration == {}
    assert drawn.roc
    assert drawn.histogram["candidate"].edges[0] < 0


def test_a_single_class_or_no_rows_leave_pictures_out() -> None:
    one_class = Rows("binary", label=[1, 1], score=[0.2, 0.4])
    drawn = pictures("binary", {"candidate": one_class, "baseline": one_class.take(slice(0, 0))})
    assert drawn.roc == {}
    assert set(drawn.histogram) == {"candidate"}
    assert pictures("regression", {}) == Pictures("regression")


def test_constant_predictions_are_one_group() -> None:
    rows = Rows("regression", label=[1.0, 2.0, 3.0], prediction=[2.0, 2.0, 2.0])
    drawn = pictures("regression", {"candidate": rows})
    assert drawn.calibration["candidate"].rows == (3,)
    assert drawn.calibration["candidate"].observed == (2.0,)
