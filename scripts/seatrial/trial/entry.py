"""The actions `trial`, `evaluate`, `check-data` and `smoke-train`: inputs and event in, verdict out."""

import os
import secrets
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from seatrial.actions import ACTIONS, read_inputs
from seatrial.errors import CouldNotDecide, SeatrialError
from seatrial.forge.contents import Api, FirstOf, Source
from seatrial.forge.event import Subject, parse_event
from seatrial.forge.git import Git
from seatrial.forge.github import GitHub
from seatrial.forge.payloads import EVENT_LIMIT
from seatrial.forge.runner import Runner
from seatrial.report.context import Context
from seatrial.trial import publishing
from seatrial.trial.call import Call
from seatrial.trial.handing import NO_MODEL, NOTHING, Handed, read_model, read_predictions
from seatrial.trial.run import Tried, judged_model, run_trial


def run_trial_gates(environ: Mapping[str, str], runner: Runner) -> int:
    """The front door: every gate that the policy mentions, and the comment."""
    inputs = read_inputs(ACTIONS["trial"], environ)
    return _judge(inputs, split(inputs["gates"]), environ, runner, comments=True)


def run_evaluate(environ: Mapping[str, str], runner: Runner) -> int:
    """The evaluation gate alone; posts nothing."""
    inputs = read_inputs(ACTIONS["evaluate"], environ)
    return _judge(inputs, ("evaluation",), environ, runner, comments=False, handed=handed_by(inputs))


def run_check_data(environ: Mapping[str, str], runner: Runner) -> int:
    """The data gate alone; posts nothing."""
    inputs = read_inputs(ACTIONS["check-data"], environ)
    return _judge(inputs, ("data",), environ, runner, comments=False)


def run_lint(environ: Mapping[str, str], runner: Runner) -> int:
    """The lint gate alone; posts nothing."""
    inputs = read_inputs(ACTIONS["lint"], environ)
    return _judge(inputs, ("lint",), environ, runner, comments=False)


def run_smoke_train(environ: Mapping[str, str], runner: Runner) -> int:
    """The training gate alone; posts nothing."""
    inputs = read_inputs(ACTIONS["smoke-train"], environ)
    return _judge(inputs, ("training",), environ, runner, comments=False, parts=split(inputs["parts"]))


def _judge(
    inputs: Mapping[str, str],
    gates: tuple[str, ...],
    environ: Mapping[str, str],
    runner: Runner,
    *,
    comments: bool,
    handed: Handed = NOTHING,
    parts: tuple[str, ...] = (),
) -> int:
    subject = read_subject(environ)
    root = Path(environ.get("GITHUB_WORKSPACE") or os.getcwd()).resolve()
    token = inputs["github-token"]
    client = lazy_client(subject, token)
    base = base_of(inputs)
    folder = environ.get("RUNNER_TEMP") or tempfile.gettempdir()
    # Made when no command of the consumer's is left, so that none has put anything into it.
    out = Path(folder) / f"seatrial-{secrets.token_hex(8)}"
    with tempfile.TemporaryDirectory(prefix="seatrial-scratch-", dir=folder) as scratch:
        call = Call(
            root=root,
            out=out,
            scratch=Path(scratch),
            policy=inputs["policy"],
            gates=gates,
            subject=subject,
            source=source_of(root, subject, client if token else None, environ, base),
            environ=environ,
            on_line=runner.relay,
            group=runner.group,
            parts=parts,
            handed=handed,
            base=base,
            artifacts=client if token else None,
        )
        try:
            tried = run_trial(call)
        except SeatrialError as error:
            model = judged_model(call) if comments and token else None
            if model is not None:
                publishing.retract(runner, client, subject, model, error)
            raise
    out.mkdir(mode=0o700)
    context = context_of(tried, subject)
    publishing.announce(runner, tried.decisions, context)
    written = publishing.write(out, tried.decisions, tried.pictures, context)
    publishing.tell(runner, tried.decisions, written, context)
    if tried.trained is not None:
        runner.output("model", str(root / tried.trained.path))
        runner.output("model-sha256", tried.trained.sha256)
    if comments and token:
        publishing.post(runner, client, subject, tried.decisions, context)
    return code_of(tried, runner)


def handed_by(inputs: Mapping[str, str]) -> Handed:
    """What an earlier job handed on, if it is what that job made."""
    model, predictions = inputs["model"], inputs.get("predictions", "")
    if inputs["model-sha256"] == NO_MODEL:
        return Handed(untrained=True)
    return Handed(
        read_model(Path(model), inputs["model-sha256"]) if model else None,
        read_predictions(Path(predictions), inputs["predictions-sha256"]) if predictions else None,
    )


def code_of(tried: Tried, runner: Runner) -> int:
    """The verdict's exit code; where that is 0, a proposed policy that cannot be applied is bad input."""
    code = publishing.code_of(tried.decisions)
    if tried.fault is not None:
        runner.report_error(tried.fault)
    return tried.fault.exit_code if tried.fault is not None and code == 0 else code


def read_subject(environ: Mapping[str, str]) -> Subject:
    """The subject out of the event file that the runner names."""
    return parse_event(read_event(environ), environ)


def read_event(environ: Mapping[str, str]) -> bytes:
    """The bytes of the event file that the runner names."""
    path = environ.get("GITHUB_EVENT_PATH")
    if not path:
        raise CouldNotDecide("GITHUB_EVENT_PATH is not set; this script is run by a GitHub action")
    with Path(path).open("rb") as file:
        return file.read(EVENT_LIMIT + 1)


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


def base_of(inputs: Mapping[str, str]) -> Path | None:
    """The checkout of the base commit that the input `base` names, where it is there."""
    folder = Path(inputs.get("base") or os.devnull)
    return folder.resolve() if folder.is_dir() else None


def source_of(
    root: Path,
    subject: Subject,
    client: Callable[[], GitHub] | None,
    environ: Mapping[str, str],
    base: Path | None = None,
) -> Source:
    """Where files of the base commit come from: git history first, else the API."""
    roots = [root] if base is None else [base, root]
    sources: list[Source] = [Git(each, search_path=environ.get("PATH", os.defpath)) for each in roots]
    if client is not None:
        sources.append(Api(client(), subject.repository, subject.pull_request))
    return FirstOf(sources)


def _sentence(note: str | None) -> str | None:
    return None if note is None else f"{note[:1].upper()}{note[1:]}."


def context_of(tried: Tried, subject: Subject) -> Context:
    """What the pages say beside the Decisions."""
    return Context(
        policy_note=" ".join(note for note in (_sentence(tried.choice.note), *tried.notes) if note) or None,
        unreviewed=not tried.choice.reviewed,
        other=tried.proposed,
        changes=tried.changes,
        run_url=subject.run_url if subject.run_id else None,
    )
