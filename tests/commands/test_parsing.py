"""Commands of the policy as argument vectors."""

import subprocess

import pytest

from seatrial.commands.parsing import parse, uses
from seatrial.errors import BadInput, Location

HOSTILE = "a b'; touch /tmp/never #$(id)"


def test_a_line_is_split_without_a_shell_and_values_are_not_split() -> None:
    assert parse("python 'my predict.py' --in={data} $HOME *", {"data": HOSTILE}) == [
        "python",
        "my predict.py",
        f"--in={HOSTILE}",
        "$HOME",
        "*",
    ]


def test_a_list_is_taken_as_it_is() -> None:
    assert parse(["sh", "-c", "echo 'a  b' | cat", "{out}"], {"out": "x y"}) == [
        "sh",
        "-c",
        "echo 'a  b' | cat",
        "x y",
    ]


def test_a_block_is_bash_with_quoted_values_and_stops_at_the_first_failure() -> None:
    argv = parse("printf '%s' {data}\nfalse | true\necho not reached\n", {"data": HOSTILE})
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.stdout == HOSTILE
    assert done.returncode == 1


def test_shell_variables_and_doubled_braces_are_no_placeholders() -> None:
    assert parse(["${data}", "{{data}}", "{ print $1 }", '{"a": 1}'], {"data": "x"}) == [
        "${data}",
        "{data}",
        "{ print $1 }",
        '{"a": 1}',
    ]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("predict 'x", "seatrial.yml:7:3: the command has a quote that is not closed (predict 'x); close it"),
        ("predict {modle}", "{modle}, which has no value here (known: {data}, {out}); for literal braces"),
        ("   ", "the command is empty"),
        ([], "the command is empty"),
        (["", "x"], "does not begin with a program"),
        ("cat a\0b", "NUL"),
        ("make && predict", "the command uses &&, but one line runs without a shell; write a block"),
        ("predict > out.csv", "the command uses >"),
        ("SEED=1 predict", "begins with an assignment (SEED=1)"),
    ],
)  # fmt: skip
def test_bad_commands_are_told_with_their_place(command: str | list[str], said: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse(command, {"data": "d", "out": "o"}, location=Location("seatrial.yml", 7, 3))
    assert said in str(caught.value)
    assert str(caught.value).startswith("seatrial.yml:7:3: ")


def test_uses_tells_a_placeholder_from_a_literal() -> None:
    assert uses("a {out}", "out")
    assert not uses("a {{out}} ${out}", "out")
    assert uses(["a", "b={out}"], "out")
