"""F01, F03, F04: a step is cancelled, or its job's time is up; what it started ends with it."""

import json
import os
import signal
import socket
import subprocess
from pathlib import Path

import pytest
from cancelling import alive, cancel, until
from flights import FILES, policy
from playing import NO_TOKEN, PATIENCE, PYTHON, SCRIPTS, Steps, has_pip

# A daemon that left its session, and a command: neither hears what it is asked.
STUBBORN = """\
import json, os, pathlib, signal, time

out = pathlib.Path(os.environ["OUT"])
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        (out / "daemon").write_text(str(os.getpid()))
        while True:
            with open(out / "written", "a") as file:
                file.write(".")
            time.sleep(0.01)
    os._exit(0)
os.wait()
while not (out / "written").exists():
    time.sleep(0.01)
STAYS
"""
STAYS = """\
(out / "command.part").write_text(str(os.getpid()))
(out / "command.part").rename(out / "command")
time.sleep(600)
"""
COMMAND = "python3 stubborn.py"
PREDICTS = policy(candidate=f"predict: {COMMAND} {{data}} {{out}}")
# Each action that runs a command of the team's, and a policy that makes it do so.
ACTIONS = {
    "lint": policy(f"lint: [{COMMAND}]"),
    "prepare": policy(f"prepare: {{run: {COMMAND}, time: 5m}}"),
    "predict": PREDICTS,
    "evaluate": PREDICTS,
    "smoke_train": policy(f"train: {{smoke: {{run: {COMMAND}, model: m.bin, time: 5m}}}}"),
    "trial": policy(f"lint: [{COMMAND}]"),
}


def opened(folder: Path, text: str, stays: str = STAYS) -> Steps:
    steps = Steps(folder)
    script = STUBBORN.replace("STAYS\n", stays)
    steps.open({**FILES, "seatrial.yml": text, "stubborn.py": script}, {"README.md": "x"})
    return steps


@pytest.mark.parametrize("action", ACTIONS)
def test_f01_a_cancelled_action_ends_at_the_first_signal_with_all_that_it_started(
    tmp_path: Path, action: str
) -> None:
    steps = opened(tmp_path, ACTIONS[action])
    process = steps.start(action, NO_TOKEN, OUT=str(tmp_path))
    assert until(lambda: (tmp_path / "command").exists() or process.poll() is not None)
    assert process.poll() is None, process.communicate()[0]
    pids = [int((tmp_path / name).read_text()) for name in ("command", "daemon")]
    assert all(map(alive, pids))
    assert cancel(process.pid) is signal.SIGINT, "only later in the ladder"
    ended = steps.ended(process)
    assert not any(map(alive, pids))
    assert ended.code == 130
    assert len(ended.errors) == 1 and "cancelled" in ended.errors[0], ended.log
    assert "verdict" not in ended.outputs and "predictions-sha256" not in ended.outputs
    assert "Traceback" not in ended.log
    assert not list(steps.temp.rglob("*.json.*")) and not list(steps.temp.rglob("evaluation.json"))


def test_f03_what_a_command_leaves_running_writes_nothing_after_it(tmp_path: Path) -> None:
    steps = opened(tmp_path, ACTIONS["lint"], "")
    ended = steps.play("lint", OUT=str(tmp_path))
    assert ended.outputs["verdict"] == "passed", ended.log
    assert not alive(int((tmp_path / "daemon").read_text()))


def test_f04_a_commands_own_limit_ends_it_and_is_told(tmp_path: Path) -> None:
    text = policy(f"lint: {{run: [{COMMAND}], time: 1s}}")
    ended = opened(tmp_path, text).play("lint", OUT=str(tmp_path))
    assert (ended.code, ended.outputs["verdict"]) == (1, "failed"), ended.log
    assert "1 s" in ended.summary
    assert not any(alive(int((tmp_path / name).read_text())) for name in ("command", "daemon"))


def test_f04_a_job_that_did_not_succeed_is_no_pass_whatever_it_left(tmp_path: Path) -> None:
    """A job whose time is up is cancelled; its Decisions may all be there, and pass."""
    steps = Steps(tmp_path)
    change = {"candidate.csv": FILES["candidate.csv"] + "\n"}
    steps.open({**FILES, "seatrial.yml": policy("lint: []")}, change)
    inputs = {"plan": steps.play("plan").outputs["plan"], "decisions": str(tmp_path / "left")}
    good: dict[str, dict[str, object]] = {}
    for job, action, gate in (("lint", "lint", "lint"), ("judge", "evaluate", "evaluation")):
        told = steps.play(action).outputs
        assert told["verdict"] == "passed"
        place = tmp_path / "left" / f"seatrial-flight-delay-{gate}-1"
        place.mkdir(parents=True)
        (place / f"{gate}.json").write_bytes(Path(told["decision"]).read_bytes())
        good[job] = {"result": "success", "outputs": {"decision-sha256": told["decision-sha256"]}}
    whole = steps.play("verdict", {**inputs, "results": json.dumps(good)})
    assert (whole.code, whole.outputs["verdict"]) == (0, "passed"), whole.log
    for job, result in (
        ("lint", "cancelled"),
        ("judge", "failure"),
        ("judge", "cancelled"),
        ("judge", "skipped"),
    ):
        results = {**good, job: {**good[job], "result": result}}
        ended = steps.play("verdict", {**inputs, "results": json.dumps(results)})
        assert (ended.code, ended.outputs["verdict"]) == (3, "inconclusive"), ended.log
        assert any(job in line for line in ended.errors)


@pytest.mark.skipif(not has_pip(), reason="this Python has no pip")
def test_f01_a_set_up_that_is_cancelled_leaves_no_installer(tmp_path: Path) -> None:
    """While an index takes the connection and does not answer."""
    with socket.create_server(("127.0.0.1", 0)) as index:
        process = subprocess.Popen(
            [PYTHON, "-I", str(SCRIPTS / "bootstrap.py"), "evaluate", "lint.py"],
            env={
                "PATH": os.environ["PATH"],
                "RUNNER_TEMP": str(tmp_path),
                "PIP_INDEX_URL": f"http://127.0.0.1:{index.getsockname()[1]}/simple",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        index.settimeout(PATIENCE)
        waiting, _ = index.accept()
        with waiting:
            children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
            assert children and all(alive(int(child)) for child in children)
            assert cancel(process.pid) is signal.SIGINT
            said, complained = process.communicate(timeout=PATIENCE)
    assert (process.returncode, complained) == (130, ""), said
    assert len(said.splitlines()) == 1 and "cancelled" in said
    assert not any(alive(int(child)) for child in children)
