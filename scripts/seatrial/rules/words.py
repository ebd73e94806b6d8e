"""The words of a rule, and the values that stand alone."""

import datetime
import math
import re
from dataclasses import dataclass

from seatrial.rules.nodes import Column, Literal, Moment, RuleError
from seatrial.text import shown

_WORDS = re.compile(
    r"""(?P<space>\s+)
    |(?P<number>(?:[0-9]+(?:_[0-9]+)*(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    |(?P<moment>(?:date|time)'[^']*')
    |(?P<text>'(?:[^']|'')*')
    |(?P<quoted>`(?:[^`]|``)+`)
    |(?P<name>[^\W\d]\w*)
    |(?P<sign>==|!=|<>|<=|>=|&&|\|\||\*\*|//|[-+*/()<>\[\],=!&|%^~".;{}])""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Word:
    """position: of its first character, from 1. kind: a group of the pattern above, or end."""

    kind: str
    text: str
    position: int


def words(text: str) -> list[Word]:
    """What a text is made of, and an empty word at its end. Raises RuleError."""
    found_words, at = [], 0
    while at < len(text):
        found = _WORDS.match(text, at)
        if found is None:
            what = {"'": "a quote is not closed", "`": "a backtick is not closed"}.get(
                text[at], f"{shown(text[at])} means nothing here"
            )
            raise RuleError(f"{what}; expected columns, operators, numbers and texts in quotes", at + 1)
        if found.lastgroup != "space":
            found_words.append(Word(str(found.lastgroup), found.group(), at + 1))
        at = found.end()
    return [*found_words, Word("end", "", len(text) + 1)]


def single(word: Word) -> Literal | Moment | Column:
    """What a word says that stands alone."""
    match word.kind:
        case "number":
            return Literal(_number(word))
        case "text":
            return Literal(word.text[1:-1].replace("''", "'"))
        case "quoted":
            return Column(word.text[1:-1].replace("``", "`"))
        case "moment":
            return _moment(word)
    return Column(word.text) if word.text not in ("true", "false") else Literal(word.text == "true")


def _number(word: Word) -> int | float:
    text = word.text.replace("_", "")
    value = float(text)
    if not math.isfinite(value):
        raise RuleError(f"{shown(word.text)} is too large for a number", word.position)
    return int(text) if text.isdigit() else value


def _moment(word: Word) -> Moment:
    kind, text = word.text[:4], word.text[5:-1]
    try:
        if kind == "date":
            if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
                return Moment("date", datetime.date.fromisoformat(text).isoformat())
        else:
            found = datetime.datetime.fromisoformat(text)
            if found.tzinfo is not None:
                return Moment("timestamp", found.astimezone(datetime.UTC).isoformat())
    except (ValueError, OverflowError):
        pass
    like = "date'2026-01-31'" if kind == "date" else "time'2026-01-31T10:00:00Z', with its zone"
    raise RuleError(f"{shown(text)} is no {kind}; write {like}", word.position)
