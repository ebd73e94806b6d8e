"""The sections train and lint."""

from datetime import timedelta

import pytest

from seatrial.errors import PolicyInvalid
from seatrial.policy import parse
from seatrial.policy.lint_meaning import command_name

HEAD = "version: 1\nmodel: {name: late, task: binary}\n"
SMOKE = "train:\n  smoke: {run: python train.py, model: b/s.onnx, metrics: b/m.json}\n"
PREDICTED = (
    "evaluate: {label: late, data: t.csv, predictions: p.csv, baseline: {retrain: true}, "
    "metrics: {roc_auc: {min: 0.5}}}\n"
)
JUDGED = "evaluate: {label: late, data: t.csv, model: b/m.onnx, metrics: {roc_auc: {min: 0.5}}}\n"


def complaint(text: str) -> str:
    with pytest.raises(PolicyInvalid) as caught:
        parse(HEAD + text)
    return str(caught.value).splitlines()[0]


def test_training_alone_is_a_policy() -> None:
    policy = parse(HEAD + SMOKE)
    assert policy.gates == ("training",)
    assert policy.train is not None and policy.train.smoke is not None
    smoke = policy.train.smoke
    assert (smoke.repeat, smoke.time, smoke.memory) == (2, timedelta(minutes=10), None)


def test_gates_run_in_the_order_in_which_a_fault_is_cheap() -> None:
    text = HEAD + JUDGED + SMOKE + "data: {columns: {a: {min: 0}}, train: t.csv}\nlint: [ruff check .]\n"
    assert parse(text).gates == ("lint", "data", "training", "evaluation")


def test_the_full_training_writes_the_candidate() -> None:
    policy = parse(HEAD + JUDGED + "train: {full: {run: make}}\n")
    assert policy.train is not None and policy.train.full is not None
    assert policy.train.full.model == "b/m.onnx"


def test_a_list_of_commands_is_the_short_form_of_lint() -> None:
    short = parse(HEAD + "lint: [ruff check ., [mypy, src]]\n").lint
    long = parse(HEAD + "lint: {run: [ruff check ., [mypy, src]]}\n").lint
    assert short == long and short is not None
    assert [command_name(each) for each in short.run] == ["ruff check .", "mypy src"]


def test_built_in_checks_need_no_command() -> None:
    assert parse(HEAD + "lint: []\n").gates == ("lint",)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("train: {requirements: r.txt}\n", "train names no training; write smoke:"),
        ("train: {full: {run: make}}\n", "train.full does not say which file it writes; write model: FILE"),
        (
            JUDGED + "train: {smoke: {run: make, model: b/m.onnx}}\n",
            "train.smoke.model: b/m.onnx is the candidate, and a model of a small sample is never that",
        ),
        (
            "train: {smoke: {run: make, model: s.onnx, repeat: 3}}\n",
            "train.smoke.repeat is about the metrics, and there are none; write metrics: FILE",
        ),
        (
            JUDGED.replace("metrics:", "baseline: {retrain: true}, metrics:"),
            "evaluate.baseline.retrain trains by train.full, and there is none; write train.full",
        ),
        (
            "train: {full: {run: make, model: m.onnx}}\n" + PREDICTED,
            "evaluate.baseline.retrain needs to know which file the training writes; write evaluate.model",
        ),
        ("lint: [ruff, ruff]\n", "the command ruff is there twice; write it another way"),
        ("lint: [secrets]\n", "the command secrets has the name of a built-in check"),
        ("lint: {advisory: [secretz]}\n", "lint.advisory: there is no check secretz; expected the text of"),
        ("lint: {run: ruff}\n", "lint.run: expected a list"),
        ("lint: [\"ruff 'check\"]\n", "seatrial.yml:3:8: lint[0]: a quote is not closed in ruff 'check"),
        ("lint: [make, '']\n", "seatrial.yml:3:14: lint[1]: expected text"),
        ("lint: [3]\n", "seatrial.yml:3:8: lint[0]: expected"),
        ("lint: [[]]\n", "seatrial.yml:3:8: lint[0]: "),
        ("lint: [[1, {}]]\n", "seatrial.yml:3:8: lint[0]: a command's list holds texts only"),
    ],
)  # fmt: skip
def test_bad_training_and_lint(text: str, told: str) -> None:
    assert told in complaint(text)


@pytest.mark.parametrize("check", ["lint/secrets", "lint/ruff check .", "training/repeat"])
def test_their_checks_can_be_waived(check: str) -> None:
    text = f"waivers: [{{check: '{check}', reason: r, until: 2027-01-01}}]\n"
    assert parse(HEAD + SMOKE + text).waivers[0].check == check
