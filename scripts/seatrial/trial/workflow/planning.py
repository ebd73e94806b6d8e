"""Which jobs a run has for each policy: what the policies that count ask for, as a matrix of models."""

from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from seatrial.decision import DATA, EVALUATION, LINT, TRAINING
from seatrial.errors import BadInput, CouldNotDecide, Location, PolicyInvalid
from seatrial.forge.contents import Source, clean_path, read_checkout
from seatrial.forge.event import Subject
from seatrial.forge.reviewed_policy import POLICY_LIMIT, choose_policy
from seatrial.policy import parse
from seatrial.policy.model import Policy
from seatrial.text import shown
from seatrial.trial.workflow.artifact_names import safe_name
from seatrial.trial.workflow.plan import GATE_OF_JOB, Plan

MOST_MODELS = 100  # a matrix has at most 256 legs, and each is a handful of jobs
_WILD = frozenset("*?[")


def plan_of(policy: Policy, path: str, subject: Subject) -> Plan:
    """The jobs that one policy asks for."""
    gates = policy.gates
    asked = policy.evaluate
    predicts = asked is not None and asked.predict is not None
    planned = {LINT: LINT in gates, DATA: DATA in gates, "train": TRAINING in gates}
    kind = asked.baseline.kind if asked is not None and asked.baseline is not None else None
    planned |= {"predict": predicts or kind == "retrain", "judge": EVALUATION in gates}
    if kind == "artifact":
        raise BadInput(
            "a baseline from an artifact of another run needs `actions: read`, which ci.yml does not hold; "
            "fetch it in a job before, hand it on as `data-artifact-id`, and name it as `path`",
            location=policy.place("evaluate", "baseline", "artifact"),
        )
    train = policy.train
    requirements = (train.requirements if train else None) or (asked.requirements if asked else None)
    prepared = policy.prepare is not None
    return Plan(
        policy=path,
        model=safe_name(policy.model.name),
        gates=gates,
        jobs=tuple(job for job in GATE_OF_JOB if planned[job]),
        full=train is not None and train.full is not None,
        prepare=prepared,
        requirements=requirements or "",
        base=subject.base or "",
    )


def plans_of(
    paths: Sequence[str],
    root: Path,
    subject: Subject,
    source: Source,
    look: Callable[[Plan, Policy], None] = lambda plan, policy: None,
) -> list[Plan]:
    """A plan for each policy. Every broken one is told at once. look: sees each plan with its policy."""
    plans: list[Plan] = []
    faults: list[BadInput] = []
    for path in paths:
        try:
            text = choose_policy(subject, path, root, source).text
            policy = parse(text, path)
            plans.append(plan_of(policy, path, subject))
            look(plans[-1], policy)
        except PolicyInvalid as error:
            faults += error.faults
        except BadInput as error:
            faults.append(error)
    if faults:
        raise PolicyInvalid(faults)
    _refuse_twice(plans)
    return plans


def named(patterns: Sequence[str], root: Path, subject: Subject, source: Source) -> list[str]:
    """The policies that the lines name, in their order; a pattern also names those that a change removes."""
    found: dict[str, None] = {}
    for line in patterns:
        path = clean_path(line)
        if not _WILD & set(path):
            found[path] = None
            continue
        matches = sorted({*_there(path, root), *_removed(path, root, subject, source)})
        if not matches:
            raise BadInput(
                f"the input `policy` names {shown(path)}, and no file matches it; check the pattern"
            )
        found |= dict.fromkeys(matches)
    if not found:
        raise BadInput("the input `policy` names no file; write one path or pattern per line")
    if len(found) > MOST_MODELS:
        raise BadInput(
            f"the input `policy` names {len(found)} policies; expected at most {MOST_MODELS}: call the "
            "workflow twice"
        )
    return list(found)


def _there(pattern: str, root: Path) -> list[str]:
    try:
        found = [path for path in root.glob(pattern) if ".git" not in path.relative_to(root).parts]
    except (ValueError, NotImplementedError, IndexError):
        raise BadInput(
            f"the input `policy` names {shown(pattern)}, which is no pattern; write `*` for a part of a path"
        ) from None
    names = [str(path.relative_to(root)) for path in found if path.is_file() or path.is_symlink()]
    return [name for name in names if read_checkout(root, name, POLICY_LIMIT) is not None]


def _removed(pattern: str, root: Path, subject: Subject, source: Source) -> list[str]:
    """Policies at the base commit that the change touches: removing a policy is no escape from it.

    Whatever lies in its place now. A folder there, or one reached by a link, is not what `_there` lists.
    """
    if not subject.compares or subject.base is None:
        return []
    changed = source.changed_files(subject.base, subject.head)
    if changed is None or not changed.complete:
        raise CouldNotDecide(
            f"which policies {shown(pattern)} names at the base commit cannot be told, since what the change "
            "removes is not known; check out with `fetch-depth: 0`, or name each policy on a line of its own"
        )
    meant = [name for name in changed.paths if _means(pattern.split("/"), name.split("/"))]
    return [name for name in meant if source.read_at(subject.base, name, POLICY_LIMIT) is not None]


def _means(wanted: Sequence[str], names: Sequence[str]) -> bool:
    """Whether a pattern matches a path as `Path.glob` does, whatever sign the names begin with."""
    if not wanted:
        return not names
    if wanted[0] == "**":
        return any(_means(wanted[1:], names[at:]) for at in range(len(names) + 1))
    return bool(names) and fnmatchcase(names[0], wanted[0]) and _means(wanted[1:], names[1:])


def _refuse_twice(plans: Sequence[Plan]) -> None:
    seen: dict[str, str] = {}
    for plan in plans:
        other = seen.setdefault(plan.model.casefold(), plan.policy)
        if other != plan.policy:
            raise BadInput(
                f"the model {shown(plan.model)} has a policy in {shown(other)} too; give each model a "
                "name of its own under model.name, since its artifacts bear it",
                location=Location(plan.policy),
            )
