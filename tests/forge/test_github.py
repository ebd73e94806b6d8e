"""The client against a real HTTP server: pages, faults, limits, redirects, and a token that stays secret."""

import logging
import traceback
from collections.abc import Iterator

import pytest
from github_double import Account, Double, Fault, File, Pull, World

from seatrial.errors import BadInput, CouldNotDecide
from seatrial.forge.answers import Identity
from seatrial.forge.errors import (
    BadToken,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    ReadOnlyToken,
    Refused,
    Unavailable,
)
from seatrial.forge.github import ACTIONS_BOT, GitHub

REPOSITORY = "octo/flight-delay"
NUMBER = 7
HEAD = "a" * 40
TOKEN = "ghs_" + "SECRETsecret" * 3


def nothing_posted() -> None:
    return None


def test_a_pull_requests_head_and_base(client: GitHub) -> None:
    pull = client.pull_request(REPOSITORY, NUMBER)
    assert (pull.number, pull.head, pull.base) == (NUMBER, HEAD, "b" * 40)


def test_all_pages_of_comments_come_in_order(client: GitHub, world: World) -> None:
    for number in range(250):
        world.add_comment(REPOSITORY, NUMBER, f"comment {number}", Account())
    assert [c.body for c in client.comments(REPOSITORY, NUMBER)] == [f"comment {n}" for n in range(250)]


def test_changed_files_hold_both_names_of_a_rename(client: GitHub, world: World) -> None:
    world.add_pull(
        REPOSITORY,
        Pull(8, HEAD, "b" * 40, [{"filename": "new.py", "status": "renamed", "previous_filename": "old.py"}]),
    )
    changed = client.pull_request_files(REPOSITORY, 8)
    assert changed.paths == {"new.py", "old.py"}
    assert changed.complete


def test_a_list_of_files_that_github_cuts_off_says_so(client: GitHub, world: World) -> None:
    world.add_pull(REPOSITORY, Pull(9, HEAD, "b" * 40, [{"filename": f"f{n}"} for n in range(3_010)]))
    changed = client.pull_request_files(REPOSITORY, 9)
    assert len(changed.paths) == 3_000
    assert not changed.complete


def test_requests_say_which_api_they_speak(client: GitHub, double: Double) -> None:
    client.pull_request(REPOSITORY, NUMBER)
    assert double.asked("GET", "/pulls/7")[0]["accept"] == "application/vnd.github+json"


def test_an_enterprise_server_with_a_base_path(world: World, clock, contract) -> None:
    with (
        Double(world, contract=contract, base_path="/api/v3") as double,
        GitHub(TOKEN, double.url + "/", pace=clock.pace()) as client,
    ):
        assert client.pull_request(REPOSITORY, NUMBER).head == HEAD
        client.create_comment(REPOSITORY, NUMBER, "hello", settled=nothing_posted)
    assert [c.body for c in world.comments(REPOSITORY, NUMBER)] == ["hello"]
    assert double.violations == []


@pytest.mark.parametrize("status", [500, 502, 503])
def test_server_errors_are_tried_again(client: GitHub, double: Double, clock, status: int) -> None:
    double.plan.add(Fault("answer", status=status, times=3))
    assert client.pull_request(REPOSITORY, NUMBER).head == HEAD
    assert clock.slept == [0.5, 1.0, 2.0]


def test_five_tries_and_no_more(client: GitHub, double: Double) -> None:
    double.plan.add(Fault("answer", status=502, times=100))
    with pytest.raises(Unavailable, match="after 5 tries: GitHub answered 502"):
        client.pull_request(REPOSITORY, NUMBER)
    assert len(double.asked()) == 5


def test_the_whole_call_is_bounded_in_time(double: Double, clock) -> None:
    double.plan.add(Fault("answer", status=503, times=100, headers={"Retry-After": "25"}))
    with GitHub(TOKEN, double.url, pace=clock.pace(total=60.0)) as client, pytest.raises(Unavailable):
        client.pull_request(REPOSITORY, NUMBER)
    assert sum(clock.slept) <= 60.0
    assert len(double.asked()) == 3


def test_calls_under_one_bound_share_it(client: GitHub, double: Double, clock) -> None:
    double.plan.add(Fault("answer", status=503, times=100, headers={"Retry-After": "25"}))
    with client.bounded():
        for _ in range(3):
            with pytest.raises(Unavailable):
                client.pull_request(REPOSITORY, NUMBER)
    assert sum(clock.slept) <= 60.0


@pytest.mark.parametrize("status", [403, 429])
@pytest.mark.parametrize("wait", ["0", "1"])
def test_a_secondary_limit_is_waited_for(
    client: GitHub, double: Double, clock, status: int, wait: str
) -> None:
    message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
    double.plan.add(Fault("answer", status=status, message=message, headers={"Retry-After": wait}))
    client.create_comment(REPOSITORY, NUMBER, "hello", settled=nothing_posted)
    assert clock.slept == [float(wait)]


def test_a_secondary_limit_that_names_no_time_ends_the_call(client: GitHub, double: Double, clock) -> None:
    double.plan.add(Fault("answer", status=403, message="You have exceeded a secondary rate limit."))
    with pytest.raises(RateLimited, match="wait 60 s"):
        client.pull_request(REPOSITORY, NUMBER)
    assert clock.slept == []


def test_an_exhausted_quota_is_waited_for_until_its_reset(client: GitHub, double: Double, clock) -> None:
    headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(clock.seconds) + 7)}
    double.plan.add(Fault("answer", status=403, message="API rate limit exceeded", headers=headers))
    assert client.pull_request(REPOSITORY, NUMBER).head == HEAD
    assert clock.slept == [7.0]


def test_retry_after_may_be_a_date(client: GitHub, double: Double, clock) -> None:
    headers = {"Retry-After": "Thu, 01 Jan 1970 00:16:52 GMT"}
    double.plan.add(Fault("answer", status=429, message="slow down", headers=headers))
    assert client.pull_request(REPOSITORY, NUMBER).head == HEAD
    assert clock.slept == [12.0]


def test_a_wait_longer_than_a_job_should_take_is_not_begun(client: GitHub, double: Double, clock) -> None:
    double.plan.add(Fault("answer", status=429, message="slow down", headers={"Retry-After": "3600"}))
    with pytest.raises(RateLimited, match="wait 3600 s"):
        client.pull_request(REPOSITORY, NUMBER)
    assert clock.slept == []


def test_a_read_only_token_is_told_at_once_and_how_to_mend_it(
    client: GitHub, world: World, double: Double
) -> None:
    world.accounts[TOKEN].writes = False
    with pytest.raises(ReadOnlyToken, match="pull-requests: write") as caught:
        client.create_comment(REPOSITORY, NUMBER, "hello", settled=nothing_posted)
    assert isinstance(caught.value, CouldNotDecide)
    assert caught.value.exit_code == 3
    assert "\n" not in str(caught.value)
    assert len(double.asked()) == 1


def test_a_read_only_token_is_not_taken_for_a_rate_limit(client: GitHub, double: Double) -> None:
    headers = {"X-RateLimit-Remaining": "0", "Retry-After": "1"}
    message = "Resource not accessible by integration"
    double.plan.add(Fault("answer", status=403, message=message, headers=headers))
    with pytest.raises(ReadOnlyToken):
        client.pull_request(REPOSITORY, NUMBER)


def test_a_token_that_is_not_accepted(double: Double, clock) -> None:
    with GitHub("ghs_other", double.url, pace=clock.pace()) as client, pytest.raises(BadToken, match="401"):
        client.pull_request(REPOSITORY, NUMBER)


def test_what_is_not_there_names_the_permission_that_may_lack(client: GitHub) -> None:
    with pytest.raises(NotFound, match="pull-requests: read"):
        client.pull_request(REPOSITORY, 99)


def test_refused_input_is_told_in_githubs_words(client: GitHub) -> None:
    with pytest.raises(Refused, match=r"422.*Validation Failed"):
        client.create_comment(REPOSITORY, NUMBER, "x" * 70_000, settled=nothing_posted)


@pytest.mark.parametrize("kind", ["lost", "truncated", "garbage"])
def test_a_create_whose_reply_was_lost_is_not_done_twice(
    client: GitHub, world: World, double: Double, kind
) -> None:
    double.plan.add(Fault(kind, method="POST"))

    def posted():
        return next((c for c in client.comments(REPOSITORY, NUMBER) if c.body == "hello"), None)

    comment = client.create_comment(REPOSITORY, NUMBER, "hello", settled=posted)
    assert [c.id for c in world.comments(REPOSITORY, NUMBER)] == [comment.id]
    assert len(double.asked("POST")) == 1


def test_a_create_that_never_took_effect_is_done_again(client: GitHub, world: World, double: Double) -> None:
    double.plan.add(Fault("lost", method="POST", effect=False, times=2))
    client.create_comment(REPOSITORY, NUMBER, "hello", settled=nothing_posted)
    assert [c.body for c in world.comments(REPOSITORY, NUMBER)] == ["hello"]
    assert len(double.asked("POST")) == 3


def test_a_create_that_keeps_failing_says_that_it_may_have_happened(client: GitHub, double: Double) -> None:
    double.plan.add(Fault("answer", method="POST", status=502, times=100))
    with pytest.raises(OutcomeUnknown, match="may have happened"):
        client.create_comment(REPOSITORY, NUMBER, "hello", settled=nothing_posted)
    assert len(double.asked("POST")) == 5


@pytest.mark.parametrize("kind", ["lost", "truncated", "garbage"])
def test_a_read_whose_answer_breaks_off_is_tried_again(client: GitHub, double: Double, kind) -> None:
    double.plan.add(Fault(kind, times=2))
    assert client.pull_request(REPOSITORY, NUMBER).head == HEAD


def test_a_server_that_is_not_there(clock) -> None:
    with (
        GitHub(TOKEN, "http://127.0.0.1:9", pace=clock.pace()) as client,
        pytest.raises(Unavailable, match="reached"),
    ):
        client.pull_request(REPOSITORY, NUMBER)
    assert len(clock.slept) == 4


def test_an_answer_beyond_the_cap_is_refused(client: GitHub, world: World) -> None:
    world.add_commit(REPOSITORY, HEAD, {"big.bin": b"x" * 300_000})
    with pytest.raises(Refused, match="larger than 200,000 bytes"):
        client.file(REPOSITORY, "big.bin", HEAD, limit=200_000)


def test_a_redirect_to_another_server_is_refused(
    client: GitHub, double: Double, world: World, contract
) -> None:
    with Double(world, contract=contract) as elsewhere:
        target = elsewhere.url + f"/repos/{REPOSITORY}/pulls/{NUMBER}"
        double.plan.add(Fault("answer", status=301, headers={"Location": target}))
        with pytest.raises(Refused, match="another server"):
            client.pull_request(REPOSITORY, NUMBER)
        assert elsewhere.asked() == []
    double.violations.clear()  # the description has no word for the 301 of a renamed repository


def test_a_redirect_on_the_same_server_is_followed(client: GitHub, double: Double) -> None:
    target = f"/repos/{REPOSITORY}/pulls/{NUMBER}"
    double.plan.add(Fault("answer", status=301, headers={"Location": target}))
    assert client.pull_request(REPOSITORY, NUMBER).head == HEAD
    double.violations.clear()


def test_redirects_in_a_circle_end(client: GitHub, double: Double) -> None:
    target = f"/repos/{REPOSITORY}/pulls/{NUMBER}"
    double.plan.add(Fault("answer", status=302, times=50, headers={"Location": target}))
    with pytest.raises(Refused, match="too often"):
        client.pull_request(REPOSITORY, NUMBER)
    double.violations.clear()


def test_an_actions_token_is_the_bot(client: GitHub) -> None:
    assert client.identity() == Identity(ACTIONS_BOT)


def test_a_persons_token_is_that_person(world: World, client: GitHub) -> None:
    world.accounts[TOKEN] = Account("octocat", "User", None, asks_user=True)
    assert client.identity() == Identity("octocat")


def test_a_comment_of_a_deleted_account_has_no_author(client: GitHub, world: World) -> None:
    world.add_comment(REPOSITORY, NUMBER, "hello", None)
    assert client.comments(REPOSITORY, NUMBER)[0].author is None


def test_a_folder_lists_links_and_submodules_as_such(client: GitHub, world: World) -> None:
    files = {
        "a.txt": b"a",
        "link": File(b"a.txt", "symlink"),
        "module": File(b"c" * 40, "submodule"),
        "folder/b.txt": b"b",
    }
    world.add_commit(REPOSITORY, HEAD, files)
    kinds = {entry.name: entry.kind for entry in client.directory(REPOSITORY, "", HEAD)}
    assert kinds == {"a.txt": "file", "link": "symlink", "module": "submodule", "folder": "dir"}


def test_a_path_with_odd_characters_reaches_the_server_whole(client: GitHub, world: World) -> None:
    world.add_commit(REPOSITORY, HEAD, {"data/a b#c?d%2Fé.csv": b"ok"})
    assert client.file(REPOSITORY, "data/a b#c?d%2Fé.csv", HEAD) == b"ok"


@pytest.mark.parametrize(
    "name", ["", "octo", "octo/", "/x", "octo/..", "octo/a/b", "octo/a b", "../x", "octo/a?x=1"]
)
def test_a_repository_that_is_none_is_never_asked_for(client: GitHub, double: Double, name: str) -> None:
    with pytest.raises(BadInput, match="owner/name"):
        client.pull_request(name, NUMBER)
    assert double.asked() == []


@pytest.mark.parametrize(
    "address",
    [
        "http://api.github.com",
        "http://169.254.169.254",
        "file:///etc/passwd",
        "https://user@api.github.com",
        "https://api.github.com?x=1",
        "https://api.github.com#x",
        "https://",
        "api.github.com",
        "https://[::1",
        "https://api.github.com:port",
        "https://api.github.com\n",
    ],
)
def test_an_address_where_no_token_should_go(address: str) -> None:
    with pytest.raises(BadInput, match="expected an https address"):
        GitHub(TOKEN, address)


@pytest.mark.parametrize("token", ["", "a b", "line\nbreak", "é"])
def test_a_token_that_cannot_be_one_is_not_shown(token: str) -> None:
    with pytest.raises(BadInput, match="not shown") as caught:
        GitHub(token)
    assert len(token) < 2 or token not in str(caught.value)


def every_fault() -> Iterator[Fault]:
    echoing = f"cannot use {TOKEN} here"
    yield Fault("answer", status=401, message=echoing, times=9)
    yield Fault("answer", status=403, message=echoing, times=9)
    yield Fault("answer", status=403, message=f"Resource not accessible by integration {TOKEN}", times=9)
    yield Fault("answer", status=404, message=echoing, times=9)
    yield Fault("answer", status=422, message=echoing, times=9)
    yield Fault("answer", status=429, message=echoing, times=9)
    yield Fault("answer", status=500, message=echoing, times=9)
    yield Fault("lost", times=9)
    yield Fault("garbage", times=9)
    yield Fault("truncated", times=9)


@pytest.mark.parametrize("fault", list(every_fault()), ids=lambda fault: f"{fault.kind}-{fault.status}")
def test_no_error_log_or_repr_shows_the_token(world: World, clock, caplog, fault: Fault) -> None:
    caplog.set_level(logging.DEBUG)
    with Double(world) as double, GitHub(TOKEN, double.url, pace=clock.pace()) as client:
        double.plan.add(fault)
        with pytest.raises(CouldNotDecide) as caught:
            client.pull_request(REPOSITORY, NUMBER)
        told = "".join(traceback.format_exception(caught.value)) + str(caught.value) + repr(caught.value)
        assert TOKEN not in told + caplog.text + repr(client) + str(vars(client))
        assert "\n" not in str(caught.value)


def test_a_password_in_netrc_does_not_take_the_tokens_place(tmp_path, monkeypatch, double, client) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password other\n")
    monkeypatch.setenv("NETRC", str(netrc))
    assert client.pull_request(REPOSITORY, NUMBER).head == HEAD
    assert double.asked()[0]["by"] == ACTIONS_BOT
