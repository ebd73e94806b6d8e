"""A metric of one's own may not take the name of a check of ours, or two checks would have one id."""

import pytest

from seatrial.errors import PolicyInvalid
from seatrial.policy import parse

TEXT = """\
version: 1
model: {{name: m, task: binary}}
evaluate:
  data: d.csv
  label: y
  predictions: p.csv
  metrics:
    {name}: {{column: c, direction: higher, min: 1}}
"""


@pytest.mark.parametrize("name", ["size", "latency_p95", "recall_gap"])
def test_a_name_of_ours_is_refused_at_its_place(name: str) -> None:
    with pytest.raises(PolicyInvalid) as caught:
        parse(TEXT.format(name=name))
    assert str(caught.value).startswith("seatrial.yml:8:5: ")
    assert "choose another" in str(caught.value)


def test_other_names_are_taken() -> None:
    assert "sized" in parse(TEXT.format(name="sized")).evaluate.metrics
