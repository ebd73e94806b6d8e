"""What would have to change in the policy if what was found is wanted: lines of YAML, ready to copy."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from seatrial.decision import Decision
from seatrial.policy import writing
from seatrial.policy.yaml import Path
from seatrial.report.rows import Row
from seatrial.text import is_hidden

MOST_CHARACTERS = 6_000
MOST_DEPTH = 8
Tree = dict[str, JsonValue]


@dataclass(frozen=True)
class Mend:
    """yaml: the lines; of: the checks that they satisfy; more: how many have lines that do not fit."""

    yaml: str
    of: tuple[Row, ...]
    more: int


def mend(entries: Sequence[Row], most: int = MOST_CHARACTERS) -> Mend | None:
    """The suggestions of these checks as one piece of policy; None where there are none."""
    tree: Tree = {}
    taken: list[Row] = []
    left = size = 0
    for entry in entries:
        found = entry.check.evidence.get("mend")
        if found is None:
            continue
        branch = _branch(found)
        cost = sum(map(len, _lines(branch))) if branch is not None else 0
        if branch is None or size + cost > most or not _fits(tree, branch):
            left += 1
            continue
        _merge(tree, branch)
        size += cost
        taken.append(entry)
    # The sign stands in quoted texts alone, and nothing may look like the marker of a comment of ours.
    yaml = "\n".join(_lines(tree)).replace("<!--", "\\u003c!--")
    return Mend(yaml, tuple(taken), left) if taken else None


def _branch(found: JsonValue) -> Tree | None:
    """The suggestion as a tree of its own; None where a policy could not hold it."""
    if not isinstance(found, dict):
        return None
    path, value = found.get("path"), found.get("value")
    if not isinstance(path, list) or not 0 < len(path) <= MOST_DEPTH:
        return None
    for step in reversed(path):
        value = {step: value} if isinstance(step, str) else None
    return value if isinstance(value, dict) and _writable(value) else None


def _writable(value: JsonValue, depth: int = 0) -> bool:
    if depth > 2 * MOST_DEPTH or value is None:
        return False
    if isinstance(value, dict):
        known = all(writing.key(name) is not None for name in value)
        return known and bool(value) and all(_writable(inner, depth + 1) for inner in value.values())
    if isinstance(value, list):
        return all(_writable(inner, depth + 1) for inner in value)
    return writing.scalar(value) is not None


def _fits(tree: Tree, branch: Tree) -> bool:
    """Whether nothing in the tree says otherwise."""
    for key, value in branch.items():
        there = tree.get(key)
        if isinstance(there, dict) and isinstance(value, dict):
            if not _fits(there, value):
                return False
        elif there is not None and there != value and not _both_most(key, there, value):
            return False
    return True


def _merge(tree: Tree, branch: Tree) -> None:
    for key, value in branch.items():
        there = tree.get(key)
        if isinstance(there, dict) and isinstance(value, dict):
            _merge(there, value)
        elif there is not None and _both_most(key, there, value):
            tree[key] = max(there, value)  # type: ignore[type-var]
        else:
            tree[key] = value


def _both_most(key: str, one: JsonValue, other: JsonValue) -> bool:
    """Whether both say how much of the same is accepted, so that the larger does for both."""
    return key == "max" and isinstance(one, int | float) and isinstance(other, int | float)


def _lines(tree: Tree, path: Path = ()) -> list[str]:
    lines, indent = [], "  " * len(path)
    for name, value in tree.items():
        key, here = writing.key(name), (*path, name)
        if isinstance(value, dict):
            lines += [f"{indent}{key}:", *_lines(value, here)]
        elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
            lines += [f"{indent}{key}:", *(f"{indent}  - {writing.structure(item)}" for item in value)]
        else:
            lines.append(f"{indent}{key}: {writing.structure(value, here)}")
    return lines


def said(decision: Decision) -> str:
    """What the lines are, and where they count."""
    what = "These lines of the policy would accept what was found; what else stands there stays."
    return f"{what} It is the base branch's policy that counts." if decision.subject.base else what


def fenced(yaml: str) -> str:
    """The lines as a block that GitHub offers to copy; the fence is longer than any inside."""
    shown = "".join(c if c == "\n" or not is_hidden(c) else "\ufffd" for c in yaml)
    longest = max((len(run) for run in re.findall(r"`+", shown)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}yaml\n{shown}\n{fence}"
