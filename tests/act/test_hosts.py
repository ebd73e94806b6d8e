"""Every action behind a recording proxy: it asks for the hosts that the reviewer's page names, no others."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from acting import REPOSITORY, ROOT, Act, ActRun
from flights import FILES, PLAIN, POOR, policy
from github_double import Contract, Run
from index_double import IndexDouble
from recording_proxy import Authority, RecordingProxy, authority
from run_artifacts import about, decided, zipped
from scenes import NUMBER, Scene
from wheels import wheels
from workflows import FORGET, Job, Step, check_data, comment, evaluate, job, shell, trial, workflow

from seatrial.actions import ACTIONS
from seatrial.trial.workflow.plan import Plan

pytestmark = pytest.mark.act

API, INDEX = "api.github.com", "packages.example.invalid"
STORE = "productionresultssa1.blob.core.windows.net"
CALLED = {"the artifact store": STORE}  # on the page, where its name is GitHub's choice
ENDED, OLDER = 2001, 2000
PAGE = ROOT / "docs" / "platform-review.md"
DECISION = "${{ steps.evaluate.outputs.decision }}"
POLICIES = {
    "seatrial.yml": policy().replace("key: [id]}", "key: [id], rows: {min: 10}}"),
    "lint.yml": "version: 1\nmodel: {name: a, task: binary}\nlint: [test -f candidate.csv]\n",
    "prepare.yml": policy("prepare: {run: test -f candidate.csv}"),
    "train.yml": policy("train: {smoke: {run: [cp, candidate.csv, '{model}'], model: build/model.csv}}"),
    "artifact.yml": policy(baseline="artifact: kept"),
    "predict.yml": policy(candidate="predict: [cp, candidate.csv, '{out}', --update, '--suffix={data}']"),
}
PLAN = Plan("seatrial.yml", "flight-delay", gates=(), jobs=("judge",)).to_json()


def ours(verb: str, **inputs: str) -> Step:
    return {
        "id": verb,
        "uses": f"seatrial/seatrial/actions/{verb}@v1",
        **({"with": inputs} if inputs else {}),
    }


def lonely(step: Step) -> list[Step]:
    """Without history, so that the base branch's files are asked for."""
    return [FORGET, {**step, "continue-on-error": True}]


# How each action is brought to ask for whatever it may ask for.
STEPS: dict[str, list[Step]] = {
    "trial": lonely(trial()),
    "evaluate": [*lonely(evaluate()), {**evaluate("artifact.yml"), "id": "older"}],
    "check-data": lonely(check_data()),
    "comment": [{**evaluate(), "continue-on-error": True}, comment(DECISION)],
    "lint": lonely(ours("lint", policy="lint.yml")),
    "plan": lonely(ours("plan")),
    "prepare": lonely(ours("prepare", policy="prepare.yml")),
    "predict": lonely(ours("predict", policy="predict.yml")),
    "smoke-train": lonely(ours("smoke-train", policy="train.yml")),
    "comment-run": [ours("comment-run", run=str(ENDED))],
    "verdict": [ours("verdict", plan=PLAN, results='{"judge": {"result": "success", "outputs": {}}}')],
}
ENDS = {"verdict": (3,)}  # it gets no Decision


def behind(proxy: RecordingProxy, trusted: Path) -> dict[str, str]:
    """What a runner behind a company's proxy sets."""
    return {
        "HTTPS_PROXY": proxy.url,
        "HTTP_PROXY": proxy.url,
        "https_proxy": proxy.url,
        "http_proxy": proxy.url,
        "REQUESTS_CA_BUNDLE": str(trusted),
        "SSL_CERT_FILE": str(trusted),
        "PIP_CERT": str(trusted),
        "PIP_INDEX_URL": f"https://{INDEX}/simple",
        "UV_DEFAULT_INDEX": f"https://{INDEX}/simple",
        "UV_CACHE_DIR": "",
    }


class Watched:
    """One run of one workflow: a job and a proxy of its own for each action, and one for the set-up."""

    def __init__(self, scene: Scene, certificates: Authority, index: IndexDouble) -> None:
        store = int(scene.github.store.url.split(":")[2].partition("/")[0])
        scene.github.keep_artifacts_at(f"https://{STORE}/blobs")
        doubles = {f"{API}:443": scene.github.port, f"{STORE}:443": store, f"{INDEX}:443": index.port}
        self.proxies = {name: RecordingProxy(doubles, certificates) for name in (*STEPS, "set-up")}
        self._trusted = certificates.trusted

    def jobs(self, cache: Path) -> dict[str, Job]:
        warm: list[Step] = [evaluate("nothing.yml"), comment("nothing.json")]
        jobs = {"warm": job(*({**step, "continue-on-error": True} for step in warm))}
        for name, steps in STEPS.items():
            env = behind(self.proxies[name], self._trusted)
            jobs[name] = job(*steps, needs=["warm"], env={**env, "UV_OFFLINE": "1"})
        env = {**behind(self.proxies["set-up"], self._trusted), "UV_CACHE_DIR": str(cache)}
        alone = {**comment("nothing.json"), "continue-on-error": True}
        jobs["set-up"] = job(alone, shell("ls $RUNNER_TEMP/seatrial/*/complete"), kept=False, env=env)
        return jobs


@pytest.fixture(scope="module")
def watched(
    tmp_path_factory: pytest.TempPathFactory, act: Act, contract: Contract | None
) -> Iterator[tuple[Watched, ActRun]]:
    folder = tmp_path_factory.mktemp("hosts")
    kept = wheels(tmp_path_factory.getbasetemp().parent / "seatrial-wheels", "uv", "comment")
    certificates = authority(folder, [API, STORE, INDEX])
    with ExitStack() as stack:
        scene = stack.enter_context(Scene(folder / "scene", act, contract))
        index = stack.enter_context(IndexDouble(kept))
        found = Watched(scene, certificates, index)
        for proxy in found.proxies.values():
            stack.enter_context(proxy)
        scene.open({**FILES, **POLICIES}, {"candidate.csv": POOR}, workflow(**found.jobs(folder / "cache")))
        leave_artifacts(scene)
        yield found, scene.play(api_url=f"https://{API}")


def leave_artifacts(scene: Scene) -> None:
    """A run of the pull request that has ended, and one of the base branch that left a baseline."""
    world, run = scene.github.world, f"https://github.com/{REPOSITORY}/actions/runs/{ENDED}"
    world.add_run(REPOSITORY, Run(ENDED, scene.head))
    subject = {"repository": REPOSITORY, "pull_request": NUMBER, "head": scene.head, "run": run, "attempt": 1}
    made = {"evaluation.json": about(decided(POOR), **subject)}
    world.add_artifact(REPOSITORY, ENDED, "seatrial-flight-delay-evaluation-1", zipped(made))
    world.add_run(REPOSITORY, Run(OLDER, scene.base, branch="main", event="push"))
    world.add_artifact(REPOSITORY, OLDER, "kept", zipped({"baseline.csv": PLAIN}))


def named() -> dict[str, set[str]]:
    """For each host of the page the actions that the page says contact it."""
    block = PAGE.read_text().partition("<!-- hosts -->")[2].partition("<!-- end of hosts -->")[0]
    rows = [line.split(" | ") for line in block.splitlines() if line.startswith("| ")][1:]
    return {row[0].strip("| `"): {word.strip(" `") for word in row[1].split(",")} for row in rows}


def test_each_action_is_watched() -> None:
    assert STEPS.keys() == ACTIONS.keys()


@pytest.mark.parametrize("verb", ACTIONS)
def test_an_action_asks_for_the_hosts_that_the_page_names(watched: tuple[Watched, ActRun], verb: str) -> None:
    found, run = watched
    said = run.job(verb).step(STEPS[verb][-1].get("id", ""))
    assert said.code in ENDS.get(verb, (0, 1)), said.log
    wanted = {f"{CALLED.get(host, host)}:443" for host, verbs in named().items() if verb in verbs}
    assert found.proxies[verb].hosts == wanted


def test_the_set_up_asks_for_the_configured_index_and_nothing_else(watched: tuple[Watched, ActRun]) -> None:
    found, run = watched
    assert run.job("set-up").result == "success", run.job("set-up").lines
    assert found.proxies["set-up"].hosts == {f"{INDEX}:443"}
    assert [host for host, verbs in named().items() if "the set-up" in verbs] == ["the package index"]


def test_the_page_names_no_action_that_is_none() -> None:
    verbs = {verb for verbs in named().values() for verb in verbs}
    assert verbs <= ACTIONS.keys() | {"the set-up"}
