import datetime
import hashlib

import pytest
from pydantic import ValidationError

from seatrial.policy import Policy, parse

FULL = """\
version: 1
model: {name: flight-delay, task: binary}
mode: advisory
inconclusive: allow
seed: 10_000
data:
  train: ./data/train.parquet
  test: data/test.parquet
  key: [flight_id]
evaluate:
  label: late
  positive: yes
  cluster: tail_number
  predict: [python, predict.py, --model, '{model}', '{data}', '{out}']
  model: build/model.pkl
  requirements: requirements.txt
  time: 90s
  memory: 4GiB
  baseline: {branch: build/model.pkl}
  alpha: 1%
  metrics:
    roc_auc: {min: 70%, margin: 0.005}
    log_loss: {max: 0.62, min_gain: 0.01}
    f1: {min: 0.3, cut: 0.25}
    ece: {max: 5%, bins: 20}
    selection_rate: {min: 0.1, max: 0.4}
    cost: {column: cost_of_row, direction: lower, max: 3}
  slices: {by: [carrier, origin], metrics: {roc_auc: {margin: 0.02}, f1: {margin: 2%}, cost: {margin: 1}}}
  fairness: {by: sex, min_rows: 50, gaps: {selection_rate: {max: 10%, cut: 0.4}, f1: {max: 0.1}}}
  budgets: {size: 20MB}
waivers:
  - check: evaluation/roc_auc/margin/carrier=B6
    reason: B6 joins in March
    until: 2027-03-31
"""


@pytest.fixture
def full() -> Policy:
    return parse(FULL, "ci/seatrial.yml")


def test_every_key_arrives(full: Policy) -> None:
    assert (full.version, full.model.name, full.model.task) == (1, "flight-delay", "binary")
    assert (full.mode, full.inconclusive, full.seed) == ("advisory", "allow", 10_000)
    assert (full.data.train, full.data.test, full.data.key) == (
        "data/train.parquet", "data/test.parquet", ("flight_id",)
    )  # fmt: skip
    asked = full.evaluate
    assert (asked.label, asked.positive, asked.cluster, asked.alpha) == ("late", "yes", "tail_number", 0.01)
    assert asked.predict == ("python", "predict.py", "--model", "{model}", "{data}", "{out}")
    assert (asked.candidate, asked.model, asked.predictions) == ("predict", "build/model.pkl", None)
    assert (asked.requirements, asked.memory) == ("requirements.txt", 4 * 2**30)
    assert asked.time == datetime.timedelta(seconds=90)
    assert asked.baseline is not None
    assert (asked.baseline.kind, asked.baseline.value) == ("branch", "build/model.pkl")
    assert asked.budgets is not None
    assert asked.budgets.size == 20_000_000
    [waiver] = full.waivers
    assert (waiver.check, waiver.reason) == ("evaluation/roc_auc/margin/carrier=B6", "B6 joins in March")
    assert waiver.until == datetime.date(2027, 3, 31)


def test_limits(full: Policy) -> None:
    metrics = full.evaluate.metrics
    assert metrics["roc_auc"].limits == (("min", 0.7), ("margin", 0.005))
    assert metrics["log_loss"].limits == (("max", 0.62), ("min_gain", 0.01))
    assert metrics["selection_rate"].limits == (("min", 0.1), ("max", 0.4))
    assert metrics["ece"].bins == 20
    assert (metrics["cost"].column, metrics["cost"].direction) == ("cost_of_row", "lower")
    assert metrics["cost"].info("cost").direction == "lower"


def test_rows_and_key_default_to_the_section_data(full: Policy) -> None:
    assert (full.evaluate.data, full.evaluate.key) == ("data/test.parquet", ("flight_id",))
    own = parse(FULL.replace("  label: late\n", "  label: late\n  data: b.csv\n  key: id\n"))
    assert (own.evaluate.data, own.evaluate.key) == ("b.csv", ("id",))


def test_settings_of_slices_and_gaps_default_to_those_over_all_rows(full: Policy) -> None:
    assert full.evaluate.slices is not None
    assert full.evaluate.fairness is not None
    sliced = full.evaluate.slices.metrics
    assert (sliced["f1"].cut, sliced["cost"].column, sliced["cost"].direction) == (
        0.25,
        "cost_of_row",
        "lower",
    )
    gaps = full.evaluate.fairness.gaps
    assert (gaps["f1"].cut, gaps["selection_rate"].cut) == (0.25, 0.4)


def test_settings_default_to_those_of_the_metric() -> None:
    text = FULL.replace(", cut: 0.25", "").replace(", bins: 20", "")
    metrics = parse(text).evaluate.metrics
    assert (metrics["f1"].cut, metrics["ece"].bins, metrics["roc_auc"].cut) == (0.5, 10, None)


@pytest.mark.parametrize(
    ("task", "metric", "setting", "default"),
    [
        ("binary", "accuracy: {min: 0.5}", "cut", 0.5),
        ("multiclass", "accuracy: {min: 0.5}", "cut", None),
        ("multiclass", "top_k_accuracy: {min: 0.5}", "k", 5),
        ("regression", "pinball: {max: 5}", "quantile", 0.5),
    ],
)
def test_settings_by_task(task: str, metric: str, setting: str, default: float | None) -> None:
    text = f"""\
version: 1
model: {{name: m, task: {task}}}
evaluate: {{label: y, data: d.csv, predictions: p.csv, metrics: {{{metric}}}}}
"""
    [found] = parse(text).evaluate.metrics.values()
    assert getattr(found, setting) == default


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("python predict.py {data} {out}", "python predict.py {data} {out}"),
        ("[python, 3, '{data}', '{out}']", ("python", "3", "{data}", "{out}")),
        ("|\n    make {data}\n    cp x {out}", "make {data}\ncp x {out}\n"),
        ("|-\n    make {data} {out}", "make {data} {out}\n"),
    ],
)
def test_commands(written: str, expected: object) -> None:
    text = f"""\
version: 1
model: {{name: m, task: binary}}
evaluate:
  label: y
  data: d.csv
  predict: {written}
  metrics: {{f1: {{min: 0.5}}}}
"""
    assert parse(text).evaluate.predict == expected


def test_places(full: Policy) -> None:
    assert str(full.place("evaluate", "metrics", "log_loss", "max")) == "ci/seatrial.yml:23:16"
    assert str(full.place("waivers", 0, "until")) == "ci/seatrial.yml:34:5"
    assert str(full.place("waivers", 0)) == "ci/seatrial.yml:32:5"


def test_a_place_that_is_not_written_is_the_nearest_around_it(full: Policy) -> None:
    assert full.place("evaluate", "metrics", "f1", "max", "x") == full.place("evaluate", "metrics", "f1")
    assert str(full.place("nothing")) == "ci/seatrial.yml:1:1"


def test_the_digest_is_of_the_bytes_as_they_are(full: Policy) -> None:
    assert full.sha256 == hashlib.sha256(FULL.encode()).hexdigest()
    windows = b"\xef\xbb\xbf" + FULL.replace("\n", "\r\n").encode()
    assert parse(windows).sha256 == hashlib.sha256(windows).hexdigest()


def test_a_policy_is_frozen(full: Policy) -> None:
    with pytest.raises(ValidationError):
        full.seed = 3  # type: ignore[misc]


@pytest.mark.parametrize("source", ["artifact: model", "champion: true"])
def test_other_baselines_are_read(source: str) -> None:
    baseline = parse(FULL.replace("branch: build/model.pkl", source)).evaluate.baseline
    assert baseline is not None
    assert baseline.kind == source.partition(":")[0]


def test_flow_and_block_style_mean_the_same() -> None:
    block = FULL.replace("{branch: build/model.pkl}", "\n    branch: build/model.pkl")
    assert parse(block).evaluate == parse(FULL).evaluate
