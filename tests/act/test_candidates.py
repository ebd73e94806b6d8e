"""Where predictions come from: a command of the consumer's, and ONNX models that we run."""

from pathlib import Path

import pytest
from acting import TOKEN, ActRun
from flights import FILES, PLAIN, policy
from models import onnx_model
from scenes import Scene
from workflows import job, trial, workflow

pytestmark = pytest.mark.act

PREDICT = """\
import csv, json, os, pathlib, subprocess, sys

model, data, out = sys.argv[1:]
notes = pathlib.Path(os.environ["OUT"]) / os.environ["GITHUB_JOB"]
notes.mkdir(exist_ok=True)
with open(data) as file:
    rows = list(csv.DictReader(file))
(notes / "WHO.json").write_text(json.dumps({"environ": dict(os.environ), "columns": list(rows[0])}))
factor = float(open(model).read())
with open(out, "w") as file:
    file.write("id,score\\n")
    for row in rows:
        file.write(f"{row['id']},{1 / (1 + 2.718 ** (-factor * float(row['wind'])))}\\n")
print("::error::said by the command")
print("::set-output name=verdict::passed")
"""
DAEMON = """
import time
daemon = notes / f"daemon-{os.getpid()}"
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        daemon.write_text(str(os.getpid()))
        os.closerange(0, 3)
        os.execvp("sleep", ["sleep", "600"])
    os._exit(0)
os.wait()
while not daemon.exists() or not daemon.read_text():
    time.sleep(0.01)
"""
COMMAND = "predict: python3 predict.py {model} {data} {out}\n  model: factor.txt"
BUDGETS = "  budgets: {latency_p50: 1s, latency_p95: 2s, size: 1MB}"
TIGHT = "  budgets: {size: 100B}"
ONNX = {"candidate": "model: build/model.onnx\n  features: [wind]"}
FACTOR = {"baseline": "path: old-factor.txt"}
POLICIES = {
    "command": policy(name="command", candidate=COMMAND, baseline="branch: factor.txt"),
    "daemon": policy(name="daemon", candidate=COMMAND.replace("predict.py", "daemon.py"), **FACTOR),
    "crash": policy(name="crash", candidate="predict: python3 crash.py {data} {out}"),
    "privileged": policy(name="privileged", candidate=COMMAND, **FACTOR),
    "onnx_path": policy(BUDGETS, name="onnx_path", baseline="path: build/old.onnx", **ONNX),
    "onnx_branch": policy(name="onnx_branch", baseline="branch: build/model.onnx", **ONNX),
    "onnx_size": policy(TIGHT, name="onnx_size", baseline="", metrics="roc_auc: {min: 0.7}", **ONNX),
    "file_branch": policy(name="file_branch", baseline="branch: candidate.csv"),
}


@pytest.fixture(scope="module")
def posting(shared_scene: Scene) -> list[list[bool]]:
    """Which daemons were alive whenever their own job's comment came in."""
    seen: list[list[bool]] = []

    def look(body: bytes) -> None:
        if b"`daemon`" in body:
            files = (shared_scene.folder / "out" / "daemon").glob("daemon-*")
            seen.append([alive(int(file.read_text())) for file in files])

    shared_scene.github.on_write = look
    return seen


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return "(sleep)" in state and ") Z " not in state


@pytest.fixture(scope="module")
def run(shared_scene: Scene, posting: list[list[bool]]) -> ActRun:
    pytest.importorskip("skl2onnx", reason="ONNX models are made with skl2onnx")
    jobs = {name: job(trial(f"{name}.yml")) for name in POLICIES}
    jobs["privileged"]["env"] = {"ACTIONS_ID_TOKEN_REQUEST_TOKEN": "an identity"}
    sound = onnx_model()
    base = {
        **FILES,
        **{f"{name}.yml": text for name, text in POLICIES.items()},
        "predict.py": PREDICT.replace("WHO", "base"),
        "daemon.py": PREDICT.replace("WHO", "daemon") + DAEMON,
        "crash.py": "raise SystemExit('no such booster')\n",
        "factor.txt": "2.0",
        "old-factor.txt": "2.0",
        "build/model.onnx": sound,
        "build/old.onnx": sound,
        "candidate.csv": PLAIN,
    }
    change = {
        "predict.py": PREDICT.replace("WHO", "candidate"),
        "factor.txt": "2.5",
        "build/model.onnx": onnx_model(upside_down=True),
        "candidate.csv": PLAIN + "\n",
    }
    shared_scene.open(base, change, workflow(**jobs))
    return shared_scene.play()


def test_predict_command(run: ActRun, shared_scene: Scene) -> None:
    """Candidate by the pull request's code and model, baseline by the base's, in one comment."""
    found = run.job("command").step("trial")
    assert (found.code, found.outputs["verdict"]) == (0, "passed")
    assert found.annotations == [], "what a command prints is no annotation"
    assert "| : :error::said by the command" in found.log
    for who in ("candidate", "base"):
        noted = shared_scene.kept(f"command/{who}.json")
        assert noted["columns"] == ["id", "carrier", "wind"], "the label is withheld"
        names = set(noted["environ"])
        assert {"PATH", "GITHUB_SHA", "OUT"} <= names
        assert not names & {"INPUTS", "GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STEP_SUMMARY"}
        assert not any(name.startswith(("SEATRIAL_", "INPUT_", "ACTIONS_")) for name in names)
        assert not any(TOKEN in value for value in noted["environ"].values())
    (body,) = [c.body for c in shared_scene.github.comments if "`command`" in c.body]
    assert "predict.py" in body, "the comment says that the pull request changes what predicts"


def test_nothing_outlives_the_command(run: ActRun, posting: list[list[bool]]) -> None:
    """A daemon of the command is dead before the token is used for posting."""
    assert run.job("daemon").step("trial").code == 0
    assert "left running and have been ended" in run.job("daemon").step("trial").log
    assert posting == [[False, False]], "one of the candidate's command, one of the baseline's"


def test_crash(run: ActRun) -> None:
    found = run.job("crash").step("trial")
    assert (found.code, found.outputs["verdict"]) == (2, "")
    (remark,) = found.annotations
    assert (remark.at["file"], remark.at["line"]) == ("crash.yml", "6")
    assert "exit code 1" in remark.message and "no such booster" in remark.message


def test_privileged_job_runs_no_command(run: ActRun, shared_scene: Scene) -> None:
    """Where an identity token could be asked for, the pull request's code does not start."""
    found = run.job("privileged").step("trial")
    assert (found.code, found.outputs["verdict"]) == (2, "")
    assert "id-token: write" in found.annotations[0].message
    assert not (shared_scene.folder / "out" / "privileged").exists()


def test_onnx_model_against_a_path(run: ActRun, shared_scene: Scene) -> None:
    """A model that says the opposite fails; its budgets are measured, and none of them is exceeded."""
    found = run.job("onnx_path").step("trial")
    assert (found.code, found.outputs["verdict"]) == (1, "failed")
    assert [a.at["line"] for a in found.annotations if a.level == "error"][:1] == ["10"]
    (body,) = [c.body for c in shared_scene.github.comments if "`onnx_path`" in c.body]
    assert any("`size`" in line and "✅" in line for line in body.splitlines())
    for budget in ("latency_p50", "latency_p95"):  # on a machine that stalls they may be undecided
        assert any(f"`{budget}`" in line and "❌" not in line for line in body.splitlines())


def test_onnx_model_against_the_branch(run: ActRun) -> None:
    assert run.job("onnx_branch").step("trial").outputs["verdict"] == "failed"


def test_onnx_model_over_its_budget(run: ActRun) -> None:
    """The size is a check of its own, with its own line."""
    found = run.job("onnx_size").step("trial")
    lines = {a.at["line"]: a.message for a in found.annotations}
    assert found.code == 1
    assert any("size" in message for message in lines.values())


def test_predictions_against_the_branch(run: ActRun) -> None:
    """Equal predictions pass."""
    found = run.job("file_branch").step("trial")
    assert (found.code, found.outputs["verdict"]) == (0, "passed")
    assert "candidate.csv (base)" in found.log or "did not change" in found.outputs["summary"]
