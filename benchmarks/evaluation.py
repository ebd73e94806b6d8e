"""Evaluation: paired AUC and F1 differences with intervals, against a scikit-learn bootstrap loop.

    python benchmarks/evaluation.py --size s      # 100k rows; l: 300k rows and more of the loop

The peer draws rows with replacement and calls scikit-learn's metric on both models, 2,000 times. That takes
minutes, so a part of it is run, interleaved with ours, and its time is multiplied up (the loop's cost is its
number of turns). The ratio so compares a closed form with a resampling loop: another method for the same
question, not the same method made faster. Equal answers are proved first: estimates to 1e-12; AUC's standard
error within 1 % of DeLong's, computed from midranks; F1's ends within 3 % of the interval's width of the
percentiles of 20,000 resamples; and both within the noise of the peer's turns. Exit 1 when an answer differs
or the ratio falls below 0.7 of its floor.
"""

import argparse
import importlib.metadata
import json
import platform
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import rankdata
from sklearn.metrics import f1_score, roc_auc_score

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))

from seatrial.stats.bootstrap import cells_of, f1_of, resample_cells
from seatrial.stats.differences import difference_interval
from seatrial.stats.measure import measure
from seatrial.stats.pairing import pairing_of
from seatrial.stats.rows import Rows

RESAMPLES = 2_000
FLOOR = 1_000.0
CUT = 0.2
SLICES = 20


@dataclass(frozen=True)
class Size:
    """How much is run: rows, rounds, and turns of the peer's loop per round."""

    rows: int
    rounds: int
    turns: int


SIZES = {"s": Size(100_000, 5, 12), "l": Size(300_000, 9, 40)}


@dataclass(frozen=True)
class Data:
    """Labels and two models' scores, 10 % positive, AUC about .80, correlated .9 within a class."""

    label: Any
    candidate: Any
    baseline: Any
    group: Any

    @staticmethod
    def draw(n: int, seed: int = 1) -> "Data":
        random = np.random.default_rng(seed)
        label = (random.random(n) < 0.1).astype(np.int64)
        common = random.normal(size=n)
        scores = []
        for shift in (1.22, 1.19):
            latent = shift * label + 0.9**0.5 * common + 0.1**0.5 * random.normal(size=n)
            scores.append(1 / (1 + np.exp(-(latent * 1.2 - 2.9))))
        return Data(label, scores[0], scores[1], random.integers(0, SLICES, n))

    def arms(self, index: Any = slice(None)) -> tuple[Rows, Rows]:
        label = self.label[index]
        return Rows("binary", label=label, score=self.candidate[index]), Rows(
            "binary", label=label, score=self.baseline[index]
        )


@dataclass(frozen=True)
class Found:
    """A paired difference as the gate sees it."""

    candidate: float
    baseline: float
    low: float
    high: float
    error: float

    @property
    def difference(self) -> float:
        return self.candidate - self.baseline


def ours(metric: str, arms: tuple[Rows, Rows]) -> Found:
    """Both arms, their correlation, and the interval of the difference."""
    one, other = (measure(metric, rows, cut=CUT) for rows in arms)
    r = pairing_of(one.influence, other.influence, same=arms[0].equals(arms[1]))
    low, high = difference_interval(one.arm, other.arm, r, 0.95)
    assert one.arm.estimate is not None and other.arm.estimate is not None
    assert low is not None and high is not None
    return Found(one.arm.estimate, other.arm.estimate, low, high, (high - low) / 2 / 1.959964)


def peer_auc(data: Data, index: Any) -> float:
    label = data.label[index]
    return float(roc_auc_score(label, data.candidate[index]) - roc_auc_score(label, data.baseline[index]))


def peer_f1(data: Data, index: Any) -> float:
    label = data.label[index]
    one, other = data.candidate[index] >= CUT, data.baseline[index] >= CUT
    return float(f1_score(label, one) - f1_score(label, other))


def clock(run: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    result = run()
    return time.perf_counter() - start, result


def loop(peer: Callable[[Data, Any], float], data: Data, turns: int, seed: int) -> list[float]:
    """The peer: so many turns of its bootstrap."""
    random = np.random.default_rng(seed)
    n = len(data.label)
    return [peer(data, random.integers(0, n, n)) for _ in range(turns)]


def duel(metric: str, peer: Callable[[Data, Any], float], data: Data, size: Size) -> dict[str, Any]:
    """Times of both, interleaved round by round; and all of the peer's resamples."""
    arms = data.arms()
    ours(metric, arms)
    fast, slow, drawn = [], [], []
    for turn in range(size.rounds):
        fast.append(statistics.median(clock(lambda: ours(metric, arms))[0] for _ in range(5)))
        seconds, values = clock(lambda turn=turn: loop(peer, data, size.turns, turn))  # type: ignore[misc]
        slow.append(seconds / size.turns * RESAMPLES)
        drawn += values
    ratios = sorted(s / f for s, f in zip(slow, fast, strict=True))
    return {
        "metric": metric,
        "ours_ms": 1e3 * statistics.median(fast),
        "peer_s": statistics.median(slow),
        "turns": size.rounds * size.turns,
        "ratio": statistics.median(ratios),
        "ratio_from": ratios[0],
        "ratio_to": ratios[-1],
        "drawn": drawn,
    }


def check(metric: str, found: Found, exact: tuple[float, float], drawn: list[float]) -> str | None:
    """What differs from the peer's answer, if anything does."""
    for mine, theirs in zip((found.candidate, found.baseline), exact, strict=True):
        if abs(mine - theirs) > 1e-12:
            return f"{metric}: {mine!r}, scikit-learn says {theirs!r}"
    error = statistics.stdev(drawn)
    noise = 4 / (2 * len(drawn)) ** 0.5
    if abs(found.error / error - 1) > noise:
        return f"{metric}: standard error {found.error:.6f}, the bootstrap's is {error:.6f} (+-{noise:.0%})"
    return None


def delong_error(data: Data) -> float:
    """The standard error of the paired difference from midranks (Sun & Xu 2014, with scipy)."""
    positive = data.label == 1
    parts = []
    for score in (data.candidate, data.baseline):
        everywhere = rankdata(score)
        wins = everywhere[positive] - rankdata(score[positive])
        losses = everywhere[~positive] - rankdata(score[~positive])
        parts.append((wins / np.sum(~positive), 1 - losses / np.sum(positive)))
    ups, downs = (parts[0][i] - parts[1][i] for i in (0, 1))
    return float((ups.var(ddof=1) / ups.size + downs.var(ddof=1) / downs.size) ** 0.5)


def cells_check(data: Data, found: Found) -> tuple[float, str | None]:
    """Paired dF1 by 2,000 resamples of the 8 cells: seconds, and what differs from 20,000 of them."""
    decisions = [(scores >= CUT).astype(np.int64) for scores in (data.candidate, data.baseline)]
    cells = cells_of(data.label, *decisions)
    seconds = min(clock(lambda: resample_cells(cells, f1_of, resamples=RESAMPLES))[0] for _ in range(5))
    low, high = np.quantile(resample_cells(cells, f1_of, resamples=20_000), [0.025, 0.975])
    width = found.high - found.low
    if max(abs(low - found.low), abs(high - found.high)) > 0.03 * width:
        return seconds, f"f1: resamples say [{low:.6f}, {high:.6f}], ours [{found.low:.6f}, {found.high:.6f}]"
    return seconds, None


def whole_gate(data: Data) -> float:
    """Seconds for AUC and F1 over all rows and over every slice."""

    def run() -> None:
        for metric in ("roc_auc", "f1"):
            ours(metric, data.arms())
        for group in range(SLICES):
            arms = data.arms(np.flatnonzero(data.group == group))
            for metric in ("roc_auc", "f1"):
                ours(metric, arms)

    return statistics.median(clock(run)[0] for _ in range(5))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--size", choices=sorted(SIZES), default="s")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    arguments = parser.parse_args()
    size = SIZES[arguments.size]
    data = Data.draw(size.rows)
    versions = {name: importlib.metadata.version(name) for name in ("numpy", "scikit-learn")}
    results, faults = [], []
    for metric, peer in (("roc_auc", peer_auc), ("f1", peer_f1)):
        found = ours(metric, data.arms())
        result = duel(metric, peer, data, size)
        if metric == "roc_auc":
            exact = roc_auc_score(data.label, data.candidate), roc_auc_score(data.label, data.baseline)
            error = delong_error(data)
            if abs(found.error / error - 1) > 0.01:
                faults.append(f"roc_auc: standard error {found.error:.7f}, DeLong's is {error:.7f}")
        else:
            exact = f1_score(data.label, data.candidate >= CUT), f1_score(data.label, data.baseline >= CUT)
            seconds, unequal = cells_check(data, found)
            result |= {"cells_ms": 1e3 * seconds}
            faults += [unequal] if unequal else []
        fault = check(metric, found, exact, result.pop("drawn"))
        faults += [fault] if fault else []
        results.append(result | {"difference": found.difference, "low": found.low, "high": found.high})
    growth = {n: whole_gate(Data.draw(n)) for n in (50_000, 100_000, 200_000)}
    # Sorting grows a little faster than rows do, and caches end; twice the rows are to cost under 3 times.
    steep = max(growth[100_000] / growth[50_000], growth[200_000] / growth[100_000])
    if steep > 3:
        faults.append(f"cost grows {steep:.1f} times when rows double")
    slow = [r for r in results if r["ratio"] < 0.7 * FLOOR]
    if arguments.json:
        print(json.dumps({"size": arguments.size, "rows": size.rows, "versions": versions, "floor": FLOOR,
                          "results": results, "gate_s": growth, "faults": faults}))  # fmt: skip
    else:
        show(size, versions, results, growth)
        for fault in faults:
            print(f"UNEQUAL: {fault}", file=sys.stderr)
    return 1 if slow or faults else 0


def show(
    size: Size, versions: dict[str, str], results: list[dict[str, Any]], growth: dict[int, float]
) -> None:
    """The results for a reader."""
    names = ", ".join(f"{name} {version}" for name, version in versions.items())
    print(f"evaluation: {size.rows:,} rows, 10 % positive; Python {platform.python_version()}, {names}")
    print(f"peer: scikit-learn in a loop of {RESAMPLES:,} paired resamples, extrapolated from the turns run")
    print("  (a closed form against a resampling loop: another method for the same question)")
    for r in results:
        interval = f"{r['difference']:+.5f} [{r['low']:+.5f}, {r['high']:+.5f}]"
        print(
            f"  {r['metric']:8s} {interval}  ours {r['ours_ms']:.1f} ms, peer {r['peer_s']:.1f} s "
            f"({r['turns']} turns): {r['ratio']:,.0f}x ({r['ratio_from']:,.0f} to {r['ratio_to']:,.0f}), "
            f"floor {FLOOR:,.0f}x"
        )
        if "cells_ms" in r:
            print(f"           the same by {RESAMPLES:,} resamples of the 8 cells: {r['cells_ms']:.1f} ms")
    print("  equal: estimates to 1e-12; DeLong's standard error to 1 %, ends of F1 to 3 % of the width")
    times = ", ".join(f"{n:,} rows {1e3 * seconds:.0f} ms" for n, seconds in growth.items())
    print(f"  AUC and F1, overall and in {SLICES} slices: {times}")


if __name__ == "__main__":
    raise SystemExit(main())
