"""What is written into a policy is read back as it was, by the policy's own reader."""

import math

import yaml as pyyaml
from hypothesis import given
from hypothesis import strategies as st

from seatrial.policy import writing, yaml
from seatrial.text import is_hidden

values = st.one_of(
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=40),
    st.sampled_from(
        ["no", "007", "1_000", "1e3", "0x1F", "a: b", "# c", "- d", "*e", "{f", "'g'", '"h"', "%"]
    ),
    st.sampled_from(["2026-01-31", "10:30", "null", "~", "NaN", ".inf", "1,5", "...", "---", "a,b", "x #y"]),
)


@given(st.lists(values, min_size=1, max_size=4))
def test_values_are_read_back_as_they_were(found: list[str | int | float | bool]) -> None:
    written = writing.flow(tuple(found))
    if written is None:
        return
    for document in (f"k: {written}", f"k: {{a: {written}, b: 1}}"):
        read = yaml.read(document, "seatrial.yml")
        assert read.faults == ()
        got = read.data["k"]["a"] if isinstance(read.data["k"], dict) else read.data["k"]
        assert got == found
        assert [isinstance(v, bool) for v in got] == [isinstance(v, bool) for v in found]
        assert [isinstance(v, str) for v in got] == [isinstance(v, str) for v in found]


@given(st.text(min_size=1, max_size=60))
def test_a_name_is_read_back_as_it_was_or_is_no_key(name: str) -> None:
    written = writing.key(name)
    if written is None:
        assert any(is_hidden(c) for c in name) or not name.strip() or name == "<<"
        return
    read = yaml.read(f"columns:\n  {written}: 1\n", "seatrial.yml")
    assert read.faults == ()
    assert read.data == {"columns": {name: 1}}


def test_other_readers_of_yaml_see_the_same_text() -> None:
    for text in ("no", "on", "y", "Yes", "0x1F", "1_000", "1:30", "null"):
        assert pyyaml.safe_load(f"k: {writing.scalar(text)}") == {"k": text}


def test_what_a_policy_cannot_hold_is_not_written() -> None:
    assert [writing.scalar(v) for v in ("", "  ", "a\x00", "\ud800", "x" * 1_001)] == [None] * 5
    assert [writing.scalar(v) for v in (math.inf, math.nan, 1e300, 10**50)] == [None] * 4
    assert writing.flow(("a", "\x00")) is None
    assert [writing.key(v) for v in ("<<", "a\u200bb", "")] == [None] * 3


def test_numbers_are_written_for_people() -> None:
    assert [writing.scalar(v) for v in (9_999, 10_000, -1_234_567, 0.5, 1e-7, 2.0, -0.25)] == [
        "9999",
        "10_000",
        "-1_234_567",
        "0.5",
        "0.0000001",
        "2",
        "-0.25",
    ]
    assert [writing.share(v) for v in (0.0, 0.03, 1.0, 0.005, 0.1 + 0.2)] == [
        "0%",
        "3%",
        "100%",
        "0.5%",
        "30.000000000000004%",
    ]
