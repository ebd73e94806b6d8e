"""Our own scripts as children: what becomes of them is told in words."""

from pathlib import Path

import pytest

from seatrial.commands.running import Limits
from seatrial.commands.workers import WorkerStopped, work


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
