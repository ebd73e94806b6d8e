"""The pull requests of the demo apply to the example as it is, and change what they say."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

BOTH = {"prepare.py", "train.py"}
CHANGED = {"add-planes": BOTH, "add-weather": {"train.py"}, "quick-test": BOTH}


def git(folder: Path, *arguments: str) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    clean = kept | {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "a",
        "GIT_AUTHOR_EMAIL": "a@example.com",
        "GIT_COMMITTER_NAME": "a",
        "GIT_COMMITTER_EMAIL": "a@example.com",
    }
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env=clean, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def repository(flight_delay: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    shutil.copytree(
        flight_delay, folder, ignore=shutil.ignore_patterns("pull-requests", "__pycache__", "raw", "data")
    )
    git(folder, "init", "--quiet", "--initial-branch", "main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "main")
    return folder


def test_there_is_a_patch_for_each_pull_request(flight_delay: Path) -> None:
    assert {path.stem for path in (flight_delay / "pull-requests").iterdir()} == set(CHANGED)


@pytest.mark.parametrize("name", sorted(CHANGED))
def test_the_patch_applies_and_what_it_leaves_is_python(
    name: str, flight_delay: Path, repository: Path
) -> None:
    git(repository, "am", "--quiet", str(flight_delay / "pull-requests" / f"{name}.patch"))
    assert set(git(repository, "diff", "--name-only", "HEAD~1").split()) == CHANGED[name]
    for script in CHANGED[name]:
        compile((repository / script).read_text(), script, "exec")
    assert git(repository, "log", "-1", "--format=%s").strip()


def test_the_first_and_the_third_train_alike(flight_delay: Path, repository: Path) -> None:
    trained = []
    for name in ("add-weather", "quick-test"):
        git(repository, "checkout", "--quiet", "-b", name, "main")
        git(repository, "am", "--quiet", str(flight_delay / "pull-requests" / f"{name}.patch"))
        trained.append((repository / "train.py").read_bytes())
    assert trained[0] == trained[1]
