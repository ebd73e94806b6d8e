"""Do the intervals keep their word? Coverage of every kind of interval, and false passes of the gate.

    python benchmarks/calibration.py --reps 2000 [--only auc] [--json]

Each line draws rows whose truth is known, many times over. Single: the interval of one arm. Paired: that
of candidate minus baseline. Nominal 95 %; the goal is 94 to 98 % (binomial noise at 2,000 draws: +-1 %).
Exit 1 when an interval falls below 93 % or a gate passes too often at its margin, beyond that noise.
"""

import argparse
import json
import math
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))

from seatrial.stats.arm import Arm
from seatrial.stats.differences import difference_interval
from seatrial.stats.intervals import interval
from seatrial.stats.measure import measure
from seatrial.stats.pairing import Pairing, pairing_of
from seatrial.stats.rows import Rows

Pair = tuple[Rows, Rows]
Draw = Callable[[np.random.Generator, int], Pair]  # (generator, how many times the setting's size)


def binary(
    positives: int,
    negatives: int,
    auc: float,
    *,
    baseline: float | None = None,
    together: float = 0.9,
    slope: float = 1.0,
    cluster: int = 1,
    icc: float = 0.3,
    fixed: bool = True,
) -> Draw:
    """Binormal scores, as probabilities; slope 1 is perfectly calibrated. fixed: so many of each class."""
    share = positives / (positives + negatives)

    def draw(rng: np.random.Generator, times: int) -> Pair:
        n = (positives + negatives) * times
        groups = np.repeat(np.arange(math.ceil(n / cluster)), cluster)[:n]
        size = int(groups[-1]) + 1

        def noise() -> np.ndarray[Any, Any]:
            own = rng.normal(size=n)
            if cluster == 1:
                return own
            return math.sqrt(1 - icc) * own + math.sqrt(icc) * rng.normal(size=size)[groups]

        label = np.arange(n) < positives * times if fixed else noise() < NormalDist().inv_cdf(share)
        common = noise()
        arms = []
        for area in (auc, auc if baseline is None else baseline):
            shift = math.sqrt(2) * NormalDist().inv_cdf(area)
            score = shift * label + math.sqrt(together) * common + math.sqrt(1 - together) * noise()
            odds = math.log(share / (1 - share)) + shift * (score - shift / 2)
            probability = 1 / (1 + np.exp(-slope * odds))
            arms.append(_rows("binary", label.astype(int), groups, cluster, score=probability))
        return arms[0], arms[1]

    return draw


def multiclass(n: int, classes: int, strength: float, *, together: float = 0.8, cluster: int = 1) -> Draw:
    """Softmax of noisy evidence for the right class; the classes are of unequal size."""
    weights = np.arange(1, classes + 1) / np.arange(1, classes + 1).sum()

    def draw(rng: np.random.Generator, times: int) -> Pair:
        rows = n * times
        groups = np.arange(rows) // cluster
        effect = rng.normal(size=(int(groups[-1]) + 1, classes))[groups] * (0.7 if cluster > 1 else 0)
        label = rng.choice(classes, size=rows, p=weights)
        common = rng.normal(size=(rows, classes))
        arms = []
        for _ in range(2):
            own = rng.normal(size=(rows, classes))
            logits = math.sqrt(together) * common + math.sqrt(1 - together) * own + effect
            logits[np.arange(rows), label] += strength
            power = np.exp(1.2 * logits) * weights
            arms.append(
                _rows("multiclass", label, groups, cluster, probabilities=power / power.sum(1, keepdims=True))
            )
        return arms[0], arms[1]

    return draw


def regression(n: int, shape: str, *, together: float = 0.8, cluster: int = 1, icc: float = 0.3) -> Draw:
    """Labels with errors of a given shape: normal, heavy (t with 5 degrees) or skewed (log-normal size)."""

    def draw(rng: np.random.Generator, times: int) -> Pair:
        rows = n * times
        groups = np.arange(rows) // cluster
        label = np.exp(rng.normal(size=rows) * 0.5 + 1)
        size = 1.0
        if shape == "heavy":
            size = np.sqrt(5 / rng.chisquare(5, size=rows))
        elif shape == "skewed":
            size = np.exp(0.7 * rng.normal(size=rows))
        level = rng.normal(size=int(groups[-1]) + 1)[groups] * math.sqrt(icc) if cluster > 1 else 0.0
        common = rng.normal(size=rows) * (math.sqrt(1 - icc) if cluster > 1 else 1.0)
        arms = []
        for _ in range(2):
            error = math.sqrt(together) * common + math.sqrt(1 - together) * rng.normal(size=rows) + level
            prediction = label + 0.5 * size * error
            arms.append(_rows("regression", label, groups, cluster, prediction=prediction))
        return arms[0], arms[1]

    return draw


def _rows(task: str, label: Any, groups: Any, cluster: int, **arrays: Any) -> Rows:
    return Rows(task, label=label, cluster=groups if cluster > 1 else None, **arrays)


@dataclass(frozen=True)
class Setting:
    """A metric on rows of a kind."""

    metric: str
    name: str
    draw: Draw
    options: dict[str, Any] = field(default_factory=dict)
    floor: float = 0.93


def settings() -> Iterator[Setting]:
    """Every kind of interval, with few rows and many, with and without clusters."""
    for auc, m, k in ((0.8, 20, 180), (0.95, 20, 180), (0.9, 10, 190), (0.9, 50, 450), (0.98, 50, 450)):
        yield Setting("roc_auc", f"AUC {auc} {m}/{k}", binary(m, k, auc))
    yield Setting("roc_auc", "AUC .7 100/100", binary(100, 100, 0.7))
    yield Setting("roc_auc", "AUC .8 200/1800", binary(200, 1800, 0.8))
    yield Setting("roc_auc", "AUC .9 500/9500 r=.99", binary(500, 9500, 0.9, together=0.99))
    yield Setting("roc_auc", "AUC .8 n=1500 clusters of 5", binary(300, 1200, 0.8, cluster=5, fixed=False))
    yield Setting("roc_auc", "AUC .8 n=600 30 clusters", binary(180, 420, 0.8, cluster=20, fixed=False))
    for auc, m, k in ((0.8, 20, 180), (0.9, 50, 450), (0.8, 200, 1800), (0.95, 100, 900)):
        yield Setting("average_precision", f"AUC {auc} {m}/{k}", binary(m, k, auc))
    yield Setting("average_precision", "n=1500 clusters of 5", binary(300, 1200, 0.8, cluster=5, fixed=False))
    cut = {"cut": 0.3}
    for metric in ("accuracy", "precision", "recall", "f1", "balanced_accuracy", "mcc",
                   "selection_rate", "false_positive_rate"):  # fmt: skip
        yield Setting(metric, "n=300 20 %", binary(60, 240, 0.9, fixed=False), cut)
        yield Setting(metric, "n=1000 10 % r=.99", binary(100, 900, 0.9, fixed=False, together=0.99), cut)
        yield Setting(metric, "n=1500 clusters of 5", binary(300, 1200, 0.8, cluster=5, fixed=False), cut)
    for metric in ("log_loss", "brier"):
        yield Setting(metric, "n=300", binary(60, 240, 0.9, fixed=False))
        yield Setting(metric, "n=2000", binary(200, 1800, 0.8, fixed=False))
        yield Setting(metric, "n=1500 clusters of 5", binary(300, 1200, 0.8, cluster=5, fixed=False))
    for slope, name in ((1.0, "calibrated"), (1.4, "off by a little"), (2.0, "off by much")):
        yield Setting("ece", f"n=500 {name}", binary(150, 350, 0.85, slope=slope, fixed=False))
        yield Setting("ece", f"n=3000 {name}", binary(900, 2100, 0.85, slope=slope, fixed=False))
    yield Setting("ece", "n=1500 clusters of 5", binary(500, 1000, 0.8, slope=1.8, cluster=5, fixed=False))
    for metric in ("accuracy", "balanced_accuracy", "macro_f1", "top_k_accuracy", "log_loss", "brier", "ece"):
        options = {"k": 2} if metric == "top_k_accuracy" else {}
        yield Setting(metric, "4 classes n=300", multiclass(300, 4, 2.0), options)
        yield Setting(metric, "4 classes n=1000 clusters of 5", multiclass(1000, 4, 1.5, cluster=5), options)
    yield Setting("macro_f1", "6 classes n=300, nearly right", multiclass(300, 6, 4.0))
    for metric in ("rmse", "mae", "medae", "r2", "mape", "pinball"):
        options = {"alpha": 0.8} if metric == "pinball" else {}
        for shape in ("normal", "heavy", "skewed"):
            yield Setting(metric, f"n=200 {shape}", regression(200, shape), options)
        yield Setting(metric, "n=1000 clusters of 5", regression(1000, "heavy", cluster=5), options)
    for metric in ("roc_auc", "average_precision", "f1", "log_loss"):
        grouped = binary(180, 420, 0.8, cluster=30, fixed=False)
        yield Setting(metric, "20 clusters of 30", grouped, cut)


@dataclass(frozen=True)
class Gate:
    """A margin on a metric, at the margin and for an equal model."""

    metric: str
    name: str
    margin: float
    equal: Draw
    worse: Draw  # truly worse, by about the margin: the margin is set to the exact loss
    options: dict[str, Any] = field(default_factory=dict)
    power: float | None = None


def gates() -> Iterator[Gate]:
    """The gate of the goal first: n = 2,000, 10 % positive, AUC .80, scores correlated .9."""
    few = {"baseline": 0.8, "together": 0.9, "fixed": False}
    yield Gate(
        "roc_auc", "n=2000", 0.02, binary(200, 1800, 0.8, **few), binary(200, 1800, 0.78, **few), {}, 0.8
    )
    yield Gate("roc_auc", "n=300", 0.05, binary(30, 270, 0.8, **few), binary(30, 270, 0.75, **few))
    high = {**few, "baseline": 0.95}
    yield Gate("roc_auc", "n=500 AUC .95", 0.03, binary(50, 450, 0.95, **high), binary(50, 450, 0.92, **high))
    for rows, power in ((2000, None), (3000, 0.8)):
        equal, worse = (binary(rows // 10, rows * 9 // 10, auc, cluster=5, **few) for auc in (0.8, 0.78))
        yield Gate("roc_auc", f"n={rows} clusters of 5", 0.02, equal, worse, {}, power)
    coarse = {**few, "cluster": 20}
    yield Gate("roc_auc", "n=1000 50 clusters", 0.02, binary(300, 700, 0.8, **coarse),
               binary(300, 700, 0.78, **coarse))  # fmt: skip
    for metric in ("average_precision", "f1", "log_loss", "brier", "accuracy", "mcc"):
        yield Gate(metric, "n=2000", 0.02, binary(200, 1800, 0.8, **few), binary(200, 1800, 0.78, **few),
                   {"cut": 0.2})  # fmt: skip


def truth(draw: Draw, metric: str, options: dict[str, Any], rows: int = 2_000_000) -> tuple[float, float]:
    """The metric on so many rows that its own error does not count."""
    rng = np.random.default_rng(20_000)
    size = len(draw(np.random.default_rng(0), 1)[0])
    arms = [measure(metric, arm, **options).arm for arm in draw(rng, max(1, rows // size))]
    assert arms[0].estimate is not None and arms[1].estimate is not None
    return arms[0].estimate, arms[1].estimate


@dataclass
class Tally:
    """Where the truth lay, over the draws that gave an interval."""

    drawn: int = 0
    below: int = 0
    above: int = 0
    width: float = 0.0

    def add(self, ends: tuple[float | None, float | None], true: float) -> None:
        low, high = ends
        if low is None or high is None:
            return
        self.drawn += 1
        self.below += true < low - 1e-12
        self.above += true > high + 1e-12
        self.width += high - low

    @property
    def coverage(self) -> float:
        return 1 - (self.below + self.above) / self.drawn if self.drawn else math.nan

    def text(self) -> str:
        if not self.drawn:
            return "no interval"
        return (
            f"{100 * self.coverage:5.1f} ({100 * self.below / self.drawn:3.1f} + "
            f"{100 * self.above / self.drawn:3.1f})  {self.width / self.drawn:.4f}"
        )


def judged(candidate: Rows, baseline: Rows, metric: str, options: dict[str, Any]) -> tuple[Arm, Arm, Pairing]:
    """Both arms' evidence, as the gate gathers it."""
    one, other = (measure(metric, rows, **options) for rows in (candidate, baseline))
    return one.arm, other.arm, pairing_of(one.influence, other.influence, candidate.cluster)


def cover(
    setting: Setting, reps: int, level: float = 0.95, true: tuple[float, float] | None = None
) -> tuple[Tally, Tally]:
    """Coverage of the single and of the paired interval; true: the arms' truths, when known."""
    one_true, other_true = true or truth(setting.draw, setting.metric, setting.options)
    rng = np.random.default_rng(7)
    single, paired = Tally(), Tally()
    for _ in range(reps):
        one, other, r = judged(*setting.draw(rng, 1), setting.metric, setting.options)
        single.add(interval(one, level), one_true)
        paired.add(difference_interval(one, other, r, level), one_true - other_true)
    return single, paired


LOWER_IS_BETTER = {"log_loss", "brier", "ece"}


def passes(gate: Gate, draw: Draw, margin: float, reps: int, level: float = 0.9) -> float:
    """How often the interval's bad end is inside the margin."""
    rng = np.random.default_rng(11)
    passed = 0
    for _ in range(reps):
        one, other, r = judged(*draw(rng, 1), gate.metric, gate.options)
        low, high = difference_interval(one, other, r, level)
        if gate.metric in LOWER_IS_BETTER:
            passed += high is not None and high < margin
        else:
            passed += low is not None and low > -margin
    return passed / reps


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--reps", type=int, default=2000)
    parser.add_argument("--only", default="", help="part of a metric's or setting's name")
    parser.add_argument("--json", action="store_true", help="one JSON object per line")
    arguments = parser.parse_args()
    bad = 0
    noise = 3 * math.sqrt(0.05 * 0.95 / arguments.reps)

    def show(values: dict[str, Any], line: str) -> None:
        print(json.dumps(values) if arguments.json else line, flush=True)

    show({"level": 0.95}, "nominal 95 %: coverage (truth below + truth above), mean width\n"
         f"{'metric':20s}{'setting':34s}{'single arm':32s}{'paired difference'}")  # fmt: skip
    for setting in settings():
        if arguments.only not in f"{setting.metric} {setting.name}":
            continue
        single, paired = cover(setting, arguments.reps)
        wrong = [t for t in (single, paired) if t.coverage < 0.94 - noise]
        bad += bool(wrong)
        values = {"metric": setting.metric, "setting": setting.name,
                  "single": single.coverage, "paired": paired.coverage}  # fmt: skip
        mark = "  <-- low" if wrong else ""
        show(values, f"{setting.metric:20s}{setting.name:34s}{single.text():32s}{paired.text()}{mark}")
    show({"alpha": 0.05}, "\nthe gate, alpha 5 % one-sided: pass rate\n"
         f"{'metric':20s}{'setting':34s}{'margin':>8s}{'at margin':>11s}{'equal model':>13s}")  # fmt: skip
    for gate in gates():
        if arguments.only not in f"{gate.metric} {gate.name} gate":
            continue
        loss, base = truth(gate.worse, gate.metric, gate.options)
        at = passes(gate, gate.worse, abs(loss - base), arguments.reps)
        equal = passes(gate, gate.equal, gate.margin, arguments.reps)
        wrong_gate = at > 0.05 + noise or (gate.power is not None and equal < gate.power - noise)
        bad += wrong_gate
        values = {"metric": gate.metric, "setting": gate.name, "margin": gate.margin,
                  "at_margin": at, "equal": equal}  # fmt: skip
        mark = "  <-- bad" if wrong_gate else ""
        rates = f"{gate.margin:8.3f}{100 * at:10.1f}%{100 * equal:12.1f}%"
        show(values, f"{gate.metric:20s}{gate.name:34s}{rates}{mark}")
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main())
