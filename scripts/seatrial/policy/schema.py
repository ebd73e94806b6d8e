"""JSON Schema (draft-07) of the policy file, generated from the model, for editors."""

from typing import Any

from seatrial.policy.data import ASKING, DATA_MEMORY, DATA_TIME
from seatrial.policy.data_checks import RULE_NAME
from seatrial.policy.describing import descriptions
from seatrial.policy.limits import LIMITS
from seatrial.policy.lint import LARGEST, LINT_TIME
from seatrial.policy.metrics import METRICS, MetricInfo
from seatrial.policy.model import BASELINES, DEFAULT_TIME, Policy
from seatrial.policy.prepare import PREPARE_TIME
from seatrial.policy.shape import every_section
from seatrial.policy.train import FULL_TIME, OUTPUT, SMOKE_TIME

TITLE = "Seatrial policy"
COMMENT = "Generated from the policy model; the parser checks more than a schema can say."
Schema = dict[str, Any]


def json_schema() -> Schema:
    """The schema: every key with its description, closed to unknown keys."""
    generated = Policy.model_json_schema(ref_template="#/definitions/{model}")
    definitions: Schema = generated.pop("$defs")
    for section in every_section(Policy):
        properties = definitions.get(section.__name__, generated)["properties"]
        for name, meaning in descriptions(section).items():
            properties[name]["description"] = meaning
    definitions["Evaluate"]["properties"]["time"]["default"] = DEFAULT_TIME
    definitions["Data"]["properties"]["time"]["default"] = DATA_TIME
    definitions["Data"]["properties"]["memory"]["default"] = DATA_MEMORY
    _name_metrics(definitions)
    _demand_choices(definitions)
    _demand_of_data(definitions)
    _demand_of_commands(definitions, generated["properties"])
    generated["anyOf"] = [*({"required": [gate]} for gate in ("evaluate", "train", "lint")), _data_asks()]
    body = {**generated, "title": TITLE, "definitions": definitions}
    head = {"$schema": "http://json-schema.org/draft-07/schema#", "$comment": COMMENT}
    return {**head, **_draft_07(body)}


def _name_metrics(definitions: Schema) -> None:
    """Metrics by name, so that editors complete them; any other name must be a metric of the user's own."""
    own = {"allOf": [{"$ref": "#/definitions/Metric"}, {"required": ["column", "direction"]}]}
    taken_over: Schema = {"$ref": "#/definitions/Metric"}
    metrics = _mapping({name: _metric(info) for name, info in METRICS.items()}, own)
    definitions["Evaluate"]["properties"]["metrics"].update(metrics)
    definitions["Slices"]["properties"]["metrics"].update({**metrics, "additionalProperties": taken_over})
    gaps = {
        name: {"$ref": "#/definitions/Gap", "description": info.description} for name, info in METRICS.items()
    }
    definitions["Fairness"]["properties"]["gaps"].update(_mapping(gaps, False))
    definitions["Metric"]["anyOf"] = [{"required": [kind]} for kind in LIMITS]


def _mapping(properties: Schema, others: Schema | bool) -> Schema:
    return {"properties": properties, "additionalProperties": others, "minProperties": 1}


def _metric(info: MetricInfo) -> Schema:
    better = "" if info.two_sided else f" {info.direction.capitalize()} is better."
    tasks = " and ".join(info.tasks)
    return {
        "$ref": "#/definitions/Metric",
        "description": f"{info.label} ({tasks}). {info.description}{better}",
    }


def _demand_choices(definitions: Schema) -> None:
    """What must be there, or must not be there together."""
    definitions["BaselineSource"]["oneOf"] = [{"required": [kind]} for kind in BASELINES]
    definitions["Budgets"]["minProperties"] = 1
    definitions["Evaluate"]["oneOf"] = [
        {"required": ["predictions"], "not": _any_of("predict", "model")},
        {"required": ["predict"], "not": _any_of("predictions")},
        {"required": ["model"], "not": _any_of("predictions", "predict")},
    ]


def _demand_of_data(definitions: Schema) -> None:
    """The short form of rules, and what says nothing while it is empty."""
    data = definitions["Data"]["properties"]
    rule = {"anyOf": [{"type": "string", "minLength": 1}, data["rules"]["additionalProperties"]]}
    data["rules"].update(additionalProperties=rule, propertyNames={"pattern": f"^{RULE_NAME}$"})
    data["rules"]["minProperties"] = data["columns"]["minProperties"] = 1
    for name in ("Data", "Csv", "Rows", "Leakage", "Show", "Length", "Distance"):
        definitions[name]["minProperties"] = 1


def _demand_of_commands(definitions: Schema, top: Schema) -> None:
    """The short form of lint, and the times that are written with a unit."""
    commands = definitions["Lint"]["properties"]["run"]
    short = {key: value for key, value in commands.items() if key in ("type", "items")}
    top["lint"] = {**top["lint"], "anyOf": [{"$ref": "#/definitions/Lint"}, short]}
    definitions["Train"]["anyOf"] = [{"required": ["smoke"]}, {"required": ["full"]}]
    times = {"Prepare": PREPARE_TIME, "Smoke": SMOKE_TIME, "Full": FULL_TIME, "Lint": LINT_TIME}
    for name, time in times.items():
        definitions[name]["properties"]["time"]["default"] = time
    for name in ("Smoke", "Full"):
        definitions[name]["properties"]["output"]["default"] = OUTPUT
    definitions["Lint"]["properties"]["file_size"]["default"] = LARGEST


def _data_asks() -> Schema:
    """A section data that asks for something."""
    return {"required": ["data"], "properties": {"data": _any_of(*sorted(ASKING))}}


def _any_of(*keys: str) -> Schema:
    return {"anyOf": [{"required": [key]} for key in keys]}


def _draft_07(schema: Any) -> Any:
    """The same in draft-07, where nothing may stand beside $ref."""
    if isinstance(schema, list):
        return [_draft_07(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: _draft_07(value) for key, value in schema.items() if key != "properties"}
    if "properties" in schema:
        found["properties"] = {key: _property(value) for key, value in schema["properties"].items()}
    if "$ref" in found and len(found) > 1:
        return {"allOf": [{"$ref": found.pop("$ref")}], **found}
    return found


def _property(schema: Schema) -> Schema:
    """A key's schema; what may be left out is left out, it is never null."""
    schema = {key: value for key, value in schema.items() if key != "title"}
    if schema.get("default", 0) in (None, "", [], {}):
        del schema["default"]
    choices = schema.get("anyOf")
    if isinstance(choices, list):
        rest = [choice for choice in choices if choice != {"type": "null"}]
        if len(rest) == 1:
            del schema["anyOf"]
            schema = {**rest[0], **schema}
        else:
            schema["anyOf"] = rest
    found: Schema = _draft_07(schema)
    return found
