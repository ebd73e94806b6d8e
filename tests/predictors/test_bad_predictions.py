"""The bad-input catalogue as it concerns predictions: one line with file, line, value and how to mend it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from seatrial.engines.tables.joining import join
from seatrial.engines.tables.reading import read_table
from seatrial.engines.tables.table import Table
from seatrial.errors import BadInput
from seatrial.predictors.columns import predicted, truth
from seatrial.predictors.labels import classes_of

SCORE, PROBABILITY, HARD = {"score": "roc_auc"}, {"probability": "brier"}, {"prediction": "f1"}
DATA = "id,late\n1,0\n2,1\n3,0\n"


@pytest.fixture
def table(tmp_path: Path) -> Callable[[str, str], Table]:
    def read(content: str, name: str = "predictions.csv") -> Table:
        (tmp_path / name).write_text(content)
        return read_table(tmp_path / name, name=name, columns=None)

    return read


def said(call: Callable[..., object], *args: Any, **how: Any) -> str:
    with pytest.raises(BadInput) as caught:
        call(*args, **how)
    text = str(caught.value)
    assert "\n" not in text
    return text


# The join


def test_missing_predictions(table: Any) -> None:
    text = said(join, table(DATA, "data.csv"), table("id,score\n2,0.5\n"), ("id",))
    assert text == (
        'predictions.csv: 2 of 3 rows have no prediction, the first being key "id=1" (data.csv:2); '
        "expected one "
        "prediction per row: predict every row of the data"
    )


def test_extra_predictions(table: Any) -> None:
    text = said(join, table(DATA, "data.csv"), table("id,score\n1,0\n2,0\n9,0\n3,0\n8,0\n"), ("id",))
    assert text.startswith(
        'predictions.csv:4: 2 predictions are for keys that "data.csv" does not have, the first being "id=9"'
    )


def test_repeated_predictions(table: Any) -> None:
    text = said(join, table(DATA, "data.csv"), table("id,score\n1,0\n2,0\n3,0\n2,1\n2,1\n"), ("id",))
    assert text.startswith(
        'predictions.csv:5: key "id=2" is repeated (first in line 3; 2 rows too many in all); expected one '
        "row"
    )


def test_repeated_keys_in_the_data(table: Any) -> None:
    text = said(join, table("id,day\n1,a\n1,a\n", "data.csv"), table("id,day\n1,a\n"), ("id", "day"))
    assert text.startswith(
        'data.csv:3: key "id=1, day=a" is repeated (first in line 2; 1 row too many in all)'
    )


@pytest.mark.parametrize(
    ("ours", "theirs", "hint"),
    [
        ("007", "7", "leading zeros are lost on one side (007 and 7); write ids as text"),
        ("7", "7.0", "one side writes ids as floats (7.0 and 7)"),
        ("A7", "a7", "the ids differ in case"),
        ("7", '" 7"', "one side has blanks around its ids"),
        ("2013-01-01", "2013-01-01 00:00:00", "one side writes dates with a time"),
        ("9007199254740993", "9007199254740992", "ids beyond 2^53 were rounded"),
        ("12", "13", "predict every row of the data"),
    ],
)
def test_keys_that_are_written_differently(table: Any, ours: str, theirs: str, hint: str) -> None:
    text = said(join, table(f"id\n{ours}\n", "data.csv"), table(f"id\n{theirs}\n"), ("id",))
    assert "1 of 1 rows have no prediction" in text
    assert hint in text


def test_key_column_missing_in_the_predictions(table: Any) -> None:
    text = said(join, table(DATA, "data.csv"), table("ID,score\n1,0\n"), ("id",))
    assert text == 'predictions.csv:1: there is no column "id"; did you mean "ID"?'


def test_row_order_with_other_numbers_of_rows(table: Any) -> None:
    text = said(join, table(DATA, "data.csv"), table("score\n0.5\n"), ())
    assert text.startswith(
        'predictions.csv: 1 predictions for the 3 rows of "data.csv", and the policy names no key'
    )
    assert "under `key`" in text


# Scores


def test_score_column_missing(table: Any) -> None:
    assert said(predicted, table("id,scores\n1,0.5\n"), "binary", needs=SCORE) == (
        'predictions.csv:1: there is no column "score"; did you mean "scores"?'
    )


def test_hard_labels_where_scores_are_needed(table: Any) -> None:
    hard = table("id,prediction\n1,0\n2,1\n")
    assert said(predicted, hard, "binary", needs=SCORE | HARD).startswith(
        "predictions.csv:1: roc_auc needs a score for each row, but the file has only hard labels"
    )
    assert predicted(hard, "binary", needs=HARD).prediction.tolist() == [0, 1]  # type: ignore[union-attr]


def test_score_beside_its_own_probability(table: Any) -> None:
    text = said(predicted, table("score,p_1\n0.5,0.5\n"), "binary", needs=SCORE)
    assert (
        text
        == 'predictions.csv:1: the file has both "score" and "p_1"; expected one of them: remove the other'
    )


def test_score_beside_a_hard_label_counts_and_a_note_says_so(table: Any) -> None:
    found = predicted(table("score,prediction\n0.9,0\n"), "binary", needs=HARD)
    assert found.score is not None
    assert found.prediction is None
    assert found.notes == (
        '"predictions.csv" has both "score" and "prediction"; the score and the cut count',
    )


@pytest.mark.parametrize(
    ("cells", "line", "value", "hint"),
    [
        ("0.5\n1.5\n2000", 3, "1.5", "write probabilities, or drop brier, which needs them"),
        ("0.5\n95\n3", 3, "95", "this looks like percent: divide by 100"),
        ("-0.1\n0.2\n0.3", 2, "-0.1", "write probabilities, or drop brier"),
    ],
)
def test_percentage_instead_of_fraction(table: Any, cells: str, line: int, value: str, hint: str) -> None:
    scores = table(f"score\n{cells}\n")
    text = said(predicted, scores, "binary", needs=PROBABILITY)
    assert text.startswith(
        f'predictions.csv:{line}: column "score" holds {value}: brier needs a number from 0 to 1'
    )
    assert hint in text
    assert predicted(scores, "binary", needs=SCORE).score is not None  # a rank metric takes any number


@pytest.mark.parametrize("cell", ["NaN", "inf", "", "true", '"0,5"'])
def test_score_that_is_no_number(table: Any, cell: str) -> None:
    text = said(predicted, table(f"id,score\n1,0.5\n2,{cell}\n"), "binary", needs=SCORE)
    assert text.startswith('predictions.csv:3: column "score" holds ')


def test_probabilities_that_do_not_sum_to_1(table: Any) -> None:
    found = table("p_a,p_b,p_c\n0.2,0.3,0.5\n0.2,0.3,0.4\n0.1,0.3,0.4\n")
    text = said(predicted, found, "multiclass", needs=PROBABILITY, classes=("a", "b", "c"))
    assert text.startswith(
        "predictions.csv:3: the probabilities of the classes sum to 0.9 (in 2 rows in all)"
    )
    two = table("p_0,p_1\n0.5,0.9\n")
    assert "sum to 1.4" in said(predicted, two, "binary", needs=SCORE)


def test_probability_of_a_class_missing_or_unknown(table: Any) -> None:
    found = table("p_a,p_bb\n0.5,0.5\n")
    assert said(predicted, found, "multiclass", needs=PROBABILITY, classes=("a", "b")) == (
        'predictions.csv:1: there is no column "p_b"; did you mean "p_bb"?'
    )
    assert 'column "p_bb" is for a class that is not known; add it to `classes`' in said(
        predicted, found, "multiclass", needs=PROBABILITY, classes=("a",)
    )


def test_multiclass_without_anything_to_judge(table: Any) -> None:
    assert "has neither `prediction` nor a column p_<class>" in said(
        predicted, table("id\n1\n"), "multiclass", needs=HARD, classes=("a", "b")
    )
    assert "log_loss needs probabilities, but the file has only hard labels" in said(
        predicted, table("prediction\na\n"), "multiclass", needs={"probability": "log_loss"}, classes=("a",)
    )


def test_unknown_class_in_a_prediction(table: Any) -> None:
    text = said(predicted, table("prediction\ncat\ndgo\n"), "multiclass", needs=HARD, classes=("cat", "dog"))
    assert text == (
        'predictions.csv:3: column "prediction" holds "dgo": this is not one of the 2 classes; did you '
        'mean "dog"?'
    )


def test_regression_with_a_score_column(table: Any) -> None:
    assert 'has "score" but no "prediction"; for a regression task rename it' in said(
        predicted, table("score\n1\n"), "regression", needs=HARD
    )


def test_own_metric_column_missing(table: Any) -> None:
    assert said(
        predicted, table("cost_eur\n1\n"), "binary", needs={"column": "cost"}, values=["cost_euro"]
    ) == ('predictions.csv:1: there is no column "cost_euro"; did you mean "cost_eur"?')


# Labels


@pytest.mark.parametrize("cell", ["", "NaN", "null", "  "])
def test_label_blank_or_nan(table: Any, cell: str) -> None:
    data = table(f"id,late\n1,0\n2,{cell}\n3,1\n", "data.csv")
    for task, how in (("binary", {}), ("multiclass", {"classes": ("0", "1")})):
        text = said(truth, data, "late", task, **how)
        assert text.startswith('data.csv:3: column "late" holds ')
        assert text.endswith("a label is missing; fill it in, or leave the row out")
    assert said(truth, data, "late", "regression").startswith('data.csv:3: column "late" holds ')


@pytest.mark.parametrize(
    ("cells", "positive", "expected"),
    [
        ("0\n1", None, [0, 1]),
        ("0.0\n1.0", None, [0, 1]),
        ("False\nTrue", None, [0, 1]),
        ("true\nfalse", True, [1, 0]),
        ("no\nyes", "yes", [0, 1]),
        ("1\n2", 2, [0, 1]),
        ("1\n2", "1", [1, 0]),
        ("007\n7", "007", [1, 0]),
    ],
)
def test_labels_against_the_positive_one(table: Any, cells: str, positive: Any, expected: list[int]) -> None:
    assert truth(table(f"y\n{cells}\n"), "y", "binary", positive=positive).tolist() == expected


def test_labels_that_are_not_of_two_classes(table: Any) -> None:
    data = table("y\nyes\nno\nmaybe\n", "data.csv")
    assert said(truth, data, "y", "binary").startswith('data.csv:2: column "y" holds "yes": expected 0 or 1')
    assert "name the positive one under `positive`" in said(truth, data, "y", "binary")
    assert 'expected two classes, found "maybe", "no", "yes"; set `task: multiclass`' in said(
        truth, data, "y", "binary", positive="yes"
    )
    assert 'never holds the positive label "Yes"; it holds "maybe", "no", "yes": correct `positive`' in said(
        truth, data, "y", "binary", positive="Yes"
    )


def test_predictions_of_one_class_only_are_fine(table: Any) -> None:
    found = predicted(table("prediction\nno\nno\n"), "binary", needs=HARD, positive="yes")
    assert found.prediction.tolist() == [0, 0]  # type: ignore[union-attr]


def test_scores_in_the_prediction_column(table: Any) -> None:
    text = said(predicted, table("prediction\n0.7\n"), "binary", needs=HARD)
    assert text.endswith("if these are scores, call the column `score`")


def test_unknown_class_in_a_label(table: Any) -> None:
    data = table("y\ncat\nbird\n", "data.csv")
    assert said(truth, data, "y", "multiclass", classes=("cat", "dog")) == (
        'data.csv:3: column "y" holds "bird": this is not one of the 2 classes; known: "cat", "dog"'
    )


def test_classes_are_declared_or_named_by_columns_or_seen(table: Any) -> None:
    data = table("y\n10\n9\n", "data.csv")
    named, hard = table("p_b,p_a\n1,0\n", "p.csv"), table("prediction\n11\n", "h.csv")
    assert classes_of(data, "y", [named], [3, True]) == ("3", "true")
    assert classes_of(data, "y", [hard, named], None) == ("b", "a")
    assert classes_of(data, "y", [hard], None) == ("9", "10", "11")
