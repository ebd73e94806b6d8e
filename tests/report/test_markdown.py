"""The comment and the summary: the verdict first, why, one table per gate, within GitHub's sizes."""

import re

import late_flights as flights
import pytest
from github_markdown import LIVE, render, tables, tags, texts
from hostile_strings import HOSTILE, naughty

from seatrial.decision import (
    DataFile,
    Interval,
    Model,
    Outcome,
    PolicySource,
    Subject,
    Verdict,
    WaiverUsed,
    digest,
)
from seatrial.report import markdown
from seatrial.report.context import Context

OURS = {
    "h2",
    "h3",
    "p",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "details",
    "summary",
    "sub",
    "code",
    "strong",
    "em",
    "ul",
    "li",
    "span",
    "a",
}


def first_lines(body):
    return [line for line in body.split("\n") if line][:2]


def words(body):
    return render(body).text_content()


@pytest.mark.parametrize(
    ("decision", "head", "why"),
    [
        (flights.failed(), "❌ Failed: flight-delay", "roc_auc lost 0.012 against the baseline"),
        (flights.inconclusive(), "⚠️ Inconclusive: flight-delay", "roc_auc may have lost up to 0.018"),
        (flights.passed(), "✅ Passed: flight-delay", "16 checks passed, 1 skipped. roc_auc gained 0.002"),
        (flights.waived(), "✅ Passed: flight-delay", "5 checks passed, 1 waived"),
    ],
)
def test_the_verdict_in_words_then_why(decision, head, why):
    title, sentence = first_lines(markdown.comment([decision]))
    assert words(title).strip() == head
    assert sentence.startswith(why)


def test_a_failing_row_says_what_was_accepted():
    cells = rows_of(markdown.comment([flights.failed()]))[0]
    assert cells == ["roc_auc", "0.740", "0.728", "-0.012 [-0.018, -0.006]", "loss ≤ 0.005", "❌ failed"]


def rows_of(body, table=0):
    found = list(render(body).iter("table"))[table]
    return [[c.text_content().strip() for c in row.xpath("td")] for row in found.iter("tr")][1:]


def test_an_undecided_check_says_what_would_decide_it():
    said = words(markdown.comment([flights.inconclusive()]))
    assert "Needs about 6,400 rows; there are 2,000." in said
    assert "These rows can resolve a difference of 0.012." in said


def test_an_undecided_check_without_an_interval_says_why():
    bare = flights.check(
        interval=Interval(low=None, high=None), reason="under 10 negatives", outcome=Outcome.INCONCLUSIVE
    )
    assert "roc_auc: under 10 negatives." in words(markdown.comment([flights.decision([bare])]))


def test_skips_and_errors_give_their_reason():
    assert "error: nothing is predicted positive at cut 0.5" in words(markdown.comment([flights.failed()]))
    assert "no baseline: this is the first release" in words(markdown.comment([flights.inconclusive()]))


def test_only_skipped_checks_are_inconclusive_and_say_why():
    skip = flights.unmeasured("f1", "margin", 0.01, Outcome.SKIPPED, "no baseline yet")
    title, why = first_lines(markdown.comment([flights.decision([skip])]))
    assert "Inconclusive" in title
    assert why == "No check could be held against anything: no baseline yet."


def test_which_commit_under_which_policy():
    assert "Judged commit 5f2c9d1e7a64 against 0a1b2c3d4e5f under the policy of the base branch" in words(
        markdown.comment([flights.passed()])
    )
    assert "unreviewed policy of this pull request itself" in words(
        markdown.comment([flights.passed()], Context(unreviewed=True))
    )


def test_an_edited_policy_shows_both_verdicts_and_which_counts():
    edited = flights.inconclusive(changed=True)
    said = words(markdown.comment([edited], Context(other=(flights.passed(),))))
    assert "This pull request edits the policy; the base branch's counts." in said
    assert "Under the policy that this pull request proposes it would be passed (shown, not counted)" in said


def test_what_else_was_changed_is_named():
    said = words(markdown.comment([flights.passed()], Context(changes=("data/test.parquet", "predict.py"))))
    assert "Also changed by this pull request: data/test.parquet, predict.py." in said


def test_advisory_allow_waiver_and_outdated_are_said_plainly():
    advisory = words(markdown.comment([flights.advisory()]))
    assert "Advisory. This verdict is shown and blocks nothing." in advisory
    let = flights.inconclusive(inconclusive="allow")
    assert "The policy lets an inconclusive verdict through" in words(markdown.comment([let]))
    waived = words(markdown.comment([flights.waived()]))
    assert "failed, waived until 2027-03-31" in waived and "B6 joins in March" in waived
    assert "Outdated." in words(markdown.comment([flights.passed()], Context(outdated=True)))


def test_slices_are_folded_with_rows_adjusted_p_and_a_plot():
    body = markdown.comment([flights.failed()])
    fold = render(body).xpath("//details")[0]
    assert fold.xpath("string(summary)") == "Slices: 1 failed, 5 inconclusive, 9 passed, 1 skipped"
    assert "open" not in fold.attrib
    cells = rows_of(body, 1)[0]
    assert cells[:3] == ["carrier=EV", "roc_auc", "11,208"]
    assert "●" in cells[4] and "┊" in cells[4] and cells[5] == "< 0.001"


def test_one_plot_scale_for_all_slices():
    limits = {row[4].find("┊") for row in rows_of(markdown.comment([flights.passed()]), 1) if row[4]}
    assert len(limits) == 1


def test_the_footer_names_decision_and_seed():
    decision = flights.passed()
    said = words(markdown.comment([decision]))
    assert f"Decision {digest(decision)[:12]} · seed 7 · seatrial 0.1.0" in said


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "http://plain.example", "https://x.example/)<b>", "//x", None]
)
def test_only_a_clean_https_address_becomes_a_link(url):
    body = markdown.comment([flights.passed()], Context(report_url=url))
    assert not list(render(body).iter("a"))


def test_the_report_is_linked():
    body = markdown.comment([flights.passed()], Context(report_url="https://github.com/a/b/actions/runs/1"))
    assert [a.get("href") for a in render(body).iter("a")] == ["https://github.com/a/b/actions/runs/1"]


def test_several_gates_share_one_verdict_and_have_a_table_each():
    lint = flights.decision([flights.check("ruff", "max", 0.0, low=None, high=None)], gate="lint")
    body = markdown.comment([lint, flights.failed()])
    assert "Failed" in first_lines(body)[0]
    assert [h.text_content() for h in render(body).iter("h3")] == ["Lint: passed", "Evaluation: failed"]


def test_no_gate_is_not_a_pass():
    assert "Inconclusive" in first_lines(markdown.comment([]))[0]


def test_thousands_of_slices_fold_and_nothing_important_is_lost():
    decision = flights.many(5_000)
    body = markdown.comment([decision])
    assert len(body) <= markdown.MOST_IN_COMMENT
    said = words(body)
    assert "Failed" in first_lines(body)[0] and first_lines(body)[1].startswith("roc_auc lost 0.012")
    assert "Also 500 more failed." in said
    assert rows_of(body)[0][0] == "roc_auc" and rows_of(body)[0][-1] == "❌ failed"
    assert "left out" in said and "4,500 passed or skipped slices left out" in said
    assert {len(set(table)) for table in tables(render(body))} == {1}


def test_the_least_that_is_told_still_holds_verdict_and_reason():
    wide = "carrier=" + "\\|" * 900
    checks = [
        flights.check(
            f"m{i}" + "_x" * 900, id=f"{i}", outcome=Outcome.FAILED, low=-0.02, high=-0.01, slice=wide
        )
        for i in range(100)
    ]
    decisions = [flights.decision(checks, gate=f"gate{i}", notes=("<" * 2_000,) * 50) for i in range(40)]
    body = markdown.comment(decisions)
    assert len(body) <= markdown.MOST_IN_COMMENT
    assert "Failed" in first_lines(body)[0]
    assert "gates left out" in words(body)


def test_a_summary_stays_under_its_limit_and_tells_more_than_a_comment():
    decision = flights.many(9_900)
    body = markdown.summary([decision])
    assert len(body.encode()) <= markdown.MOST_IN_SUMMARY
    assert len(markdown.summary([flights.many(2_000)])) > len(markdown.comment([flights.many(2_000)]))


def poisoned(value):
    """A Decision and its surroundings with the same hostile string in every place that takes one."""
    value = value.encode("utf-8", "replace").decode()[:2_000]
    checks = [
        flights.check(value, slice=value, id="a", outcome=Outcome.FAILED, low=-0.02, high=-0.01),
        flights.check(value, id=value, outcome=Outcome.FAILED, low=-0.02, high=-0.01),
        flights.check("roc_auc", slice=value, id="b", outcome=Outcome.INCONCLUSIVE, needed=10, reason=value),
        flights.unmeasured("f1", "min", 0.5, Outcome.ERROR, value, id="c"),
        flights.unmeasured("f1", "min", 0.5, Outcome.SKIPPED, value, id="d"),
        flights.check(value, id="e"),
    ]
    decision = flights.decision(
        checks, waivers=[WaiverUsed(check=value, reason=value, until=value)], gate=value, notes=(value,)
    ).model_copy(
        update={
            "model": Model(name=value, digest=value),
            "subject": Subject(repository=value, head=value, base=value, run=value),
            "policy": PolicySource(ref=value, sha256=value, changed=True),
            "data": (DataFile(path=value, sha256=value, rows=1),),
            "tool": value,
        }
    )
    context = Context(value, other=(decision,), changes=(value,), report_url=value, run_url=value)
    return decision, context


def is_contained(value):
    decision, context = poisoned(value)
    assert decision.verdict is Verdict.FAILED
    for body in (markdown.comment([decision], context), markdown.summary([decision], context)):
        tree = render(body)
        assert "<!--" not in body
        assert tags(tree) <= OURS
        assert not [a for a in tree.iter("a") if not re.fullmatch(r"https://[^\s<>()]+", a.get("href"))]
        assert {len(set(table)) for table in tables(tree)} == {1}
        assert len(tree.xpath("//h2")) == 1 and len(tree.xpath("//h3")) == 1
        for piece in texts(tree):
            assert not LIVE.search(piece), piece


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: ascii(value[:24]))
def test_a_hostile_decision_is_contained(value):
    is_contained(value)


def test_every_naughty_string_is_contained():
    found = naughty()
    if found is None:
        pytest.skip("big-list-of-naughty-strings is not installed under tests/contract/node_modules")
    for value in found:
        is_contained(value)
