"""What a trial leaves behind: files, outputs, summary, annotations, and the comment."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from seatrial.decision import Decision, digest, exit_code, overall, to_json
from seatrial.errors import Location, SeatrialError
from seatrial.forge.comments import CommentClient, Key, Posted, Stamp, head_of, upsert
from seatrial.forge.errors import ReadOnlyToken
from seatrial.forge.event import Subject
from seatrial.forge.runner import Runner
from seatrial.report import markdown, words
from seatrial.report.context import Context
from seatrial.report.text import plain
from seatrial.stats.pictures import Pictures
from seatrial.trial.writing import put

GATES = ("lint", "data", "training", "evaluation")


@dataclass(frozen=True)
class Written:
    """Where the files lie."""

    decisions: tuple[Path, ...]
    report: Path
    comment: Path
    junit: Path


def write(out: Path, decisions: tuple[Decision, ...], pictures: Pictures, context: Context) -> Written:
    """Write every file; the pages are made from the Decisions alone."""
    from seatrial.report import html, junit  # a template engine and XML, which nothing else needs

    out.mkdir(parents=True, exist_ok=True)
    paths = []
    for decision in decisions:
        paths.append(put(out / f"{decision.gate}.json", to_json(decision) + b"\n"))
    written = Written(tuple(paths), out / "report.html", out / "comment.md", out / "junit.xml")
    put(written.report, html.page(decisions, context, pictures).encode())
    put(written.comment, markdown.comment(decisions, context).encode())
    put(written.junit, junit.junit(decisions))
    return written


def clear(out: Path) -> None:
    """Remove what an earlier run left, so that no old verdict stands beside a run that failed."""
    for name in (*(f"{gate}.json" for gate in GATES), "report.html", "comment.md", "junit.xml"):
        (out / name).unlink(missing_ok=True)


def announce(runner: Runner, decisions: tuple[Decision, ...], context: Context) -> None:
    """Print the verdict and its table; first of all, since people wait for it."""
    from seatrial.report import terminal

    runner.show(terminal.table(decisions, context, groups=runner.on_actions, colour=runner.in_colour))


def tell(runner: Runner, decisions: tuple[Decision, ...], written: Written, context: Context) -> None:
    """Say the verdict in the summary, the annotations and the outputs."""
    from seatrial.report import annotations

    for note in annotations.annotations(decisions) if runner.on_actions else ():
        place = None if note.file is None else Location(note.file, note.line, note.column)
        runner.annotate(note.level, note.title, note.message, place)
    runner.summary(markdown.summary(decisions, context))
    verdict = str(overall(d.verdict for d in decisions))
    runner.output("verdict", verdict)
    runner.output("decision", _path_or_pattern(written.decisions))
    if len(decisions) == 1:
        runner.output("decision-sha256", digest(decisions[0]))
    runner.output("folder", str(written.report.parent))
    runner.output("report", str(written.report))
    runner.output("junit", str(written.junit))
    runner.output("summary", plain(f"{verdict}: {words.why(decisions)}", limit=300))


def _path_or_pattern(paths: tuple[Path, ...]) -> str:
    """One path; for several a pattern, as outputs are one line and those who read them take patterns."""
    return str(paths[0]) if len(paths) == 1 else str(paths[0].parent / "*.json")


def code_of(decisions: tuple[Decision, ...]) -> int:
    """The exit code of several Decisions: the gate that said no before the one that could not decide."""
    codes = {exit_code(decision) for decision in decisions}
    return 1 if 1 in codes else max(codes, default=3)


def post(
    runner: Runner,
    client: Callable[[], CommentClient],
    subject: Subject,
    decisions: tuple[Decision, ...],
    context: Context,
) -> str | None:
    """Post or edit the comment. Whatever fails here is said and never changes the verdict."""

    def body(outdated: bool) -> str:
        return markdown.comment(decisions, replace(context, outdated=outdated))

    return _send(runner, client, subject, decisions[0].model.name, body, create=True)


def retract(
    runner: Runner, client: Callable[[], CommentClient], subject: Subject, model: str, error: SeatrialError
) -> None:
    """Where an earlier verdict stands in a comment, say that this commit could not be judged.

    A pull request without our comment gets none: bad input is told by the annotation and the summary.
    """

    def body(_outdated: bool) -> str:
        return markdown.not_judged(model, subject.head, str(error))

    _send(runner, client, subject, model, body, create=False)


def _send(
    runner: Runner,
    client: Callable[[], CommentClient],
    subject: Subject,
    model: str,
    body: Callable[[bool], str],
    *,
    create: bool,
) -> str | None:
    if subject.pull_request is None:
        return None
    try:
        github = client()
        outdated = head_of(github, subject.repository, subject.pull_request) != subject.head
        posted = deliver(github, subject, subject.pull_request, model, body(outdated), create=create)
    except ReadOnlyToken:
        runner.annotate(
            "notice",
            "No comment",
            "The token may not write comments (a fork, Dependabot, or no `pull-requests: write`). "
            "The verdict and the exit code stand; they are in the job summary.",
        )
        return None
    except SeatrialError as error:
        runner.annotate("warning", "No comment", f"The verdict stands, but was not posted: {error.message}")
        return None
    except Exception as error:  # a fault of ours here must not turn a verdict into another exit code
        runner.annotate(
            "warning", "No comment", f"The verdict stands, but was not posted: {type(error).__name__}"
        )
        return None
    tell_superseded(runner, posted)
    return posted.url


def deliver(
    github: CommentClient, subject: Subject, pull_request: int, model: str, body: str, *, create: bool
) -> Posted:
    """Leave this body as the one comment of the subject's workflow, job and model."""
    return upsert(
        github,
        subject.repository,
        pull_request,
        key=Key(subject.workflow, subject.job, model),
        body=body,
        stamp=Stamp(subject.run_id, subject.attempt, subject.head),
        create=create,
    )


def tell_superseded(runner: Runner, posted: Posted) -> None:
    """Say where a newer run's comment stands."""
    if posted.action == "superseded":
        runner.annotate(
            "warning", "No comment", "The comment of a newer run stands; this verdict was not posted over it."
        )
