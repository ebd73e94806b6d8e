"""Calibration by simulation, in small: intervals keep their level and the gate its alpha.

The full version is benchmarks/calibration.py, whose samplers these tests draw from. Seeds are fixed;
bounds leave three standard errors of binomial noise.
"""

import importlib.util
import math
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

REPS = 300


def load() -> ModuleType:
    path = Path(__file__).parents[2] / "benchmarks" / "calibration.py"
    spec = importlib.util.spec_from_file_location("calibration_benchmark", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


bench = load()
FEW = {"baseline": 0.8, "together": 0.9}


def within(nominal: float) -> float:
    """Three standard errors of a share that is nominal."""
    return 3 * math.sqrt(nominal * (1 - nominal) / REPS)


@pytest.mark.parametrize(
    ("auc", "positives", "negatives"), [(0.8, 20, 180), (0.95, 20, 180), (0.9, 10, 190), (0.98, 50, 450)]
)
def test_area_under_the_curve_is_covered_with_few_positives(
    auc: float, positives: int, negatives: int
) -> None:
    draw = bench.binary(positives, negatives, auc)
    single, paired = bench.cover(bench.Setting("roc_auc", "", draw), REPS, true=(auc, auc))
    for tally in (single, paired):
        assert tally.drawn == REPS
        assert 0.95 - within(0.95) <= tally.coverage < 0.999


@pytest.mark.parametrize(
    ("metric", "options"),
    [("f1", {"cut": 0.3}), ("recall", {"cut": 0.3}), ("mcc", {"cut": 0.3}), ("log_loss", {}), ("brier", {}),
     ("average_precision", {})],
)  # fmt: skip
@pytest.mark.parametrize("cluster", [1, 5])
def test_decisions_and_losses_are_covered(metric: str, options: dict[str, Any], cluster: int) -> None:
    draw = bench.binary(150, 450, 0.85, cluster=cluster, fixed=False)
    setting = bench.Setting(metric, "", draw, options)
    true = bench.truth(draw, metric, options, rows=300_000)
    for tally in bench.cover(setting, REPS, true=true):
        assert tally.coverage >= 0.95 - within(0.95)


@pytest.mark.parametrize("metric", ["rmse", "mae", "medae", "r2"])
def test_errors_are_covered(metric: str) -> None:
    draw = bench.regression(300, "normal")
    true = bench.truth(draw, metric, {}, rows=300_000)
    for tally in bench.cover(bench.Setting(metric, "", draw), REPS, true=true):
        assert tally.coverage >= 0.95 - within(0.95)


@pytest.mark.parametrize("slope", [1.0, 1.6])
def test_calibration_error_is_covered(slope: float) -> None:
    draw = bench.binary(150, 350, 0.85, slope=slope, fixed=False)
    true = bench.truth(draw, "ece", {}, rows=300_000)
    single, _ = bench.cover(bench.Setting("ece", "", draw), 100, true=true)
    assert single.coverage >= 0.95 - 3 * math.sqrt(0.95 * 0.05 / 100)


@pytest.mark.parametrize(("cluster", "margin"), [(1, 0.02), (5, 0.02)])
def test_a_model_at_the_margin_passes_no_oftener_than_alpha(cluster: int, margin: float) -> None:
    worse = bench.binary(200, 1800, 0.8 - margin, cluster=cluster, fixed=cluster == 1, **FEW)
    gate = bench.Gate("roc_auc", "", margin, worse, worse)
    assert bench.passes(gate, worse, margin, REPS) <= 0.05 + within(0.05)


def test_an_equal_model_passes_four_times_in_five() -> None:
    equal = bench.binary(200, 1800, 0.8, **FEW)
    gate = bench.Gate("roc_auc", "", 0.02, equal, equal)
    assert bench.passes(gate, equal, 0.02, REPS) >= 0.8 - within(0.8)
