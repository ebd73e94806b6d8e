"""Drift checks and chance: false alarms are as rare as stated, and nothing but the data turns a verdict."""

import math

import numpy as np
import pytest
from drifting import ALPHABET, checks, even, named, numbers, policy, profile, texts, tilted

from seatrial.decision import Check, Outcome
from seatrial.engines.polars.sketching_numbers import Counted, Distinct, edges_of
from seatrial.gates.data.packing import unpack_floats
from seatrial.gates.data.profile_making import profile_of
from seatrial.stats.rows import Floats


def test_many_columns_fail_by_chance_no_oftener_than_alpha() -> None:
    """Benjamini and Hochberg's adjustment counts all columns of the Decision."""
    reference = profile(100_000, **{f"x{i}": numbers(even(100_000))[0] for i in range(40)})
    parts = {f"x{i}": numbers(even(20_000))[1] for i in range(39)}
    asked = policy("ks: {max: 0.1}")
    alone = profile(100_000, x39=numbers(even(100_000))[0])
    part = numbers(tilted(20_000, 0.37))[1]
    many = checks(asked, reference, 20_000, **parts, x39=part)["data/x39/ks"].evidence
    one = checks(asked, alone, 20_000, x39=part)["data/x39/ks"].evidence
    assert many["p"] == one["p"]
    assert float(str(many["p_adjusted"])) == pytest.approx(min(1.0, 40 * float(str(one["p_adjusted"]))))


@pytest.mark.parametrize("rows", [10, 100, 1_000, 10_000, 100_000, 1_000_000])
def test_without_drift_an_alarm_is_as_rare_as_stated(rows: int) -> None:
    """A thousand pairs over all sizes; benchmarks/drift_calibration.py draws more, of more shapes."""
    random, asked, failed = np.random.default_rng(rows), policy("psi: {max: 0.1}, ks: {max: 0.1}"), 0
    pairs = 170
    for _ in range(pairs):
        sides = [[int(n) for n in random.multinomial(rows, np.full(20, 0.05))] for _ in range(2)]
        found = checks(asked, profile(rows, x=numbers(sides[0])[0]), rows, x=numbers(sides[1])[1])
        failed += any(check.outcome is Outcome.FAILED for check in found.values())
    assert failed / pairs <= 0.05


def test_what_too_few_rows_say_counts_in_no_family() -> None:
    """A check that cannot fail is none of those over which the share of false alarms is held."""
    columns = {"x": texts(ALPHABET), "y": texts({f"c{i}": 500 for i in range(20)})}
    parts = {"x": named([90, 25, 10]), "y": named([7] * 15 + [4] * 5)}
    asked = policy("psi: {max: 0.01}")
    both = checks(asked, profile(10_000, **columns), 125, **parts)
    assert "p" not in both["data/y/psi"].evidence
    x = both["data/x/psi"]
    assert x.evidence["p_adjusted"] == x.evidence["p"]


def compared(before: Floats, now: Floats, least: int) -> dict[str, Check]:
    """Two columns as the engine sketches and counts them. least: 1 for reference data, 10 for a profile."""
    distinct = Distinct(4096)
    distinct.add(before[np.isfinite(before)])
    sketched = Counted(edges_of(distinct, before, before.size, 4096, least), True)
    sketched.add(before, 0)
    reference = profile_of(before.size, {"x": sketched.sketch("number")}, "test", least, set())
    (column,) = reference.columns
    assert column.steps is not None
    counted = Counted(np.array(unpack_floats(column.steps.edges, 4096)), True)
    counted.add(now, 0)
    asked = policy("psi: {max: 0.1}, ks: {max: 0.1}, js: {max: 0.1}, wasserstein: {max: 0.2}")
    return checks(asked, reference, now.size, x=dict(counted.part()))


def test_neither_order_nor_unit_nor_profile_nor_more_of_the_same_turns_a_verdict() -> None:
    random = np.random.default_rng(12)
    shapes = [
        lambda n, by: random.normal(size=n) + by,
        lambda n, by: np.exp(random.normal(size=n) + by),
        lambda n, by: random.poisson(3 * math.exp(by), n).astype(float),
        lambda n, by: np.where(random.random(n) < 0.1 + by / 3, math.nan, random.normal(size=n)),
    ]
    for turn in range(24):
        draw, by = shapes[turn % 4], (0.0, 0.2, 0.5)[turn % 3]
        before, now = (
            draw(int(10 ** random.uniform(2, 3.5)), 0.0),
            draw(int(10 ** random.uniform(2, 3.5)), by),
        )
        found = compared(before, now, 10)
        assert compared(random.permutation(before), random.permutation(now), 10) == found
        doubled = compared(2 * before, 2 * now, 10)
        others = (compared(before, now, 1), compared(np.tile(before, 4), np.tile(now, 4), 10))
        for name, check in found.items():
            assert (doubled[name].outcome, doubled[name].value) == (check.outcome, check.value)
            for other in others:
                assert {check.outcome, other[name].outcome} != {Outcome.FAILED, Outcome.PASSED}
            # Four times the rows and the same shares: what was sure is no less so.
            if check.outcome is Outcome.FAILED:
                assert others[1][name].outcome is Outcome.FAILED
