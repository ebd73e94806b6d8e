"""Which policy counts: for a pull request the one that was reviewed, at the base commit."""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from seatrial.errors import BadInput
from seatrial.forge.contents import Source, read_checkout
from seatrial.forge.event import Subject
from seatrial.text import shown

POLICY_LIMIT = 1024 * 1024


@dataclass(frozen=True)
class PolicyChoice:
    """The policy to apply.

    own_text: the pull request's own, where it edits the policy that counts. no_pass: why nothing passes
    under it, if so.
    """

    text: bytes
    ref: str
    sha256: str
    changed: bool = False
    reviewed: bool = True
    own_text: bytes | None = None
    note: str | None = None
    no_pass: str | None = None


def choose_policy(subject: Subject, path: str, root: Path, source: Source) -> PolicyChoice:
    """Choose between the policy at the base commit and the checkout's.

    A base that cannot be read raises CouldNotDecide: it is never taken for a base without a policy,
    since then a pull request would be judged by its own rules.
    """
    own = read_checkout(root, path, POLICY_LIMIT)
    if not subject.compares or subject.base is None:
        return _choice(_there(own, path), subject.head)
    base = source.read_at(subject.base, path, POLICY_LIMIT)
    if base is None:
        note = f"`{shown(path)}` is not on the base branch yet: its own policy was applied, unreviewed"
        choice = _choice(_there(own, path), subject.head, changed=True, reviewed=False, note=note)
        return replace(choice, no_pass=_no_pass(subject, path))
    if own == base:
        return _choice(base, subject.base)
    if not _edited(subject, path, source):
        note = f"the checkout's `{shown(path)}` is not the one at the base commit, which was applied"
        return _choice(base, subject.base, note=note)
    if own is None:
        note = f"this change removes `{shown(path)}`; the base branch's policy was applied"
    else:
        note = f"this change edits `{shown(path)}`; the base branch's policy was applied"
    return _choice(base, subject.base, changed=True, own_text=own, note=note)


def _no_pass(subject: Subject, path: str) -> str | None:
    """Why a policy that nobody has reviewed passes nothing here.

    GitHub keeps a check with its commit. Green for a branch without a policy, it would be green for the
    default branch as well, whose policy never saw that commit. A laptop leaves no check.
    """
    if subject.event == "local":
        return None
    if subject.default_branch is None:
        return (
            "nobody has reviewed this policy, and the event does not name the repository's default branch, "
            f"for which alone a first policy passes; merge {shown(path)} first"
        )
    if subject.base_ref == subject.default_branch:
        return None
    return (
        f"nobody has reviewed this policy, and {shown(subject.base_ref or 'this')} is not the default branch "
        f"{shown(subject.default_branch)}, where its check would be green too; propose the change there, or "
        f"merge {shown(path)} first"
    )


def _edited(subject: Subject, path: str, source: Source) -> bool:
    """True unless it is known that the pull request leaves the policy alone and the base moved on."""
    if subject.event == "local":
        return True  # what lies in the working tree need not be committed
    changed = source.changed_files(subject.base or "", subject.head)
    return changed is None or not changed.complete or path.removeprefix("./") in changed.paths


def _there(own: bytes | None, path: str) -> bytes:
    if own is None:
        raise BadInput(
            f"there is no policy file `{shown(path)}`: write one (`seatrial init DATA` drafts it), or "
            "name its place in the input `policy`, on a laptop by `--policy`"
        )
    return own


def _choice(
    text: bytes,
    ref: str,
    *,
    changed: bool = False,
    reviewed: bool = True,
    own_text: bytes | None = None,
    note: str | None = None,
) -> PolicyChoice:
    return PolicyChoice(text, ref, hashlib.sha256(text).hexdigest(), changed, reviewed, own_text, note)
