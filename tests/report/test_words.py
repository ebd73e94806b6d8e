"""Sentences say which way a number went, and against what it was held."""

import late_flights as flights
import pytest

from seatrial.decision import Interval, Outcome
from seatrial.report import html, markdown, words
from seatrial.report.rows import rows

FAILED, UNDECIDED = Outcome.FAILED, Outcome.INCONCLUSIVE


@pytest.mark.parametrize(
    ("check", "sentence"),
    [
        (
            flights.check(outcome=FAILED, value=0.728, low=-0.018, high=-0.006),
            "roc_auc lost 0.012 against the baseline (90\u00a0% interval -0.018 to -0.006); "
            "at most 0.005 is accepted",
        ),
        (
            flights.check("log_loss", outcome=FAILED, value=0.46, baseline=0.44, low=0.01, high=0.03),
            "log_loss rose by 0.020 against the baseline (90\u00a0% interval +0.010 to +0.030); "
            "at most 0.005 is accepted",
        ),
        (
            flights.check("log_loss", value=0.43, baseline=0.44, low=-0.02, high=-0.001),
            "log_loss fell by 0.010 against the baseline (90\u00a0% interval -0.020 to -0.001); "
            "a loss of 0.005 is accepted",
        ),
        (
            flights.check("log_loss", outcome=UNDECIDED, value=0.44, baseline=0.44, low=-0.01, high=0.012),
            "log_loss may have risen by up to 0.012 against the baseline; at most 0.005 is accepted",
        ),
        (
            flights.check("roc_auc", "min", 0.75, outcome=UNDECIDED, low=0.735, high=0.76),
            "roc_auc lies somewhere from 0.735 to 0.760; at least 0.750 is wanted",
        ),
        (
            flights.check("roc_auc", "min_gain", 0.01, outcome=FAILED, low=-0.001, high=0.005),
            "roc_auc gained 0.002 against the baseline (90\u00a0% interval -0.001 to +0.005); "
            "a gain of at least 0.010 is wanted",
        ),
        (
            flights.check("weight", outcome=FAILED, low=0.01, high=0.03, evidence={}),
            "weight changed by +0.002 against the baseline (90\u00a0% interval +0.010 to +0.030); "
            "at most 0.005 is accepted",
        ),
        (
            flights.check("roc_auc", interval=Interval(low=None, high=0.005), outcome=UNDECIDED),
            "roc_auc may have changed by anything from -∞ to +0.005; at most 0.005 is accepted",
        ),
        (
            flights.check(
                "roc_auc",
                "min",
                0.95,
                interval=Interval(low=None, high=None),
                reason="under 10 negatives",
                outcome=UNDECIDED,
            ),
            "roc_auc is undecided: under 10 negatives; at least 0.950 is wanted",
        ),
    ],
)
def test_the_sentence_of_a_check(check, sentence):
    assert words.explain(check) == sentence


def test_the_worst_check_speaks_for_the_trial():
    slice_fails = flights.check(outcome=FAILED, slice="carrier=EV", low=-0.07, high=-0.05, value=0.68)
    undecided = flights.check("f1", outcome=UNDECIDED, low=-0.02, high=0.01, id="f1")
    passed = flights.check("ece", "max", 0.03, low=0.0, high=0.02)
    assert words.why([flights.decision([undecided, passed, slice_fails])]).startswith(
        "roc_auc for carrier=EV lost"
    )
    assert words.why([flights.decision([undecided, passed])]).startswith("f1 may have lost")


def test_a_size_that_is_known_exactly_shows_no_interval():
    exact = flights.check("size", "max", 20e6, value=108_000.0, baseline=None, low=108_000.0, high=108_000.0)
    assert rows(flights.decision([exact]))[0].candidate == "108\u00a0kB"


def test_a_slice_skipped_for_every_metric_is_named_once():
    checks = [
        flights.unmeasured(metric, "margin", 0.02, Outcome.SKIPPED, "9 rows", slice="carrier=OO", id=metric)
        for metric in ("roc_auc", "log_loss")
    ]
    decision = flights.decision([flights.check(), *checks])
    assert markdown.comment([decision]).count("carrier=OO") == 1
    assert "carrier=OO" in html.page([decision])
