"""Changes to the text of a policy where it stands: comments, order and layout of the rest stay."""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import yaml as pyyaml

from seatrial.policy import characters, writing, yaml
from seatrial.policy.yaml import Path

_WIDTH = 110


@dataclass(frozen=True)
class Put:
    """A value for the entry at a path, in place of the one there or as a new entry. value: YAML, one line."""

    path: Path
    value: str
    comment: str | None = None


@dataclass(frozen=True)
class Append:
    """More items for the list at a path. items: YAML, each on one line."""

    path: Path
    items: tuple[str, ...]


Edit = Put | Append


class CannotEdit(Exception):
    """The text is written in a way that the changes cannot be fitted into."""


@dataclass(frozen=True)
class _Cut:
    """text[start:end] becomes `new`. Of several insertions at one place the more indented comes first."""

    start: int
    end: int
    new: str
    indent: int = 0


def edited(content: bytes | str, edits: Sequence[Edit], file: str = "seatrial.yml") -> str:
    """The policy's text with the edits made. No path may lead into another's.

    Raises CannotEdit where the text would then not say what was meant, so that nothing else ever changes.
    """
    text = characters.checked(content, file)
    root = pyyaml.compose(text, Loader=pyyaml.SafeLoader)
    assert isinstance(root, pyyaml.MappingNode), "a policy that could be parsed is a mapping"
    cuts = list(_cuts(text, root, edits))
    found = text
    for cut in sorted(cuts, key=lambda cut: (cut.start, cut.end, -cut.indent), reverse=True):
        found = found[: cut.start] + cut.new + found[cut.end :]
    try:
        after = yaml.read(found, file)
        wanted = _applied(yaml.read(text, file).data, edits)
    except Exception as error:
        raise CannotEdit(str(error)) from None
    if after.faults or after.data != wanted:
        raise CannotEdit("the text would not say what was meant")
    return found


def _cuts(text: str, root: pyyaml.MappingNode, edits: Sequence[Edit]) -> Iterator[_Cut]:
    line_break = "\r\n" if "\r\n" in text else "\n"
    added: dict[int, tuple[pyyaml.CollectionNode, list[tuple[str, str | None]]]] = {}

    def add(node: pyyaml.CollectionNode, line: str, comment: str | None = None) -> None:
        added.setdefault(id(node), (node, []))[1].append((line, comment))

    for edit in edits:
        parent, key, node, rest = _lookup(root, edit.path)
        if isinstance(edit, Append):
            if rest or not isinstance(node, pyyaml.SequenceNode):
                raise CannotEdit("there is no list")
            for item in edit.items:
                add(node, item if node.flow_style else f"- {item}")
        elif not rest:
            assert key is not None, "the root is never replaced"
            yield _replaced(text, key, node, edit.value)
        else:
            if not isinstance(parent, pyyaml.MappingNode):
                raise CannotEdit("there is no mapping")
            add(parent, _nested(rest, edit.value), edit.comment)
    for node, lines in added.values():
        yield _insertion(text, node, lines, line_break)


def _lookup(
    root: pyyaml.MappingNode, path: Path
) -> tuple[pyyaml.Node, pyyaml.Node | None, pyyaml.Node, Path]:
    """The innermost node of the path that there is, as parent, key and node, and the rest of the path.

    Where there is a rest, the parent is the node itself: the rest is to be written into it.
    """
    key: pyyaml.Node | None = None
    parent: pyyaml.Node = root
    node: pyyaml.Node = root
    for depth, part in enumerate(path):
        entry = None
        if isinstance(node, pyyaml.MappingNode):
            entry = next(((k, v) for k, v in node.value if k.value == part), None)
        if entry is None:
            return node, key, node, path[depth:]
        parent, (key, node) = node, entry
    return parent, key, node, ()


def _nested(rest: Path, value: str) -> str:
    keys = [writing.key(str(part)) for part in rest]
    if None in keys:
        raise CannotEdit("a name cannot be written")
    opened = "".join(f"{key}: {{" for key in keys[:-1])
    return f"{opened}{keys[-1]}: {value}{'}' * (len(keys) - 1)}"


def _replaced(text: str, key: pyyaml.Node, node: pyyaml.Node, value: str) -> _Cut:
    if isinstance(node, pyyaml.CollectionNode) and not node.flow_style:
        return _Cut(key.end_mark.index, _end(text, node), f": {value}")
    return _Cut(node.start_mark.index, _end(text, node), value)


def _insertion(
    text: str, node: pyyaml.CollectionNode, lines: list[tuple[str, str | None]], line_break: str
) -> _Cut:
    if node.flow_style:
        entries = ", ".join(line for line, _ in lines)
        if not node.value:
            return _Cut(node.start_mark.index + 1, node.start_mark.index + 1, entries)
        at = _end(text, _last(node))
        return _Cut(at, at, f", {entries}")
    at = _end(text, node)
    ends = [place for place in (text.find("\r", at), text.find("\n", at)) if place >= 0]
    at = min(ends, default=len(text))
    indent = node.start_mark.column
    written = [part for line, comment in lines for part in _told(line, comment, _WIDTH - indent)]
    return _Cut(at, at, "".join(f"{line_break}{' ' * indent}{line}" for line in written), indent)


def _told(line: str, comment: str | None, width: int) -> list[str]:
    """The line with its comment, or below it where there is no room."""
    if comment is None:
        return [line]
    told = f"{line}  # {comment}"
    return [told] if len(told) <= width else [f"# {comment}", line]


def _last(node: pyyaml.CollectionNode) -> pyyaml.Node:
    last = node.value[-1]
    found: pyyaml.Node = last[1] if isinstance(node, pyyaml.MappingNode) else last
    return found


def _end(text: str, node: pyyaml.Node) -> int:
    """Where the node's own text ends: PyYAML ends a block only at the next token."""
    while isinstance(node, pyyaml.CollectionNode) and not node.flow_style and node.value:
        node = _last(node)
    end: int = node.end_mark.index
    if isinstance(node, pyyaml.ScalarNode) and node.style in {"|", ">"}:
        return len(text[:end].rstrip())
    return end


def _applied(data: dict[str, Any], edits: Sequence[Edit]) -> dict[str, Any]:
    """The plain data as the edits mean them to be."""
    found = deepcopy(data)
    for edit in edits:
        inner: Any = found
        for part in edit.path[:-1]:
            inner = inner.setdefault(part, {})
        last = edit.path[-1]
        if isinstance(edit, Append):
            inner[last] = [*inner[last], *(_value(item) for item in edit.items)]
        else:
            inner[last] = _value(edit.value)
    return found


def _value(written: str) -> Any:
    return yaml.read(f"value: {written}", "value").data["value"]
