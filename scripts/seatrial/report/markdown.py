"""Decisions -> the pull request's comment and the job's summary, in GitHub-flavoured Markdown.

A comment past the size limit first loses passed slices, then passed checks, then the
tail of the rest; never the verdict, why, and how much was left out.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from seatrial.decision import Decision, Verdict, digest, overall
from seatrial.report import numbers, words
from seatrial.report.context import NOTHING, Context
from seatrial.report.data import markdown as data
from seatrial.report.data.reading import GATE
from seatrial.report.markdown_gate import gate
from seatrial.report.markdown_parts import Detail, left_out
from seatrial.report.rows import Row, rows
from seatrial.report.stated import markdown as stated
from seatrial.report.stated.reading import GATES as STATED
from seatrial.report.text import clean, code, markdown

MOST_IN_COMMENT = 60_000  # characters; GitHub refuses more than 65,536
MOST_IN_SUMMARY = 1_000_000  # bytes; GitHub refuses more than 1 MiB

SIGNS = {Verdict.PASSED: "✅", Verdict.FAILED: "❌", Verdict.INCONCLUSIVE: "⚠️"}
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


@dataclass(frozen=True)
class _Told:
    """What every length of the body shares, worked out once."""

    decisions: Sequence[Decision]
    rows: list[list[Row]]
    why: str
    ids: list[str]


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
    told = _Told(
        decisions=decisions,
        rows=[rows(d) for d in decisions],
        why=markdown(words.why(decisions), 600),
        ids=[digest(d)[:12] for d in decisions[:8]],
    )
    body = ""
    for detail in steps:
        body = _body(told, context, detail)
        if fits(body):
            return body
    return body


def _body(told: _Told, context: Context, detail: Detail) -> str:
    decisions = told.decisions
    parts = [
        _headline(decisions, context, detail),
        told.why,
        *_asides(decisions, context, detail),
    ]
    for decision, entries in list(zip(decisions, told.rows, strict=True))[: detail.gates]:
        parts += _teller(decision)(decision, entries, detail)
    if len(decisions) > detail.gates:
        parts.append(f"_{left_out(len(decisions) - detail.gates, 'gate')} for length._")
    parts.append(_footer(told, context))
    return "\n\n".join(part for part in parts if part) + "\n"


def _teller(decision: Decision) -> Callable[[Decision, list[Row], Detail], list[str]]:
    """What tells of a gate."""
    if decision.gate in STATED:
        return stated.gate
    return data.gate if decision.gate == GATE else gate


def _headline(decisions: Sequence[Decision], context: Context, detail: Detail) -> str:
    verdict = overall(d.verdict for d in decisions)
    said = f"{SIGNS[verdict]} {verdict.value.capitalize()}"
    if context.incomplete and verdict is Verdict.PASSED:
        said = f"{SIGNS[Verdict.INCONCLUSIVE]} Not all judged"
    names = list(dict.fromkeys(d.model.name for d in decisions))
    told = ", ".join(code(name, detail.text) for name in names[:5])
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return f"## {said}: {told or 'no gate ran'}{more}"


def _asides(decisions: Sequence[Decision], context: Context, detail: Detail) -> list[str]:
    lines = []
    if context.outdated:
        lines.append("**Outdated.** The branch has moved on since this commit was judged.")
    if context.incomplete:
        lines.append(f"**Incomplete.** {markdown(context.incomplete, 400)}")
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
    lines += [markdown(note, 400) for note in context.notes[:20]]
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


def link(text: str, url: str | None) -> str:
    """A link that we made; an address that is not plain https is not linked."""
    safe = clean(url or "", 2_000)
    if not safe.startswith("https://") or safe != url or any(c in safe for c in "<>()[]|\\`\"' @"):
        return ""
    return f"[{text}](<{safe}>)"


def _footer(told: _Told, context: Context) -> str:
    decisions = told.decisions
    links = [link("Full report", context.report_url), link("Run", context.run_url)]
    lines = [" · ".join(item for item in links if item)]
    levels = sorted({c.level for d in decisions for c in d.checks if c.level is not None})
    if levels:
        level = " and ".join(numbers.percent(value) for value in levels[:3])
        rule = words.rule(decisions)
        lines.append(f"<sub>Brackets are {level} intervals. {rule}</sub>")
    ids = ", ".join(f"`{short}`" for short in told.ids)
    seeds = ", ".join(str(s) for s in sorted({d.seed for d in decisions})[:3])
    tools = ", ".join(markdown(words.tool(t), 60) for t in sorted({d.tool for d in decisions})[:3])
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
