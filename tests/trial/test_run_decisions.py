"""Decisions of a run with one thing in them changed: refused, or shown as any other; nothing else happens."""

import json
from dataclasses import dataclass
from typing import Any

import pytest
from ended_runs import HEAD, NUMBER, REPOSITORY, RUN
from flights import GOOD, POOR
from hypothesis import given
from hypothesis import strategies as st
from run_artifacts import about, decided, zipped

from seatrial.decision import from_json, to_json
from seatrial.errors import BadInput
from seatrial.forge.event import Subject
from seatrial.forge.runs import Artifact
from seatrial.report import markdown
from seatrial.trial.comments.run_decisions import decisions_of_run

SUBJECT = Subject(
    repository=REPOSITORY, event="workflow_run", head=HEAD, run_id=RUN, attempt=1, workflow="ci", job="ci",
    server_url="https://github.com", api_url="https://api.github.com", pull_request=NUMBER,
)  # fmt: skip
TOLD = {
    "repository": REPOSITORY, "pull_request": NUMBER, "head": HEAD, "run": SUBJECT.run_url, "attempt": 1,
}  # fmt: skip


@dataclass
class Left:
    """One artifact, as a GitHub would give it."""

    data: bytes
    name: str = "seatrial-flight-delay-evaluation-1"

    def artifacts_of_run(self, repository: str, number: int) -> list[Artifact]:
        return [Artifact(5, self.name, len(self.data), False, None, number, "change", 1, 2)]

    def download(self, repository: str, artifact: int, limit: int) -> bytes:
        return self.data


def places(value: object, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a JSON value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [here, *(place for key, part in inside for place in places(part, (*here, key)))]


def changed(value: Any, place: tuple[Any, ...], new: object) -> Any:
    if not place:
        return new
    copy = json.loads(json.dumps(value))
    inner = copy
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = new
    return copy


HONEST = [json.loads(about(decided(scores), **TOLD)) for scores in (GOOD, POOR)]
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**53), 2**53), st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8), st.just([]), st.just({}), st.just([{}]), st.sampled_from(["passed", "data", "lint"]),
)  # fmt: skip


@pytest.mark.parametrize("honest", HONEST, ids=["passed", "failed"])
def test_unchanged_it_counts(honest: dict[str, Any]) -> None:
    (of,) = decisions_of_run(Left(zipped({"evaluation.json": _written(honest)})), SUBJECT)
    assert of.fault is None and len(of.decisions) == 1


@given(st.data())
def test_one_thing_changed_is_refused_or_shown(data: st.DataObject) -> None:
    honest = data.draw(st.sampled_from(HONEST))
    place = data.draw(st.sampled_from(places(honest)))
    spoilt = changed(honest, place, data.draw(VALUES))
    (of,) = decisions_of_run(Left(zipped({"evaluation.json": _written(spoilt)})), SUBJECT)
    if of.fault is not None:
        assert isinstance(of.fault, BadInput)
        assert "cannot be judged (" not in str(of.fault), "a fault that nobody foresaw"
        assert str(of.fault).isprintable()
        return
    assert of.decisions[0].verdict == honest["verdict"] or of.decisions[0].waivers
    assert markdown.comment(of.decisions).startswith("## ")


def _written(value: object) -> bytes:
    """As a gate would write it where it is a Decision at all, so that more than its layout is looked at."""
    text = json.dumps(value).encode()
    try:
        return to_json(from_json(text))
    except ValueError:
        return text
