"""F27, F38, F40: files cut short, disks that are full or only read, artifacts with a wrong bit."""

import contextlib
import hashlib
import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from decisions import DONE, HEAD, PLAN, kept, skipped
from flights import FILES, policy
from handed import hand_on
from playing import NO_TOKEN, PYTHON, Played, Steps, has_pip
from run_artifacts import zipped

from seatrial.cli import main as command
from seatrial.decision import digest, to_json
from seatrial.errors import BadInput, Location, SeatrialError
from seatrial.forge.zips import Limits, read_archive
from seatrial.trial.data.profiling import read_profile
from seatrial.trial.rejudge import decision_of
from seatrial.trial.workflow.aggregating import Result, code_of, lines_of
from seatrial.trial.workflow.handing import MANIFEST, read_model, read_predictions

DECISION = skipped(allow=True)
FULL = Path("/dev/full")
FLIPS = 300


def refused(read: Callable[[], object]) -> bool:
    try:
        read()
    except BadInput:
        return True
    return False


def passes(folder: Path, told: str = "") -> bool:
    """Whether the job that looks at all takes what lies there for a pass. told: the digest by another way."""
    results = {**DONE, "judge": Result("success", {"decision-sha256": told} if told else {})}
    return code_of([], lines_of([PLAN], folder, results, HEAD, 1)) == 0


def test_f27_a_decision_cut_short_anywhere_is_refused(tmp_path: Path) -> None:
    kept(tmp_path, DECISION)
    assert passes(tmp_path)
    whole = to_json(DECISION)
    assert decision_of(whole, Location("d.json")) == DECISION
    (file,) = tmp_path.rglob("evaluation.json")
    for length in range(len(whole)):
        assert refused(lambda length=length: decision_of(whole[:length], Location("d.json"))), length
    for length in (0, 1, len(whole) // 2, len(whole) - 1):
        file.write_bytes(whole[:length])
        assert not passes(tmp_path), length


def test_f27_predictions_cut_short_anywhere_are_refused(tmp_path: Path) -> None:
    folder, told = hand_on(tmp_path)
    read_predictions(folder, told)
    for name in (MANIFEST, "candidate.csv", "baseline.csv"):
        whole = (folder / name).read_bytes()
        for length in range(len(whole)):
            (folder / name).write_bytes(whole[:length])
            assert refused(lambda: read_predictions(folder, told)), (name, length)
        (folder / name).write_bytes(whole)
    read_predictions(folder, told)


def test_f27_an_artifact_cut_short_anywhere_is_refused() -> None:
    whole = zipped({"evaluation.json": to_json(DECISION), "report.html": "<p>"})
    assert read_archive(whole, "a", Limits()).read("evaluation.json") == to_json(DECISION)
    for length in range(len(whole)):
        cut = whole[:length]
        assert refused(lambda cut=cut: read_archive(cut, "a", Limits()).read("evaluation.json")), length


def test_f27_a_profile_cut_short_anywhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("id,wind\n" + "".join(f"{row},{row / 7}\n" for row in range(40)))
    with contextlib.chdir(tmp_path):
        assert command(["profile", "rows.csv", "--out", "p.json"]) == 0
    profile = tmp_path / "p.json"
    whole = profile.read_bytes()
    read_profile("p.json", tmp_path)
    for length in range(len(whole.rstrip())):
        profile.write_bytes(whole[:length])
        assert refused(lambda: read_profile("p.json", tmp_path)), length


def flips(size: int, most: int = FLIPS) -> Iterator[tuple[int, int]]:
    """An offset and a bit, at random and always alike; all of them where there are few."""
    chance = random.Random("flips")
    every = [(at, bit) for at in range(size) for bit in range(8)]
    yield from every if len(every) <= most else chance.sample(every, most)


def flipped(data: bytes, at: int, bit: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :]


def test_f40_predictions_with_a_wrong_bit_are_refused(tmp_path: Path) -> None:
    folder, told = hand_on(tmp_path)
    for name in (MANIFEST, "candidate.csv", "baseline.csv"):
        whole = (folder / name).read_bytes()
        for at, bit in flips(len(whole)):
            (folder / name).write_bytes(flipped(whole, at, bit))
            assert refused(lambda: read_predictions(folder, told)), (name, at, bit)
        (folder / name).write_bytes(whole)


def test_f40_a_model_with_a_wrong_bit_is_refused(tmp_path: Path) -> None:
    model = tmp_path / "model.onnx"
    whole = random.Random("model").randbytes(5_000)
    model.write_bytes(whole)
    told = hashlib.sha256(whole).hexdigest()
    assert read_model(tmp_path, told) == model
    for at, bit in flips(len(whole)):
        model.write_bytes(flipped(whole, at, bit))
        assert refused(lambda: read_model(tmp_path, told)), (at, bit)


def test_f40_a_decision_with_a_wrong_bit_is_no_pass(tmp_path: Path) -> None:
    kept(tmp_path, DECISION)
    told = digest(DECISION)
    assert passes(tmp_path, told)
    (file,) = tmp_path.rglob("evaluation.json")
    whole = to_json(DECISION)
    for at, bit in flips(len(whole)):
        file.write_bytes(flipped(whole, at, bit))
        assert not passes(tmp_path, told), (at, bit)


def test_f40_an_archive_with_a_wrong_bit_gives_the_right_bytes_or_none() -> None:
    """Before its digest is looked at, too, which GitHub does not tell of every artifact."""
    inside = to_json(DECISION)
    whole = zipped({"evaluation.json": inside})
    none = 0
    for at, bit in flips(len(whole), 4_000):
        try:
            found = read_archive(flipped(whole, at, bit), "a", Limits()).read("evaluation.json")
        except SeatrialError:
            none += 1
        else:
            assert found == inside, (at, bit)
    assert none > 1_000


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> Steps:
    found = Steps(tmp_path_factory.mktemp("team"))
    found.open({**FILES, "seatrial.yml": policy("lint: []")}, {"README.md": "x"})
    return found


PLANNED = {
    "plan": f"[{PLAN.to_json()}]",
    "results": json.dumps({"predict": {"result": "success"}, "judge": {"result": "success"}}),
}
ACTIONS = {"trial": NO_TOKEN, "lint": NO_TOKEN, "plan": NO_TOKEN, "verdict": PLANNED}
ENDINGS = [("trial", 3), ("lint", 3), ("verdict", 3), ("check_data", 2)]


def unharmed(found: Played) -> None:
    """One line, and no word of Python's own."""
    assert "Traceback" not in found.log and "Exception ignored" not in found.log, found.log


@pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize(("action", "code"), ENDINGS)
def test_f38_a_full_disk_under_the_summary_is_one_line(steps: Steps, action: str, code: int) -> None:
    """And where the input is bad it stays so."""
    found = steps.play(action, ACTIONS.get(action), GITHUB_STEP_SUMMARY=str(FULL))
    unharmed(found)
    assert found.code == code, found.log
    if action != "verdict":
        assert len(found.errors) == 1, found.log
    if code == 3 and action != "verdict":
        assert "No space left on device" in found.errors[0]


@pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("action", ["trial", "lint", "plan"])
def test_f38_a_full_disk_under_the_outputs_is_one_line(steps: Steps, action: str) -> None:
    found = steps.play(action, ACTIONS[action], GITHUB_OUTPUT=str(FULL))
    unharmed(found)
    assert found.code == 3 and len(found.errors) == 1, found.log
    assert "No space left on device" in found.errors[0]


@pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("action", ACTIONS)
def test_f38_a_log_that_cannot_be_written_is_no_verdict(steps: Steps, action: str) -> None:
    with FULL.open("w") as full:
        found = steps.play(action, ACTIONS[action], stdout=full)
    unharmed(found)
    assert found.code == 3 and "No space left on device" in found.log, found


@pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("words", [("validate",), ("lint",), ("trial", "--gates", "lint")])
def test_f38_the_command_on_a_full_disk_says_so(steps: Steps, words: tuple[str, ...]) -> None:
    script = Path(__file__).resolve().parents[2] / "scripts" / "command.py"
    with FULL.open("w") as full:
        done = subprocess.run(
            [sys.executable, str(script), *words],
            cwd=steps.consumer.root, env={"PATH": os.environ["PATH"], "HOME": str(steps.temp)},
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 3, done.stderr
    assert done.stderr.splitlines() == ["seatrial: No space left on device"]


def around(prepare: str) -> tuple[str, ...]:
    """Run a program where the mounts are its own, after this has been done to the folder $SMALL."""
    return ("unshare", "--mount", "sh", "-c", f'{prepare} && exec "$@"', "sh")


def can(*words: str) -> bool:
    try:
        return subprocess.run(words, capture_output=True, timeout=10, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


TINY = 'mount -t tmpfs -o size=16k tmpfs "$SMALL"'
READ_ONLY = 'mount --bind "$SMALL" "$SMALL" && mount -o remount,bind,ro "$SMALL"'
needs_mounts = pytest.mark.skipif(
    not can("unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"),
    reason="nothing may be mounted here",
)


@needs_mounts
@pytest.mark.parametrize(
    ("action", "how", "why"),
    [
        *(
            (action, READ_ONLY, "Read-only file system")
            for action in ("trial", "evaluate", "lint", "prepare")
        ),
        *((action, TINY, "No space left") for action in ("trial", "evaluate", "lint")),
    ],
)
def test_f38_a_runner_whose_folder_takes_nothing_is_no_verdict(
    steps: Steps, tmp_path: Path, action: str, how: str, why: str
) -> None:
    found = steps.play(action, around=around(how), SMALL=str(tmp_path), RUNNER_TEMP=str(tmp_path))
    unharmed(found)
    assert found.code == 3 and len(found.errors) == 1, found.log
    assert why in found.errors[0]
    assert found.summary.startswith("### ⛔")


@needs_mounts
@pytest.mark.parametrize("how", [TINY, READ_ONLY])
def test_f38_a_checkout_that_takes_nothing_gives_no_verdict_on_a_laptop(
    steps: Steps, tmp_path: Path, how: str
) -> None:
    script = Path(__file__).resolve().parents[2] / "scripts" / "command.py"
    words = ["trial", "--gates", "lint", "--out", str(tmp_path / "out")]
    done = subprocess.run(
        [*around(how), sys.executable, str(script), *words],
        cwd=steps.consumer.root, env={"PATH": os.environ["PATH"], "HOME": "/", "SMALL": str(tmp_path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 3, done.stdout + done.stderr
    assert len(done.stderr.splitlines()) == 1


SET_UP = Path(__file__).resolve().parents[2] / "scripts" / "bootstrap.py"


def set_up(folder: str, *before: str, **more: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*before, PYTHON, "-I", str(SET_UP), "evaluate", "lint.py"],
        env={"PATH": os.environ["PATH"], "RUNNER_TEMP": folder, **more},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("folder", ["/proc/nowhere", "/dev/null"])
def test_f38_a_set_up_without_a_folder_is_one_line(folder: str) -> None:
    done = set_up(folder)
    assert (done.returncode, done.stderr) == (3, ""), done
    assert len(done.stdout.splitlines()) == 1 and done.stdout.startswith("::error title=Seatrial set-up::")


ASKS = """\
import sys
sys.path.insert(0, sys.argv[1])
from seatrial.errors import SeatrialError
from seatrial.forge.github import GitHub
from seatrial.forge.pace import Pace
try:
    GitHub("ghs_any", "https://github.invalid", pace=Pace(tries=1)).comments("a/b", 1)
except SeatrialError as error:
    print(error)
    sys.exit(error.exit_code)
"""


@pytest.mark.skipif(not can("unshare", "--net", "true"), reason="no network of its own can be had here")
@pytest.mark.skipif(not has_pip(), reason="this Python has no pip")
def test_f38_without_a_network_there_is_one_line(tmp_path: Path) -> None:
    """Neither names nor addresses are there. That the verdict stands, F06 shows."""
    settings = {"PIP_RETRIES": "0", "PIP_INDEX_URL": "https://index.invalid/simple"}
    done = set_up(str(tmp_path), "unshare", "--net", **settings)
    assert (done.returncode, done.stderr) == (3, ""), done
    assert len(done.stdout.splitlines()) == 1 and "Installing uv with pip failed" in done.stdout
    assert "No matching distribution" in done.stdout
    asked = [sys.executable, "-c", ASKS, str(SET_UP.parent)]
    done = subprocess.run(["unshare", "--net", *asked], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (3, ""), done
    assert len(done.stdout.splitlines()) == 1 and "the server could not be reached" in done.stdout


def test_f29_an_installer_that_does_not_end_is_ended() -> None:
    source = (
        f"import sys; sys.path.insert(0, {str(SET_UP.parent)!r}); import bootstrap\n"
        "bootstrap.run(['sleep', '600'], {'PATH': '/bin:/usr/bin'}, '/', 'Installing uv', 0.1)"
    )
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=False)
    assert done.returncode == 3 and "Installing uv did not end within" in done.stdout
