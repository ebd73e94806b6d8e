"""The bad-input catalogue, row "Model file": told by content, never unpickled, and no harm done."""

import io
import os
import pickle
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import helper

from seatrial.commands.running import Limits
from seatrial.engines.tables.reading import read_table
from seatrial.errors import BadInput
from seatrial.predictors.onnx import LIMITS, latency, open_model, predict
from seatrial.predictors.onnx_inputs import Port, plan
from seatrial.predictors.onnx_outputs import Classes, Result, as_columns

Refusal = Callable[..., str]
MIB = 2**20


class Bomb:
    """Creates a file when it is unpickled."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> Any:
        return (Path.touch, (self.target,))


def zipped(*names: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in names:
            archive.writestr(name, b"\x80\x04.")
    return target.getvalue()


@pytest.fixture
def refusal(tmp_path: Path, rows: Path) -> Refusal:
    """What the user reads when a model of these bytes is opened and run."""

    def said(content: bytes, limits: Limits = LIMITS, **how: Any) -> str:
        (tmp_path / "model.onnx").write_bytes(content)
        data = read_table(rows, name="data.csv", columns=None)
        with pytest.raises(BadInput) as caught:
            model = open_model(tmp_path / "model.onnx", name="model.onnx", root=tmp_path, limits=limits)
            predict(model, data, **({"task": "regression"} | how), limits=limits)
        text = str(caught.value)
        assert "\n" not in text
        assert "Traceback" not in text
        return text

    return said


@pytest.mark.parametrize("protocol", range(6))
def test_pickle_under_another_name_is_never_loaded(refusal: Refusal, tmp_path: Path, protocol: int) -> None:
    content = pickle.dumps(Bomb(tmp_path / "harm"), protocol=protocol)
    said = refusal(content)
    assert said.startswith("model.onnx: this is a pickle file; expected an ONNX model: a pickle runs code")
    assert "skl2onnx.to_onnx" in said
    assert not (tmp_path / "harm").exists()
    pickle.loads(content)
    assert (tmp_path / "harm").exists()  # it would have been


def test_joblib_compressed(refusal: Refusal, tmp_path: Path) -> None:
    content = zlib.compress(pickle.dumps(Bomb(tmp_path / "harm")))
    assert "this is a zlib (joblib perhaps) file" in refusal(content)
    assert "this is a gzip file" in refusal(b"\x1f\x8b\x08" + b"\0" * 40)
    assert not (tmp_path / "harm").exists()


@pytest.mark.parametrize(
    ("content", "kind", "mend"),
    [
        (zipped("m/data.pkl", "m/version"), "PyTorch archive (a pickle inside a zip)", "torch.onnx.export"),
        (zipped("config.json", "model.weights.h5"), "Keras archive", "model.export"),
        (zipped("a.txt"), "zip archive", "skl2onnx"),
        (b"7z\xbc\xaf\x27\x1c\0\4", "7-Zip", "skl2onnx"),
        (b"\x89HDF\r\n\x1a\n" + b"\0" * 40, "HDF5 (Keras)", "model.export"),
        (b"GGUF\3\0\0\0", "GGUF", "torch.onnx.export"),
        (b"\x40\0\0\0\0\0\0\0" + b'{"w":{"dtype":"F32"}}', "safetensors", "torch.onnx.export"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "Git LFS pointer", "lfs: true"),
        (b"<!DOCTYPE html><html><body>404", "HTML page", "fetch the file again"),
    ],
)  # fmt: skip
def test_other_formats_are_named(refusal: Refusal, content: bytes, kind: str, mend: str) -> None:
    said = refusal(content)
    assert said.startswith(f"model.onnx: this is a {kind} file; expected an ONNX model: ")
    assert mend in said


def test_0_byte(refusal: Refusal) -> None:
    assert refusal(b"") == "model.onnx: the file is empty; expected an ONNX model: export it again"


@pytest.mark.parametrize("content", [b"hello world", b"{}", bytes(range(1, 40))])
def test_wrong_magic(refusal: Refusal, content: bytes) -> None:
    assert "model.onnx: this is not an ONNX model" in refusal(content)


def test_model_cut_short(refusal: Refusal, models: Any) -> None:
    assert "this is not an ONNX model" in refusal(models.unary("Sin")[:-9])


def test_20_gb(tmp_path: Path) -> None:
    with (tmp_path / "model.onnx").open("wb") as file:
        file.truncate(20 * 2**30)
    with pytest.raises(BadInput, match=r"model.onnx: the file has 20,480 MiB, more than the 2,047 MiB"):
        open_model(tmp_path / "model.onnx", name="model.onnx")


def test_symlink_and_hard_link(tmp_path: Path, models: Any) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "outside.onnx").write_bytes(models.unary("Sin"))
    (root / "link.onnx").symlink_to("../outside.onnx")
    os.link(tmp_path / "outside.onnx", root / "hard.onnx")
    with pytest.raises(BadInput, match=r"link.onnx: the path leads out of the repository"):
        open_model(root / "link.onnx", name="link.onnx", root=root)
    with pytest.raises(BadInput, match=r"hard.onnx: this is a hard link to another file; .* copy it"):
        open_model(root / "hard.onnx", name="hard.onnx", root=root)


@pytest.mark.parametrize("where", ["absolute", "beside", "above", "inputs"])
def test_onnx_external_data_is_not_read(
    refusal: Refusal, models: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    (tmp_path / "weights.bin").write_bytes(b"\0\0\x80?" * 4)
    monkeypatch.chdir(tmp_path)
    location = {
        "absolute": str(tmp_path / "weights.bin"),
        "beside": "weights.bin",
        "above": "../weights.bin",
        "inputs": "../inputs/0.values.npy",
    }[where]
    said = refusal(models.external(location))
    assert (
        "keeps weights in other files (ONNX external data), which are not read; save it as one file" in said
    )


def test_onnx_external_data_inside_a_node_is_not_read(refusal: Refusal, models: Any, tmp_path: Path) -> None:
    (tmp_path / "weights.bin").write_bytes(b"\0\0\x80?" * 4)
    tensor = helper.make_tensor("w", 1, [1], [1.0])
    tensor.ClearField("float_data")
    tensor.data_location = 1
    tensor.external_data.add(key="location", value=str(tmp_path / "weights.bin"))
    nodes = [
        helper.make_node("Constant", [], ["w"], value=tensor),
        helper.make_node("Add", ["x", "w"], ["y"]),
    ]
    model = models.of(nodes, [models.port("x", 1, None, 1)], [models.port("y", 1, None, 1)])
    assert "external data" in refusal(model)


def test_custom_operator(refusal: Refusal, models: Any) -> None:
    node = helper.make_node("Magic", ["x"], ["y"], domain="acme")
    ports = [models.port("x", 1, None, 1)], [models.port("y", 1, None, 1)]
    said = refusal(models.of([node], *ports, domains=["acme"]))
    assert "the model uses an operator that onnxruntime lacks" in said
    assert "acme:Magic" in said


def test_unknown_opset_and_version(refusal: Refusal, models: Any) -> None:
    node = helper.make_node("Sin", ["x"], ["y"])
    ports = [models.port("x", 1, None, 1)], [models.port("y", 1, None, 1)]
    assert "export it with a lower opset" in refusal(models.of([node], *ports, opset=999))
    assert "export it with a lower opset" in refusal(models.of([node], *ports, ir=99))


def test_model_that_never_ends(refusal: Refusal, models: Any) -> None:
    assert "the runtime did not end within 1 s on this model" in refusal(models.endless(), Limits(1))


def test_model_that_takes_all_memory(refusal: Refusal, models: Any) -> None:
    said = refusal(models.greedy(), Limits(30, memory=400 * MIB))
    assert "the runtime took more than 400 MiB of memory on this model" in said


def test_missing_column_gives_the_nearest_name(models: Any, tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(models.unary("Sin"))
    (tmp_path / "data.csv").write_text("X,n\n1,2\n")
    model = open_model(tmp_path / "model.onnx", name="model.onnx")
    with pytest.raises(BadInput) as caught:
        latency(model, read_table(tmp_path / "data.csv", name="data.csv", columns=None))
    assert str(caught.value) == (
        'data.csv:1: the model needs a column "x", which the data does not have; did you mean "X"?'
    )


@pytest.mark.parametrize(
    ("inputs", "features", "said"),
    [
        ([Port("X", "tensor(float)", (None, 3))], None, "takes 3 columns at once; list them in order under"),
        ([Port("X", "tensor(float)", (None, 3))], ["x"], "takes 3 columns, but `features` lists 1"),
        ([Port("a", "tensor(float)", (1,)), Port("b", "tensor(float)", (1,))], ["x"], "but the model has 2"),
        ([Port("X", "tensor(float)", (None,))], ["x"], "has one dimension; remove it"),
        ([Port("image", "tensor(float)", (None, 3, 8, 8))], None, "has 4 dimensions; expected [rows] or"),
        ([Port("X", "seq(tensor(float))", ())], None, "has type seq(tensor(float)); expected a tensor"),
        ([Port("X", "tensor(complex64)", (None, 1))], None, "has type tensor(complex64); expected a tensor"),
        ([], None, "the model has no input"),
    ],
)
def test_features_that_do_not_fit(inputs: list[Port], features: list[str] | None, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        plan("model.onnx", inputs, features)
    assert str(caught.value).startswith("model.onnx: ")
    assert said in str(caught.value)


def test_cells_that_do_not_fit_an_input(models: Any, tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(models.named())
    model = open_model(tmp_path / "model.onnx", name="model.onnx")

    def said(row: str) -> str:
        (tmp_path / "data.csv").write_text(f"x,n,flag,carrier\n1,2,true,AA\n{row}\n")
        with pytest.raises(BadInput) as caught:
            predict(
                model, read_table(tmp_path / "data.csv", name="data.csv", columns=None), task="regression"
            )
        return str(caught.value)

    assert said("1,2.5,true,AA").startswith('data.csv:3: column "n" holds "2.5"; the model takes int64 here')
    assert said("1,2,maybe,AA").startswith(
        'data.csv:3: column "flag" holds "maybe"; the model takes a boolean'
    )
    assert said('"0,5",2,true,AA').startswith('data.csv:3: column "x" holds "0,5": expected a decimal point')


def test_model_that_gives_nan(refusal: Refusal, models: Any) -> None:
    said = refusal(models.unary("Neg", "Log"))
    assert said.startswith(
        "model.onnx: the model gives NaN or infinity for 10 rows, the first being data.csv:2;"
    )


TWO, THREE = np.array([[0.2, 0.8]]), np.array([[0.2, 0.3, 0.5]])


@pytest.mark.parametrize(
    ("results", "asked", "said"),
    [
        ([Result("p", TWO, ("no", "yes"))], Classes("binary", "late"), 'without the positive label "late"'),
        ([Result("p", TWO)], Classes("regression"), "has 2 columns; a regression has one: set `task`"),
        ([Result("p", THREE)], Classes("binary", "a"), "has two classes: set `task: multiclass`"),
        ([Result("p", THREE)], Classes("multiclass", None, ("a", "b")), "has 3 columns for 2 classes"),
        (
            [Result("label", labels=["c"]), Result("p", THREE)],
            Classes("multiclass", None, ("c", "b", "a")),
            'column 3 of output "p" belongs to class "c", but `classes` has "a" there',
        ),
        ([Result("a", TWO), Result("b", TWO)], Classes("binary"), 'found 2 among "a", "b"; export'),
        ([Result("label", labels=["1"])], Classes("binary"), 'found 0 among "label"'),
    ],
)  # fmt: skip
def test_outputs_that_do_not_fit_the_task(
    tmp_path: Path, results: list[Result], asked: Classes, said: str
) -> None:
    (tmp_path / "data.csv").write_text("x\n1\n")
    data = read_table(tmp_path / "data.csv", name="data.csv", columns=None)
    with pytest.raises(BadInput) as caught:
        as_columns(results, data, asked, "model.onnx")
    assert str(caught.value).startswith("model.onnx: ")
    assert said in str(caught.value)
