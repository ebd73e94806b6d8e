"""What the keys of train mean together, and with the candidate."""

from collections.abc import Iterator
from typing import Any

from seatrial.policy.findings import Finding
from seatrial.policy.yaml import Path
from seatrial.text import shown

PLACEHOLDERS = ("seed", "model", "metrics")


def training_findings(data: dict[str, Any]) -> Iterator[Finding]:
    """Faults of the section train, and of a baseline that is trained again."""
    train, evaluate = data.get("train"), _mapping(data.get("evaluate"))
    yield from _retrain(train, evaluate)
    if not isinstance(train, dict):
        return
    smoke, full = train.get("smoke"), train.get("full")
    if smoke is None and full is None:
        message = "train names no training; write smoke: {run: COMMAND, model: FILE, metrics: FILE}"
        yield Finding(("train",), message, on_key=True)
    if isinstance(full, dict) and "model" not in full and "model" not in evaluate:
        message = "train.full does not say which file it writes; write model: FILE"
        yield Finding(("train", "full", "model"), message, on_key=True)
    yield from _same_model(_mapping(smoke), evaluate)
    yield from _repeats(_mapping(smoke))


def _same_model(smoke: dict[str, Any], evaluate: dict[str, Any]) -> Iterator[Finding]:
    model = smoke.get("model")
    if isinstance(model, str) and model == evaluate.get("model"):
        message = (
            f"train.smoke.model: {shown(model)} is the candidate, and a model of a small sample is never "
            "that; let the smoke training write another file"
        )
        yield Finding(("train", "smoke", "model"), message)


def _repeats(smoke: dict[str, Any]) -> Iterator[Finding]:
    if not smoke or "metrics" in smoke:
        return
    for key in ("repeat", "tolerance", "ignore"):
        if key in smoke and smoke[key] != 1:
            message = f"train.smoke.{key} is about the metrics, and there are none; write metrics: FILE"
            yield Finding(("train", "smoke", key), message, on_key=True)


def _retrain(train: object, evaluate: dict[str, Any]) -> Iterator[Finding]:
    baseline = _mapping(evaluate.get("baseline"))
    if baseline.get("retrain") is not True:
        return
    here: Path = ("evaluate", "baseline", "retrain")
    if not isinstance(_mapping(train).get("full"), dict):
        message = "evaluate.baseline.retrain trains by train.full, and there is none; write train.full"
        yield Finding(here, message, on_key=True)
    if "model" not in evaluate:
        message = (
            "evaluate.baseline.retrain needs to know which file the training writes; write evaluate.model"
        )
        yield Finding(here, message, on_key=True)


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
