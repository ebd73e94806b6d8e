"""One gate of metrics in Markdown: its table, what would decide it, its slices folded, what was left out."""

from collections.abc import Sequence

from seatrial.decision import Decision, Outcome
from seatrial.report import forest, numbers, words
from seatrial.report.markdown_parts import Detail, fold, left_out, named, undecided, verdict, waivers
from seatrial.report.rows import Row, compares, skipped, sliced, tally, whole
from seatrial.report.text import code, markdown

MOST_SLICES_ON_TOP = 10  # of those that stand against the candidate; the others are folded


def gate(decision: Decision, entries: list[Row], detail: Detail) -> list[str]:
    """The gate's part of the body, as paragraphs."""
    against = [r for r in entries if r.counts]
    waived = [r for r in entries if r.waiver]
    loud_slices = sliced(against)
    most = max(0, min(MOST_SLICES_ON_TOP, detail.against))
    hidden = {id(r) for r in loud_slices[most:]}
    told = [r for r in against + waived if id(r) not in hidden and (r.slice is None or r.counts)]
    top = told[: detail.against]
    passed = [r for r in whole(entries) if not r.counts and not r.waiver]
    shown, folded = (passed, []) if len(passed) <= 12 else ([], passed)
    shown, folded = shown[: detail.passed], folded[: detail.passed]
    gone = len(passed) - len(shown) - len(folded)
    parts = [f"### {markdown(words.gate_name(decision.gate), 60)}: {decision.verdict.value}"]
    parts.append(_table(top + shown, detail) if top + shown else "")
    if hidden:
        parts.append(f"{numbers.count(len(hidden))} more slices failed or are undecided; they are below.")
    parts.append(undecided(top, detail))
    parts.append(waivers(decision, detail))
    if folded:
        parts.append(fold(f"Passed and skipped: {tally(folded)}", _table(folded, detail)))
    parts.append(_slices(entries, detail))
    missing = len(told) - len(top) + max(0, len(loud_slices) - max(most, detail.against))
    parts.append(_lost(missing, gone, _slices_lost(entries, detail)))
    parts += [f"- {markdown(note, 300)}" for note in decision.notes[: 20 if detail.passed else 3]]
    return parts


def _table(entries: Sequence[Row], detail: Detail) -> str:
    lines = [
        "| metric | baseline | candidate | difference | limit | verdict |",
        "|---|--:|--:|--:|---|---|",
    ]
    for entry in entries:
        name = named(entry, detail)
        cells = (entry.baseline, entry.candidate, entry.difference, entry.limit)
        lines.append(f"| {name} | " + " | ".join(_own(c) for c in cells) + f" | {verdict(entry, detail)} |")
    return "\n".join(lines)


def _own(text: str) -> str:
    """Numbers that we wrote ourselves hold one sign of markup: < 0.001."""
    return text.replace("<", "&lt;")


def _slices(entries: Sequence[Row], detail: Detail) -> str:
    """Folded: every slice that stands against the candidate, then as many of the others as fit."""
    entries = sliced(entries)
    if not entries:
        return ""
    loud = [r for r in entries if r.counts or r.waiver][: detail.against]
    quiet = sorted(_quiet(entries), key=lambda r: r.metric)[: detail.passed_slices]
    left = skipped(entries)[: detail.passed_slices]
    told = loud + quiet
    if not told and not left:
        return ""
    named = ", ".join(f"{markdown(part, detail.text)} ({markdown(why, detail.text)})" for part, why in left)
    aside = f"\n\nSkipped: {named}." if left else ""
    if not told:
        return fold(f"Slices: {tally(entries)}", aside.strip())
    lines = [
        "| slice | metric | rows | difference or value | | adjusted p | limit | verdict |",
        "|---|---|--:|--:|---|--:|---|---|",
    ]
    families: dict[tuple[str, str], list[Row]] = {}
    for entry in told:
        families.setdefault(_kind(entry), []).append(entry)
    scales = {kind: forest.scale(members) for kind, members in families.items()}
    for entry in told:
        drawn = forest.line(entry, scales[_kind(entry)])
        value = entry.difference if compares(entry.check) else entry.candidate
        lines.append(
            f"| {markdown(entry.slice, detail.text)} | {code(entry.metric, detail.text)} | {entry.n} "
            f"| {value} | {f'<code>{drawn}</code>' if drawn else ''} | {_own(entry.p)} "
            f"| {entry.limit} | {verdict(entry, detail)} |"
        )
    key_line = "<sub>● estimate, ─ interval, ┊ limit, │ no difference; p is adjusted (Holm)</sub>"
    return fold(f"Slices: {tally(entries)}", "\n".join(lines) + f"\n\n{key_line}{aside}")


def _kind(entry: Row) -> tuple[str, str]:
    return entry.metric, entry.check.limit.kind if entry.check.limit else ""


def _slices_lost(entries: Sequence[Row], detail: Detail) -> int:
    quiet, left = len(_quiet(sliced(entries))), len(skipped(sliced(entries)))
    return max(0, quiet - detail.passed_slices) + max(0, left - detail.passed_slices)


def _quiet(entries: Sequence[Row]) -> list[Row]:
    """Slices that passed; the skipped ones are named in a sentence."""
    return [r for r in entries if not r.counts and not r.waiver and r.check.outcome is not Outcome.SKIPPED]


def _lost(against: int, passed: int, slices: int) -> str:
    parts = []
    if against:
        parts.append(left_out(against, "more failing or undecided check"))
    if passed:
        parts.append(left_out(passed, "passed or skipped check"))
    if slices:
        parts.append(left_out(slices, "passed or skipped slice"))
    return f"_For length: {', '.join(parts)}; the report and the Decision hold them all._" if parts else ""
