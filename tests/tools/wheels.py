"""Locked wheels in a folder, for an index double. They outlive the session, as an installer's cache does."""

import fcntl
import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def wheels(kept: Path, *locks: str) -> Path:
    """The folder with every wheel of these locks for the Python that runs the actions here."""
    files = [ROOT / "requirements" / f"{lock}.txt" for lock in locks]
    content = hashlib.sha256(b"".join(file.read_bytes() for file in files) + sys.version.encode())
    folder = kept / content.hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        if not (folder / "complete").exists():
            _download(files, folder)
            (folder / "complete").touch()
    return folder


def _download(files: list[Path], folder: Path) -> None:
    python = Path(sys.base_prefix) / "bin" / "python3"
    for file in files:
        done = subprocess.run(
            [python, "-I", "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes",
             "--only-binary", ":all:", "--dest", folder, "-r", file],
            env=dict(os.environ), capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-2000:]
