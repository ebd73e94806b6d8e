"""Locked wheels in a folder, for an index double. They outlive the session, as an installer's cache does."""

import fcntl
import hashlib
import os
import subprocess
import sys
import zipfile
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


def tiny_wheel(folder: Path, name: str) -> Path:
    """A wheel of one empty module, version 1, that no other index has."""
    found = folder / f"{name}-1-py3-none-any.whl"
    about = f"{name}-1.dist-info"
    files = {
        f"{name}.py": "",
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{path},,\n" for path in (*files, f"{about}/RECORD"))
    with zipfile.ZipFile(found, "w") as wheel:
        for path, text in {**files, f"{about}/RECORD": record}.items():
            wheel.writestr(path, text)
    return found
