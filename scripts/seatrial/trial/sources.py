"""Where the predictions of each arm come from: a file, a command, or a model that we run."""

from dataclasses import dataclass
from pathlib import Path

from seatrial.engines.table import Table
from seatrial.engines.tables import read_table
from seatrial.errors import BadInput
from seatrial.gates.evaluation import NO_BASELINE
from seatrial.policy.model import Evaluate
from seatrial.trial.call import Call

LATER = {
    "artifact": "a baseline from an artifact",
    "retrain": "a baseline that is trained again",
    "champion": "a baseline from the registry",
}


@dataclass(frozen=True, eq=False)
class Source:
    """One arm's predictions. keyed: to be joined by key; else its rows are already those of the data."""

    table: Table
    digest: str
    keyed: bool = True


def candidate_of(asked: Evaluate, data: Table, call: Call) -> Source:
    """The candidate's predictions."""
    if asked.predictions is not None:
        table = read_table(
            call.root / asked.predictions, name=asked.predictions, columns=None, root=call.root
        )
        return Source(table, table.sha256)
    raise BadInput("only `predictions` is known")


def baseline_of(asked: Evaluate, data: Table, call: Call) -> tuple[Source | None, str]:
    """The baseline's predictions, or why there are none."""
    if asked.baseline is None:
        return None, NO_BASELINE
    kind, value = asked.baseline.kind, str(asked.baseline.value)
    if kind in LATER:
        raise BadInput(
            f"{LATER[kind]} is not in this version of Seatrial; use `path` or `branch`"
        )
    if kind == "path":
        table = read_table(call.root / value, name=value, columns=None, root=call.root)
        return Source(table, table.sha256), ""
    if call.subject.base is None:
        return None, "there is no base branch to take the baseline from"
    content = call.source.read_at(call.subject.base, value)
    if content is None:
        return None, "the base branch has no such file yet (first release)"
    copy = call.scratch / f"baseline{Path(value).suffix}"
    copy.write_bytes(content)
    table = read_table(copy, name=f"{value} (base)", columns=None, root=call.scratch)
    return Source(table, table.sha256), ""
