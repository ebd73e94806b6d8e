"""The data gate on the report page: plain objects for the template."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from seatrial.decision import Decision
from seatrial.report import text
from seatrial.report.data import histograms, wording
from seatrial.report.data.mending import MOST_CHARACTERS, mend, said
from seatrial.report.data.reading import bins
from seatrial.report.data.rows import Column, columns, standing_out, tally, tally_of_columns, whole
from seatrial.report.plots import Figure
from seatrial.report.rows import Row

MOST_LOUD = 300
MOST_COLUMNS = 800
MOST_OPEN = 60  # columns; of more those that have no trouble are folded
MOST_FIGURES = 24
LONGEST_NAME = 120


@dataclass(frozen=True)
class Line:
    """One check."""

    entry: Row
    name: str
    label: str
    found: str
    limit: str


@dataclass(frozen=True)
class ColumnLine:
    """One column with all its checks."""

    column: Column
    name: str
    picture: Markup | str
    checks: list[Line]


@dataclass(frozen=True)
class View:
    """The gate. open: so many of what stands out are not folded.

    more_loud, more_columns, more_figures: how many are not shown.
    """

    loud: list[Line]
    open: int
    more_loud: int
    columns: list[ColumnLine]
    folded_columns: list[ColumnLine]
    more_columns: int
    tally_of_columns: str
    whole: list[Line]
    tally_of_whole: str
    figures: list[Figure]
    more_figures: int
    yaml: str | None
    what: str
    more_mends: int


def view(decision: Decision, entries: Sequence[Row], key: str) -> View:
    """The rows of the gate for the template. key: unique on the page."""
    loud, found, rest = standing_out(entries), columns(entries), whole(entries)
    open_ = len(found) if len(found) <= MOST_OPEN else sum(bool(column.loud) for column in found)
    drifted = [(entry, drawn) for entry in loud if (drawn := bins(entry.check)) is not None]
    pictures = list({entry.check.column: (entry, drawn) for entry, drawn in reversed(drifted)}.values())[::-1]
    mended = mend(loud, 4 * MOST_CHARACTERS)
    return View(
        loud=[_line(entry) for entry in loud[:MOST_LOUD]],
        open=MOST_OPEN,
        more_loud=max(0, len(loud) - MOST_LOUD),
        columns=[_column(column) for column in found[: min(open_, MOST_COLUMNS)]],
        folded_columns=[_column(column) for column in found[open_:MOST_COLUMNS]],
        more_columns=max(0, len(found) - MOST_COLUMNS),
        tally_of_columns=tally_of_columns(found),
        whole=[_line(entry) for entry in rest],
        tally_of_whole=tally(rest),
        figures=[
            histograms.figure(entry.check, drawn, f"{key}-{i}")
            for i, (entry, drawn) in enumerate(pictures[:MOST_FIGURES])
        ],
        more_figures=max(0, len(pictures) - MOST_FIGURES),
        yaml=mended.yaml if mended else None,
        what=said(decision),
        more_mends=mended.more if mended else 0,
    )


def _line(entry: Row) -> Line:
    check = entry.check
    name = "the whole" if check.column is None else text.html(check.column, LONGEST_NAME)
    found = wording.found(check)
    return Line(entry, name, text.html(wording.label(check), LONGEST_NAME), found, wording.limit(check))


def _column(column: Column) -> ColumnLine:
    name = text.html(column.name, LONGEST_NAME)
    drawn = Markup(histograms.mini(column.bins, name)) if column.bins else ""
    return ColumnLine(column, name, drawn, [_line(entry) for entry in column.entries])
