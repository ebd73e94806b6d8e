"""What an editor accepts and what the parser accepts."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from seatrial.errors import PolicyInvalid
from seatrial.policy import json_schema, parse
from seatrial.policy.describing import descriptions
from seatrial.policy.metrics import METRICS
from seatrial.policy.model import Policy
from seatrial.policy.reference import markdown
from seatrial.policy.shape import every_section

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted(ROOT.glob("examples/*/seatrial.yml"))
SMALL = """\
version: 1
model: {name: m, task: binary}
evaluate: {label: y, data: d.csv, predictions: p.csv, metrics: {f1: {min: 0.5}}}
"""


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return json_schema()


def plain(text: str) -> Any:
    """As an editor reads it: dates are text, and only true and false are Booleans."""

    class Loader(yaml.SafeLoader):
        pass

    Loader.yaml_implicit_resolvers = {
        first: [(tag, expression) for tag, expression in found if not tag.endswith(("timestamp", "bool"))]
        for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"true\Z|false\Z"), ["t", "f"])
    return yaml.load(text, Loader=Loader)


def accepts(schema: dict[str, Any], text: str) -> bool:
    return jsonschema.Draft7Validator(schema).is_valid(plain(text))


def parses(text: str) -> bool:
    try:
        parse(text)
    except PolicyInvalid:
        return False
    return True


def test_it_is_draft_07(schema: dict[str, Any]) -> None:
    jsonschema.Draft7Validator.check_schema(schema)
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    text = json.dumps(schema)
    assert "$defs" not in text
    assert '"null"' not in text


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.parent.name)
def test_examples_are_good_for_both(schema: dict[str, Any], example: Path) -> None:
    text = example.read_text(encoding="utf-8")
    assert parses(text)
    assert accepts(schema, text)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("version: 1", "version: 1\nmode: advisory\ninconclusive: allow\nseed: 10_000"),
        ("predictions: p.csv", "predict: 'run {data} {out}', time: 90s, memory: 4GiB"),
        ("predictions: p.csv", "model: m.onnx, features: [a], budgets: {latency_p95: 5ms, size: 1.5MB}"),
        ("predictions: p.csv", "predictions: p.csv, key: id, alpha: 1%, baseline: {branch: p.csv}"),
        ("{min: 0.5}", "{min: 50%, margin: 0.1, cut: 0.3}"),
        ("f1: {min: 0.5}", "cost: {column: c, direction: lower, max: 3}"),
        ("metrics:", "slices: {by: [a, b], min_rows: 1_000, metrics: {f1: {margin: 1%}}}, metrics:"),
        ("metrics:", "fairness: {by: sex, gaps: {f1: {max: 0.1}}}, metrics:"),
        ("version: 1", "version: 1\nwaivers: [{check: evaluation/f1/min, reason: r, until: 2027-03-31}]"),
    ],
)
def test_good_for_both(schema: dict[str, Any], old: str, new: str) -> None:
    text = SMALL.replace(old, new)
    assert text != SMALL
    parse(text)
    jsonschema.validate(plain(text), schema, cls=jsonschema.Draft7Validator)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("version: 1", "version: 2"),
        ("version: 1", "version: 1\nmoed: enforce"),
        ("version: 1", "version: 1\nbuild: {context: .}"),
        ("name: m", "name: a/b"),
        ("task: binary", "task: ranking"),
        ("label: y, ", ""),
        ("data: d.csv", "data: /d.csv"),
        ("data: d.csv", "data: -d.csv"),
        ("predictions: p.csv, ", ""),
        ("predictions: p.csv", "predictions: p.csv, predict: run"),
        ("predictions: p.csv", "predictions: p.csv, model: m.onnx"),
        ("predictions: p.csv", "predictions: p.csv, time: 90"),
        ("predictions: p.csv", "predictions: p.csv, memory: 20mb"),
        ("predictions: p.csv", "predictions: p.csv, alpha: 0.5"),
        ("predictions: p.csv", "predictions: p.csv, baseline: {path: a, branch: b}"),
        ("predictions: p.csv", "predictions: p.csv, baseline: {}"),
        ("predictions: p.csv", "predictions: p.csv, cluster: ~"),
        ("{min: 0.5}", "{}"),
        ("{min: 0.5}", "{cut: 0.5}"),
        ("{min: 0.5}", "{mim: 0.5}"),
        ("{min: 0.5}", "{min: '0.5'}"),
        ("f1:", "f2:"),
        ("{f1: {min: 0.5}}", "{}"),
    ],
)
def test_bad_for_both(schema: dict[str, Any], old: str, new: str) -> None:
    text = SMALL.replace(old, new)
    assert text != SMALL
    assert not parses(text)
    assert not accepts(schema, text)


DATA = """\
version: 1
model: {name: m, task: binary}
data:
  train: train.csv
  test: data/*.parquet
  rows: {min: 10_000}
"""


@pytest.mark.parametrize(
    "lines",
    [
        ("key: [a, b]", "label: y", "engine: {spark: 'local[2]'}", "time: 5m", "memory: 2GiB", "extra: fail"),
        (r'csv: {delimiter: "\t", nulls: ["", NA], encoding: latin-1, decimal: ","}',),
        ("columns: {c: {}, d: {type: string, one_of: [a, b], length: {min: 1}, pattern: '[a-z]+'}}",),
        ("columns: {c: {type: number, min: 0.5, max: 1_000, nulls: {max: 1%}, unlike: {max: 0.1}}}",),
        ("columns: {c: {type: timestamp, min: 2026-01-31, zone: Europe/Berlin, required: false}}",),
        (
            "fresh: {column: t, within: 45d, zone: UTC}",
            "duplicates: {max: 0}",
            "balance: {min: 1%}",
            "label: y",
        ),
        ("rules: {short: a > b, long: {expect: a > b, max: 1%}}",),
        ("split: {time: t}", "leakage: {keys: a, rows: {max: 0}, known_by: {event: e, columns: c}}"),
        ("personal: {}", "show: {rows: 0, values: true}"),
        ("personal: {action: fail, kinds: [email, ip], allowed_in: mail}",),
        ("drift: {against: r.json, data: test, psi: {warn: 0.1, max: 25%}, new_categories: {max: 1%}}",),
    ],
)
def test_data_good_for_both(schema: dict[str, Any], lines: tuple[str, ...]) -> None:
    text = DATA + "".join(f"  {line}\n" for line in lines)
    parse(text)
    jsonschema.validate(plain(text), schema, cls=jsonschema.Draft7Validator)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("rows: {min: 10_000}", "key: id"),
        ("rows: {min: 10_000}", "rows: {}"),
        ("rows: {min: 10_000}", "rows: {min: -1}"),
        ("rows: {min: 10_000}", "columns: {}"),
        ("rows: {min: 10_000}", "columns: {c: {type: float}}"),
        ("rows: {min: 10_000}", "columns: {c: {length: {}}}"),
        ("rows: {min: 10_000}", "columns: {c: {one_of: []}}"),
        ("rows: {min: 10_000}", "leakage: {}"),
        ("rows: {min: 10_000}", "rules: {'a b': x > 1}"),
        ("rows: {min: 10_000}", "rules: {r: 7}"),
        ("rows: {min: 10_000}", "fresh: {column: t}"),
        ("rows: {min: 10_000}", "drift: {psi: {max: 0.1}}"),
        ("rows: {min: 10_000}", "drift: {against: r, psi: {}}"),
        ("rows: {min: 10_000}", "rows: {min: 1}\n  engine: {spark: http://x}"),
        ("rows: {min: 10_000}", "rows: {min: 1}\n  csv: {delimiter: ab}"),
        ("rows: {min: 10_000}", "rows: {min: 1}\n  csv: {}"),
        ("train: train.csv", "train: /train.csv"),
    ],
)
def test_data_bad_for_both(schema: dict[str, Any], old: str, new: str) -> None:
    text = DATA.replace(old, new)
    assert text != DATA
    assert not parses(text)
    assert not accepts(schema, text)


def test_every_key_is_described(schema: dict[str, Any]) -> None:
    assert schema["definitions"]["Gap"]["properties"]["cut"]["description"].startswith("The score from which")
    assert schema["properties"]["evaluate"]["description"] == "The evaluation gate."
    for section in every_section(Policy):
        assert list(descriptions(section)) == list(section.model_fields)
        assert all(meaning.endswith(".") for meaning in descriptions(section).values())


def test_the_reference_names_every_key_and_metric() -> None:
    page = markdown()
    for section in every_section(Policy):
        for name in section.model_fields:
            assert f"| `{name}` |" in page
    for name in METRICS:
        assert f"| `{name}` |" in page
    tables = [line for line in page.splitlines() if line.startswith("|")]
    assert {line.replace("\\|", "").count("|") for line in tables} == {5, 6}
