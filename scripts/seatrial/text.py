"""One line of plain text out of any value, safe to print: no controls, no hidden or reordering characters."""

import math
import unicodedata

LIMIT = 80
ELLIPSIS = "…"

# Invisible although their category says letter, mark or symbol: combining grapheme joiner, Hangul and
# Khmer fillers, Mongolian and other variation selectors, braille blank, object replacement.
_INVISIBLE = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u180f\u2800\u3164\uffa0\ufffc"
    + "".join(map(chr, [*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]))
)
_ESCAPED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"})
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def is_hidden(character: str) -> bool:
    """True for what a reader cannot see, or what changes the order or meaning of what is around it.

    Controls, format characters (bidi, zero-width), surrogates, private and unassigned characters, and
    every space but U+0020.
    """
    if " " <= character <= "~":
        return False
    return character in _INVISIBLE or unicodedata.category(character) in _ESCAPED_CATEGORIES


def escaped(character: str) -> str:
    """The character as source code writes it: \\n, \\u202E, \\U000E0001."""
    short = _SHORT.get(character)
    if short is not None:
        return short
    code = ord(character)
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"


def code_point(character: str) -> str:
    """The character's name for people: U+00A0."""
    return f"U+{ord(character):04X}"


def shown(value: object, limit: int = LIMIT) -> str:
    """The value on one line of at most `limit` characters; a structure by its type only.

    A structure is never formatted: a few hundred bytes of nested aliases print as gigabytes.
    """
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        text = str(value) if value.bit_length() <= 400 else f"an integer of {value.bit_length()} bits"
    elif isinstance(value, float):
        text = _number(value)
    elif isinstance(value, str):
        # Only so much is looked at that a text of a gigabyte costs nothing.
        text = "".join(escaped(c) if is_hidden(c) else c for c in value[: limit + 1])
    else:
        text = type(value).__name__
    return text if len(text) <= limit else text[: max(limit - 1, 0)] + ELLIPSIS


def counted(count: int, what: str) -> str:
    """1 row; 2,000 rows."""
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def _number(value: float) -> str:
    if not math.isfinite(value):
        return str(value)
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))
