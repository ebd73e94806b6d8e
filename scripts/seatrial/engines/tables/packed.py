"""Columns on disk in plain arrays, for handing them between us and a child process. Nothing is unpickled."""

import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from seatrial.engines.tables.table import Column

_LIST = "columns.json"


def write(folder: Path, columns: Iterable[Column]) -> None:
    """Write columns into an empty folder."""
    listed: list[dict[str, object]] = []
    for number, column in enumerate(columns):
        stem = folder / str(number)
        if isinstance(column.values, list):
            encoded = [text.encode("utf-8", "surrogatepass") for text in column.values]
            np.save(stem.with_suffix(".ends.npy"), np.cumsum([len(part) for part in encoded], dtype=np.int64))
            stem.with_suffix(".text").write_bytes(b"".join(encoded))
        else:
            np.save(stem.with_suffix(".values.npy"), column.values, allow_pickle=False)
        if column.nulls is not None:
            np.save(stem.with_suffix(".nulls.npy"), column.nulls, allow_pickle=False)
        listed.append(
            {
                "name": column.name,
                "kind": column.kind,
                "text": isinstance(column.values, list),
                "nulls": column.nulls is not None,
            }
        )
    (folder / _LIST).write_text(json.dumps(listed), encoding="utf-8")


def read(folder: Path) -> dict[str, Column]:
    """Read them back, in order."""
    columns: dict[str, Column] = {}
    for number, entry in enumerate(json.loads((folder / _LIST).read_text(encoding="utf-8"))):
        stem = folder / str(number)
        nulls = np.load(stem.with_suffix(".nulls.npy"), allow_pickle=False) if entry["nulls"] else None
        if entry["text"]:
            ends = np.load(stem.with_suffix(".ends.npy"), allow_pickle=False).tolist()
            data = stem.with_suffix(".text").read_bytes()
            starts = [0, *ends[:-1]]
            texts = [
                data[start:end].decode("utf-8", "surrogatepass")
                for start, end in zip(starts, ends, strict=True)
            ]
            columns[entry["name"]] = Column(entry["name"], entry["kind"], texts, nulls)
        else:
            values = np.load(stem.with_suffix(".values.npy"), allow_pickle=False)
            columns[entry["name"]] = Column(entry["name"], entry["kind"], values, nulls)
    return columns
