"""The action `comment`: Decision files, taken as hostile data, to one comment per model."""

import os
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from pathlib import Path

from seatrial.actions import ACTIONS, read_inputs
from seatrial.decision import Decision, overall
from seatrial.errors import BadInput, Location
from seatrial.forge.event import Subject
from seatrial.forge.runner import Runner
from seatrial.gates.rejudging import disagreements
from seatrial.report import markdown, words
from seatrial.report.context import Context
from seatrial.report.text import plain
from seatrial.text import shown
from seatrial.trial import publishing
from seatrial.trial.rejudge import read_decision
from seatrial.trial.surroundings import lazy_client, read_subject

MOST_FILES = 100


def run_comment(environ: Mapping[str, str], runner: Runner) -> int:
    """Post the verdict of the named files. The exit code tells whether the input was good, no more."""
    inputs = read_inputs(ACTIONS["comment"], environ)
    subject = read_subject(environ)
    root = Path(environ.get("GITHUB_WORKSPACE") or os.getcwd()).resolve()
    decisions = [trusted(path, subject, told(path, root)) for path in find(inputs["decisions"], root)]
    context = Context(
        policy_note="Limits, waivers and the policy's digest are those that the Decision file states.",
        report_url=inputs["report-url"] or None,
        run_url=subject.run_url,
    )
    urls = []
    for _, group in groupby(sorted(decisions, key=_model), key=_model):
        found = tuple(group)
        runner.summary(markdown.summary(found, context))
        client = lazy_client(subject, inputs["github-token"])
        urls.append(publishing.post(runner, client, subject, found, context))
    verdict = str(overall(decision.verdict for decision in decisions))
    runner.output("verdict", verdict)
    runner.output("url", next((url for url in urls if url), ""))
    runner.output("summary", plain(f"{verdict}: {words.why(decisions)}", limit=300))
    return 0


def find(patterns: str, root: Path) -> list[Path]:
    """The files that the input names, one path or pattern per line, relative to the checkout or absolute."""
    found: list[Path] = []
    for line in (part.strip() for part in patterns.splitlines()):
        if not line:
            continue
        path = Path(line)
        base, pattern = (
            (Path(path.anchor), str(path.relative_to(path.anchor))) if path.is_absolute() else (root, line)
        )
        try:
            matches = sorted(match for match in base.glob(pattern) if match.is_file())
        except (ValueError, NotImplementedError, IndexError):
            matches = []
        if not matches:
            raise BadInput(f"the input `decisions` names {shown(line)}, and there is no such file")
        found += matches
    if not found:
        raise BadInput("the input `decisions` names no file; give the output `decision` of a gate")
    if len(found) > MOST_FILES:
        raise BadInput(f"the input `decisions` names {len(found)} files; expected at most {MOST_FILES}")
    return list(dict.fromkeys(found))


def told(path: Path, root: Path) -> str:
    """The file as an annotation names it: in the checkout, or by its own name alone."""
    return str(path.relative_to(root)) if path.is_relative_to(root) else path.name


def trusted(path: Path, subject: Subject, name: str) -> Decision:
    """A Decision file that follows from its own evidence and is about this very commit."""
    return believed(read_decision(path, name), subject, Location(shown(name)))


def believed(decision: Decision, subject: Subject, place: Location) -> Decision:
    """The Decision, if it follows from its own evidence and is about this very commit."""
    wrong = disagreements(decision)
    if wrong:
        raise BadInput(
            f"the verdict does not follow from the evidence ({shown(wrong[0], 200)})", location=place
        )
    for waiver in decision.waivers:
        if not _still_counts(waiver.until):
            raise BadInput(
                f"a waiver of {shown(waiver.check)} counts until {shown(waiver.until)}, no date to come",
                location=place,
            )
    if decision.subject.head != subject.head:
        raise BadInput(
            f"this Decision is about commit {shown(decision.subject.head)}, and this run is about "
            f"{subject.head}; give the file that this run's gate wrote",
            location=place,
        )
    return decision


def _still_counts(until: str) -> bool:
    """Whether that day is today or to come, anywhere on earth."""
    try:
        return date.fromisoformat(until) >= datetime.now(UTC).date() - timedelta(days=1)
    except ValueError:
        return False


def _model(decision: Decision) -> str:
    return decision.model.name
