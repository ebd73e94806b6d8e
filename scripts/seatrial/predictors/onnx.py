"""ONNX models: opened, run over a table, and timed; always in a child process, never by unpickling."""

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from seatrial.commands.running import Limits
from seatrial.commands.workers import WorkerStopped, work
from seatrial.engines.files.formats import is_old_pickle, kind_of
from seatrial.engines.files.reading import MIB, Source, read_source
from seatrial.engines.tables import packed
from seatrial.engines.tables.table import Column, Table
from seatrial.errors import BadInput, Location
from seatrial.predictors import onnx_inputs, onnx_outputs
from seatrial.predictors.labels import Scalar
from seatrial.predictors.onnx_inputs import Port
from seatrial.predictors.onnx_outputs import Classes
from seatrial.text import shown

if TYPE_CHECKING:
    from pydantic import JsonValue

MAX_BYTES = 2047 * MIB  # a protobuf cannot be larger
LIMITS = Limits(time=600, memory=6 * 2**30, output=100_000)
_CHILD = Path(__file__).with_name("onnx_child.py")

_SKLEARN = "export a scikit-learn model with `skl2onnx.to_onnx(model, X[:1])`"
_TORCH = "export a PyTorch model with `torch.onnx.export`"
_KERAS = "export a Keras model with `model.export(path, format='onnx')`"
_EXPORT = {
    "pickle": f"a pickle runs code when it is loaded and is never opened: {_SKLEARN}",
    "zlib (joblib perhaps)": f"a pickle runs code when it is loaded and is never opened: {_SKLEARN}",
    "PyTorch archive (a pickle inside a zip)": f"it is never opened: {_TORCH}",
    "HDF5 (Keras)": _KERAS,
    "Keras archive": _KERAS,
    "Git LFS pointer": "check the repository out with `lfs: true`",
    "HTML page": "a download probably failed or needs a login; fetch the file again",
    "gzip": "unpack it first",
    "safetensors": f"it holds weights without a graph: {_TORCH}",
}


@dataclass(frozen=True)
class OnnxModel:
    """A model that the runtime accepts: its bytes, and what it takes and gives."""

    source: Source
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return len(self.source.data)

    def columns(self, features: Sequence[str] | None = None) -> tuple[str, ...]:
        """The columns of the data that the model needs."""
        return tuple(feed.column for feed in onnx_inputs.plan(self.source.name, self.inputs, features))


def open_model(path: Path, *, name: str, root: Path | None = None, limits: Limits = LIMITS) -> OnnxModel:
    """Check by content that the file is ONNX, and let the runtime load it once."""
    source = read_source(
        path, name=name, root=root, cap=MAX_BYTES, mend="expected at most 2 GiB", hard_links=False
    )
    _refuse_other_formats(source)
    with _child(source, {"task": "inspect"}, limits) as (_, reply):
        return OnnxModel(source, _ports(reply.get("inputs")), _ports(reply.get("outputs")))


def predict(
    model: OnnxModel,
    data: Table,
    *,
    task: str,
    features: Sequence[str] | None = None,
    positive: Scalar | None = None,
    classes: Sequence[str] = (),
    limits: Limits = LIMITS,
) -> Table:
    """Run the model over all rows. The result is a table of predictions in the order of the data.

    Its columns are those of a predictions file: score (binary), p_<class> (multiclass) or prediction.
    """
    feeds = onnx_inputs.plan(model.source.name, model.inputs, features)
    request: dict[str, JsonValue] = {
        "task": "predict",
        "feeds": onnx_inputs.described(feeds),
        "rows": data.rows,
    }
    with _child(model.source, request, limits, onnx_inputs.columns(data, feeds)) as (folder, reply):
        results = onnx_outputs.read(folder / "outputs", reply.get("outputs"))
    columns = onnx_outputs.as_columns(
        results, data, Classes(task, positive, tuple(classes)), model.source.name
    )
    return Table(model.source.name, columns, data.rows, model.source.sha256, "onnx", tuple(columns))


def latency(
    model: OnnxModel,
    data: Table,
    *,
    features: Sequence[str] | None = None,
    calls: int = 1_000,
    seconds: float = 5.0,
    limits: Limits = LIMITS,
) -> list[float]:
    """Milliseconds of single-row predictions after a warm-up, in the order in which they were taken.

    At most `calls` of them within `seconds`; a slow model gives fewer, and the sample says so by its size.
    """
    feeds = onnx_inputs.plan(model.source.name, model.inputs, features)
    request: dict[str, JsonValue] = {
        "task": "latency",
        "feeds": onnx_inputs.described(feeds),
        "rows": min(data.rows, onnx_inputs.TIMED_ROWS),
        "calls": calls,
        "seconds": seconds,
    }
    some = onnx_inputs.columns(data, feeds, onnx_inputs.TIMED_ROWS)
    with _child(model.source, request, limits, some) as (_, reply):
        times = reply.get("milliseconds")
        assert isinstance(times, list)
        return [float(str(time)) for time in times]


def _refuse_other_formats(source: Source) -> None:
    place = Location(source.name)
    if not source.data:
        raise BadInput("the file is empty; expected an ONNX model: export it again", location=place)
    kind = kind_of(source.data) or ("pickle" if is_old_pickle(source.data) else None)
    if kind is not None:
        mend = _EXPORT.get(kind, f"{_SKLEARN}, or {_TORCH[7:]}")
        raise BadInput(f"this is a {kind} file; expected an ONNX model: {mend}", location=place)


@contextmanager
def _child(
    source: Source,
    request: Mapping[str, "JsonValue"],
    limits: Limits,
    columns: Sequence[Column] = (),
) -> Iterator[tuple[Path, "dict[str, JsonValue]"]]:
    """The child's folder and reply; what it refuses, and how it may end otherwise, as BadInput."""
    place = Location(source.name)
    handle = os.memfd_create("model")
    try:
        with os.fdopen(os.dup(handle), "wb") as copy:
            copy.write(source.data)
        with tempfile.TemporaryDirectory(prefix="seatrial-") as name:
            folder = Path(name)
            for part in ("inputs", "outputs", "empty"):
                (folder / part).mkdir()
            packed.write(folder / "inputs", columns)
            try:
                reply = work(
                    _CHILD,
                    {**request, "model": f"/proc/self/fd/{handle}"},
                    folder=folder,
                    limits=limits,
                    pass_fds=(handle,),
                )
            except WorkerStopped as stopped:
                raise BadInput(
                    f"the runtime {stopped} on this model; run it with onnxruntime yourself, and export it "
                    "again",
                    location=place,
                ) from None
            if reply.get("status") != "done":
                raise _refusal(str(reply.get("status")), str(reply.get("detail")), place)
            yield folder, reply
    finally:
        os.close(handle)


def _refusal(status: str, detail: str, place: Location) -> BadInput:
    said = shown(detail.removeprefix("[ONNXRuntimeError] : "), 160)
    if status == "no onnxruntime":
        return BadInput(
            "running an ONNX model needs the package onnxruntime; install the extra `seatrial[onnx]`, or "
            "give "
            "`predictions` or `predict`",
            location=place,
        )
    if "xternal data" in detail or "model_path must not be empty" in detail:
        return BadInput(
            "the model keeps weights in other files (ONNX external data), which are not read; save it as "
            "one file: "
            "`onnx.save(model, path, save_as_external_data=False)`",
            location=place,
        )
    if "not a registered function/op" in detail or "No Op registered" in detail:
        return BadInput(
            f"the model uses an operator that onnxruntime lacks ({said}); export it without custom ones",
            location=place,
        )
    if "Opset" in detail or "opset" in detail or "IR version" in detail:
        return BadInput(
            f"the model is of a version that this onnxruntime cannot run ({said}); export it with a lower "
            "opset",
            location=place,
        )
    if "INVALID_PROTOBUF" in detail or "No graph was found" in detail:
        return BadInput(f"this is not an ONNX model ({said}); {_SKLEARN}, or {_TORCH[7:]}", location=place)
    verb = "load" if status == "load" else "run"
    return BadInput(
        f"onnxruntime cannot {verb} this model ({said}); run it with onnxruntime yourself, and export it "
        "again",
        location=place,
    )


def _ports(listed: object) -> tuple[Port, ...]:
    assert isinstance(listed, list)
    return tuple(Port(str(p["name"]), str(p["type"]), tuple(p["shape"])) for p in listed)
