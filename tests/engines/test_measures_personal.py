"""Personal data: what a check confirms no pattern misses, and few things are taken for it."""

import ipaddress

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_frames import answers

from seatrial.engines.measures.personal import MOST_CELLS, PATTERNS
from seatrial.engines.measures.personal_checks import CHECKS, luhn
from seatrial.gates.data.measures import Measure

KINDS = ["email", "phone", "card", "iban", "ip"]
EVERYTHING = {"kinds": KINDS, "except": []}


def kinds_of(*texts: str | None) -> dict[str, int]:
    (answer,) = answers(
        pl.DataFrame({"text": pl.Series(texts, dtype=pl.String)}), Measure("personal", (), EVERYTHING)
    )
    return dict(answer.detail.get("text", {}))


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("a@b.co", {"email"}),
        ("Write to Jane.Doe+x@mail.example.org, please", {"email"}),
        ("call +49 30 901820 or +1 (212) 555-0100", {"phone"}),
        ("+491701234567", {"phone"}),
        ("4111 1111 1111 1111", {"card"}),
        ("paid 5 with 378282246310005 today", {"card"}),
        ("4111-1111-1111-1111 7", {"card"}),
        ("DE89 3704 0044 0532 0130 00 AND MORE", {"iban"}),
        ("GB82WEST12345698765432", {"iban"}),
        ("from 192.168.1.20.", {"ip"}),
        ("2001:db8::1", {"ip"}),
        ("2001:0db8:85a3:0000:0000:8a2e:0370:7334", {"ip"}),
        ("a@b.co 192.168.1.20", {"email", "ip"}),
        # What only looks like it.
        ("", set()),
        ("a@b", set()),
        ("@team", set()),
        ("1 + 1234567", set()),
        ("2026-01-31T10:00:00+02:00", set()),
        ("030 901820", set()),
        ("4111111111111112", set()),  # the check digit
        ("1234567890123452", set()),  # no scheme begins so
        ("41111111111111111111111", set()),  # too long
        ("GB82WEST12345698765431", set()),
        ("XX82WEST12345698765432", set()),
        ("256.1.1.1", set()),
        ("1.2.3.4.5", set()),
        ("127.0.0.1", set()),
        ("10:20:30", set()),
        ("std::vector", set()),
        ("00:1b:44:11:3a:b7", set()),
    ],
)
def test_what_is_taken_for_personal_data(text: str, kinds: set[str]) -> None:
    assert kinds_of(text) == dict.fromkeys(kinds, 1)


def iban(country: str, account: str) -> str:
    number = int("".join(str(int(each, 36)) for each in account + country + "00"))
    return f"{country}{98 - number % 97:02}{account}"


before_it, after_it = (
    st.sampled_from(["", " ", "x: ", "(", "; "]),
    st.sampled_from(["", " ", ";", ")", ". ", " 7"]),
)
found = {
    "card": st.text("0123456789", min_size=14, max_size=14)
    .map(lambda digits: "4" + digits)
    .map(lambda digits: next(digits + check for check in "0123456789" if luhn(digits + check)))
    .flatmap(lambda digits: st.sampled_from([digits, " ".join(digits[i : i + 4] for i in range(0, 16, 4))])),
    "iban": st.text("0123456789", min_size=18, max_size=18)
    .map(lambda account: iban("DE", account))
    .flatmap(lambda text: st.sampled_from([text, " ".join(text[i : i + 4] for i in range(0, 22, 4))])),
    "ip": (st.ip_addresses(v=4) | st.ip_addresses(v=6))
    .filter(lambda each: not (each.is_loopback or each.is_unspecified))
    .map(str)
    .filter(lambda text: not text.startswith("::"))
    | st.ip_addresses(v=6, network="2001::/16").map(lambda each: ipaddress.IPv6Address(each).exploded),
}


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(sorted(found)).flatmap(lambda kind: st.tuples(st.just(kind), found[kind])),
    before_it,
    after_it,
)
def test_what_is_personal_is_found_wherever_it_stands(pair: tuple[str, str], before: str, after: str) -> None:
    kind, text = pair
    assert kinds_of(None, before + text + after, "nothing").get(kind) == 1


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(sorted(CHECKS)),
    st.lists(
        st.text("0123456789 -.:abcdefADEGB", max_size=30)
        | st.from_regex(r"[0-9a-f]{1,4}(:[0-9a-f]{0,4}){1,8}")
    ),
)
def test_the_pattern_finds_whatever_the_check_confirms(kind: str, texts: list[str]) -> None:
    seen = pl.Series(texts, dtype=pl.String).str.contains(PATTERNS[kind]).to_list()
    assert all(holds for text, holds in zip(texts, seen, strict=True) if CHECKS[kind](text))


def test_columns_of_text_alone_are_looked_at_and_some_are_left_out() -> None:
    frame = pl.DataFrame(
        {"a": ["x@y.org", None], "b": ["x@y.org", "z@y.org"], "c": ["no", "no"], "n": [1, 2]}
    )
    (answer,) = answers(frame, Measure("personal", (), {"kinds": ["email"], "except": ["b"]}))
    assert (answer.count, answer.detail) == (2, {"a": {"email": 1}})


def test_a_cell_that_stands_in_many_rows_counts_in_each() -> None:
    assert kinds_of(*["4111111111111111"] * 40, *["4111111111111112"] * 50) == {"card": 40}


def test_of_more_cells_than_are_looked_at_the_others_are_told() -> None:
    numbers = [f"1{i:013}" for i in range(MOST_CELLS + 9)]  # none begins as a card's
    assert kinds_of(*numbers[:MOST_CELLS]) == {}
    assert kinds_of(*numbers, "4111111111111111") == {"card": [0, 10]}
    assert kinds_of(*numbers, "0 4111111111111111", "0 4111111111111111") == {"card": [2, 10]}


def test_a_dictionary_is_text() -> None:
    frame = pl.DataFrame({"a": pl.Series(["1.2.3.4", None, "1.2.3.4"], dtype=pl.Categorical)})
    (answer,) = answers(frame, Measure("personal", (), EVERYTHING))
    assert answer.detail == {"a": {"ip": 2}}
