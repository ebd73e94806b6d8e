"""GitHub in trouble: the verdict and the exit code stand, and what could not be posted is said."""

import pytest
from acting import TOKEN, ActRun
from flights import FILES, GOOD, POOR, policy
from github_double import Account, Fault
from scenes import GitHub, Scene
from workflows import job, trial, workflow

pytestmark = pytest.mark.act

POST = {"method": "POST", "path": "/comments$"}
LIMIT = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
# "At once" spares the tests the waits between tries.
FAULTS = {
    "lost": Fault("lost", **POST, headers={"Retry-After": "0"}),
    "truncated": Fault("truncated", **POST),
    "limited": Fault("answer", **POST, status=403, message=LIMIT, headers={"Retry-After": "1"}),
    "down": Fault("answer", times=999, status=503, headers={"Retry-After": "0"}),
    "refusing": Fault("answer", **POST, times=999, status=502, headers={"Retry-After": "0"}),
}


@pytest.fixture(scope="module")
def githubs(shared_scene: Scene) -> dict[str, GitHub]:
    found = {name: shared_scene.add(f"ghs_{name}_token", fault) for name, fault in FAULTS.items()}
    return found | {"readonly": shared_scene.add("ghs_readonly_token", account=Account(writes=False))}


@pytest.fixture(scope="module")
def run(shared_scene: Scene, githubs: dict[str, GitHub]) -> ActRun:
    def said(name: str, text: str) -> dict[str, str]:
        return {"policy": text, "github-token": githubs[name].token}

    jobs = {name: job(trial(inputs=said(name, "seatrial.yml"))) for name in githubs}
    jobs |= {f"{name}_failing": job(trial(inputs=said(name, "failing.yml"))) for name in ("readonly", "down")}
    base = {**FILES, "seatrial.yml": policy(), "failing.yml": policy(candidate="predictions: worse.csv")}
    shared_scene.open(base, {"candidate.csv": GOOD + "\n", "worse.csv": POOR}, workflow(**jobs))
    return shared_scene.play()


@pytest.mark.parametrize(("fate", "posts"), [("lost", 1), ("truncated", 1), ("limited", 2)])
def test_one_comment_after_trouble(run: ActRun, githubs: dict[str, GitHub], fate: str, posts: int) -> None:
    """A lost or broken reply is no reason to post twice; a rate limit is waited for."""
    found = run.job(fate).step("trial")
    assert (found.code, found.annotations) == (0, [])
    assert githubs[fate].plan.spent
    assert len(githubs[fate].asked("POST")) == posts
    assert len(githubs[fate].comments) == 1


@pytest.mark.parametrize(("name", "code"), [("readonly", 0), ("readonly_failing", 1)])
def test_read_only_token(run: ActRun, githubs: dict[str, GitHub], name: str, code: int) -> None:
    """As for a fork: the verdict by exit code and summary, one notice, nothing posted."""
    found = run.job(name).step("trial")
    assert found.code == code
    notices = [a for a in found.annotations if a.at["title"] == "No comment"]
    assert [a.level for a in notices] == ["notice"]
    assert "pull-requests: write" in notices[0].message
    assert found.summary.startswith("## ")
    assert githubs["readonly"].comments == []


@pytest.mark.parametrize(("name", "code"), [("down", 0), ("down_failing", 1), ("refusing", 0)])
def test_server_errors_for_ever(run: ActRun, githubs: dict[str, GitHub], name: str, code: int) -> None:
    found = run.job(name).step("trial")
    assert found.code == code
    warnings = [a for a in found.annotations if a.at["title"] == "No comment"]
    assert [a.level for a in warnings] == ["warning"]
    assert "The verdict stands" in warnings[0].message
    assert found.summary.startswith("## ")
    assert len(githubs["refusing"].asked("POST")) == 5, "tries are few"


def test_nobody_listens(scene: Scene) -> None:
    """The port is closed: the verdict stands all the same."""
    base = {**FILES, "seatrial.yml": policy()}
    scene.open(base, {"candidate.csv": POOR}, workflow(trial=job(trial())))
    found = scene.play(api_url="http://127.0.0.1:9").job("trial").step("trial")
    assert (found.code, found.outputs["verdict"]) == (1, "failed")
    warnings = [a for a in found.annotations if a.level == "warning"]
    assert len(warnings) == 1
    assert "could not be reached" in warnings[0].message


def test_fork(scene: Scene) -> None:
    """A pull request from elsewhere, whose token may only read: same verdict, same exit code."""
    base = {**FILES, "seatrial.yml": policy()}
    scene.open(base, {"candidate.csv": POOR}, workflow(trial=job(trial())))
    scene.github.world.accounts[TOKEN] = Account(writes=False)
    event = scene.event()
    event["pull_request"]["head"]["repo"] = {"full_name": "mallory/late-flights"}
    found = scene.play(event).job("trial").step("trial")
    assert (found.code, found.outputs["verdict"]) == (1, "failed")
    assert sorted(a.level for a in found.annotations) == ["error", "notice"]
    assert scene.github.comments == []


def test_no_token(scene: Scene) -> None:
    """An empty input asks for no comment."""
    base = {**FILES, "seatrial.yml": policy()}
    step = {"id": "trial", "uses": "seatrial/seatrial@v1", "with": {"github-token": ""}}
    scene.open(base, {"candidate.csv": GOOD + "\n"}, workflow(trial=job(step)))
    found = scene.play().job("trial").step("trial")
    assert (found.code, found.annotations) == (0, [])
    assert scene.github.requests == []
