"""The action `comment-run`: a run of the CI has ended; say its verdicts in the pull request.

It holds a token that writes and runs no code of the change. All that comes from the run is data
that anybody may have made: see run_decisions.py.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace

from seatrial.actions import ACTIONS, read_inputs
from seatrial.decision import Verdict, exit_code, overall
from seatrial.errors import PASSED, BadInput, SeatrialError
from seatrial.forge import payloads
from seatrial.forge.comments import standing
from seatrial.forge.event import Subject, parse_event
from seatrial.forge.finished import Finished, parse_workflow_run
from seatrial.forge.github import GitHub
from seatrial.forge.pulls import pull_of
from seatrial.forge.runner import Runner
from seatrial.forge.runs import Run
from seatrial.report import markdown, words
from seatrial.report.context import Context
from seatrial.report.text import plain
from seatrial.text import shown
from seatrial.trial import publishing
from seatrial.trial.comments.run_decisions import OfModel, decisions_of_run
from seatrial.trial.surroundings import read_event
from seatrial.trial.workflow.artifact_names import safe_name

EVENT = "workflow_run"
JOB = "ci"  # one comment per workflow and model, whichever of its jobs decided
SUCCESS = "success"
STATED = (
    "Evidence, limits, waivers and the policy's digest are those that the run states; a change that edits "
    "its workflow could make them up."
)


def run_comment_run(environ: Mapping[str, str], runner: Runner) -> int:
    """Post the verdicts of a run. The exit code tells whether they could be read and posted, no more."""
    inputs = read_inputs(ACTIONS["comment-run"], environ)
    event = read_event(environ)
    here = parse_event(event, environ)
    wanted = parse_workflow_run(event, environ) if here.event == EVENT else None
    number = _number(inputs["run"], wanted)
    with GitHub(inputs["github-token"], here.api_url) as github:
        run = _ended(github.run(here.repository, number, wanted.attempt if wanted else None), here, wanted)
        pull, why = pull_of(github, run)
        if pull is None:
            return _silent(runner, f"Run {run.id}: {why}. Nothing was posted.")
        return _Telling(runner, github, run, _subject(here, run, pull), pull).all()


def _number(asked: str, wanted: Finished | None) -> int:
    """The run's id, from the event or from the input; where there are both, they must be the same."""
    if not asked and wanted is not None:
        return wanted.run
    if not asked:
        raise BadInput(
            "the input `run` is missing: this event names no run; trigger the workflow on `workflow_run`, "
            "or give the id of a run"
        )
    number = payloads.digits(asked, "input `run`", payloads.RUN_LIMIT)
    if wanted is not None and number != wanted.run:
        raise BadInput(f"the input `run` is {number}, and the event tells of run {wanted.run}")
    return number


def _ended(run: Run, here: Subject, wanted: Finished | None) -> Run:
    """The run, if it is this repository's, has ended, and is the one that the event tells of."""
    if run.repository.lower() != here.repository.lower():
        raise BadInput(f"the run is of {shown(run.repository)}, and this is {here.repository}")
    if wanted is not None and (run.id, run.attempt, run.head) != (wanted.run, wanted.attempt, wanted.head):
        raise BadInput(f"the event tells of another commit or attempt of run {run.id} than GitHub does")
    if run.status != "completed":
        raise BadInput(f"run {run.id} has not ended; its verdicts are posted when it has")
    payloads.commit(run.head, "run's head_sha")
    return run


def _subject(here: Subject, run: Run, pull: int) -> Subject:
    """What the run was about, in whose name its comments stand."""
    return replace(
        here,
        head=run.head,
        run_id=run.id,
        attempt=run.attempt,
        workflow=run.workflow[:1_000],
        job=JOB,
        pull_request=pull,
        base=None,
        base_ref=None,
        head_ref=run.branch,
        is_fork=run.is_fork,
    )


def _silent(runner: Runner, why: str) -> int:
    runner.annotate("notice", "No comment", why)
    runner.summary(f"_{plain(why, limit=500)}_")
    runner.output("summary", plain(why, limit=300))
    return PASSED


class _Telling:
    """The comments of one run on its pull request."""

    def __init__(self, runner: Runner, github: GitHub, run: Run, subject: Subject, pull: int) -> None:
        self._runner, self._github, self._run = runner, github, run
        self._subject, self._pull = subject, pull
        self._urls: list[str] = []
        self._codes = {PASSED}

    def all(self) -> int:
        """Each model's verdict; "not judged" where an earlier one stands that this run says nothing of."""
        try:
            found = decisions_of_run(self._github, self._subject)
        except BadInput as error:
            self._report(error)
            self._retract(frozenset(), {}, str(error))
            return max(self._codes)
        context = Context(
            policy_note=STATED, run_url=self._subject.run_url, incomplete=_incomplete(self._run, found)
        )
        told: list[OfModel] = []
        bad: dict[str, SeatrialError] = {}
        for of in found:
            fault = of.fault or self._post(of, context)
            if fault is None:
                told.append(of)
            else:
                self._report(fault)
                bad[of.model] = fault
        ended = f"the run ended as {shown(self._run.conclusion)} and brought no verdict of it"
        self._retract({of.decisions[0].model.name for of in told}, bad, ended)
        self._say(told, bad, context)
        return max(self._codes)

    def _post(self, of: OfModel, context: Context) -> SeatrialError | None:
        """Tell a model's verdict, or why it cannot be shown."""
        if of.older:
            gates = ", ".join(of.older)
            note = f"From an earlier attempt of this run, since this one left it out: {gates}."
            context = replace(context, notes=(note,))
        try:
            summary, body = markdown.summary(of.decisions, context), markdown.comment(of.decisions, context)
        except Exception as error:  # what nobody foresaw ends its own model and no other
            return BadInput(f"the verdict of {of.model} cannot be shown ({type(error).__name__})")
        self._runner.summary(summary)
        self._deliver(of.decisions[0].model.name, body, create=True)
        return None

    def _retract(self, judged: Collection[str], bad: Mapping[str, SeatrialError], otherwise: str) -> None:
        """Edit what stands of models that this run did not judge; where nothing stands, make nothing."""
        try:
            models = standing(self._github, self._subject.repository, self._pull, self._subject.workflow, JOB)
        except SeatrialError as error:
            self._report(error)
            return
        for model in sorted(models.keys() - judged):
            fault = bad.get(safe_name(model))
            reason = otherwise if fault is None else str(fault)
            self._deliver(model, markdown.not_judged(model, self._subject.head, reason), create=False)

    def _deliver(self, model: str, body: str, *, create: bool) -> None:
        try:
            posted = publishing.deliver(self._github, self._subject, self._pull, model, body, create=create)
        except SeatrialError as error:
            self._report(error)
            return
        publishing.tell_superseded(self._runner, posted)
        self._urls += [posted.url] if posted.url and create else []

    def _report(self, error: SeatrialError) -> None:
        self._runner.report_error(error)
        self._codes.add(error.exit_code)

    def _say(self, good: list[OfModel], bad: Mapping[str, SeatrialError], context: Context) -> None:
        decisions = [decision for of in good for decision in of.decisions]
        if not decisions:
            told = f"Run {self._run.id} ended as {shown(self._run.conclusion)}"
            why = f"{told} and brought no verdict that counts. Earlier comments now say so; none was made."
            self._runner.annotate("notice", "No comment", why)
            self._runner.output("summary", plain(why, limit=300))
            return
        verdict = overall(decision.verdict for decision in decisions)
        if verdict is Verdict.PASSED and (bad or context.incomplete):
            verdict = Verdict.INCONCLUSIVE
        self._runner.output("verdict", str(verdict))
        self._runner.output("url", next(iter(self._urls), ""))
        self._runner.output("summary", plain(f"{verdict}: {words.why(decisions)}", limit=300))


def _incomplete(run: Run, found: list[OfModel]) -> str | None:
    """Why a pass would not be the whole truth: the run failed, and no verdict of it is the reason."""
    explained = any(of.fault is not None or any(map(exit_code, of.decisions)) for of in found)
    if run.conclusion == SUCCESS or explained:
        return None
    return (
        f"The run ended as {shown(run.conclusion)}, and no verdict of it says why: a gate broke off before "
        "it decided, or a job failed that is no gate. See the run's log."
    )
