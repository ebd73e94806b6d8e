"""Runs and their artifacts, as GitHub tells of them; our token stays with it, sizes and digests hold."""

import hashlib
from typing import Any

import pytest
from github_double import Account, Double, Fault, Pull, Run, World

from seatrial.errors import BadInput
from seatrial.forge.addresses import is_store
from seatrial.forge.artifacts import fetch
from seatrial.forge.errors import NotFound, ReadOnlyToken, Refused, TooLarge, Unavailable
from seatrial.forge.github import GitHub
from seatrial.forge.pulls import pull_of
from seatrial.forge.runs import Artifact

REPOSITORY, TOKEN, HEAD, BASE = (
    "octo/flight-delay",
    "ghs_" + "SECRETsecret" * 3,
    "a" * 40,
    "b" * 40,
)
LIMIT = 1_000_000
DATA = b"PK" + bytes(500)


@pytest.fixture
def run(world: World) -> Run:
    return world.add_run(REPOSITORY, Run(31, HEAD, attempt=3, earlier={"1": "failure", "2": "cancelled"}))


def only(client: GitHub) -> Artifact:
    (artifact,) = client.artifacts_of_run(REPOSITORY, 31)
    return artifact


def test_a_run_is_read(client: GitHub, run: Run) -> None:
    found = client.run(REPOSITORY, 31)
    assert (found.id, found.attempt, found.workflow, found.event) == (31, 3, "ci", "pull_request")
    assert (found.head, found.branch, found.conclusion) == (HEAD, "change", "success")
    assert (found.repository, found.head_repository, found.is_fork) == (REPOSITORY, REPOSITORY, False)
    assert [client.run(REPOSITORY, 31, n).conclusion for n in (1, 2, 3)] == [
        "failure",
        "cancelled",
        "success",
    ]
    with pytest.raises(NotFound):
        client.run(REPOSITORY, 31, 4)


def test_a_run_of_a_fork_is_known_by_its_repository(client: GitHub, world: World) -> None:
    world.add_run(REPOSITORY, Run(32, HEAD, fork=True))
    found = client.run(REPOSITORY, 32)
    assert found.is_fork
    assert found.head_repository == "visitor/flight-delay"


def test_all_pages_of_artifacts_are_listed(client: GitHub, world: World, run: Run) -> None:
    for number in range(205):
        world.add_artifact(REPOSITORY, 31, f"seatrial-m-lint-{number + 1}", b"")
    world.add_artifact(REPOSITORY, 99, "of-another-run", b"")
    names = [artifact.name for artifact in client.artifacts_of_run(REPOSITORY, 31)]
    assert names == [f"seatrial-m-lint-{number}" for number in range(205, 0, -1)]


def test_artifacts_of_a_name_are_listed_over_all_runs(client: GitHub, world: World, run: Run) -> None:
    first = world.add_artifact(REPOSITORY, 31, "model", DATA)
    world.add_artifact(REPOSITORY, 31, "other", DATA)
    second = world.add_artifact(REPOSITORY, 77, "model", DATA, digest=None)
    found = client.artifacts_named(REPOSITORY, "model")
    assert [(a.id, a.run, a.branch) for a in found] == [(second.id, None, None), (first.id, 31, "change")]
    assert [a.digest for a in found] == [None, hashlib.sha256(DATA).hexdigest()]


def test_the_token_does_not_go_where_artifacts_lie(
    client: GitHub, double: Double, world: World, run: Run
) -> None:
    world.add_artifact(REPOSITORY, 31, "model", DATA)
    assert fetch(client, REPOSITORY, only(client), LIMIT) == DATA
    (asked,) = double.store.requests
    assert "authorization" not in asked
    assert not any(TOKEN in value for value in asked.values())
    assert "x-github-api-version" not in asked


@pytest.mark.parametrize(
    "place",
    [
        "http://10.0.0.1/x",
        "http://example.com/x",
        "ftp://127.0.0.1/x",
        "http://user@127.0.0.1:1/x",
        "file:///etc/passwd",
    ],
)
def test_a_place_that_no_artifact_lies_at_is_not_asked(
    client: GitHub, double: Double, world: World, run: Run, place: str
) -> None:
    world.add_artifact(REPOSITORY, 31, "model", DATA)
    artifact = only(client)
    double.plan.add(Fault("answer", path="/zip", status=302, headers={"Location": place}))
    with pytest.raises(Refused, match=r"redirected|no host for artifacts"):
        fetch(client, REPOSITORY, artifact, LIMIT)


PUBLIC, OURS = ("https", "api.github.com", 443), ("https", "github.example.com", 443)
BLOB = "https://productionresultssa17.blob.core.windows.net/actions-results/x/artifacts/y.zip?sig=z"


@pytest.mark.parametrize(
    ("address", "api", "good"),
    [
        (BLOB, PUBLIC, True),
        ("https://pipelines.actions.githubusercontent.com/a/b", PUBLIC, True),
        (BLOB, ("https", "api.acme.ghe.com", 443), True),
        ("https://storage.example.com/bucket/x", OURS, True),
        ("https://storage.example.com/bucket/x", PUBLIC, False),
        ("https://blob.core.windows.net.evil.example/x", PUBLIC, False),
        ("https://a.b.blob.core.windows.net/x", PUBLIC, False),
        ("https://evil.example/productionresultssa1.blob.core.windows.net", PUBLIC, False),
        (BLOB.replace("https", "http"), PUBLIC, False),
        (BLOB.replace(".net/", ".net:8443/"), PUBLIC, False),
        (BLOB.replace("https://", "https://u:p@"), PUBLIC, False),
        (BLOB + "#x", PUBLIC, False),
        (BLOB + " x", PUBLIC, False),
        (BLOB.replace("/a", "\\a"), PUBLIC, False),
        ("https://169.254.169.254/latest", PUBLIC, False),
        ("http://169.254.169.254/latest", OURS, False),
        ("http://127.0.0.1:9/x", OURS, False),
        ("http://127.0.0.1:9/x", ("http", "127.0.0.1", 80), True),
        ("https://[::1", PUBLIC, False),
        ("", PUBLIC, False),
    ],
)
def test_hosts_that_artifacts_may_lie_with(address: str, api: Any, good: bool) -> None:
    assert is_store(address, api) is good


def test_an_artifact_that_is_told_to_be_large_is_not_fetched(
    client: GitHub, double: Double, world: World, run: Run
) -> None:
    world.add_artifact(REPOSITORY, 31, "model", DATA, size=10 * 1024**3)
    with pytest.raises(BadInput, match=r"model: has 10,737,418,240 bytes; expected at most 1,000,000"):
        fetch(client, REPOSITORY, only(client), LIMIT)
    assert double.store.requests == []


def test_an_artifact_that_goes_on_is_ended_early(
    client: GitHub, double: Double, world: World, run: Run
) -> None:
    world.add_artifact(REPOSITORY, 31, "model", DATA, endless=10 * 1024**3)
    with pytest.raises(BadInput, match=r"model: has more than the 502 bytes that are told of it"):
        fetch(client, REPOSITORY, only(client), LIMIT)
    assert double.store.sent < 50 * LIMIT
    assert len(double.store.requests) == 1


def test_other_bytes_than_listed_are_refused(client: GitHub, world: World, run: Run) -> None:
    world.add_artifact(REPOSITORY, 31, "model", DATA, digest="sha256:" + "0" * 64)
    with pytest.raises(Unavailable, match="does not have the digest that GitHub lists"):
        fetch(client, REPOSITORY, only(client), LIMIT)


@pytest.mark.parametrize("digest", ["md5:" + "0" * 32, "sha256:xyz", "sha256:" + "A" * 64, ""])
def test_a_digest_of_another_shape_is_no_digest(client: GitHub, world: World, run: Run, digest: str) -> None:
    world.add_artifact(REPOSITORY, 31, "model", DATA, digest=digest)
    with pytest.raises(Unavailable, match="an artifact whose `digest` is of SHA-256"):
        client.artifacts_of_run(REPOSITORY, 31)


def test_an_artifact_without_a_digest_is_fetched(client: GitHub, world: World, run: Run) -> None:
    world.add_artifact(REPOSITORY, 31, "model", DATA, digest=None)
    assert fetch(client, REPOSITORY, only(client), LIMIT) == DATA


def test_an_artifact_that_has_expired(client: GitHub, world: World, run: Run) -> None:
    artifact = world.add_artifact(REPOSITORY, 31, "model", DATA, expired=True)
    with pytest.raises(BadInput, match="model: has expired; run the workflow again"):
        fetch(client, REPOSITORY, only(client), LIMIT)
    with pytest.raises(NotFound):
        client.download(REPOSITORY, artifact.id, LIMIT)


def test_a_store_that_falters_is_asked_again(client: GitHub, double: Double, world: World, run: Run) -> None:
    """Each time by way of GitHub, since a signed address does not last."""
    world.add_artifact(REPOSITORY, 31, "model", DATA)
    double.store.refusals = [503, 429, 500]
    assert fetch(client, REPOSITORY, only(client), LIMIT) == DATA
    assert len(double.asked("GET", "/zip")) == 4


def test_a_store_that_refuses_is_told(client: GitHub, double: Double, world: World, run: Run) -> None:
    world.add_artifact(REPOSITORY, 31, "model", DATA)
    double.store.refusals = [403]
    with pytest.raises(Refused, match="where GitHub keeps artifacts, answered 403"):
        fetch(client, REPOSITORY, only(client), LIMIT)


def test_a_token_without_the_permission_says_which(client: GitHub, world: World, run: Run) -> None:
    world.accounts[TOKEN] = Account(reads_actions=False)
    for ask in (
        lambda: client.run(REPOSITORY, 31),
        lambda: client.artifacts_of_run(REPOSITORY, 31),
        lambda: client.artifacts_named(REPOSITORY, "model"),
        lambda: client.download(REPOSITORY, 5, LIMIT),
    ):
        with pytest.raises(ReadOnlyToken, match=r"permissions: \{actions: read\}"):
            ask()


def test_a_list_of_another_shape_is_refused(client: GitHub, double: Double, run: Run) -> None:
    double.plan.add(Fault("garbage", path="/artifacts", times=9))
    with pytest.raises(Unavailable):
        client.artifacts_of_run(REPOSITORY, 31)


def test_too_large_is_a_refusal() -> None:
    assert issubclass(TooLarge, Refused)


def pulls(world: World, *found: Pull) -> None:
    world.repository(REPOSITORY).pulls.clear()
    for pull in found:
        world.add_pull(REPOSITORY, pull)


def of_run(client: GitHub, world: World, **run: Any) -> tuple[int | None, str]:
    world.add_run(REPOSITORY, Run(40, HEAD, **run))
    return pull_of(client, client.run(REPOSITORY, 40))


@pytest.mark.parametrize("fork", [False, True])
def test_the_pull_request_of_a_run_is_found(client: GitHub, world: World, fork: bool) -> None:
    pulls(
        world,
        Pull(7, HEAD, BASE, fork=fork),
        Pull(8, HEAD, BASE, fork=not fork),  # the same commit and branch, in another repository
        Pull(9, "c" * 40, BASE, fork=fork),
        Pull(10, HEAD, BASE, fork=fork, head_ref="other"),
        Pull(11, HEAD, BASE, fork=fork, state="closed"),
    )
    assert of_run(client, world, fork=fork) == (7, "")


def test_a_pull_request_that_is_closed_or_has_moved_on(client: GitHub, world: World) -> None:
    pulls(world, Pull(7, HEAD, BASE, fork=True, state="closed"), Pull(8, "c" * 40, BASE, fork=True))
    number, why = of_run(client, world, fork=True)
    assert number is None
    head = "commit aaaaaaaaaaaa of visitor:change"
    assert why == f"no open pull request has {head} as its head: it was closed, or has moved on"


def test_two_pull_requests_with_the_same_head(client: GitHub, world: World) -> None:
    pulls(world, Pull(7, HEAD, BASE, fork=True), Pull(8, HEAD, BASE, fork=True, base_ref="release"))
    number, why = of_run(client, world, fork=True)
    assert number is None
    assert why.startswith("2 open pull requests have commit") and "(#7, #8)" in why


@pytest.mark.parametrize(
    "event", ["push", "merge_group", "schedule", "pull_request_target", "workflow_dispatch"]
)
def test_a_run_of_another_event_is_of_no_pull_request(client: GitHub, world: World, event: str) -> None:
    pulls(world, Pull(7, HEAD, BASE))
    number, why = of_run(client, world, event=event)
    assert number is None and event in why


def test_a_branch_with_a_hostile_name_is_one_parameter(client: GitHub, world: World, double: Double) -> None:
    name = "a&state=all#?x=1/\u202e`@team`"
    pulls(world, Pull(7, HEAD, BASE, fork=True, head_ref=name), Pull(8, HEAD, BASE, state="closed"))
    assert of_run(client, world, fork=True, branch=name) == (7, "")
    (asked,) = double.asked("GET", "/pulls")
    assert asked["query"]["head"] == f"visitor:{name}"
    assert asked["query"]["state"] == "open"
