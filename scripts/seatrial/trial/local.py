"""A trial on a laptop: the checkout against its main branch, the same Decision as in CI."""

import os
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from seatrial.commands.ahead import Ahead
from seatrial.errors import BadInput
from seatrial.forge.contents import FirstOf
from seatrial.forge.event import Subject, on_a_laptop
from seatrial.forge.git import Git
from seatrial.forge.runner import Runner
from seatrial.text import shown
from seatrial.trial import publishing
from seatrial.trial.call import Call
from seatrial.trial.entry import code_of, context_of
from seatrial.trial.run import run_trial
from seatrial.trial.surroundings import split

MAIN_BRANCHES = ("origin/HEAD", "origin/main", "origin/master", "main", "master")


def run_local(
    root: Path,
    policy: str,
    gates: str,
    base: str | None,
    out: Path,
    environ: Mapping[str, str],
    parts: tuple[str, ...] = (),
    reader: Ahead | None = None,
) -> int:
    """Judge the working tree. base: the commit whose policy counts and whose files are the baseline.

    reader: what reads the data, started already.
    """
    runner = Runner(environ)
    _refuse_subfolder(root, policy)
    if not out.is_absolute() and not out.resolve().is_relative_to(root.resolve()):
        raise BadInput(
            f"--out {shown(str(out))} leads out of the checkout through a link; name another folder"
        )
    publishing.clear(out)
    subject = _subject(root, base)
    with tempfile.TemporaryDirectory(prefix="seatrial-") as scratch:
        call = Call(
            root=root.resolve(),
            out=out,
            scratch=Path(scratch),
            policy=policy,
            gates=split(gates),
            subject=subject,
            source=FirstOf([Git(root, search_path=environ.get("PATH", os.defpath))]),
            environ=environ,
            on_line=runner.relay,
            group=runner.group,
            parts=parts,
            reader=reader,
        )
        tried = run_trial(call)
    context = context_of(tried, subject)
    publishing.announce(runner, tried.decisions, context)
    written = publishing.write(out, tried.decisions, tried.pictures, context)
    publishing.tell(runner, tried.decisions, written, context)
    runner.say(f"comment  {written.comment}")
    runner.say(f"report   {written.report}")
    runner.say(f"decision {', '.join(str(path) for path in written.decisions)}")
    return code_of(tried, runner)


def _refuse_subfolder(root: Path, policy: str) -> None:
    """Paths of a policy count from the top of the repository, and so do those of its base commit."""
    top = _git(root, "rev-parse", "--show-toplevel")
    if top is None or Path(top).resolve() == root.resolve():
        return
    inside = root.resolve().relative_to(Path(top).resolve()) / policy
    named = f" and name the policy: --policy {shown(str(inside))}" if (root / policy).is_file() else ""
    raise BadInput(
        "this folder is not the top of its repository, from which the paths of a policy count; go to "
        f"{shown(top, 200)}{named}"
    )


def _subject(root: Path, base: str | None) -> Subject:
    head = _commit(root, "HEAD")
    found = None
    if base is not None:
        found = _commit(root, base)
        if found is None:
            raise BadInput(f"--base {shown(base)} names no commit here; fetch it, or name another")
    elif head is not None:
        found = next((commit for name in MAIN_BRANCHES if (commit := _commit(root, name))), None)
    return replace(
        on_a_laptop(root.resolve().name),
        head=head or "",
        dirty=bool(_git(root, "status", "--porcelain", "--untracked-files=no")),
        base=found,
    )


def _commit(root: Path, name: str) -> str | None:
    if name.startswith("-"):
        return None
    return _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")


def _git(root: Path, *words: str) -> str | None:
    """What git says in the folder; None where it says nothing, or is not there."""
    try:
        done = subprocess.run(
            ["git", *words], cwd=root, capture_output=True, text=True, timeout=120, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() or None
