"""Policies and base commits for tests of what a run is planned by."""

from seatrial.forge.answers import ChangedFiles
from seatrial.forge.contents import READ_LIMIT
from seatrial.forge.event import Subject
from seatrial.policy import parse
from seatrial.trial.workflow.plan import Plan
from seatrial.trial.workflow.planning import plan_of

HEAD, BASE = "a" * 40, "b" * 40
TOP = "version: 1\nmodel: {name: NAME, task: binary}\n"
EVALUATE = "evaluate: {label: late, data: t.csv, CANDIDATE, metrics: {roc_auc: {min: 0.5}}BASELINE}\n"
DATA = "data: {train: t.csv, columns: {a: {min: 0}}}\n"
PUSH = Subject("o/r", "push", HEAD, 1, 1, "ci", "plan", "https://x", "https://y")
PULL = Subject("o/r", "pull_request", HEAD, 1, 1, "ci", "plan", "https://x", "https://y", 7, BASE)


class Base:
    """The base commit as a plain mapping. changed: what the change touches; None where nobody knows."""

    name = "a mapping"

    def __init__(self, files: dict[str, str], changed: set[str] | None = None) -> None:
        self.files, self.changed = files, changed

    def read_at(self, commit: str, path: str, limit: int = READ_LIMIT) -> bytes | None:
        found = self.files.get(path)
        return None if found is None else found.encode()

    def changed_files(self, base: str, head: str) -> ChangedFiles | None:
        return None if self.changed is None else ChangedFiles(frozenset(self.changed))


def policy(text: str, name: str = "late") -> str:
    return TOP.replace("NAME", name) + text


def evaluated(candidate: str, baseline: str = "") -> str:
    return EVALUATE.replace("CANDIDATE", candidate).replace("BASELINE", baseline)


def planned(text: str, subject: Subject = PULL) -> Plan:
    return plan_of(parse(policy(text)), "seatrial.yml", subject)
