"""Drift: how often an alarm is false, and how often drift is found, by simulation of the gate's own path.

    python benchmarks/drift_calibration.py --reps 1000 --most 1000000

Pairs of samples go through the profile (4096 steps, no value that under 10 rows share), the counts at its
edges and the judging of checks; only the reading of files is left out. No drift: the share of checks that
failed, at limits as tight as people write them, and of p-values of "no drift at all" of at most 5 %. At the
limit: the truth lies on it, so that failing and passing are both wrong; each may happen in 5 %. Power: how
often a true PSI of 0.1 and 0.25 fails where the limit is half of it; passing is wrong there. Exit 1 when a
rate that may be 5 % is beyond it by more than three standard errors of the draws.
"""

import argparse
import json
import math
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))

from seatrial.decision import Check, Limit, Outcome
from seatrial.engines.polars.sketching_numbers import Counted, Distinct, edges_of
from seatrial.gates.data.drift_bins import category_bins, pair_of, step_bins
from seatrial.gates.data.drift_judging import judged_drift
from seatrial.gates.data.packing import pooled, unpack_floats
from seatrial.gates.data.profile_making import profile_of
from seatrial.stats.drift_ranks import ks_bracket, transport

ALPHA = 0.05
SIZES = (10, 100, 1_000, 10_000, 100_000, 1_000_000)
TIGHT = {"psi": 0.1, "ks": 0.1, "js": 0.1, "wasserstein": 0.1}
Array = Any
Draw = Callable[[np.random.Generator, int, float], Array]


def normal(random: np.random.Generator, n: int, moved: float) -> Array:
    return random.normal(size=n) + moved


def skewed(random: np.random.Generator, n: int, moved: float) -> Array:
    return np.exp(random.normal(size=n) + moved)


def ties(random: np.random.Generator, n: int, moved: float) -> Array:
    """Two thirds of the rows are 0, the rest whole numbers."""
    return np.where(random.random(n) < 2 / 3, 0.0, np.floor(np.exp(1 + random.normal(size=n) + moved)))


def gaps(random: np.random.Generator, n: int, moved: float) -> Array:
    """A tenth of the values is missing."""
    return np.where(random.random(n) < 0.1, math.nan, random.normal(size=n) + moved)


SHAPES: dict[str, Draw] = {"normal": normal, "skewed": skewed, "ties": ties, "gaps": gaps}
RARE = np.array([0.4, 0.25, 0.15, 0.1, 0.05, *[0.05 / 45] * 45])  # fifty categories, most of them rare


def numbers(reference: Array, current: Array) -> dict[str, dict[str, Any]] | None:
    """The evidence by distance, as the gate makes it of two columns; None where the profile has no steps."""
    known = reference[np.isfinite(reference)]
    distinct = Distinct(4096)
    distinct.add(known)
    edges = edges_of(distinct, known[:65_536], known.size, 4096, 10)
    sketched = Counted(edges, True)
    sketched.add(reference, 0)
    profile = profile_of(reference.size, {"x": sketched.sketch("number")}, "simulation", 10, set())
    (column,) = profile.columns
    if column.steps is None:
        return None
    counted = Counted(np.array(unpack_floats(column.steps.edges, 4096)), True)
    counted.add(current, 0)
    pair = pair_of(column, reference.size, counted.part())
    bins = step_bins(pair, "number", False)
    ks, moved = ks_bracket(pair), transport(pair)
    found: dict[str, dict[str, Any]] = {
        "psi": bins,
        "js": bins,
        "ks": {"rows": bins["rows"], "lower": ks.lower, "upper": ks.upper},
    }
    if moved is not None:
        rows = [pair.reference.rows, pair.current.rows]
        found["wasserstein"] = {"rows": rows, **asdict(moved)}
    return found


def categories(reference: Array, current: Array) -> dict[str, dict[str, Any]] | None:
    named, others = pooled([(f"c{i}", int(n)) for i, n in enumerate(reference) if n], (0, 0), 10)
    if not named:
        return None
    found = {"type": "string", "categories": named, "others": {"categories": others[0], "rows": others[1]}}
    profile = profile_of(int(reference.sum()), {"x": found}, "simulation", 10, set())
    counts = [int(current[int(name[1:])]) for name, _ in named]
    rest = int(current.sum()) - sum(counts)
    part = {"nulls": 0, "counts": counts, "unlisted": {"categories": rest, "rows": rest}}
    bins, _ = category_bins(profile.columns[0], profile.rows, part, False)
    return {"psi": bins, "js": bins}


def judge(evidence: dict[str, dict[str, Any]], limits: dict[str, float]) -> dict[str, Check]:
    """One column, its checks judged as the only one of its table."""
    found = {}
    for distance, each in evidence.items():
        check = Check(
            id=f"data/x/{distance}",
            metric=distance,
            outcome=Outcome.ERROR,
            limit=Limit(kind="max", value=limits[distance]),
            evidence={"shape": "drift", "distance": distance, "alpha": ALPHA, **each},
        )
        found[distance] = judged_drift([check])[0]
    return found


def tally(
    pairs: Iterator[dict[str, dict[str, Any]] | None], limits: dict[str, float]
) -> tuple[dict[str, Counter[str]], int]:
    """Outcomes by distance, and `drift`: p-values against no drift of at most 5 %."""
    counts: dict[str, Counter[str]] = {distance: Counter() for distance in limits}
    reps = 0
    for evidence in pairs:
        reps += 1
        told = {} if evidence is None else {d: e for d, e in evidence.items() if d in limits}
        for distance in limits.keys() - told.keys():
            counts[distance]["inconclusive"] += 1
        for distance, check in judge(told, limits).items():
            counts[distance][str(check.outcome)] += 1
            p = check.evidence.get("p_any")
            few = check.outcome is Outcome.INCONCLUSIVE and "are needed" in (check.reason or "")
            counts[distance]["drift"] += isinstance(p, float | int) and p <= ALPHA and not few
    return counts, reps


def psi_of(moved: float) -> float:
    """The true PSI of a normal column that has moved, on the deciles of where it was."""
    z = NormalDist()
    cuts = [z.inv_cdf(place / 10) for place in range(1, 10)]
    shares = np.diff([0, *(z.cdf(cut - moved) for cut in cuts), 1])
    return float(np.sum((shares - 0.1) * np.log(shares / 0.1)))


def moved_by(psi: float) -> float:
    low, high = 0.0, 3.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if psi_of(middle) < psi else (low, middle)
    return low


def truths(moved: float) -> dict[str, float]:
    """The distances of two normal columns, one moved."""
    z = NormalDist()
    cuts = [z.inv_cdf(place / 10) for place in range(1, 10)]
    p = np.diff([0, *(z.cdf(cut - moved) for cut in cuts), 1])
    q = np.full(10, 0.1)
    middle = (p + q) / 2
    js = math.sqrt(float(np.sum(p * np.log2(p / middle) + q * np.log2(q / middle)) / 2))
    return {"psi": psi_of(moved), "js": js, "ks": 2 * z.cdf(moved / 2) - 1, "wasserstein": moved}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--reps", type=int, default=200)
    parser.add_argument("--most", type=int, default=10_000, help="rows of the largest samples")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    given = parser.parse_args()
    random = np.random.default_rng(11)
    lines: list[dict[str, Any]] = []

    def line(
        kind: str, shape: str, n: int, counts: dict[str, Counter[str]], reps: int, wrong: tuple[str, ...]
    ) -> None:
        for distance, each in counts.items():
            shares = {name: each[name] / reps for name in ("passed", "failed", "inconclusive", "drift")}
            allowed = ALPHA + 3 * math.sqrt(ALPHA * (1 - ALPHA) / reps)
            fault = any(shares[name] > allowed for name in wrong)
            lines.append(
                {"kind": kind, "shape": shape, "rows": n, "distance": distance, **shares, "fault": fault}
            )
            if not given.json:
                mark = "  FAULT" if fault else ""
                told = "  ".join(f"{name} {share:6.1%}" for name, share in shares.items())
                print(
                    f"{kind:<12} {shape:<10} {n:>9,}  {distance:<12} {told}{mark}",
                    flush=True,
                )

    sizes = [n for n in SIZES if n <= given.most]
    for n in sizes:
        for shape, draw in SHAPES.items():
            pairs = (numbers(draw(random, n, 0.0), draw(random, n, 0.0)) for _ in range(given.reps))
            line("no drift", shape, n, *tally(pairs, TIGHT), ("failed", "drift"))
        drawn = (
            categories(random.multinomial(n, RARE), random.multinomial(n, RARE)) for _ in range(given.reps)
        )
        line(
            "no drift",
            "categories",
            n,
            *tally(drawn, {k: TIGHT[k] for k in ("psi", "js")}),
            ("failed", "drift"),
        )
    for n in sizes[1:]:
        moved = moved_by(0.1)
        pairs = (numbers(normal(random, n, 0.0), normal(random, n, moved)) for _ in range(given.reps))
        line("at the limit", "normal", n, *tally(pairs, truths(moved)), ("failed", "passed"))
    for psi in (0.1, 0.25):
        moved = moved_by(psi)
        for n in sizes[1:]:
            pairs = (numbers(normal(random, n, 0.0), normal(random, n, moved)) for _ in range(given.reps))
            halves = {distance: value / 2 for distance, value in truths(moved).items()}
            line(f"PSI {psi}", "normal", n, *tally(pairs, halves), ("passed",))
    if given.json:
        print(json.dumps(lines))
    return 1 if any(each["fault"] for each in lines) else 0


if __name__ == "__main__":
    sys.exit(main())
