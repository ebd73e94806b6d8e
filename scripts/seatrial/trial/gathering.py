"""From files to aligned rows: the data, the predictions of both arms, and what joins them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from seatrial.decision import DataFile
from seatrial.engines.joining import join
from seatrial.engines.table import Table
from seatrial.engines.tables import read_table
from seatrial.gates.evaluation import Arms, Slices
from seatrial.policy.model import Evaluate, Policy
from seatrial.predictors.columns import Predicted, predicted, truth
from seatrial.predictors.labels import classes_of
from seatrial.stats.rows import Rows
from seatrial.trial.call import Call
from seatrial.trial.sources import Source, baseline_of, candidate_of


@dataclass(frozen=True, eq=False)
class Gathered:
    """What the evaluation gate judges. no_baseline: why there is none, where there is none."""

    arms: Arms
    slices: Mapping[str, Slices]
    data: tuple[DataFile, ...]
    candidate: Source
    no_baseline: str
    notes: tuple[str, ...]


def gather(policy: Policy, call: Call) -> Gathered:
    """Read and align everything. Raises BadInput where a file is not what the policy says."""
    asked = policy.evaluate
    data = read_table(call.root / asked.data, name=asked.data, columns=_columns(asked), root=call.root)
    candidate = candidate_of(asked, data, call)
    baseline, no_baseline = baseline_of(asked, data, call)
    tables = [arm.table for arm in (candidate, baseline) if arm is not None]
    classes = (
        classes_of(data, asked.label, tables, asked.classes) if policy.model.task == "multiclass" else ()
    )
    label = truth(data, asked.label, policy.model.task, positive=asked.positive, classes=classes)
    cluster = None if asked.cluster is None else data.codes(asked.cluster)[1]
    shared = Rows(policy.model.task, label=label, cluster=cluster)
    notes: list[str] = []

    def arm(source: Source) -> tuple[Rows, Predicted]:
        read = predicted(
            source.table,
            policy.model.task,
            needs=_needs(asked),
            positive=asked.positive,
            classes=classes,
            values=sorted({m.column for m in asked.metrics.values() if m.column is not None}),
        )
        joined = join(data, source.table, asked.key if source.keyed else ())
        if joined.note is not None and source.keyed:
            notes.append(joined.note)
        notes.extend(read.notes)
        found = read.take(joined.rows)
        rows = replace(
            shared, score=found.score, probabilities=found.probabilities, prediction=found.prediction
        )
        return rows, found

    rows, found = arm(candidate)
    base_rows, base_found = arm(baseline) if baseline is not None else (None, None)
    arms = Arms(rows, base_rows, found.values, base_found.values if base_found else {})
    files = [DataFile(path=t.path, sha256=t.sha256, rows=t.rows) for t in (data, *tables)]
    return Gathered(arms, _slices(asked, data), tuple(files), candidate, no_baseline, tuple(notes))


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
    needs = {metric.info(name).needs: name for name, metric in named.items() if metric.column is None}
    if asked.fairness is not None:
        needs |= {gap.info(name).needs: name for name, gap in asked.fairness.gaps.items()}
    return dict(needs)
