"""What the keys mean together: faults that no single entry shows.

Works on the plain data, which may have faults elsewhere, so that one reading tells everything.
"""

import re
from collections.abc import Iterator
from typing import Any

from seatrial.decision import DATA, EVALUATION, LINT, TRAINING
from seatrial.policy import later
from seatrial.policy.conditions import gap_findings, metric_findings
from seatrial.policy.data import ASKING
from seatrial.policy.data_checks import id_problem
from seatrial.policy.data_meaning import data_findings
from seatrial.policy.findings import Finding
from seatrial.policy.lint_meaning import lint_findings
from seatrial.policy.metrics import TASKS, K, Task
from seatrial.policy.model import BASELINES
from seatrial.policy.train_meaning import training_findings
from seatrial.policy.units import BadUnit, duration
from seatrial.policy.yaml import Path
from seatrial.text import shown

NO_GATE = (
    "the policy asks for no gate; add evaluate: with label, metrics and a candidate, "
    "data: with columns or other conditions, train: with smoke, or lint: with your commands"
)
CANDIDATES = "model: FILE.onnx, predictions: FILE or predict: COMMAND"
PREDICT_ONLY = ("time", "memory", "requirements")
ROLES = (
    ("data", "key", "names a row"),
    ("evaluate", "key", "names a row"),
    ("evaluate", "features", "is fed to the model"),
    ("evaluate", "cluster", "groups rows"),
)
Entries = dict[str, Any]


def task_of(data: Entries) -> Task | None:
    """The task, where it is one."""
    found = _mapping(data.get("model")).get("task")
    return next((task for task in TASKS if task == found), None)


def findings(data: Entries) -> Iterator[Finding]:
    """Every fault of meaning."""
    task = task_of(data)
    yield from _waivers(data.get("waivers"))
    evaluate = data.get("evaluate")
    others = any(key in data for key in ("evaluate", "train", "lint"))
    if not others and not any(key in _mapping(data.get("data")) for key in ASKING):
        yield Finding(("evaluate",), NO_GATE, on_key=True)
    yield from data_findings(data, task)
    yield from training_findings(data)
    yield from lint_findings(data.get("lint"))
    if not isinstance(evaluate, dict):
        return
    yield from _rows(data, evaluate)
    yield from _labels(evaluate, task)
    yield from _top_k(evaluate)
    yield from _candidate(evaluate)
    yield from _baseline(evaluate)
    yield from _budgets(evaluate)
    yield from metric_findings(evaluate, ("evaluate", "metrics"), task)
    slices = _mapping(evaluate.get("slices"))
    yield from metric_findings(
        slices, ("evaluate", "slices", "metrics"), task, _mapping(evaluate.get("metrics"))
    )
    yield from gap_findings(_mapping(evaluate.get("fairness")), task)


def _rows(data: Entries, evaluate: Entries) -> Iterator[Finding]:
    if "data" not in evaluate and "test" not in _mapping(data.get("data")):
        message = "evaluate has no rows to judge on; write evaluate.data: FILE, or data.test: FILE"
        yield Finding(("evaluate", "data"), message, on_key=True)
    label = evaluate.get("label")
    if not isinstance(label, str):
        return
    for home, key, sense in ROLES:
        found = (evaluate if home == "evaluate" else _mapping(data.get(home))).get(key)
        names = [found] if isinstance(found, str) else found
        if isinstance(names, list) and label in names:
            where: Path = (home, key) if isinstance(found, str) else (home, key, names.index(label))
            message = (
                f"{home}.{key}: {shown(label)} is the label, so it cannot be a column that {sense}; remove it"
            )
            yield Finding(where, message)


def _labels(evaluate: Entries, task: Task | None) -> Iterator[Finding]:
    homes: tuple[tuple[str, Task], ...] = (("positive", "binary"), ("classes", "multiclass"))
    for key, home in homes:
        if key in evaluate and task is not None and task != home:
            other = {"binary": "write positive: LABEL", "multiclass": "write classes: [...]"}.get(
                task, "remove it"
            )
            message = f"evaluate.{key} is for {home} tasks, and this model's task is {task}; {other}"
            yield Finding(("evaluate", key), message, on_key=True)


def _top_k(evaluate: Entries) -> Iterator[Finding]:
    classes = evaluate.get("classes")
    metric = _mapping(evaluate.get("metrics")).get("top_k_accuracy")
    if not isinstance(classes, list) or not isinstance(metric, dict):
        return
    k = metric.get("k", K)
    if isinstance(k, int) and not isinstance(k, bool) and k >= len(classes) > 1:
        message = (
            f"evaluate.metrics.top_k_accuracy: with k {k} of {len(classes)} classes it is "
            "always 1; write a lower k"
        )
        yield Finding(("evaluate", "metrics", "top_k_accuracy", "k"), message, on_key=True)


def _candidate(evaluate: Entries) -> Iterator[Finding]:
    predict, predictions, model = ("predict" in evaluate, "predictions" in evaluate, "model" in evaluate)
    here: Path = ("evaluate", "candidate")
    if not (predict or predictions or model):
        yield Finding(here, f"evaluate names no candidate; write one of {CANDIDATES}", on_key=True)
    if predictions and (predict or model):
        other = "predict" if predict else "model"
        message = f"evaluate names two candidates, {other} and predictions; keep one of {CANDIDATES}"
        yield Finding(("evaluate", "predictions"), message, on_key=True)
    runs_onnx = model and not predict and not predictions
    path = evaluate.get("model")
    if runs_onnx and isinstance(path, str) and not path.endswith(".onnx"):
        message = (
            f"evaluate.model: {shown(path)} is not an ONNX file (.onnx), the one kind that "
            "Seatrial runs itself; "
            "export the model to ONNX, or add predict: COMMAND"
        )
        yield Finding(("evaluate", "model"), message)
    if "features" in evaluate and not runs_onnx and (predict or predictions):
        message = "evaluate.features orders the inputs of an ONNX model, and there is none to run; remove it"
        yield Finding(("evaluate", "features"), message, on_key=True)
    for key in PREDICT_ONLY:
        if key in evaluate and not predict:
            message = f"evaluate.{key} is for a predict command, and there is none; remove it"
            yield Finding(("evaluate", key), message, on_key=True)
    if predict:
        yield from _command(evaluate["predict"], model)


def _command(command: object, has_model: bool) -> Iterator[Finding]:
    parts = [command] if isinstance(command, str) else command if isinstance(command, list) else []
    text = "\n".join(part for part in parts if isinstance(part, str))
    if not text.strip():
        return
    here: Path = ("evaluate", "predict")
    for word, sense in (("{data}", "the rows to predict"), ("{out}", "the file to write the predictions to")):
        if not _uses(text, word):
            message = f"evaluate.predict lacks {word}, which stands for {sense}; add it to the command"
            yield Finding((*here, word), message)
    if _uses(text, "{model}") and not has_model:
        message = "evaluate.predict uses {model}, and evaluate.model is not set; write model: FILE"
        yield Finding((*here, "{model}"), message)


def _uses(text: str, placeholder: str) -> bool:
    # ${data} is the shell's own, {{data}} stands for the letters {data}.
    return re.search(r"(?<![{$])" + re.escape(placeholder), text) is not None


def _baseline(evaluate: Entries) -> Iterator[Finding]:
    here: Path = ("evaluate", "baseline")
    baseline = evaluate.get("baseline")
    if not isinstance(baseline, dict):
        return
    named = [key for key in baseline if key in BASELINES]
    if not named:
        message = "evaluate.baseline names no source; write {branch: FILE} or {path: FILE}"
        yield Finding((*here, "source"), message, on_key=True)
    for key in named[1:]:
        message = f"evaluate.baseline names two sources, {named[0]} and {key}; keep one"
        yield Finding((*here, key), message, on_key=True)
    path = baseline.get("path")
    ours = evaluate.get("predictions", evaluate.get("model"))
    if isinstance(path, str) and path == ours:
        message = (
            f"evaluate.baseline.path: {shown(path)} is the candidate itself; name another "
            f"file, or branch: {shown(path)}"
        )
        yield Finding((*here, "path"), message)


def _budgets(evaluate: Entries) -> Iterator[Finding]:
    here: Path = ("evaluate", "budgets")
    budgets = evaluate.get("budgets")
    if not isinstance(budgets, dict):
        return
    if not budgets:
        yield Finding(here, "evaluate.budgets is empty; write latency_p50, latency_p95 or size, or remove it")
    for key in ("latency_p50", "latency_p95"):
        if key in budgets and ("predict" in evaluate or "predictions" in evaluate):
            kind = "predict" if "predict" in evaluate else "predictions"
            message = (
                f"evaluate.budgets.{key} is measured on an ONNX model, and the candidate is given by {kind}; "
                "give the candidate as model: FILE.onnx, or remove the budget"
            )
            yield Finding((*here, key), message, on_key=True)
    if "size" in budgets and "model" not in evaluate and ("predict" in evaluate or "predictions" in evaluate):
        hint = "add model: FILE" if "predict" in evaluate else "give the candidate as model: FILE.onnx"
        message = f"evaluate.budgets.size is of a model file, and there is none; {hint}, or remove the budget"
        yield Finding((*here, "size"), message, on_key=True)
    try:
        crossed = duration(budgets.get("latency_p50")) > duration(budgets.get("latency_p95"))
    except BadUnit:
        return
    if crossed:
        message = "evaluate.budgets.latency_p50 is above latency_p95, which can never be; swap them"
        yield Finding((*here, "latency_p50"), message)


def _waivers(waivers: object) -> Iterator[Finding]:
    seen: set[str] = set()
    for index, waiver in enumerate(waivers if isinstance(waivers, list) else []):
        check = _mapping(waiver).get("check")
        if not isinstance(check, str) or not check.strip():
            continue
        place = f"waivers[{index}].check"
        here: Path = ("waivers", index, "check")
        gate = check.partition("/")[0]
        if gate in later.GATES:
            yield Finding(here, later.message(f"{place}: checks of the gate {gate}"))
        elif not re.fullmatch(rf"{EVALUATION}/[^/\s]+(/[^/\n]+)*|({DATA}|{TRAINING}|{LINT})/[^\n]+", check):
            expected = f"expected the id of a check as the comment shows it, such as {EVALUATION}/roc_auc/min"
            yield Finding(here, f"{place}: {expected}, found {shown(check)}")
        elif gate == DATA and (problem := id_problem(check)) is not None:
            yield Finding(here, f"{place}: the data gate has no check {shown(check)}; {problem}")
        elif check in seen:
            yield Finding(here, f"{place}: {shown(check)} is waived twice; keep one")
        seen.add(check)


def _mapping(value: object) -> Entries:
    return value if isinstance(value, dict) else {}
