"""Whether a run is a pass: exactly the planned jobs succeeded, and each gate's Decision lets it through.

Results come from the runner; Decisions from artifacts, which are held against the digests that the jobs
told. Nothing that is missing is a pass.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from seatrial.decision import Decision, digest, exit_code
from seatrial.errors import BadInput, SeatrialError
from seatrial.gates.rejudging import disagreements
from seatrial.report.run_table import Line
from seatrial.text import shown
from seatrial.trial.rejudge import read_decision
from seatrial.trial.workflow.artifact_names import parse_name, safe_name
from seatrial.trial.workflow.plan import GATE_OF_JOB, Plan

SUCCESS, SKIPPED = "success", "skipped"
_RESULTS = frozenset({SUCCESS, "failure", "cancelled", SKIPPED})
_JOB_OF_GATE = {gate: job for job, gate in GATE_OF_JOB.items() if gate}


@dataclass(frozen=True)
class Result:
    """How a job ended, and what it told."""

    result: str
    outputs: Mapping[str, str] = field(default_factory=dict)


def read_results(text: str) -> dict[str, Result]:
    """The jobs that `toJSON(needs)` tells. Raises BadInput."""
    try:
        found = json.loads(text)
        read = {str(name): _result(job) for name, job in found.items()}
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise BadInput("the input `results` is not what `toJSON(needs)` gives; pass that") from None
    return read


def _result(job: Any) -> Result:
    result = job["result"] if isinstance(job, dict) and "result" in job else None
    if result not in _RESULTS:
        raise ValueError("no result")
    outputs = job.get("outputs") or {}
    return Result(result, {str(name): str(value) for name, value in outputs.items()})


def faults_of(planned: Sequence[str], results: Mapping[str, Result]) -> list[str]:
    """Why the jobs are no pass: each that was planned must have succeeded, and no other may have run."""
    found = []
    for job in planned:
        result = results[job].result if job in results else "missing"
        if result != SUCCESS:
            found.append(f"{job}: {_TOLD.get(result, 'failed')}{_where(job, result)}")
    for job, done in results.items():
        if job not in planned and done.result != SKIPPED:
            found.append(f"{shown(job)}: ran ({done.result}), and was not planned")
    return found


def _where(job: str, result: str) -> str:
    """Where the reason is: a job that did not run has no log, and one for several models has one for each."""
    if result in (SKIPPED, "missing"):
        return ""
    return f"; see the log of the job `{job}`" if job in _LOGS else "; see the logs of its jobs"


_LOGS = frozenset({"plan", *GATE_OF_JOB})
_TOLD = {
    "failure": "failed",
    "cancelled": "was cancelled",
    SKIPPED: "was skipped, which is no pass",
    "missing": "is missing, which is no pass",
}


def lines_of(
    plans: Sequence[Plan], folder: Path, results: Mapping[str, Result], head: str, attempt: int
) -> list[Line]:
    """A line for each planned gate of each model. results: of the model's jobs, where they are known."""
    return [line for plan in plans for line in _of_model(plan, folder, results, head, attempt)]


def _of_model(
    plan: Plan, folder: Path, results: Mapping[str, Result], head: str, attempt: int
) -> Iterator[Line]:
    for gate in plan.gates:
        job = results.get(_JOB_OF_GATE[gate])
        file = _newest(folder, plan.model, gate, attempt)
        if file is None:
            told = "did not decide" if job is None or job.result != SKIPPED else "did not run"
            yield Line(plan.model, gate, None, f"{told}: there is no Decision")
            continue
        try:
            decision = read_decision(file / f"{gate}.json", f"{file.name}/{gate}.json")
        except SeatrialError as error:
            yield Line(plan.model, gate, None, shown(str(error), 300))
            continue
        wrong = _foreign(decision, plan, gate, head) or _changed(decision, job)
        if wrong is not None:  # whatever it says, it is not the Decision of this gate
            yield Line(plan.model, gate, None, wrong)
            continue
        yield Line(plan.model, gate, decision, _refusal(decision))


def _newest(folder: Path, model: str, gate: str, most: int) -> Path | None:
    """The artifact of the newest attempt: where one job is run again, the others keep theirs."""
    if not folder.is_dir():
        return None
    if (folder / f"{gate}.json").is_file():  # a single artifact is brought without a folder of its name
        return folder
    found: dict[int, Path] = {}
    for path in folder.iterdir():
        name = parse_name(path.name)
        if name is not None and (name.model, name.gate) == (model, gate) and name.attempt <= most:
            found[name.attempt] = path
    return found[max(found)] if found else None


def _foreign(decision: Decision, plan: Plan, gate: str, head: str) -> str | None:
    if decision.gate != gate or safe_name(decision.model.name) != plan.model:
        return f"its Decision is about {shown(decision.gate)} of {shown(decision.model.name)}"
    if decision.subject.head != head:
        return f"its Decision is about commit {shown(decision.subject.head)}"
    wrong = disagreements(decision)
    return f"its verdict does not follow from its evidence ({shown(wrong[0], 200)})" if wrong else None


def _changed(decision: Decision, job: Result | None) -> str | None:
    told = job.outputs.get("decision-sha256") if job is not None else None
    if told and told != digest(decision):
        return "its Decision is not the one that the job made: their digests differ"
    return None


def _refusal(decision: Decision) -> str | None:
    code = exit_code(decision)
    return None if code == 0 else str(decision.verdict)


def code_of(faults: Sequence[str], lines: Sequence[Line]) -> int:
    """0 for a pass; 1 where a gate said no; else 3, since something that was asked for is not known."""
    codes = {exit_code(line.decision) for line in lines if line.decision is not None}
    if 1 in codes:
        return 1
    whole = bool(lines) and not faults and all(line.wrong is None for line in lines)
    return 0 if whole else 3
