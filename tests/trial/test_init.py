"""`seatrial init`: what it drafts passes on the data that it was drafted from."""

import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from seatrial.errors import BadInput
from seatrial.policy import parse
from seatrial.policy.model import Policy
from seatrial.trial.drafting.draft import Said, Wish, draft
from seatrial.trial.drafting.repository import look

ROOT = Path(__file__).resolve().parents[2]

Cells = list[Any]


def drafted(root: Path, *data: str, **wish: Any) -> tuple[Said, str, Policy]:
    said = draft(root, Wish(data, **wish))
    text = (root / wish.get("out", "seatrial.yml")).read_text(encoding="utf-8")
    return said, text, parse(text)


def rule(policy: Policy, column: str) -> dict[str, Any]:
    """What the policy says of a column, without what it does not say."""
    return policy.data.columns[column].model_dump(exclude_unset=True)


@st.composite
def columns(draw: st.DrawFn, rows: int) -> Cells:
    """Cells of one kind, some of them missing."""
    kinds: dict[str, st.SearchStrategy[Any]] = {
        "whole": st.integers(-(2**62), 2**62),
        "few": st.integers(0, 3),
        "number": st.floats(allow_nan=True, allow_infinity=True),
        "share": st.floats(0, 1),
        "text": st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8),
        "class": st.sampled_from(["a", "b", "c d", "no", "007", "x: y"]),
        "code": st.sampled_from(["001", "02", "99"]),
        "flag": st.booleans(),
        "day": st.dates(date(1890, 1, 1), date(2090, 1, 1)),
        "time": st.datetimes(datetime(1890, 1, 1), datetime(2090, 1, 1)),
        "nothing": st.none(),
        "mail": st.sampled_from(["ann@example.org", "bo@example.org"]),
    }
    kind = kinds[draw(st.sampled_from(sorted(kinds)))]
    few = draw(st.lists(kind, min_size=1, max_size=6))
    missing = draw(st.sampled_from([0, 0, 0.1, 0.9]))
    random = draw(st.randoms(use_true_random=False))
    return [None if random.random() < missing else random.choice(few) for _ in range(rows)]


@st.composite
def frames(draw: st.DrawFn) -> pl.DataFrame:
    rows = draw(st.sampled_from([1, 2, 7, 60]))
    names = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=8)
    found = draw(st.lists(names, min_size=1, max_size=8, unique=True))
    return pl.DataFrame({name: draw(columns(rows)) for name in found}, strict=False)


quick = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@quick
@given(st.lists(frames(), min_size=1, max_size=2), st.booleans())
def test_a_draft_passes_on_any_data_that_it_was_drafted_from(found: list[pl.DataFrame], csv: bool) -> None:
    assume(not csv or all(frame.width > 1 for frame in found))  # of one column, a missing value is no row
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name, frame in zip(("train", "test"), found, strict=False):
            if csv:
                frame.write_csv(root / f"{name}.csv")
            else:
                frame.write_parquet(root / f"{name}.parquet")
        files = sorted((path.name for path in root.iterdir()), reverse=True)
        said, text, policy = drafted(root, *files)
        assert said.code == 0, "\n".join((*said.lines, text))
        assert policy.data.rows is not None


CSV = """\
id;zip;amount;paid;joined;seen_at;email;grade;left
1;01234;0,50;true;2019-03-01;2026-01-05 10:00:00;ann@example.org;A;NA
2;10115;12,25;false;2020-07-15;2026-01-06 11:30:00;bo@example.org;B;3
3;;1999,99;true;2021-11-30;2026-01-07 09:15:00;cy@example.org;A;4
"""


def test_csv_is_read_as_a_person_would_read_it(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text(CSV)
    said, text, policy = drafted(tmp_path, "rows.csv")
    assert said.code == 0
    assert policy.data.csv.delimiter == ";"
    assert policy.data.csv.decimal == ","
    assert policy.data.csv.nulls == ("", "NA")
    types = {name: found.type for name, found in policy.data.columns.items()}
    assert types == {
        "id": "integer",
        "zip": "string",  # a leading zero is part of a name
        "amount": "number",
        "paid": "boolean",
        "joined": "date",
        "seen_at": "timestamp",
        "email": "string",
        "grade": "string",
        "left": "integer",
    }
    assert policy.data.key == ("id",)
    assert policy.data.columns["seen_at"].zone == "UTC"
    assert policy.data.columns["email"].hide
    assert "ann" not in text
    assert rule(policy, "amount")["min"] == 0


def test_a_folder_of_parts_has_their_folders_as_columns_that_may_grow(tmp_path: Path) -> None:
    for year in (2024, 2025):
        (tmp_path / "parts" / f"year={year}").mkdir(parents=True)
        frame = pl.DataFrame({"row_id": range(year * 100, year * 100 + 30)})
        frame.write_parquet(tmp_path / "parts" / f"year={year}" / "rows.parquet")
    said, _, policy = drafted(tmp_path, "parts")
    assert said.code == 0
    assert policy.data.key == ("row_id",)
    assert rule(policy, "year") == {"type": "string"}


def test_tabs_between_cells(tmp_path: Path) -> None:
    (tmp_path / "rows.tsv").write_text("length\twidth\n1\t0.5\n2\t0.25\n")
    said, _, policy = drafted(tmp_path, "rows.tsv")
    assert said.code == 0
    assert policy.data.csv.delimiter == "\t"
    assert policy.data.key == ()  # a length is no name, though no two are alike here


def test_how_csv_is_written_may_be_told(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_bytes("name;price\nit\u2019s;1,50\nZoë;2,25\n".encode("cp1252"))
    said, text, policy = drafted(tmp_path, "rows.csv", encoding="windows-1252")
    assert said.code == 0
    assert '  csv: {delimiter: ";", encoding: windows-1252, decimal: ","}' in text.splitlines()
    assert rule(policy, "price")["type"] == "number"
    (tmp_path / "rows.csv").write_text("a,b\tc\n1,2\t3\n4,5\t6\n")  # either might be the delimiter
    _, text, policy = drafted(tmp_path, "rows.csv", delimiter="\\t", encoding="utf-8", force=True)
    assert list(policy.data.columns) == ["a,b", "c"]
    assert '  csv: {delimiter: "\\t", decimal: ","}' in text.splitlines()


def test_train_and_test_are_told_apart_by_name_or_else_by_order(tmp_path: Path) -> None:
    for name in ("holdout.csv", "fit.csv", "more.csv"):
        (tmp_path / name).write_text("x\n1\n2\n")
    _, _, policy = drafted(tmp_path, "holdout.csv", "fit.csv")
    assert (policy.data.train, policy.data.test) == ("fit.csv", "holdout.csv")
    _, _, policy = drafted(tmp_path, "more.csv", "fit.csv", force=True)
    assert (policy.data.train, policy.data.test) == ("more.csv", "fit.csv")
    _, _, policy = drafted(tmp_path, "holdout.csv", force=True)
    assert (policy.data.train, policy.data.test) == (None, "holdout.csv")


def test_what_the_repository_holds_is_found(tmp_path: Path) -> None:
    root = tmp_path / "Flight delay (2026)"
    (root / "model").mkdir(parents=True)
    (root / "model" / "model.onnx").write_bytes(b"onnx")
    (root / "Makefile").write_text("all: train\n\ntrain: data\n\tpython fit.py\n")
    rows = {"id": range(100), "late": [i % 3 == 0 for i in range(100)]}
    pl.DataFrame(rows).write_parquet(root / "test.parquet")
    said, text, policy = drafted(root, "test.parquet", label="late")
    assert said.code == 0
    assert policy.model.name == "Flight-delay-2026"
    assert policy.model.task == "binary"
    assert policy.gates == ("data", "evaluation")
    assert policy.evaluation.model == "model/model.onnx"
    assert "full: {run: make train}" in text
    assert any(line.strip() == "seatrial trial" for line in said.lines)


@pytest.mark.parametrize(
    ("file", "content", "command"),
    [
        ("dvc.yaml", "stages:\n  prepare:\n    cmd: a\n  train:\n    cmd: b\n", "dvc repro train"),
        ("pyproject.toml", '[project]\nname = "x"\n[project.scripts]\nfit-train = "x:y"\n', "fit-train"),
        ("src/train.py", "", "python src/train.py"),
        ("Makefile", "retrain:\n\ttrain: x\n", None),
        ("pyproject.toml", "not toml", None),
    ],
)
def test_a_training_command_is_found(tmp_path: Path, file: str, content: str, command: str | None) -> None:
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_text(content)
    assert look(tmp_path, None).training == command


def test_a_link_that_leads_out_of_the_repository_is_not_found(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    (tmp_path / "model.onnx").write_bytes(b"")
    (tmp_path / "inside" / "model.onnx").symlink_to(tmp_path / "model.onnx")
    assert look(tmp_path / "inside", None).model is None


def test_a_policy_is_replaced_only_by_force_and_then_whole(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("x\n1\n2\n")
    (tmp_path / "seatrial.yml").write_text("mine")
    with pytest.raises(BadInput):
        draft(tmp_path, Wish(("rows.csv",)))
    assert (tmp_path / "seatrial.yml").read_text() == "mine"
    drafted(tmp_path, "rows.csv", force=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["rows.csv", "seatrial.yml"]


def test_what_it_says_is_what_comes_next(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("id,target\n1,0\n2,1\n")
    said, _, policy = drafted(tmp_path, "rows.csv")
    assert policy.gates == ("data",)
    assert "  tell the label: seatrial init --force … --label target" in said.lines
    assert "  seatrial check-data" in said.lines
    quickstart = ROOT / "examples" / "quickstart" / ".github" / "workflows" / "trial.yml"
    assert quickstart.read_text() == "".join(f"{line.removeprefix('    ')}\n" for line in said.lines[-8:])


def test_the_workflow_that_it_says_names_a_policy_that_lies_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("id,target\n1,0\n2,1\n")
    said, _, _ = drafted(tmp_path, "rows.csv", out="other.yml")
    workflow = "\n".join(said.lines[said.lines.index("    on: pull_request") :])
    (_, step) = yaml.safe_load(workflow)["jobs"]["trial"]["steps"]
    assert step == {"uses": "seatrial/seatrial@v1", "with": {"policy": "other.yml"}}
