"""What would have to change in the policy if what was found is wanted: lines of YAML, ready to copy."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from seatrial.policy import writing
from seatrial.report.rows import Row
from seatrial.text import is_hidden

MOST_CHARACTERS = 6_000
MOST_DEPTH = 8
WIDEST = 100
Tree = dict[str, "Tree | str"]


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
        steps = _steps(found)
        if steps is None:
            left += found is not None
            continue
        path, value = steps
        cost = sum(len(step) + 2 * i + 4 for i, step in enumerate(path)) + len(value)
        if size + cost > most or not _put(tree, path, value):
            left += 1
            continue
        size += cost
        taken.append(entry)
    return Mend("\n".join(_lines(tree)), tuple(taken), left) if taken else None


def _steps(found: JsonValue) -> tuple[tuple[str, ...], str] | None:
    """The path as keys and the value as written; None where a policy could not hold them."""
    if not isinstance(found, dict):
        return None
    path, value = found.get("path"), _written(found.get("value"))
    if not isinstance(path, list) or not 0 < len(path) <= MOST_DEPTH or value is None:
        return None
    keys = [writing.key(step) if isinstance(step, str) else None for step in path]
    known = tuple(key for key in keys if key is not None)
    return (known, value) if len(known) == len(path) else None


def _written(value: JsonValue, depth: int = 0) -> str | None:
    """The value on one line, in flow style."""
    if depth > MOST_DEPTH or value is None:
        return None
    if isinstance(value, list):
        each = [_written(item, depth + 1) for item in value]
        return None if None in each else f"[{', '.join(str(item) for item in each)}]"
    if isinstance(value, dict):
        pairs = [(writing.key(name), _written(item, depth + 1)) for name, item in value.items()]
        if any(name is None or item is None for name, item in pairs):
            return None
        return f"{{{', '.join(f'{name}: {item}' for name, item in pairs)}}}"
    return writing.scalar(value)


def _put(tree: Tree, path: Sequence[str], value: str) -> bool:
    """Place the value; False where another suggestion stands there already with another value."""
    here = tree
    for step in path[:-1]:
        inner = here.setdefault(step, {})
        if isinstance(inner, str):
            return False
        here = inner
    return here.setdefault(path[-1], value) == value


def _lines(tree: Tree, indent: str = "") -> list[str]:
    lines = []
    for key, inner in tree.items():
        if isinstance(inner, str):
            lines.append(f"{indent}{key}: {inner}")
        else:
            lines += [f"{indent}{key}:", *_lines(inner, indent + "  ")]
    return lines


def fenced(yaml: str) -> str:
    """The lines as a block that GitHub offers to copy; the fence is longer than any inside."""
    shown = "".join(c if c == "\n" or not is_hidden(c) else "\ufffd" for c in yaml)
    longest = max((len(run) for run in re.findall(r"`+", shown)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}yaml\n{shown}\n{fence}"
