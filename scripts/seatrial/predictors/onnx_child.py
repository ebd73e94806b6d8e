"""Run as a script in a child process: loads an ONNX model from bytes, in an empty folder, and runs it."""

import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.append(str(Path(__file__).resolve().parents[2]))

import numpy as np

from seatrial.commands.workers import reply, request_of
from seatrial.engines.tables import packed
from seatrial.engines.tables.table import Column

BATCH = 16_384
WARM_UP_CALLS, WARM_UP_SECONDS = 50, 1.0


def main(folder: Path) -> None:
    try:
        import onnxruntime as runtime  # type: ignore[import-untyped]
    except ImportError:
        reply(folder, {"status": "no onnxruntime"})
        return
    request: Any = request_of(folder)
    # External data would be looked for here.
    os.chdir(folder / "empty")
    try:
        session = load(runtime, Path(request["model"]).read_bytes())
    except Exception as error:
        reply(folder, {"status": "load", "detail": _said(error)})
        return
    if request["task"] == "inspect":
        reply(
            folder,
            {
                "status": "done",
                "inputs": ports(session.get_inputs()),
                "outputs": ports(session.get_outputs()),
            },
        )
        return
    try:
        columns = list(packed.read(folder / "inputs").values())
        feeds = inputs(columns, request["feeds"])
        answer = {"predict": predict, "latency": latency}[request["task"]](session, feeds, request, folder)
    except Exception as error:
        reply(folder, {"status": "run", "detail": _said(error)})
        return
    reply(folder, {"status": "done", **answer})


def load(runtime: Any, model: bytes) -> Any:
    """One thread and sequential execution, so that equal inputs give equal outputs."""
    options = runtime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.execution_mode = runtime.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = 4
    options.add_session_config_entry("session.load_model_format", "ONNX")
    return runtime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def ports(listed: Sequence[Any]) -> Any:
    return [
        {
            "name": port.name,
            "type": port.type,
            "shape": [size if isinstance(size, int | str) else None for size in port.shape or []],
        }
        for port in listed
    ]


def inputs(columns: Sequence[Column], feeds: Sequence[Any]) -> dict[str, Any]:
    """Arrays for the runtime: text as objects, a column as [rows] or [rows, 1], several stacked."""
    found: dict[str, Any] = {}
    stacked: dict[str, list[Any]] = {}
    for column, feed in zip(columns, feeds, strict=True):
        values = (
            np.array(column.values, dtype=object) if feed["dtype"] == "str" else np.asarray(column.values)
        )
        if feed["stacked"]:
            stacked.setdefault(feed["port"], []).append(values)
        else:
            found[feed["port"]] = values if feed["rank"] == 1 else values.reshape(-1, 1)
    return found | {port: np.stack(parts, axis=1) for port, parts in stacked.items()}


def predict(session: Any, feeds: dict[str, Any], request: Any, folder: Path) -> dict[str, Any]:
    """All rows, in batches; a model with a fixed batch size gets batches of that size."""
    rows: int = request["rows"]
    fixed = {port.shape[0] for port in session.get_inputs() if port.shape and isinstance(port.shape[0], int)}
    batch = max(fixed.pop(), 1) if len(fixed) == 1 else BATCH
    parts: list[list[Any]] = []
    for start in range(0, rows, batch):
        piece = {name: values[start : start + batch] for name, values in feeds.items()}
        parts.append(session.run(None, piece))
    listed = []
    for number, port in enumerate(session.get_outputs()):
        listed.append(save(folder / "outputs", number, port.name, [part[number] for part in parts], rows))
    return {"outputs": listed}


def save(folder: Path, number: int, name: str, parts: list[Any], rows: int) -> dict[str, Any]:
    """One output over all batches: floats, a list of maps, or labels."""
    if all(isinstance(part, list) for part in parts):
        maps = [entry for part in parts for entry in part]
        if len(maps) == rows and maps and all(isinstance(entry, dict) for entry in maps):
            keys = list(maps[0])
            if any(entry.keys() != maps[0].keys() for entry in maps):
                raise ValueError(f"output {name} does not give every class for every row")
            matrix = np.array([[entry[key] for key in keys] for entry in maps], dtype=np.float64)
            np.save(folder / f"{number}.npy", matrix, allow_pickle=False)
            return {"name": name, "kind": "map", "keys": keys}
        return {"name": name, "kind": "other"}
    whole = np.concatenate([np.atleast_1d(np.asarray(part)) for part in parts])
    if whole.ndim not in (1, 2) or whole.shape[0] != rows:
        return {"name": name, "kind": "other"}
    if whole.dtype.kind == "f":
        matrix = whole.reshape(rows, -1).astype(np.float64)
        np.save(folder / f"{number}.npy", matrix, allow_pickle=False)
        return {"name": name, "kind": "floats"}
    if whole.size != rows or whole.dtype.kind not in "iubOU":
        return {"name": name, "kind": "other"}
    target = folder / str(number)
    target.mkdir()
    packed.write(target, [Column("labels", "text", [str(value) for value in whole.reshape(-1).tolist()])])
    return {"name": name, "kind": "labels"}


def latency(session: Any, feeds: dict[str, Any], request: Any, folder: Path) -> dict[str, Any]:
    """Times of single-row calls, over rows in turn."""
    rows: int = request["rows"]
    singles = [{name: values[row : row + 1] for name, values in feeds.items()} for row in range(rows)]
    timed(lambda n: session.run(None, singles[n % rows]), WARM_UP_CALLS, WARM_UP_SECONDS)
    times = timed(lambda n: session.run(None, singles[n % rows]), request["calls"], request["seconds"])
    return {"milliseconds": times}


def timed(call: Callable[[int], object], calls: int, seconds: float) -> list[float]:
    times: list[float] = []
    end = time.perf_counter() + seconds
    while len(times) < calls and time.perf_counter() < end:
        begun = time.perf_counter_ns()
        call(len(times))
        times.append((time.perf_counter_ns() - begun) / 1e6)
    return times


def _said(error: Exception) -> str:
    return f"{error}"[:2_000]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
