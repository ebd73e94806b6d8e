"""Drift of numbers: how far they moved, and whether that is more than chance."""

import pytest
from drifting import ALL, checks, even, numbers, policy, profile, tilted

from seatrial.decision import Outcome
from seatrial.gates.data.packing import pack_counts, pack_floats


def test_equal_columns_pass_and_moved_ones_fail() -> None:
    reference = profile(100_000, same=numbers(even(100_000))[0], moved=numbers(even(100_000))[0])
    found = checks(
        policy(ALL), reference, 50_000, same=numbers(even(50_000))[1], moved=numbers(tilted(50_000, 2.5))[1]
    )
    for distance in ("psi", "ks", "js", "wasserstein"):
        assert found[f"data/same/{distance}"].outcome is Outcome.PASSED
        moved = found[f"data/moved/{distance}"]
        assert moved.outcome is Outcome.FAILED
        assert moved.interval is not None
        assert moved.limit is not None
        assert moved.interval.low is not None
        assert moved.interval.low > moved.limit.value


def test_a_column_of_any_name_is_compared() -> None:
    asked = policy("psi: {max: 0.2}")
    name = "x" * 10_000
    column, part = numbers(even(40_000))
    (check,) = checks(asked, profile(40_000, **{name: column}), 40_000, **{name: part}).values()
    assert check.outcome is Outcome.PASSED and name.startswith(check.column or "?")


def test_few_rows_do_not_tell_and_how_many_would() -> None:
    reference = profile(100_000, x=numbers(even(100_000))[0])
    found = checks(policy("psi: {max: 0.2}, ks: {max: 0.1}"), reference, 100, x=numbers(even(100))[1])
    assert found["data/x/psi"].outcome is Outcome.INCONCLUSIVE
    assert found["data/x/psi"].needed == 200
    assert found["data/x/ks"].outcome is Outcome.INCONCLUSIVE
    assert 100 < (found["data/x/ks"].needed or 0) < 1_000


def test_significance_alone_never_fails() -> None:
    reference = profile(10_000_000, x=numbers(even(10_000_000))[0])
    found = checks(
        policy("psi: {max: 0.2}, ks: {max: 0.1}, js: {max: 0.1}"),
        reference,
        10_000_000,
        x=numbers(tilted(10_000_000, 0.05))[1],
    )
    for check in found.values():
        assert check.outcome is Outcome.PASSED
        assert float(str(check.evidence["p_any_adjusted"])) < 1e-6


def test_a_warning_wants_size_and_significance() -> None:
    asked = policy("psi: {warn: 0.1, max: 0.4}")
    reference = profile(100_000, x=numbers(even(100_000))[0])
    moved = checks(asked, reference, 50_000, x=numbers(tilted(50_000, 0.7))[1])["data/x/psi"]
    assert (moved.outcome, moved.warn) == (Outcome.PASSED, True)
    assert "warning" in (moved.reason or "")
    still = checks(asked, reference, 50_000, x=numbers(even(50_000))[1])["data/x/psi"]
    assert (still.outcome, still.warn) == (Outcome.PASSED, False)


def test_a_jump_of_missing_values_is_drift() -> None:
    reference = profile(100_000, x=numbers(even(100_000))[0])
    found = checks(
        policy("psi: {max: 0.2}, ks: {max: 0.1}"), reference, 50_000, x=numbers(even(30_000), 20_000)[1]
    )
    assert found["data/x/psi"].outcome is Outcome.FAILED
    assert found["data/x/ks"].outcome is Outcome.FAILED


def test_a_limit_inside_the_bracket_is_told_so() -> None:
    cells = [0, 0, 50_000, *[0] * 14, 50_000, 0, 0]
    other = [0, 0, 45_000, *[0] * 14, 55_000, 0, 0]
    reference = profile(100_000, x=numbers(cells)[0])
    check = checks(policy("ks: {max: 0.2}"), reference, 100_000, x=numbers(other)[1])["data/x/ks"]
    assert check.outcome is Outcome.INCONCLUSIVE
    assert "name the reference data" in (check.reason or "")
    assert check.needed is None


def test_infinite_values_have_no_wasserstein_distance() -> None:
    reference = profile(1_000, x=numbers(even(1_000))[0])
    part = numbers(even(1_000))[1] | {"infinite": [0, 1]}
    check = checks(policy("wasserstein: {max: 0.1}"), reference, 1_000, x=part)["data/x/wasserstein"]
    assert check.outcome is Outcome.ERROR


@pytest.mark.parametrize("moved", [-5.0, 5.0])
def test_a_constant_that_is_another_now_has_drifted(moved: float) -> None:
    edges = pack_floats([0.0])
    column = {
        "type": "number",
        "steps": {"edges": edges, "before": pack_counts([0]), "at": pack_counts([1_000])}
        | {"mean": 0.0, "deviation": 0.0},
    }
    _, part = numbers(even(1_000))
    under = [1_000 if moved < 0 else 0]
    part |= {"below": pack_counts(under), "upto": pack_counts(under)}
    still = part | {"below": pack_counts([0]), "upto": pack_counts([1_000])}
    asked = policy("psi: {max: 0.2}, js: {max: 0.1}, ks: {max: 0.1}")
    reference = profile(1_000, x=column)
    found = checks(asked, reference, 1_000, x=part)
    assert {check.outcome for check in found.values()} == {Outcome.FAILED}
    assert {check.outcome for check in checks(asked, reference, 1_000, x=still).values()} == {Outcome.PASSED}


def test_a_value_beside_few_others_that_becomes_another_has_drifted() -> None:
    """0 and 1, each in half of the rows: -1 and 7 now."""
    column = {
        "type": "integer",
        "steps": {
            "edges": pack_floats([0.0, 1.0]),
            "before": pack_counts([0, 0]),
            "at": pack_counts([500, 500]),
            "mean": 0.5,
            "deviation": 0.5,
        },
    }
    part = numbers(even(1_000))[1] | {"below": pack_counts([500] * 2), "upto": pack_counts([500] * 2)}
    shown = "  show: {values: true}\n"
    check = checks(policy("psi: {max: 0.2}", shown), profile(1_000, x=column), 1_000, x=part)["data/x/psi"]
    assert check.outcome is Outcome.FAILED
    assert check.evidence["labels"] == ["to 0", "0", "1", "over 1", "missing"]
    assert check.evidence["reference"] == [0, 500, 500, 0, 0]


def test_a_jensen_shannon_distance_is_at_most_one() -> None:
    reference = profile(10_000, x=numbers([10_000] + [0] * 19)[0])
    check = checks(policy("js: {max: 0.1}"), reference, 10_000, x=numbers([0] * 19 + [10_000])[1])
    assert check["data/x/js"].interval is not None
    assert check["data/x/js"].interval.high == 1.0
