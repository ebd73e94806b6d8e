"""PyYAML's complaints in words that say how to mend the file."""

import yaml

from seatrial.errors import BadInput, Location
from seatrial.text import shown

_HINTS = (
    ("mapping values are not allowed here", 'a ": " stands where none can; check the indentation, '
                                            'or put the value in quotes'),
    ("could not find expected ':'", 'expected "key: value"; add the colon and a space after the key'),
    ("unexpected end of stream", "a quote is opened and never closed; close it"),
    ("unexpected document separator", "a quote is opened and never closed; close it"),
    ("expected ',' or ']'", "expected a comma or ] in this list; add it"),
    ("expected ',' or '}'", "expected a comma or } in this mapping; add it"),
    ("block sequence entries are not allowed", 'a "- " stands where none can; put the list on '
        'lines of its own'),
    ("but found '-'", 'a "- " stands where a key was expected; check the indentation'),
    ("expected <block end>, but found ':'", "a key is missing before the colon; write key: value"),
    ("expected <block end>", "the indentation does not fit the lines above; align the keys of one mapping"),
    ("<document start>", "expected one document; remove what follows the end of the first"),
    ("expected alphabetic or numeric character", "text that begins with * or & must be in quotes"),
    ("expected the node content", "a value was expected here; text that begins with a sign must "
        "be in quotes"),
    ("found unknown escape character", 'unknown escape in double quotes; use single quotes, or '
        'write \\\\ for \\'),
    ("found undefined tag handle", "tags (!) are not allowed; remove the tag, or put the text in quotes"),
    ("directive", "YAML directives are not allowed; remove the lines that begin with %"),
)  # fmt: skip


def fault(error: yaml.MarkedYAMLError, text: str, file: str) -> BadInput:
    """The complaint as one line with its place."""
    mark = error.problem_mark or error.context_mark
    problem = error.problem or "not YAML"
    if mark is None:
        return BadInput(f"not YAML: {shown(problem)}", location=Location(file))
    place = Location(file, mark.line + 1, mark.column + 1)
    character = text[mark.index : mark.index + 1]
    if "cannot start any token" in problem:
        if character == "\t":
            return BadInput(
                "a tab (U+0009) stands in the layout; indent and separate with spaces", location=place
            )
        message = f"text cannot begin with {shown(character)} unless it is in quotes; put it in quotes"
        return BadInput(message, location=place)
    hint = next((hint for part, hint in _HINTS if part in problem), None)
    return BadInput(hint or f"not YAML: {shown(problem)}", location=place)
