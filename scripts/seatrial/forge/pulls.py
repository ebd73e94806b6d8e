"""The pull request that a run is of. A run does not say so where its head lies in a fork.

Only what GitHub says of the run and of the pull request counts: branch, commit and repository of
the head. What the run's artifacts say of it never does.
"""

from typing import Protocol

from seatrial.forge.runs import OpenPull, Run
from seatrial.text import shown

PULL_EVENT = "pull_request"


class PullClient(Protocol):
    """What this module needs of GitHub."""

    def open_pulls(self, repository: str, head: str) -> list[OpenPull]: ...


def pull_of(client: PullClient, run: Run) -> tuple[int | None, str]:
    """The number of the one open pull request whose head is the run's, or None and why."""
    if run.event != PULL_EVENT:
        return None, f"the run is of the event {shown(run.event)}, not of a pull request"
    if run.head_repository is None or run.branch is None:
        return None, "the repository or the branch that the run was of is gone"
    owner = run.head_repository.partition("/")[0]
    found = [
        pull.number
        for pull in client.open_pulls(run.repository, f"{owner}:{run.branch}")
        if pull.head == run.head
        and pull.head_repository_id == run.head_repository_id
        and pull.base_repository_id == run.repository_id
    ]
    if len(found) == 1:
        return found[0], ""
    head = f"commit {run.head[:12]} of {shown(f'{owner}:{run.branch}')}"
    if not found:
        return None, f"no open pull request has {head} as its head: it was closed, or has moved on"
    listed = ", ".join(f"#{number}" for number in sorted(found)[:5])
    return None, f"{len(found)} open pull requests have {head} as their head ({listed})"
