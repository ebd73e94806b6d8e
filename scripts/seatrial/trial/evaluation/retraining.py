"""The baseline `retrain`: the code of the base branch, trained again by train.full, with its own packages."""

import contextlib
import hashlib
import os
import shutil
from pathlib import Path

from seatrial.commands.environment import environment_in, refuse_if_privileged
from seatrial.commands.running import Limits
from seatrial.engines.files.walking import files_of
from seatrial.errors import BadInput, CouldNotDecide
from seatrial.forge.contents import clean_path
from seatrial.forge.git import Git
from seatrial.gates.training import words
from seatrial.gates.training.judging import made_in_vain
from seatrial.policy.model import Policy
from seatrial.text import shown
from seatrial.trial.call import Call
from seatrial.trial.digests import digest_of
from seatrial.trial.evaluation.requirements import base_environment
from seatrial.trial.preloading import preload
from seatrial.trial.training.runs import Job, Seen, jobs_of, see

NO_POLICY = "the base branch has no policy yet, so nothing of it can be trained again (first release)"
_TITLE = "Training of the baseline: the base branch's code (train.full)"
_POINTER = b"version https://git-lfs.github.com/spec/"


def retrained(policy: Policy, call: Call) -> Path | str:
    """The model file that the base's code trains, below call.scratch; or why there is none."""
    base = call.subject.base
    assert base is not None, "the caller knows that there is a base"
    if call.source.read_at(base, call.policy) is None:
        return NO_POLICY
    refuse_if_privileged(call.environ)
    if call.subject.event == "pull_request_target":
        raise BadInput(
            "a training command runs code of the repository, and a `pull_request_target` job holds its "
            "token and secrets; trigger this workflow on `pull_request`",
            location=policy.place("evaluate", "baseline", "retrain"),
        )
    job = jobs_of(policy)["full"]
    model = call.scratch / f"retrained{Path(job.model).suffix}"
    # A policy that the change proposes asks again for what was trained for the one that counts.
    known = call.kept.get("retrained")
    if known is not None and model.is_file() and digest_of(call.scratch, model.name).encode() == known:
        return model
    preload(call)
    _train(policy, call, job, base, model)
    call.kept["retrained"] = digest_of(call.scratch, model.name).encode()
    return model


def _train(policy: Policy, call: Call, job: Job, base: str, model: Path) -> None:
    git = Git(call.base or call.root, search_path=call.environ.get("PATH", ""))
    argv = job.argv(policy)
    with contextlib.ExitStack() as stack:
        try:
            folder = stack.enter_context(git.checkout_at(base, call.scratch / "base-training"))
        except CouldNotDecide as error:
            raise CouldNotDecide(
                f"a baseline that is trained again needs the code of the base commit {base[:12]}, and git "
                f"has no history of it here ({error.message}); check out with `fetch-depth: 0`"
            ) from None
        _bring_data(policy, call, folder)
        environment = environment_in(call.environ, folder)
        requirements = policy.train.requirements if policy.train is not None else None
        if requirements is not None:
            limits = Limits(job.limits.time, job.limits.memory)
            environment = base_environment(
                requirements, call, folder, environment, limits, name="base-training-venv"
            )
        seen = see(job, argv, call, cwd=folder, environment=environment, what=_TITLE)
        _refuse(seen)
        shutil.move(folder / clean_path(job.model), model)


def _refuse(seen: Seen) -> None:
    last = seen.runs[-1]
    if last.code != 0 or last.stopped:
        lines = " ⏎ ".join(shown(line, 200) for line in seen.log[-5:])
        raise CouldNotDecide(
            f"the baseline could not be trained: {words.ended(last, 1, 1, seen.limits)}: {lines}"
        )
    reason = made_in_vain(seen.models[-1])
    if reason is not None:
        raise CouldNotDecide(f"the baseline could not be trained: {shown(seen.job.model)}: {reason}")


def _bring_data(policy: Policy, call: Call, folder: Path) -> None:
    """Training data that git does not hold, such as those that an earlier step fetched, as links.

    What the base commit holds itself stays its own, but for a pointer of Git LFS to the very file at hand.
    """
    if policy.data.train is None:
        return
    try:
        parts = files_of(policy.data.train, call.root)
    except BadInput:
        return  # there are none at all; the training says what it misses
    for part in parts:
        place = folder / clean_path(part.name)
        if os.path.lexists(place) and not _points_to(place, part.real):
            continue
        place.unlink(missing_ok=True)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(part.real)


def _points_to(place: Path, real: Path) -> bool:
    """Whether it is a pointer of Git LFS to this content."""
    if not place.is_file() or place.stat().st_size > 1_024:
        return False
    text = place.read_bytes()
    if not text.startswith(_POINTER):
        return False
    with real.open("rb") as file:
        return b"oid sha256:" + hashlib.file_digest(file, "sha256").hexdigest().encode() in text
