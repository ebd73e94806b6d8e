"""`seatrial init`: a policy drafted from the data and the repository, and proved on these data."""

import os
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic_core import PydanticCustomError

from seatrial.decision import DATA, EVALUATION
from seatrial.errors import GATE_SAID_NO, PASSED, BadInput, Location, PolicyInvalid
from seatrial.gates.drafting import names
from seatrial.gates.drafting.page import MOST_COLUMNS, Repository, page
from seatrial.gates.drafting.seen import Seen
from seatrial.policy import parse
from seatrial.policy.metrics import TASKS
from seatrial.policy.model import Policy
from seatrial.policy.values import data_path, delimiter, encoding, name
from seatrial.text import counted, shown
from seatrial.trial.drafting.proof import Proof, prove
from seatrial.trial.drafting.repository import look
from seatrial.trial.drafting.survey import Survey

WORKFLOW = """\
on: pull_request
permissions: {contents: read, pull-requests: write}
jobs:
  trial:
    runs-on: ubuntu-latest
    steps:
      - {uses: actions/checkout@v7, with: {persist-credentials: false}}
      - uses: seatrial/seatrial@v1
"""
WORKFLOW_FILE = ".github/workflows/trial.yml"
_TEST = re.compile(r"(?:^|[^a-z])(?:test|tests|valid|validation|val|eval|holdout|dev)(?![a-z])")
_SHOWN_FAULTS = 10


@dataclass(frozen=True)
class Wish:
    """What the user asked for. data: paths as given; out: where the policy goes.

    encoding, delimiter: of CSV files, as the words of the command.
    """

    data: tuple[str, ...]
    label: str | None = None
    key: tuple[str, ...] = ()
    model: str | None = None
    task: str | None = None
    out: str = "seatrial.yml"
    force: bool = False
    encoding: str | None = None
    delimiter: str | None = None


@dataclass(frozen=True)
class Said:
    """What the command prints, and its exit code."""

    lines: tuple[str, ...]
    code: int


def draft(root: Path, wish: Wish) -> Said:
    """Draft the policy and write it. Raises BadInput, and then nothing is written."""
    refuse_subfolder(root)
    target = _target(root, wish)
    repository = look(root, None if wish.model is None else _checked("--model", name, wish.model))
    if wish.task is not None and wish.task not in TASKS:
        raise BadInput(f"--task {shown(wish.task)} is no task; write {' or '.join(TASKS)}")
    files = sources(root, wish.data)
    seen = _seen(Survey(root, files, told=_written(wish)), wish)
    text, policy = _text(seen, repository, datetime.now(UTC))
    proof = prove(root, text, wish.out)
    _write(target, text, wish)
    return Said(tuple(_told(wish, seen, policy, proof)), PASSED if proof.passed else GATE_SAID_NO)


def _written(wish: Wish) -> dict[str, str]:
    """How the CSV files are written, as far as the user says so. Raises BadInput."""
    told = {}
    if wish.delimiter is not None:
        tab = wish.delimiter in ("\\t", "tab")
        told["delimiter"] = _checked("--delimiter", delimiter, "\t" if tab else wish.delimiter)
    if wish.encoding is not None:
        told["encoding"] = _checked("--encoding", encoding, wish.encoding)
    return told


def _seen(survey: Survey, wish: Wish) -> Seen:
    """What is measured; what the reader wants written into a policy is an option here."""
    try:
        return survey.seen(wish.key, wish.label, wish.task)
    except BadInput as error:
        words = re.sub(r"data\.csv\.(encoding|delimiter)(?:: )?", _option, error.message)
        raise BadInput(words, location=error.location) from None


def _option(found: re.Match[str]) -> str:
    return f"--{found[1]} " if found[0].endswith(" ") else f"--{found[1]}"


def sources(root: Path, paths: Sequence[str]) -> dict[str, str]:
    """The paths as the policy writes them, by what they are: test by its name, or as the second of two."""
    if not paths:
        raise BadInput("no data are named; write seatrial init data/train.csv data/test.csv")
    if len(paths) > 2:
        raise BadInput(
            f"{len(paths)} paths are given, and a policy has two: train and test; name a folder, or put a "
            "pattern in quotes: 'data/*.parquet'"
        )
    found = [_inside(root, path) for path in paths]
    marked = [bool(_TEST.search(path.lower())) for path in found]
    if len(found) == 1:
        return {"test" if marked[0] else "train": found[0]}
    if marked == [True, False]:
        found.reverse()
    if found[0] == found[1]:
        raise BadInput(f"{shown(found[0])} is named twice; name train and test, or one of them")
    return {"train": found[0], "test": found[1]}


def _inside(root: Path, path: str) -> str:
    """The path from the root of the repository."""
    given = Path(path)
    absolute = given if given.is_absolute() else root / given
    normal = os.path.normpath(absolute)
    if not Path(normal).is_relative_to(root):
        raise BadInput(
            f"{shown(path)} is outside of {shown(root.name)}, and a policy names files inside only"
        )
    try:
        return data_path(Path(normal).relative_to(root).as_posix())
    except PydanticCustomError as error:
        raise BadInput(error.message()) from None


def refuse_subfolder(root: Path) -> None:
    """Paths of a policy count from the top of the repository, so that is where it is drafted."""
    top = next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), root)
    if top != root:
        raise BadInput(
            "this folder is not the top of its repository, from which the paths of a policy count; go to "
            f"{shown(top.name)} and name the data from there: {shown(root.relative_to(top).as_posix())}/…"
        )


def _target(root: Path, wish: Wish) -> Path:
    target = root / wish.out
    place = Location(shown(wish.out))
    if target.is_dir():
        raise BadInput("this is a folder; name a file with --out", location=place)
    if not target.parent.is_dir():
        raise BadInput("its folder is not there; make it, or name another file with --out", location=place)
    if os.path.lexists(target) and not wish.force:
        raise BadInput(
            "there is a policy already; write --update to see what the data need, --force to replace it, or "
            "--out FILE for another",
            location=place,
        )
    return target


def _checked(option: str, check: Callable[[object], str], given: str) -> str:
    """The word, if a policy takes it."""
    try:
        return check(given)
    except PydanticCustomError as error:
        raise BadInput(f"{option}: {error.message()}") from None


def _text(seen: Seen, repository: Repository, now: datetime) -> tuple[str, Policy]:
    """The policy; with fewer words where the data are so wide that it would not be one."""
    for few_words, most in ((False, MOST_COLUMNS), (True, MOST_COLUMNS), (True, MOST_COLUMNS // 4)):
        text = page(seen, repository, now, few_words=few_words, most=most)
        try:
            return text, parse(text)
        except PolicyInvalid as error:
            fault = error
    raise fault


def _write(target: Path, text: str, wish: Wish) -> None:
    """Whole or not at all; never over a file that came up meanwhile."""
    descriptor, temporary = tempfile.mkstemp(prefix=".seatrial-", dir=target.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        Path(temporary).chmod(0o666 & ~_umask())
        if wish.force:
            os.replace(temporary, target)
        else:
            os.link(temporary, target)
    except FileExistsError:
        raise BadInput(
            "it came up while the data were read; nothing was written", location=Location(wish.out)
        ) from None
    finally:
        Path(temporary).unlink(missing_ok=True)


def _umask() -> int:
    found = os.umask(0o077)
    os.umask(found)
    return found


def _told(wish: Wish, seen: Seen, policy: Policy, proof: Proof) -> list[str]:
    rows = ", ".join(
        f"{shown(path)} {counted(seen.rows[source], 'row')}" for source, path in seen.files.items()
    )
    lines = [f"{shown(wish.out)}: drafted from {rows}; {counted(len(policy.data.columns), 'column')}"]
    if proof.passed:
        lines.append(f"proved on these data: {counted(proof.checks, 'check')} passed")
    else:
        lines.append("not yet met by these data; look at these first:")
        lines += [f"  {fault}" for fault in proof.faults[:_SHOWN_FAULTS]]
    lines += [f"  warning: {warning}" for warning in proof.warnings[:_SHOWN_FAULTS]]
    lines += ["", "next:", f"  read {shown(wish.out)}; every limit is a proposal with its reason"]
    if seen.label is None:
        guess = next((column.name for column in seen.columns if names.is_label(column.name)), None)
        lines.append(f"  tell the label: seatrial init --force … --label {shown(guess or 'COLUMN')}")
    gate = "trial" if EVALUATION in policy.gates else "check-data"
    option = "" if wish.out == "seatrial.yml" else f" --policy {shown(wish.out)}"
    if DATA in policy.gates:
        lines.append(f"  seatrial {gate}{option}")
    lines.append(f"  commit it with this workflow, {WORKFLOW_FILE}:")
    lines += ["", *(f"    {line}" for line in WORKFLOW.splitlines())]
    if option:
        lines += ["            with: {policy: " + shown(wish.out) + "}"]
    return lines
