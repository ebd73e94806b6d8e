"""A consumer's command may edit files of ours; nothing of ours is read from disk after it has run."""

import subprocess
import sys
from pathlib import Path

import pytest
from models import onnx_model

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"

POLICY = """\
version: 1
model: {name: m, task: binary}
evaluate:
  data: rows.csv
  label: y
  key: id
  predict: python3 predict.py {data} {out}
  metrics: {roc_auc: {min: 0.5}}
"""

TRAINED = (
    POLICY
    + """\
data: {train: rows.csv}
train:
  smoke: {run: "python3 train.py {model} {metrics}", model: small.onnx, metrics: m.json}
  full: {run: "python3 train.py {model} {metrics}", model: model.onnx, metrics: m.json}
"""
)

LINTED = """\
version: 1
model: {name: m, task: binary}
lint: ["python3 -c 'print(1)'"]
"""
CHECKED = "data: {train: rows.csv, columns: {id: {type: integer}, y: {one_of: ['0', '1']}, X: {}}}\n"

TRAIN = """\
import sys
print("running", flush=True)
open(sys.argv[1], "wb").write(open("weights", "rb").read())
open(sys.argv[2], "w").write('{"loss": 1}')
"""

PREDICT = """\
import sys
print("running", flush=True)
ids = [line.split(",")[0] for line in open(sys.argv[1]).read().split()[1:]]
with open(sys.argv[2], "w") as out:
    out.write("id,score\\n" + "".join(f"{each},{int(each) / 400}\\n" for each in ids))
"""

WATCH = """\
import sys, tempfile
from pathlib import Path
from seatrial.forge.event import Subject
from seatrial.forge.runner import Runner
from seatrial.trial import publishing
from seatrial.trial.call import Call
from seatrial.trial.entry import context_of
from seatrial.trial.run import run_trial

before = set()
root = Path.cwd()
subject = Subject("a/b", "local", "", 0, 1, "w", "j", "", "")
out = Path(tempfile.mkdtemp())
gates = tuple(sys.argv[2:])
call = Call(root, out, out, "seatrial.yml", gates, subject, None, {"PATH": sys.argv[1]},
            on_line=lambda line: before.update(sys.modules))
tried = run_trial(call)
context = context_of(tried, subject)
runner = Runner({"GITHUB_ACTIONS": "true"})
publishing.announce(runner, tried.decisions, context)
written = publishing.write(out, tried.decisions, tried.pictures, context)
publishing.tell(runner, tried.decisions, written, context)
assert before, "the command did not run"
later = {name.split(".")[0] for name in set(sys.modules) - before} - set(sys.stdlib_module_names)
print("LATER", sorted(later), sorted(set(sys.modules) - before))
"""


PREDICTING = """\
import sys
from dataclasses import replace
from pathlib import Path
from seatrial.forge.event import Subject
from seatrial.policy import parse
from seatrial.trial.call import Call
from seatrial.trial.evaluation.predicting import predict_both

before = set()
root = Path.cwd()
subject = Subject("a/b", "local", "", 0, 1, "w", "j", "", "")
call = Call(root, root / "out", root / "scratch", "seatrial.yml", (), subject, None, {"PATH": sys.argv[1]},
            on_line=lambda line: before.update(sys.modules))
call.out.mkdir()
call.scratch.mkdir()
found = predict_both(parse((root / "seatrial.yml").read_bytes(), "seatrial.yml"), call, call.out)
assert before, "the command did not run"
later = {name.split(".")[0] for name in set(sys.modules) - before} - set(sys.stdlib_module_names)
print("LATER", sorted(later), sorted(set(sys.modules) - before))
print("PASSED" if found.sha256 else "nothing")
"""
LINTED_TRAINED = LINTED + CHECKED + TRAINED.partition("binary}\n")[2].replace("data: {train: rows.csv}\n", "")


@pytest.mark.parametrize(
    ("policy", "gates", "watch"),
    [
        (POLICY, (), WATCH),
        (TRAINED, (), WATCH),
        (TRAINED.replace("predict: python3 predict.py {data} {out}", "model: model.onnx"), (), WATCH),
        (LINTED, (), WATCH),
        (LINTED + CHECKED, (), WATCH),
        (LINTED + POLICY.partition("binary}\n")[2], (), WATCH),
        (LINTED_TRAINED, (), WATCH),
        (LINTED_TRAINED, ("lint",), WATCH),
        (LINTED_TRAINED, ("training",), WATCH),
        (LINTED_TRAINED, ("evaluation",), WATCH),
        (POLICY, (), PREDICTING),
    ],
    ids=[
        "predict", "train", "train-onnx", "lint", "lint-data", "lint-predict", "all", "lint-alone",
        "training-alone", "evaluation-alone", "predict-alone",
    ],
)  # fmt: skip
def test_nothing_of_ours_is_imported_after_the_command_ran(
    tmp_path: Path, policy: str, gates: tuple[str, ...], watch: str
) -> None:
    (tmp_path / "seatrial.yml").write_text(policy)
    (tmp_path / "train.py").write_text(TRAIN)
    (tmp_path / "weights").write_bytes(onnx_model())
    (tmp_path / "predict.py").write_text(PREDICT)
    rows = (f"{i},{int(i > 150)},{(i - 150) / 60}\n" for i in range(400))
    (tmp_path / "rows.csv").write_text("id,y,X\n" + "".join(rows))
    (tmp_path / "watch.py").write_text(watch)
    done = subprocess.run(
        [sys.executable, "watch.py", str(Path(sys.executable).parent), *gates],
        cwd=tmp_path,
        env={"PYTHONPATH": str(SCRIPTS), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "LATER []" in done.stdout, done.stdout + done.stderr
    assert "PASSED" in done.stdout
