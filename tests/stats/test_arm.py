"""Evidence survives JSON, and a forged file is a ValueError and nothing worse."""

import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seatrial.stats.arm import SHAPES, Arm
from seatrial.stats.differences import difference_interval
from seatrial.stats.intervals import METHODS, interval
from seatrial.stats.measure import measure


@pytest.mark.parametrize("clusters", [0, 40])
def test_json_keeps_the_interval(task: str, metric: str, clusters: int, rows_of: Any, options: Any) -> None:
    arm = measure(metric, rows_of(task, 400, clusters=clusters), **options).arm
    again = Arm.from_json(json.loads(json.dumps(arm.to_json())))
    assert again == arm
    assert interval(again, 0.9) == interval(arm, 0.9)


def test_every_method_has_a_shape_and_an_interval() -> None:
    assert set(SHAPES) == set(METHODS)


GOOD: dict[str, Any] = {
    "method": "share",
    "estimate": 0.5,
    "n": 10,
    "parameters": {"hits": 5, "trials": 10, "effect": 1.0, "clusters": None},
    "reason": None,
}


@pytest.mark.parametrize(
    "change",
    [
        {"method": "guess"},
        {"method": ["share"]},
        {"estimate": math.nan},
        {"estimate": "0.5"},
        {"estimate": True},
        {"estimate": None},
        {"n": -1},
        {"n": 10.5},
        {"n": 2**70},
        {"parameters": []},
        {"parameters": {}},
        {"parameters": {**GOOD["parameters"], "more": 1}},
        {"parameters": {**GOOD["parameters"], "hits": -1}},
        {"parameters": {**GOOD["parameters"], "trials": 0}},
        {"parameters": {**GOOD["parameters"], "effect": 0.5}},
        {"parameters": {**GOOD["parameters"], "effect": math.inf}},
        {"parameters": {**GOOD["parameters"], "clusters": 1}},
        {"reason": 7},
        {"reason": "x" * 501},
        {"extra": 1},
    ],
)
def test_malformed_evidence_is_refused(change: dict[str, Any]) -> None:
    assert Arm.from_json(GOOD).estimate == 0.5
    with pytest.raises(ValueError):
        Arm.from_json({**GOOD, **change})


@pytest.mark.parametrize("change", [{"estimate": 0.9}, {"parameters": {**GOOD["parameters"], "hits": 11}}])
def test_an_estimate_must_follow_from_its_counts(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        interval(Arm.from_json({**GOOD, **change}), 0.9)


numbers = st.one_of(
    st.integers(0, 50),
    st.integers(0, 2**53),
    st.floats(-2, 2),
    st.floats(),
    st.none(),
    st.sampled_from([0.5, 1]),
)
values = st.one_of(
    numbers, st.lists(numbers, max_size=4), st.lists(st.lists(numbers, max_size=3), max_size=3)
)


@st.composite
def forged(draw: st.DrawFn) -> dict[str, Any]:
    """Evidence with the right keys and any values."""
    method = draw(st.sampled_from(sorted(SHAPES)))
    parameters = {name: draw(values) for name in SHAPES[method]}
    return {"method": method, "estimate": draw(numbers), "n": draw(numbers), "parameters": parameters,
            "reason": None}  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(forged(), st.floats(0.5, 0.999))
def test_forged_evidence_gives_an_interval_or_a_value_error(data: dict[str, Any], level: float) -> None:
    try:
        arm = Arm.from_json(data)
        low, high = interval(arm, level)
        difference_interval(arm, arm, 0.3, level)
    except ValueError:
        return
    assert arm.estimate is not None
    assert low is None or (math.isfinite(low) and low <= arm.estimate)
    assert high is None or (math.isfinite(high) and high >= arm.estimate)


@settings(max_examples=50, deadline=None)
@given(st.recursive(numbers | st.text(max_size=5), lambda x: st.lists(x) | st.dictionaries(st.text(), x)))
def test_any_json_is_an_arm_or_a_value_error(data: Any) -> None:
    with pytest.raises(ValueError):
        Arm.from_json(data)
