"""The policy reference page, generated from the schema: one table for each section, and one of metrics."""

from collections.abc import Iterator
from typing import Any

from seatrial.policy import units
from seatrial.policy.fields import DATE_PATTERN
from seatrial.policy.metrics import METRICS, MetricInfo
from seatrial.policy.schema import Schema, json_schema

INTRODUCTION = """# Policy reference

<!-- Generated from the policy model; change it there. -->

`seatrial.yml` is one YAML document. Unknown keys, duplicate keys, anchors, aliases, tags and keys
without a value are errors, each told with file, line and column. `seatrial validate` checks the file
without running anything.

Kinds of value:

- **duration**: a number with a unit, such as `5ms`, `10m`, `6h`. Units: {durations}.
- **size**: a number with a unit, such as `20MB` or `4GiB`. Units: {sizes}; `MB` is 10^6, `MiB` 2^20 bytes.
- **share**: a number such as `0.005`, or a percentage such as `0.5%`.
- **date**: year-month-day, such as `2027-03-31`.
- **path**: a file inside the repository, relative to its root.
- **command**: text that is split into words without a shell; a list of words; or a block (`|`), which runs
  under `bash -eo pipefail`.
- **whole number**: may be grouped by threes, as in `10_000`.

Pages of their own: [rules over columns, and patterns](rules.md), [which files are read, and what a cell
is](data-files.md), [drift](drift.md), [intervals and slices](statistics.md), [lint](actions/lint.md),
[training](actions/smoke-train.md).
"""
# Sections in the order of the page: the definition, and how its keys are reached.
SECTIONS = (
    ("Model", "model"),
    ("Prepare", "prepare"),
    ("Lint", "lint"),
    ("Data", "data"),
    ("Csv", "data.csv"),
    ("Engine", "data.engine"),
    ("ColumnRule", "data.columns.NAME"),
    ("Length", "data.columns.NAME.length"),
    ("Most", "data.columns.NAME.nulls, nan, infinite, unlike"),
    ("Rows", "data.rows"),
    ("Fresh", "data.fresh"),
    ("RowRule", "data.rules.NAME"),
    ("Balance", "data.balance"),
    ("Split", "data.split"),
    ("Leakage", "data.leakage"),
    ("KnownBy", "data.leakage.known_by"),
    ("PersonalData", "data.personal"),
    ("Show", "data.show"),
    ("Drift", "data.drift"),
    ("Distance", "data.drift.psi, ks, js, wasserstein"),
    ("Train", "train"),
    ("Smoke", "train.smoke"),
    ("Full", "train.full"),
    ("Evaluate", "evaluate"),
    ("BaselineSource", "evaluate.baseline"),
    ("Metric", "evaluate.metrics.NAME"),
    ("Slices", "evaluate.slices"),
    ("Fairness", "evaluate.fairness"),
    ("Gap", "evaluate.fairness.gaps.NAME"),
    ("Budgets", "evaluate.budgets"),
    ("Waiver", "waivers[]"),
)
_BY_PATTERN = {
    units.DURATION_PATTERN: "duration",
    units.SIZE_PATTERN: "size",
    units.PERCENTAGE_PATTERN: "share",
    DATE_PATTERN: "date",
}


def markdown() -> str:
    """The page."""
    schema = json_schema()
    parts = [
        INTRODUCTION.format(durations=_code(units.DURATIONS), sizes=_code(units.SIZES)),
        _section("The file", schema["description"], schema),
    ]
    for name, path in SECTIONS:
        definition = schema["definitions"][name]
        parts.append(_section(f"`{path}`", definition["description"], definition))
    parts.append("\n".join(_metrics()))
    return "\n".join(parts)


def _section(title: str, description: str, definition: Schema) -> str:
    required = definition.get("required", [])
    lines = [f"## {title}", "", description, "", "| key | type | default | meaning |", "|---|---|---|---|"]
    for key, entry in definition["properties"].items():
        default = "required" if key in required else _default(entry)
        lines.append(
            f"| `{key}` | {_cell(_type(entry))} | {default} | {_cell(entry.get('description', ''))} |"
        )
    return "\n".join([*lines, ""])


def _default(entry: Schema) -> str:
    if "default" not in entry:
        return ""
    return f"`{_written(entry['default'])}`"


def _written(value: Any) -> str:
    """A default as a policy writes it."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_written(inner)}' for key, inner in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    if isinstance(value, float):
        return f"{value:g}"
    return _word(value) if str(value).strip(",") else f'"{value}"'


def _type(entry: Schema) -> str:
    found = " or ".join(dict.fromkeys(_kinds(entry)))
    return {
        "text or list of text or number": "command",
        "text or list of text": "column or list of columns",
    }.get(found, found)


def _kinds(entry: Schema) -> Iterator[str]:
    if "enum" in entry:
        yield from (f"`{_word(value)}`" for value in entry["enum"])
    elif "anyOf" in entry:
        kinds = [kind for choice in entry["anyOf"] for kind in _kinds(choice)]
        yield from (["share"] if "share" in kinds else ["whole number"] if "whole number" in kinds else kinds)
    elif "allOf" in entry or "$ref" in entry or entry.get("type") == "object":
        yield "mapping"
    elif entry.get("type") == "array":
        items = " or ".join(_kinds(entry["items"]))
        yield f"list of {items}s" if items == "mapping" else f"list of {items}"
    elif entry.get("type") == "integer":
        yield "whole number"
    elif isinstance(entry.get("type"), list):
        words = {"string": "text", "number": "number", "boolean": "true or false"}
        yield from (words[kind] for kind in entry["type"])
    else:
        yield _text(entry)


def _text(entry: Schema) -> str:
    pattern = entry.get("pattern", "")
    if pattern in _BY_PATTERN:
        return _BY_PATTERN[pattern]
    if pattern.startswith("^(?!"):
        return "path"
    return {"string": "text", "boolean": "true or false"}.get(str(entry.get("type")), str(entry.get("type")))


def _metrics() -> Iterator[str]:
    yield "## Metrics"
    yield ""
    yield "Any other name is a metric of your own: give its `column` (of the predictions) and `direction`."
    yield ""
    yield "| metric | task | better | settings | meaning |"
    yield "|---|---|---|---|---|"
    for info in METRICS.values():
        cells = (f"`{info.name}`", ", ".join(info.tasks), _better(info), _settings(info), info.description)
        yield f"| {' | '.join(cells)} |"
    yield ""


def _better(info: MetricInfo) -> str:
    return "neither" if info.two_sided else info.direction


def _settings(info: MetricInfo) -> str:
    return ", ".join(f"`{key}: {default}`" for key, default in info.parameters.items())


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _code(words: dict[str, Any]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
