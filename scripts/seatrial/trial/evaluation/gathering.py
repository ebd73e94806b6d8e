"""From files to aligned rows: the data, the predictions of both arms, and what joins them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from seatrial.decision import DataFile
from seatrial.engines.tables.joining import join
from seatrial.engines.tables.reading import read_table
from seatrial.engines.tables.table import Table
from seatrial.gates.budgets import Cost
from seatrial.gates.evaluation import Arms, Slices
from seatrial.policy.metrics import METRICS
from seatrial.policy.model import Evaluate, Policy
from seatrial.predictors.columns import Predicted, predicted, truth
from seatrial.predictors.labels import classes_of
from seatrial.stats.rows import Rows
from seatrial.trial.call import Call
from seatrial.trial.evaluation.sources import Arm, baseline_of, candidate_of


@dataclass(frozen=True, eq=False)
class Gathered:
    """What the evaluation gate judges. no_baseline: why there is none, where there is none."""

    arms: Arms
    slices: Mapping[str, Slices]
    cost: Cost
    data: tuple[DataFile, ...]
    digest: str
    no_baseline: str
    notes: tuple[str, ...]


def gather(policy: Policy, call: Call) -> Gathered:
    """Read and align everything. Raises BadInput where a file is not what the policy says."""
    asked, task = policy.evaluation, policy.model.task
    candidate = candidate_of(policy, call)
    baseline, no_baseline = baseline_of(policy, call)
    found = [candidate] if baseline is None else [candidate, baseline]
    columns = _columns(asked).union(*(arm.columns for arm in found))
    data = read_table(call.root / asked.data, name=asked.data, columns=columns, root=call.root)
    declared = classes_of(data, asked.label, [], asked.classes) if task == "multiclass" else ()
    # The baseline first, and read before the change's code runs, which could meddle with either.
    tables = [arm.predict(data, declared) for arm in reversed(found)][::-1]
    classes = classes_of(data, asked.label, tables, asked.classes) if task == "multiclass" else ()
    label = truth(data, asked.label, task, positive=asked.positive, classes=classes)
    cluster = None if asked.cluster is None else data.codes(asked.cluster)[1]
    shared = Rows(task, label=label, cluster=cluster)
    notes = [arm.note for arm in found if arm.note is not None]
    read = [_read(policy, data, arm, table, classes, notes) for arm, table in zip(found, tables, strict=True)]
    rows = [
        replace(shared, score=p.score, probabilities=p.probabilities, prediction=p.prediction) for p in read
    ]
    arms = Arms(
        rows[0],
        rows[1] if baseline else None,
        read[0].values,
        read[1].values if baseline else {},
    )
    files = [data, *(table for arm, table in zip(found, tables, strict=True) if arm.model is None)]
    return Gathered(
        arms,
        _slices(asked, data),
        _cost(asked, candidate, data),
        tuple(DataFile(path=t.path, sha256=t.sha256, rows=t.rows) for t in files),
        candidate.digest or tables[0].sha256,
        no_baseline,
        tuple(dict.fromkeys(notes)),
    )


def _read(
    policy: Policy, data: Table, arm: Arm, table: Table, classes: tuple[str, ...], notes: list[str]
) -> Predicted:
    """One arm's predictions in the order of the data; what a reader should know goes into notes."""
    asked = policy.evaluation
    read = predicted(
        table,
        policy.model.task,
        needs=_needs(asked),
        positive=asked.positive,
        classes=classes,
        values=sorted({m.column for m in asked.metrics.values() if m.column is not None}),
    )
    notes += read.notes
    if not arm.keyed:
        return read
    joined = join(data, table, asked.key)
    notes += [joined.note] if joined.note is not None else []
    return read.take(joined.rows)


def _cost(asked: Evaluate, candidate: Arm, data: Table) -> Cost:
    budgets = asked.budgets
    timed = budgets is not None and (budgets.latency_p50 is not None or budgets.latency_p95 is not None)
    return Cost(candidate.timed(data, asked.features) if timed else None, candidate.size)


def _columns(asked: Evaluate) -> set[str]:
    columns = {asked.label, *asked.key}
    if asked.cluster is not None:
        columns.add(asked.cluster)
    for part in (asked.slices, asked.fairness):
        columns |= set(part.by if part else ())
    return columns


def _slices(asked: Evaluate, data: Table) -> dict[str, Slices]:
    columns = {name for part in (asked.slices, asked.fairness) if part for name in part.by}
    return {name: Slices.of(name, *data.codes(name)) for name in columns}


def _needs(asked: Evaluate) -> dict[str, str]:
    """What the metrics need of the predictions, each with the name of a metric that does."""
    named = dict(asked.metrics)
    if asked.slices is not None:
        named |= asked.slices.metrics
    needs: dict[str, str] = {
        metric.info(name).needs: name for name, metric in named.items() if metric.column is None
    }
    for name in asked.fairness.gaps if asked.fairness is not None else ():
        needs[METRICS[name].needs] = name
    return needs
