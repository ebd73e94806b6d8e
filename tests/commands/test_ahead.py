"""A child that is started before it is asked: the same limits, the same words, and nobody left behind."""

import os
import select
import subprocess
import sys
from pathlib import Path

import pytest

from seatrial.commands.ahead import Ahead
from seatrial.commands.running import Limits
from seatrial.commands.workers import WorkerStopped, work

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
PRELUDE = (
    f"import os, signal, sys\nsys.path.append({str(SCRIPTS)!r})\n"
    "from seatrial.commands.workers import folder_of, is_idle, reply, request_of\n"
)
ANSWERS = "folder = folder_of(sys.argv)\nreply(folder, {'got': request_of(folder), 'in': os.getcwd()})\n"


def script(folder: Path, code: str) -> Path:
    (folder / "work").mkdir(exist_ok=True)
    (folder / "script.py").write_text(PRELUDE + code)
    return folder / "script.py"


def asked(folder: Path, child: Path, ahead: Ahead, limits: Limits = Limits(20)) -> object:  # noqa: B008
    return work(child, {"a": [1, None]}, folder=folder / "work", limits=limits, ahead=ahead)


@pytest.fixture
def told(tmp_path: Path) -> Path:
    """Where a child says what it has to say, and is waited for."""
    os.mkfifo(tmp_path / "told")
    return tmp_path / "told"


def ends(handle: int) -> bool:
    found, _, _ = select.select([handle], [], [], 20)
    os.close(handle)
    return bool(found)


def test_the_child_that_is_there_answers_once(tmp_path: Path) -> None:
    child = script(tmp_path, f"open({str(tmp_path / 'begun')!r}, 'a').write('x')\n" + ANSWERS)
    expected = {"got": {"a": [1, None]}, "in": str(tmp_path / "work")}
    with Ahead(str(child), {}) as ahead:
        assert asked(tmp_path, child, ahead) == expected
        assert (tmp_path / "begun").read_text() == "x"
        assert asked(tmp_path, child, ahead) == expected  # by one that is started for it
        assert (tmp_path / "begun").read_text() == "xx"


def test_it_does_what_it_can_while_nothing_is_asked(tmp_path: Path, told: Path) -> None:
    child = script(tmp_path, f"open({str(told)!r}, 'w').write(str(is_idle(sys.argv)))\n" + ANSWERS)
    with Ahead(str(child), {}) as ahead:
        assert told.read_text() == "True"
        asked(tmp_path, child, ahead)


@pytest.mark.parametrize(
    ("code", "limits", "said"),
    [
        ("signal.pause()", Limits(0.5), "did not end within 0.5 s"),
        (
            "b = bytearray(300 * 2**20); b[::4096] = b'x' * len(b[::4096])\nsignal.pause()",
            Limits(60, memory=150 * 2**20),
            "took more than 150 MiB of memory",
        ),
        ("os.kill(os.getpid(), signal.SIGSEGV)", Limits(20), "crashed (SIGSEGV)"),
        ("print('a message', flush=True); os._exit(7)", Limits(20), "ended with exit code 7: a message"),
    ],
)
def test_limits_and_crashes_are_told_as_of_any_child(
    tmp_path: Path, code: str, limits: Limits, said: str
) -> None:
    child = script(tmp_path, "signal.alarm(20)\nfolder_of(sys.argv)\n" + code)
    with Ahead(str(child), {}) as ahead, pytest.raises(WorkerStopped) as caught:
        asked(tmp_path, child, ahead, limits)
    assert str(caught.value) == said


def test_one_that_has_ended_before_it_is_asked_is_a_crash(tmp_path: Path, told: Path) -> None:
    child = script(tmp_path, f"open({str(told)!r}, 'w').write(str(os.getpid()))\nos._exit(7)")
    with Ahead(str(child), {}) as ahead:
        handle = os.pidfd_open(int(told.read_text()))
        assert ends(handle)
        with pytest.raises(WorkerStopped, match=r"^ended with exit code 7$"):
            asked(tmp_path, child, ahead)


def test_one_that_nobody_asks_is_ended(tmp_path: Path, told: Path) -> None:
    deaf = "signal.alarm(20)\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    child = script(tmp_path, f"{deaf}open({str(told)!r}, 'w').write(str(os.getpid()))\nsignal.pause()")
    with Ahead(str(child), {}):
        pid = int(told.read_text())
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_it_ends_with_a_parent_that_is_killed_before_it_asks(tmp_path: Path, told: Path) -> None:
    child = script(tmp_path, f"open({str(told)!r}, 'w').write(str(os.getpid()))\n" + ANSWERS)
    parent = (
        f"import signal, sys\nsys.path.append({str(SCRIPTS)!r})\n"
        f"from seatrial.commands.ahead import Ahead\nahead = Ahead({str(child)!r}, {{}})\nsignal.pause()\n"
    )
    with subprocess.Popen([sys.executable, "-c", parent]) as running:
        handle = os.pidfd_open(int(told.read_text()))
        running.kill()
    assert ends(handle)


def test_where_it_cannot_be_started_one_is_started_when_it_is_needed(tmp_path: Path) -> None:
    child = script(tmp_path, ANSWERS)
    with Ahead(str(child), {"LONG": "x" * 2**20}) as ahead:  # longer than the kernel takes
        assert asked(tmp_path, child, ahead) == {"got": {"a": [1, None]}, "in": str(tmp_path / "work")}
