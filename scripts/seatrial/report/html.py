"""Decisions and pictures -> one self-contained HTML page: no network, no script."""

import base64
import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from seatrial.decision import Check, Decision, Outcome, Verdict, digest, overall
from seatrial.report import glyphs, numbers, text, words
from seatrial.report.context import NOTHING, Context
from seatrial.report.data.page import View, view
from seatrial.report.data.reading import GATE
from seatrial.report.data.rows import stands_out
from seatrial.report.data.rows import tally as tally_of_data
from seatrial.report.plots import Figure, figures
from seatrial.report.rows import Row, limit_words, rows, skipped, sliced, tally, whole
from seatrial.report.stated.page import View as Stated
from seatrial.report.stated.page import view as view_of_stated
from seatrial.report.stated.reading import GATES as STATED
from seatrial.stats.pictures import Pictures
from seatrial.text import is_hidden

MOST_SLICES = 400
MOST_EVIDENCE = 150
MOST_LINES = 120  # of one check's evidence
_HERE = Path(__file__).parent
_MINUS = re.compile(r"(?<![\w.=/])-(?=[\d∞])")


@dataclass(frozen=True)
class Family:
    """Slices of one metric under one kind of limit, on one scale."""

    title: str
    entries: list[tuple[Row, Markup]]
    limit: str
    more: int
    skipped: list[tuple[str, str]]
    tally: str


@dataclass(frozen=True)
class Power:
    """What the rows of one check can resolve, held against its limit."""

    entry: Row
    resolvable: str
    limit: str
    words: str


@dataclass(frozen=True)
class Gate:
    """One Decision, ready for the template."""

    decision: Decision
    title: str
    digest: str
    checks: list[tuple[Row, Markup]]
    families: list[Family]
    power: list[Power]
    figures: list[Figure]
    evidence: list[tuple[Row, str, Markup]]
    evidence_folded: list[tuple[Row, str, Markup]]
    evidence_more: int
    tally: str
    data: View | None = None
    stated: Stated | None = None


def page(decisions: Sequence[Decision], context: Context = NOTHING, pictures: Pictures | None = None) -> str:
    """The whole document. The pictures go with the evaluation."""
    verdict = overall(d.verdict for d in decisions)
    shown_with = next((d for d in decisions if d.gate.startswith("evaluat")), None)
    gates = [_gate(d, pictures if d is shown_with else None, f"g{i}") for i, d in enumerate(decisions)]
    style = (_HERE / "page.css").read_text(encoding="utf-8")
    return _template().render(
        verdict=verdict,
        sign={Verdict.PASSED: "disc", Verdict.FAILED: "cross", Verdict.INCONCLUSIVE: "ring"}[verdict],
        why=words.why(decisions),
        bite=words.bite(decisions),
        models=list(dict.fromkeys(d.model.name for d in decisions)),
        context=context,
        other=overall(d.verdict for d in context.other) if context.other else None,
        other_why=words.why(context.other) if context.other else "",
        run_url=_https(context.run_url),
        gates=gates,
        first=decisions[0] if decisions else None,
        rows=_rows(decisions),
        rule=words.rule(decisions),
        style=Markup(style),
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
    )


@cache
def _template() -> Template:
    # finalize meets every expression before autoescape does, so that no string is forgotten.
    environment = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        finalize=_finalize,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "count": numbers.count,
        "percent": numbers.percent,
        "short": words.short,
        "minus": minus,
        "about": numbers.about,
        "drawn": Markup,
        "tool": words.tool,
        "lines": lines,
    }
    return environment.get_template("page.html.j2")


def _finalize(value: object) -> object:
    return text.html(value, 2_000) if isinstance(value, str) and not isinstance(value, Markup) else value


def _rows(decisions: Sequence[Decision]) -> str:
    """How many rows were judged; of the data gate, those of each of its files."""
    files = decisions[0].data if decisions else ()
    shown = files if decisions and decisions[0].gate == GATE else files[:1]
    return " and ".join(numbers.count(file.rows) for file in shown) or numbers.NOT_AVAILABLE


def lines(block: str) -> Markup:
    """Lines that stay lines, escaped; what hides or reorders is shown as a replacement character."""
    return Markup("\n").join(
        "".join(c if not is_hidden(c) else text.REPLACEMENT for c in line) for line in block.split("\n")
    )


def minus(words_: str) -> str:
    """Numbers with a true minus sign, as wide as the plus."""
    return _MINUS.sub("\u2212", words_)


def _https(url: str | None) -> str | None:
    safe = text.clean(url or "", 2_000)
    return safe if safe == url and safe.startswith("https://") else None


def _gate(decision: Decision, pictures: Pictures | None, key: str) -> Gate:
    found = rows(decision)
    of_data, of_stated = decision.gate == GATE, decision.gate in STATED
    apart = of_data or of_stated
    loud = [r for r in found if r.check.outcome is not Outcome.SKIPPED]
    told = [r for r in loud if r.check.evidence][:MOST_EVIDENCE]
    return Gate(
        decision=decision,
        title=words.gate_name(decision.gate),
        digest=digest(decision),
        checks=[] if apart else [(r, _glyph(r)) for r in whole(found)],
        families=[] if apart else _families(sliced(found)),
        power=[] if apart else [_power(r) for r in whole(found) if r.check.resolvable is not None],
        figures=figures(pictures) if pictures else [],
        evidence=[_told(r) for r in told if not apart or stands_out(r)],
        evidence_folded=[_told(r) for r in told if apart and not stands_out(r)],
        evidence_more=len([r for r in loud if r.check.evidence]) - len(told),
        tally=tally_of_data(found) if of_data else tally(found),
        data=view(decision, found, key) if of_data else None,
        stated=view_of_stated(found) if of_stated else None,
    )


def _told(entry: Row) -> tuple[Row, str, Markup]:
    return entry, words.explain(entry.check), _json(entry.check)


def _glyph(entry: Row) -> Markup:
    return Markup(glyphs.glyph(entry, glyphs.own_scale(entry), minus(words.explain(entry.check))))


def _families(entries: Sequence[Row]) -> list[Family]:
    grouped: dict[tuple[str, str, float], list[Row]] = {}
    for entry in entries:
        limit = entry.check.limit
        key = (entry.metric, limit.kind if limit else "", limit.value if limit else 0.0)
        grouped.setdefault(key, []).append(entry)
    found = []
    for (metric, _, _), members in grouped.items():
        judged = [r for r in members if r.check.outcome is not Outcome.SKIPPED]
        shown, left = judged[:MOST_SLICES], skipped(members)[:MOST_SLICES]
        on = glyphs.shared_scale(shown)
        drawn = [(r, Markup(glyphs.glyph(r, on, minus(words.explain(r.check))))) for r in shown]
        asked = limit_words(members[0].check.limit, numbers.unit_of(metric), 3)
        found.append(Family(metric, drawn, asked, len(judged) - len(shown), left, tally(members)))
    return found


def _power(entry: Row) -> Power:
    check = entry.check
    smallest, limit = check.resolvable, check.limit
    said = "no limit to hold it against"
    if smallest is not None and limit is not None and limit.value > 0:
        ratio = smallest / limit.value
        said = "enough to see a change of the limit's size"
        if ratio > 1:
            said = f"{ratio:.1f} times the limit: a change of the limit's size can stay unseen"
    resolution = numbers.quantity(smallest, numbers.unit_of(check.metric), max(3, _places(smallest)))
    return Power(entry, resolution, entry.limit, said)


def _places(value: float | None) -> int:
    return min(5, numbers.decimals_for_width(abs(value))) if value else 3


def _json(check: Check) -> Markup:
    """The evidence as indented JSON, ASCII only, cut after so many lines."""
    lines = json.dumps(check.evidence, indent=1, ensure_ascii=True).split("\n")
    cut = lines[:MOST_LINES]
    if len(lines) > MOST_LINES:
        cut.append(f"... {len(lines) - MOST_LINES} more lines; the Decision holds them all")
    return escape("\n".join(line[:400] for line in cut))
