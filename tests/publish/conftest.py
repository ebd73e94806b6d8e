"""A repository at its tag, with its GitHub."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from acting import Consumer
from github_double import load
from release_double import ReleaseDouble
from release_scene import FILES, REPOSITORY, Ship


@pytest.fixture
def ship(tmp_path: Path) -> Iterator[Ship]:
    repository = Consumer(tmp_path / "repository")
    repository.commit(FILES)
    (repository.root / "run.sh").chmod(0o755)
    repository.commit({})
    repository.git("update-ref", "refs/remotes/origin/main", "HEAD")
    found = load()
    contract = None if isinstance(found, str) else found
    with ReleaseDouble(REPOSITORY, contract) as github:
        yield Ship(repository, tmp_path, github)
