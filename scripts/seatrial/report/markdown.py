"""Decisions -> the pull request's comment and the job's summary, in GitHub-flavoured Markdown.

A comment past the size limit first loses passed slices, then passed checks, then the
tail of the rest; never the verdict, why, and how much was left out.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from seatrial.decision import Decision, Outcome, Verdict, digest, overall
from seatrial.report import forest, numbers, words
from seatrial.report.context import NOTHING, Context
from seatrial.report.rows import Row, compares, rows, sliced, tally, whole
from seatrial.report.text import clean, code, markdown

MOST_IN_COMMENT = 60_000  # characters; GitHub refuses more than 65,536
MOST_SLICES_ON_TOP = 10  # of those that stand against the candidate; the others are folded
MOST_IN_SUMMARY = 1_000_000  # bytes; GitHub refuses more than 1 MiB

SIGNS = {Verdict.PASSED: "✅", Verdict.FAILED: "❌", Verdict.INCONCLUSIVE: "⚠️"}
MARKS = {
    Outcome.PASSED: "✅",
    Outcome.FAILED: "❌",
    Outcome.INCONCLUSIVE: "⚠️",
    Outcome.ERROR: "⚠️",
    Outcome.SKIPPED: "\u2796",
}


@dataclass(frozen=True)
class Detail:
    """How much is told, in rows per gate."""

    passed_slices: int
    passed: int
    against: int
    gates: int = 50
    text: int = 120


_STEPS = (
    Detail(passed_slices=200, passed=200, against=500),
    Detail(passed_slices=20, passed=200, against=500),
    Detail(passed_slices=0, passed=200, against=250),
    Detail(passed_slices=0, passed=50, against=100),
    Detail(passed_slices=0, passed=0, against=50),
    Detail(passed_slices=0, passed=0, against=15, gates=20, text=80),
    Detail(passed_slices=0, passed=0, against=5, gates=8, text=60),
    Detail(passed_slices=0, passed=0, against=0, gates=0, text=40),
)
_EVERYTHING = Detail(passed_slices=5_000, passed=5_000, against=5_000, gates=500)


def comment(decisions: Sequence[Decision], context: Context = NOTHING) -> str:
    """The body of the sticky comment, at most 60,000 characters, without its marker."""
    return _fitted(decisions, context, _STEPS, lambda body: len(body) <= MOST_IN_COMMENT)


def summary(decisions: Sequence[Decision], context: Context = NOTHING) -> str:
    """The job summary: the same with more rows, under 1 MiB."""
    return _fitted(
        decisions, context, (_EVERYTHING, *_STEPS), lambda body: len(body.encode()) <= MOST_IN_SUMMARY
    )


def _fitted(
    decisions: Sequence[Decision], context: Context, steps: Iterable[Detail], fits: Callable[[str], bool]
) -> str:
    found = {id(d): rows(d) for d in decisions}
    body = ""
    for detail in steps:
        body = _body(decisions, [found[id(d)] for d in decisions], context, detail)
        if fits(body):
            return body
    return body


def _body(decisions: Sequence[Decision], found: Sequence[list[Row]], context: Context, detail: Detail) -> str:
    parts = [
        _headline(decisions, detail),
        markdown(words.why(decisions), 600),
        *_asides(decisions, context, detail),
    ]
    told = list(zip(decisions, found, strict=True))
    for decision, entries in told[: detail.gates]:
        parts += _gate(decision, entries, detail)
    if len(told) > detail.gates:
        parts.append(f"_{_left_out(len(told) - detail.gates, 'gate')} for length._")
    parts.append(_footer(decisions, context))
    return "\n\n".join(part for part in parts if part) + "\n"


def _headline(decisions: Sequence[Decision], detail: Detail) -> str:
    verdict = overall(d.verdict for d in decisions)
    names = list(dict.fromkeys(d.model.name for d in decisions))
    told = ", ".join(code(name, detail.text) for name in names[:5])
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return f"## {SIGNS[verdict]} {verdict.value.capitalize()}: {told or 'no gate ran'}{more}"


def _asides(decisions: Sequence[Decision], context: Context, detail: Detail) -> list[str]:
    lines = []
    if context.outdated:
        lines.append("**Outdated.** The branch has moved on since this commit was judged.")
    lines += [f"**{head}.** {rest}" for head, rest in _split(words.bite(decisions))]
    lines.append(_judged(decisions, context))
    lines += _other_verdicts(context, detail)
    if context.changes:
        named = ", ".join(code(change, detail.text) for change in context.changes[:10])
        more = f" and {len(context.changes) - 10} more" if len(context.changes) > 10 else ""
        lines.append(
            f"**Also changed by this pull request:** {named}{more}. "
            "The verdict rests on these; read those changes with it."
        )
    if context.policy_note:
        lines.append(markdown(context.policy_note, 400))
    return lines


def _split(sentences: Iterable[str]) -> list[tuple[str, str]]:
    """Advisory: this verdict ... -> (Advisory, This verdict ...)"""
    cut = (sentence.partition(": ") for sentence in sentences)
    return [(head, f"{rest[:1].upper()}{rest[1:]}") for head, _, rest in cut]


def _judged(decisions: Sequence[Decision], context: Context) -> str:
    if not decisions:
        return ""
    first = decisions[0]
    head, base = words.short(first.subject.head), words.short(first.subject.base)
    what = f"Judged commit {code(head)}" if head else "Judged the files at hand"
    what += f" against {code(base)}" if base else ""
    policy = first.policy
    ref, sha = words.short(policy.ref) or "", code(words.short(policy.sha256) or "")
    whose = "the base branch" if base and ref == base else code(ref, 80)
    if context.unreviewed:
        return (
            f"{what} under the **unreviewed** policy of this pull request itself ({sha}): "
            "the base branch has none yet."
        )
    edited = " **This pull request edits the policy; the base branch's counts.**" if policy.changed else ""
    return f"{what} under the policy of {whose} ({sha}).{edited}"


def _other_verdicts(context: Context, detail: Detail) -> list[str]:
    if not context.other:
        return []
    verdict = overall(d.verdict for d in context.other)
    return [
        f"Under the policy that this pull request proposes it would be **{verdict.value}** "
        f"(shown, not counted): {markdown(words.why(context.other), 400)}"
    ]


def _gate(decision: Decision, entries: list[Row], detail: Detail) -> list[str]:
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
    parts.append(_undecided(top, detail))
    parts.append(_waivers(decision, detail))
    if folded:
        parts.append(_fold(f"Passed and skipped: {tally(folded)}", _table(folded, detail)))
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
        name = _named(entry, detail)
        cells = (entry.baseline, entry.candidate, entry.difference, entry.limit)
        lines.append(f"| {name} | " + " | ".join(_own(c) for c in cells) + f" | {_verdict(entry, detail)} |")
    return "\n".join(lines)


def _own(text: str) -> str:
    """Numbers that we wrote ourselves hold one sign of markup: < 0.001."""
    return text.replace("<", "&lt;")


def _named(entry: Row, detail: Detail) -> str:
    part = f" {markdown(entry.slice, detail.text)}" if entry.slice else ""
    return code(entry.metric, detail.text) + part


def _verdict(entry: Row, detail: Detail) -> str:
    words_ = markdown(entry.verdict, 80)
    strong = f"**{words_}**" if entry.counts else words_
    mark = "⚖️" if entry.waiver else MARKS[entry.check.outcome]
    aside = entry.check.reason if entry.check.outcome in (Outcome.ERROR, Outcome.SKIPPED) else None
    return f"{mark} {strong}" + (f": {markdown(aside, detail.text)}" if aside else "")


def _undecided(entries: Sequence[Row], detail: Detail) -> str:
    """Per undecided check: what would decide it."""
    lines = []
    for entry in entries:
        if entry.check.outcome is not Outcome.INCONCLUSIVE:
            continue
        bare = entry.check.interval is None and entry.check.reason
        reason = f" {markdown(entry.check.reason, 200)}." if bare else ""
        told = markdown(words.power(entry.check), 240)
        if told or reason:
            lines.append(f"- {_named(entry, detail)}:{reason} {told}".rstrip())
    return "\n".join(lines[:50])


def _waivers(decision: Decision, detail: Detail) -> str:
    return "\n".join(
        f"- ⚖️ {code(w.check, detail.text)} is waived until {markdown(w.until, 20)}: {markdown(w.reason, 200)}"
        for w in decision.waivers[:20]
    )


def _slices(entries: Sequence[Row], detail: Detail) -> str:
    """Folded: every slice that stands against the candidate, then as many of the others as fit."""
    entries = sliced(entries)
    if not entries:
        return ""
    loud = [r for r in entries if r.counts or r.waiver][: detail.against]
    quiet = [r for r in entries if not r.counts and not r.waiver][: detail.passed_slices]
    told = loud + quiet
    if not told:
        return ""
    lines = [
        "| slice | metric | rows | difference or value | | adjusted p | limit | verdict |",
        "|---|---|--:|--:|---|--:|---|---|",
    ]
    scales: dict[tuple[str, str], forest.Scale | None] = {}
    for entry in told:
        key = _kind(entry)
        if key not in scales:
            scales[key] = forest.scale([r for r in told if _kind(r) == key])
        drawn = forest.line(entry, scales[key])
        value = entry.difference if compares(entry.check) else entry.candidate
        lines.append(
            f"| {markdown(entry.slice, detail.text)} | {code(entry.metric, detail.text)} | {entry.n} "
            f"| {value} | {f'<code>{drawn}</code>' if drawn else ''} | {_own(entry.p)} "
            f"| {entry.limit} | {_verdict(entry, detail)} |"
        )
    key_line = "<sub>● estimate, ─ interval, ┊ limit, │ no difference; p is adjusted (Holm)</sub>"
    return _fold(f"Slices: {tally(entries)}", "\n".join(lines) + f"\n\n{key_line}")


def _kind(entry: Row) -> tuple[str, str]:
    return entry.metric, entry.check.limit.kind if entry.check.limit else ""


def _slices_lost(entries: Sequence[Row], detail: Detail) -> int:
    quiet = sum(not r.counts and not r.waiver for r in sliced(entries))
    return max(0, quiet - detail.passed_slices)


def _fold(title: str, body: str) -> str:
    return f"<details><summary>{title}</summary>\n\n{body}\n\n</details>"


def _left_out(count: int, what: str) -> str:
    return f"{numbers.count(count)} {what}{'s' if count != 1 else ''} left out"


def _lost(against: int, passed: int, slices: int) -> str:
    parts = []
    if against:
        parts.append(_left_out(against, "more failing or undecided check"))
    if passed:
        parts.append(_left_out(passed, "passed or skipped check"))
    if slices:
        parts.append(_left_out(slices, "passed or skipped slice"))
    return f"_For length: {', '.join(parts)}; the report and the Decision hold them all._" if parts else ""


def link(text: str, url: str | None) -> str:
    """A link that we made; an address that is not plain https is not linked."""
    safe = clean(url or "", 2_000)
    if not safe.startswith("https://") or safe != url or any(c in safe for c in "<>()[]|\\`\"' @"):
        return ""
    return f"[{text}](<{safe}>)"


def _footer(decisions: Sequence[Decision], context: Context) -> str:
    links = [link("Full report", context.report_url), link("Run", context.run_url)]
    lines = [" · ".join(item for item in links if item)]
    levels = sorted({c.level for d in decisions for c in d.checks if c.level is not None})
    if levels:
        level = " and ".join(numbers.percent(value) for value in levels[:3])
        lines.append(
            f"<sub>Brackets are {level} intervals. A check passes when the bad end of its interval keeps the "
            "limit, fails when the whole interval is beyond it, and is inconclusive in between.</sub>"
        )
    ids = ", ".join(f"`{digest(d)[:12]}`" for d in decisions[:8])
    seeds = ", ".join(str(s) for s in sorted({d.seed for d in decisions})[:3])
    tools = ", ".join(markdown(t, 60) for t in sorted({d.tool for d in decisions})[:3])
    if decisions:
        noun = "Decision" if len(decisions) == 1 else "Decisions"
        lines.append(f"<sub>{noun} {ids} · seed {seeds} · {tools}</sub>")
    return "\n\n".join(line for line in lines if line)


def not_judged(model: str, head: str, reason: str) -> str:
    """What replaces an earlier verdict when a commit could not be judged."""
    told = "\n".join(f"- {markdown(line, 1_000)}" for line in reason.splitlines()[:20])
    return (
        f"## ⛔ Not judged: {code(model)}\n\n"
        f"Commit {code(head[:12])} could not be judged; an earlier verdict does not hold for it.\n\n{told}\n"
    )
