"""The first line of a CSV file: whether it holds names of columns, and each of them another."""

import json
import re
from collections.abc import Sequence

from seatrial.engines.files.cells import quoted, skeleton
from seatrial.errors import BadInput, Location
from seatrial.text import shown

_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_EXCEL_MARK = re.compile(r'"?sep=(.)"?', re.IGNORECASE)


def other_separator(line: str, delimiter: str) -> tuple[str, str] | None:
    """The mark that seems to stand between the cells instead of the delimiter, and what it is called."""
    found = (pair for pair in _SEPARATORS.items() if pair[0] in line and pair[0] != delimiter)
    return next(found, None)


def refuse_excel_mark(line: str, delimiter: str, place: Location, *, mend: str) -> None:
    """Refuses a first line such as `sep=;`, which tells Excel the delimiter, and nobody else.

    mend: what else to do where it is another than ours; {mark} stands for it.
    """
    found = _EXCEL_MARK.fullmatch(line)
    if found is not None:
        mark = found[1]
        more = "" if mark == delimiter else f", and {mend.format(mark=json.dumps(mark))}"
        raise BadInput(
            f"the first line ({shown(f'sep={mark}')}) is a note to Excel; expected the names of the columns: "
            f"remove the line{more}",
            location=place,
        )


def refuse_alike(names: Sequence[str], place: Location) -> None:
    """Names that are equal, or that a reader would take for equal."""
    seen: dict[str, tuple[int, str]] = {}
    for number, name in enumerate(names, 1):
        eye = skeleton(name)
        if eye in seen:
            before, other = seen[eye]
            how = "have the same name" if name == other else "look alike but differ in invisible characters"
            raise BadInput(
                f"columns {before} ({quoted(other)}) and {number} ({quoted(name)}) {how}; rename one",
                location=place,
            )
        seen[eye] = number, name
