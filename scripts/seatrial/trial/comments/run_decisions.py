"""What the artifacts of a run say of each model, taken as hostile data.

Nothing of an artifact is written or run. Of each zip one file is read, the Decision; it must be
about this very run, and its verdict must follow from its evidence. One bad artifact spoils its
model: what it hides could be the verdict that counts.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from seatrial.decision import Decision
from seatrial.errors import BadInput, Location, SeatrialError
from seatrial.forge.artifacts import fetch
from seatrial.forge.event import Subject
from seatrial.forge.runs import Artifact
from seatrial.forge.zips import MEBIBYTE, Limits, read_archive
from seatrial.text import shown
from seatrial.trial.comments.files import believed
from seatrial.trial.rejudge import DECISION_LIMIT, decision_of
from seatrial.trial.workflow.artifact_names import GATES, Named, parse_name, safe_name

MOST_ARTIFACTS = 200
MOST_BYTES = 512 * MEBIBYTE  # of all artifacts of a run
LIMITS = Limits(member=DECISION_LIMIT)
_MODEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", re.ASCII)  # as the policy takes it


class ArtifactClient(Protocol):
    """What this module needs of GitHub."""

    def artifacts_of_run(self, repository: str, number: int) -> list[Artifact]: ...
    def download(self, repository: str, artifact: int, limit: int) -> bytes: ...


@dataclass(frozen=True)
class OfModel:
    """One model of a run: its Decisions in the order of the gates, or why none of them counts.

    older: gates whose Decision is of an earlier attempt, since a re-run left them out.
    """

    model: str
    decisions: tuple[Decision, ...] = ()
    older: tuple[str, ...] = ()
    fault: SeatrialError | None = None


def decisions_of_run(client: ArtifactClient, subject: Subject) -> list[OfModel]:
    """Each model that the run has artifacts of."""
    listed = client.artifacts_of_run(subject.repository, subject.run_id)
    by_model: dict[str, dict[Named, Artifact]] = {}
    for name, artifact in _newest(listed, subject.attempt).items():
        by_model.setdefault(name.model, {})[name] = artifact
    chosen = sum(len(artifacts) for artifacts in by_model.values())
    sizes = (artifact.size for artifacts in by_model.values() for artifact in artifacts.values())
    size = sum(each for each in sizes if each <= LIMITS.archive)  # larger ones are not fetched
    if chosen > MOST_ARTIFACTS:
        raise BadInput(f"the run has {chosen} artifacts of gates; expected at most {MOST_ARTIFACTS}")
    if size > MOST_BYTES:
        raise BadInput(
            f"the artifacts of the run's gates have {size:,} bytes; expected at most {MOST_BYTES:,}"
        )
    return [_of_model(client, subject, model, by_model[model]) for model in sorted(by_model)]


def _newest(listed: Iterable[Artifact], attempt: int) -> dict[Named, Artifact]:
    """For each model and gate the artifact of the highest attempt up to this one."""
    found: dict[tuple[str, str], tuple[Named, Artifact]] = {}
    for artifact in listed:
        name = parse_name(artifact.name)
        if name is None or name.attempt > attempt:
            continue
        best = found.get((name.model, name.gate))
        if best is None or (name.attempt, artifact.id) > (best[0].attempt, best[1].id):
            found[name.model, name.gate] = (name, artifact)
    return dict(found.values())


def _of_model(
    client: ArtifactClient, subject: Subject, model: str, artifacts: Mapping[Named, Artifact]
) -> OfModel:
    decisions: list[Decision] = []
    older: list[str] = []
    for name in sorted(artifacts, key=lambda each: GATES.index(each.gate)):
        try:
            decision = _decision(client, subject, name, artifacts[name])
            if decisions and decision.model.name != decisions[0].model.name:
                raise BadInput(
                    f"is about {shown(decision.model.name)}, and another gate's about "
                    f"{shown(decisions[0].model.name)}: their names must differ in their first 60 characters",
                    location=Location(shown(artifacts[name].name)),
                )
        except SeatrialError as error:
            return OfModel(model, fault=error)
        except Exception as error:  # what nobody foresaw ends its own model and no other
            told = f"cannot be judged ({type(error).__name__})"
            return OfModel(model, fault=BadInput(told, location=Location(shown(artifacts[name].name))))
        decisions.append(decision)
        if name.attempt < subject.attempt:
            older.append(name.gate)
    return OfModel(model, tuple(decisions), tuple(older))


def _decision(client: ArtifactClient, subject: Subject, name: Named, artifact: Artifact) -> Decision:
    """The Decision of one artifact. Raises BadInput where it is not one of this run."""
    file = f"{name.gate}.json"
    place = Location(f"{shown(artifact.name)}/{file}")
    zipped = fetch(client, subject.repository, artifact, LIMITS.archive)
    decision = decision_of(read_archive(zipped, artifact.name, LIMITS).read(file), place)
    _of_this_run(decision, subject, name, place)
    return believed(decision, subject, place)


def _of_this_run(decision: Decision, subject: Subject, name: Named, place: Location) -> None:
    told = decision.subject
    model = decision.model.name
    if _MODEL.fullmatch(model) is None or safe_name(model) != name.model:
        raise BadInput(
            f"is about the model {shown(model)}, and its artifact is {shown(name.model)}'s", location=place
        )
    stated = {
        "gate": (decision.gate, name.gate),
        "repository": ((told.repository or "").lower(), subject.repository.lower()),
        "pull request": (told.pull_request, subject.pull_request),
        "run": (told.run, subject.run_url),
        "attempt": (told.attempt, name.attempt),
    }
    for what, (found, expected) in stated.items():
        if found != expected:
            raise BadInput(
                f"is about the {what} {shown(found, 200)}, and this run is about {shown(expected, 200)}",
                location=place,
            )
