"""Fetch what the tests hold us against, then run them. Usage: make test [ARGS="pytest arguments"]

Parts that cannot be had here (npm packages, a browser, Spark) are named, and their tests skip with
that reason. In CI a browser is installed where the system's package manager allows it.
"""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from spark_setup import MISSING, spark_for_tests

ROOT = Path(__file__).resolve().parent.parent
CONTRACT = ROOT / "tests" / "contract"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def fetch_contracts() -> str | None:
    """The npm packages that GitHub's API and hostile strings are taken from; why not, where not."""
    npm = shutil.which("npm")
    if npm is None:
        return "npm is not installed, so the tests against GitHub's published API skip"
    stamp, lock = CONTRACT / "node_modules" / ".package-lock.json", CONTRACT / "package-lock.json"
    if stamp.exists() and stamp.stat().st_mtime >= lock.stat().st_mtime:
        return None
    done = subprocess.run(
        [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=CONTRACT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        return (
            f"npm ci failed, so the tests against GitHub's published API skip: {done.stderr.strip()[-300:]}"
        )
    stamp.touch()
    return None


def install_browser() -> str | None:
    """A browser for the tests of pages, in CI only; why not, where not."""
    if any(shutil.which(name) for name in BROWSERS):
        return None
    if os.environ.get("CI") != "true":
        return "no Chromium is installed, so the tests of pages skip"
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        return "no Chromium is installed and it cannot be installed here, so the tests of pages skip"
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium"]):
        done = subprocess.run(
            ["apt-get", *command],
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            return f"installing Chromium failed, so the tests of pages skip: {done.stderr.strip()[-300:]}"
    return None


def main(arguments: list[str]) -> None:
    with ThreadPoolExecutor() as pool:
        fetched, browser = pool.submit(fetch_contracts), pool.submit(install_browser)
        spark = spark_for_tests(arguments, os.environ)
        for reason in (fetched.result(), browser.result(), spark.get(MISSING)):
            if reason:
                print(reason, flush=True)
    if os.environ.get("ACT") == "true":
        arguments = ["-m", "not act and not demo", *arguments]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    os.chdir(ROOT)
    os.execve(
        sys.executable, [sys.executable, "-m", "pytest", *arguments], {**os.environ, **spark, "PATH": path}
    )


if __name__ == "__main__":
    main(sys.argv[1:])
