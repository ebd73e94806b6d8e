"""Edits to a policy's text: what was meant is said, and nothing else is touched."""

import difflib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.policy import writing, yaml
from seatrial.policy.editing import Append, CannotEdit, Edit, Put, edited

POLICY = """\
# of the team
version: 1
data:
  train: data/train.csv   # daily
  columns:                # by name
    age: {type: integer, min: 0, max: 99}   # years

    carrier:
      type: string
      one_of:
        - AA   # American
        - DL
      # set by marketing
    "odd: name": {type: number}

  # how many rows
  rows: {min: 10_000}
  show: {}
  rules:
    order: |
      arrival > departure
# the end
"""


def changed(before: str, after: str) -> list[str]:
    """Lines that went, and lines that came."""
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    return [line for line in lines if line[0] in "-+"]


def test_values_are_replaced_where_they_stand() -> None:
    after = edited(
        POLICY, [Put(("data", "columns", "age", "max"), "120"), Put(("data", "rows", "min"), "500")]
    )
    assert changed(POLICY, after) == [
        "-     age: {type: integer, min: 0, max: 99}   # years",
        "+     age: {type: integer, min: 0, max: 120}   # years",
        "-   rows: {min: 10_000}",
        "+   rows: {min: 500}",
    ]


def test_entries_are_added_in_the_layout_of_their_neighbours() -> None:
    after = edited(
        POLICY,
        [
            Put(("data", "columns", "age", "nulls", "max"), "1%"),
            Put(("data", "columns", "age", "nan", "max"), "2%"),
            Put(("data", "columns", "carrier", "nulls", "max"), "3%"),
            Append(("data", "columns", "carrier", "one_of"), ("UA", '"x # y"')),
            Put(("data", "columns", "new"), "{type: date}", "seen first in May"),
            Put(("data", "show", "values"), "true"),
            Put(("data", "rules", "positive"), "age > 0"),
            Put(("mode",), "advisory"),
        ],
    )
    assert changed(POLICY, after) == [
        "-     age: {type: integer, min: 0, max: 99}   # years",
        "+     age: {type: integer, min: 0, max: 99, nulls: {max: 1%}, nan: {max: 2%}}   # years",
        "+         - UA",
        '+         - "x # y"',
        "+       nulls: {max: 3%}",
        "+     new: {type: date}  # seen first in May",
        "-   show: {}",
        "+   show: {values: true}",
        "+     positive: age > 0",
        "+ mode: advisory",
    ]


def test_a_whole_entry_is_replaced_and_its_neighbours_stay() -> None:
    after = edited(POLICY, [Put(("data", "columns", "carrier"), "{type: integer}")])
    assert [line for line in changed(POLICY, after) if line[0] == "+"] == ["+     carrier: {type: integer}"]
    assert "# set by marketing" in after
    assert "# by name" in after


def test_windows_line_ends_stay() -> None:
    policy = POLICY.replace("\n", "\r\n")
    after = edited(policy, [Put(("data", "columns", "new"), "{type: date}")])
    assert after.count("\r\n") == after.count("\n") == policy.count("\n") + 1


def test_a_policy_without_a_last_line_break() -> None:
    assert edited("version: 1\ndata: {rows: {min: 5}}", [Put(("data", "rows", "max"), "9")]) == (
        "version: 1\ndata: {rows: {min: 5, max: 9}}"
    )
    assert edited("data:\n  rows: {min: 5}", [Put(("data", "extra"), "fail")]) == (
        "data:\n  rows: {min: 5}\n  extra: fail"
    )


@pytest.mark.parametrize(
    "edit",
    [
        Append(("data", "columns", "age", "one_of"), ("1",)),
        Put(("data", "train", "deeper"), "1"),
        Put(("data", "columns", "\u200b"), "{type: date}"),
        Put(("data", "rows", "max"), "[1"),
    ],
)
def test_what_does_not_fit_changes_nothing(edit: Edit) -> None:
    with pytest.raises(CannotEdit):
        edited(POLICY, [edit])


names = st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), min_size=1, max_size=6).filter(
    lambda name: writing.key(name) is not None
)
leaves = st.one_of(st.integers(-5, 5), st.sampled_from(["a", "b: c", "# d", "x, y"]))
trees = st.recursive(
    st.dictionaries(names, leaves, min_size=1, max_size=3),
    lambda inner: st.dictionaries(names, st.one_of(leaves, inner), min_size=1, max_size=3),
    max_leaves=8,
)


def written(tree: dict[str, object], draw: st.DrawFn, indent: int = 0) -> list[str]:
    """A mapping in some layout, with a comment on every line of its own."""
    lines = []
    for name, value in tree.items():
        head = f"{' ' * indent}{writing.key(name)}:"
        if not isinstance(value, dict):
            lines.append(f"{head} {writing.scalar(value)}  # about {len(lines)}")  # type: ignore[arg-type]
        elif draw(st.booleans()):
            lines.append(f"{head} {flow(value)}  # flow {len(lines)}")
        else:
            lines += [f"{head}  # block", *written(value, draw, indent + 2), f"{' ' * indent}  # after"]
    return lines


def flow(tree: dict[str, object]) -> str:
    entries = (
        f"{writing.key(name)}: {flow(value) if isinstance(value, dict) else writing.scalar(value)}"  # type: ignore[arg-type]
        for name, value in tree.items()
    )
    return "{" + ", ".join(entries) + "}"


@st.composite
def policies(draw: st.DrawFn) -> tuple[str, dict[str, object], list[tuple[str, ...]]]:
    """A document, what it says, and the paths of its mappings."""
    tree = draw(trees)
    paths: list[tuple[str, ...]] = []

    def walk(inner: dict[str, object], path: tuple[str, ...]) -> None:
        paths.append(path)
        for name, value in inner.items():
            if isinstance(value, dict):
                walk(value, (*path, name))

    walk(tree, ())
    return "\n".join(written(tree, draw)) + "\n# end\n", tree, paths


@given(policies(), st.data())
def test_any_policy_takes_any_entry_and_keeps_its_comments(
    policy: tuple[str, dict[str, object], list[tuple[str, ...]]], data: st.DataObject
) -> None:
    text, tree, paths = policy
    path = (*data.draw(st.sampled_from(paths)), data.draw(names))
    after = edited(text, [Put(path, "[1, two]")])
    inner: object = yaml.read(after, "seatrial.yml").data
    before: object = tree
    for part in path[:-1]:
        assert isinstance(inner, dict) and isinstance(before, dict)
        inner, before = inner[part], before[part]
    assert isinstance(inner, dict) and isinstance(before, dict)
    assert inner == {**before, path[-1]: [1, "two"]}
    if path[-1] not in before:  # in place of an entry, its own comments go with it
        assert [line.partition("  # ")[2] for line in text.splitlines() if "  # " in line] == [
            line.partition("  # ")[2] for line in after.splitlines() if "  # " in line
        ]
