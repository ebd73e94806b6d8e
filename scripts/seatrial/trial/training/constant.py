"""The model of a small sample on the labelled rows of the evaluation: does it beat a constant?"""

from pydantic import JsonValue

from seatrial.engines.tables.reading import read_table
from seatrial.errors import SeatrialError
from seatrial.gates.training.constant import measured
from seatrial.gates.training.evidence import LONGEST_TEXT
from seatrial.policy.model import Policy
from seatrial.predictors.columns import predicted, truth
from seatrial.predictors.labels import classes_of
from seatrial.predictors.onnx import open_model
from seatrial.predictors.onnx import predict as run_model
from seatrial.stats.rows import Rows
from seatrial.trial.call import Call

NEEDS = {"binary": "score", "multiclass": "prediction", "regression": "prediction"}


def why_not(policy: Policy) -> str | None:
    """Why no model of the smoke training can be held against a constant; None where it can."""
    assert policy.train is not None and policy.train.smoke is not None
    if policy.evaluate is None:
        return "there is no section evaluate, so there are no labelled rows to compare on"
    if not policy.train.smoke.model.lower().endswith(".onnx"):
        return "the model is no .onnx file, and Seatrial runs no other"
    return None


def against_a_constant(policy: Policy, call: Call) -> dict[str, JsonValue]:
    """The evidence of the check. What cannot be read or run is a problem, which never passes."""
    try:
        return measured(_rows(policy, call))
    except SeatrialError as error:
        return {"problem": str(error).splitlines()[0][:LONGEST_TEXT]}
    except ValueError as error:
        return {"problem": f"the rows cannot be measured: {error}"[:LONGEST_TEXT]}


def _rows(policy: Policy, call: Call) -> Rows:
    assert policy.train is not None and policy.train.smoke is not None
    asked, task = policy.evaluation, policy.model.task
    name = policy.train.smoke.model
    model = open_model(call.root / name, name=name, root=call.root)
    columns = {asked.label, *model.columns(asked.features)} | ({asked.cluster} if asked.cluster else set())
    data = read_table(call.root / asked.data, name=asked.data, columns=columns, root=call.root)
    declared = classes_of(data, asked.label, [], asked.classes) if task == "multiclass" else ()
    table = run_model(
        model, data, task=task, features=asked.features, positive=asked.positive, classes=declared
    )
    classes = classes_of(data, asked.label, [table], asked.classes) if task == "multiclass" else ()
    said = predicted(
        table, task, needs={NEEDS[task]: "the comparison"}, positive=asked.positive, classes=classes
    )
    return Rows(
        task,
        label=truth(data, asked.label, task, positive=asked.positive, classes=classes),
        score=said.score,
        probabilities=said.probabilities,
        prediction=said.prediction,
        cluster=data.codes(asked.cluster)[1] if asked.cluster else None,
    )
