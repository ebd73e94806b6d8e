"""The action `verdict`: the last step of a run, which says whether all of it is a pass."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from seatrial.actions import ACTIONS, read_inputs
from seatrial.decision import overall
from seatrial.errors import BadInput
from seatrial.forge.runner import Runner
from seatrial.report import run_table
from seatrial.report.text import plain
from seatrial.trial.surroundings import read_subject
from seatrial.trial.workflow.aggregating import code_of, faults_of, lines_of, read_results
from seatrial.trial.workflow.plan import Plan


def run_verdict(environ: Mapping[str, str], runner: Runner) -> int:
    """Whether the run is a pass, and why not."""
    inputs = read_inputs(ACTIONS["verdict"], environ)
    subject = read_subject(environ)
    results = read_results(inputs["results"])
    plans = _plans(inputs["plan"]) if inputs["plan"] else []
    jobs = tuple(name for part in inputs["jobs"].split(",") if (name := part.strip()))
    if not jobs and len(plans) != 1:
        raise BadInput("the input `jobs` is missing; of several plans name the jobs that must succeed")
    faults = faults_of(jobs or plans[0].jobs, results)
    lines = lines_of(plans, Path(inputs["decisions"] or os.devnull), results, subject.head, subject.attempt)
    code = code_of(faults, lines)
    for said in run_table.terminal(lines):
        runner.say(said)
    wrong = [*faults, *(f"{x.model}: {x.gate}: {x.wrong}" for x in lines if x.wrong is not None)]
    for fault in wrong:
        runner.annotate("error", "Not a pass", plain(fault, 400))
    runner.summary(run_table.summary(lines, faults))
    verdict = str(overall(x.decision.verdict for x in lines if x.decision is not None)) if lines else ""
    runner.output("verdict", verdict if not wrong or verdict == "failed" else "inconclusive")
    runner.output("summary", run_table.in_a_line(lines, faults))
    return code


def _plans(text: str) -> list[Plan]:
    try:
        found = json.loads(text)
        return [Plan.from_json(json.dumps(each)) for each in (found if isinstance(found, list) else [found])]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise BadInput("the input `plan` is not what the action `plan` told; pass its output on") from None
