"""A cancelled step: the runner sends SIGINT, then SIGTERM after 7.5 s, then kills; nobody may be left."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import training_scripts as scripts

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
POLICY = """version: 1
model: {name: m, task: binary}
train:
  smoke: {run: 'python3 train.py {seed} {model} {metrics}', model: m.bin, metrics: m.json, time: 5m}
"""


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[0] != b"Z"
    except OSError:
        return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_f01_a_cancelled_training_leaves_no_process_and_no_verdict(
    tmp_path: Path, number: signal.Signals
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "train.csv").write_text("a\n1\n")
    (tmp_path / "seatrial.yml").write_text(POLICY)
    deaf = "signal.signal(signal.SIGTERM, signal.SIG_IGN)\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
    busy = f"{deaf}put(os.environ['OUT'] + '/parent', str(os.getpid()))\ntime.sleep(600)\n"
    (tmp_path / "train.py").write_text(scripts.DAEMON.rpartition("done()")[0] + busy)
    with subprocess.Popen(
        [sys.executable, str(SCRIPTS / "command.py"), "smoke-train"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "OUT": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        give_up = time.monotonic() + 60
        while not (tmp_path / "parent").exists() or not (tmp_path / "parent").read_text():
            assert time.monotonic() < give_up and process.poll() is None
            time.sleep(0.02)
        pids = [int((tmp_path / name).read_text()) for name in ("parent", "daemon")]
        assert all(map(alive, pids))
        process.send_signal(number)
        output, _ = process.communicate(timeout=60)
    assert process.returncode not in (0, 1)
    assert not any(map(alive, pids)), output
    assert not (tmp_path / "build" / "seatrial" / "training.json").exists()
