"""The bytes of a policy file as text: UTF-8 only, and nothing in it that editors and readers disagree on."""

import re
import unicodedata

from seatrial.errors import BadInput, Location, PolicyInvalid
from seatrial.text import code_point, is_hidden

# Keeps the worst that fits, read by pure Python, under two seconds; a long policy has 10 KB.
LARGEST = 512 * 1024

_BOM = "\ufeff"
_OTHER_ENCODINGS = (
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\xfe\xff", "UTF-16"),
    (b"\xff\xfe", "UTF-16"),
)
_BREAK = re.compile(r"\r\n|\r|\n")
# YAML 1.1 takes the last three for line breaks and YAML 1.2 does not.
_REFUSED = re.compile("[^\t\n\r -~\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u2028\u2029]")
_INDENT = re.compile(r"(?:^|(?<=\n)|(?<=\r))[ \t]*([^\x00-\x7f])")
_NAMES = {"\xa0": "a no-break space", _BOM: "a byte order mark", "\x85": "a next-line character"}


def checked(content: bytes | str, file: str) -> str:
    """The text without its byte order mark. Raises PolicyInvalid."""
    size = len(content)
    if size > LARGEST:
        raise _invalid(f"the policy has {size:,} bytes; the most is {LARGEST:,}", Location(file))
    text = _decoded(content, file) if isinstance(content, bytes) else content
    text = text.removeprefix(_BOM)
    refused = _REFUSED.search(text)
    if refused:
        message = f"{named(refused[0])} is not allowed in a policy; remove it"
        raise _invalid(message, locate(text, refused.start(), file))
    for indent in _INDENT.finditer(text):
        if is_hidden(indent[1]):
            message = f"the line is indented with {named(indent[1])}; indent with spaces (U+0020)"
            raise _invalid(message, locate(text, indent.start(1), file))
    start = next((m for m in re.finditer(r"^[ \t]*([^\s#])", text, re.MULTILINE)), None)
    if start and start[1] == "%":
        message = "YAML directives are not allowed; remove the lines that begin with %"
        raise _invalid(message, locate(text, start.start(1), file))
    return text


def locate(text: str, index: int, file: str) -> Location:
    """Line and column of a character."""
    line, start = 1, 0
    for found in _BREAK.finditer(text, 0, index):
        line, start = line + 1, found.end()
    return Location(file, line, index - start + 1)


def is_refused(character: str) -> bool:
    """Whether a value may not hold it even escaped: controls but tab and line feed, and lone surrogates."""
    return character not in "\t\n" and unicodedata.category(character) in {"Cc", "Cs"}


def kind(character: str) -> str:
    """What sort of character it is."""
    if character in _NAMES:
        return _NAMES[character]
    category = unicodedata.category(character)
    if category == "Cs":
        return "half of a surrogate pair"
    if category == "Cc":
        return "a control character"
    return unicodedata.name(character, "an unassigned character").lower()


def named(character: str) -> str:
    """The character for a message: U+00A0 (a no-break space)."""
    return f"{code_point(character)} ({kind(character)})"


def _decoded(content: bytes, file: str) -> str:
    encoding = next((name for mark, name in _OTHER_ENCODINGS if content.startswith(mark)), None)
    if encoding is None and b"\x00" in content[:4]:
        encoding = "UTF-16 or UTF-32"
    if encoding:
        raise _invalid(f"the policy is in {encoding}; save it as UTF-8", Location(file, 1, 1))
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        before = content[: error.start].decode()
        message = (
            f"byte 0x{content[error.start]:02X} at offset {error.start} is not UTF-8; save the file as UTF-8"
        )
        raise _invalid(message, locate(before + "?", len(before), file)) from None


def _invalid(message: str, location: Location) -> PolicyInvalid:
    return PolicyInvalid([BadInput(message, location=location)])
