"""Whether the tests of the second engine have PySpark, and what they say where they do not."""

from pathlib import Path

import pytest

import spark_setup


def java(folder: Path, version: str) -> str:
    """A folder for PATH in which java says that it is of this version."""
    folder.mkdir()
    program = folder / "java"
    program.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\" 2026-01-20' >&2\n")
    program.chmod(0o755)
    return str(folder)


@pytest.mark.parametrize(
    ("version", "said"), [("1.8.0_462", "Java 8 is installed"), ("11.0.28", "Java 11 is installed")]
)
def test_an_old_java_is_named(tmp_path: Path, version: str, said: str) -> None:
    told = spark_setup.spark_for_tests([], {"PATH": java(tmp_path / "bin", version)})
    assert told.keys() == {spark_setup.MISSING} and said in told[spark_setup.MISSING]


def test_no_java_is_a_reason_even_in_ci(tmp_path: Path) -> None:
    told = spark_setup.spark_for_tests([], {"PATH": str(tmp_path), "CI": "true"})
    assert told == {spark_setup.MISSING: "no Java is installed; the tests of Spark need Java 17 or newer"}


def test_java_home_counts_before_the_path(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    java(home / "bin", "21.0.2")
    environ = {"JAVA_HOME": str(home), "PATH": java(tmp_path / "bin", "11.0.28")}
    assert spark_setup.java_version(environ) == 21


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        ([], True),
        (["-x", "-q"], True),
        (["tests/"], True),
        (["tests/engines/test_spark.py::test_one"], True),
        (["tests/gates", "tests/engines"], True),
        (["tests/gates", "-q"], False),
    ],
)
def test_it_is_set_up_for_tests_that_need_it(tmp_path: Path, arguments: list[str], wanted: bool) -> None:
    """A part of the tests does not wait for it."""
    told = spark_setup.spark_for_tests(arguments, {"PATH": str(tmp_path)})
    assert ("Java" in told[spark_setup.MISSING]) == wanted
