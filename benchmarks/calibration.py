"""Do the intervals keep their word? Coverage of every kind of interval, and false passes of the gate.

    python benchmarks/calibration.py --reps 2000 [--only auc] [--json]

Each line draws rows whose truth is known, many times over. Single: the interval of one arm. Paired: that
of candidate minus baseline. Nominal 95 %; the goal is 94 to 98 %. Then the gate: how often it passes a model
that is worse by exactly the margin, and an equal one; also where few rows make the loss, where a class is
rare, where the baseline is better calibrated, and where timings depend on each other.
Exit 1 when an interval holds the truth in fewer than 94 % of the draws (93 % of those with uneven clusters),
a gate passes a model at its margin in more than 5 %, or an equal one too seldom: each beyond three standard
errors of the draws. That an interval holds the truth too often is shown and is no error.
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
from seatrial.stats.quantiles import quantile
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


def uneven(clusters: int, rows: int) -> Draw:
    """Binormal scores in clusters of log-normal size; the largest of 30 has 15 % of the rows."""
    sizes = np.exp(0.9 * np.random.default_rng(17).normal(size=clusters))
    groups = np.repeat(np.arange(clusters), np.maximum(2, rows * sizes / sizes.sum()).astype(int))

    def draw(rng: np.random.Generator, times: int) -> Pair:
        place = np.concatenate([groups + i * clusters for i in range(times)])

        def noise() -> np.ndarray[Any, Any]:
            return (
                math.sqrt(0.7) * rng.normal(size=place.size)
                + math.sqrt(0.3) * rng.normal(size=clusters * times)[place]
            )

        label = (noise() < NormalDist().inv_cdf(0.2)).astype(int)
        common = noise()
        arms = []
        for _ in range(2):
            score = 1.2 * label + math.sqrt(0.8) * common + math.sqrt(0.2) * noise()
            arms.append(_rows("binary", label, place, 2, score=1 / (1 + np.exp(2.1 - 1.2 * score))))
        return arms[0], arms[1]

    return draw


def broken(positives: int, negatives: int, auc: float, share: float) -> Draw:
    """The candidate is the baseline, but for a share of the positives that it sends to the bottom."""
    label = (np.arange(positives + negatives) < positives).astype(int)

    def draw(rng: np.random.Generator, times: int) -> Pair:
        labels = np.tile(label, times)
        base = rng.normal(size=labels.size) + math.sqrt(2) * NormalDist().inv_cdf(auc) * labels
        lost = (rng.random(labels.size) < share) & (labels == 1)
        score = np.where(lost, -9.0, base) + 1e-3 * rng.normal(size=labels.size)
        return Rows("binary", label=labels, score=score), Rows("binary", label=labels, score=base)

    return draw


def wild(n: int, share: float, size: float) -> Draw:
    """The candidate is the baseline, but for a share of the rows with an error of that size."""

    def draw(rng: np.random.Generator, times: int) -> Pair:
        error = rng.normal(size=n * times)
        mine = np.where(rng.random(error.size) < share, size, error) + 1e-6 * rng.normal(size=error.size)
        label = np.zeros(error.size)
        return Rows("regression", label=label, prediction=mine), Rows(
            "regression", label=label, prediction=error
        )

    return draw


def calibrated(n: int, slope: float, shift: float = 0.0) -> Draw:
    """A baseline that is perfectly calibrated, and a candidate that is not."""

    def draw(rng: np.random.Generator, times: int) -> Pair:
        odds = 1.5 * rng.normal(size=n * times) - 0.5
        label = (rng.random(odds.size) < 1 / (1 + np.exp(-odds))).astype(int)
        scores = (1 / (1 + np.exp(-each)) for each in (slope * odds + shift, odds))
        one, other = (Rows("binary", label=label, score=score) for score in scores)
        return one, other

    return draw


def rare(n: int, share: float, lost: float) -> Draw:
    """A rare class: the candidate loses a share of what the baseline finds of it; both differ elsewhere."""

    def draw(rng: np.random.Generator, times: int) -> Pair:
        label = (rng.random(n * times) < share).astype(int)
        found, gone, other = (rng.random(label.size) < p for p in (0.8, lost, 0.02))
        alarm, again = (rng.random(label.size) < 0.05 for _ in range(2))
        base = np.where(label == 1, found, alarm)
        mine = np.where(label == 1, found & ~gone, np.where(other, again, alarm))
        return Rows("binary", label=label, score=0.5 * mine + 0.1), Rows(
            "binary", label=label, score=0.6 * base + 0.1
        )

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
    floor: float = 0.94


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

    for metric in ("roc_auc", "accuracy", "recall", "f1", "log_loss"):
        yield Setting(metric, "30 uneven clusters n=1500", uneven(30, 1500), cut, floor=0.93)


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

    for m, k, auc, share in ((200, 1800, 0.8, 0.025), (50, 1000, 0.9, 0.06), (500, 5000, 0.9, 0.006)):
        name = f"{m}/{k}, {share:.1%} lost"
        yield Gate("roc_auc", name, 0.02, broken(m, k, auc, 0.0), broken(m, k, auc, share))
    for metric in ("mae", "rmse"):
        yield Gate(metric, "n=1000, 5 wild rows", 0.05, wild(1000, 0.0, 10), wild(1000, 0.005, 10))
    for n, slope, shift in ((500, 1.3, 0.0), (2000, 1.2, 0.0), (1000, 1.0, 0.3)):
        name = f"n={n} slope {slope} shift {shift}"
        yield Gate("ece", name, 0.05, calibrated(n, 1.0), calibrated(n, slope, shift), {"bins": 10})
    for n, lost in ((2000, 0.1), (5000, 0.05)):
        yield Gate("balanced_accuracy", f"n={n} 1 % positive", 0.05, rare(n, 0.01, 0.0), rare(n, 0.01, lost))


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
    same = candidate.equals(baseline)
    return one.arm, other.arm, pairing_of(one.influence, other.influence, candidate.cluster, same=same)


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


LOWER_IS_BETTER = {"log_loss", "brier", "ece", "mae", "rmse"}


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


def timings(rho: float, share: float, n: int, reps: int) -> float:
    """How often a latency at its budget passes, when slow spells last (autoregressive noise)."""
    rng = np.random.default_rng(13)
    times = rng.normal(size=(reps, n))
    for i in range(1, n):
        times[:, i] = rho * times[:, i - 1] + math.sqrt(1 - rho * rho) * times[:, i]
    true = NormalDist().inv_cdf(share)
    ends = (interval(quantile(row, share), 0.9)[1] for row in times)
    return sum(end is not None and end < true for end in ends) / reps


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--reps", type=int, default=500)
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
        wrong = [t for t in (single, paired) if t.drawn and t.coverage < setting.floor - noise]
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
    for share, rho in ((q, r) for q in (0.5, 0.95) for r in (0.0, 0.5, 0.9)):
        name = f"p{100 * share:.0f} n=1000 correlated {rho}"
        if arguments.only not in f"latency {name} gate":
            continue
        at = timings(rho, share, 1000, arguments.reps)
        wrong_budget = at > 0.06 + noise
        bad += wrong_budget
        mark = "  <-- bad" if wrong_budget else ""
        values = {"metric": "latency", "setting": name, "at_margin": at}
        show(values, f"{'latency':20s}{name:34s}{'':8s}{100 * at:10.1f}%{mark}")
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main())
