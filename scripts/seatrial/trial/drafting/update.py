"""`seatrial init --update`: what changed data need of the policy, as a diff of its text."""

import difflib
import os
import shlex
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from seatrial.decision import DATA
from seatrial.errors import GATE_SAID_NO, PASSED, BadInput, Location
from seatrial.gates.data.asking import readings
from seatrial.gates.data.evidence import named_columns
from seatrial.gates.drafting.widening import BAD, needs, retyped, sorted_out
from seatrial.policy import parse
from seatrial.policy.editing import CannotEdit, Edit, edited
from seatrial.policy.model import Policy
from seatrial.text import shown
from seatrial.trial.drafting.draft import Said, refuse_subfolder, sources
from seatrial.trial.drafting.proof import judged
from seatrial.trial.drafting.survey import Survey

ROUNDS = 3  # a column of a new type has its other rules checked only then


@dataclass(frozen=True)
class Widened:
    """The text that the data pass, and what no edit settles."""

    text: str
    left: tuple[str, ...]


def update(root: Path, data: tuple[str, ...], file: str, *, write: bool) -> Said:
    """Show what the data need, or write it. Exit code 0: nothing is needed, or all of it was written."""
    refuse_subfolder(root)
    path = root / file
    try:
        content = path.read_bytes()
    except OSError as error:
        message = (
            f"cannot be read ({error.strerror}); name a policy with --policy, or draft one without --update"
        )
        raise BadInput(message, location=Location(shown(file))) from None
    policy = parse(content, file)
    if DATA not in policy.gates:
        message = (
            "asks nothing of the data; write data.columns, or draft a policy: seatrial init --out FILE DATA"
        )
        raise BadInput(message, location=policy.place("data"))
    before = content.decode("utf-8-sig")
    after = widened(root, before, file, sources(root, data) if data else {})
    diff = list(
        difflib.unified_diff(
            before.splitlines(), after.text.splitlines(), f"a/{shown(file)}", f"b/{shown(file)}", lineterm=""
        )
    )
    if write and diff:
        _replace(path, content, after.text)
    again = " ".join(["seatrial init --update", *map(shlex.quote, data)])
    again += "" if file == "seatrial.yml" else f" --policy {shlex.quote(file)}"
    return _said(file, diff, after.left, again, written=write)


def widened(root: Path, text: str, file: str, instead: Mapping[str, str]) -> Widened:
    """The policy with what the data need. instead: other files for train and test than it names."""
    left: tuple[str, ...] = ()
    for _ in range(ROUNDS):
        policy = parse(text, file)
        decision = judged(root, policy, instead)
        if not any(check.warn or check.outcome in BAD for check in decision.checks):
            return Widened(text, ())
        now = datetime.now(UTC)
        wrong = retyped(decision.checks)
        twice = any(check.metric == "duplicates" for check in decision.checks)
        seen = _survey(root, policy, instead, wrong).again(policy.data.label, duplicates=twice)
        found = needs(policy, seen, decision.checks, named_columns(policy), now)
        edits, told = sorted_out(found)
        text, refused = _with(text, file, edits)
        left = (*told, *refused)
        if len(refused) == len(edits):
            break
    return Widened(text, left)


def _survey(root: Path, policy: Policy, instead: Mapping[str, str], wrong: frozenset[str]) -> Survey:
    own = {"train": policy.data.train, "test": policy.data.test}
    files = dict(instead) or {name: path for name, path in own.items() if path is not None}
    known = tuple(reading for reading in readings(policy.data) if reading.column not in wrong)
    sets = {
        name for name, rule in policy.data.columns.items() if rule.one_of is not None
    } - policy.data.hidden
    counted = frozenset(sets | ({policy.data.label} if policy.data.label else set()))
    return Survey(root, files, known, policy.data.csv, counted)


def _with(text: str, file: str, edits: list[Edit]) -> tuple[str, list[str]]:
    """The text with as many of the edits as can be made, and which cannot."""
    try:
        return edited(text, edits, file) if edits else text, []
    except CannotEdit:
        refused = []
    for edit in edits:
        try:
            text = edited(text, [edit], file)
        except CannotEdit:
            refused.append(f"{'.'.join(map(str, edit.path))}: write it by hand: {shown(edit, 200)}")
    return text, refused


def _replace(path: Path, before: bytes, text: str) -> None:
    """Whole or not at all, through a link to where it leads, and not where it was changed meanwhile."""
    target = path.resolve()
    bom = b"\xef\xbb\xbf" if before.startswith(b"\xef\xbb\xbf") else b""
    descriptor, temporary = tempfile.mkstemp(prefix=".seatrial-", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(bom + text.encode())
        if target.read_bytes() != before:
            message = "was changed while the data were read; nothing was written"
            raise BadInput(message, location=Location(shown(path.name)))
        Path(temporary).chmod(target.stat().st_mode & 0o7777)
        os.replace(temporary, target)
    finally:
        Path(temporary).unlink(missing_ok=True)


def _said(file: str, diff: list[str], left: tuple[str, ...], again: str, *, written: bool) -> Said:
    lines = [*diff]
    if left:
        lines += [*([""] if diff else []), "for you to decide, since a wider limit may not be what you want:"]
        lines += [f"  {each}" for each in left]
    if not diff and not left:
        return Said((f"{shown(file)}: the data pass it; nothing is needed",), PASSED)
    if diff:
        lines += [
            "",
            f"{shown(file)}: written" if written else f"to apply it: {shown(again, 500)} --write",
        ]
    return Said(tuple(lines), PASSED if written and not left else GATE_SAID_NO)
