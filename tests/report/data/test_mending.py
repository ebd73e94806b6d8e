"""Suggestions: what is copied is what was meant, whatever the columns are called."""

import cmarkgfm
import late_data as flights
import pytest
import yaml
from github_markdown import render
from hostile_strings import HOSTILE
from hypothesis import given
from hypothesis import strategies as st

from seatrial.report.data.mending import fenced, mend
from seatrial.report.rows import rows


def suggested(*mends):
    checks = [
        flights.faults("x", f"rule{i}", train=1, mend={"path": path, "value": value})
        for i, (path, value) in enumerate(mends)
    ]
    return mend(rows(flights.trial(checks)))


def test_suggestions_become_one_piece_of_policy():
    found = suggested(
        (["data", "columns", "carrier", "one_of"], ["AA", "B6"]),
        (["data", "columns", "carrier", "nulls", "max"], 0.005),
        (["data", "columns", "no", "required"], False),
        (["waivers"], [{"check": "data/key", "reason": "write why", "until": "2027-01-31"}]),
    )
    assert found.yaml.split("\n") == [
        "data:",
        "  columns:",
        "    carrier:",
        "      one_of: [AA, B6]",
        "      nulls:",
        "        max: 0.5%",
        '    "no":',
        "      required: false",
        "waivers:",
        "  - {check: data/key, reason: write why, until: 2027-01-31}",
    ]
    assert found.more == 0 and len(found.of) == 4


def test_of_two_shares_for_one_column_the_larger_does_for_both():
    path = ["data", "columns", "x", "unlike", "max"]
    assert suggested((path, 0.002), (path, 0.01), (path, 0.001)).yaml.endswith("max: 1%")


def test_a_column_written_anew_takes_what_else_is_suggested_for_it():
    found = suggested(
        (["data", "columns", "x"], {"type": "string", "unlike": {"max": 0.1}}),
        (["data", "columns", "x", "nulls", "max"], 0.2),
    )
    assert yaml.safe_load(found.yaml)["data"]["columns"]["x"] == {
        "type": "string",
        "unlike": {"max": "10%"},
        "nulls": {"max": "20%"},
    }


def test_shares_of_rows_are_written_as_the_policy_writes_them_and_nothing_else_is():
    found = suggested(
        (["data", "rows", "change"], 0.125),
        (["data", "duplicates", "max"], 0.015),
        (["data", "rules", "a", "max"], 0),
        (["data", "balance", "min"], 0.0005),
        (["data", "columns", "rules"], {"max": 0.5, "nulls": {"max": "0.1%"}, "one_of": ["5%"]}),
    )
    assert [line.strip() for line in found.yaml.splitlines() if not line.endswith(":")] == [
        "change: 12.5%", "max: 1.5%", "max: 0%", "min: 0.05%", "max: 0.5", "max: 0.1%", 'one_of: ["5%"]',
    ]  # fmt: skip


def test_suggestions_that_say_otherwise_are_left_out_and_counted():
    found = suggested((["data", "columns", "x", "type"], "string"), (["data", "columns", "x", "type"], "any"))
    assert found.yaml.endswith("type: string") and found.more == 1 and len(found.of) == 1


@pytest.mark.parametrize(
    "mended",
    [None, 3, {}, {"path": []}, {"path": ["a"]}, {"path": [1], "value": 2}, {"path": ["a"], "value": None},
     {"path": ["a"], "value": {}}, {"path": ["a"] * 40, "value": 1},
     {"path": ["a"], "value": [[[[{"b": None}]]]]}],
)  # fmt: skip
def test_what_is_no_suggestion_suggests_nothing(mended):
    check = flights.faults("x", "nulls", train=1, **({} if mended is None else {"mend": mended}))
    assert mend(rows(flights.trial([check]))) is None


def test_long_suggestions_are_cut_whole_and_counted():
    found = suggested(*((["data", "columns", f"c{i:04d}", "nulls", "max"], 0.1) for i in range(2_000)))
    assert len(found.yaml) < 20_000 and found.more == 2_000 - len(found.of) > 0
    assert len(yaml.safe_load(found.yaml)["data"]["columns"]) == len(found.of)


@pytest.mark.parametrize("value", [0, 1, -5, 1_000_000, 0.1, True, False, "0", "true", "2024-01-31", "a: b"])
def test_values_keep_their_type(value):
    (read,) = yaml.safe_load(suggested((["least"], value)).yaml.replace("1_000_000", "1000000")).values()
    assert str(read) == str(value)


def is_copied_whole(column, value):
    """What GitHub's button copies is read back as it was meant, or nothing is suggested."""
    found = suggested((["data", "columns", column, "one_of"], [value, "AA"]))
    if found is None:
        return
    block = fenced(found.yaml)
    assert "<!--" not in block
    tree = render(f"{block}\n\nafter")
    (copied,) = [pre.text_content() for pre in tree.iter("pre")]
    assert yaml.safe_load(copied) == {"data": {"columns": {column: {"one_of": [value, "AA"]}}}}
    assert [p.text_content() for p in tree.iter("p")] == ["after"]


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: ascii(value[:24]))
def test_hostile_names_and_values_are_copied_whole(value):
    value = value.encode("utf-8", "replace").decode()[:1_900]
    is_copied_whole("x", value)
    is_copied_whole(value, "x")


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_name_and_value_is_copied_whole(column, value):
    is_copied_whole(column, value)


def test_the_fence_is_longer_than_any_inside():
    assert cmarkgfm.github_flavored_markdown_to_html(fenced("a: '`````'\nb: 1")).count("<pre") == 1
    assert fenced("a: '`````'").startswith("``````yaml\n")
