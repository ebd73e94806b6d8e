"""The set-up before any package of ours is there: what it trusts, and what it says where it cannot go on."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import bootstrap

SCRIPT = Path(bootstrap.__file__)


def test_installers_learn_only_where_to_fetch_from() -> None:
    """Everything else stays outside, whatever its name promises."""
    allowed = {
        "PATH": "/bin",
        "HTTPS_PROXY": "http://proxy",
        "SSL_CERT_FILE": "/ca.pem",
        "UV_CACHE_DIR": "/cache",
    }
    hostile = {
        "PYTHONPATH": ".", "PYTHONHOME": ".", "PYTHONSTARTUP": "x.py", "PIP_CONFIG_FILE": "pip.conf",
        "PIP_NO_BINARY": ":all:", "PIP_TARGET": ".", "PIP_REQUIREMENT": "x.txt", "UV_CONFIG_FILE": "uv.toml",
        "UV_PYTHON": "3.99", "UV_NO_BINARY": "1", "UV_OVERRIDE": "x.txt", "UV_PROJECT": ".",
        "VIRTUAL_ENV": ".", "INPUTS": '{"github-token": "secret"}', "GITHUB_TOKEN": "secret",
        "GITHUB_ENV": "/env", "LD_PRELOAD": "x.so",
    }  # fmt: skip
    found = bootstrap.installer_environment({**allowed, **hostile})
    assert allowed.items() <= found.items()
    assert found["PIP_CONFIG_FILE"] == os.devnull
    assert not (hostile.keys() - {"PIP_CONFIG_FILE"}) & found.keys()
    assert "secret" not in str(found)


@pytest.mark.parametrize(
    ("given", "variable", "expected"),
    [
        ({"PIP_INDEX_URL": "https://mirror/simple"}, "UV_DEFAULT_INDEX", "https://mirror/simple"),
        ({"PIP_EXTRA_INDEX_URL": "https://more/simple"}, "UV_EXTRA_INDEX_URL", "https://more/simple"),
        ({"PIP_INDEX_URL": "https://a", "UV_DEFAULT_INDEX": "https://b"}, "UV_DEFAULT_INDEX", "https://b"),
        ({"PIP_INDEX_URL": "https://a", "UV_INDEX_URL": "https://b"}, "UV_DEFAULT_INDEX", None),
        ({"PIP_EXTRA_INDEX_URL": "https://a", "UV_INDEX": "https://b"}, "UV_EXTRA_INDEX_URL", None),
        ({}, "UV_DEFAULT_INDEX", None),
        ({}, "UV_SYSTEM_CERTS", "1"),
        ({"UV_SYSTEM_CERTS": "0"}, "UV_SYSTEM_CERTS", "0"),
    ],
)
def test_a_mirror_for_pip_is_one_for_uv(given: dict[str, str], variable: str, expected: str | None) -> None:
    """Unless uv has been told otherwise."""
    assert bootstrap.installer_environment(given).get(variable) == expected


def test_interpreter(tmp_path: Path) -> None:
    """The running Python if it is supported, else the newest supported one on the path, else none."""
    for name in ("python3.10", "python3.12", "python3.13", "python3.99"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    path = f"/nowhere:{tmp_path}"
    assert bootstrap.find_interpreter((3, 11, 0), "/usr/bin/python3", path) == "/usr/bin/python3"
    assert bootstrap.find_interpreter((3, 14, 2), "/usr/bin/python3", "") == "/usr/bin/python3"
    for version in ((3, 10, 13), (3, 15, 0)):
        assert bootstrap.find_interpreter(version, "/usr/bin/python3", path) == str(tmp_path / "python3.13")
        assert bootstrap.find_interpreter(version, "/usr/bin/python3", "/nowhere") is None


@pytest.mark.parametrize(
    ("system", "machine", "suited"),
    [
        ("linux", "x86_64", True),
        ("linux", "aarch64", True),
        ("linux", "armv7l", False),
        ("darwin", "arm64", False),
        ("win32", "AMD64", False),
    ],
)
def test_platform(system: str, machine: str, suited: bool) -> None:
    """On a runner only: a laptop may be anything."""
    told = bootstrap.unsuited({"GITHUB_ACTIONS": "true"}, system, machine)
    assert (told is None) == suited
    assert suited or (system in str(told) and "runs-on: ubuntu-latest" in str(told))
    assert bootstrap.unsuited({}, system, machine) is None


def run(source: str, *arguments: str) -> subprocess.Popen[str]:
    """A process that uses the script as a module."""
    code = f"import sys; sys.path.insert(0, {str(SCRIPT.parent)!r}); import bootstrap\n{source}"
    return subprocess.Popen([sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, text=True)


def test_unsupported_python_is_told_what_to_do() -> None:
    """One line, exit code 2."""
    process = run(
        "sys.version_info = (3, 9, 18)\nbootstrap.main(['evaluate', 'trial.py'], {'PATH': '/nowhere'})"
    )
    told, _ = process.communicate()
    assert process.returncode == 2
    (line,) = told.splitlines()
    assert line.startswith("::error title=Seatrial set-up::Python ")
    assert "needs 3.11 to 3.14" in line and "actions/setup-python" in line


def test_old_pythons_can_read_it() -> None:
    """Or they could not be told."""
    ast.parse(SCRIPT.read_text(), feature_version=(3, 7))


def test_failure_of_an_installer_is_told(tmp_path: Path) -> None:
    """The last lines that it said, in one annotation."""
    failing = "['sh', '-c', 'echo 100% no such package; exit 7']"
    process = run(
        f"bootstrap.run({failing}, {{'PATH': '/bin:/usr/bin'}}, {str(tmp_path)!r}, 'Installing uv')"
    )
    told, _ = process.communicate()
    assert process.returncode == 3
    assert told.splitlines() == [
        "::error title=Seatrial set-up::Installing uv failed (exit code 7). "
        "The last lines were:%0A100%25 no such package"
    ]


SLOW = """
import pathlib, time
home, seen, fails = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3] == "fails"
def make():
    with seen.open("a") as file:
        file.write("made ")
    time.sleep(0.05)
    if fails:
        bootstrap.give_up("no network")
bootstrap.prepare(home, make)
"""


def test_two_at_once_build_once(tmp_path: Path) -> None:
    """And what was half built by a step that failed is built again."""
    home, seen = str(tmp_path / "home"), tmp_path / "seen"
    broken = run(SLOW, home, str(seen), "fails")
    broken.communicate()
    assert broken.returncode == 2
    several = [run(SLOW, home, str(seen), "works") for _ in range(4)]
    for process in several:
        process.communicate()
    assert [process.returncode for process in several] == [0, 0, 0, 0]
    assert seen.read_text() == "made made "


def test_key_follows_locks_and_interpreter(tmp_path: Path) -> None:
    """A changed lock or Python never meets an environment of another."""
    lock = tmp_path / "lock.txt"
    lock.write_text("numpy==2.4.6\n")
    before = bootstrap.key_of([str(lock)], "/usr/bin/python3.11")
    assert bootstrap.key_of([str(lock)], "/usr/bin/python3.11") == before
    assert bootstrap.key_of([str(lock)], "/usr/bin/python3.12") != before
    lock.write_text("numpy==2.5.5\n")
    assert bootstrap.key_of([str(lock)], "/usr/bin/python3.11") != before
