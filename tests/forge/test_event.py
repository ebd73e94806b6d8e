"""The event that GitHub hands to a job, real in shape and hostile in content."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seatrial.errors import BadInput
from seatrial.forge.event import parse_event
from seatrial.forge.payloads import EVENT_LIMIT

HEAD, BASE = "a" * 40, "b" * 40
ENVIRONMENT = {
    "GITHUB_EVENT_NAME": "pull_request",
    "GITHUB_REPOSITORY": "octo/flight-delay",
    "GITHUB_SHA": "c" * 40,
    "GITHUB_RUN_ID": "12345678901",
    "GITHUB_RUN_ATTEMPT": "2",
    "GITHUB_WORKFLOW": "Trial of é models",
    "GITHUB_JOB": "trial",
    "GITHUB_SERVER_URL": "https://github.example.com",
    "GITHUB_API_URL": "https://github.example.com/api/v3",
}


def pull_request(**changes: Any) -> dict[str, Any]:
    """A pull request's event; a change names its place with double underscores."""
    event: dict[str, Any] = {
        "action": "opened",
        "number": 7,
        "repository": {"full_name": "octo/flight-delay"},
        "pull_request": {
            "number": 7,
            "head": {"sha": HEAD, "ref": "better-model", "repo": {"full_name": "octo/flight-delay"}},
            "base": {"sha": BASE, "ref": "main", "repo": {"full_name": "octo/flight-delay"}},
        },
    }
    for place, value in changes.items():
        *parents, last = place.split("__")
        target = event
        for parent in parents:
            target = target[parent]
        if value is REMOVED:
            del target[last]
        else:
            target[last] = value
    return event


REMOVED = object()


def parse(event: object, **environment: str):
    return parse_event(json.dumps(event).encode(), {**ENVIRONMENT, **environment})


def test_a_pull_request() -> None:
    subject = parse(pull_request())
    assert (subject.repository, subject.pull_request) == ("octo/flight-delay", 7)
    assert (subject.head, subject.base, subject.head_ref) == (HEAD, BASE, "better-model")
    assert (subject.run_id, subject.attempt) == (12345678901, 2)
    assert (subject.workflow, subject.job, subject.event) == ("Trial of é models", "trial", "pull_request")
    assert subject.api_url == "https://github.example.com/api/v3"
    assert subject.run_url == "https://github.example.com/octo/flight-delay/actions/runs/12345678901"
    assert not subject.is_fork


@pytest.mark.parametrize("told", [{}, {"default_branch": None}])
def test_a_repository_whose_default_branch_nobody_names(told: dict[str, object]) -> None:
    assert parse(pull_request(repository={"full_name": "octo/flight-delay"} | told)).default_branch is None


def test_the_default_branch_and_the_one_that_a_change_goes_to() -> None:
    subject = parse(pull_request(repository__default_branch="main", pull_request__base__ref="old"))
    assert (subject.base_ref, subject.default_branch) == ("old", "main")


@pytest.mark.parametrize("name", ["", 3, "-x", "a b", "a..b", ["main"]], ids=str)
def test_a_default_branch_that_is_none(name: object) -> None:
    with pytest.raises(BadInput, match=r"repository\.default_branch is .*: expected a branch name"):
        parse(pull_request(repository__default_branch=name))


@pytest.mark.parametrize(
    "origin",
    [{"full_name": "visitor/flight-delay"}, None, {}, {"full_name": 3}],
    ids=["fork", "gone", "empty", "odd"],
)
def test_a_head_that_is_not_surely_ours_is_a_fork(origin: object) -> None:
    assert parse(pull_request(pull_request__head__repo=origin)).is_fork


def test_the_judged_commit_is_the_head_and_not_the_merge_commit() -> None:
    assert parse(pull_request()).head != ENVIRONMENT["GITHUB_SHA"]


def test_a_merge_group() -> None:
    ref = "refs/heads/gh-readonly-queue/main/pr-7-" + BASE
    event = {
        "merge_group": {"head_sha": HEAD, "base_sha": BASE, "head_ref": ref, "base_ref": "refs/heads/main"}
    }
    subject = parse(event, GITHUB_EVENT_NAME="merge_group")
    assert (subject.pull_request, subject.head, subject.base, subject.head_ref) == (None, HEAD, BASE, ref)


def test_a_push() -> None:
    subject = parse({"before": BASE, "after": HEAD, "ref": "refs/heads/main"}, GITHUB_EVENT_NAME="push")
    assert (subject.pull_request, subject.head, subject.base) == (None, HEAD, BASE)


def test_the_first_push_of_a_branch_has_no_base() -> None:
    subject = parse({"before": "0" * 40, "after": HEAD, "ref": "refs/heads/new"}, GITHUB_EVENT_NAME="push")
    assert subject.base is None


def test_a_push_that_deletes_a_branch_has_nothing_to_judge() -> None:
    with pytest.raises(BadInput, match="after"):
        parse({"before": BASE, "after": "0" * 40, "ref": "refs/heads/old"}, GITHUB_EVENT_NAME="push")


@pytest.mark.parametrize("name", ["workflow_dispatch", "schedule", "workflow_run", "release"])
def test_other_events_judge_the_checked_out_commit(name: str) -> None:
    subject = parse({"inputs": {"x": "1"}}, GITHUB_EVENT_NAME=name)
    assert (subject.pull_request, subject.base, subject.head) == (None, None, "c" * 40)


def test_what_old_runners_leave_out_has_a_meaning() -> None:
    subject = parse(pull_request(), GITHUB_RUN_ATTEMPT="", GITHUB_SERVER_URL="", GITHUB_API_URL="")
    assert (subject.attempt, subject.server_url) == (1, "https://github.com")
    assert subject.api_url == "https://api.github.com"


NUMBERS = ["1; rm", "7", -1, 0, 2**31, 2**63, 7.0, 1e99, True, None, [7], {"a": 1}]


@pytest.mark.parametrize("number", NUMBERS, ids=str)
def test_a_pull_request_number_that_is_none(number: object) -> None:
    with pytest.raises(BadInput, match=r"number is .*: expected a whole number from 1 to 2147483647"):
        parse(pull_request(pull_request__number=number, number=REMOVED))


def test_a_number_with_leading_zeros_is_not_json() -> None:
    text = json.dumps(pull_request()).replace('"number": 7', '"number": 007').encode()
    with pytest.raises(BadInput, match="not JSON"):
        parse_event(text, ENVIRONMENT)


def test_two_numbers_that_disagree() -> None:
    with pytest.raises(BadInput, match="number is `8`: expected 7"):
        parse(pull_request(number=8))


@pytest.mark.parametrize(
    "sha",
    [
        "main", "A" * 40, "a" * 39, "a" * 41, "0" * 40, "a" * 40 + "\n", "--upload-pack=x", "$(id)", "", None,
        7, "\u0430" * 40, "\u00b2" * 40,
    ],
)  # fmt: skip
@pytest.mark.parametrize("side", ["head", "base"])
def test_a_commit_id_that_is_none(sha: object, side: str) -> None:
    with pytest.raises(BadInput, match=f"pull_request.{side}.sha is .*: expected a full commit id"):
        parse(pull_request(**{f"pull_request__{side}__sha": sha}))


@pytest.mark.parametrize(
    "ref",
    [
        "-rf", "--upload-pack=x", "a b", "a\nb", "a\x1b[31m", "a..b", "a~1", "a^", "a:b", "a?", "a*", "a[",
        "a\\b", "a@{1}", "/a", "a/", "a//b", "a.lock", ".a", "a/.b", "a.", "", "x" * 301, "\ud800", None, 7,
    ],
)  # fmt: skip
def test_a_branch_name_that_git_would_not_have(ref: object) -> None:
    with pytest.raises(BadInput, match=r"pull_request\.head\.ref is .*: expected a branch name"):
        parse(pull_request(pull_request__head__ref=ref))


@pytest.mark.parametrize(
    "ref", ["a" * 40, "$(id)", "`id`", "a;b", "é/ü", "feature/x-1.2", "@team", "<b>", "a'b\"c", "|"]
)
def test_a_branch_name_that_git_allows_is_data_and_no_more(ref: str) -> None:
    assert parse(pull_request(pull_request__head__ref=ref)).head_ref == ref


@pytest.mark.parametrize("field", ["GITHUB_RUN_ID", "GITHUB_RUN_ATTEMPT"])
@pytest.mark.parametrize("value", ["1; rm", "-1", "007", "0", "2e3", " 1", "1\n", "1_0", "٣", str(2**63)])
def test_a_run_that_is_no_number(field: str, value: str) -> None:
    with pytest.raises(BadInput, match=f"{field} is .*: expected a whole number"):
        parse(pull_request(), **{field: value})


@pytest.mark.parametrize(
    "name", ["", "octo", "octo/../x", "octo/a b", "-x/y", "octo/a\n", "a/b/c", "@octo/x"]
)
def test_a_repository_that_is_none(name: str) -> None:
    with pytest.raises(BadInput, match="expected owner/name"):
        parse(pull_request(), GITHUB_REPOSITORY=name)


def test_an_event_of_another_repository() -> None:
    with pytest.raises(BadInput, match=r"repository\.full_name is `octo/other`"):
        parse(pull_request(repository__full_name="octo/other"))


@pytest.mark.parametrize("field", ["GITHUB_API_URL", "GITHUB_SERVER_URL"])
@pytest.mark.parametrize(
    "address",
    [
        "http://example.com",
        "file:///etc/passwd",
        "https://user@x.com",
        "javascript:alert(1)",
        "http://169.254.169.254",
    ],
)
def test_an_address_that_no_token_may_go_to(field: str, address: str) -> None:
    with pytest.raises(BadInput, match=f"{field} is"):
        parse(pull_request(), **{field: address})


@pytest.mark.parametrize("field", ["GITHUB_WORKFLOW", "GITHUB_JOB", "GITHUB_RUN_ID", "GITHUB_EVENT_NAME"])
def test_a_variable_that_is_missing(field: str) -> None:
    environment = {name: value for name, value in ENVIRONMENT.items() if name != field}
    with pytest.raises(BadInput, match=field):
        parse_event(json.dumps(pull_request()).encode(), environment)


@pytest.mark.parametrize("name", ["../x", "pull request", "PULL_REQUEST", "x" * 60, "push\n"])
def test_an_event_name_that_is_none(name: str) -> None:
    with pytest.raises(BadInput, match="GITHUB_EVENT_NAME"):
        parse(pull_request(), GITHUB_EVENT_NAME=name)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{", b"[]", b"null", b"7", b"\xff\xfe{}", b'{"a":NaN}', b'{"a":1,"a":2}', b"[" * 100_000,
        b'{"number":' + b"9" * 5_000 + b"}",
    ],
    ids=["empty", "cut", "list", "null", "number", "utf-16", "nan", "twice", "deep", "long"],
)  # fmt: skip
def test_an_event_file_that_github_would_not_write(data: bytes) -> None:
    with pytest.raises(BadInput, match="event file"):
        parse_event(data, ENVIRONMENT)


def test_an_event_file_beyond_the_cap() -> None:
    with pytest.raises(BadInput, match="event file has"):
        parse_event(b" " * (EVENT_LIMIT + 1), ENVIRONMENT)


@pytest.mark.parametrize("part", ["pull_request", "pull_request__head", "pull_request__base"])
@pytest.mark.parametrize("value", [REMOVED, None, [], "x"], ids=["gone", "null", "list", "text"])
def test_a_part_that_is_missing_or_of_another_kind(part: str, value: object) -> None:
    with pytest.raises(BadInput, match="expected an object"):
        parse(pull_request(**{part: value}))


def test_what_is_shown_of_a_hostile_value_is_short_and_plain() -> None:
    with pytest.raises(BadInput) as caught:
        parse(pull_request(pull_request__head__ref="\u202e::add-mask::\n" * 10_000))
    assert len(str(caught.value)) < 250
    assert "\n" not in str(caught.value)
    assert "\u202e" not in str(caught.value)


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
PLACES = [
    "number",
    "repository",
    "pull_request",
    "pull_request__number",
    "pull_request__head",
    "pull_request__head__sha",
    "pull_request__head__ref",
    "pull_request__head__repo",
    "pull_request__base__sha",
]


@given(place=st.sampled_from(PLACES), value=ANY_JSON, name=st.text(max_size=30))
@settings(max_examples=300, deadline=None)
def test_whatever_an_event_holds_it_is_read_or_refused(place: str, value: object, name: str) -> None:
    for event, environment in (
        (pull_request(**{place: value}), {}),
        (pull_request(), {"GITHUB_RUN_ID": name}),
    ):
        try:
            subject = parse(event, **environment)
        except BadInput as error:
            assert len(str(error).splitlines()) == 1
        else:
            assert subject.pull_request == 7 or place == "pull_request__number"
            assert len(subject.head) == 40


@given(data=st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_whatever_bytes_an_event_file_holds(data: bytes) -> None:
    with pytest.raises(BadInput):
        parse_event(data, ENVIRONMENT)
