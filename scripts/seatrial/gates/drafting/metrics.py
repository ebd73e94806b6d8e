"""The section `evaluate` of a draft: limits that any model better than chance meets, to be raised by hand."""

from dataclasses import dataclass

from seatrial.gates.drafting import layout
from seatrial.gates.drafting.seen import Column, Seen, Value
from seatrial.policy import writing

MOST_CLASSES = 20
_YES = ("1", "true", "yes", "y", "positive", "pos")
_EXAMPLE = "build/model.onnx"
_ASKED = (
    "The evaluation gate judges predictions on data.test, against limits and the model of the base branch. "
)


@dataclass(frozen=True)
class Section:
    """Lines of the policy. active: whether they count, or are an example in comments."""

    lines: tuple[str, ...]
    active: bool


def task_of(label: Column) -> str | None:
    """What is predicted, as the values of the label say: a class where they are few, or text."""
    few = label.classes is not None and len(label.classes) <= MOST_CLASSES
    if few and len(label.classes or ()) == 2:
        return "binary"
    if label.type in ("string", "boolean") or (few and label.type == "integer"):
        return "multiclass"
    return "regression" if label.type in ("integer", "number") else None


def section(seen: Seen, model: str | None, predictions: str | None, task: str | None) -> Section:
    """The section evaluate, or an example of it where something is missing for one that counts."""
    label = seen.column(seen.label) if seen.label else None
    limits = _limits(label, task) if label is not None and task is not None else None
    missing = []
    if label is None:
        missing.append("a label (--label COLUMN)")
    if "test" not in seen.files:
        missing.append("data.test, rows that no model has learnt from")
    elif label is not None and "test" not in label.parts:
        missing.append(f"{label.name} in {seen.files['test']}")
    if model is None and predictions is None:
        missing.append("a model as ONNX, or its predictions as a file")
    if limits is None and label is not None:
        missing.append("limits for this label")
    body = [
        "evaluate:",
        f"  label: {writing.scalar(seen.label) if seen.label else 'COLUMN'}",
        *_labels(label, task),
        *_candidate(model, predictions),
        *(limits or _example(task)),
    ]
    if not missing:
        why = "These limits are met by anything better than chance: raise them to what your model must keep."
        return Section((*layout.comment(why), *body), True)
    why = f"{_ASKED}Still missing: {'; '.join(missing)}."
    return Section((*layout.comment(why), *layout.commented(body)), False)


def _candidate(model: str | None, predictions: str | None) -> list[str]:
    path = model or predictions or _EXAMPLE
    key = "predictions" if predictions and not model else "model"
    written = writing.scalar(path)
    branch = f"  baseline: {{branch: {written}}}"
    return [f"  {key}: {written}", *layout.entry(branch, ["the same file on the base branch"])]


def _labels(label: Column | None, task: str | None) -> list[str]:
    classes = label.classes if label is not None else None
    if not classes:
        return []
    if task == "binary" and not set(map(_mark, classes)) <= {"0", "1", "true", "false"}:
        positive = next((v for v in classes if _mark(v) in _YES), min(classes, key=lambda v: classes[v]))
        return list(
            layout.entry(f"  positive: {writing.scalar(positive)}", ["a guess, by name or as the rarer"])
        )
    if task == "multiclass":
        order = writing.flow(tuple(sorted(classes, key=lambda v: (str(type(v)), v))))
        if order is not None:
            return list(layout.entry(f"  classes: {order}", ["in the order of the model's outputs"]))
    return []


def _mark(value: Value) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).lower()


def _limits(label: Column | None, task: str | None) -> list[str] | None:
    """Metrics whose limit is what no skill at all would reach."""
    assert label is not None
    if task == "binary" and label.classes is not None and len(label.classes) == 2:
        return _metric("roc_auc", "min: 0.5, margin: 0.01", "0.5 is chance; a loss of up to 0.01 is accepted")
    part = label.parts.get("test")
    if (
        task == "multiclass"
        and label.classes is not None
        and part is not None
        and part.classes
        and part.values
    ):
        often = max(rows for _, rows in part.classes) / part.values
        known = writing.scalar(float(f"{often:.2g}"))
        if often < 0.99:
            return _metric(
                "accuracy", f"min: {known}, margin: 0.01", f"{known} is always the commonest class"
            )
    if task == "regression" and part is not None and part.extremes is not None:
        low, high = part.extremes
        if isinstance(low, int | float) and isinstance(high, int | float) and low < high:
            half, loss = _short((high - low) / 2), _short((high - low) / 200)
            if half is not None and loss is not None:
                why = "half the range of the label, which always guessing its middle keeps"
                return _metric("rmse", f"max: {half}, margin: {loss}", why)
    return None


def _short(number: float) -> str | None:
    return writing.scalar(float(f"{number:.2g}"))


def _metric(name: str, limits: str, why: str) -> list[str]:
    return ["  metrics:", *layout.entry(f"    {name}: {{{limits}}}", [why])]


def _example(task: str | None) -> list[str]:
    name, limits = {
        "multiclass": ("accuracy", "min: 0.80, margin: 0.01"),
        "regression": ("rmse", "max: 10, margin: 0.5"),
    }.get(task or "binary", ("roc_auc", "min: 0.70, margin: 0.01"))
    return ["  metrics:", f"    {name}: {{{limits}}}"]
