"""Columns as a reference keeps them and as current data have them, and the drift checks between them."""

from typing import Any

import numpy as np

from seatrial.decision import Check
from seatrial.gates.data.drift import drift_checks
from seatrial.gates.data.drift_judging import judged_drift
from seatrial.gates.data.measures import Answer, Facts
from seatrial.gates.data.packing import pack_counts, pack_floats
from seatrial.gates.data.profile import Profile
from seatrial.gates.data.profile_making import profile_of
from seatrial.policy import parse
from seatrial.policy.model import Policy

EDGES = [float(edge) for edge in range(1, 20)]


def policy(drift: str, more: str = "") -> Policy:
    text = f"""\
version: 1
model: {{name: late, task: binary}}
data:
  train: train.csv
  drift: {{against: reference.json, {drift}}}
{more}"""
    return parse(text.encode(), "seatrial.yml")


def numbers(counts: list[int], nulls: int = 0) -> tuple[dict[str, Any], dict[str, Any]]:
    """Rows in the cells between the edges: as a profile's column, and as counted in current data."""
    assert len(counts) == len(EDGES) + 1
    total = np.cumsum(counts)
    zeros = [0] * len(EDGES)
    sketch = {
        "type": "number",
        "nulls": nulls,
        "steps": {
            "edges": pack_floats(EDGES),
            "before": pack_counts(counts[:-1]),
            "at": pack_counts(zeros),
            "mean": 10.0,
            "deviation": 5.0,
            "below": 1.0,
            "above": 1.0,
        },
    }
    part = {
        "rows": int(total[-1]),
        "nulls": nulls,
        "nan": 0,
        "infinite": [0, 0],
        "below": pack_counts(total[:-1].tolist()),
        "upto": pack_counts(total[:-1].tolist()),
        "mean": 10.0,
        "deviation": 5.0,
        "outside": [0.5, 0.5],
    }
    return sketch, part


def texts(counts: dict[str, int], others: tuple[int, int] = (0, 0)) -> dict[str, Any]:
    return {
        "type": "string",
        "categories": [list(each) for each in counts.items()],
        "others": {"categories": others[0], "rows": others[1]},
    }


def profile(rows: int, **columns: dict[str, Any]) -> Profile:
    return profile_of(rows, columns, "test", 10, set())


def checks(asked: Policy, reference: Profile, rows: int, **parts: dict[str, Any]) -> dict[str, Check]:
    types = {column.name: column.type for column in reference.columns}
    found = drift_checks(asked, reference, Facts(rows, types, ()), Answer(detail={"columns": parts}))
    assert judged_drift(found) == found
    return {check.id: check for check in found}


def even(rows: int) -> list[int]:
    return [rows // 20] * 20


def tilted(rows: int, by: float) -> list[int]:
    shares = np.exp(np.linspace(-by, by, 20))
    counts = np.floor(rows * shares / shares.sum()).astype(int)
    counts[0] += rows - counts.sum()
    return [int(count) for count in counts]


ALL = "psi: {max: 0.2}, ks: {max: 0.1}, js: {max: 0.1}, wasserstein: {max: 0.5}"


ALPHABET = {"a": 6_000, "b": 3_000, "c": 1_000}


def named(counts: list[int], nulls: int = 0, unlisted: tuple[int, int] = (0, 0)) -> dict[str, Any]:
    return {"nulls": nulls, "counts": counts, "unlisted": {"categories": unlisted[0], "rows": unlisted[1]}}
