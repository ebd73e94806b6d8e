import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.text import is_hidden, shown


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (False, "false"),
        (95, "95"),
        (0.005, "0.005"),
        (2.0, "2"),
        (1e300, "1e+300"),
        (float("nan"), "nan"),
        (float("-inf"), "-inf"),
        ("late", "late"),
        ("Zürich 東京 😀", "Zürich 東京 😀"),
        ("a\nb\r\tc", r"a\nb\r\tc"),
        ("a\x1b[31m\x00", r"a\u001B[31m\u0000"),
        ("a\u202eb\u200bc\xa0d\ufeffe", r"a\u202Eb\u200Bc\u00A0d\uFEFFe"),
        ("\ud800", r"\uD800"),
        ("\U000e0041", r"\U000E0041"),
        ("\u3164\ufe0f", r"\u3164\uFE0F"),
        ([1, 2], "list"),
        ({"a": 1}, "dict"),
        (b"abc", "bytes"),
    ],
)
def test_shown(value: object, text: str) -> None:
    assert shown(value) == text


def test_an_endless_integer_is_not_written_out() -> None:
    assert shown(10**5000) == "an integer of 16610 bits"


def test_long_text_is_cut_with_an_ellipsis() -> None:
    assert shown("x" * 80) == "x" * 80
    assert shown("x" * 81) == "x" * 79 + "…"
    assert shown("x" * 81, 10) == "x" * 9 + "…"
    assert len(shown("\u202e" * 1_000_000)) == 80


def test_a_structure_is_never_formatted() -> None:
    class Bomb(list[object]):
        def __repr__(self) -> str:
            raise AssertionError("formatted")

        __str__ = __repr__

    assert shown(Bomb()) == "Bomb"


@given(st.text(), st.integers(1, 200))
def test_any_text_is_one_printable_line_within_the_limit(text: str, limit: int) -> None:
    found = shown(text, limit)
    assert len(found) <= limit
    assert found.isprintable()
    assert not any(is_hidden(c) for c in found)
