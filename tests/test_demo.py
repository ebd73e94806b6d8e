"""The first of the two commands of the README, on real data."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.demo
def test_the_demo_plays_its_three_pull_requests() -> None:
    """It checks its own story (one fails by one carrier alone, one names the rows that it lacks)."""
    done = subprocess.run(
        [sys.executable, "scripts/demo.py"],
        cwd=ROOT,
        env={**os.environ, "PYTHONWARNINGS": "default"},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    for verdict in ("PASSED  flight-delay", "FAILED  flight-delay", "INCONCLUSIVE  flight-delay"):
        assert verdict in done.stdout
    for name in ("add-weather", "add-planes", "quick-test"):
        folder = ROOT / "build" / "demo" / name
        assert (folder / "comment.md").stat().st_size > 500
        assert "<svg" in (folder / "report.html").read_text(encoding="utf-8")
