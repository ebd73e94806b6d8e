"""A consumer's command may edit files of ours; nothing of ours is read from disk after it has run."""

import subprocess
import sys
from pathlib import Path

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

PREDICT = """\
import sys
print("running", flush=True)
lines = open(sys.argv[1]).read().split()[1:]
with open(sys.argv[2], "w") as out:
    out.write("id,score\\n" + "".join(f"{line},{int(line) / 400}\\n" for line in lines))
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


def test_nothing_of_ours_is_imported_after_the_command_ran(tmp_path: Path) -> None:
    (tmp_path / "seatrial.yml").write_text(POLICY)
    (tmp_path / "predict.py").write_text(PREDICT)
    (tmp_path / "rows.csv").write_text("id,y\n" + "".join(f"{i},{int(i > 150)}\n" for i in range(400)))
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
