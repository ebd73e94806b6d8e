"""The one renderer of untrusted strings, one function per surface.

Whatever a policy, a data file, a model or a pull request named may be hostile:
it must not mention a team, link, load, format, forge a marker, leave its table
cell or talk to the runner. Each function takes anything and returns one line.
"""

import re
import unicodedata

from seatrial.text import is_hidden, shown

__all__ = [
    "clean",
    "code",
    "command_data",
    "command_property",
    "fenced",
    "html",
    "markdown",
    "plain",
    "shown",
    "xml",
]

ZERO_WIDTH_SPACE = "\u200b"
ELLIPSIS = "…"
NO_BREAK = "\u00a0"
REPLACEMENT = "\ufffd"

# CSI, OSC (closed or cut off), then the two-character escapes; ECMA-48, 7-bit and 8-bit forms.
_ANSI = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"
    r"|\x1b[ -/]*[0-~]?"
)
_MARKS = frozenset({"Mn", "Me"})
_MOST_MARKS = 2  # on one letter; more is decoration that climbs out of its line
_TAGS_AND_SELECTORS = range(0xE0000, 0xE1000)


def _hidden(char: str) -> bool:
    return is_hidden(char) or ord(char) in _TAGS_AND_SELECTORS


def _as_text(value: object) -> str:
    if isinstance(value, str):
        return value
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def clean(value: object, limit: int) -> str:
    """One visible line of at most `limit` characters: no escapes, controls, bidi or hidden signs.

    White space becomes one space (a no-break space stays one). A run of hidden characters
    becomes one U+FFFD, so that two names which differ only there do not look equal.
    """
    text = _as_text(value)[: limit * 16 + 64]
    if text.isascii() and text.isprintable():  # the ordinary case needs no look at each character
        return _cut(" ".join(text.split()), limit)
    text = _ANSI.sub("", text)
    out: list[str] = []
    marks = 0
    for char in text:
        if char.isspace():
            if out and not out[-1].isspace():
                out.append(NO_BREAK if char == NO_BREAK else " ")
        elif _hidden(char):
            if not out or out[-1] != REPLACEMENT:
                out.append(REPLACEMENT)
        elif unicodedata.category(char) in _MARKS:
            marks += 1
            if marks <= _MOST_MARKS:
                out.append(char)
            continue
        else:
            out.append(char)
        marks = 0
        if len(out) > limit + 1:
            break
    return _cut("".join(out).strip(), limit)


def _cut(line: str, limit: int) -> str:
    return line if len(line) <= limit else line[: limit - 1].rstrip() + ELLIPSIS


# GitHub looks for these in the rendered text, after entities are resolved: only a break inside helps.
_LIVE = (
    (re.compile(r"(?<=[@#])"), ZERO_WIDTH_SPACE),  # mentions, e-mail, references
    (re.compile(r"(?<=:)(?=//)"), ZERO_WIDTH_SPACE),  # any scheme://
    (re.compile(r"(?i)(?<=www)(?=\.)"), ZERO_WIDTH_SPACE),
    (re.compile(r"(?<=[A-Za-z]-)(?=\d)"), ZERO_WIDTH_SPACE),  # GH-1, CVE-2024-1, custom autolinks
    (re.compile(r"(?i)(?<=ghsa-)"), ZERO_WIDTH_SPACE),
    (
        re.compile(r"(?<=:)(?=[\w+-])"),
        ZERO_WIDTH_SPACE,
    ),  # :shortcodes: are images; the last colon may be ours
)
_ENTITIES = {ord(c): f"&#{ord(c)};" for c in "\\`*[]~|\"'{}"} | {
    ord("<"): "&lt;",
    ord(">"): "&gt;",
    ord("&"): "&amp;",
    # The documented way to keep a dollar sign from opening a formula.
    ord("$"): "<span>$</span>",
}
_EDGE_UNDERSCORE = re.compile(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
# A list, a rule, an underline of a heading. One sign of it written as an entity is enough.
_LINE_START = re.compile(r"^(\d{0,9})([-+=](?=[-+=\s]|$)|(?<=\d)[.)](?=\s|$))")


def markdown(value: object, limit: int = 120) -> str:
    """Plain text for GitHub-flavoured Markdown, inside a line or a table cell."""
    text = clean(value, limit)
    for pattern, broken in _LIVE:
        text = pattern.sub(broken, text)
    text = text.translate(_ENTITIES)
    text = _EDGE_UNDERSCORE.sub("&#95;", text)
    return _LINE_START.sub(lambda found: f"{found[1]}&#{ord(found[2])};", text)


_PLAIN_CODE = re.compile(r"[\w.,:/=+() -]*")


def code(value: object, limit: int = 120) -> str:
    """Inline code. Backticks where they hold in a table cell too, else <code> around escaped text."""
    text = clean(value, limit)
    if not text:
        return "<code></code>"
    if text.isascii() and _PLAIN_CODE.fullmatch(text) and not any(p.search(text) for p, _ in _LIVE):
        return f"`{text}`"
    return f"<code>{markdown(text, limit)}</code>"


def fenced(lines: str, limit: int = 20_000) -> str:
    """A fenced block, with a fence longer than any run of backticks inside; never inside a table."""
    cleaned = [clean(line, 400).replace("<!--", f"<!{ZERO_WIDTH_SPACE}--") for line in lines.split("\n")]
    body = "\n".join(cleaned)[:limit]
    longest = max((len(run) for run in re.findall(r"`+", body)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{body}\n{fence}"


_LEGACY_COMMAND = re.compile(r"##(?=\[)")
_COMMAND = re.compile(r"^:(?=:)")


def plain(value: object, limit: int = 120) -> str:
    """For a terminal and a log: nothing that moves the cursor, colours, or speaks to the runner."""
    return _COMMAND.sub(": ", _LEGACY_COMMAND.sub("## ", clean(value, limit).replace(NO_BREAK, " ")))


def xml(value: object, limit: int = 2_000) -> str:
    """Only characters that XML 1.0 allows (production 2, Char); the writer escapes the markup."""
    return clean(value, limit).replace(NO_BREAK, " ")


def html(value: object, limit: int = 400) -> str:
    """For Jinja2's autoescape, which does the markup: here only what hides or reorders is taken out."""
    return clean(value, limit)


def command_data(value: object, limit: int = 2_000) -> str:
    """The message of a workflow command, `::error::message`."""
    lines = _as_text(value)[: limit * 2].splitlines()
    text = "\n".join(clean(line, limit) for line in lines)[:limit]
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def command_property(value: object, limit: int = 400) -> str:
    """A property of a workflow command, `::error title=property::`."""
    return command_data(clean(value, limit), limit).replace(":", "%3A").replace(",", "%2C")
