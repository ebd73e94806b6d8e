"""A policy that is good, to be spoilt, and what is said of it then."""

import pytest

from seatrial.errors import BAD_INPUT, PolicyInvalid
from seatrial.policy import parse

GOOD = """\
version: 1
model: {name: flight-delay, task: binary}
evaluate:
  label: late
  data: test.csv
  predictions: predictions.csv
  metrics:
    roc_auc: {min: 0.7}
"""
METRIC = "    roc_auc: {min: 0.7}\n"


def complaints(text: str | bytes) -> list[str]:
    """Every fault of the policy, a line each."""
    with pytest.raises(PolicyInvalid) as caught:
        parse(text, "seatrial.yml")
    assert caught.value.exit_code == BAD_INPUT
    lines = str(caught.value).split("\n")
    assert len(lines) == len(caught.value.faults)
    assert all(line.startswith("seatrial.yml:") and line.isprintable() for line in lines)
    return lines


def complaint(text: str | bytes) -> str:
    """The one fault of the policy."""
    [line] = complaints(text)
    return line


def changed(old: str, new: str) -> str:
    """The good policy with something else in one place."""
    assert GOOD.count(old) == 1
    return GOOD.replace(old, new)
