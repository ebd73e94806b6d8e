"""The event `workflow_run`: which run it tells of. All else is asked of GitHub, the one source for it."""

from collections.abc import Mapping
from dataclasses import dataclass

from seatrial.forge import payloads
from seatrial.forge.addresses import checked_repository


@dataclass(frozen=True)
class Finished:
    """An attempt of a run that has ended."""

    run: int
    attempt: int
    head: str


def parse_workflow_run(event: bytes, environment: Mapping[str, str]) -> Finished:
    """The run out of the event file's bytes; one of another repository is refused."""
    payload = payloads.read(event)
    repository = checked_repository(environment.get("GITHUB_REPOSITORY", ""))
    run = payloads.inner(payload, "workflow_run")
    here = payloads.inner(run, "repository", "workflow_run.").get("full_name")
    if not isinstance(here, str) or here.lower() != repository.lower():
        expected = f"{repository}, as in GITHUB_REPOSITORY"
        raise payloads.wrong("workflow_run.repository.full_name", here, expected)
    return Finished(
        run=payloads.number(run.get("id"), "workflow_run.id", payloads.RUN_LIMIT),
        attempt=payloads.number(run.get("run_attempt"), "workflow_run.run_attempt", payloads.ATTEMPT_LIMIT),
        head=payloads.commit(run.get("head_sha"), "workflow_run.head_sha"),
    )
