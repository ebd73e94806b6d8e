"""Values as the text of a policy: what is written here, the policy's own reader reads back as it was."""

import json
import math
import re
from decimal import Decimal

from seatrial.policy import characters, scalars
from seatrial.policy.data_shares import is_share
from seatrial.policy.units import PERCENTAGE_PATTERN
from seatrial.policy.values import TEXT_LENGTH
from seatrial.policy.yaml import Path
from seatrial.text import is_hidden

_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./+-]*(?: [A-Za-z0-9_./+-]+)*", re.ASCII)
# Boolean to readers of YAML 1.1, of which other tools may make use.
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_GROUPS = 10_000
_EXACT = 2**53


def scalar(value: str | int | float | bool) -> str | None:
    """The value on one line; None where a policy cannot hold it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    return _number(value)


def key(name: str) -> str | None:
    """The name as a key of a mapping; None where a policy cannot hold it."""
    if any(is_hidden(c) for c in name) or name == "<<":
        return None
    return _text(name)


def flow(values: tuple[str | int | float | bool, ...]) -> str | None:
    """A list on one line; None where a policy cannot hold one of the values."""
    written = [scalar(value) for value in values]
    found = [each for each in written if each is not None]
    return f"[{', '.join(found)}]" if len(found) == len(written) else None


def structure(value: object, path: Path = ()) -> str | None:
    """A value, a list or a mapping on one line; None where a policy cannot hold a part of it.

    path: where in the policy it stands, so that a share of rows is written as a percentage there.
    """
    if isinstance(value, dict):
        entries = [(key(str(name)), structure(inner, (*path, name))) for name, inner in value.items()]
        if any(name is None or inner is None for name, inner in entries):
            return None
        return "{" + ", ".join(f"{name}: {inner}" for name, inner in entries) + "}"
    if isinstance(value, list | tuple):
        items = [structure(item, (*path, number)) for number, item in enumerate(value)]
        return None if None in items else f"[{', '.join(map(str, items))}]"
    if is_share(path) and not isinstance(value, bool):
        if isinstance(value, int | float) and math.isfinite(value):
            return share(value)
        if isinstance(value, str) and re.fullmatch(PERCENTAGE_PATTERN, value):
            return value
    return scalar(value) if isinstance(value, str | int | float) else None


def share(part: float) -> str:
    """A part of one as a percentage, such as 0.5%."""
    return f"{_digits(Decimal(repr(float(part))) * 100)}%"


def _text(value: str) -> str | None:
    if not value.strip() or len(value) > TEXT_LENGTH or any(characters.is_refused(c) for c in value):
        return None
    if _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        read = scalars.plain(value)
        if read.objection is None and read.value == value:
            return value
    quoted = json.dumps(value, ensure_ascii=False)
    return "".join(_escaped(c) if is_hidden(c) else c for c in quoted)


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _number(value: int | float) -> str | None:
    if isinstance(value, int):
        grouped = f"{value:_}" if abs(value) >= _GROUPS else str(value)
        return grouped if len(grouped) <= scalars.LONGEST_NUMBER else None
    if not math.isfinite(value):
        return None
    written = _digits(Decimal(repr(value)))
    if "." not in written and abs(value) >= _EXACT:
        written += ".0"  # its digits are those of a float, and a whole number of the same digits is another
    return written if len(written) <= scalars.LONGEST_NUMBER else None


def _digits(number: Decimal) -> str:
    written = format(number, "f")
    return written.rstrip("0").rstrip(".") if "." in written else written
