"""`seatrial init` with wrong words or wrong data: one line, exit code 2, nothing written."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from seatrial import cli
from seatrial.errors import BadInput
from seatrial.trial.local import run_local

Refused = Callable[..., str]
ROWS = "id,late,carrier\n1,0,AA\n2,1,DL\n3,0,AA\n"


@pytest.fixture
def refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Refused:
    """What the command says, called in a folder with rows.csv. Its files are as they were before."""
    (tmp_path / "rows.csv").write_text(ROWS)
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> str:
        before = sorted((path, path.lstat().st_mtime_ns) for path in Path().rglob("*"))
        assert cli.main(["init", *words]) == 2
        assert sorted((path, path.lstat().st_mtime_ns) for path in Path().rglob("*")) == before
        told = capsys.readouterr()
        assert told.out == ""
        assert told.err.count("\n") == 1
        return told.err

    return run


def test_no_data(refused: Refused) -> None:
    assert refused() == "no data are named; write seatrial init data/train.csv data/test.csv\n"


def test_more_files_than_train_and_test(refused: Refused) -> None:
    assert "3 paths are given" in refused("a.csv", "b.csv", "c.csv")
    assert "rows.csv is named twice" in refused("rows.csv", "./rows.csv")


def test_data_that_are_not_there(refused: Refused) -> None:
    assert refused("train.csv").startswith("train.csv: ")


def test_data_outside_of_the_repository(refused: Refused, tmp_path: Path) -> None:
    assert "outside of" in refused("../rows.csv")
    assert "outside of" in refused("/etc/passwd")


def test_a_header_alone(refused: Refused) -> None:
    Path("empty.csv").write_text("id,late\n")
    assert refused("empty.csv") == "empty.csv: there are no rows to draft from; name data with rows\n"


def test_a_column_that_is_not_there(refused: Refused) -> None:
    assert refused("rows.csv", "--label", "delay") == (
        "rows.csv: --label delay is no column of the data; its columns are id, late, carrier\n"
    )
    Path("index.csv").write_text(",late\n1,0\n2,1\n")  # as pandas writes its index
    blank = "is a name that no policy can hold; name the column anew\n"
    assert refused("index.csv", "--label", "") == f'--label "" {blank}'
    assert refused("index.csv", "--key", "") == f'--key "" {blank}'
    assert refused("rows.csv", "--label", "").startswith('rows.csv: --label "" is no column')
    assert "--key flight is no column" in refused("rows.csv", "--key", "flight")


def test_a_key_that_does_not_name_one_row(refused: Refused) -> None:
    assert refused("rows.csv", "--key", "carrier") == (
        "rows.csv: --key carrier does not name one row: 1 of 3 rows stand before with the same values; "
        "name the columns that do, or leave --key out\n"
    )


def test_a_label_that_says_nothing(refused: Refused) -> None:
    Path("same.csv").write_text("id,late,none\n1,0,\n2,0,\n")
    assert "--label late holds one value in every row" in refused("same.csv", "--label", "late")
    assert "--label none has no value" in refused("same.csv", "--label", "none")
    assert "--key late is the label too" in refused("rows.csv", "--label", "late", "--key", "late")


def test_csv_that_is_not_utf_8(refused: Refused) -> None:
    Path("latin.csv").write_bytes("name,late\nZoë,1\nBo,0\n".encode("latin-1"))
    said = refused("latin.csv")
    assert said.endswith(
        "(Latin-1 or Windows-1252 perhaps); write --encoding windows-1252, or save the file as UTF-8\n"
    )
    assert "name the right --encoding, or save" in refused("latin.csv", "--encoding", "utf-16")
    Path("excel.csv").write_text("sep=;\nname;late\nZoë;1\n")
    assert refused("excel.csv").endswith('remove the line, and write --delimiter ";"\n')


def test_how_csv_is_written_in_words_that_no_policy_takes(refused: Refused) -> None:
    assert refused("rows.csv", "--encoding", "utf-9").startswith("--encoding: utf-9 is no encoding of text")
    assert refused("rows.csv", "--delimiter", ";;").startswith("--delimiter: expected one character such as")
    assert 'not by ";"; write --delimiter ","' in refused("rows.csv", "--delimiter", ";")
    pl.DataFrame({"id": [1, 2]}).write_parquet("rows.parquet")
    assert refused("rows.parquet", "--delimiter", "tab", "--encoding", "cp1252") == (
        "rows.parquet: --delimiter and --encoding: the data are Parquet, which says itself how it is "
        "written; leave this out\n"
    )


def test_words_that_no_policy_takes(refused: Refused) -> None:
    assert refused("rows.csv", "--task", "ranking") == (
        "--task ranking is no task; write binary or multiclass or regression\n"
    )
    assert refused("rows.csv", "--model", "a/b").startswith("--model: a/b is not a name")


def test_a_policy_that_is_there_already(refused: Refused) -> None:
    Path("seatrial.yml").write_text("mine\n")
    assert "there is a policy already; write --update" in refused("rows.csv")
    os.symlink("/nowhere", "link.yml")
    assert "there is a policy already" in refused("rows.csv", "--out", "link.yml")


def test_no_place_to_write_to(refused: Refused) -> None:
    assert "its folder is not there" in refused("rows.csv", "--out", "policies/a.yml")
    Path("policies").mkdir()
    assert "this is a folder" in refused("rows.csv", "--out", "policies")


def test_a_folder_inside_a_repository(refused: Refused, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("data").mkdir()
    Path("rows.csv").rename("data/rows.csv")
    Path(".git").mkdir()
    monkeypatch.chdir("data")
    assert "not the top of its repository" in refused("rows.csv")
    assert "not the top of its repository" in refused("--update")


@pytest.mark.parametrize(
    ("here", "said"), [(False, r"repo$"), (True, r"policy: --policy data/seatrial\.yml$")]
)
def test_a_trial_of_a_folder_inside_a_repository(tmp_path: Path, here: bool, said: str) -> None:
    inside = tmp_path / "repo" / "data"
    inside.mkdir(parents=True)
    subprocess.run(["git", "init", "--quiet"], cwd=inside.parent, check=True)
    (inside if here else inside.parent).joinpath("seatrial.yml").write_text("version: 1\n")
    with pytest.raises(BadInput, match=said):
        run_local(inside, "seatrial.yml", "", None, tmp_path / "out", {})


def test_an_update_of_nothing(refused: Refused) -> None:
    assert "cannot be read (No such file or directory); name a policy with --policy" in refused("--update")
    Path("seatrial.yml").write_text(
        "version: 1\nmodel: {name: m, task: binary}\ndata: {test: rows.csv}\n"
        "evaluate: {label: late, predictions: p.csv, metrics: {roc_auc: {min: 0.5}}}\n"
    )
    assert "asks nothing of the data" in refused("--update")
