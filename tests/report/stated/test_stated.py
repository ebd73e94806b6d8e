"""Lint and training on every surface: a table of check, found, accepted, verdict."""

import re
from typing import Any
from xml.etree import ElementTree

import pytest
from hostile_strings import HOSTILE
from late_training import decision, failed, lint, model, passed
from late_training import run as ran

from seatrial.decision import WaiverUsed
from seatrial.gates.lint.evidence import At, Findings
from seatrial.gates.lint.judging import check_of as lint_of
from seatrial.report import annotations, html, junit, markdown, terminal, words
from seatrial.report.stated.reading import behind

FAILED, PASSED, LINT = failed(), passed(), lint()


def test_a_comment_says_what_was_found_and_what_is_accepted() -> None:
    body = markdown.comment([FAILED])
    (row,) = [line for line in body.splitlines() if line.startswith("| `smoke` ")]
    assert "exit code 1 after 12.3 s, 3 MiB of memory at most, 40 s of processor time" in row
    assert "exit code 0 within 10 min and 4 GiB" in row and "❌ **failed**" in row
    assert "skipped: train.smoke did not pass" in body
    assert "interval" not in body and "baseline" not in body
    assert words.why([FAILED]).startswith("training/smoke failed: exit code 1 after 12.3 s")


def test_the_last_lines_and_the_places_are_folded() -> None:
    body = markdown.comment([FAILED, LINT])
    assert "<details><summary>smoke: its last lines</summary>" in body and "loss diverged" in body
    assert "<details><summary>secrets: where</summary>" in body and "settings.yaml: a token" in body


def test_what_passed_is_listed_without_folds() -> None:
    body = markdown.comment([PASSED])
    assert "| `smoke/model` | written, 2 KiB | a file that this run wrote, not empty | ✅ passed |" in body
    assert "<details>" not in body


def test_a_waiver_is_told_beside_the_check_that_it_excuses() -> None:
    waiver = WaiverUsed(check="training/smoke", reason="a new layer", until="2027-01-01")
    told = decision(ran(1), model(), waivers=(waiver,))
    assert told.verdict.value == "passed"
    for surface in (markdown.comment([told]), terminal.table([told]), html.page([told])):
        assert "waived until 2027-01-01" in surface and "a new layer" in surface


def test_many_checks_that_passed_are_folded_and_counted() -> None:
    many = [lint_of(f"command {i}", _well()) for i in range(40)]
    told = decision(*many, gate="lint")
    assert "<details><summary>Passed and skipped: 40 passed</summary>" in markdown.comment([told])
    assert "command 39" in html.page([told])


def test_a_check_that_only_warns_is_counted_once() -> None:
    warns = lint_of("notebook_outputs", Findings("warn", 1, 1, (At("a.ipynb", 3, "a cell holds outputs"),)))
    told = decision(warns, lint_of("command", _well()), lint_of("another", _well()), gate="lint")
    assert "Lint: passed (1 passed with a warning, 2 passed)" in terminal.table([told])
    assert words.why([told]).startswith("3 checks passed, 1 of them with a warning. ")


def _well() -> Any:
    from seatrial.gates.lint.evidence import Ran as Command

    return Command("fail", 0, None, 0.1, 600.0)


def test_a_terminal_has_a_line_for_each_check_and_what_was_found_below() -> None:
    lines = terminal.table([FAILED]).splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("  smoke "))
    assert lines[at].endswith("failed") and "exit code 0 within 10 min and 4 GiB" in lines[at]
    assert lines[at + 1].strip().startswith("exit code 1 after 12.3 s")
    assert any(line.strip() == "> Epoch 1: loss 0.69" for line in lines)
    assert max(map(len, terminal.table([FAILED, LINT], width=60).splitlines())) <= 60


def test_the_page_folds_what_lies_behind() -> None:
    page = html.page([FAILED, LINT])
    assert "<summary>Its last lines" in page and "<summary>Where" in page
    assert "Accepted</th>" in page and "Baseline</th>" not in page


def test_junit_has_a_case_for_each_check() -> None:
    root = ElementTree.fromstring(junit.junit([FAILED]))
    (failure,) = root.iter("failure")
    assert "exit code 1" in str(failure.get("message"))
    assert len(list(root.iter("skipped"))) == 1


def test_an_annotation_stands_on_the_policys_line() -> None:
    (one,) = annotations.annotations([FAILED])
    assert (one.level, "exit code 1" in one.message) == ("error", True)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_lines_and_places_are_only_shown(text: str) -> None:
    line = text[:300].encode("utf-8", "replace").decode()  # as a command's output is read
    place = line if line.strip() else "x"
    told = decision(ran(1, (line,)), lint_of("secrets", Findings("fail", 1, 1, (At(place, 1, place),))))
    body = markdown.comment([told])
    inside = re.sub(r"```+text\n.*?\n```+", "", body, flags=re.DOTALL)
    assert "<script" not in inside and "<img" not in inside and "\u202e" not in body and "\x1b" not in body
    page = html.page([told])
    assert "<script" not in page and "\u202e" not in page and "\x1b" not in page
    assert "<img" not in page
    for printed in terminal.table([told]).splitlines():
        assert "\x1b" not in printed and not printed.lstrip().startswith("::")
    ElementTree.fromstring(junit.junit([told]))


@pytest.mark.parametrize(
    "evidence",
    [{"log": "x"}, {"log": [1, None, {}]}, {"at": "x"}, {"at": [1, None]}, {"at": [{}], "found": "many"},
     {"at": [{"file": 1, "line": True, "what": []}], "found": 2**53 - 1}],
)  # fmt: skip
def test_odd_evidence_is_left_out_and_breaks_nothing(evidence: dict[str, Any]) -> None:
    check = ran(1).model_copy(update={"evidence": evidence})
    behind(check)
    told = decision(check)
    assert markdown.comment([told]) and html.page([told]) and terminal.table([told])


def test_a_comment_of_many_long_logs_still_fits() -> None:
    long = tuple("x" * 300 for _ in range(20))
    told = [decision(ran(1, long)) for _ in range(30)]
    body = markdown.comment(told)
    assert len(body) <= markdown.MOST_IN_COMMENT and body.startswith("## ❌ Failed")
