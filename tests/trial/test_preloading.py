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
call = Call(root, out, out, "seatrial.yml", (), subject, None, {"PATH": sys.argv[1]},
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


@pytest.mark.parametrize(
    "policy",
    [
        POLICY,
        TRAINED,
        TRAINED.replace("predict: python3 predict.py {data} {out}", "model: model.onnx"),
        LINTED,
        LINTED + CHECKED,
        LINTED + POLICY.partition("binary}\n")[2],
    ],
    ids=["predict", "train", "train-onnx", "lint", "lint-data", "lint-predict"],
)
def test_nothing_of_ours_is_imported_after_the_command_ran(tmp_path: Path, policy: str) -> None:
    (tmp_path / "seatrial.yml").write_text(policy)
    (tmp_path / "train.py").write_text(TRAIN)
    (tmp_path / "weights").write_bytes(onnx_model())
    (tmp_path / "predict.py").write_text(PREDICT)
    rows = (f"{i},{int(i > 150)},{(i - 150) / 60}\n" for i in range(400))
    (tmp_path / "rows.csv").write_text("id,y,X\n" + "".join(rows))
    watch = tmp_path / "watch.py"
    watch.write_text(WATCH)
    done = subprocess.run(
        [sys.executable, str(watch), str(Path(sys.executable).parent)],
        cwd=tmp_path,
        env={"PYTHONPATH": str(SCRIPTS), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "LATER []" in done.stdout, done.stdout + done.stderr
    assert "PASSED" in done.stdout
