"""What is judged, against what, with which commands, budgets and columns: where a policy cannot mean it."""

import pytest
from bad_policies import GOOD, changed, complaint, complaints


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/etc/passwd", "absolute"),
        ("~/data.csv", "absolute"),
        ("C:/data.csv", "absolute"),
        ("../data.csv", "leaves the checkout"),
        ("a/../../data.csv", "leaves the checkout"),
        ("'-rf'", "begins with a hyphen"),
        ("./-rf", "begins with a hyphen"),
        ("s3://bucket/data.csv", "URL"),
        (r"data\test.csv", "backslashes"),
        ("data/", "folder"),
        ("'.'", "folder"),
        ("da\u202eta.csv", "cannot be seen"),
        ("7", "expected text, found 7"),
    ],
)
def test_path(path: str, why: str) -> None:
    line = complaint(changed("data: test.csv", f"data: {path}"))
    assert line.startswith("seatrial.yml:5:9: evaluate.data: ")
    assert why in line


def test_no_candidate() -> None:
    line = complaint(changed("  predictions: predictions.csv\n", ""))
    assert line.startswith("seatrial.yml:3:1: evaluate names no candidate; write one of model: FILE.onnx")


@pytest.mark.parametrize("other", ["model: m.onnx", "predict: run {data} {out}"])
def test_two_candidates(other: str) -> None:
    lines = complaints(GOOD + f"  {other}\n")
    assert any(line.startswith("seatrial.yml:6:3: evaluate names two candidates") for line in lines)


def test_model_that_is_not_onnx() -> None:
    line = complaint(changed("predictions: predictions.csv", "model: model.pkl"))
    assert line.startswith("seatrial.yml:6:10: evaluate.model: model.pkl is not an ONNX file")
    assert "add predict: COMMAND" in line


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("run {data}", "lacks {out}"),
        ("run {out}", "lacks {data}"),
        ("run {data} {out} {model}", "evaluate.model is not set"),
        ("run 'it {data} {out}", "a quote is not closed"),
        ("[run, [1], '{data}', '{out}']", "holds texts only"),
        ("|\n    echo ${data} {out}", "lacks {data}"),
    ],
)
def test_command(command: str, expected: str) -> None:
    line = complaint(changed("predictions: predictions.csv", f"predict: {command}"))
    assert line.startswith("seatrial.yml:6:12: evaluate.predict")
    assert expected in line


@pytest.mark.parametrize("key", ["time: 5m", "memory: 1GiB", "requirements: requirements.txt"])
def test_limits_of_a_command_that_is_not_there(key: str) -> None:
    line = complaint(GOOD + f"  {key}\n")
    assert line.startswith("seatrial.yml:9:3: ")
    assert line.endswith("is for a predict command, and there is none; remove it")


def test_no_rows() -> None:
    line = complaint(changed("  data: test.csv\n", ""))
    assert line.startswith("seatrial.yml:3:1: evaluate has no rows to judge on; write evaluate.data: FILE")


def test_two_baselines() -> None:
    line = complaint(GOOD + "  baseline: {path: old.csv, branch: old.csv}\n")
    assert line == "seatrial.yml:9:29: evaluate.baseline names two sources, path and branch; keep one"


def test_no_baseline_source() -> None:
    assert complaint(GOOD + "  baseline: {}\n").startswith(
        "seatrial.yml:9:3: evaluate.baseline names no source"
    )


def test_candidate_as_its_own_baseline() -> None:
    line = complaint(GOOD + "  baseline: {path: predictions.csv}\n")
    assert line.startswith(
        "seatrial.yml:9:20: evaluate.baseline.path: predictions.csv is the candidate itself"
    )


@pytest.mark.parametrize(
    ("budget", "expected"),
    [
        ("{latency_p95: 5}", "the number 5 without a unit"),
        ("{latency_p95: 5MS}", "write 5ms"),
        ("{size: 20mb}", "write 20MB"),
        ("{size: 20}", "units: B, KB, MB"),
        ("{latency_p50: 9ms, latency_p95: 5ms}", "above latency_p95"),
        ("{}", "evaluate.budgets is empty"),
    ],
)
def test_budget(budget: str, expected: str) -> None:
    text = changed("predictions: predictions.csv", f"model: m.onnx\n  budgets: {budget}")
    assert expected in complaint(text)


def test_latency_without_a_model_to_run() -> None:
    line = complaint(GOOD + "  budgets: {latency_p95: 5ms}\n")
    assert line.startswith("seatrial.yml:9:13: evaluate.budgets.latency_p95 is measured on an ONNX model")
    assert "remove the budget" in line


def test_size_without_a_model_file() -> None:
    assert "there is none" in complaint(GOOD + "  budgets: {size: 5MB}\n")


def test_column_listed_twice() -> None:
    assert (
        complaint(GOOD + "  key: [a, b, a]\n")
        == "seatrial.yml:9:8: evaluate.key: a is listed twice; keep one"
    )


@pytest.mark.parametrize("key", ["key: late", "key: [id, late]", "cluster: late"])
def test_label_in_another_role(key: str) -> None:
    line = complaint(GOOD + f"  {key}\n")
    assert "late is the label" in line
    assert line.endswith("remove it")


def test_label_as_the_key_of_the_data() -> None:
    text = changed("  data: test.csv\n", "") + "data: {test: test.csv, key: [id, late]}\n"
    assert complaint(text).startswith("seatrial.yml:8:34: data.key: late is the label")


def test_label_as_a_feature() -> None:
    text = changed("predictions: predictions.csv", "model: m.onnx\n  features: [hour, late]")
    assert complaint(text).startswith("seatrial.yml:7:20: evaluate.features: late is the label")
