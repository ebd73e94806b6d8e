"""Text in the columns of a terminal: how wide it is, cut, padded, wrapped, coloured."""

import unicodedata

from seatrial.decision import Outcome
from seatrial.report.text import ELLIPSIS, plain

COLOURS = {
    Outcome.PASSED: "32",
    Outcome.FAILED: "31",
    Outcome.INCONCLUSIVE: "33",
    Outcome.ERROR: "33",
    Outcome.SKIPPED: "2",
}
GAP = "  "


def width_of(text: str) -> int:
    """Columns on a terminal: two for East Asian wide characters, none for combining marks (UAX #11)."""
    return sum(
        0 if unicodedata.combining(c) or unicodedata.category(c) in ("Mn", "Me", "Cf")
        else 2 if unicodedata.east_asian_width(c) in "WF"
        else 1
        for c in text
    )  # fmt: skip


def cut(text: str, width: int) -> str:
    """The text in at most `width` columns."""
    if width_of(text) <= width:
        return text
    out = ""
    for char in text:
        if width_of(out + char) > width - 1:
            break
        out += char
    return out + ELLIPSIS


def cut_name(text: str, width: int) -> str:
    """A metric and slice in `width` columns: the end, which tells slices apart, stays longest."""
    if width_of(text) <= width:
        return text
    end = ""
    for char in reversed(text):
        if width_of(char + end) > max(1, (width - 1) * 2 // 3):
            break
        end = char + end
    return cut(text, width - width_of(end)) + end


def pad(text: str, width: int, *, right: bool = False) -> str:
    fill = " " * max(0, width - width_of(text))
    return fill + text if right else text + fill


def paint(text: str, code: str, colour: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if colour else text


def wrap(text: str, width: int, indent: str = "") -> list[str]:
    """Lines of at most `width` columns, broken at spaces; the runner's commands cannot start one."""
    lines, line = [], ""
    for word in text.split(" "):
        if line and width_of(indent + line + " " + word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return [indent + cut(plain(each, 1_000), width - width_of(indent)) for each in (*lines, line)]
