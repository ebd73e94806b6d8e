"""The lint gate on real checkouts: what is found, what is run, and a Decision that can be judged again."""

import json
import pickle
import sys
from pathlib import Path

import pytest
from linted import HEAD, TOKEN, Play

from seatrial.decision import Check, Outcome
from seatrial.errors import COULD_NOT_DECIDE, GATE_SAID_NO, PASSED
from seatrial.gates.rejudging import disagreements
from seatrial.policy.lint_meaning import command_name
from seatrial.policy.lint_names import BUILT_IN
from seatrial.trial.local import run_local
from seatrial.trial.run import run_trial

POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 12345\n"
PYTHON = sys.executable
BOOK = {"cells": [{"cell_type": "code", "execution_count": n, "outputs": [1], "source": "x"} for n in (2, 1)]}
# A file that each built-in check finds something in, and what it says.
BAD: dict[str, tuple[str, bytes, str]] = {
    "notebook_outputs": ("n.ipynb", json.dumps(BOOK).encode(), "2 of 2 code cells hold outputs"),
    "notebook_order": ("n.ipynb", json.dumps(BOOK).encode(), "was run as number 1"),
    "pickles": ("models/m.bin", pickle.dumps({"a": 1}), "is a pickle"),
    "large_files": ("data.csv", b"x" * 2_000, "has 2.0 KB, more than 1.0 KB"),
    "unpinned_actions": (".github/workflows/w.yml", b"jobs: {a: {uses: x/y@v1}}", "x/y@v1 is not pinned"),
    "unpinned_images": (".github/workflows/v.yml", b"jobs: {a: {container: x}}", "x is not pinned"),
    "unpinned_requirements": ("requirements.txt", b"numpy\n", "numpy is not pinned"),
    "secrets": ("config.py", f"T = '{TOKEN}'\n".encode(), "what looks like a GitHub token"),
}


@pytest.fixture
def play(tmp_path: Path) -> Play:
    (tmp_path / "work").mkdir()
    return Play(tmp_path / "work")


def command(source: str) -> str:
    return " " + json.dumps([[PYTHON, "-c", source]])


def test_clean_files_pass_every_built_in_check(play: Play) -> None:
    play.write("train.py", b"import numpy\n")
    play.write("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0")
    assert play.code(" []") == PASSED
    assert [check.metric for check in play.decision.checks] == list(BUILT_IN)
    assert play.check("secrets").reason == "nothing in 2 files (1 file left out, being binary)"
    assert play.check("notebook_order").reason == "there is no such file"


@pytest.mark.parametrize("name", BAD)
def test_each_built_in_check_finds_what_it_is_for(name: str, play: Play) -> None:
    file, data, told = BAD[name]
    play.write(file, data)
    assert play.code(" {file_size: 1KB}") == GATE_SAID_NO
    assert name in play.bad()
    found = play.check(name)
    assert told in (found.reason or "")
    assert play.places(name)[0][0] == file


def test_a_policy_that_would_be_refused(play: Play) -> None:
    """The base's policy counts; the change's own is looked at."""
    assert play.code(" []") == PASSED
    play.git("checkout", "-q", "-b", "change")
    play.write("seatrial.yml", f"{HEAD}lint: []\nlimt: 3\n".encode())
    out = play.folder.parent / "out"
    assert run_local(play.folder, "seatrial.yml", "lint", "main", out, play.environ) == GATE_SAID_NO
    assert play.places("policy") == [("seatrial.yml", 4)]
    (play.folder / "seatrial.yml").unlink()
    assert run_local(play.folder, "seatrial.yml", "lint", "main", out, play.environ) == GATE_SAID_NO
    assert "this change removes the policy" in str(play.check("policy").reason)


def test_advisory_and_waived_checks_block_nothing(play: Play) -> None:
    for file, data, _ in BAD.values():
        play.write(file, data)
    waivers = [f"{{check: lint/{name}, reason: r, until: 2999-01-01}}" for name in list(BAD)[:3]]
    advisory = f" {{file_size: 1KB, advisory: [{', '.join(list(BAD)[3:])}]}}"
    assert play.code(advisory, more=f"waivers: [{', '.join(waivers)}]\n") == PASSED
    warned = [check.metric for check in play.decision.checks if check.warn]
    assert warned == list(BAD)[3:]
    assert [waiver.check for waiver in play.decision.waivers] == [f"lint/{name}" for name in list(BAD)[:3]]


def test_files_that_requirements_name_are_read_whatever_they_are_called(play: Play) -> None:
    play.write("requirements.txt", b"-r deep/base.txt\n-c limits\n")
    play.write("deep/base.txt", b"-r more.list\nnumpy\n")
    play.write("deep/more.list", b"pandas\npolars\n")
    play.write("limits", b"numpy==2.1\npandas==2.2\n")
    assert play.code(" []") == GATE_SAID_NO
    assert play.places("unpinned_requirements") == [("deep/more.list", 2)]
    play.write("limits", b"numpy==2.1\npandas==2.2\npolars==1.1\n")
    assert play.code(" []") == PASSED
    assert play.check("unpinned_requirements").n == 4


@pytest.mark.parametrize(
    ("lock", "data"),
    [
        ("uv.lock", b""),
        ("requirements.txt", b"numpy==2.1\n"),
        ("requirements/prod.txt", b"numpy==2.1\n"),
        ("constraints.txt", b"numpy==2.1\n"),
    ],
)
def test_a_project_without_a_lock_is_told(lock: str, data: bytes, play: Play) -> None:
    play.write("pyproject.toml", b"[project]\ndependencies = ['numpy>=2']\n")
    play.write("other/uv.lock", b"")
    play.write("requirements.txt", b"--pre\n.\n")  # which pins nothing
    assert play.code(" []") == GATE_SAID_NO
    assert play.places("unpinned_requirements") == [("pyproject.toml", 2)]
    play.write(lock, data)
    assert play.code(" []") == PASSED


def test_only_what_git_holds_is_looked_at(play: Play) -> None:
    assert play.code(" []") == PASSED
    play.write("notes.txt", TOKEN.encode())
    assert play.code(" []", commit=False) == PASSED
    assert play.code(" []") == GATE_SAID_NO


def test_a_file_that_the_checkout_lacks_is_read_from_git(play: Play) -> None:
    path = play.write("config.py", f"\n{TOKEN}\n".encode())
    assert play.code(" []") == GATE_SAID_NO
    path.unlink()
    assert play.code(" []", commit=False) == GATE_SAID_NO
    assert play.places("secrets") == [("config.py", 2)]


def test_a_sparse_checkout_hides_nothing(play: Play) -> None:
    play.write("a/config.py", TOKEN.encode())
    play.write("b/other.py", b"x\n")
    assert play.code(" []") == GATE_SAID_NO
    play.git("sparse-checkout", "set", "b")
    assert not (play.folder / "a").exists()
    assert play.code(" []", commit=False) == GATE_SAID_NO


def test_without_git_all_files_are_looked_at(play: Play) -> None:
    play.write("deep/down/config.py", TOKEN.encode())
    play.write("big.parquet", b"PAR1" + b"\0" * 3_000)
    play.write("big.parquet.dvc", b"outs: []\n")
    assert play.code(" {file_size: 1KB}", commit=False) == GATE_SAID_NO
    assert play.bad() == ["secrets"]
    assert "no git repository" in play.decision.notes[0]


def test_submodules_are_not_looked_at_and_that_is_said(play: Play) -> None:
    assert play.code(" []") == PASSED
    play.write("inner/config.py", TOKEN.encode())
    play.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},inner")
    assert play.code(" []", commit=False) == PASSED
    assert play.decision.notes == ("1 submodule not looked at, being repositories of their own",)


def test_the_size_that_git_holds_counts(play: Play) -> None:
    """An LFS pointer is small in git, whatever the checkout has in its place."""
    path = play.write("model.onnx", POINTER)
    assert play.code(" {file_size: 1KB}") == PASSED
    path.write_bytes(b"x" * 5_000)
    assert play.code(" {file_size: 1KB}", commit=False) == PASSED
    play.write(".gitattributes", b"*.onnx filter=lfs\n")
    play.git("config", "filter.lfs.clean", "cat")
    assert play.code(" {file_size: 1KB}") == GATE_SAID_NO
    assert "it is marked for Git LFS" in str(play.check("large_files").reason)


def test_links_are_not_followed(play: Play, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "config.py").write_text(TOKEN)
    play.write("sub/config.py", b"x\n")
    (play.folder / "link.py").symlink_to(outside / "config.py")
    assert play.code(" []") == PASSED
    # A folder that became a link after the commit: what git holds is read.
    (play.folder / "sub" / "config.py").unlink()
    (play.folder / "sub").rmdir()
    (play.folder / "sub").symlink_to(outside)
    assert play.code(" []", commit=False) == PASSED


def test_a_passing_command(play: Play) -> None:
    assert play.code(command("print('a.py:1:1: hello')")) == PASSED
    found = play.decision.checks[-1]
    assert found.outcome is Outcome.PASSED
    assert found.evidence["at"] == []
    assert (found.location.file, found.location.line) == ("seatrial.yml", 3)  # type: ignore[union-attr]


def test_a_failing_command_with_places(play: Play) -> None:
    play.write("src/a.py", b"x\n" * 9)
    absolute = play.folder / "src" / "a.py"
    source = (
        "print('src/a.py:3:1: first'); print('./src/a.py:4: second');"
        f"print('{absolute}:5:1: third'); print('gone.py:1:1: x'); print('../work/src/a.py:6:1: fourth');"
        "print('/etc/passwd:1:1: x'); print('.git/config:1:1: x'); print('src:1:1: x'); raise SystemExit(3)"
    )
    assert play.code(command(source)) == GATE_SAID_NO
    found = play.decision.checks[-1]
    name = found.metric
    assert play.places(name) == [("src/a.py", line) for line in (3, 4, 5, 6)]
    assert str(found.reason).startswith("exit code 3 after ")
    assert "4 places: src/a.py:3: first" in str(found.reason)
    assert found.value == 3


def test_a_failing_command_without_places_tells_its_last_lines(play: Play) -> None:
    assert play.code(command("print('one'); print('two'); raise SystemExit(1)")) == GATE_SAID_NO
    assert str(play.decision.checks[-1].reason).endswith("its last line: two")


def test_a_command_that_cannot_be_started_is_no_pass(play: Play) -> None:
    assert play.code(" {run: [no-such-linter .]}") == COULD_NOT_DECIDE
    found = play.decision.checks[-1]
    assert found.outcome is Outcome.ERROR
    assert "there is no program no-such-linter on the PATH" in str(found.reason)
    assert play.code(" {run: [no-such-linter .], advisory: [no-such-linter .]}") == PASSED
    assert play.decision.checks[-1].outcome is Outcome.SKIPPED


def test_a_command_that_does_not_end(play: Play) -> None:
    source = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\nwhile True: signal.pause()"
    run = json.dumps([[PYTHON, "-c", source]])
    assert play.code(f" {{run: {run}, time: 1s}}") == GATE_SAID_NO
    assert "did not end within 1 s" in str(play.decision.checks[-1].reason)


def test_a_command_sees_the_checkout_and_none_of_our_inputs(play: Play) -> None:
    play.environ |= {"INPUTS": "{}", "GITHUB_TOKEN": "x", "ACTIONS_RUNTIME_TOKEN": "x", "KEPT": "1"}
    source = (
        "import os; print(sorted(os.environ)); assert os.path.exists('seatrial.yml');"
        "assert 'KEPT' in os.environ; assert not {'INPUTS', 'GITHUB_TOKEN'} & set(os.environ);"
        "assert 'ACTIONS_RUNTIME_TOKEN' not in os.environ"
    )
    assert play.code(command(source)) == PASSED


def test_what_a_command_writes_comes_too_late(play: Play) -> None:
    """The built-in checks have looked before."""
    play.write("config.py", TOKEN.encode())
    assert play.code(command("open('config.py', 'w').write('clean')")) == GATE_SAID_NO
    assert play.bad() == ["secrets"]


def test_a_command_runs_once_for_both_policies(play: Play) -> None:
    run = command("open('../ran', 'a').write('x')")
    assert play.code(run) == PASSED
    play.git("checkout", "-q", "-b", "change")
    play.write("seatrial.yml", f"{HEAD}lint:{run}\nseed: 5\n".encode())
    (play.folder.parent / "ran").unlink()
    out = play.folder.parent / "out"
    assert run_local(play.folder, "seatrial.yml", "lint", "main", out, play.environ) == PASSED
    assert (play.folder.parent / "ran").read_text() == "x"


def proposed(play: Play, lint: str) -> tuple[dict[str, Check], str]:
    """The checks of lint under the policy that a change proposes, and what is said of them."""
    play.git("checkout", "-q", "-b", "change")
    play.write("seatrial.yml", f"{HEAD}lint:{lint}\n".encode())
    tried = run_trial(play.call("main"))
    (decision,) = tried.proposed
    assert disagreements(decision) == []
    return {check.metric: check for check in decision.checks}, " ".join(tried.notes)


def test_a_command_that_nobody_reviewed_is_not_run(play: Play) -> None:
    assert play.code(" []") == PASSED
    found, told = proposed(play, command("open(chr(120), chr(119))"))
    assert not (play.folder / "x").exists()
    *built_in, brought = found.values()
    assert [check.metric for check in built_in] == list(BUILT_IN)
    assert {check.outcome for check in built_in} == {Outcome.PASSED}
    assert brought.outcome is Outcome.ERROR
    assert "not tried: nobody has reviewed this command" in str(brought.reason)
    assert "were not tried, since nobody has reviewed them" in told and brought.metric[:20] in told


def test_commands_of_a_proposal_end_as_those_that_were_run(play: Play) -> None:
    """What the same command said counts; another time for it is another command."""
    run = json.loads(command("open('../ran', 'a').write('x'); raise SystemExit(1)"))
    assert play.code(f" {json.dumps(run)}") == GATE_SAID_NO
    (play.folder.parent / "ran").unlink()
    both = json.dumps([*run, [PYTHON, "-c", "open('x', 'w')"]])
    found, _ = proposed(play, f" {{run: {both}, advisory: [{json.dumps(command_name(run[0]))}]}}")
    kept, brought = list(found.values())[-2:]
    assert (kept.outcome, kept.warn, brought.outcome) == (Outcome.PASSED, True, Outcome.ERROR)
    assert (play.folder.parent / "ran").read_text() == "x"
    assert not (play.folder / "x").exists()


def test_built_in_checks_are_judged_again_as_a_proposal_wants_them(play: Play) -> None:
    """From what was found before a command of the base ran, which may have changed the files."""
    play.write("config.py", TOKEN.encode())
    play.write("data.csv", b"x" * 2_000)
    clean = command("open('config.py', 'w').write('clean')")
    assert play.code(clean) == GATE_SAID_NO
    play.git("checkout", "-q", ".")
    found, _ = proposed(play, f" {{run:{clean}, file_size: 1KB, advisory: [large_files]}}")
    assert found["secrets"].outcome is Outcome.FAILED
    assert (found["large_files"].outcome, found["large_files"].warn) == (Outcome.PASSED, True)
    assert "has 2.0 KB, more than 1.0 KB" in str(found["large_files"].reason)


def test_a_proposal_that_brings_lint_has_it_looked_at(play: Play) -> None:
    play.write("data.csv", b"x" * 2_000)
    play.write("seatrial.yml", f"{HEAD}data: {{train: data.csv, rows: {{min: 1}}}}\n".encode())
    play.git("init", "-q")
    play.git("add", "-A")
    play.git("commit", "-q", "-m", "x")
    play.git("checkout", "-q", "-b", "change")
    text = f"{HEAD}lint: {{run: [touch x], file_size: 1KB}}\ndata: {{train: data.csv, rows: {{min: 1}}}}\n"
    play.write("seatrial.yml", text.encode())
    lint, _ = run_trial(play.call("main", gates=())).proposed
    found = {check.metric: check.outcome for check in lint.checks}
    assert (found["large_files"], found["touch x"]) == (Outcome.FAILED, Outcome.ERROR)
    assert not (play.folder / "x").exists()


@pytest.mark.parametrize("place", ["a.py:1:1", "well"])
def test_a_secret_in_what_a_command_prints_is_not_kept(place: str, play: Play) -> None:
    """The Decision is searched for it."""
    play.write("a.py", f"print('{place}: found', '{TOKEN[::-1]}'[::-1]); raise SystemExit(1)\n".encode())
    assert play.code(" " + json.dumps([[PYTHON, "a.py"]])) == GATE_SAID_NO
    assert str(play.decision.checks[-1].reason).endswith(": found [secret]")


@pytest.mark.parametrize("place", ["a.py:1:1", "well"])
def test_a_secret_of_the_environment_that_a_command_prints_is_not_kept(place: str, play: Play) -> None:
    play.environ["DATABASE_PASSWORD"] = "of no known form"
    script = f"import os; print('{place}: with', os.environ['DATABASE_PASSWORD']); raise SystemExit(1)\n"
    play.write("a.py", script.encode())
    assert play.code(" " + json.dumps([[PYTHON, "a.py"]])) == GATE_SAID_NO
    assert str(play.decision.checks[-1].reason).endswith(": with ***")


def test_a_secret_in_a_name_or_a_requirement_is_not_kept(play: Play) -> None:
    play.write(f"{TOKEN}.pkl", b"x\n")
    play.write("requirements.txt", f"{'x' * 60} {TOKEN}\n".encode())
    assert play.code(" []") == GATE_SAID_NO
    assert play.places("pickles") == [("[secret].pkl", None)]
    assert "[secret]" in str(play.check("unpinned_requirements").reason)
