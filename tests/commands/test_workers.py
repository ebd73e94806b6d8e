"""Our own scripts as children: what becomes of them is told in words."""

import os
import select
import subprocess
import sys
from pathlib import Path

import pytest

from seatrial.commands.running import Limits
from seatrial.commands.workers import WorkerStopped, work

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


def answer(tmp_path: Path, code: str, limits: Limits = Limits(20)) -> object:  # noqa: B008
    script = tmp_path / "script.py"
    script.write_text("import json, os, signal, sys\nos.chdir(sys.argv[1])\n" + code)
    (tmp_path / "work").mkdir(exist_ok=True)
    return work(script, {"a": [1, None]}, folder=tmp_path / "work", limits=limits)


def test_request_and_reply(tmp_path: Path) -> None:
    code = "json.dump({'got': json.load(open('request.json'))}, open('reply.json', 'w'))"
    assert answer(tmp_path, code) == {"got": {"a": [1, None]}}


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("os.kill(os.getpid(), signal.SIGSEGV)", "crashed (SIGSEGV)"),
        ("open('reply.json', 'w').write('{}'); os.abort()", "crashed (SIGABRT)"),
        ("print('native message', flush=True); os._exit(7)", "ended with exit code 7: native message"),
        ("open('reply.json', 'w').write('{')", "ended with exit code 0"),
        ("while True: pass", "did not end within 0.5 s"),
    ],
)
def test_a_child_that_crashes_or_loops_has_no_reply(tmp_path: Path, code: str, said: str) -> None:
    with pytest.raises(WorkerStopped) as caught:
        answer(tmp_path, code, Limits(0.5))
    assert str(caught.value) == said


def test_nothing_of_the_working_folder_or_environment_is_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit(9)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("SECRET", "s")
    code = "json.dump({'secret': os.environ.get('SECRET')}, open('reply.json', 'w'))"
    assert answer(tmp_path, code) == {"secret": None}


def test_a_child_ends_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    """However the parent ends, nothing goes on reading the data."""
    child = tmp_path / "child.py"
    child.write_text(
        f"import os, sys\nfrom pathlib import Path\nsys.path.append({str(SCRIPTS)!r})\n"
        "from seatrial.commands.workers import request_of\nrequest_of(Path(sys.argv[1]))\n"
        f"open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid()))\nwhile True: pass\n"
    )
    os.mkfifo(tmp_path / "pid")
    (tmp_path / "work").mkdir()
    parent = (
        f"import sys\nfrom pathlib import Path\nsys.path.append({str(SCRIPTS)!r})\n"
        "from seatrial.commands.running import Limits\nfrom seatrial.commands.workers import work\n"
        f"work(Path({str(child)!r}), {{}}, folder=Path({str(tmp_path / 'work')!r}), limits=Limits(60))\n"
    )
    with subprocess.Popen([sys.executable, "-c", parent]) as running:
        pid = int((tmp_path / "pid").read_text())
        handle = os.pidfd_open(pid)
        running.kill()
    ended, _, _ = select.select([handle], [], [], 20)
    os.close(handle)
    assert ended
