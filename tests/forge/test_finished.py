"""The event `workflow_run`, real in shape and hostile in content; and the base branch of each event."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.errors import BadInput
from seatrial.forge.event import parse_event
from seatrial.forge.finished import Finished, parse_workflow_run

HEAD, BASE = "a" * 40, "b" * 40
ENVIRONMENT = {"GITHUB_REPOSITORY": "octo/flight-delay"}
REMOVED = object()


def event(**changes: Any) -> dict[str, Any]:
    """The event; a change is of a field of the run."""
    run = {
        "id": 12345678901,
        "run_attempt": 2,
        "head_sha": HEAD,
        "head_branch": "$(touch evil)",
        "name": "::error::ci",
        "pull_requests": [{"number": 66}],
        "repository": {"full_name": "octo/flight-delay"},
    }
    changed = {**run, **changes}
    return {"workflow_run": {name: value for name, value in changed.items() if value is not REMOVED}}


def parse(value: object) -> Finished:
    return parse_workflow_run(json.dumps(value).encode(), ENVIRONMENT)


def test_the_run_is_read() -> None:
    assert parse(event()) == Finished(12345678901, 2, HEAD)


@pytest.mark.parametrize("value", [REMOVED, None, "7", 0, -1, 1.5, True, 2**63, [7], {"a": 7}])
def test_an_id_that_is_none(value: object) -> None:
    with pytest.raises(BadInput, match=r"workflow_run\.id is .* expected a whole number"):
        parse(event(id=value))


@pytest.mark.parametrize("value", [REMOVED, None, "1", 0, -1, True, 10**7])
def test_an_attempt_that_is_none(value: object) -> None:
    with pytest.raises(BadInput, match=r"workflow_run\.run_attempt is .* expected a whole number"):
        parse(event(run_attempt=value))


@pytest.mark.parametrize("value", [REMOVED, None, "main", "A" * 40, "0" * 40, "a" * 39, "a" * 40 + "\n", 7])
def test_a_commit_that_is_none(value: object) -> None:
    with pytest.raises(BadInput, match=r"workflow_run\.head_sha is .* expected a full commit id"):
        parse(event(head_sha=value))


@pytest.mark.parametrize(
    "value", [REMOVED, None, [], {}, {"full_name": "mallory/flight-delay"}, {"full_name": 3}]
)
def test_a_run_of_another_repository(value: object) -> None:
    with pytest.raises(BadInput, match=r"workflow_run\.repository"):
        parse(event(repository=value))


@pytest.mark.parametrize("value", [{}, {"workflow_run": None}, {"workflow_run": [1]}, [], 7])
def test_an_event_of_another_shape(value: object) -> None:
    with pytest.raises(BadInput):
        parse(value)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_no_event_raises_anything_else(value: object) -> None:
    for whole in (value, {"workflow_run": value}, event(id=value), event(repository=value)):
        try:
            parse(whole)
        except BadInput as error:
            assert str(error).isprintable()


VARIABLES = {
    **ENVIRONMENT, "GITHUB_SHA": HEAD, "GITHUB_RUN_ID": "1", "GITHUB_WORKFLOW": "ci", "GITHUB_JOB": "judge",
}  # fmt: skip


def base_ref(name: str, payload: object) -> str | None:
    return parse_event(json.dumps(payload).encode(), {**VARIABLES, "GITHUB_EVENT_NAME": name}).base_ref


def pull(ref: object) -> dict[str, Any]:
    side = {"sha": BASE, "ref": ref}
    return {"pull_request": {"number": 7, "head": {"sha": HEAD, "ref": "change"}, "base": side}}


def test_the_base_branch_of_each_event() -> None:
    assert base_ref("pull_request", pull("release/1.x")) == "release/1.x"
    push = {"before": BASE, "after": HEAD, "ref": "refs/heads/main"}
    assert base_ref("push", push) == "main"
    assert base_ref("push", {**push, "ref": "refs/tags/main"}) is None
    assert base_ref("push", {**push, "before": "0" * 40}) is None
    group = {"head_sha": HEAD, "base_sha": BASE, "head_ref": "refs/heads/q", "base_ref": "refs/heads/main"}
    assert base_ref("merge_group", {"merge_group": group}) == "main"
    assert base_ref("schedule", {}) is None


@pytest.mark.parametrize("ref", [None, 7, "", "-rf", "a..b", "a b", "main\n", "x" * 301])
def test_a_base_branch_that_is_none(ref: object) -> None:
    with pytest.raises(BadInput, match=r"pull_request\.base\.ref is .* expected a branch name"):
        base_ref("pull_request", pull(ref))
