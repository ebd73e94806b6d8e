"""Predictions of both arms by the consumer's command, put down for a job that judges them."""

from dataclasses import dataclass
from pathlib import Path

from seatrial.engines.tables.reading import read_table
from seatrial.engines.tables.table import Table
from seatrial.errors import BadInput
from seatrial.forge.contents import clean_path
from seatrial.policy.model import Policy
from seatrial.text import shown
from seatrial.trial.call import Call
from seatrial.trial.evaluation.retraining import retrained
from seatrial.trial.evaluation.sources import NO_BASE, Arm, baseline_of, candidate_of
from seatrial.trial.workflow.handing import Predictions, digest_of, write_predictions

_BASELINE = "the baseline's predictions"


@dataclass(frozen=True)
class Predicted:
    """The folder of predictions and the digest of its manifest."""

    folder: Path
    sha256: str
    baseline: bool


def predict_both(policy: Policy, call: Call, folder: Path) -> Predicted:
    """Run the predict command for the candidate, and for the baseline where there is one.

    Without such a command: train the baseline again, if that is what the policy compares with.
    """
    asked = policy.evaluate
    retrains = asked is not None and asked.baseline is not None and asked.baseline.kind == "retrain"
    if asked is None or (asked.predict is None and not retrains):
        raise BadInput(
            "the policy has no predict command, so there is nothing to run; leave this step out",
            location=policy.place("evaluate"),
        )
    if asked.predict is None:
        return _model_of_base(policy, call, folder)
    _put_model(policy, call)
    candidate = candidate_of(policy, call)
    baseline, no_baseline = baseline_of(policy, call)
    columns = {asked.label, *asked.key}
    data = read_table(call.root / asked.data, name=asked.data, columns=columns, root=call.root)
    # The baseline first, so that no code of the change has run before it.
    other = None if baseline is None else _written(baseline, data)
    before = None if other is None else digest_of(other, _BASELINE)
    found = Predictions(_written(candidate, data), other, no_baseline)
    if other is not None and digest_of(other, _BASELINE) != before:
        raise BadInput(
            "the candidate's predict command changed the baseline's predictions, which lie beside its own; "
            "let it write to {out} alone",
            location=policy.place("evaluate", "predict"),
        )
    return Predicted(folder, write_predictions(folder, found), baseline is not None)


def _model_of_base(policy: Policy, call: Call, folder: Path) -> Predicted:
    found = NO_BASE if call.subject.base is None else retrained(policy, call)
    model = found if isinstance(found, Path) else None
    handed = Predictions(None, model, found if isinstance(found, str) else "")
    return Predicted(folder, write_predictions(folder, handed), model is not None)


def _written(arm: Arm, data: Table) -> Path:
    assert arm.write is not None, "an arm of a predict command"
    return arm.write(data)


def _put_model(policy: Policy, call: Call) -> None:
    """The trained model where the training wrote it, since the command may look for it there."""
    full = policy.train.full if policy.train is not None else None
    if call.handed.model is None or full is None or full.model is None:
        return
    place = call.root / clean_path(full.model)
    if place.parent.resolve() != call.root.resolve() / place.parent.relative_to(call.root):
        raise BadInput(
            f"{shown(full.model)} lies behind a link; put a folder there",
            location=policy.place("train", "full", "model"),
        )
    place.parent.mkdir(parents=True, exist_ok=True)
    place.unlink(missing_ok=True)
    place.write_bytes(call.handed.model.read_bytes())
