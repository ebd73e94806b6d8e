"""Predictions by the consumer's command, with real processes."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from seatrial.commands.environment import child_environment
from seatrial.commands.running import Limits
from seatrial.engines.tables.reading import read_table
from seatrial.errors import BadInput, Location
from seatrial.predictors.command import predict

CSV = 'id,"note",late,x\n1,"a, ""b""\nc",1,0.50\n007,plain,0,1e-3\n'


@pytest.fixture
def call(tmp_path: Path) -> Callable[..., Path]:
    (tmp_path / "data.csv").write_text(CSV, newline="")
    (tmp_path / "scratch").mkdir()

    def run(command: Any, file: str = "data.csv", **how: Any) -> Path:
        data = read_table(tmp_path / file, name=file, columns={"late"})
        environ = {"PATH": os.environ["PATH"], "GITHUB_TOKEN": "hidden", "INPUTS": "{}", "CUDA": "0"}
        given: dict[str, Any] = {
            "label": "late",
            "model": None,
            "cwd": tmp_path,
            "env": child_environment(environ),
            "limits": Limits(20),
            "scratch": tmp_path / "scratch",
            "location": Location("seatrial.yml", 9, 12),
        }
        return predict(command, data=data, file=tmp_path / file, **(given | how))

    return run


def said(call: Callable[..., Path], command: Any, **how: Any) -> str:
    with pytest.raises(BadInput) as caught:
        call(command, **how)
    text = str(caught.value)
    assert "\n" not in text
    assert text.startswith("seatrial.yml:9:12: ")
    return text


def test_the_label_never_reaches_the_command_and_other_cells_keep_their_bytes(call: Any) -> None:
    out = call("cp {data} {out}")
    assert out.read_text() == 'id,"note",x\n1,"a, ""b""\nc",0.50\n007,plain,1e-3\n'


def test_the_label_never_reaches_the_command_as_parquet(call: Any, tmp_path: Path) -> None:
    frame = pl.DataFrame({"id": [2**60 + 1, 2], "late": [True, False], "tags": [["a"], []]})
    frame.write_parquet(tmp_path / "data.parquet")
    out = call("cp {data} {out}", "data.parquet")
    assert pl.read_parquet(out).equals(frame.drop("late"))
    assert b"late" not in out.read_bytes()


def test_the_environment_has_no_token(call: Any) -> None:
    out = call(["sh", "-c", "cat $0 > $1; env > $1", "{data}", "{out}"])
    assert "hidden" not in out.read_text()
    assert "INPUTS" not in out.read_text()
    assert "CUDA=0" in out.read_text()


def test_the_model_is_named_by_its_placeholder(call: Any, tmp_path: Path) -> None:
    out = call("printf '%s' {model} > {out}\n: {data}\n", model=tmp_path / "my model.pkl")
    assert out.read_text() == str(tmp_path / "my model.pkl")
    assert "{model}, which has no value here" in said(call, "x {model} {data} {out}")


def test_two_runs_do_not_see_each_others_files(call: Any) -> None:
    assert call("cp {data} {out}") != call("cp {data} {out}")


def test_a_command_that_fails_shows_its_last_lines(call: Any) -> None:
    code = "seq 100; printf 'Key\\033[31mError: ::error::x\\n' >&2; exit 7; : {data} {out}"
    text = said(call, ["sh", "-c", code])
    assert "the predict command ended with exit code 7; its last lines: " in text
    assert "82 ⏎ " in text
    assert " 81 " not in text
    assert text.endswith("100 ⏎ Key\\u001B[31mError: ::error::x")


def test_a_command_that_takes_too_long_or_too_much(call: Any) -> None:
    slow = ["sh", "-c", "echo loading; sleep 30; : {data} {out}"]
    assert said(call, slow, limits=Limits(0.3)).endswith(
        "did not end within 0.3 s; make it faster, or raise `time`; its last lines: loading"
    )
    big = "python3 -c \"b=b'x'*300_000_000; import time; time.sleep(9)\"\n: {data} {out}\n"
    assert "took more than 150 MiB of memory; use less, or raise `memory`; it printed nothing" in said(
        call, big, limits=Limits(20, memory=150 * 2**20)
    )


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        (":", "wrote no file to {out}"),
        ("mkdir $1", "made {out} a link, folder or device"),
        ("ln -s $0 $1", "made {out} a link, folder or device"),
        ("ln $0 $1", "made {out} a link, folder or device"),
        ("mkfifo $1", "made {out} a link, folder or device"),
    ],
)
def test_a_command_that_writes_no_regular_file(call: Any, action: str, expected: str) -> None:
    assert expected in said(call, ["sh", "-c", action, "{data}", "{out}"])


def test_a_command_must_name_its_data_and_output(call: Any) -> None:
    assert "never mentions {data}" in said(call, "predict {out}")
    assert "never mentions {out}" in said(call, "predict {data}")


def test_data_that_changed_since_it_was_read(call: Any, tmp_path: Path) -> None:
    data = read_table(tmp_path / "data.csv", name="data.csv", columns={"late"})
    (tmp_path / "data.csv").write_text("id,late\n1,0\n")
    with pytest.raises(BadInput, match=r"data.csv: the file changed after it was read"):
        predict(
            "cp {data} {out}",
            data=data,
            file=tmp_path / "data.csv",
            label="late",
            model=None,
            cwd=tmp_path,
            env={},
            limits=Limits(5),
            scratch=tmp_path / "scratch",
        )
