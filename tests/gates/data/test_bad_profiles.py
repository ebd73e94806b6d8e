"""Profiles that `seatrial profile` never wrote: refused with one line that says what is wrong."""

import base64
import json
import zlib
from typing import Any

import pytest

from seatrial.gates.data.packing import pack_counts, pack_floats
from seatrial.gates.data.profile import from_json

STEPS: dict[str, Any] = {
    "edges": pack_floats([1.0, 2.0]),
    "before": pack_counts([10, 20]),
    "at": pack_counts([0, 30]),
    "mean": 1.5,
    "deviation": 0.5,
    "below": 1.0,
    "above": 2.0,
}
NUMBER: dict[str, Any] = {"name": "x", "type": "number", "steps": STEPS}
TEXT: dict[str, Any] = {"name": "t", "type": "string", "categories": [["a", 60], ["b", 40]]}


def profile(*columns: dict[str, Any], **more: Any) -> bytes:
    whole = {"profile": 1, "tool": "0.2.0", "rows": 100, "min_count": 10, "columns": list(columns)}
    return json.dumps(whole | more).encode()


def steps(**change: Any) -> dict[str, Any]:
    return NUMBER | {"steps": STEPS | change}


def test_a_profile_of_ours_is_read() -> None:
    assert from_json(profile(NUMBER, TEXT)).rows == 100


@pytest.mark.parametrize(
    "text", [b"", b"{", b"[]", b"null", b"PAR1", b'{"profile": 1}', b"\xff\xfe", b"[" * 100_000]
)
def test_bad_profile_that_is_none(text: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        from_json(text)


def test_bad_profile_of_another_version() -> None:
    with pytest.raises(ValueError, match="profile"):
        from_json(profile(NUMBER, profile=2))


@pytest.mark.parametrize(
    "column",
    [
        NUMBER | {"type": "money"},
        NUMBER | {"type": "string"},
        NUMBER | {"more": 1},
        NUMBER | {"hidden": True},
        NUMBER | {"nulls": 101},
        NUMBER | {"nulls": -1},
        NUMBER | {"nulls": 50},
        TEXT | {"categories": [["a", 60], ["a", 40]]},
        TEXT | {"categories": [["a", 60]]},
        TEXT | {"categories": [["a" * 1_001, 100]]},
        TEXT | {"categories": [[f"c{i}", 0] for i in range(1_001)]},
        TEXT | {"type": "number"},
    ],
)
def test_bad_profile_whose_counts_do_not_fit(column: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        from_json(profile(column))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"edges": pack_floats([2.0, 1.0])}, "ascending"),
        ({"edges": pack_floats([1.0, 1.0])}, "ascending"),
        ({"edges": pack_floats([1.0, float("nan")])}, "finite"),
        ({"edges": pack_floats([1.0, float("inf")])}, "finite"),
        ({"edges": pack_floats([1.0])}, "length"),
        ({"at": pack_counts([0, -30])}, "negative"),
        ({"at": pack_counts([0, 2**62])}, "more rows"),
        ({"edges": "no base64!"}, "packed"),
        ({"edges": base64.b64encode(b"no zlib").decode()}, "packed"),
        ({"edges": base64.b64encode(zlib.compress(b"1234567")).decode()}, "cut off"),
        ({"edges": pack_floats([1.0, 2.0])[:-8]}, "packed|cut off"),
        ({"mean": float("inf")}, "mean|finite|number|JSON"),
        ({"deviation": -1.0}, "deviation"),
    ],
)
def test_bad_profile_whose_steps_are_spoilt(change: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        from_json(profile(steps(**change)))


def test_bad_profile_that_unpacks_to_very_much() -> None:
    bomb = base64.b64encode(zlib.compress(bytes(40_000_000), 9)).decode()
    with pytest.raises(ValueError, match=r"more than 4096|at most"):
        from_json(profile(steps(edges=bomb)))


def test_bad_profile_with_a_column_twice() -> None:
    with pytest.raises(ValueError, match="twice"):
        from_json(profile(NUMBER, NUMBER))


def test_bad_profile_with_a_hostile_name_is_told_on_one_line() -> None:
    with pytest.raises(ValueError, match=r".") as raised:
        from_json(profile(steps(edges=pack_floats([2.0, 1.0])) | {"name": "a\n::error::\u202e"}))
    assert "\n" not in str(raised.value)
    assert "\u202e" not in str(raised.value)
