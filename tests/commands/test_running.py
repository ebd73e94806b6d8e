"""Real processes: limits, output, and that nobody outlives a command."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from seatrial.commands import running
from seatrial.commands.running import Finished, Limits, Progress, run
from seatrial.errors import BadInput

ENV = {"PATH": os.environ["PATH"]}
MIB = 2**20
# A daemon as a hostile command would start it: forked twice, in its own session, deaf to SIGTERM.
DAEMON = """
import os, signal, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        null = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(null, stream)
        open(sys.argv[1], "w").write(str(os.getpid()))
        time.sleep(60)
    os._exit(0)
while not os.path.exists(sys.argv[1]) or not open(sys.argv[1]).read():
    time.sleep(0.005)
"""


def go(*argv: str, cwd: Path = Path("/"), limits: Limits = Limits(20), **more: object) -> Finished:  # noqa: B008
    return run(argv, cwd=cwd, env=ENV, limits=limits, **more)  # type: ignore[arg-type]


def python(code: str, *argv: str, **more: object) -> Finished:
    return go(sys.executable, "-c", code, *argv, **more)  # type: ignore[arg-type]


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_exit_code_output_and_closed_stdin() -> None:
    lines: list[str] = []
    finished = go("sh", "-c", "echo out; echo err >&2; cat; exit 3", on_line=lines.append)
    assert finished.code == 3
    assert lines == ["out", "err"] == list(finished.log_tail)
    assert finished.stopped is None
    assert not finished.truncated


def test_last_line_without_a_line_break_and_bytes_that_are_not_utf_8() -> None:
    assert go("printf", r"a\r\n\377b").log_tail == ("a", "\ufffdb")


def test_a_daemon_left_by_a_successful_command_is_ended(tmp_path: Path) -> None:
    finished = python(DAEMON, str(tmp_path / "pid"), grace=0.1)
    assert finished.code == 0
    assert finished.survivors == 1
    assert not alive(int((tmp_path / "pid").read_text()))


def test_time_limit_ends_a_daemon_that_ignores_sigterm(tmp_path: Path) -> None:
    code = DAEMON + "\ntime.sleep(60)"
    finished = python(code, str(tmp_path / "pid"), limits=Limits(0.5), grace=0.1)
    assert finished.stopped == "time"
    assert finished.code == -signal.SIGTERM
    assert finished.seconds < 10
    assert not alive(int((tmp_path / "pid").read_text()))


def test_memory_limit_counts_all_descendants() -> None:
    child = "b = bytearray(100 * 2**20); b[::4096] = b'x' * len(b[::4096]); import time; time.sleep(30)"
    parent = (
        "import subprocess, sys\n"
        f"started = [subprocess.Popen([sys.executable, '-c', {child!r}]) for _ in range(3)]\n"
        "[process.wait() for process in started]\n"
    )
    finished = python(parent, limits=Limits(20, memory=200 * MIB))
    assert finished.stopped == "memory"
    assert finished.peak_memory > 200 * MIB


def test_memory_limit_on_one_process_and_none_below_it() -> None:
    code = "b = bytearray(300 * 2**20); b[::4096] = b'x' * len(b[::4096]); import time; time.sleep(0.3)"
    assert python(code, limits=Limits(20, memory=150 * MIB)).stopped == "memory"
    finished = python(code, limits=Limits(20, memory=800 * MIB))
    assert (finished.stopped, finished.code) == (None, 0)
    assert 300 * MIB < finished.peak_memory < 400 * MIB


def test_pages_shared_by_forks_count_once() -> None:
    code = (
        "import os, time\n"
        "b = bytearray(100 * 2**20); b[::4096] = b'x' * len(b[::4096])\n"
        "for _ in range(4):\n"
        "    if os.fork() == 0: time.sleep(0.3); os._exit(0)\n"
        "time.sleep(0.3)\n"
    )
    assert python(code, limits=Limits(20, memory=250 * MIB)).stopped is None


def test_fifty_megabytes_of_output_are_cut_and_the_tail_kept() -> None:
    lines: list[str] = []
    code = "for n in range(500_000): print(f'{n:099d}')"
    finished = python(code, limits=Limits(20, output=1_000_000), on_line=lines.append)
    assert finished.truncated
    assert sum(map(len, lines)) < 1_100_000
    assert lines[-1] == "[the output is longer than 1,000,000 bytes; the rest is not shown]"
    assert len(finished.log_tail) == 20
    assert finished.log_tail[-1] == f"{499_999:099d}"


def test_memory_that_is_given_back_before_anybody_looks_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "_WEIGH_EVERY", 60.0)
    monkeypatch.setattr(running, "_SELDOMEST", 60.0)
    finished = python("len(b'x' * 600_000_000)", limits=Limits(20, memory=500 * MIB))
    assert finished.stopped == "memory"
    assert finished.peak_memory > 500 * MIB
    assert python("len(b'x' * 100_000_000)", limits=Limits(20, memory=500 * MIB)).stopped is None


def test_exit_codes_are_told_though_whoever_started_us_ignores_the_end_of_children() -> None:
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        assert go("sh", "-c", "exit 3").code == 3
    finally:
        signal.signal(signal.SIGCHLD, before)


def test_one_endless_line_takes_no_memory_of_ours() -> None:
    finished = go("sh", "-c", "head -c 30000000 /dev/zero | tr '\\0' x; echo; echo end")
    assert finished.log_tail[-1] == "end"
    assert all(len(line) <= 10_000 for line in finished.log_tail)


def test_a_bounded_swarm_of_processes_is_ended() -> None:
    code = (
        "import os, time\n"
        "for _ in range(4):\n"
        "    os.fork()\n"  # 16 in all
        "os.setsid() if os.getpid() != os.getsid(0) else None\n"
        "time.sleep(60)\n"
    )
    before = children()
    assert python(code, limits=Limits(0.5), grace=0.2).stopped == "time"
    assert children() == before


def test_processes_of_others_are_left_alone() -> None:
    with subprocess.Popen(["sleep", "60"]) as other:
        go("true")
        assert other.poll() is None
        other.kill()


def test_sigterm_ends_the_commands_processes_too(tmp_path: Path) -> None:
    """A cancelled job: our own process is told to end while a command runs."""
    ours = (
        "import sys; sys.path[:0] = sys.argv[1].split(':')\n"
        "from pathlib import Path\n"
        "from seatrial.commands.running import run, Limits\n"
        f"code = {DAEMON + 'time.sleep(60)'!r}\n"
        "argv = [sys.executable, '-c', code, sys.argv[2]]\n"
        "run(argv, cwd=Path('/'), env={}, limits=Limits(50), grace=0.1)\n"
    )
    pid = tmp_path / "pid"
    with subprocess.Popen([sys.executable, "-c", ours, ":".join(sys.path), str(pid)]) as process:
        wait_for(lambda: pid.exists() and pid.read_text() != "")
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 143
    assert not alive(int(pid.read_text()))


def test_commands_of_two_threads_take_turns() -> None:
    found: list[Finished] = []
    threads = [threading.Thread(target=lambda: found.append(go("sh", "-c", "sleep 0.1"))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [finished.code for finished in found] == [0, 0]


def test_a_program_that_is_missing_or_not_executable(tmp_path: Path) -> None:
    (tmp_path / "script").write_text("echo")
    with pytest.raises(BadInput, match="there is no program no-such-program on the PATH; install it"):
        go("no-such-program")
    with pytest.raises(BadInput, match=r"cannot be run .Permission denied.; check that it is executable"):
        go(str(tmp_path / "script"))
    with pytest.raises(BadInput, match=r"the folder .* to run in does not exist"):
        go("true", cwd=tmp_path / "none")


def test_the_environment_is_the_one_given() -> None:
    assert go("env").log_tail == (f"PATH={ENV['PATH']}",)


def children() -> set[str]:
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())


def wait_for(condition: object) -> None:
    end = time.monotonic() + 10
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.01)


BUSY = "import time\nend = time.process_time() + 0.4\nwhile time.process_time() < end: pass\n"


def test_processor_time_of_the_whole_family_is_counted() -> None:
    alone = python(BUSY)
    assert 0.4 <= alone.processor < 5
    child = "import subprocess, sys\nsubprocess.run([sys.executable, '-c', sys.argv[1]])\n"
    assert python(child, BUSY).processor >= 0.4


def test_processor_time_of_whoever_left_the_family_is_counted(tmp_path: Path) -> None:
    busy = DAEMON.replace("time.sleep(60)", BUSY.replace("\n", "\n        ") + "time.sleep(60)")
    wait = f"{busy}\nwhile not os.path.exists(sys.argv[1] + '.done'): time.sleep(0.005)\n"
    wait = wait.replace("time.sleep(60)", "open(sys.argv[1] + '.done', 'w'); time.sleep(60)")
    finished = python(wait, str(tmp_path / "pid"))
    assert finished.code == 0
    assert finished.survivors == 1
    assert finished.processor >= 0.4


UNTIL = "import os, sys, time\nwhile not os.path.exists(sys.argv[1]): time.sleep(0.005)\n"


def test_processor_time_of_children_that_nobody_waits_for_is_counted_as_far_as_it_was_seen(
    tmp_path: Path,
) -> None:
    """The child ends once it was seen, and its parent does not hear of it."""
    seen = tmp_path / "seen"
    code = (
        "import os, signal, sys, time\nsignal.signal(signal.SIGCHLD, signal.SIG_IGN)\nchild = os.fork()\n"
        "if child == 0:\n    exec(sys.argv[2]); exec(sys.argv[3]); os._exit(0)\n"
        "while os.path.exists(f'/proc/{child}'): time.sleep(0.005)\n"
    )

    def look(progress: Progress) -> None:
        if progress.processor >= 0.4:
            seen.touch()

    assert python(code, str(seen), BUSY, UNTIL, on_quiet=look, quiet=0.01).processor >= 0.4


def test_a_silent_command_is_told_of_again_and_again(tmp_path: Path) -> None:
    told: list[Progress] = []
    enough = tmp_path / "enough"

    def tell(progress: Progress) -> None:
        told.append(progress)
        if len(told) == 3:
            enough.touch()

    assert python(UNTIL, str(enough), on_quiet=tell, quiet=0.01).code == 0
    assert told[2].silent > told[0].silent >= 0.01
    assert told[2].seconds >= told[2].silent
    assert told[2].processes == 1 and told[2].memory > MIB


def test_a_command_that_speaks_is_not() -> None:
    told: list[Progress] = []
    python("for i in range(30): print(i, flush=True)", on_quiet=told.append, quiet=20.0)
    assert told == []


def test_a_gigabyte_of_output_is_cut_and_waited_for() -> None:
    lines: list[str] = []
    code = "import sys\nfor _ in range(1024): sys.stdout.buffer.write((b'y' * 1023 + b'\\n') * 1024)"
    finished = python(code, on_line=lines.append, limits=Limits(120, output=100_000))
    assert (finished.code, finished.truncated) == (0, True)
    assert len(lines) < 200 and len(finished.log_tail) == 20
