"""A run that is cancelled while the training command runs: nothing of it is left, and it is no pass."""

import signal
from concurrent.futures import ThreadPoolExecutor

import pytest
from acting import ActRun
from cancelling import alive, cancel, until
from published import warm
from scenes import Scene
from teams import BASE, caller

pytestmark = pytest.mark.act

POLICY = """version: 1
model: {name: stubborn, task: binary}
train: {smoke: {run: python3 stubborn.py, model: model.bin, time: 5m}}
"""
# A daemon that left its session, and a command: neither hears what it is asked.
TRAIN = """\
import json, os, pathlib, signal, time

out = pathlib.Path(os.environ["OUT"])
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)
entry = os.getppid()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        (out / "daemon.json").write_text(json.dumps(os.getpid()))
        time.sleep(600)
    os._exit(0)
os.wait()
while not (out / "daemon.json").exists():
    time.sleep(0.01)
(out / "pids.tmp").write_text(json.dumps({"entry": entry, "command": os.getpid()}))
(out / "pids.tmp").rename(out / "pids.json")
time.sleep(600)
"""


def test_a_cancelled_run_leaves_no_process(scene: Scene) -> None:
    scene.act = warm(scene.act, scene.folder / "warm")
    base = {**BASE, "stubborn.yml": POLICY, "stubborn.py": TRAIN}
    scene.open(base, {"README.md": "x"}, caller("stubborn.yml"))
    started = scene.folder / "out" / "pids.json"
    with ThreadPoolExecutor(1) as pool:
        playing = pool.submit(scene.play)
        assert until(lambda: started.exists() or playing.done()) and started.exists()
        pids = {**scene.kept("pids.json"), "daemon": scene.kept("daemon.json")}
        assert all(map(alive, pids.values()))
        upon = cancel(pids["entry"])
        assert upon is not signal.SIGKILL, "it ended by itself, before the runner's patience did"
        assert until(lambda: not any(map(alive, pids.values())), 2.0), "something is left"
        run: ActRun = playing.result()
    assert run.nested("train", "stubborn").result == "failure"
    assert run.nested("result", "stubborn").result == "failure"
    assert not list((scene.folder / "artifacts").rglob("training.json"))
