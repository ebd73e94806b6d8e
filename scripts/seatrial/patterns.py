r"""Patterns that mean the same wherever they run: what Rust's regex, Java's and Python's have in common.

A pattern matches a text as a whole. It is read here and written anew, so that no engine's own reading of it
is left: every class as ranges of characters, `\d`, `\w` and `\s` as ASCII, `.` as everything but a line feed,
groups without numbers. Where a whole text must match, a lazy quantifier says what a greedy one says.
Left out, since engines differ in them or have them not: look-around, back-references, possessive and atomic
parts, flags, named groups, word boundaries, Unicode properties, and set operations in classes.
(docs.rs/regex, java.util.regex.Pattern, docs.python.org/3/library/re.)
"""

from collections.abc import Sequence

from seatrial.text import shown

MOST_CHARACTERS = 1_000
MOST_DEPTH = 30
MOST_REPEATS = 1_000
MOST_SIZE = 20_000  # characters, with every repetition written out; a class counts by its length

Ranges = list[tuple[int, int]]

_LAST = 0x10FFFF
_CLASSES: dict[str, Ranges] = {
    "d": [(0x30, 0x39)],
    "w": [(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)],
    "s": [(0x09, 0x0D), (0x20, 0x20)],
}
_CONTROLS = {"n": 0x0A, "t": 0x09, "r": 0x0D, "f": 0x0C, "v": 0x0B}
_HEXADECIMAL = {"x": 2, "u": 4, "U": 8}
_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;=?@[\\]^_`{|}~")  # not < and >: \< is a word boundary to Rust
_LEFT_OUT = {
    "b": "a word boundary; a pattern matches the whole text, so write what stands beside it",
    "B": "a word boundary; a pattern matches the whole text, so write what stands beside it",
    "p": "a Unicode property; write the characters in a class such as [A-Za-zÀ-ÿ]",
    "P": "a Unicode property; write the characters in a class such as [^A-Za-zÀ-ÿ]",
    "k": "a back-reference",
    "Q": "a quotation; write a backslash before each special character",
    "Z": "the end before a line break; the whole text must match, leave it out",
}


class PatternError(ValueError):
    """Text that is no pattern here. position: the character that it is about, from 1."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.message, self.position = message, position


def translate(pattern: str) -> str:
    r"""The pattern for a search in any engine, anchored by \A and \z. Raises PatternError."""
    if len(pattern) > MOST_CHARACTERS:
        raise PatternError(f"the pattern has {len(pattern):,} characters; the most is {MOST_CHARACTERS:,}", 1)
    reader = _Reader(pattern)
    text, _ = reader.alternatives(0)
    if reader.at < len(pattern):
        raise PatternError("this ) closes no group; write \\) for the character", reader.at + 1)
    return rf"\A(?:{text})\z"


class _Reader:
    """Each method reads one thing at `at`, and returns its text for engines and its size."""

    def __init__(self, pattern: str) -> None:
        self.pattern, self.at = pattern, 0

    def next(self, ahead: int = 0) -> str:
        """The character there, empty at the end."""
        return self.pattern[self.at + ahead : self.at + ahead + 1]

    def fault(self, message: str, at: int | None = None) -> PatternError:
        return PatternError(message, (self.at if at is None else at) + 1)

    def alternatives(self, depth: int) -> tuple[str, int]:
        if depth > MOST_DEPTH:
            raise self.fault(f"the groups are nested more than {MOST_DEPTH} deep")
        texts, size = [], 0
        while True:
            text, more = self.sequence(depth)
            texts.append(text)
            size += more
            if self.next() != "|":
                return "|".join(texts), size
            self.at += 1

    def sequence(self, depth: int) -> tuple[str, int]:
        texts, size = [], 0
        while self.next() not in ("", "|", ")"):
            start = self.at
            text, each = self.item(depth)
            repeat, times = self.repeat()
            if repeat and text in (r"\A", r"\z"):
                raise self.fault("^ and $ cannot be repeated", start)
            size += max(each * times, 1)
            if size > MOST_SIZE:
                raise self.fault(
                    "the pattern is too large with all repetitions written out; use length instead",
                    start,
                )
            texts.append(text + repeat)
        return "".join(texts), size

    def item(self, depth: int) -> tuple[str, int]:
        character = self.next()
        if character == "(":
            return self.group(depth)
        if character == "[":
            return _sized(self.bracket())
        if character == "\\":
            return _sized(self.escape())
        self.at += 1
        match character:
            case ".":
                return _sized("[^\n]")
            case "^":
                return r"\A", 0
            case "$":
                return r"\z", 0
            case "*" | "+" | "?":
                raise self.fault(f"nothing stands before {character}; write \\{character}", self.at - 1)
            case "{" | "}" | "]":
                raise self.fault(f"write \\{character} for the character", self.at - 1)
        return self.literal(ord(character), self.at - 1), 1

    def literal(self, code: int, at: int) -> str:
        if 0xD800 <= code <= 0xDFFF or code > _LAST:
            raise self.fault("this is no character of Unicode", at)
        return "\\" + chr(code) if chr(code) in _PUNCTUATION else chr(code)

    def group(self, depth: int) -> tuple[str, int]:
        start = self.at
        self.at += 1
        if self.next() == "?":
            if self.next(1) != ":":
                raise self.fault(_of_group(self.pattern[start : start + 4]), start)
            self.at += 2
        elif self.next() == "*":
            raise self.fault("nothing stands before *; write \\*")
        text, size = self.alternatives(depth + 1)
        if self.next() != ")":
            raise self.fault("this ( is not closed; write \\( for the character", start)
        self.at += 1
        return f"(?:{text})", size

    def repeat(self) -> tuple[str, int]:
        """A quantifier or nothing, and how often at most (once where there is no most)."""
        start, character = self.at, self.next()
        if character in ("*", "+", "?") and character:
            self.at += 1
            text, times = character, 1
        elif character == "{":
            text, times = self.braces()
        else:
            return "", 1
        if self.next() == "+":
            raise self.fault("possessive quantifiers are not the same everywhere; leave the + out", start)
        if self.next() == "?":
            self.at += 1
        if self.next() in ("*", "+", "?", "{") and self.next():
            raise self.fault("a quantifier stands after a quantifier; put a group around the first")
        return text, times

    def braces(self) -> tuple[str, int]:
        start = self.at
        end = self.pattern.find("}", start)
        least, comma, most = self.pattern[start + 1 : max(end, start + 1)].partition(",")
        numbers = [each for each in (least, most) if each]
        if end < 0 or not least or any(not (each.isascii() and each.isdigit()) for each in numbers):
            raise self.fault("expected {2}, {2,} or {2,5}; write \\{ for the character", start)
        counts = [int(each) if len(each) < 6 else MOST_REPEATS + 1 for each in numbers]
        if max(counts) > MOST_REPEATS:
            raise self.fault(f"repeated more than {MOST_REPEATS:,} times; use min and max of length", start)
        if counts != sorted(counts):
            raise self.fault("the larger number stands first", start)
        self.at = end + 1
        return "{" + ",".join(map(str, counts)) + ("," if comma and not most else "") + "}", max(counts)

    def escape(self) -> str:
        start = self.at
        found = self.escaped()
        if isinstance(found, int):
            return self.literal(found, start)
        return found if isinstance(found, str) else _class(found, False)

    def escaped(self) -> int | str | Ranges:
        r"""After a backslash: a character's code, the text of \A or \z, or a class."""
        start, character = self.at, self.next(1)
        self.at += 2
        if character in _CONTROLS and character:
            return _CONTROLS[character]
        if character.lower() in _CLASSES and character:
            ranges = _CLASSES[character.lower()]
            return ranges if character.islower() else _others(ranges)
        if character in _HEXADECIMAL and character:
            return self.hexadecimal(start, _HEXADECIMAL[character])
        if character in ("A", "z") and character:
            return "\\" + character
        if character and character.isascii() and not character.isalnum() and character >= " ":
            return ord(character)
        if character.isdigit():
            raise self.fault("back-references are not the same everywhere; write the text again", start)
        what = _LEFT_OUT.get(character, "nothing here; leave the backslash out" if character else "nothing")
        raise self.fault(f"\\{shown(character)} is {what}", start)

    def hexadecimal(self, start: int, digits: int) -> int:
        text = self.pattern[self.at : self.at + digits]
        if len(text) < digits or any(each not in "0123456789abcdefABCDEF" for each in text):
            raise self.fault(f"expected {digits} hexadecimal digits", start)
        self.at += digits
        return int(text, 16)

    def bracket(self) -> str:
        start = self.at
        self.at += 1
        negated = self.next() == "^"
        self.at += negated
        ranges: Ranges = []
        if self.next() == "]":
            raise self.fault("the class is empty; write \\] for the character", start)
        while self.next() != "]":
            if not self.next():
                raise self.fault("this [ is not closed; write \\[ for the character", start)
            ranges += self.member()
        self.at += 1
        return _class(ranges, negated)

    def member(self) -> Ranges:
        start = self.at
        if self.pattern[start : start + 2] in ("&&", "||", "~~", "--"):
            raise self.fault("set operations in classes are not the same everywhere; write \\ before each")
        first = self.single()
        if self.next() != "-" or self.next(1) in ("]", ""):
            return first if isinstance(first, list) else [(first, first)]
        self.at += 1
        last = self.single()
        if not isinstance(first, int) or not isinstance(last, int) or last < first:
            raise self.fault("expected a range such as a-z; write \\- for the character", start)
        return [(first, last)]

    def single(self) -> int | Ranges:
        start, character = self.at, self.next()
        if character == "\\":
            found = self.escaped()
            if isinstance(found, str):
                raise self.fault(f"{found} cannot stand in a class", start)
            if isinstance(found, int):
                self.literal(found, start)
            return found
        if character == "[":
            raise self.fault("write \\[ for the character; classes in classes are not the same everywhere")
        self.at += 1
        self.literal(ord(character), start)
        return ord(character)


_GROUPS = {
    "(?=": "look-ahead",
    "(?!": "look-ahead",
    "(?<=": "look-behind",
    "(?<!": "look-behind",
    "(?>": "an atomic group",
    "(?#": "a comment",
    "(?P": "a named group; write (?: instead",
    "(?<": "a named group; write (?: instead",
}


def _of_group(opening: str) -> str:
    what = _GROUPS.get(opening) or _GROUPS.get(opening[:3]) or "a flag; write both cases, such as [Aa]"
    return f"{shown(opening[:3])} begins what not every engine has: {what}"


def _others(ranges: Sequence[tuple[int, int]]) -> Ranges:
    """All characters but these; no surrogates, which are none."""
    found, at = [], 0
    for first, last in [*_merged(ranges), (_LAST + 1, _LAST + 1)]:
        if at < first:
            found.append((at, first - 1))
        at = last + 1
    return [part for first, last in found for part in _without_surrogates(first, last)]


def _without_surrogates(first: int, last: int) -> Ranges:
    parts = [(first, min(last, 0xD7FF)), (max(first, 0xE000), last)]
    return list(dict.fromkeys((a, b) for a, b in parts if a <= b))


def _merged(ranges: Sequence[tuple[int, int]]) -> Ranges:
    found: Ranges = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found


def _class(ranges: Sequence[tuple[int, int]], negated: bool) -> str:
    parts = [part for first, last in _merged(ranges) for part in _without_surrogates(first, last)]
    return "[" + "^" * negated + "".join(map(_range, parts)) + "]"


def _sized(text: str) -> tuple[str, int]:
    """What an engine makes of a class of many ranges, or of characters of several bytes, is larger."""
    return text, len(text) if text.startswith("[^") or not text.isascii() else 1 + len(text) // 8


def _range(ends: tuple[int, int]) -> str:
    first, last = ("\\" + chr(end) if chr(end) in _PUNCTUATION else chr(end) for end in ends)
    return first if first == last else f"{first}-{last}"
