"""Single cells: strict numbers out of text, why a text is not one, and names that resemble each other."""

import difflib
import math
import re
import unicodedata
from collections.abc import Sequence

from seatrial.text import shown

NUMERIC = b"0123456789+-.eE"
_HINTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\s*"), "expected a number: fill it in, or remove the row"),
    (
        re.compile(r"[+-]?(nan|none|null|n/?a|-)", re.IGNORECASE),
        "expected a number: fill it in, or remove the row",
    ),
    (
        re.compile(r"[+-]?inf(inity)?", re.IGNORECASE),
        "expected a finite number; clip it where it is computed",
    ),
    (re.compile(r"[+-]?\d*,\d+"), "expected a decimal point, as in 0.95"),
    (re.compile(r"[+-]?[\d.]+\s*%"), "expected a plain number; write 95% as 0.95"),
    (re.compile(r"[+-]?[\d.,]*_[\d_.,]*"), "expected a number without underscores"),
    (re.compile(r"[+-]?0[xob][\da-f]+", re.IGNORECASE), "expected a decimal number"),
    (re.compile(r"true|false|yes|no", re.IGNORECASE), "expected a number; write 0 and 1"),
    (re.compile(r"\s+\S+\s*|\S+\s+"), "expected a number without spaces around it"),
)


def quoted(text: str) -> str:
    """A name or a cell of the consumer's in a message."""
    return f'"{shown(text)}"'


def is_number(text: str) -> bool:
    """A finite decimal number with a point, and nothing else."""
    if not text or text.encode("utf-8", "replace").translate(None, NUMERIC):
        return False
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def not_a_number(text: str) -> str:
    """What was expected instead of this text."""
    for pattern, hint in _HINTS:
        if pattern.fullmatch(text):
            return hint
    return "expected a finite number such as 0.95"


def nearest(name: str, known: Sequence[str]) -> str | None:
    """The known name that somebody probably meant."""
    folded = {skeleton(other).casefold(): other for other in known[:1000]}
    same = folded.get(skeleton(name).casefold())
    if same is not None:
        return same
    found = difflib.get_close_matches(name, list(known[:1000]), n=1, cutoff=0.6)
    return found[0] if found else None


def skeleton(name: str) -> str:
    """A name as the eye sees it: composed, without invisible characters and outer blanks."""
    visible = (
        char for char in unicodedata.normalize("NFKC", name) if unicodedata.category(char) not in ("Cf", "Cc")
    )
    return "".join(visible).strip()
