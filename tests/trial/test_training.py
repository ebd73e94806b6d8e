"""The training gate on real checkouts, with real training commands."""

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import training_scripts as scripts

from seatrial.decision import Check, Decision, Outcome, PolicySource
from seatrial.errors import BadInput
from seatrial.forge.event import Subject
from seatrial.gates.rejudging import disagreements
from seatrial.policy import parse
from seatrial.policy.model import Policy
from seatrial.trial.call import Call
from seatrial.trial.training.gate import train

HEAD = "version: 1\nmodel: {name: m, task: binary}\nseed: 7\n"
SMOKE = (
    "train:\n  smoke: {time: 60s, run: 'python3 train.py {seed} {model} {metrics}', "
    "model: b/s.bin, metrics: b/s.json}\n"
)
FULL = "  full: {run: 'python3 full.py {seed} {model} {metrics}', model: b/m.bin, metrics: b/m.json}\n"
DATA = "data: {train: data/train.csv, test: data/test.csv}\n"
TODAY = date(2026, 11, 1)


def subject(event: str = "local") -> Subject:
    return Subject("a/b", event, "", 0, 1, "w", "j", "", "")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    found = tmp_path / "checkout"
    (found / "data").mkdir(parents=True)
    (found / "data" / "train.csv").write_text("a,b\n1,2\n3,4\n")
    (found / "data" / "test.csv").write_text("a,b\n5,6\n")
    return found


def call_of(root: Path, **more: Any) -> Call:
    scratch = root.parent / "scratch"
    scratch.mkdir(exist_ok=True)
    values: dict[str, Any] = {
        "subject": subject(),
        "environ": {"PATH": os.environ["PATH"], "OUT": str(root.parent)},
        **more,
    }
    return Call(root, scratch, scratch, "seatrial.yml", (), source=None, **values)  # type: ignore[arg-type]


def go(root: Path, text: str, scripts_: Mapping[str, str], **more: Any) -> Decision:
    policy = policy_of(text)
    for name, script in scripts_.items():
        (root / name).write_text(script)
    source = PolicySource(ref="working tree", sha256=policy.sha256)
    decision = train(policy, source, call_of(root, **more), TODAY)
    stored = Decision.model_validate_json(decision.model_dump_json(by_alias=True))
    assert disagreements(stored) == []
    return decision


def policy_of(text: str) -> Policy:
    return parse((HEAD + text).encode(), "seatrial.yml")


def checks(decision: Decision) -> dict[str, Check]:
    return {check.id.removeprefix("training/"): check for check in decision.checks}


def outcomes(decision: Decision) -> dict[str, str]:
    return {name: check.outcome.value for name, check in checks(decision).items()}


def test_both_parts_pass_and_the_candidate_is_named_by_its_digest(root: Path) -> None:
    decision = go(root, DATA + SMOKE + FULL, {"train.py": scripts.GOOD, "full.py": scripts.GOOD})
    assert decision.verdict.value == "passed"
    found = outcomes(decision)
    assert {name for name, outcome in found.items() if outcome == "passed"} >= {
        "smoke", "smoke/model", "smoke/metrics", "smoke/repeat", "full", "full/model", "full/metrics",
    }  # fmt: skip
    assert found["smoke/constant"] == "skipped"
    assert "no section evaluate" in str(checks(decision)["smoke/constant"].reason)
    assert decision.model.digest == hashlib.sha256(b"weights").hexdigest()
    assert len(checks(decision)["smoke"].evidence["runs"]) == 2  # type: ignore[arg-type]


def test_full_is_not_run_where_smoke_did_not_pass(root: Path) -> None:
    decision = go(root, SMOKE + FULL, {"train.py": scripts.EXITS, "full.py": scripts.GOOD})
    found = checks(decision)
    assert decision.verdict.value == "failed"
    assert [found[f"full{kind}"].outcome.value for kind in ("", "/model", "/metrics", "/unread")] == [
        "skipped"
    ] * 4
    assert "train.smoke did not pass" in str(found["full"].reason)
    assert not (root / "b" / "m.bin").exists() and decision.model.digest is None


def test_a_waived_fault_of_smoke_lets_full_run(root: Path) -> None:
    waived = "waivers: [{check: training/smoke/repeat, reason: a seed is to come, until: 2026-12-01}]\n"
    decision = go(root, SMOKE + FULL + waived, {"train.py": scripts.UNSEEDED, "full.py": scripts.GOOD})
    assert (decision.verdict.value, outcomes(decision)["full"]) == ("passed", "passed")


def test_an_undecided_smoke_that_is_let_through_lets_full_run(root: Path) -> None:
    nothing = SMOKE.replace("metrics: b/s.json}", "metrics: b/s.json, ignore: [loss, rows]}")
    both = {"train.py": scripts.GOOD, "full.py": scripts.GOOD}
    assert outcomes(go(root, nothing + FULL, both))["full"] == "skipped"
    allowed = go(root, "inconclusive: allow\n" + nothing + FULL, both)
    assert (allowed.verdict.value, outcomes(allowed)["full"]) == ("inconclusive", "passed")


def test_only_the_parts_that_are_asked_for_run(root: Path) -> None:
    both = {"train.py": scripts.GOOD, "full.py": scripts.GOOD}
    only = outcomes(go(root, SMOKE + FULL, both, parts=("full",)))
    assert {name.partition("/")[0] for name in only} == {"full"}
    with pytest.raises(BadInput, match="train has no part full; the policy has smoke"):
        go(root, SMOKE, both, parts=("full",))
    with pytest.raises(BadInput, match="there is no part fll; the policy has smoke and full"):
        go(root, SMOKE + FULL, both, parts=("fll",))


def test_without_metrics_it_is_trained_once_and_says_that_nothing_was_compared(root: Path) -> None:
    text = "train:\n  smoke: {run: 'sh -c \"mkdir -p b; date +%N > b/s.bin\"', model: b/s.bin}\n"
    decision = go(root, text, {})
    assert outcomes(decision)["smoke/repeat"] == "skipped"
    assert len(checks(decision)["smoke"].evidence["runs"]) == 1  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("script", "check", "told"),
    [
        (scripts.UNSEEDED, "smoke/repeat", "loss"),
        (scripts.NOT_A_NUMBER, "smoke/metrics", "b/s.json: it holds NaN"),
        (scripts.STALE, "smoke/model", "did not write it"),
        (scripts.EMPTY, "smoke/model", "the file is empty"),
        (scripts.EXITS, "smoke", "exit code 1"),
        (scripts.HEAD + "done()\nos.unlink(metrics)\n", "smoke/metrics", "no such file"),
        (scripts.HEAD + "done()\nos.unlink(model)\nos.mkdir(model)\n", "smoke/model", "no regular file"),
        (scripts.HEAD + "done()\nos.unlink(model)\nos.mkfifo(model)\n", "smoke/model", "no regular file"),
        (
            scripts.HEAD + "done()\nos.unlink(model)\nos.symlink('/etc/passwd', model)\n",
            "smoke/model",
            "is a link",
        ),
        (
            scripts.HEAD + "done()\nos.unlink(metrics)\nos.mkfifo(metrics)\n",
            "smoke/metrics",
            "no regular file",
        ),
        (scripts.HEAD + "done()\nput(metrics, b'[' * 10**7)\n", "smoke/metrics", "bytes"),
        (
            scripts.HEAD + "done()\nos.rename('b', 'c')\nos.symlink('c', 'b')\n",
            "smoke/model",
            "link",
        ),
    ],
)
def test_what_does_not_do_fails_and_says_why(root: Path, script: str, check: str, told: str) -> None:
    (root / "b").mkdir()
    (root / "b" / "s.bin").write_bytes(b"of an earlier run")
    decision = go(root, SMOKE, {"train.py": script})
    assert decision.verdict.value == "failed"
    found = checks(decision)[check]
    assert found.outcome is Outcome.FAILED
    assert told in str(found.reason)


def test_a_model_too_large_to_hand_on_is_not_read(root: Path) -> None:
    """10 TB without a byte on the disk: to read them would take the whole time of the job."""
    huge = scripts.GOOD + "\nimport os, sys\nos.truncate(sys.argv[2], 10**13)\n"
    try:
        decision = go(root, FULL.replace("  full", "train:\n  full"), {"full.py": huge})
    finally:
        (root / "b" / "m.bin").unlink()
    assert "more than 8 GiB; write a smaller one" in str(checks(decision)["full/model"].reason)
    assert (decision.verdict.value, decision.model.digest) == ("failed", None)


def test_the_last_lines_are_kept_without_the_tokens_of_the_job(root: Path) -> None:
    token = "ghs_0123456789abcdef"
    environ = {"PATH": os.environ["PATH"], "INPUTS": json.dumps({"github-token": token})}
    script = "import os\nfor pid in ('self', str(os.getppid())):\n print('LINE')\n" + (
        f"print('ghs_' + '{token[4:]}', '\\x1b]0;title\\x07')\nraise SystemExit(3)\n"
    )
    decision = go(root, SMOKE, {"train.py": script}, environ=environ)
    log = checks(decision)["smoke"].evidence["log"]
    assert log == ["LINE", "LINE", "*** \\u001B]0;title\\u0007"]


def test_the_command_gets_the_seed_and_neither_our_inputs_nor_the_runners_files(root: Path) -> None:
    script = scripts.HEAD + (
        "assert seed == '7' == os.environ['SEATRIAL_SEED']\n"
        "assert not {'INPUTS', 'GITHUB_OUTPUT', 'GITHUB_TOKEN', 'SEATRIAL_X'} & set(os.environ)\ndone()\n"
    )
    environ = {
        "PATH": os.environ["PATH"], "INPUTS": "{}", "GITHUB_OUTPUT": "/x", "GITHUB_TOKEN": "t",
        "SEATRIAL_X": "1",
    }  # fmt: skip
    assert go(root, SMOKE, {"train.py": script}, environ=environ).verdict.value == "passed"


def test_a_limit_of_memory_counts_the_whole_family(root: Path) -> None:
    script = scripts.HEAD + (
        "held = [bytearray(b'x' * 60 * 2**20)]\nfor _ in range(3):\n"
        "    if os.fork() == 0:\n        held.append(bytearray(b'y' * 60 * 2**20)); time.sleep(60)\n"
        "time.sleep(60)\n"
    )
    text = SMOKE.replace("metrics: b/s.json}", "metrics: b/s.json, memory: 150MiB}")
    decision = go(root, text, {"train.py": script})
    assert "more than 150 MiB" in str(checks(decision)["smoke"].reason)


def test_f38_a_full_disk_fails_the_training_and_not_the_verdict(root: Path, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    if os.system(f"mount -t tmpfs -o size=1m tmpfs {small} 2>/dev/null") != 0:
        pytest.skip("no file system may be mounted here")
    try:
        script = scripts.HEAD + f"open({str(small)!r} + '/fill', 'wb').write(b'x' * 2**22)\ndone()\n"
        decision = go(root, SMOKE, {"train.py": script})
    finally:
        os.system(f"umount {small}")
    assert outcomes(decision)["smoke"] == "failed"
    assert any("No space left" in str(line) for line in checks(decision)["smoke"].evidence["log"])  # type: ignore[union-attr]


@pytest.fixture
def keeps_times(root: Path) -> None:
    decision = go(root, DATA + SMOKE, {"train.py": scripts.GOOD})
    if outcomes(decision)["smoke/unread"] == "skipped":
        pytest.skip(str(checks(decision)["smoke/unread"].reason))


@pytest.mark.parametrize(
    ("does", "outcome"),
    [
        ("", "passed"),
        ("os.listdir('data'); os.stat('data/test.csv')", "passed"),
        ("open('data/test.csv').read(1)", "failed"),
        ("import mmap; f = open('data/test.csv'); mmap.mmap(f.fileno(), 0, prot=1)[:]", "failed"),
        ("import shutil; shutil.copy('data/test.csv', 'copy.csv')", "failed"),
        ("os.system('cat data/test.csv > /dev/null')", "failed"),
        ("b = os.stat('data/test.csv'); open('data/test.csv').read(); "
         "os.utime('data/test.csv', ns=(b.st_atime_ns, b.st_mtime_ns))", "failed"),
        ("pathlib.Path('data/test.csv').write_text('a,b')", "failed"),
        ("os.unlink('data/test.csv')", "failed"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("keeps_times")
def test_reading_the_test_data_is_seen(root: Path, does: str, outcome: str) -> None:
    decision = go(root, DATA + SMOKE, {"train.py": scripts.HEAD + does + "\ndone()\n"})
    assert outcomes(decision)["smoke/unread"] == outcome


@pytest.mark.usefixtures("keeps_times")
def test_watching_leaves_the_times_as_they_were(root: Path) -> None:
    path = root / "data" / "test.csv"
    os.utime(path, ns=(1_700_000_000_123_456_789, 1_600_000_000_000_000_000))
    go(root, DATA + SMOKE, {"train.py": scripts.GOOD})
    found = os.stat(path)
    assert (found.st_atime_ns, found.st_mtime_ns) == (1_700_000_000_123_456_789, 1_600_000_000_000_000_000)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("", "the policy names no test data"),
        ("data: {train: data/test.csv, test: data/test.csv}\n", "in the same files"),
        ("data: {train: data/train.csv, test: data/no.csv}\n", "not here to be watched"),
    ],
)
def test_where_reading_cannot_be_told_it_says_so(root: Path, data: str, told: str) -> None:
    found = checks(go(root, data + SMOKE, {"train.py": scripts.GOOD}))["smoke/unread"]
    assert found.outcome is Outcome.SKIPPED and told in str(found.reason)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"subject": subject("pull_request_target")}, "pull_request_target"),
        ({"environ": {"PATH": os.environ["PATH"], "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "x"}}, "id-token: write"),
    ],
)
def test_nothing_is_run_beside_power(root: Path, more: dict[str, Any], told: str) -> None:
    with pytest.raises(BadInput, match=told):
        go(root, SMOKE, {"train.py": "open('ran', 'w')"}, **more)
    assert not (root / "ran").exists()


def test_every_command_is_understood_before_any_is_run(root: Path) -> None:
    with pytest.raises(BadInput, match=r"asks for \{nothing\}") as caught:
        go(root, SMOKE + FULL.replace("{seed}", "{nothing}"), {"train.py": "open('ran', 'w')"})
    assert str(caught.value).startswith("seatrial.yml:6:")
    assert not (root / "ran").exists()


def test_a_program_that_is_not_there_is_bad_input(root: Path) -> None:
    with pytest.raises(BadInput, match="there is no program"):
        go(root, SMOKE.replace("python3", "no-such-program"), {})


def test_runs_are_told_in_groups_and_lines(root: Path) -> None:
    told: list[str] = []

    class Group:
        def __init__(self, title: str) -> None:
            told.append(f"begin {title}")

        def __enter__(self) -> None: ...

        def __exit__(self, *_: object) -> None:
            told.append("end")

    group: Callable[[str], Any] = Group
    go(root, SMOKE, {"train.py": scripts.GOOD}, on_line=told.append, group=group)
    assert told == [
        "begin Training on a sample (train.smoke), run 1 of 2",
        "trained on 2 rows",
        "end",
        "begin Training on a sample (train.smoke), run 2 of 2",
        "trained on 2 rows",
        "end",
    ]


def test_no_process_outlives_a_training_that_is_stopped(root: Path) -> None:
    script = scripts.DAEMON.replace("done()", "print('READY', flush=True)\ntime.sleep(600)")
    text = SMOKE.replace("60s", "5s").replace("s.json}", "s.json, repeat: 1}")
    decision = go(root, text, {"train.py": script})
    daemon = int((root.parent / "daemon").read_text())
    assert not Path(f"/proc/{daemon}").exists()
    assert "longer than 5 s" in str(checks(decision)["smoke"].reason)
