"""Lines of a drafted policy: entries with their reasons, aligned, and not too long."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from seatrial.gates.drafting.columns import Rule
from seatrial.policy import writing
from seatrial.text import shown

WIDTH = 110
_COMMENT_FROM = 44  # where reasons stand, if the entry leaves room
_NAME_WIDTH = 24
_ALIGNED = 72  # reasons stand below one another, but for the longest lines
_WHY_LENGTH = 300
_LONGEST = 2_000


def entry(text: str, why: Iterable[str] = (), start: int = _COMMENT_FROM) -> Iterator[str]:
    """A line with its reasons behind it, from column `start` on; before it, where it would be too long."""
    told = "; ".join(shown(each, _WHY_LENGTH) for each in why)
    if not told:
        yield text
        return
    for line in (f"{text:<{start}}  # {told}", f"{text}  # {told}"):
        if len(line) <= WIDTH:
            yield line
            return
    indent = text[: len(text) - len(text.lstrip())]
    yield from comment(told, indent)
    yield text


def comment(text: str, indent: str = "") -> Iterator[str]:
    """A comment over as many lines as it needs, with nothing in it that cannot be seen."""
    width = WIDTH - len(indent) - 2
    for line in textwrap.wrap(shown(text, _LONGEST), width, break_on_hyphens=False):
        yield f"{indent}# {line}"


def commented(lines: Iterable[str], indent: str = "") -> Iterator[str]:
    """Lines that are ready to be used once their mark is taken away."""
    for line in lines:
        yield f"{indent}# {line.removeprefix(indent)}".rstrip()


def rules(found: Sequence[Rule], indent: str) -> Iterator[str]:
    """The columns, one on a line where it fits, and then under one another."""
    keys = {rule.name: writing.key(rule.name) or "" for rule in found}
    width = min(max((len(key) for key in keys.values()), default=0), _NAME_WIDTH) + 2
    lines = {rule.name: f"{indent}{keys[rule.name] + ': ':<{width}}{rule.flow}" for rule in found}
    start = max((len(line) for line in lines.values() if len(line) <= _ALIGNED), default=0)
    for rule in found:
        head, line = f"{keys[rule.name]}:", lines[rule.name]
        if len(line) <= WIDTH:
            yield from entry(line, rule.why, start)
            continue
        yield from entry(f"{indent}{head}", rule.why)
        for key, value in rule.entries:
            yield from _folded(f"{indent}  {key}: {value}")


def _folded(line: str) -> Iterator[str]:
    """A list that is too long for its line goes on below, after a comma that is no part of a text."""
    indent = " " * (len(line) - len(line.lstrip()) + 2)
    while len(line) > WIDTH and (cut := _comma(line)) is not None:
        yield line[: cut + 1]
        line = f"{indent}{line[cut + 2 :]}"
    yield line


def _comma(line: str) -> int | None:
    """The last comma between two items before the width, or else the first after it."""
    found, quoted, escaped = None, False, False
    for place, character in enumerate(line):
        if escaped:
            escaped = False
        elif quoted and character == "\\":
            escaped = True
        elif character == '"':
            quoted = not quoted
        elif not quoted and line.startswith(", ", place):
            if place >= WIDTH and found is not None:
                break
            found = place
    return found
