"""The policy as a model: every key, its kind and its meaning. The schema and the reference come from here."""

from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator, Field, PrivateAttr

from seatrial.decision import DATA, EVALUATION, LINT, TRAINING
from seatrial.errors import Location
from seatrial.policy.data import Data
from seatrial.policy.fields import (
    Between,
    Column,
    Columns,
    CommandLine,
    Date,
    Duration,
    Label,
    Labels,
    Name,
    OneOf,
    Path,
    Size,
    Text,
    Whole,
)
from seatrial.policy.limits import Gap, Gaps, Metric, Metrics, Section
from seatrial.policy.lint import Lint
from seatrial.policy.metrics import TASKS, Task
from seatrial.policy.prepare import Prepare
from seatrial.policy.train import Train
from seatrial.policy.units import duration
from seatrial.policy.values import listed
from seatrial.policy.yaml import Document

BaselineKind = Literal["path", "branch", "artifact", "retrain", "champion"]

BASELINES: tuple[BaselineKind, ...] = get_args(BaselineKind)
DEFAULT_TIME = "10m"


class Model(Section):
    """The model on trial."""

    name: Name
    """What the model is called in comments, reports and artifacts."""
    task: Annotated[Task, OneOf(TASKS)]
    """What it predicts: one of two classes, one of several, or a number."""


class Waiver(Section):
    """A failed or inconclusive check that does not count for a while."""

    check: Text
    """The id of the check, as the comment shows it, such as evaluation/roc_auc/min."""
    reason: Text
    """Why it may be so; shown wherever the check is."""
    until: Date
    """The last day on which the waiver counts, such as 2027-03-31."""


class Slices(Section):
    """Conditions that every part of the rows must meet."""

    by: Columns
    """The columns whose values make the slices, one column at a time."""
    min_rows: Annotated[int, Whole(1, 1_000_000_000)] = 100
    """Slices with fewer rows are listed and not judged."""
    metrics: Metrics
    """Limits for each metric, as in evaluate.metrics; settings not repeated here are taken from there."""


class Fairness(Section):
    """Limits on the differences between groups."""

    by: Columns
    """The columns whose values make the groups, one column at a time."""
    min_rows: Annotated[int, Whole(1, 1_000_000_000)] = 100
    """Groups with fewer rows are listed and not compared."""
    gaps: Gaps
    """For each metric, the largest difference between two groups that you accept."""


class Budgets(Section):
    """What the model may cost to serve."""

    latency_p50: Duration | None = None
    """The most that half of the single-row predictions may take; measured on an ONNX model."""
    latency_p95: Duration | None = None
    """The most that 95 % of the single-row predictions may take; measured on an ONNX model."""
    size: Size | None = None
    """The most that the model file may have."""


class BaselineSource(Section):
    """Where the baseline comes from; exactly one of the keys."""

    path: Path | None = None
    """A file of the checkout: a model, or its predictions."""
    branch: Path | None = None
    """That file as it is on the base branch of the pull request."""
    artifact: Text | None = None
    """An artifact of the newest run of the base branch that has one of this name."""
    retrain: Annotated[bool | None, OneOf((True,))] = None
    """Train the code of the base branch again, by train.full and with its own requirements."""
    champion: Annotated[bool | None, OneOf((True,))] = None
    """The registry's model in production. Not in this version of Seatrial."""

    @property
    def kind(self) -> BaselineKind:
        """Which of the keys is set."""
        return next(kind for kind in BASELINES if getattr(self, kind) is not None)

    @property
    def value(self) -> str | bool:
        """What it is set to."""
        found: str | bool = getattr(self, self.kind)
        return found


class Evaluate(Section):
    """The evaluation gate: the candidate's predictions on labelled rows against your limits."""

    label: Column
    """The column of the data that holds the truth."""
    data: Path = ""
    """The labelled rows (CSV or Parquet); data.test where it is left out."""
    positive: Label | None = None
    """The label that counts as 1, for a binary task; without it labels are 0 and 1, or true and false."""
    classes: Labels | None = None
    """The labels in the order of the model's outputs, for a multiclass task."""
    key: Columns = ()
    """The columns that name one row; data.key where it is left out. With none, rows match by order."""
    cluster: Column | None = None
    """The column whose equal values mark rows that belong together and are not independent."""
    model: Path | None = None
    """The candidate as an ONNX file that Seatrial runs; beside predict, the file that {model} stands for."""
    predictions: Path | None = None
    """The candidate's predictions as a file (CSV or Parquet)."""
    predict: CommandLine | None = None
    """Your command that reads {data}, which lacks the label, and writes predictions to {out}."""
    features: Columns | None = None
    """The columns, in order, that are fed to an ONNX model with a single input."""
    time: Duration = duration(DEFAULT_TIME)
    """How long the predict command may run."""
    memory: Size | None = None
    """How much memory the predict command and its children may hold."""
    requirements: Path | None = None
    """The requirements file of the predict command."""
    baseline: BaselineSource | None = None
    """What the candidate must not be worse than."""
    alpha: Annotated[float, Between(0, 0.5)] = 0.05
    """The chance that you accept of passing a model whose truth lies beyond a limit."""
    metrics: Metrics
    """Limits for each metric, over all rows."""
    slices: Slices | None = None
    """Limits over parts of the rows."""
    fairness: Fairness | None = None
    """Limits on the differences between groups of rows."""
    budgets: Budgets | None = None
    """Limits on latency and size."""

    @property
    def candidate(self) -> Literal["model", "predictions", "predict"]:
        """Which kind of candidate it is."""
        if self.predict is not None:
            return "predict"
        return "predictions" if self.predictions is not None else "model"


class Policy(Section):
    """The policy of one model."""

    version: Annotated[Literal[1], OneOf((1,))]
    """The version of this format."""
    model: Model
    """The model on trial."""
    mode: Annotated[Literal["enforce", "advisory"], OneOf(("enforce", "advisory"))] = "enforce"
    """Whether a verdict that is not passed fails the step, or is only shown."""
    inconclusive: Annotated[Literal["block", "allow"], OneOf(("block", "allow"))] = "block"
    """Whether an inconclusive verdict fails the step."""
    seed: Annotated[int, Whole(0, 2**32 - 1)] = 0
    """The seed of everything random, so that the same inputs give the same Decision."""
    prepare: Prepare | None = None
    """What fetches or makes the data, before the gates that read them."""
    lint: Lint | None = None
    """The lint gate; a list of commands is its short form."""
    data: Data = Field(default_factory=Data)
    """The files of rows, and the data gate."""
    train: Train | None = None
    """The training gate, and the training of the candidate."""
    evaluate: Evaluate | None = None
    """The evaluation gate."""
    waivers: Annotated[tuple[Waiver, ...], BeforeValidator(listed)] = ()
    """Checks that do not count for a while."""

    _document: Document = PrivateAttr()

    @property
    def gates(self) -> tuple[str, ...]:
        """The gates that the policy asks for, in the order in which they run."""
        found = (
            (LINT, self.lint is not None),
            (DATA, self.data.asks),
            (TRAINING, self.train is not None),
            (EVALUATION, self.evaluate is not None),
        )
        return tuple(gate for gate, asked in found if asked)

    @property
    def evaluation(self) -> Evaluate:
        """The section evaluate, of a policy that has it."""
        assert self.evaluate is not None, "asked for by a gate that the policy does not mention"
        return self.evaluate

    @property
    def file(self) -> str:
        """The path of the policy as it was given to `parse`."""
        return self._document.file

    @property
    def sha256(self) -> str:
        """SHA-256 of the bytes of the policy file."""
        return self._document.sha256

    def written(self, *path: str) -> object:
        """An entry of mappings as the file has it, without defaults; None where there is none."""
        found: object = self._document.data
        for part in path:
            found = found.get(part) if isinstance(found, dict) else None
        return found

    def place(self, *path: str | int) -> Location:
        """Where an entry stands in the file: its key, or the nearest entry around it."""
        return self._document.place(path)


__all__ = [
    "BaselineSource",
    "Budgets",
    "Data",
    "Evaluate",
    "Fairness",
    "Gap",
    "Lint",
    "Metric",
    "Model",
    "Policy",
    "Prepare",
    "Slices",
    "Train",
    "Waiver",
]
