"""Decision files that nobody should believe: each is refused in one line, and nothing is judged or posted."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from seatrial.decision import from_json, to_json
from seatrial.errors import BAD_INPUT, GATE_SAID_NO, PASSED, BadInput
from seatrial.forge.event import Subject
from seatrial.trial.comments.files import trusted
from seatrial.trial.local import run_local
from seatrial.trial.rejudge import DECISION_LIMIT, judge_file, read_decision

POLICY = """\
version: 1
model: {name: m, task: binary}
data: {test: test.csv, key: [id]}
evaluate:
  label: y
  predictions: p.csv
  metrics: {roc_auc: {min: 0.7}}
"""
HEAD = "5" * 40
Refusal = Callable[[bytes], str]


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A Decision as the gate writes it, about commit HEAD."""
    folder = tmp_path_factory.mktemp("honest")
    rows = range(60)
    (folder / "test.csv").write_text("id,y\n" + "".join(f"{i},{i % 2}\n" for i in rows))
    (folder / "p.csv").write_text("id,score\n" + "".join(f"{i},{(i % 2 + i / 50) / 3}\n" for i in rows))
    (folder / "seatrial.yml").write_text(POLICY)
    run_local(folder, "seatrial.yml", "", None, folder / "out", {"PATH": os.environ["PATH"]})
    made = from_json((folder / "out" / "evaluation.json").read_bytes())
    return to_json(made.model_copy(update={"subject": made.subject.model_copy(update={"head": HEAD})}))


@pytest.fixture
def refusal(tmp_path: Path) -> Refusal:
    path = tmp_path / "decision.json"

    def said(content: bytes) -> str:
        path.write_bytes(content)
        with pytest.raises(BadInput) as caught:
            read_decision(path)
        assert caught.value.exit_code == BAD_INPUT
        line = str(caught.value).replace(str(path), "decision.json")
        assert line.isprintable()
        return line

    return said


def changed(honest: bytes, old: str, new: str) -> bytes:
    assert honest.count(old.encode()) >= 1
    return honest.replace(old.encode(), new.encode(), 1)


def seed(honest: bytes, written: str) -> bytes:
    return changed(honest, '"seed":0', f'"seed":{written}')


def value(honest: bytes, written: str) -> bytes:
    """The first check's value replaced by some JSON text."""
    seen = json.loads(honest)["checks"][0]["value"]
    return changed(honest, f'"value":{json.dumps(seen)}', f'"value":{written}')


def test_an_honest_decision_is_read(honest: bytes, tmp_path: Path) -> None:
    path = tmp_path / "decision.json"
    path.write_bytes(honest + b"\n")
    code, lines = judge_file(str(path))
    assert code == PASSED
    assert "follows from the evidence of 1 check;" in lines[0]


@pytest.mark.parametrize("written", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_number_that_is_not_finite(honest: bytes, refusal: Refusal, written: str) -> None:
    assert refusal(value(honest, written)).startswith("decision.json: is not a Decision")


def test_duplicate_key(honest: bytes, refusal: Refusal) -> None:
    assert "RFC 8785" in refusal(changed(honest, '"seed":0', '"seed":1,"seed":0'))


def test_true_as_a_number(honest: bytes, refusal: Refusal) -> None:
    assert "checks.0.value: Input should be a valid number" in refusal(value(honest, "true"))
    assert "seed: Input should be a valid integer" in refusal(seed(honest, "true"))


def test_number_as_text(honest: bytes, refusal: Refusal) -> None:
    assert "checks.0.value: Input should be a valid number" in refusal(value(honest, '"0.95"'))


def test_null_where_a_number_must_be(honest: bytes, refusal: Refusal) -> None:
    assert "seed: Input should be a valid integer" in refusal(seed(honest, "null"))


def test_list_where_a_number_must_be(honest: bytes, refusal: Refusal) -> None:
    assert "checks.0.value: Input should be a valid number" in refusal(value(honest, "[1]"))


def test_endless_number(honest: bytes, refusal: Refusal) -> None:
    assert refusal(seed(honest, "9" * 5_000)).startswith("decision.json: is not a Decision")
    assert refusal(seed(honest, str(2**60))).startswith("decision.json: is not a Decision")


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_deep_nesting(honest: bytes, refusal: Refusal, opening: str) -> None:
    closing = {"[": "]", '{"a":': "}"}[opening]
    deep = opening * 100_000 + "0" + closing * 100_000
    line = refusal(changed(honest, '"evidence":{', '"evidence":{"deep":' + deep + ","))
    assert line.startswith("decision.json: is not a Decision")
    assert len(line) < 400


def test_missing_key(honest: bytes, refusal: Refusal) -> None:
    line = refusal(changed(honest, '"verdict":', '"verdikt":'))
    assert "verdict: Field required" in line


def test_unknown_key(honest: bytes, refusal: Refusal) -> None:
    assert "extra: Extra inputs are not permitted" in refusal(changed(honest, '"gate":', '"extra":1,"gate":'))


def test_negative_count(honest: bytes, refusal: Refusal) -> None:
    assert "data.0.rows: Input should be greater than or equal to 0" in refusal(
        changed(honest, '"rows":60', '"rows":-60')
    )


def test_negative_count_in_the_evidence(honest: bytes, tmp_path: Path) -> None:
    path = tmp_path / "decision.json"
    path.write_bytes(changed(honest, '"positives":30', '"positives":-30'))
    code, lines = judge_file(str(path))
    assert code == GATE_SAID_NO
    assert "the evidence cannot be judged: expected a count" in lines[0]


def test_percentage_for_a_fraction(honest: bytes, tmp_path: Path) -> None:
    """A value that the evidence does not give, such as 95 for 0.95, is a disagreement."""
    path = tmp_path / "decision.json"
    path.write_bytes(value(honest, "95"))
    code, lines = judge_file(str(path))
    assert code == GATE_SAID_NO
    assert "value: stated 95.0, computed 0." in lines[0]


def test_verdict_that_does_not_follow(honest: bytes, tmp_path: Path) -> None:
    path = tmp_path / "decision.json"
    verdict = json.loads(honest)["verdict"]
    other = "failed" if verdict == "passed" else "passed"
    path.write_bytes(changed(honest, f'"verdict":"{verdict}"', f'"verdict":"{other}"'))
    assert judge_file(str(path))[0] == GATE_SAID_NO
    with pytest.raises(BadInput, match="the verdict does not follow from the evidence"):
        trusted(path, subject(HEAD), "decision.json")


def subject(head: str) -> Subject:
    return Subject(
        repository="acme/flights", event="pull_request", head=head, run_id=1, attempt=1, workflow="w",
        job="j", server_url="https://github.com", api_url="https://api.github.com", pull_request=1,
    )  # fmt: skip


def test_decision_about_another_commit(honest: bytes, tmp_path: Path) -> None:
    path = tmp_path / "decision.json"
    path.write_bytes(honest)
    assert trusted(path, subject(HEAD), "decision.json").subject.head == HEAD
    with pytest.raises(BadInput, match=r"this Decision is about commit 5{40}, and this run is about 6{40}"):
        trusted(path, subject("6" * 40), "decision.json")


def test_decision_that_was_laid_out_anew(honest: bytes, refusal: Refusal) -> None:
    pretty = json.dumps(json.loads(honest), indent=2).encode()
    assert refusal(pretty) == "decision.json: is not canonical JSON (RFC 8785); give the file unchanged"


def test_lone_surrogate(honest: bytes, refusal: Refusal) -> None:
    assert refusal(changed(honest, '"name":"m"', '"name":"\\ud800"')).startswith(
        "decision.json: is not a Decision"
    )


@pytest.mark.parametrize("content", [b"", b"null", b"[]", b"\xff\xfe{", b'{"schema":2}', b"<html>", b"{"])
def test_file_that_is_no_decision(refusal: Refusal, content: bytes) -> None:
    assert "is not a Decision of a version that we read" in refusal(content)


def test_decision_beyond_the_cap(tmp_path: Path) -> None:
    path = tmp_path / "decision.json"
    with path.open("wb") as file:
        file.truncate(DECISION_LIMIT + 1)
    with pytest.raises(BadInput, match="has more than 20,000,000 bytes; this is no Decision"):
        read_decision(path)


def test_decision_that_cannot_be_read(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.json", tmp_path):
        with pytest.raises(BadInput, match=r"cannot be read .*; name a Decision file"):
            read_decision(path)
