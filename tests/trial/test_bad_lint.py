"""Repositories, names, commands and outputs that attack the lint gate, or are only broken."""

import contextlib
import io
import json
import os
import sys
import zlib
from datetime import date
from pathlib import Path

import pytest
from linted import HEAD, TOKEN, Play

from seatrial.decision import Outcome, PolicySource
from seatrial.errors import COULD_NOT_DECIDE, GATE_SAID_NO, PASSED, BadInput, CouldNotDecide
from seatrial.forge.contents import FirstOf
from seatrial.forge.event import Subject
from seatrial.forge.runner import Runner
from seatrial.policy import parse
from seatrial.report.annotations import MOST_PER_LEVEL, annotations, command
from seatrial.report.markdown import comment
from seatrial.trial.call import Call
from seatrial.trial.lint.built_in import built_in
from seatrial.trial.lint.files import tree_of
from seatrial.trial.lint.gate import lint
from seatrial.trial.lint.kinds import WHOLE
from seatrial.trial.run import run_trial

PYTHON = sys.executable
NAMES = [
    b"new\nline.py",
    b"::error file=x::owned.py",
    b"bad\xff\xfebytes.py",
    "\u202eevil.py".encode(),
    b"a" * 250 + b".py",
    b"-rf.py",
    b"a,line=9,b.py",
    b"100% %0A%25.py",
    b"<img src=x>.py",
    b"| a | b |.py",
    b"\x1b[31mred.py",
    b"  spaces  .py",
    b" ",
    b"@acme/owners.py",
]


@pytest.fixture
def play(tmp_path: Path) -> Play:
    (tmp_path / "work").mkdir()
    return Play(tmp_path / "work")


def a_call(play: Play, event: str = "pull_request", **environ: str) -> Call:
    subject = Subject(
        repository="o/r", event=event, head="", base=None, run_id=0, attempt=1, workflow="w", job="j",
        server_url="", api_url="", dirty=False,
    )  # fmt: skip
    scratch = play.folder.parent / "scratch"
    scratch.mkdir(exist_ok=True)
    return Call(
        root=play.folder.resolve(), out=scratch, scratch=scratch, policy="seatrial.yml", gates=("lint",),
        subject=subject, source=FirstOf([]), environ={**play.environ, **environ},
    )  # fmt: skip


@pytest.mark.parametrize("name", NAMES, ids=repr)
def test_file_names_of_every_kind_are_one_visible_line(name: bytes, play: Play) -> None:
    play.write(name, TOKEN.encode())
    assert play.code(" []") == GATE_SAID_NO
    ((shown, line),) = play.places("secrets")
    assert line == 1 and shown.isprintable() and len(shown) <= 300
    (told,) = annotations([play.decision])
    assert "\n" not in command(told) and command(told).count("::") == 2
    assert "\x1b" not in comment([play.decision]) and "<img" not in comment([play.decision])


def test_all_names_at_once_are_found(play: Play) -> None:
    for name in NAMES:
        play.write(name, TOKEN.encode())
    assert play.code(" []") == GATE_SAID_NO
    assert play.check("secrets").evidence["found"] == len(NAMES)
    assert len(annotations([play.decision])) == MOST_PER_LEVEL


@pytest.mark.parametrize(
    ("file", "data", "check", "told"),
    [
        ("n.ipynb", b"{", "notebook_outputs", "this is no JSON"),
        ("n.ipynb", b"[" * 200_000, "notebook_order", "this is no JSON"),
        ("n.ipynb", b"{}", "notebook_order", "this is no notebook"),
        (".github/workflows/w.yml", b"jobs: [", "unpinned_actions", "mend the YAML"),
        (
            ".github/workflows/w.yml",
            b"a: &a [*a, *a]\njobs: *b",
            "unpinned_actions",
            "an alias that stands for more",
        ),
        (".github/workflows/w.yml", b"\xff", "unpinned_actions", "is not UTF-8"),
        ("action.yml", b"x" * 600_000, "unpinned_actions", "has more than 524,288 bytes"),
        ("requirements.txt", b"\x00\xff\n", "unpinned_requirements", "is no requirement that can be read"),
        (
            "requirements.txt",
            b"<<<<<<< HEAD\n",
            "unpinned_requirements",
            "is no requirement that can be read",
        ),
    ],
)
def test_files_that_cannot_be_read_as_what_they_are_called(
    file: str, data: bytes, check: str, told: str, play: Play
) -> None:
    play.write(file, data)
    assert play.code(" []") == GATE_SAID_NO
    assert told in str(play.check(check).reason)


def test_notebook_that_is_too_large_is_no_pass(play: Play) -> None:
    play.write("n.ipynb", b" " * (WHOLE + 1))
    assert play.code(" {file_size: 1GB}") == COULD_NOT_DECIDE
    found = play.check("notebook_outputs")
    assert found.outcome is Outcome.INCONCLUSIVE
    assert "1 file could not be looked at: n.ipynb: it has more than 32 MiB" in str(found.reason)


HEAVY = b"a: '" + b"," * 100_000 + b"'\n"  # of 900,000, and 16 MiB are read of all workflows


def test_workflows_after_so_many_that_lint_stops_reading_are_no_pass(play: Play) -> None:
    for number in range(20):
        play.write(f".github/workflows/{number:02}.yml", HEAVY)
    assert play.code(" []") == COULD_NOT_DECIDE
    for name in ("unpinned_actions", "unpinned_images"):
        found = play.check(name)
        assert found.outcome is Outcome.INCONCLUSIVE
        assert "nothing in 18 files, but 2 files could not be looked at" in str(found.reason)
        assert "so much of its kind was read before it that lint stopped reading" in str(found.reason)


def test_workflows_that_are_too_heavy_do_not_keep_others_from_being_read(play: Play) -> None:
    for number in range(20):
        play.write(f".github/workflows/{number:02}.yml", b"[" * 500_000)
    play.write(".github/workflows/last.yml", b"jobs: {a: {uses: a/b@v1}}")
    assert play.code(" []") == GATE_SAID_NO
    check = play.check("unpinned_actions")
    assert (check.n, check.value) == (21, 21)
    assert play.places("unpinned_actions")[-1] == (".github/workflows/19.yml", None)


def test_requirements_that_others_name_and_that_cannot_be_read_are_no_pass(play: Play) -> None:
    play.write("requirements.txt", b"-r base.list\n")
    play.write("base.list", b"#" * (WHOLE + 1))
    assert play.code(" {file_size: 1GB}") == COULD_NOT_DECIDE
    assert "base.list: it has more than 32 MiB" in str(play.check("unpinned_requirements").reason)


def test_a_secret_at_the_end_of_a_large_file_is_found(play: Play) -> None:
    play.write("a.csv", b"1,2\n" * (WHOLE // 4 + 1000) + TOKEN.encode())
    assert play.code(" {file_size: 1GB}") == GATE_SAID_NO
    assert play.places("secrets") == [("a.csv", WHOLE // 4 + 1001)]


def test_no_files_at_all_are_no_pass(play: Play) -> None:
    (play.folder / "seatrial.yml").write_text(HEAD)
    policy = parse(HEAD + "lint: []\n")
    play.git("init", "-q")
    decision = lint(policy, PolicySource(ref="main", sha256="0" * 64), a_call(play), date(2026, 1, 1))
    outcomes = {check.metric: check.outcome for check in decision.checks}
    assert outcomes["secrets"] is Outcome.INCONCLUSIVE
    assert outcomes["pickles"] is Outcome.INCONCLUSIVE


def test_index_that_git_cannot_read(play: Play) -> None:
    assert play.code(" []") == PASSED
    (play.folder / ".git" / "index").write_bytes(b"\0" * 99)
    with pytest.raises(CouldNotDecide, match="git cannot list the files"):
        play.code(" []", commit=False)


def test_object_that_git_lacks_is_no_pass(play: Play) -> None:
    path = play.write("config.py", b"x = 1\n")
    assert play.code(" []") == PASSED
    path.unlink()
    for found in (play.folder / ".git" / "objects").glob("??/*"):
        os.chmod(found, 0o600)
        if b"x = 1" in _unpacked(found):
            found.unlink()
    assert play.code(" []", commit=False) == COULD_NOT_DECIDE
    assert "it is not in the checkout, and git has no copy" in str(play.check("secrets").reason)


def _unpacked(path: Path) -> bytes:
    return zlib.decompress(path.read_bytes())


def test_pipe_in_the_place_of_a_file_does_not_hang(play: Play) -> None:
    path = play.write("config.py", TOKEN.encode())
    assert play.code(" []") == GATE_SAID_NO
    path.unlink()
    os.mkfifo(path)
    assert play.code(" []", commit=False) == GATE_SAID_NO  # what git holds is read


def test_config_of_the_checkout_runs_nothing(play: Play) -> None:
    """fsmonitor, filters and external diffs are commands that a checkout can name."""
    ran = play.folder.parent / "ran"
    play.write(".gitattributes", b"* filter=evil diff=evil\n")
    play.write("a.txt", b"x\n")
    assert play.code(" []") == PASSED
    for name in ("core.fsmonitor", "filter.evil.clean", "filter.evil.smudge", "diff.evil.textconv"):
        play.git("config", name, f"touch {ran}")
    play.write("a.txt", TOKEN.encode())
    tree = tree_of(play.folder, play.environ["PATH"])
    found = dict(built_in(tree, "seatrial.yml", 10**7, ()))
    assert found["secrets"].found == 1
    assert not ran.exists()


@pytest.mark.parametrize(
    ("run", "told"),
    [
        ("ruff 'check", "a quote is not closed"),
        ("ruff check | tee x", "one line runs without a shell"),
        ("A=1 ruff", "begins with an assignment"),
        ("ruff {data}", "asks for {data}, which has no value here"),
    ],
)
def test_command_that_cannot_be_read_runs_nothing(run: str, told: str, play: Play) -> None:
    ran = play.folder / "ran"
    with pytest.raises(BadInput, match=r"seatrial\.yml:4:") as caught:
        play.code(f"\n  - {json.dumps(run)}\n  - [{json.dumps(PYTHON)}, -c, \"open('ran', 'w')\"]")
    assert told in str(caught.value)
    assert not ran.exists()


def test_command_in_a_job_that_holds_an_identity_is_refused(play: Play) -> None:
    play.environ["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] = "x"
    with pytest.raises(BadInput, match="this job has `id-token: write`"):
        play.code(" [make lint]")
    assert play.code(" []") == PASSED


def test_command_on_pull_request_target_is_refused(play: Play) -> None:
    play.write("seatrial.yml", f"{HEAD}lint: [make lint]\n".encode())
    with pytest.raises(BadInput, match="trigger this workflow on `pull_request`"):
        run_trial(a_call(play, "pull_request_target"))


HOSTILE_OUTPUT = r"""
import sys
write = sys.stdout.buffer.write
write(b"a.py:1:1: ::error::owned\n")
write(b"a.py:2:1: <script>alert(1)</script> @acme/owners ![](http://evil.example)\n")
write(b"::set-output name=verdict::passed\n::add-mask::a\n##[error]x\n")
write(b"\xff\xfe\0\x1b]0;title\x07 a.py:3:1: \x1b[31mred\xe2\x80\xae\n")
write(b"a.py:4:1: " + b"x" * 100_000 + b"\n")
write(b"a.py:" + b"9" * 100_000 + b":1: x\n")
write(("/" * 3000 + "a.py:5:1: x\n").encode())
write(b"../../../../etc/passwd:1:1: x\nlink.py:1:1: x\na.py\0b:1:1: x\n")
for n in range(3000):
    write(b"a.py:%d:1: many\n" % (n + 10))
sys.exit(1)
"""


def test_output_that_is_hostile_is_only_shown(play: Play) -> None:
    play.write("a.py", b"x\n")
    (play.folder / "link.py").symlink_to("/etc/passwd")
    run = json.dumps([[PYTHON, "-c", HOSTILE_OUTPUT]])
    play.environ["GITHUB_ACTIONS"] = "true"
    log = io.StringIO()
    with contextlib.redirect_stdout(log):
        assert play.code(f" {run}") == GATE_SAID_NO
    (check,) = [each for each in play.decision.checks if each.evidence["shape"] == "command"]
    assert {file for file, _ in play.places(check.metric)} == {"a.py"}
    assert "over 9" in str(check.reason) or "over 1,000" in str(check.reason)
    commands = [line for line in log.getvalue().splitlines() if line.lstrip().startswith(("::", "##["))]
    assert all(line.startswith(("::group::", "::endgroup::", "::error ")) for line in commands)
    assert not any(line.startswith("::error ") and "owned" in line.split("::")[1] for line in commands)
    assert len([line for line in commands if line.startswith("::error ")]) <= MOST_PER_LEVEL
    shown = comment([play.decision])
    assert "<script" not in shown and "![](" not in shown and "@acme" not in shown


def test_output_without_end_is_cut_and_the_command_ended(play: Play) -> None:
    source = "import sys\nwhile True: sys.stdout.write('a.py:1:1: x' * 99 + chr(10))"
    run = json.dumps([[PYTHON, "-c", source]])
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert play.code(f" {{run: {run}, time: 2s}}") == GATE_SAID_NO
    assert "did not end within 2 s" in str(play.decision.checks[-1].reason)
    assert "the output is longer than" in out.getvalue()


def test_runner_marks_no_annotation_with_a_forged_property() -> None:
    log = io.StringIO()
    runner = Runner({"GITHUB_ACTIONS": "true"}, log)
    runner.annotate("error", "t", "m\n::error::x")
    assert log.getvalue().count("\n") == 1
