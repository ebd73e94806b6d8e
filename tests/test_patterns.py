"""Patterns: the same for every engine, and what is said of text that is none."""

import re

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seatrial.patterns import PatternError, translate

ATOMS = [
    "a",
    "b",
    "-",
    r"\.",
    ".",
    r"\d",
    r"\w",
    r"\s",
    r"\S",
    r"\D",
    r"\W",
    "é",
    r"\x41",
    r"\u00e9",
    "<",
    "#",
    " ",
    "\\ ",
]
CLASSES = [
    "[ab]",
    "[^ab]",
    "[a-c]",
    r"[\d.]",
    r"[^\w]",
    r"[\]\-]",
    "[a-]",
    "[é-ü]",
    r"[\S]",
    r"[^\D]",
    "[&a]",
    "[.~]",
]
texts = st.text("abcA05 _-.é\n\r\t<#&~]\u2028\u0660\U0001f600", max_size=6)


def _more(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    quantifiers = st.sampled_from(["*", "+", "?", "{2}", "{1,}", "{0,2}", "*?", "+?", "{1,2}?"])
    return (
        st.lists(inner, min_size=2, max_size=3).map("".join)
        | st.tuples(inner, inner).map("|".join).map("({})".format)
        | st.tuples(inner.map("(?:{})".format), quantifiers).map("".join)
        | inner.map("({})".format)
    )


patterns = st.recursive(st.sampled_from(ATOMS + CLASSES), _more, max_leaves=6)


@settings(max_examples=300)
@given(patterns, st.lists(texts, min_size=1, max_size=8))
def test_a_pattern_means_to_rust_what_it_means_to_python(pattern: str, of: list[str]) -> None:
    wanted = [re.fullmatch(pattern, text, re.ASCII) is not None for text in of]
    translated = translate(pattern)
    assert pl.Series(of).str.contains(translated).to_list() == wanted
    again = translated.replace(r"\z", r"\Z")
    assert [re.search(again, text) is not None for text in of] == wanted


@pytest.mark.parametrize(
    ("pattern", "meets", "misses"),
    [
        (
            r"[A-Z]{2}\d{3,4}",
            ["AA123", "ZZ9999"],
            ["aa123", "AA12", "AA12345", " AA123", "AA123\n", "AA\u0661\u0662\u0663"],
        ),
        (r"^\w+$", ["abc"], ["a-c", "abc\n", "é", ""]),
        (r"a|bc", ["a", "bc"], ["ac", "abc"]),
        (r"^a|b$", ["a", "b"], ["ab"]),
        ("", [""], ["a"]),
        (r"[^\s\S]", [], ["", "a", " "]),
        (r"\x00?a", ["a", "\x00a"], ["aa"]),
        (r"\<\>", ["<>"], ["a"]),
    ],
)
def test_the_whole_text_must_match(pattern: str, meets: list[str], misses: list[str]) -> None:
    found = pl.Series([*meets, *misses], dtype=pl.String).str.contains(translate(pattern))
    assert found.to_list() == [True] * len(meets) + [False] * len(misses)


@pytest.mark.parametrize(
    ("pattern", "position", "words"),
    [
        ("(?=a)b", 1, "look-ahead"),
        ("a(?!b)", 2, "look-ahead"),
        ("(?<=a)b", 1, "look-behind"),
        ("(?<!a)b", 1, "look-behind"),
        ("(?>a)", 1, "atomic"),
        ("(?P<n>a)", 1, "named group"),
        ("(?<n>a)", 1, "named group"),
        ("(?i)a", 1, "flag"),
        (r"(a)\1", 4, "back-reference"),
        (r"\k<n>", 1, "back-reference"),
        (r"\bfoo", 1, "word boundary"),
        (r"\p{L}+", 1, "Unicode property"),
        (r"\Qa", 1, "quotation"),
        ("a++", 2, "possessive"),
        ("a{2}+", 2, "possessive"),
        ("a**", 3, "after a quantifier"),
        ("*a", 1, "nothing stands before"),
        ("a|*", 3, "nothing stands before"),
        ("^*", 1, "cannot be repeated"),
        ("a{,3}", 2, r"write \{"),
        ("a{x}", 2, r"write \{"),
        ("a{3,2}", 2, "the larger number"),
        ("a{2000}", 2, "more than 1,000"),
        ("a{" + "9" * 900 + "}", 2, "more than 1,000"),
        ("a}", 2, r"write \}"),
        ("[]a]", 1, "empty"),
        ("[a", 1, "not closed"),
        ("[a&&b]", 3, "set operations"),
        ("[[:alpha:]]", 2, "classes in classes"),
        ("[z-a]", 2, "a range"),
        (r"[a-\d]", 2, "a range"),
        ("(a", 1, "not closed"),
        ("a)", 2, "closes no group"),
        ("a\\", 2, "nothing"),
        (r"\x4", 1, "2 hexadecimal"),
        (r"\U00110000", 1, "no character"),
        ("\ud800", 1, "no character"),
        ("((a{100}){100}){100}", 1, "too large"),
        ("(" * 400 + "a" + ")" * 400, 32, "nested more than"),
        ("a" * 1_001, 1, "the most is 1,000"),
    ],
)
def test_what_engines_do_not_share_is_refused(pattern: str, position: int, words: str) -> None:
    with pytest.raises(PatternError) as caught:
        translate(pattern)
    assert words in caught.value.message
    assert caught.value.position == position
    assert len(caught.value.message) < 200


@settings(max_examples=300)
@given(st.text("ab\\dwxu0[](){}^$.|?*+-,&:<P1é\n", max_size=20) | st.text(max_size=10))
def test_any_text_is_a_pattern_or_says_where_it_is_none(pattern: str) -> None:
    try:
        translated = translate(pattern)
    except PatternError as error:
        assert 1 <= error.position <= len(pattern) + 1
    else:
        pl.Series([pattern.replace("\0", "")]).str.contains(translated)
        re.compile(translated.replace(r"\z", r"\Z"))
