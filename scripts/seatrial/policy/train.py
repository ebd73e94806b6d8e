"""The training gate: the consumer's own command on a sample, and in full, as the policy writes them."""

from typing import Annotated

from seatrial.policy.fields import Columns, CommandLine, Duration, Path, Share, Size, Whole
from seatrial.policy.limits import Section
from seatrial.policy.units import duration, size

SMOKE_TIME = "10m"
FULL_TIME = "2h"
OUTPUT = "10MB"
TOLERANCE = 1e-6


class Smoke(Section):
    """Training on a small sample, in every pull request. Its model is never a candidate."""

    run: CommandLine
    """Your command; {seed}, {model} and {metrics} stand for the seed and the two files."""
    model: Path
    """The model file that the command writes."""
    metrics: Path | None = None
    """The metrics that the command writes: a JSON object of names and finite numbers, nothing nested."""
    time: Duration = duration(SMOKE_TIME)
    """How long one training may run."""
    memory: Size | None = None
    """How much memory the command and all its descendants may hold."""
    output: Size = size(OUTPUT)
    """How much of what the command prints is shown; more is cut, and said so."""
    repeat: Annotated[int, Whole(1, 10)] = 2
    """How often it is trained with the same seed, to see whether the metrics come out alike."""
    tolerance: Share = TOLERANCE
    """How far a metric may differ between repetitions, relative to the larger of the two."""
    ignore: Columns = ()
    """Metrics that need not come out alike, such as seconds."""
    beats_constant: bool = True
    """Whether an ONNX model must beat a constant prediction on the labelled rows of evaluate."""


class Full(Section):
    """Training of the candidate: the model that evaluate judges."""

    run: CommandLine
    """Your command; {seed}, {model} and {metrics} stand for the seed and the two files."""
    model: Path | None = None
    """The model file that the command writes; evaluate.model where it is left out."""
    metrics: Path | None = None
    """The metrics that the command writes, if any."""
    time: Duration = duration(FULL_TIME)
    """How long the training may run."""
    memory: Size | None = None
    """How much memory the command and all its descendants may hold."""
    output: Size = size(OUTPUT)
    """How much of what the command prints is shown; more is cut, and said so."""


class Train(Section):
    """The training gate: does the code train, and does it train the same again."""

    smoke: Smoke | None = None
    """Training on a small sample."""
    full: Full | None = None
    """Training of the candidate."""
    requirements: Path | None = None
    """The requirements file of the commands, so that a baseline that is trained again has its own."""
