"""Bad numbers, words and dates of a policy: the place, what is wrong, and how to mend it."""

import pytest
from bad_policies import GOOD, METRIC, changed, complaint, complaints

from seatrial.policy import parse


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("1e-3", "write 0.001,"),
        ("1.0e-3", "write 0.0010,"),
        ("7E+1", "write 70,"),
        ("1e999", "write it out in digits"),
    ],
)
def test_scientific_notation(written: str, hint: str) -> None:
    line = complaint(changed("0.7", written))
    assert line.startswith(f"seatrial.yml:8:20: {written} is in scientific notation")
    assert hint in line


@pytest.mark.parametrize("written", [".nan", ".NaN", ".inf", "-.inf", "+.Inf"])
def test_not_finite(written: str) -> None:
    line = complaint(changed("0.7", written))
    assert line.startswith(
        f"seatrial.yml:8:20: {written} is not a finite number; write a number such as 0.95"
    )


def test_leading_zero() -> None:
    line = complaint(GOOD + "seed: 010\n")
    assert line.startswith("seatrial.yml:9:7: the number 010 begins with 0")
    assert "write 10," in line


def test_base_60() -> None:
    line = complaint(changed("predictions: predictions.csv", "predict: run {data} {out}\n  time: 1:30"))
    assert line.startswith("seatrial.yml:7:9: 1:30 is a number in base 60")
    assert "write a duration such as 90s" in line


def test_underscores_not_by_threes() -> None:
    line = complaint(GOOD + "seed: 1_00\n")
    assert line.startswith("seatrial.yml:9:7: the underscores of 1_00")
    assert "write 100" in line


@pytest.mark.parametrize(
    ("written", "meant"), [("10_000", 10_000), ("1_000_000", 1_000_000), ("0x1F", 31), ("0o17", 15)]
)
def test_integers_of_the_core_schema(written: str, meant: int) -> None:
    assert parse(GOOD + f"seed: {written}\n").seed == meant


@pytest.mark.parametrize("word", ["yes", "on", "y", "True "])
def test_boolean_words(word: str) -> None:
    text = changed("  metrics:\n", f'  baseline: {{retrain: "{word}"}}\n  metrics:\n')
    assert complaint(text).startswith("seatrial.yml:7:23: evaluate.baseline.retrain: expected true, found ")


@pytest.mark.parametrize("word", ["yes", "no", "on", "off", "y", "n"])
def test_boolean_words_are_text_elsewhere(word: str) -> None:
    text = changed("  label: late\n", f"  label: {word}\n  positive: {word}\n")
    assert parse(text).evaluate.positive == word


def test_date_stays_text() -> None:
    assert parse(changed("late", "2027-03-31")).evaluate.label == "2027-03-31"


def test_decimal_comma() -> None:
    line = complaint(changed(METRIC, "    roc_auc:\n      min: 0,95\n"))
    assert line.startswith("seatrial.yml:9:12: 0,95 has a decimal comma; write 0.95,")


def test_decimal_comma_in_braces() -> None:
    lines = complaints(changed("0.7", "0,95"))
    assert lines == [
        "seatrial.yml:8:22: unknown key 95 in evaluate.metrics.roc_auc; with a decimal comma, "
        "write the number "
        "with a point; known keys: min, max, margin, min_gain, cut, k, quantile, bins, column, direction"
    ]


def test_decimal_comma_in_quotes() -> None:
    assert complaint(changed("0.7", '"0,95"')).endswith("found 0,95; write 0.95")


def test_percentage_is_read_as_a_share() -> None:
    assert parse(changed("0.7", "95%")).evaluate.metrics["roc_auc"].min == 0.95


def test_percentage_of_what_is_no_share() -> None:
    line = complaint(changed(METRIC, "    log_loss: {max: 60%}\n"))
    assert line.startswith("seatrial.yml:8:21: evaluate.metrics.log_loss.max: ")
    assert "write a plain number" in line


@pytest.mark.parametrize("digits", [41, 5_000])
def test_endless_number(digits: int) -> None:
    line = complaint(GOOD + "seed: " + "1" * digits + "\n")
    assert line.startswith("seatrial.yml:9:7: the number 1111")
    assert "shorten it" in line


@pytest.mark.parametrize(
    ("old", "new", "most"),
    [
        ("late", "x" * 201, "200"),
        ("test.csv", "x" * 1_001, "1,000"),
        ("predictions: predictions.csv", "predict: run {data} {out} " + "x" * 20_000, "20,000"),
    ],
)
def test_endless_text(old: str, new: str, most: str) -> None:
    line = complaint(changed(old, new))
    assert f"the most is {most}, shorten it" in line
    assert len(line) < 200
