"""Drift checks: three outcomes, from evidence alone, and no silence that passes."""

import math
from typing import Any

import numpy as np
import pytest

from seatrial.decision import Check, Outcome
from seatrial.engines.polars.sketching_numbers import Counted, Distinct, edges_of
from seatrial.gates.data.drift import drift_checks
from seatrial.gates.data.drift_asking import drift_measure
from seatrial.gates.data.drift_judging import judged_drift
from seatrial.gates.data.measures import Answer, Facts
from seatrial.gates.data.packing import pack_counts, pack_floats, unpack_floats
from seatrial.gates.data.profile import Profile
from seatrial.gates.data.profile_making import profile_of
from seatrial.policy import parse
from seatrial.policy.model import Policy
from seatrial.stats.rows import Floats

EDGES = [float(edge) for edge in range(1, 20)]


def policy(drift: str, more: str = "") -> Policy:
    text = f"""\
version: 1
model: {{name: late, task: binary}}
data:
  train: train.csv
  drift: {{against: reference.json, {drift}}}
{more}"""
    return parse(text.encode(), "seatrial.yml")


def numbers(counts: list[int], nulls: int = 0) -> tuple[dict[str, Any], dict[str, Any]]:
    """Rows in the cells between the edges: as a profile's column, and as counted in current data."""
    assert len(counts) == len(EDGES) + 1
    total = np.cumsum(counts)
    zeros = [0] * len(EDGES)
    sketch = {
        "type": "number",
        "nulls": nulls,
        "steps": {
            "edges": pack_floats(EDGES),
            "before": pack_counts(counts[:-1]),
            "at": pack_counts(zeros),
            "mean": 10.0,
            "deviation": 5.0,
            "below": 1.0,
            "above": 1.0,
        },
    }
    part = {
        "rows": int(total[-1]),
        "nulls": nulls,
        "nan": 0,
        "infinite": [0, 0],
        "below": pack_counts(total[:-1].tolist()),
        "upto": pack_counts(total[:-1].tolist()),
        "mean": 10.0,
        "deviation": 5.0,
        "outside": [0.5, 0.5],
    }
    return sketch, part


def texts(counts: dict[str, int], others: tuple[int, int] = (0, 0)) -> dict[str, Any]:
    return {
        "type": "string",
        "categories": [list(each) for each in counts.items()],
        "others": {"categories": others[0], "rows": others[1]},
    }


def profile(rows: int, **columns: dict[str, Any]) -> Profile:
    return profile_of(rows, columns, "test", 10, set())


def checks(asked: Policy, reference: Profile, rows: int, **parts: dict[str, Any]) -> dict[str, Check]:
    types = {column.name: column.type for column in reference.columns}
    found = drift_checks(asked, reference, Facts(rows, types, ()), Answer(detail={"columns": parts}))
    assert judged_drift(found) == found
    return {check.id: check for check in found}


def even(rows: int) -> list[int]:
    return [rows // 20] * 20


def tilted(rows: int, by: float) -> list[int]:
    shares = np.exp(np.linspace(-by, by, 20))
    counts = np.floor(rows * shares / shares.sum()).astype(int)
    counts[0] += rows - counts.sum()
    return [int(count) for count in counts]


ALL = "psi: {max: 0.2}, ks: {max: 0.1}, js: {max: 0.1}, wasserstein: {max: 0.5}"


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


def test_columns_that_went_or_changed_their_type_fail() -> None:
    reference = profile(1_000, gone=numbers(even(1_000))[0], other=numbers(even(1_000))[0])
    facts = Facts(1_000, {"other": "string"}, ())
    found = {c.id: c for c in drift_checks(policy(ALL), reference, facts, Answer(detail={"columns": {}}))}
    assert found["data/gone/drift"].outcome is Outcome.FAILED
    assert found["data/other/drift"].outcome is Outcome.FAILED
    assert found["data/other/drift"].reason == "it is string, and was number"


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Answer(problem="cannot be measured"), "cannot be measured"),
        (Answer(), "the engine did not measure it"),
    ],
)
def test_what_was_not_measured_is_an_error(answer: Answer, told: str) -> None:
    reference = profile(1_000, x=numbers(even(1_000))[0])
    (check,) = drift_checks(policy(ALL), reference, Facts(5, {"x": "number"}, ()), answer)
    assert (check.outcome, check.reason) == (Outcome.ERROR, told)


def test_a_part_without_an_answer_is_an_error() -> None:
    reference = profile(1_000, x=numbers(even(1_000))[0])
    found = checks(policy(ALL), reference, 1_000)
    assert {check.outcome for check in found.values()} == {Outcome.ERROR}


def test_no_rows_are_no_pass() -> None:
    reference = profile(1_000, x=numbers(even(1_000))[0])
    found = checks(policy(ALL), reference, 0, x=numbers([0] * 20)[1])
    assert not {check.outcome for check in found.values()} & {Outcome.PASSED, Outcome.FAILED}


def test_infinite_values_have_no_wasserstein_distance() -> None:
    reference = profile(1_000, x=numbers(even(1_000))[0])
    part = numbers(even(1_000))[1] | {"infinite": [0, 1]}
    check = checks(policy("wasserstein: {max: 0.1}"), reference, 1_000, x=part)["data/x/wasserstein"]
    assert check.outcome is Outcome.ERROR


def test_keys_times_and_ignored_columns_are_not_compared() -> None:
    plain = numbers(even(1_000))[0]
    reference = profile(1_000, id=plain, at=plain | {"type": "timestamp"}, x=plain, y=plain)
    asked = policy("psi: {max: 0.2}, ignore: [y]", "  key: [id]\n")
    assert list(drift_measure(asked, reference).value["columns"]) == ["x"]
    found = checks(asked, reference, 1_000, x=numbers(even(1_000))[1])
    assert found["data/id/drift"].outcome is Outcome.SKIPPED
    assert found["data/at/drift"].outcome is Outcome.SKIPPED
    assert "data/y/drift" not in found
    named = policy("psi: {max: 0.2}, columns: [at]")
    assert list(drift_measure(named, reference).value["columns"]) == ["at"]


def test_a_named_column_that_the_reference_lacks_is_an_error() -> None:
    reference = profile(1_000, x=numbers(even(1_000))[0])
    found = checks(policy("psi: {max: 0.2}, columns: [x, z]"), reference, 1_000, x=numbers(even(1_000))[1])
    assert found["data/z/drift"].outcome is Outcome.ERROR


def test_a_column_that_only_the_profile_hides_is_an_error() -> None:
    plain = numbers(even(1_000))[0]
    reference = profile_of(1_000, {"x": plain, "z": plain}, "test", 10, {"z"})
    part = numbers(even(1_000))[1]
    assert (
        checks(policy("psi: {max: 0.2}"), reference, 1_000, x=part)["data/z/drift"].outcome is Outcome.ERROR
    )
    hides = policy("psi: {max: 0.2}", "  columns: {z: {hide: true}}\n")
    assert checks(hides, reference, 1_000, x=part)["data/z/drift"].outcome is Outcome.SKIPPED


def test_hidden_values_are_never_shown_and_others_only_where_allowed() -> None:
    reference = profile(1_000, x=numbers(even(1_000))[0], t=texts({"secret": 600, "other": 400}))
    parts = {
        "x": numbers(even(1_000))[1],
        "t": {"nulls": 0, "counts": [600, 400], "unlisted": {"categories": 0, "rows": 0}},
    }
    shown = "  show: {values: true}\n  columns: {t: {type: string, hide: true}}\n"
    assert "secret" not in str(checks(policy("psi: {max: 0.2}"), reference, 1_000, **parts))
    found = checks(policy("psi: {max: 0.2}", shown), reference, 1_000, **parts)
    assert "secret" not in str(found)
    assert (
        found["data/x/psi"].evidence["labels"]
        != checks(policy(ALL), reference, 1_000, **parts)["data/x/psi"].evidence["labels"]
    )


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


@pytest.mark.parametrize(
    "change",
    [
        {"reference": [1, 2]},
        {"current": "none"},
        {"rows": [1]},
        {"rows": [0, 0]},
        {"alpha": 0.9},
        {"distance": "other"},
    ],
)
def test_evidence_of_another_form_is_refused(change: dict[str, Any]) -> None:
    reference = profile(1_000, x=numbers(even(1_000))[0])
    check = checks(policy("psi: {max: 0.2}"), reference, 1_000, x=numbers(even(1_000))[1])["data/x/psi"]
    spoilt = check.model_copy(update={"evidence": check.evidence | change})
    with pytest.raises(ValueError, match=r"."):
        judged_drift([spoilt])


def test_a_column_that_would_be_passed_over_fails_where_it_went_or_changed() -> None:
    """Times are not compared unless named; that they became numbers is told all the same."""
    reference = profile(1_000, when={**numbers(even(1_000))[0], "type": "timestamp"}, id=texts({"a": 1_000}))
    facts = Facts(1_000, {"when": "integer"}, ())
    found = {c.id: c for c in drift_checks(policy(ALL), reference, facts, Answer(detail={"columns": {}}))}
    assert found["data/when/drift"].reason == "it is integer, and was timestamp"
    assert {check.outcome for check in found.values()} == {Outcome.FAILED}


def test_numbers_that_are_text_for_want_of_a_type_are_no_pass() -> None:
    reference = profile(1_000, x=texts({}, (1_000, 1_000)))
    facts, answer = Facts(1_000, {"x": "string"}, ()), Answer(detail={"columns": {}})
    (text,) = drift_checks(policy(ALL), reference, facts, answer)
    (untyped,) = drift_checks(policy(ALL), reference, facts, answer, {"x"})
    assert (text.outcome, untyped.outcome) == (Outcome.SKIPPED, Outcome.ERROR)
    assert untyped.reason is not None and "name one in data.columns" in untyped.reason


def test_a_column_that_the_reference_lacks_is_told() -> None:
    reference, part = profile(20_000, x=numbers(even(20_000))[0]), numbers(even(20_000))[1]
    found = checks(
        policy(ALL, "  columns: {x: {type: number}, y: {type: number}}\n"), reference, 20_000, x=part
    )
    assert found["data/y/drift"].outcome is Outcome.SKIPPED
    assert found["data/x/psi"].outcome is Outcome.PASSED


ALPHABET = {"a": 6_000, "b": 3_000, "c": 1_000}


def named(counts: list[int], nulls: int = 0, unlisted: tuple[int, int] = (0, 0)) -> dict[str, Any]:
    return {"nulls": nulls, "counts": counts, "unlisted": {"categories": unlisted[0], "rows": unlisted[1]}}


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


def test_what_too_few_rows_say_counts_in_no_family() -> None:
    """A check that cannot fail is none of those over which the share of false alarms is held."""
    columns = {"x": texts(ALPHABET), "y": texts({f"c{i}": 500 for i in range(20)})}
    parts = {"x": named([90, 25, 10]), "y": named([7] * 15 + [4] * 5)}
    asked = policy("psi: {max: 0.01}")
    both = checks(asked, profile(10_000, **columns), 125, **parts)
    assert "p" not in both["data/y/psi"].evidence
    x = both["data/x/psi"]
    assert x.evidence["p_adjusted"] == x.evidence["p"]


def test_a_jensen_shannon_distance_is_at_most_one() -> None:
    reference = profile(10_000, x=numbers([10_000] + [0] * 19)[0])
    check = checks(policy("js: {max: 0.1}"), reference, 10_000, x=numbers([0] * 19 + [10_000])[1])
    assert check["data/x/js"].interval is not None
    assert check["data/x/js"].interval.high == 1.0


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
