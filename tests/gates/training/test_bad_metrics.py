"""What a training may write as its metrics, and what it may not."""

import json

import pytest

from seatrial.gates.training.metrics import MOST_BYTES, MOST_METRICS, BadMetrics, read_metrics


def complaint(content: bytes | str) -> str:
    with pytest.raises(BadMetrics) as caught:
        read_metrics(content.encode() if isinstance(content, str) else content)
    told = str(caught.value)
    assert "\n" not in told and len(told) < 300
    return told


def test_a_flat_object_of_numbers() -> None:
    assert read_metrics(b' {"loss": 0.5, "rows": 12, "\\u00e9t\\u00e9": -1e-3} \n') == {
        "loss": 0.5,
        "rows": 12.0,
        "été": -0.001,
    }


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_no_number_that_json_lacks(constant: str) -> None:
    assert constant in complaint(f'{{"loss": {constant}}}')


@pytest.mark.parametrize("number", ["1e999", "-1e999", "9" * 400])
def test_no_number_beyond_the_largest(number: str) -> None:
    assert "beyond the numbers" in complaint(f'{{"loss": {number}}}')


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("true", "true"),
        ("null", "null"),
        ('"0.5"', "a text"),
        ("[0.5]", "a list"),
        ('{"train": 0.5}', "an object"),
    ],
)
def test_nothing_but_numbers(value: str, told: str) -> None:
    assert f"loss is {told}" in complaint(f'{{"loss": {value}}}')


@pytest.mark.parametrize("text", ["[]", "[1]", '"x"', "1", "null", "true", "NaN"])
def test_nothing_but_an_object(text: str) -> None:
    complaint(text)


def test_no_name_twice() -> None:
    assert complaint('{"loss": 1, "loss": 2}') == "loss is there twice; write each name once"


@pytest.mark.parametrize(
    "text", ["", " \n", "{}", "{", '{"loss": 1,}', "{'loss': 1}", '{"loss": 1} {"loss": 2}', "loss=1"]
)
def test_no_metrics_at_all(text: str) -> None:
    assert "write one flat object" in complaint(text)


@pytest.mark.parametrize("content", [b'{"loss": 1, "\xff": 2}', '{"loss": 1}'.encode("utf-16")])
def test_no_other_encoding(content: bytes) -> None:
    assert "UTF-8" in complaint(content)


def test_nothing_nested_ever_so_deep() -> None:
    complaint("[" * 60_000)
    complaint('{"a":' * 12_000)


def test_no_more_than_anyone_reads() -> None:
    many = json.dumps({f"m{i}": i for i in range(MOST_METRICS + 1)})
    assert f"write at most {MOST_METRICS}" in complaint(many)
    assert "bytes" in complaint(b'{"loss": 1' + b" " * MOST_BYTES + b"}")


@pytest.mark.parametrize("name", ["", " ", "x" * 101, "\\ud800"])
def test_no_name_that_nobody_reads(name: str) -> None:
    assert "name" in complaint(f'{{"{name}": 1}}')


def test_hostile_names_are_kept_as_they_are_and_shown_escaped() -> None:
    name = "\u202eloss<script>|`@x"
    assert list(read_metrics(json.dumps({name: 1}).encode())) == [name]
    assert "\u202e" not in complaint(json.dumps({name: None}))
