"""A gate of stated checks in Markdown: what stands out, then folded the rest, and what lies behind each."""

from collections.abc import Sequence

from seatrial.decision import Decision, Outcome
from seatrial.report import numbers, words
from seatrial.report.markdown_parts import Detail, fold, left_out, verdict, waivers
from seatrial.report.rows import Row, tally
from seatrial.report.stated import wording
from seatrial.report.stated.reading import behind
from seatrial.report.text import code, fenced, markdown

MOST_OPEN = 12  # checks that passed; of more all are folded
MOST_FOLDS = 20  # of what lies behind checks


def gate(decision: Decision, entries: list[Row], detail: Detail) -> list[str]:
    """The gate's part of the body, as paragraphs."""
    loud = [entry for entry in entries if entry.counts or entry.waiver or entry.check.warn]
    quiet = [entry for entry in entries if not (entry.counts or entry.waiver or entry.check.warn)]
    top, rest = loud[: detail.against], quiet[: detail.passed]
    shown, folded = (rest, []) if len(quiet) <= MOST_OPEN else ([], rest)
    parts = [
        f"### {markdown(words.gate_name(decision.gate), 60)}: {decision.verdict.value}",
        _table(top + shown, detail),
        _needed(top, detail),
        waivers(decision, detail),
    ]
    parts += [told for entry in top[:MOST_FOLDS] if (told := _behind(entry, detail))]
    if folded:
        parts.append(fold(f"Passed and skipped: {tally(quiet)}", _table(folded, detail)))
    parts.append(_lost(len(loud) - len(top), len(quiet) - len(rest)))
    parts += [f"- {markdown(note, 300)}" for note in decision.notes[: 20 if detail.passed else 3]]
    return parts


def _table(entries: Sequence[Row], detail: Detail) -> str:
    if not entries:
        return ""
    lines = ["| check | found | accepted | verdict |", "|---|---|---|---|"]
    for entry in entries:
        cells = (
            code(wording.label(entry.check), detail.text),
            markdown(wording.found(entry.check), 3 * detail.text),
            markdown(wording.accepted(entry.check), detail.text),
            verdict(entry, detail, reason=False),
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _needed(entries: Sequence[Row], detail: Detail) -> str:
    undecided = (entry.check for entry in entries if entry.check.outcome is Outcome.INCONCLUSIVE)
    told = ((check, words.power(check)) for check in undecided)
    return "\n".join(
        f"- {code(wording.label(check), detail.text)}: {markdown(power, 240)}"
        for check, power in told
        if power
    )


def _behind(entry: Row, detail: Detail) -> str:
    """Folded: the places where it was found, and the last lines that the command printed."""
    found, name = behind(entry.check), markdown(wording.label(entry.check), 60)
    if not found or not detail.passed:
        return ""
    parts = []
    if found.places:
        lines = "\n".join(f"- {markdown(place, 2 * detail.text)}" for place in found.places)
        more = f"\n- {numbers.count(found.more)} more" if found.more else ""
        parts.append(fold(f"{name}: where", lines + more))
    if found.log:
        parts.append(fold(f"{name}: its last lines", fenced("\n".join(found.log), 6_000)))
    return "\n\n".join(parts)


def _lost(loud: int, quiet: int) -> str:
    counted = ((loud, "more notable check"), (quiet, "passed or skipped check"))
    parts = [left_out(count, what) for count, what in counted if count]
    return f"_For length: {', '.join(parts)}; the report and the Decision hold them all._" if parts else ""
