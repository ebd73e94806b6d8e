"""Spark where it cannot be had: told in one line, before anything is judged, and nothing stays behind."""

from pathlib import Path

import pytest

from seatrial.commands.running import Limits
from seatrial.engines.spark.scanning import SparkCall, ask_spark, environment
from seatrial.errors import BadInput, CouldNotDecide, Location

PLACE = Location("seatrial.yml", 5, 12)
LIMITS = Limits(20, 2**30)


def python(folder: Path, name: str, reply: str) -> None:
    """A Python of the consumer's that answers our script with this."""
    folder.mkdir(exist_ok=True)
    program = folder / name
    program.write_text(f"#!/bin/sh\nfor last; do :; done\nprintf '%s' '{reply}' > \"$last/reply.json\"\n")
    program.chmod(0o755)


def ask(tmp_path: Path, **environ: str) -> object:
    folder = tmp_path / "folder"
    folder.mkdir()
    call = SparkCall("local[2]", {"PATH": str(tmp_path / "bin"), **environ}, PLACE)
    return ask_spark(call, {"asked": []}, folder=folder, limits=LIMITS)


def lacks(what: str) -> str:
    return f'{{"status": "missing", "detail": "{what}"}}'


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ({}, "Python 3.11 or newer with PySpark"),
        ({"python3": "python"}, "Python 3.11 or newer with PySpark"),
        ({"python3": "pyspark", "python": "python"}, "PySpark 4.0 or newer"),
        ({"python3": "pyspark", "python": "java"}, "Java 17 or newer"),
    ],
)
def test_what_spark_lacks_is_named(tmp_path: Path, found: dict[str, str], said: str) -> None:
    """Of several Pythons that lack something, the one that lacks least."""
    for name, what in found.items():
        python(tmp_path / "bin", name, lacks(what))
    with pytest.raises(BadInput) as caught:
        ask(tmp_path)
    assert str(caught.value).startswith("seatrial.yml:5:12: Spark needs ") and said in str(caught.value)


def test_the_first_python_that_has_it_is_taken(tmp_path: Path) -> None:
    python(tmp_path / "bin", "python3", lacks("pyspark"))
    python(tmp_path / "bin", "python", '{"status": "read", "facts": []}')
    assert ask(tmp_path) == {"status": "read", "facts": []}


def test_a_master_that_cannot_be_reached_is_no_verdict(tmp_path: Path) -> None:
    python(tmp_path / "bin", "python3", '{"status": "no session", "detail": "connection refused"}')
    with pytest.raises(CouldNotDecide, match=r"Spark at local\[2\] did not start \(connection refused\)"):
        ask(tmp_path)


def test_a_job_with_an_identity_does_not_run_it(tmp_path: Path) -> None:
    """What the job has installed may be the pull request's."""
    python(tmp_path / "bin", "python3", '{"status": "read", "facts": []}')
    with pytest.raises(BadInput, match="id-token: write"):
        ask(tmp_path, ACTIONS_ID_TOKEN_REQUEST_TOKEN="t")


def test_spark_learns_no_token(tmp_path: Path) -> None:
    given = {
        "PATH": "/bin", "JAVA_HOME": "/java", "SPARK_CONF_DIR": "/conf", "HADOOP_CONF_DIR": "/hadoop",
        "GITHUB_TOKEN": "t", "AWS_SECRET_ACCESS_KEY": "s", "PYTHONPATH": ".", "PYSPARK_SUBMIT_ARGS": "x",
        "SEATRIAL_TOKEN": "t", "INPUTS": "{}",
    }  # fmt: skip
    kept = environment(given)
    assert {"PATH", "JAVA_HOME", "SPARK_CONF_DIR", "HADOOP_CONF_DIR"} <= kept.keys()
    assert not kept.keys() & {
        "GITHUB_TOKEN",
        "AWS_SECRET_ACCESS_KEY",
        "PYTHONPATH",
        "SEATRIAL_TOKEN",
        "INPUTS",
    }
    assert "PYSPARK_SUBMIT_ARGS" not in kept
