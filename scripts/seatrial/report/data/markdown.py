"""The data gate in Markdown: what stands out, then folded each column, the whole, suggestions."""

from collections.abc import Sequence

from seatrial.decision import Check, Decision, Outcome
from seatrial.report import numbers, words
from seatrial.report.data import sparks, wording
from seatrial.report.data.mending import fenced, mend, said
from seatrial.report.data.reading import bins
from seatrial.report.data.rows import (
    SAID,
    Column,
    columns,
    standing_out,
    stands_out,
    tally,
    tally_of_columns,
    whole,
)
from seatrial.report.markdown_parts import Detail, fold, left_out, mark, named, verdict, waivers
from seatrial.report.rows import Row
from seatrial.report.text import code, markdown

MOST_ON_TOP = 20  # of what stands out; the rest is folded
KEY = "Bars: the share of the rows per bin, the reference against now on one scale; ▁ is none."
MOST_NAMED = 4  # checks in a column's row


def gate(decision: Decision, entries: list[Row], detail: Detail) -> list[str]:
    """The gate's part of the body, as paragraphs."""
    loud, found, rest = standing_out(entries), columns(entries), whole(entries)
    told = loud[: detail.against]
    top, folded = told[:MOST_ON_TOP], told[MOST_ON_TOP:]
    parts = [
        f"### {markdown(words.gate_name(decision.gate), 60)}: {decision.verdict.value}",
        _table(top, detail),
        _needed(top, detail),
        waivers(decision, detail),
    ]
    if folded:
        parts.append(fold(f"More that stands out: {tally(folded)}", _table(folded, detail)))
    shown = _columns_told(found, detail)
    if shown:
        parts.append(fold(f"Columns: {tally_of_columns(found)}", _columns(shown, detail)))
    overall = [e for e in rest if stands_out(e)][: detail.against]
    overall += [e for e in rest if not stands_out(e)][: detail.passed]
    if overall:
        parts.append(fold(f"The data as a whole: {tally(rest)}", _table(overall, detail, names=False)))
    parts.append(_suggestions(decision, told, detail))
    parts.append(_lost(len(loud) - len(told), len(found) - len(shown), len(rest) - len(overall)))
    parts += [f"- {markdown(note, 300)}" for note in decision.notes[: 20 if detail.passed else 3]]
    return parts


def _table(entries: Sequence[Row], detail: Detail, *, names: bool = True) -> str:
    """A row per check. names: with the columns that they are about."""
    if not entries:
        return ""
    head = ["column"] * names + ["check", "found", "limit", "verdict"]
    lines = [head, ["---"] * len(head)]
    for entry in entries:
        check = entry.check
        name = code(check.column, detail.text) if check.column is not None else "the whole"
        line = [code(wording.label(check), detail.text), _found(check, detail)]
        line += [wording.limit(check), verdict(entry, detail, reason=False)]
        lines.append([name] * names + line)
    return _lines(lines)


def _found(check: Check, detail: Detail) -> str:
    told, drawn = markdown(wording.found(check), 3 * detail.text), bins(check)
    return f"{told} <code>{sparks.pair(drawn)}</code>" if drawn else told


def _lines(cells: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(line)} |" for line in cells)


def _needed(entries: Sequence[Row], detail: Detail) -> str:
    """Per undecided check: how many rows would decide it."""
    undecided = (entry for entry in entries if entry.check.outcome is Outcome.INCONCLUSIVE)
    told = ((entry, words.power(entry.check)) for entry in undecided)
    return "\n".join(f"- {named(entry, detail)}: {markdown(power, 240)}" for entry, power in told if power)


def _columns_told(found: Sequence[Column], detail: Detail) -> list[Column]:
    """Of the columns with trouble as many as of the checks that failed, and so many of the quiet ones."""
    loud = [column for column in found if column.loud][: detail.against]
    return loud + [column for column in found if not column.loud][: detail.passed]


def _columns(found: Sequence[Column], detail: Detail) -> str:
    """Columns of the table that no row fills are left out."""
    heads = [("column", "---"), ("type", "---"), ("missing", "--:"), ("drift", "---")]
    heads += [("reference → now", "---"), ("checks", "--:"), ("outcome", "---")]
    rows = [_column(column, detail) for column in found]
    kept = [i for i in range(len(heads)) if i not in (1, 2, 3, 4) or any(row[i] for row in rows)]
    head = [[heads[i][0] for i in kept], [heads[i][1] for i in kept]]
    body = _lines(head + [[row[i] for i in kept] for row in rows])
    if any(row[4] for row in rows):
        body += f"\n\n<sub>{KEY}</sub>"
    return body


def _column(column: Column, detail: Detail) -> list[str]:
    return [
        code(column.name, detail.text),
        markdown(column.type, 20),
        column.nulls.replace("<", "&lt;"),
        column.drift.replace("<", "&lt;"),
        f"<code>{sparks.pair(column.bins)}</code>" if column.bins else "",
        numbers.count(len(column.entries)),
        _outcome(column, detail),
    ]


def _outcome(column: Column, detail: Detail) -> str:
    state, loud = f"{mark(column.entries[0])} {SAID[column.worst]}", column.loud
    if not loud:
        reason = column.entries[0].check.reason if column.worst == "skipped" else None
        return f"{state}: {markdown(reason, detail.text)}" if reason else state
    told = ", ".join(code(entry.check.metric, detail.text) for entry in loud[:MOST_NAMED])
    more = f" and {len(loud) - MOST_NAMED} more" if len(loud) > MOST_NAMED else ""
    return f"{state}: {told}{more}"


def _suggestions(decision: Decision, entries: Sequence[Row], detail: Detail) -> str:
    """Folded: the lines of policy that would accept what was found."""
    found = mend(entries, 50 * detail.text)
    if found is None:
        return ""
    about = ", ".join(sorted({named(entry, detail) for entry in found.of})[:MOST_ON_TOP])
    more = f" {left_out(found.more, 'suggestion')}." if found.more else ""
    body = f"{said(decision)}{more} They are for {about}.\n\n{fenced(found.yaml)}"
    return fold("If this change is wanted", body)


def _lost(loud: int, quiet_columns: int, whole_data: int) -> str:
    counted = ((loud, "more notable check"), (quiet_columns, "column"), (whole_data, "whole-data check"))
    parts = [left_out(count, what) for count, what in counted if count]
    return f"_For length: {', '.join(parts)}; the report and the Decision hold them all._" if parts else ""
