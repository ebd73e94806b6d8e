"""PySpark for the tests of the second engine, in an environment of its own.

It comes as an archive, not as a wheel: it is built here, once, with build tools that are pinned by hash too.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import bootstrap

PYTHON, MISSING = "SEATRIAL_SPARK_PYTHON", "SEATRIAL_SPARK_MISSING"  # what the tests are told
OLDEST_JAVA = 17
_LOCK, _TOOLS = (os.path.join(bootstrap.REQUIREMENTS, name) for name in ("spark.txt", "spark-build.txt"))
_NEEDED_BY = "tests/engines"


def spark_for_tests(arguments: Sequence[str], environ: Mapping[str, str]) -> dict[str, str]:
    """Variables for the tests: the Python that has PySpark, or why there is none.

    arguments: of pytest. What cannot be installed is an error in CI.
    """
    if environ.get("ACT") == "true" or not _wanted(arguments):
        return {MISSING: "PySpark is not set up for these tests alone"}
    java = java_version(environ)
    if java is None or java < OLDEST_JAVA:
        found = "no Java is installed" if java is None else f"Java {java} is installed"
        return {MISSING: f"{found}; the tests of Spark need Java {OLDEST_JAVA} or newer"}
    locks = [os.path.join(bootstrap.REQUIREMENTS, "uv.txt"), _LOCK, _TOOLS]
    home = Path("~/.cache/seatrial").expanduser() / f"spark-{bootstrap.key_of(locks, sys.executable)}"
    try:
        bootstrap.prepare(str(home), lambda: _build(str(home), environ))
    except SystemExit:
        if environ.get("CI") == "true":
            raise
        return {MISSING: "PySpark could not be installed; make test says why"}
    return {PYTHON: str(home / "venv" / "bin" / "python")}


def _wanted(arguments: Sequence[str]) -> bool:
    """Whether any of the tests that are named could need it."""
    named = [argument.split("::")[0].rstrip("/") for argument in arguments if argument.startswith("tests")]
    return not named or any(_NEEDED_BY.startswith(name) or name.startswith(_NEEDED_BY) for name in named)


def _build(home: str, environ: Mapping[str, str]) -> None:
    how = ["--only-binary", ":all:", "--no-binary", "pyspark"]
    how += ["--build-constraints", _TOOLS, "--require-build-hashes"]
    python = os.path.join(sys.base_prefix, "bin", f"python{sys.version_info[0]}.{sys.version_info[1]}")
    bootstrap.build(home, python, _LOCK, bootstrap.installer_environment(environ), how)


def java_version(environ: Mapping[str, str]) -> int | None:
    """The major version of the Java that Spark would find."""
    own = os.path.join(environ.get("JAVA_HOME", ""), "bin", "java")
    java = own if os.access(own, os.X_OK) else shutil.which("java", path=environ.get("PATH"))
    if java is None:
        return None
    try:
        told = subprocess.run(
            [java, "-version"], capture_output=True, text=True, timeout=60, check=False
        ).stderr
    except subprocess.TimeoutExpired:
        return None
    version = re.search(r'version "(?:1\.)?(\d+)', told)
    return int(version[1]) if version else None
