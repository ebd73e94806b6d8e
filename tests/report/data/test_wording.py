"""Shares, limits and sentences of data checks: nothing that some rows do reads as none."""

import late_data as flights
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.decision import Limit, Outcome
from seatrial.report import words
from seatrial.report.data import wording


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (0.0, "0 %"),
        (1.0, "100 %"),
        (0.0005, "0.05 %"),
        (3 / 1_500, "0.2 %"),
        (0.123456, "12.3 %"),
        (1e-9, "< 0.001 %"),
        (0.99999, "> 99.9 %"),
        (2 / 3, "66.7 %"),
    ],
)
def test_shares_as_percentages(value, told):
    assert wording.share(value).replace("\u00a0", " ") == told


@given(st.floats(0, 1, exclude_min=True, exclude_max=True))
def test_some_rows_never_read_as_none_nor_as_all(value):
    assert wording.share(value).replace("\u00a0", " ") not in ("0 %", "0.0 %", "100 %", "100.0 %")


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (45 * 86_400, "45 days"),
        (86_400, "1 day"),
        (5_400, "1.5 h"),
        (-3_600, "-1 h"),
        (20, "20 s"),
        (0, "0 s"),
    ],
)
def test_ages(seconds, told):
    assert wording.age(seconds).replace("\u00a0", " ") == told


@pytest.mark.parametrize(
    ("check", "told"),
    [
        (flights.faults("x", "nulls"), "none accepted"),
        (flights.faults("x", "nulls", accepted=0.001), "≤ 0.1 %"),
        (flights.faults("x", "nulls", accepted=0.00001), "≤ 0.001 %"),
        (flights.faults("x", "nulls", accepted=0.29), "≤ 29 %"),
        (flights.amount("rows_min", "rows/min", 9.0, "min", 10_000.0), "≥ 10,000"),
        (flights.amount("rows_change", "rows/change", 0.3, "max", 0.2), "≤ 20 %"),
        (flights.amount("fresh", "fresh", 9.0, "max", 45 * 86_400.0), "≤ 45 days"),
        (flights.amount("balance", "balance", 0.2, "min", 0.05), "≥ 5 %"),
        (flights.loud()[2], "≤ 0.25"),
        (flights.personal("remark", 3), ""),
    ],
)
def test_limits(check, told):
    assert wording.limit(check).replace("\u00a0", " ") == told


def checks():
    return {check.id: check for check in flights.checks() + flights.loud()}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (
            "data/distance/nulls",
            "0.49 %: 1,234 of 252,584 rows of train have no value (rows 1402, 1403, 9870, …)",
        ),
        ("data/carrier/psi", "PSI 0.318 [0.304, 0.332]"),
        ("data/wind_gust/psi", "PSI 0.131 [0.120, 0.142], beyond the warning at 0.1"),
        ("data/remark/personal", "0.13 %: 318 of 252,584 rows of train hold an e-mail address"),
        ("data/rules/arrives", "3 of 252,584 rows of train (0.0012 %)"),
        ("data/split", "none"),
        ("data/rows/min", "84,192"),
        ("data/fresh", "3.2 days"),
        ("data/balance", "22.8 %"),
    ],
)
def test_what_was_found(name, told):
    assert wording.found(checks()[name]).replace("\u00a0", " ") == told


@pytest.mark.parametrize(
    ("check", "sentence"),
    [
        (
            flights.faults("carrier", "one_of", train=12, words="hold another value"),
            "carrier: 12 of 252,584 rows of train hold another value",
        ),
        (flights.loud()[3], "carrier moved: PSI 0.318 [0.304, 0.332]; at most 0.25 is accepted"),
        (flights.loud()[4], "wind_gust moved: PSI 0.131 [0.120, 0.142]; beyond the warning at 0.1"),
        (flights.faults("carrier", "one_of"), "carrier: one_of passed"),
        (flights.faults(None, "split", train=2), "split: 2 of 252,584 rows of train break the rule"),
    ],
)
def test_sentences(check, sentence):
    assert words.explain(check).replace("\u00a0", " ") == sentence


@pytest.mark.parametrize(
    ("outcome", "sentence"),
    [
        (Outcome.ERROR, "nulls of x could not be measured: train: it is string"),
        (Outcome.INCONCLUSIVE, "nulls of x is undecided: train: it is string"),
        (Outcome.SKIPPED, "nulls of x was skipped: train: it is string"),
    ],
)
def test_what_did_not_pass_or_fail_says_so(outcome, sentence):
    check = flights.faults("x", "nulls").model_copy(
        update={"outcome": outcome, "reason": "train: it is string"}
    )
    assert words.explain(check) == sentence


def test_a_distance_is_never_shown_on_its_limit():
    check = flights.drifted("x", 0.2500004, 0.0, {}).model_copy(
        update={"limit": Limit(kind="max", value=0.25)}
    )
    assert "PSI 0.250 " not in wording.found(check) + " "


def test_warnings_are_said_with_the_verdict():
    said = words.why([flights.warned()]).replace("\u00a0", " ")
    assert said.startswith("110 checks passed, 2 of them with a warning. wind_gust moved: PSI 0.131")
