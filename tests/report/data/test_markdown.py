"""The data gate in the comment: what failed first, then every column in a row, and nothing of a baseline."""

import re

import late_data as flights
import late_flights
import pytest
from github_markdown import LIVE, render, tables, tags
from hostile_strings import HOSTILE, naughty

from seatrial.decision import Outcome
from seatrial.report import markdown
from seatrial.report.context import Context

OURS = {"h2", "h3", "p", "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "sub", "code"}
OURS |= {"strong", "em", "ul", "li", "span", "a", "pre"}


def said(body):
    return re.sub(r"\s+", " ", render(body).text_content())


def folds(body):
    return {fold.xpath("string(summary)"): fold for fold in render(body).iter("details")}


def cells(table):
    return [
        [c.text_content().strip().replace("\u00a0", " ") for c in row.xpath("th|td")]
        for row in table.iter("tr")
    ]


def first_table(body):
    return cells(next(render(body).iter("table")))


def test_only_what_stands_out_is_on_top():
    body = markdown.comment([flights.failed()])
    head, *lines = first_table(body)
    assert head == ["column", "check", "found", "limit", "verdict"]
    assert [line[:2] for line in lines] == [
        ["distance", "nulls"],
        ["distance", "psi"],
        ["carrier", "one_of"],
        ["carrier", "psi"],
        ["wind_gust", "psi"],
        ["remark", "personal"],
    ]
    assert lines[0][2:] == [
        "0.49 %: 1,234 of 252,584 rows of train have no value (rows 1402, 1403, 9870, …)",
        "≤ 0.1 %",
        "❌ failed",
    ]
    assert lines[-1][-1] == "🟡 passed, with a warning"
    assert "baseline |" not in body and "candidate" not in body


def test_the_first_sentence_names_the_column():
    lines = [line for line in markdown.comment([flights.failed()]).split("\n") if line]
    told = "distance: 1,234 of 252,584 rows of train have no value (rows 1402, 1403, 9870, …)."
    assert lines[1] == f"{told} Also 3 more failed."


def test_every_column_has_a_row_those_with_trouble_first():
    found = folds(markdown.comment([flights.failed()]))
    fold = found["Columns: 2 failed, 2 passed with a warning, 21 passed"]
    head, *lines = cells(next(fold.iter("table")))
    assert head == ["column", "type", "missing", "drift", "reference → now", "checks", "outcome"]
    assert len(lines) == len(flights.TYPES) and {line[0] for line in lines} == set(flights.TYPES)
    assert lines[0][:4] == ["distance", "number", "0.49 %", "PSI 0.41"]
    assert re.fullmatch(r"[▁-█]{10} → [▁-█]{10}", lines[0][4])
    assert lines[0][5:] == ["6", "❌ failed: nulls, psi"]
    assert lines[4] == ["flight_id", "integer", "0 %", "", "", "3", "✅ passed"]
    assert "open" not in fold.attrib


def test_the_whole_data_have_rows_of_their_own():
    fold = folds(markdown.comment([flights.passed()]))["The data as a whole: 6 passed"]
    assert [line[0] for line in cells(next(fold.iter("table")))[1:]] == [
        "duplicates", "rows/min", "fresh", "balance", "rules/arrives", "split",
    ]  # fmt: skip


def test_what_to_change_is_ready_to_copy():
    fold = folds(markdown.comment([flights.failed()]))["If this change is wanted"]
    assert fold.xpath("string(.//pre)") == (
        "data:\n  columns:\n    distance:\n      nulls:\n        max: 0.5%\n    carrier:\n"
        "      one_of: [9E, AA, AS, B6, DL, EV, UA, US, WN, VX, F9]\n  drift:\n    ignore: [distance]\n"
        "  personal:\n    allowed_in: [remark]\n"
    )
    assert fold.find(".//pre").get("lang") == "yaml"


def test_a_column_that_was_not_compared_says_why():
    skip = flights.faults("flight_id", "drift").model_copy(
        update={"outcome": Outcome.SKIPPED, "reason": "it is a key, whose values are always new"}
    )
    fold = folds(
        markdown.comment([flights.trial([*flights.checks(), skip.model_copy(update={"column": "key"})])])
    )
    (row,) = [
        line for line in cells(next(fold["Columns: 25 passed, 1 skipped"].iter("table"))) if line[0] == "key"
    ]
    assert row[-1] == "\u2796 skipped: it is a key, whose values are always new"


def test_good_data_are_a_line_and_folds():
    body = markdown.comment([flights.passed()])
    assert "All 109 checks passed." in said(body)
    assert [t.getparent().tag for t in render(body).iter("table")] == ["details", "details"]
    assert "If this change is wanted" not in body


def test_an_undecided_distance_says_how_many_rows_would_decide():
    undecided = flights.drifted("x", 0.25, 0.1, {}, needed=6_353, reason="between 0.15 and 0.35")
    told = said(markdown.comment([flights.trial([undecided])]))
    assert "Inconclusive" in told and "x: psi: Needs about 6,400 rows; there are 252,584." in told


def test_a_waived_check_is_shown_with_its_reason():
    body = markdown.comment([flights.waived()])
    assert first_table(body)[1][-1] == "⚖️ failed, waived until 2027-03-31"
    assert "data/carrier/one_of is waived until 2027-03-31: B6 joins in March" in said(body)


def test_two_gates_in_one_comment():
    body = markdown.comment([flights.passed(), late_flights.failed()])
    assert [h.text_content() for h in render(body).iter("h3")] == ["Data: passed", "Evaluation: failed"]
    assert said(body).startswith("❌ Failed: flight-delay roc_auc lost 0.012")
    body = markdown.comment([flights.failed(), late_flights.inconclusive()])
    assert said(body).startswith("❌ Failed: flight-delay distance: 1,234 of")


def test_hundreds_of_columns_fit_and_nothing_that_failed_is_lost():
    body = markdown.comment([flights.many()])
    assert len(body) <= markdown.MOST_IN_COMMENT and "left out" not in body
    assert len(first_table(body)) == 21
    found = folds(body)
    more = cells(next(found["More that stands out: 100 failed"].iter("table")))
    assert len(more) == 101
    assert len(cells(next(found["Columns: 60 failed, 190 passed"].iter("table")))) == 251


@pytest.mark.parametrize(("columns", "failing"), [(1_000, 10), (1_000, 1_000)])
def test_what_does_not_fit_is_left_out_and_counted(columns, failing):
    body = markdown.comment([flights.many(columns, failing)])
    assert len(body) <= markdown.MOST_IN_COMMENT
    assert re.search(
        r"For length: .*columns? left out; the report and the Decision hold them all", said(body)
    )
    assert said(body).startswith("❌ Failed: flight-delay sensor_000: 77 of 252,584 rows")
    assert {len(set(table)) for table in tables(render(body))} == {1}


def is_contained(value):
    decision = flights.hostile(value)
    context = Context(value, other=(decision,))
    for body in (markdown.comment([decision], context), markdown.summary([decision], context)):
        tree = render(body)
        assert "<!--" not in body
        assert tags(tree) <= OURS
        assert not list(tree.iter("a"))
        assert {len(set(table)) for table in tables(tree)} == {1}
        assert len(tree.xpath("//h2")) == len(tree.xpath("//h3")) == 1
        assert {fold.getparent().tag for fold in tree.iter("details")} == {"article"}
        for parent in tree.iter():
            if parent.tag not in ("a", "code") or parent.getparent().tag != "pre":
                for piece in parent.xpath("text()"):
                    assert not LIVE.search(str(piece)), piece


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: ascii(value[:24]))
def test_hostile_data_are_contained(value):
    is_contained(value)


def test_naughty_strings_are_contained():
    found = naughty()
    if found is None:
        pytest.skip("big-list-of-naughty-strings is not installed under tests/contract/node_modules")
    for value in found[::3]:
        is_contained(value)
