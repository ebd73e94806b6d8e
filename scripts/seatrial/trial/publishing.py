"""What a trial leaves behind: the Decision's file, outputs, summary and the comment."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from seatrial.decision import Decision, exit_code, overall, to_json
from seatrial.errors import SeatrialError
from seatrial.forge.comments import CommentClient, Key, Stamp, upsert
from seatrial.forge.errors import ReadOnlyToken
from seatrial.forge.event import Subject
from seatrial.forge.runner import Runner
from seatrial.report import words
from seatrial.report.context import Context
from seatrial.report.text import markdown, plain
from seatrial.stats.pictures import Pictures


@dataclass(frozen=True)
class Written:
    """Where the files lie."""

    decisions: tuple[Path, ...]


def write(out: Path, decisions: tuple[Decision, ...], _pictures: Pictures, _context: Context) -> Written:
    """Write the Decisions."""
    out.mkdir(parents=True, exist_ok=True)
    paths = []
    for decision in decisions:
        path = out / f"{decision.gate}.json"
        path.write_bytes(to_json(decision) + b"\n")
        paths.append(path)
    return Written(tuple(paths))


def comment(decisions: tuple[Decision, ...]) -> str:
    """The verdict and the reason."""
    lines = [f"**{overall(d.verdict for d in decisions)}**: {markdown(words.why(decisions), limit=1_000)}", ""]
    for decision in decisions:
        lines += ["| check | outcome |", "|---|---|"]
        lines += [f"| {markdown(check.id)} | {check.outcome} |" for check in decision.checks]
    return "\n".join(lines) + "\n"


def tell(runner: Runner, decisions: tuple[Decision, ...], written: Written, _context: Context) -> None:
    """Say the verdict in the log, the summary and the outputs."""
    verdict = str(overall(d.verdict for d in decisions))
    runner.say(plain(f"{verdict}: {words.why(decisions)}", limit=1_000))
    runner.summary(comment(decisions))
    runner.output("verdict", verdict)
    runner.output("decision", str(written.decisions[0]))
    runner.output("summary", plain(words.why(decisions), limit=300))


def code_of(decisions: tuple[Decision, ...]) -> int:
    """The exit code of several Decisions: the gate that said no before the one that could not decide."""
    codes = {exit_code(decision) for decision in decisions}
    return 1 if 1 in codes else max(codes, default=3)


def post(
    runner: Runner,
    client: Callable[[], CommentClient],
    subject: Subject,
    decisions: tuple[Decision, ...],
    _context: Context,
) -> str | None:
    """Post or edit the comment. Whatever fails here is said and never changes the verdict."""
    if subject.pull_request is None:
        return None
    stamp = Stamp(subject.run_id, subject.attempt, subject.head)
    key = Key(subject.workflow, subject.job, decisions[0].model.name)
    try:
        github = client()
        posted = upsert(
            github, subject.repository, subject.pull_request, key=key, body=comment(decisions), stamp=stamp
        )
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
    return posted.url
