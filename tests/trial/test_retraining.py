"""The baseline `retrain`: what the base branch's code trains, against what the change trains."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from acting import Consumer
from flights import flights
from models import onnx_model

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
POLICY = """version: 1
model: {name: late, task: binary}
data: {train: data/train.csv, test: data/test.csv}
train:
  full: {run: python3 train.py {model}, time: 60s}
evaluate:
  label: late
  model: build/model.onnx
  features: [wind]
  baseline: {retrain: true}
  metrics: {roc_auc: {min: 0.7, margin: 0.01}}
""".replace("python3 train.py {model}", "'python3 train.py {model}'")
TRAIN = """\
import pathlib, sys
print("trained by", "WHO", len(pathlib.Path("data/train.csv").read_text()) > 0, flush=True)
place = pathlib.Path(sys.argv[1])
place.parent.mkdir(exist_ok=True)
place.write_bytes(pathlib.Path("weights").read_bytes())
"""


def trial(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(SCRIPTS / "command.py"), "trial", "--base", "main", *arguments],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def consumer(tmp_path: Path) -> Consumer:
    found = Consumer(tmp_path / "consumer")
    found.commit(
        {
            "seatrial.yml": POLICY,
            "train.py": TRAIN.replace("WHO", "base"),
            "weights": onnx_model(),
            "data/train.csv": flights(50),
            "data/test.csv": flights(),
            ".gitignore": "build/\n__pycache__/\n",
        }
    )
    found.git("checkout", "-qb", "change")
    return found


def margin(consumer: Consumer) -> dict[str, object]:
    decision = json.loads((consumer.root / "build" / "seatrial" / "evaluation.json").read_text())
    found: dict[str, object] = next(c for c in decision["checks"] if c["id"] == "evaluation/roc_auc/margin")
    return found


def test_the_code_of_the_base_branch_trains_the_baseline(consumer: Consumer) -> None:
    consumer.commit({"train.py": TRAIN.replace("WHO", "change")})
    done = trial(consumer.root)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.index("trained by change") < done.stdout.index("trained by base")
    assert margin(consumer)["outcome"] == "passed"


def test_a_change_that_trains_a_worse_model_fails(consumer: Consumer) -> None:
    consumer.commit({"weights": onnx_model(upside_down=True)})
    done = trial(consumer.root)
    assert done.returncode == 1, done.stdout + done.stderr
    assert margin(consumer)["outcome"] == "failed"


def test_data_that_git_does_not_hold_are_lent_to_the_base(consumer: Consumer) -> None:
    consumer.git("checkout", "-q", "main")
    consumer.git("rm", "-q", "--cached", "data/train.csv")
    (consumer.root / ".gitignore").write_text("build/\ndata/train.csv\n")
    consumer.git("commit", "-qam", "the data live elsewhere")
    consumer.git("checkout", "-qB", "change")
    done = trial(consumer.root)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "trained by base True" in done.stdout


def test_a_base_without_a_policy_has_nothing_to_train_again(tmp_path: Path) -> None:
    found = Consumer(tmp_path / "new")
    found.commit({"README.md": "hello"})
    found.git("checkout", "-qb", "change")
    found.commit(
        {
            "seatrial.yml": POLICY,
            "train.py": TRAIN,
            "weights": onnx_model(),
            "data/train.csv": flights(50),
            "data/test.csv": flights(),
        }
    )
    done = trial(found.root)
    assert done.returncode == 0, done.stdout + done.stderr
    check = margin(found)
    assert check["outcome"] == "skipped" and "first release" in str(check["reason"])


def test_a_base_that_cannot_be_trained_is_no_verdict(consumer: Consumer) -> None:
    consumer.git("checkout", "-q", "main")
    consumer.commit({"train.py": "raise SystemExit('no such layer <b>')"})
    consumer.git("checkout", "-qb", "other")
    consumer.commit({"train.py": TRAIN})
    done = trial(consumer.root)
    assert done.returncode == 3
    (told,) = done.stderr.strip().splitlines()
    assert "the baseline could not be trained: exit code 1" in told and "no such layer <b>" in told


def test_a_training_that_nobody_reviewed_is_not_run(consumer: Consumer) -> None:
    evil = POLICY.replace("python3 train.py {model}", "python3 evil.py {model}")
    consumer.commit({"seatrial.yml": evil, "evil.py": "open('evil-ran', 'w')"})
    done = trial(consumer.root)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not (consumer.root / "evil-ran").exists()
    comment = (consumer.root / "build" / "seatrial" / "comment.md").read_text()
    assert "another training command, or asks other things of it, which nobody has reviewed" in comment


def test_what_was_trained_is_not_trained_again_for_the_proposal(consumer: Consumer) -> None:
    consumer.commit({"seatrial.yml": POLICY.replace("min: 0.7", "min: 0.75")})
    done = trial(consumer.root)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("trained by base") == 2  # candidate and baseline, of the same code
    comment = (consumer.root / "build" / "seatrial" / "comment.md").read_text()
    assert "it would be **passed**" in comment


def test_a_training_that_fails_leaves_nothing_to_evaluate(consumer: Consumer) -> None:
    """The file of an earlier training lies there, and is not taken for this commit's."""
    assert trial(consumer.root).returncode == 0
    consumer.commit({"train.py": "raise SystemExit(1)"})
    done = trial(consumer.root)
    assert done.returncode == 1
    check = margin(consumer)
    assert check["outcome"] == "error"
    assert check["reason"] == "the training did not pass, so there is no candidate of this commit to evaluate"
    judged = subprocess.run(
        [sys.executable, str(SCRIPTS / "command.py"), "judge", "build/seatrial/evaluation.json",
         "build/seatrial/training.json"],
        cwd=consumer.root, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert judged.returncode == 0, judged.stdout + judged.stderr
