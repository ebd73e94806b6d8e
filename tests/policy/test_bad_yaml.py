"""A policy that is no YAML, or YAML that is not taken: layout, structure, characters and encodings."""

import pytest
from bad_policies import GOOD, changed, complaint, complaints

from seatrial.policy import parse


def test_duplicate_key() -> None:
    line = complaint(changed("  label: late\n", "  label: late\n  label: early\n"))
    assert line.startswith("seatrial.yml:5:3: duplicate key label")
    assert "first on line 4, again on line 5" in line
    assert "keep one" in line


def test_duplicate_key_keeps_the_places_of_the_first() -> None:
    lines = complaints(changed("0.7}", "2, min: [0.7]}"))
    assert lines[0].startswith("seatrial.yml:8:20: evaluate.metrics.roc_auc.min: ROC AUC runs from 0 to 1")
    assert lines[1].startswith("seatrial.yml:8:23: duplicate key min")


def test_no_break_space_indent() -> None:
    line = complaint(changed("  label: late", "\xa0 label: late"))
    assert line.startswith("seatrial.yml:4:1: the line is indented with U+00A0 (a no-break space)")
    assert "indent with spaces" in line


def test_no_break_space_after_an_indent() -> None:
    assert complaint(changed("  label: late", "  \xa0label: late")).startswith(
        "seatrial.yml:4:3: the line is"
    )


def test_no_break_space_in_a_key() -> None:
    line = complaint(changed("label:", "la\xa0bel:"))
    assert line.startswith(r"seatrial.yml:4:3: the key la\u00A0bel holds U+00A0 (a no-break space)")


@pytest.mark.parametrize("deep", ["[" * 3000, "{a: " * 3000, "- " * 3000])
def test_deep_nesting(deep: str) -> None:
    assert "nested over 32 deep" in complaint(GOOD + "waivers:\n  " + deep)


def test_alias_bomb() -> None:
    levels = "\n".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 12))
    line = complaint(f"a0: &a0 [lol]\n{levels}\nversion: *a11\n")
    assert line.startswith("seatrial.yml:1:5: anchors (&a0) are not allowed; write the value out")


def test_alias() -> None:
    line = complaint(changed("test.csv", "*.csv"))
    assert line.startswith("seatrial.yml:5:10: text that begins with * or & must be in quotes")
    line = complaint(changed("test.csv", "*data"))
    assert line.startswith("seatrial.yml:5:9: aliases (*data) are not allowed; write the value out")


def test_merge_key() -> None:
    line = complaint(changed("  label: late", "  <<: {label: late}"))
    assert line.startswith("seatrial.yml:4:3: merge keys (<<) are not allowed; write the keys out")


@pytest.mark.parametrize("tag", ["!!str", "!custom", "!!python/object/apply:os.system", "!"])
def test_tags(tag: str) -> None:
    line = complaint(changed("label: late", f"label: {tag} late"))
    assert line.startswith(f"seatrial.yml:4:10: tags ({tag}) are not allowed; remove the tag")


def test_several_documents() -> None:
    line = complaint(GOOD + "---\nversion: 1\n")
    assert line.startswith("seatrial.yml:9:1: a second document begins here")
    assert "remove" in line


@pytest.mark.parametrize("directive", ["%YAML 1.2", "%TAG ! tag:example.org,2000:", "%OTHER x"])
def test_directive(directive: str) -> None:
    line = complaint(f"{directive}\n---\n{GOOD}")
    assert line == "seatrial.yml:1:1: YAML directives are not allowed; remove the lines that begin with %"


def test_tab_indent() -> None:
    line = complaint(changed("  label", "\tlabel"))
    assert line.startswith(
        "seatrial.yml:4:1: a tab (U+0009) stands in the layout; indent and separate with spaces"
    )


def test_tab_between() -> None:
    assert complaint(changed("label: late", "label:\tlate")).startswith("seatrial.yml:4:9: a tab (U+0009)")


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing here\n", "---\n", "~", b"\xef\xbb\xbf"])
def test_empty(text: str | bytes) -> None:
    line = complaint(text)
    assert (
        line == 'seatrial.yml:1:1: the policy is empty; expected keys and values, beginning with "version: 1"'
    )


def test_empty_mapping() -> None:
    starts = [line.split(";")[0] for line in complaints("{}")]
    assert starts == [
        "seatrial.yml:1:1: version is missing",
        "seatrial.yml:1:1: model is missing",
        "seatrial.yml:1:1: the policy asks for no gate",
    ]


def test_scalar() -> None:
    line = complaint("# policy\nenforce\n")
    assert line.startswith("seatrial.yml:2:1: the policy is only the value enforce; expected keys and values")


def test_list() -> None:
    assert complaint("- version: 1\n").startswith("seatrial.yml:1:1: the policy is a list; expected keys")


def test_byte_order_mark() -> None:
    policy = parse(b"\xef\xbb\xbf" + GOOD.encode())
    assert policy.place("version").column == 1


def test_crlf() -> None:
    policy = parse(GOOD.replace("\n", "\r\n"))
    assert str(policy.place("evaluate", "label")) == "seatrial.yml:4:3"


@pytest.mark.parametrize(
    ("encoding", "name"),
    [("utf-16", "UTF-16"), ("utf-16-le", "UTF-16"), ("utf-16-be", "UTF-16"), ("utf-32", "UTF-32")],
)
def test_utf_16(encoding: str, name: str) -> None:
    line = complaint(GOOD.encode(encoding))
    assert line.startswith("seatrial.yml:1:1: the policy is in UTF-")
    assert name in line
    assert "save it as UTF-8" in line


def test_not_utf_8() -> None:
    line = complaint(changed("late", "versp\xe4tet").encode("latin-1"))
    assert line == "seatrial.yml:4:15: byte 0xE4 at offset 77 is not UTF-8; save the file as UTF-8"


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("\u202e", "U+202E (right-to-left override)"),
        ("\u2066", "U+2066 (left-to-right isolate)"),
        ("\u200b", "U+200B (zero width space)"),
        ("\u200f", "U+200F (right-to-left mark)"),
        ("\ufeff", "U+FEFF (a byte order mark)"),
        ("\u00ad", "U+00AD (soft hyphen)"),
    ],
)
def test_bidi_and_zero_width_in_keys(character: str, name: str) -> None:
    line = complaint(changed("label:", f"la{character}bel:"))
    assert line.startswith(rf"seatrial.yml:4:3: the key la\u{ord(character):04X}bel holds {name}")
    assert "type the key again" in line


def test_escaped_control_in_a_key() -> None:
    assert complaint(changed("label:", r'"la\0bel":')).startswith(r"seatrial.yml:4:3: the key la\u0000bel")


def test_homoglyph_key() -> None:
    lines = complaints(changed("label:", "l\u0430bel:"))
    assert lines[0].startswith("seatrial.yml:3:1: evaluate.label is missing")
    assert lines[1].startswith(
        "seatrial.yml:4:3: unknown key l\u0430bel in evaluate; it holds the character U+0430"
    )
    assert "did you mean label?" in lines[1]


def test_lone_surrogate() -> None:
    assert complaint(changed("late", "la\ud800te")).startswith(
        "seatrial.yml:4:12: U+D800 (half of a surrogate"
    )
    line = complaint(changed("late", r'"la\ud800te"'))
    assert line.startswith(r"seatrial.yml:4:10: the value la\uD800te holds U+D800")


@pytest.mark.parametrize("character", ["\0", "\x07", "\x1b", "\x7f", "\x85", "\u2028"])
def test_control_characters(character: str) -> None:
    line = complaint(changed("late", f"la{character}te"))
    assert line.startswith(f"seatrial.yml:4:12: U+{ord(character):04X}")
    assert line.endswith("is not allowed in a policy; remove it")


def test_escaped_control_characters() -> None:
    line = complaint(changed("test.csv", r'"te\0st.csv"'))
    assert line.startswith(r"seatrial.yml:5:9: the value te\u0000st.csv holds U+0000")


def test_too_large() -> None:
    line = complaint(GOOD + "#" * 2**20)
    assert line.startswith("seatrial.yml: the policy has 1,048,7")
    assert "the most is 524,288" in line


def test_too_many_entries() -> None:
    line = complaint("waivers: [" + "1," * 20_000 + "]")
    assert "over 10,000 keys and values; make it smaller" in line


def test_list_as_key() -> None:
    line = complaint("[version, model]: 1\n")
    assert line.startswith("seatrial.yml:1:1: a key must be text, not a list or a mapping; write key: value")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("late", "'late", "a quote is opened and never closed; close it"),
        ("{min: 0.7}", "{min: 0.7", "expected a comma or }"),
        ("{min: 0.7}", "[min, 0.7", "expected a comma or ]"),
        ("  label: late", "  label: a: b", "put the value in quotes"),
        ("  label: late", "  label\n  x: late", "stands where none can"),
        ("  label: late", "   label: late", "align the keys"),
        ("late", "@late", "text cannot begin with @ unless it is in quotes"),
        ("late", r'"\late"', "unknown escape in double quotes"),
        ("late", "late\n...\nseed: 0", "expected one document"),
    ],
)
def test_broken_syntax(old: str, new: str, expected: str) -> None:
    line = complaint(changed(old, new))
    assert line.startswith("seatrial.yml:")
    assert expected in line
