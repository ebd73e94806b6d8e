"""Whatever comes in, a policy comes out or PolicyInvalid says why, in printable lines and in little time."""

import json
import string
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seatrial.errors import PolicyInvalid
from seatrial.policy import Policy, parse
from seatrial.policy.findings import MOST

POLICY = """\
version: 1
model: {name: flight-delay, task: binary}
data: {test: data/test.csv, key: [id]}
evaluate:
  label: late
  cluster: tail
  model: build/model.onnx
  features: [a, b]
  baseline: {branch: build/model.onnx}
  metrics:
    roc_auc: {min: 0.7, margin: 0.5%}
    f1: {min: 0.2, cut: 0.3}
    cost: {column: cost, direction: lower, max: 2}
  slices: {by: carrier, metrics: {roc_auc: {margin: 0.02}}}
  fairness: {by: [sex], gaps: {recall: {max: 0.1}}}
  budgets: {latency_p95: 5ms, size: 20MB}
waivers: [{check: evaluation/f1/min, reason: r, until: 2027-03-31}]
"""
BOUNDED = settings(
    max_examples=150, deadline=timedelta(seconds=5), suppress_health_check=[HealthCheck.too_slow]
)
SIGNS = [
    "\n",
    "  ",
    ": ",
    "- ",
    "{",
    "}",
    "[",
    "]",
    ",",
    "&a ",
    "*a",
    "!!str ",
    "---\n",
    "%",
    "|\n",
    "'",
    '"',
]
WORDS = ["min", "roc_auc", "evaluate", "1e-3", "010", ".nan", "0,5", "5%", "10m", "~", "<<"]
PIECES = st.one_of(
    st.sampled_from(SIGNS), st.sampled_from([*WORDS, "\t", "\xa0", "\u202e"]), st.text(max_size=4)
)


def read(content: bytes | str) -> None:
    try:
        policy = parse(content, "seatrial.yml")
    except PolicyInvalid as error:
        assert 0 < len(error.faults) <= MOST + 1
        for fault in error.faults:
            assert fault.location is not None
            assert fault.location.file == "seatrial.yml"
            assert str(fault).isprintable()
            assert len(str(fault)) < 1_500
    else:
        assert isinstance(policy, Policy)


@BOUNDED
@given(st.binary(max_size=300))
def test_any_bytes(content: bytes) -> None:
    read(content)


@BOUNDED
@given(st.text(max_size=300))
def test_any_text(content: str) -> None:
    read(content)


@BOUNDED
@given(st.text(alphabet="{}[]:,-#&*!|>'\"%@`? \n\tab01.~<", max_size=120))
def test_any_yaml_signs(content: str) -> None:
    read(content)


@BOUNDED
@given(st.lists(st.tuples(st.integers(0, len(POLICY)), st.integers(0, 12), PIECES), min_size=1, max_size=4))
def test_damaged_policies(damages: list[tuple[int, int, str]]) -> None:
    text = POLICY
    for start, length, piece in damages:
        text = text[:start] + piece + text[start + length :]
    read(text)


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(alphabet=string.printable + "é\u202e", max_size=8),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
TOP = ["version", "model", "data", "evaluate", "waivers", "lint", "task"]
INNER = [
    "test",
    "key",
    "label",
    "predict",
    "features",
    "baseline",
    "path",
    "metrics",
    "roc_auc",
    "rmse",
    "cost",
]
INNERMOST = ["min", "max", "margin", "cut", "column", "direction", "slices", "by", "gaps", "budgets", "check"]
KEYS = st.sampled_from(TOP + INNER + INNERMOST)


@BOUNDED
@given(st.lists(KEYS, min_size=1, max_size=4), VALUES)
def test_any_value_at_any_key(keys: list[str], value: object) -> None:
    here: object = value
    for key in reversed(keys[1:]):
        here = {key: here}
    kept = "\n".join(line for line in POLICY.splitlines() if not line.startswith((keys[0], " ")))
    whole = f"{kept}\n{keys[0]}: {json.dumps(here, ensure_ascii=False)}\n"
    read(whole.encode("utf-8", "surrogatepass"))
