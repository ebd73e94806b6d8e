"""Drift of categories: known ones, new ones, rare ones, and none at all."""

import numpy as np
import pytest
from drifting import ALPHABET, checks, named, policy, profile, texts

from seatrial.decision import Outcome
from seatrial.gates.data.profile_making import profile_of


def test_categories_that_the_reference_never_had() -> None:
    asked = policy("psi: {max: 0.2}, js: {max: 0.1}, new_categories: {max: 1%}")
    reference = profile(1_000, x=texts({"a": 600, "b": 400}))
    part = {"nulls": 0, "counts": [600, 380], "unlisted": {"categories": 2, "rows": 20}}
    found = checks(asked, reference, 1_000, x=part)
    assert found["data/x/new_categories"].outcome is Outcome.FAILED
    assert found["data/x/new_categories"].value == 0.02
    fine = checks(
        asked, reference, 1_000, x=part | {"counts": [600, 400], "unlisted": {"categories": 0, "rows": 0}}
    )
    assert {check.outcome for check in fine.values()} == {Outcome.PASSED}


def test_pooled_categories_leave_new_ones_open() -> None:
    asked = policy("new_categories: {max: 0}")
    reference = profile(1_000, x=texts({"a": 990}, (5, 10)))
    few = {"nulls": 0, "counts": [990], "unlisted": {"categories": 3, "rows": 10}}
    many = {"nulls": 0, "counts": [990], "unlisted": {"categories": 9, "rows": 10}}
    assert checks(asked, reference, 1_000, x=few)["data/x/new_categories"].outcome is Outcome.INCONCLUSIVE
    assert checks(asked, reference, 1_000, x=many)["data/x/new_categories"].outcome is Outcome.FAILED


def test_categories_that_are_all_missing_now_have_drifted() -> None:
    asked = policy("psi: {max: 0.2}, js: {max: 0.1}, new_categories: {max: 1%}")
    reference = profile(10_000, x=texts(ALPHABET))
    for known in (0, 3):
        found = checks(asked, reference, 5_000, x=named([known, 0, 0], 5_000 - known))
        assert found["data/x/psi"].outcome is Outcome.FAILED
        assert found["data/x/js"].outcome is Outcome.FAILED
    empty = checks(asked, reference, 5_000, x=named([0, 0, 0], 5_000))["data/x/new_categories"]
    assert (empty.outcome, empty.reason) == (Outcome.INCONCLUSIVE, "no row has a value")


def test_categories_without_rows_or_with_a_handful_are_no_pass() -> None:
    asked = policy("psi: {max: 0.2}, js: {max: 0.1}, new_categories: {max: 1%}")
    reference = profile(10_000, x=texts(ALPHABET))
    none = checks(asked, reference, 0, x=named([0, 0, 0]))
    assert not {check.outcome for check in none.values()} & {Outcome.PASSED, Outcome.SKIPPED}
    few = checks(asked, reference, 3, x=named([2, 1, 0]))
    assert few["data/x/psi"].outcome is few["data/x/js"].outcome is Outcome.INCONCLUSIVE


def test_categories_too_rare_to_compare_may_drift_but_never_pass() -> None:
    reference = profile(10_000, x=texts({f"c{i}": 200 for i in range(50)}))
    asked = policy("psi: {max: 0.2}")
    same = checks(asked, reference, 100, x=named([2] * 50))["data/x/psi"]
    assert same.outcome is Outcome.INCONCLUSIVE
    assert "no category has rows enough" in (same.reason or "")
    assert same.needed is None
    gone = checks(asked, reference, 10**6, x=named([0] * 50, 0, (1, 10**6)))["data/x/psi"]
    assert gone.outcome is Outcome.FAILED
    (warned,) = checks(policy("psi: {warn: 0.2}"), reference, 100, x=named([2] * 50)).values()
    assert (warned.outcome, warned.warn) == (Outcome.PASSED, True)


@pytest.mark.parametrize(("n", "m"), [(1_000, 1_000), (1_000, 50_000)])
@pytest.mark.parametrize("least", [1, 10])
def test_rare_categories_that_chance_left_out_of_the_reference_are_no_drift(
    n: int, m: int, least: int
) -> None:
    """Thousands of categories, few of them common: a new row often holds one that no row held before."""
    random, asked, alarms, pairs = np.random.default_rng(5), policy("psi: {max: 0.1}"), 0, 40
    shares = 1 / np.arange(1, 901)
    for _ in range(pairs):
        before, now = (random.multinomial(rows, shares / shares.sum()).tolist() for rows in (n, m))
        listed = [i for i in range(900) if before[i] >= least]
        rest = [i for i in range(900) if 0 < before[i] < least]
        others = (len(rest), sum(before[i] for i in rest))
        column = texts({f"c{i}": before[i] for i in listed}, others)
        reference = profile_of(n, {"x": column}, "test", least, set())
        (described,) = reference.columns
        order = [int(name[1:]) for name, _ in described.categories or ()]
        new = [i for i in range(900) if i not in set(order) and now[i]]
        part = named([now[i] for i in order], 0, (len(new), sum(now[i] for i in new)))
        check = checks(asked, reference, m, x=part)["data/x/psi"]
        assert check.outcome is not Outcome.FAILED
        alarms += float(str(check.evidence.get("p_any", 1))) <= 0.05
    assert alarms / pairs <= 0.05 + 0.104


@pytest.mark.parametrize("least", [1, 10])
def test_a_new_category_that_takes_the_place_of_many_rare_ones_is_drift(least: int) -> None:
    """One of two halves is two hundred rare categories. They are another one now, and the share of both as
    it was."""
    rare = {f"r{i}": 5 for i in range(200)}
    listed = {"a": 1_000} | (rare if least == 1 else {})
    column = texts(listed, (0, 0) if least == 1 else (200, 1_000))
    reference = profile_of(2_000, {"x": column}, "test", least, set())
    part = named([1_000] + [0] * (len(listed) - 1), 0, (1, 1_000))
    check = checks(policy("psi: {max: 0.2}"), reference, 2_000, x=part)["data/x/psi"]
    assert check.outcome is Outcome.FAILED


def test_new_categories_at_the_limit_pass() -> None:
    """29% of 100 rows are 28.999999999999996 to a computer."""
    reference = profile(1_000, x=texts({"a": 1_000}))
    (check,) = checks(
        policy("new_categories: {max: 29%}"), reference, 100, x=named([71], 0, (9, 29))
    ).values()
    assert (check.value, check.outcome) == (0.29, Outcome.PASSED)
