"""What a policy leaves out because it is said elsewhere: filled in before the model is built."""

from typing import Any

from seatrial.policy.metrics import METRICS, Task

INHERITED = ("cut", "k", "quantile", "bins", "column", "direction")


def filled(data: dict[str, Any], task: Task | None) -> dict[str, Any]:
    """The policy with the defaults that depend on other keys. The given data stays as it is.

    The short form of lint is made its long one. evaluate.data and evaluate.key come from the section data,
    data.label from evaluate, train.full.model from evaluate.model; a metric of a
    slice or gap takes its settings from evaluate.metrics; what is still not set takes the metric's own
    default.
    """
    if isinstance(data.get("lint"), list):
        data = {**data, "lint": {"run": data["lint"]}}
    evaluate = data.get("evaluate")
    data = _with_model_of_training(data, evaluate)
    files = _files(data.get("data"), evaluate)
    if files is not None:
        data = {**data, "data": files}
    if not isinstance(evaluate, dict):
        return data
    evaluate = dict(evaluate)
    if isinstance(files, dict):
        for ours, theirs in (("data", "test"), ("key", "key")):
            if ours not in evaluate and files.get(theirs) is not None:
                evaluate[ours] = files[theirs]
    overall = _mapping(evaluate.get("metrics"))
    for section, inner, inherited in (
        ("slices", "metrics", INHERITED),
        ("fairness", "gaps", INHERITED[:4]),
    ):
        part = evaluate.get(section)
        if isinstance(part, dict) and isinstance(part.get(inner), dict):
            metrics = {name: _inherit(m, overall.get(name), inherited) for name, m in part[inner].items()}
            evaluate[section] = {**part, inner: _completed(metrics, task)}
    if isinstance(evaluate.get("metrics"), dict):
        evaluate["metrics"] = _completed(overall, task)
    return {**data, "evaluate": evaluate}


def _files(files: object, evaluate: object) -> dict[str, Any] | None:
    """The section data with the label of evaluate, and with short rules written out."""
    if not isinstance(files, dict):
        return None
    found = dict(files)
    if "label" not in files and isinstance(label := _mapping(evaluate).get("label"), str):
        found["label"] = label
    if isinstance(rules := files.get("rules"), dict):
        found["rules"] = {
            name: {"expect": rule} if isinstance(rule, str) else rule for name, rule in rules.items()
        }
    return found


def _inherit(metric: object, overall: object, keys: tuple[str, ...]) -> object:
    if not isinstance(metric, dict) or not isinstance(overall, dict):
        return metric
    return {**{key: overall[key] for key in keys if overall.get(key) is not None}, **metric}


def _completed(metrics: dict[str, Any], task: Task | None) -> dict[str, Any]:
    found = dict(metrics)
    for name, metric in metrics.items():
        info = METRICS.get(name)
        if info and task and isinstance(metric, dict):
            found[name] = {**info.parameters_of(task), **metric}
    return found


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _with_model_of_training(data: dict[str, Any], evaluate: object) -> dict[str, Any]:
    train, model = data.get("train"), _mapping(evaluate).get("model")
    full = _mapping(train).get("full")
    if not isinstance(train, dict) or not isinstance(full, dict) or "model" in full or model is None:
        return data
    return {**data, "train": {**train, "full": {**full, "model": model}}}
