"""Trained, predicted and judged in three jobs: no command is run where it is judged."""

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
data: {train: data.csv, test: data.csv}
train:
  full: {run: 'python3 train.py {model}', time: 60s}
evaluate:
  label: late
  model: build/model.onnx
  features: [wind]
  baseline: {retrain: true}
  metrics: {roc_auc: {min: 0.7, margin: 0.01}}
"""
TRAIN = """\
import os, pathlib, sys
place = pathlib.Path(sys.argv[1])
place.parent.mkdir(exist_ok=True)
place.write_bytes(pathlib.Path(os.environ["GITHUB_WORKSPACE"], "weights").read_bytes())
"""
REPOSITORY = "acme/late-flights"


class Jobs:
    """Jobs of one run, each with the same checkout, and with what the ones before it told."""

    def __init__(self, consumer: Consumer, base: str, head: str, temp: Path) -> None:
        self.consumer, self.temp = consumer, temp
        about = {"full_name": REPOSITORY}
        pull = {"number": 7, "head": {"sha": head, "ref": "change", "repo": about}}
        pull["base"] = {"sha": base, "ref": "main", "repo": about}
        temp.mkdir()
        (temp / "event.json").write_text(json.dumps({"pull_request": pull, "repository": about}))

    def run(self, script: str, **inputs: str) -> tuple[int, dict[str, str], str]:
        """Exit code, outputs and log of an action's script, without a token."""
        told = self.temp / f"{script}.outputs"
        told.unlink(missing_ok=True)
        environ = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.temp),
            "GITHUB_EVENT_NAME": "pull_request",
            "GITHUB_EVENT_PATH": str(self.temp / "event.json"),
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_RUN_ID": "1",
            "GITHUB_WORKFLOW": "ci",
            "GITHUB_JOB": script,
            "GITHUB_WORKSPACE": str(self.consumer.root),
            "GITHUB_OUTPUT": str(told),
            "RUNNER_TEMP": str(self.temp),
            "INPUTS": json.dumps({name.replace("_", "-"): value for name, value in inputs.items()}),
        }
        done = subprocess.run(
            [sys.executable, str(SCRIPTS / f"{script}.py")],
            cwd=self.consumer.root, env=environ, capture_output=True, text=True, check=False,
        )  # fmt: skip
        lines = told.read_text().splitlines() if told.exists() else []
        pairs = ((lines[at].partition("<<")[0], lines[at + 1]) for at in range(0, len(lines), 3))
        return done.returncode, dict(pairs), done.stdout + done.stderr


@pytest.fixture
def jobs(tmp_path: Path) -> Jobs:
    consumer = Consumer(tmp_path / "consumer")
    files = {"seatrial.yml": POLICY, "train.py": TRAIN, "weights": onnx_model(), "data.csv": flights()}
    base = consumer.commit(files)
    consumer.git("checkout", "-qb", "change")
    head = consumer.commit({"weights": onnx_model(upside_down=True)})
    return Jobs(consumer, base, head, tmp_path / "temp")


def test_what_three_jobs_hand_on_is_judged_without_running_anything(jobs: Jobs) -> None:
    """The model of the change, and that of the base's own training, each by its digest."""
    code, trained, log = jobs.run("smoke_train")
    assert code == 0, log
    assert trained["model"] == str(jobs.consumer.root / "build" / "model.onnx")
    code, made, log = jobs.run("predict")
    assert code == 0, log
    assert {path.name for path in Path(made["predictions"]).iterdir()} == {"baseline.onnx", "manifest.json"}
    model = jobs.temp / "model"
    model.mkdir()
    Path(trained["model"]).rename(model / "model.onnx")
    (jobs.consumer.root / "train.py").write_text("raise SystemExit('run where it is judged')\n")
    handed = {
        "model": str(model),
        "model_sha256": trained["model-sha256"],
        "predictions": made["predictions"],
        "predictions_sha256": made["predictions-sha256"],
    }
    code, told, log = jobs.run("evaluate", **handed)
    assert (code, told["verdict"]) == (1, "failed"), log
    assert "run where it is judged" not in log
    decision = json.loads(Path(told["decision"]).read_bytes())
    assert decision["model"]["digest"] == trained["model-sha256"]
    margin = next(c for c in decision["checks"] if c["id"] == "evaluation/roc_auc/margin")
    assert margin["difference"] < -0.3

    code, told, log = jobs.run("evaluate", **{**handed, "model_sha256": "0" * 64})
    assert (code, told.get("verdict", "")) == (2, ""), log
    assert "model.onnx" in log and "is not what the earlier job made" in log


def test_a_training_that_left_no_model_is_no_pass(jobs: Jobs) -> None:
    code, told, log = jobs.run("evaluate", model_sha256="none")
    assert (code, told["verdict"]) == (3, "inconclusive"), log
    code, made, log = jobs.run("predict", model_sha256="none")
    assert (code, made) == (0, {}), log


PREDICTS = """version: 1
model: {name: late, task: binary}
evaluate:
  data: data.csv
  label: late
  key: id
  predict: [python3, predict.py, "{data}", "{out}"]
  baseline: {branch: predict.py}
  metrics: {roc_auc: {margin: 0.01}}
"""
PREDICT = """\
import pathlib, sys
ids = [line.split(",")[0] for line in open(sys.argv[1]).read().splitlines()[1:]]
text = "id,score\\n" + "".join(f"{each},0.5\\n" for each in ids)
for place in pathlib.Path(sys.argv[2]).parent.parent.glob("predict-*/predictions.csv"):
    place.write_text(text)
open(sys.argv[2], "w").write(text)
"""


def test_a_candidate_that_writes_over_the_baselines_predictions_is_refused(tmp_path: Path) -> None:
    consumer = Consumer(tmp_path / "consumer")
    base = consumer.commit({"seatrial.yml": PREDICTS, "predict.py": PREDICT, "data.csv": flights()})
    consumer.git("checkout", "-qb", "change")
    head = consumer.commit({"predict.py": PREDICT.replace("0.5", "0.6")})
    code, made, log = Jobs(consumer, base, head, tmp_path / "temp").run("predict")
    assert (code, made) == (2, {}), log
    assert "changed the baseline's predictions" in log


SCORE = """\
import os, sys
score = open(os.environ["GITHUB_WORKSPACE"] + "/score.txt").read()
with open(sys.argv[1]) as data, open(sys.argv[2], "w") as out:
    out.write("id,score\\n")
    out.writelines(f"{line.split(',')[0]},{score}\\n" for line in list(data)[1:])
"""


def test_the_bases_predict_command_finds_no_file_of_the_change(tmp_path: Path) -> None:
    """Else a change could spoil the baseline that it is held against."""
    consumer = Consumer(tmp_path / "consumer")
    files = {"seatrial.yml": PREDICTS, "predict.py": SCORE, "data.csv": flights(), "score.txt": "0.5"}
    base = consumer.commit(files)
    consumer.git("checkout", "-qb", "change")
    head = consumer.commit({"score.txt": "0.1"})
    code, made, log = Jobs(consumer, base, head, tmp_path / "temp").run("predict")
    assert code == 0, log
    folder = Path(made["predictions"])
    scores = {
        name: (folder / f"{name}.csv").read_text().splitlines()[1] for name in ("candidate", "baseline")
    }
    assert scores == {"candidate": "0,0.1", "baseline": "0,0.5"}


PREPARES = """version: 1
model: {name: late, task: binary}
prepare: {run: [python3, fetch.py]}
evaluate: {label: late, data: rows/data.csv, key: id, predictions: p.csv, metrics: {roc_auc: {min: 0.7}}}
"""
FETCH = "import os; os.makedirs('rows', exist_ok=True); open('rows/data.csv', 'w').write('of the base')\n"


@pytest.mark.parametrize("way", ["file", "link", "folder", "file above", "link above"])
def test_labelled_rows_come_from_the_base_whatever_lies_in_their_way(tmp_path: Path, way: str) -> None:
    consumer = Consumer(tmp_path / "consumer")
    base = consumer.commit({"seatrial.yml": PREPARES, "fetch.py": FETCH})
    consumer.git("checkout", "-qb", "change")
    rows = consumer.root / "rows"
    files: dict[str, str | bytes | None] = {
        "fetch.py": "raise SystemExit('of the change')\n",
        "mine/data.csv": "1",
    }
    if way.startswith("file"):
        files["rows" if "above" in way else "rows/data.csv"] = "1"
    elif way == "folder":
        files["rows/data.csv/x"] = "1"
    elif way == "link":
        rows.mkdir()
        (rows / "data.csv").symlink_to("../mine/data.csv")
    else:
        rows.symlink_to("mine")
    jobs = Jobs(consumer, base, consumer.commit(files), tmp_path / "temp")
    code, _, log = jobs.run("prepare", reviewed="true")
    assert "of the change" not in log and (consumer.root / "mine" / "data.csv").read_text() == "1"
    if way in ("file", "link"):
        assert code == 0, log
        assert (rows / "data.csv").read_text() == "of the base" and not (rows / "data.csv").is_symlink()
    else:
        assert code == 2 and "rows/data.csv" in log, log


def test_the_bases_command_finds_no_file_of_the_change(tmp_path: Path) -> None:
    """It looks for its own by the workspace, where a runner says that the checkout is."""
    fetch = FETCH.replace("'of the base'", "open(os.environ['GITHUB_WORKSPACE'] + '/from.txt').read()")
    assert fetch != FETCH
    consumer = Consumer(tmp_path / "consumer")
    base = consumer.commit({"seatrial.yml": PREPARES, "fetch.py": fetch, "from.txt": "of the base\n"})
    consumer.git("checkout", "-qb", "change")
    jobs = Jobs(consumer, base, consumer.commit({"from.txt": "of the change\n"}), tmp_path / "temp")
    code, _, log = jobs.run("prepare", reviewed="true")
    assert code == 0, log
    assert (consumer.root / "rows" / "data.csv").read_text() == "of the base\n"
