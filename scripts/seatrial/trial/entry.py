"""The action's entry: inputs and event in, verdict out."""

import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from types import FrameType

from seatrial.actions import ACTIONS, read_inputs
from seatrial.errors import COULD_NOT_DECIDE, CouldNotDecide, SeatrialError
from seatrial.forge.contents import Api, FirstOf, Source
from seatrial.forge.event import EVENT_LIMIT, Subject, parse_event
from seatrial.forge.git import Git
from seatrial.forge.github import GitHub
from seatrial.forge.runner import Runner
from seatrial.report.context import Context
from seatrial.trial import publishing
from seatrial.trial.call import Call
from seatrial.trial.run import Tried, run_trial

INTERRUPTED = 130


def run_action(verb: str, environ: Mapping[str, str]) -> int:
    """Run the action of that verb. Every ending is an exit code and, where it is bad, one line that says why."""
    runner = Runner(environ)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        inputs = read_inputs(ACTIONS[verb], environ)
        return _trial(verb, inputs, environ, runner)
    except SeatrialError as error:
        runner.report_error(error)
        return error.exit_code
    except KeyboardInterrupt:
        runner.annotate("error", "Stopped", "The run was cancelled before a verdict; nothing was judged.")
        return INTERRUPTED
    except Exception as error:  # a fault of ours must still end as "could not decide", never as a pass
        if environ.get("RUNNER_DEBUG") == "1":
            traceback.print_exc(file=sys.stderr)
        told = f"{type(error).__name__} (a fault of Seatrial; run again with debug logging and report it)"
        runner.report_error(CouldNotDecide(told))
        return COULD_NOT_DECIDE


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _trial(verb: str, inputs: Mapping[str, str], environ: Mapping[str, str], runner: Runner) -> int:
    subject = read_subject(environ)
    root = Path(environ.get("GITHUB_WORKSPACE") or os.getcwd()).resolve()
    token = inputs["github-token"]
    client = lazy_client(subject, token)
    gates = ("evaluation",) if verb == "evaluate" else split(inputs["gates"])
    folder = environ.get("RUNNER_TEMP") or tempfile.gettempdir()
    out = Path(tempfile.mkdtemp(prefix="seatrial-", dir=folder))
    with tempfile.TemporaryDirectory(prefix="seatrial-scratch-", dir=folder) as scratch:
        call = Call(
            root=root,
            out=out,
            scratch=Path(scratch),
            policy=inputs["policy"],
            gates=gates,
            subject=subject,
            source=source_of(root, subject, client if token else None, environ),
            environ=environ,
        )
        tried = run_trial(call)
    context = context_of(tried, subject)
    written = publishing.write(out, tried.decisions, tried.pictures, context)
    publishing.tell(runner, tried.decisions, written, context)
    if verb == "trial" and token:
        publishing.post(runner, client, subject, tried.decisions, context)
    return publishing.code_of(tried.decisions)


def read_subject(environ: Mapping[str, str]) -> Subject:
    """The subject out of the event file that the runner names."""
    path = environ.get("GITHUB_EVENT_PATH")
    if not path:
        raise CouldNotDecide("GITHUB_EVENT_PATH is not set; this script is run by a GitHub action")
    with Path(path).open("rb") as file:
        return parse_event(file.read(EVENT_LIMIT + 1), environ)


def split(names: str) -> tuple[str, ...]:
    """Names separated by commas or lines."""
    return tuple(name for part in names.replace("\n", ",").split(",") if (name := part.strip()))


def lazy_client(subject: Subject, token: str) -> Callable[[], GitHub]:
    """A client that is made when it is first needed."""
    made: list[GitHub] = []

    def client() -> GitHub:
        if not made:
            made.append(GitHub(token, subject.api_url))
        return made[0]

    return client


def source_of(
    root: Path, subject: Subject, client: Callable[[], GitHub] | None, environ: Mapping[str, str]
) -> Source:
    """Where files of the base commit come from: git history first, else the API."""
    sources: list[Source] = [Git(root, search_path=environ.get("PATH", os.defpath))]
    if client is not None:
        sources.append(Api(client(), subject.repository, subject.pull_request))
    return FirstOf(sources)


def context_of(tried: Tried, subject: Subject) -> Context:
    """What the pages say beside the Decisions."""
    return Context(
        policy_note=tried.choice.note,
        unreviewed=not tried.choice.reviewed,
        other=tried.proposed,
        run_url=subject.run_url if subject.run_id else None,
    )

