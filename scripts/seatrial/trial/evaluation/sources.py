"""Where the predictions of each arm come from: a file, the consumer's command, or a model that we run.

An arm is prepared before the data is read, since an ONNX model says which columns it needs.
"""

import contextlib
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from seatrial.commands.environment import environment_in, refuse_if_privileged
from seatrial.commands.running import Limits
from seatrial.engines.tables.reading import read_table
from seatrial.engines.tables.table import Table
from seatrial.errors import BadInput, CouldNotDecide, Location
from seatrial.forge.contents import read_checkout
from seatrial.forge.git import Git
from seatrial.gates.phrases import NO_BASELINE
from seatrial.policy.model import Policy
from seatrial.predictors.command import predict
from seatrial.predictors.onnx import OnnxModel, latency, open_model
from seatrial.predictors.onnx import predict as run_model
from seatrial.text import shown
from seatrial.trial.call import Call
from seatrial.trial.evaluation.baseline_artifacts import Fetched, baseline_file
from seatrial.trial.evaluation.requirements import base_environment
from seatrial.trial.evaluation.retraining import retrained
from seatrial.trial.preloading import preload
from seatrial.trial.withholding import withheld

LATER = {
    "champion": "a baseline from the registry",
}
FIRST_RELEASE = "the base branch has no such file yet, so there is nothing to compare with (first release)"
NO_ARTIFACT = "no run of the base branch has left such an artifact yet (first release)"
NOT_HERE = "a baseline from an artifact is fetched by a run on GitHub; here there is none"
NO_BASE = "there is no base branch here to take the baseline from"


@dataclass(frozen=True, eq=False)
class Arm:
    """One model. columns: what it needs of the data beside label, key and slices.

    keyed: its table is joined by key; a model that we run answers in the order of the data.
    write: for a command, runs it and returns the file that it wrote. note: where it comes from, where the
    policy does not say it.
    """

    name: str
    digest: str | None
    columns: frozenset[str]
    keyed: bool
    predict: Callable[[Table, tuple[str, ...]], Table]
    model: OnnxModel | None = None
    size: int | None = None
    write: Callable[[Table], Path] | None = None
    note: str | None = None

    def timed(self, data: Table, features: tuple[str, ...] | None) -> list[float] | None:
        """Seconds of single-row predictions as they were taken; None where it is no model that we run."""
        if self.model is None:
            return None
        return [milliseconds / 1_000 for milliseconds in latency(self.model, data, features=features)]


def candidate_of(policy: Policy, call: Call) -> Arm:
    """The candidate, as the policy names it."""
    asked = policy.evaluation
    if asked.candidate == "predictions":
        return _from_file("candidate", call.root / str(asked.predictions), str(asked.predictions), call.root)
    handed = call.handed.model if _trains(policy) else None
    model = None if asked.model is None else handed or call.root / asked.model
    root = call.root if handed is None else handed.parent
    if asked.candidate == "model":
        assert model is not None
        return _from_model("candidate", policy, model, str(asked.model), root)
    if model is not None and read_checkout(root, str(model.relative_to(root))) is None:
        raise BadInput(
            f"there is no model {shown(str(asked.model))}; train it in an earlier step",
            location=policy.place("evaluate", "model"),
        )
    if call.handed.predictions is not None:  # then no command is run here, whatever was handed on
        if call.handed.predictions.candidate is None:
            raise BadInput(
                "an earlier job handed on no predictions of the candidate; run all jobs again",
                location=policy.place("evaluate", "predict"),
            )
        return _handed("candidate", call.handed.predictions.candidate, model)
    return _from_command("candidate", policy, call, model, contextlib.nullcontext(call.root))


def _trains(policy: Policy) -> bool:
    """Whether the candidate is what the full training writes."""
    full = policy.train.full if policy.train is not None else None
    return full is not None and full.model == policy.evaluation.model


def baseline_of(policy: Policy, call: Call) -> tuple[Arm | None, str]:
    """The baseline, or why there is none."""
    asked = policy.evaluation
    if asked.baseline is None:
        return None, NO_BASELINE
    kind, value = asked.baseline.kind, str(asked.baseline.value)
    handed = call.handed.predictions
    if handed is not None and (asked.candidate == "predict" or kind == "retrain"):
        if handed.baseline is None:
            return None, handed.no_baseline
        if asked.candidate == "predict":
            return _handed("baseline", handed.baseline, None), ""
        shown_as = f"{asked.model} (base, trained again)"
        return _from_model("baseline", policy, handed.baseline, shown_as, handed.baseline.parent), ""
    if kind in LATER:
        raise BadInput(
            f"{LATER[kind]} is not in this version of Seatrial; use path, branch, artifact or retrain",
            location=policy.place("evaluate", "baseline", kind),
        )
    note = None
    if kind == "path":
        path, root, shown_as = call.root / value, call.root, value
        if asked.candidate == "predict" and read_checkout(call.root, value) is None:
            raise BadInput(
                f"there is no baseline file {shown(value)}; put it there in an earlier step",
                location=policy.place("evaluate", "baseline", kind),
            )
    elif kind == "artifact":
        fetched = _fetched(policy, call, value)
        if isinstance(fetched, str):
            return None, fetched
        root, shown_as, note = call.scratch, fetched.shown_as, fetched.note
        path = root / f"baseline{fetched.suffix}"
        path.write_bytes(fetched.content)
    elif kind == "retrain":
        if call.subject.base is None:
            return None, NO_BASE
        trained = retrained(policy, call)
        if isinstance(trained, str):
            return None, trained
        path, root, shown_as = trained, call.scratch, f"{asked.model} (base, trained again)"
    else:
        if call.subject.base is None:
            return None, NO_BASE
        content = call.source.read_at(call.subject.base, value)
        if content is None:
            return None, FIRST_RELEASE
        root = call.scratch
        path = root / f"baseline{Path(value).suffix}"
        path.write_bytes(content)
        shown_as = f"{value} (base)"
    if asked.candidate == "predictions":
        return replace(_from_file("baseline", path, shown_as, root), note=note), ""
    if asked.candidate == "model":
        return replace(_from_model("baseline", policy, path, shown_as, root), note=note), ""
    code = _code_of_baseline(kind, call)
    return replace(_from_command("baseline", policy, call, path, code), note=note), ""


def _fetched(policy: Policy, call: Call, name: str) -> Fetched | str:
    """The file of a baseline that an artifact holds, or why there is none."""
    if call.subject.event == "local":
        return NOT_HERE
    if call.subject.base_ref is None:
        return NO_BASE
    place = policy.place("evaluate", "baseline", "artifact")
    if call.artifacts is None:
        raise BadInput(
            "a baseline from an artifact is fetched with a token: pass `github-token`, and give the job "
            "`permissions: {actions: read}`",
            location=place,
        )
    asked = policy.evaluation
    wanted = str(asked.model or asked.predictions or "")
    return baseline_file(call.artifacts(), call.subject, name, wanted, place) or NO_ARTIFACT


def _from_file(name: str, path: Path, shown_as: str, root: Path) -> Arm:
    table = read_table(path, name=shown_as, columns=None, root=root)
    return Arm(name, table.sha256, frozenset(), True, lambda _data, _classes: table)


def _from_model(name: str, policy: Policy, path: Path, shown_as: str, root: Path) -> Arm:
    asked = policy.evaluation
    model = open_model(path, name=shown_as, root=root)

    def predicted(data: Table, classes: tuple[str, ...]) -> Table:
        return run_model(
            model,
            data,
            task=policy.model.task,
            features=asked.features,
            positive=asked.positive,
            classes=classes,
        )

    columns = frozenset(model.columns(asked.features))
    if asked.label in columns:
        raise BadInput(
            f"the model takes {shown(asked.label)} as an input, and that is the label; train and export it "
            "without the label",
            location=Location(shown_as),
        )
    return Arm(name, model.source.sha256, columns, False, predicted, model, model.size)


def _code_of_baseline(kind: str, call: Call) -> contextlib.AbstractContextManager[Path]:
    """The folder in which the baseline's predict command runs: for `branch` the code of the base commit."""
    if kind == "path":
        return contextlib.nullcontext(call.root)
    return tree_of_base(call, "the baseline's predict command")


@contextlib.contextmanager
def tree_of_base(call: Call, what: str) -> Iterator[Path]:
    """The files of the base commit in a folder of their own, for a command that runs there."""
    base = str(call.subject.base)
    git = Git(call.base or call.root, search_path=call.environ.get("PATH", ""))
    try:
        with git.checkout_at(base, call.scratch / "base") as folder:
            yield folder
    except CouldNotDecide as error:
        raise CouldNotDecide(
            f"{what} needs the code of the base commit {base[:12]}, and git has no "
            f"history of it here ({error.message}); check out with `fetch-depth: 0`"
        ) from None


def _from_command(
    name: str,
    policy: Policy,
    call: Call,
    model: Path | None,
    code: contextlib.AbstractContextManager[Path],
) -> Arm:
    asked = policy.evaluation
    assert asked.predict is not None
    command = asked.predict
    refuse_if_privileged(call.environ)
    if call.subject.event == "pull_request_target":
        raise BadInput(
            "a predict command runs the change's own code, and a `pull_request_target` job holds the base's "
            "token and secrets; trigger this workflow on `pull_request`",
            location=policy.place("evaluate", "predict"),
        )
    preload(call)
    content = None if model is None else model.read_bytes()

    def write(data: Table) -> Path:
        limits = Limits(time=asked.time.total_seconds(), memory=asked.memory)
        with code as folder:
            environment = environment_in(call.environ, folder)
            if folder != call.root and asked.requirements is not None:
                environment = base_environment(asked.requirements, call, folder, environment, limits)
            try:
                return predict(
                    command,
                    data=data,
                    file=call.root / data.path,
                    label=asked.label,
                    model=model,
                    cwd=folder,
                    env=environment,
                    limits=limits,
                    scratch=call.scratch,
                    location=policy.place("evaluate", "predict"),
                    on_line=call.on_line,
                    root=call.root,
                    clean=withheld(call.environ),
                )
            except BadInput as error:
                if name != "baseline":
                    raise
                # It runs first, and the same command; so say whose code it was.
                raise BadInput(f"of the baseline: {error.message}", location=error.location) from None

    def predicted(data: Table, _classes: tuple[str, ...]) -> Table:
        return read_table(write(data), name=f"the {name}'s predictions", columns=None, root=call.scratch)

    digest = None if content is None else hashlib.sha256(content).hexdigest()
    size = None if content is None else len(content)
    return Arm(name, digest, frozenset(), True, predicted, None, size, write)


def _handed(name: str, file: Path, model: Path | None) -> Arm:
    """Predictions that another job of this run made; the model is looked at, and not run."""
    table = read_table(file, name=f"the {name}'s predictions", columns=None, root=file.parent)
    content = None if model is None else model.read_bytes()
    digest = None if content is None else hashlib.sha256(content).hexdigest()
    size = None if content is None else len(content)
    return Arm(name, digest, frozenset(), True, lambda _data, _classes: table, None, size)
