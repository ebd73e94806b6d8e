"""What workflows and actions use of others, and whether it can change under them."""

import re
from collections.abc import Iterable, Iterator

from seatrial.linters.findings import Finding
from seatrial.linters.secrets import redacted
from seatrial.linters.workflow_uses import Unread, used_in

MOST = 1000  # of one file
_WORKFLOW = re.compile(r"\.github/workflows/[^/]+\.ya?ml\Z", re.IGNORECASE)
_ACTION = re.compile(r"(?:.*/)?action\.ya?ml\Z")
_COMMIT = re.compile(r"@[0-9a-fA-F]{40}\Z")
_DIGEST = re.compile(r"@sha256:[0-9a-fA-F]{64}\Z")
_OF_DOCKER = "docker://"


def is_workflow(path: str) -> bool:
    """A workflow of this repository, or the manifest of an action anywhere in it."""
    return _WORKFLOW.match(path) is not None or _ACTION.match(path) is not None


def unpinned(path: str, data: bytes) -> dict[str, Iterable[Finding]]:
    """By check: a finding for each `uses:` and each image that is not pinned, and for what cannot be read."""
    used = used_in(data)
    actions = ((line, _of_action(name)) for line, name in used.uses)
    own = _ACTION.match(path) is not None
    images = ((line, _of_image(name, own=own)) for line, name in used.images)
    return {
        "unpinned_actions": _told(path, used.unread, actions),
        "unpinned_images": _told(path, used.unread, images),
    }


def _told(path: str, unread: Unread | None, faults: Iterable[tuple[int, str | None]]) -> Iterator[Finding]:
    if unread is not None:
        told = f"{unread.why}, so what it uses cannot be told; {unread.mend}"
        yield Finding(path, unread.line, told)
    count = 0
    for line, what in faults:
        if what is None:
            continue
        count += 1
        if count > MOST:
            yield Finding(path, None, f"holds more than {MOST:,} that are not pinned")
            return
        yield Finding(path, line, what)


def _of_action(used: str | None) -> str | None:
    """What is wrong with a `uses:`; None where nothing is."""
    if used is None:
        return "an alias that stands for more than text"
    if used.startswith(("./", "$/")):
        return None
    if used.startswith(_OF_DOCKER):
        return _of_tag(used)
    if _COMMIT.search(used):
        return None
    mend = "a tag or branch can be moved; write the full commit id, @ and 40 hex digits"
    return f"{redacted(used, 120)} is not pinned: {mend}"


def _of_image(name: str, *, own: bool) -> str | None:
    """What is wrong with an image. own: in an action's manifest, where it may be a file to build one from."""
    if own and not name.startswith(_OF_DOCKER):
        return None
    if "${{" in name and not _DIGEST.search(name):
        mend = "write the image and its digest, @sha256: and 64 hex digits, after it or in its place"
        return f"{redacted(name, 120)} is an expression, so whether it is pinned cannot be told; {mend}"
    return _of_tag(name)


def _of_tag(name: str) -> str | None:
    mend = "its tag can be moved; write its digest, @sha256: and 64 hex digits"
    return None if _DIGEST.search(name) else f"{redacted(name, 120)} is not pinned: {mend}"
