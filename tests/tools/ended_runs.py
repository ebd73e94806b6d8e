"""A run that has ended, on a GitHub double, and the action comment-run upon it, in this process."""

import io
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from github_double import Account, Artifact, Comment, Contract, Double, Pull, Run, World
from run_artifacts import about, zipped

from seatrial.decision import Decision
from seatrial.errors import SeatrialError
from seatrial.forge.runner import Runner
from seatrial.trial.comments.run import run_comment_run

REPOSITORY, NUMBER, RUN = "acme/late-flights", 7, 2001
HEAD, BASE = "a" * 40, "b" * 40
TOKEN = "ghs_thetokenofthedouble"


@dataclass(frozen=True)
class Said:
    """What the action left: the exit code, its log, outputs and summary."""

    code: int
    log: str
    outputs: dict[str, str]
    summary: str


@dataclass
class EndedRun:
    """One pull request whose CI has run. Use as a context manager."""

    folder: Path
    contract: Contract | None
    world: World = field(default_factory=World)

    def __enter__(self) -> "EndedRun":
        self.world.accounts[TOKEN] = Account()
        self.world.add_pull(REPOSITORY, Pull(NUMBER, HEAD, BASE, fork=True))
        self.double = Double(self.world, contract=self.contract)
        self.double.__enter__()
        self.has()
        return self

    def __exit__(self, *_: object) -> None:
        self.double.__exit__()
        assert self.double.violations == []
        assert not any("authorization" in request for request in self.double.store.requests)

    def has(self, run: int = RUN, *, head: str = HEAD, fork: bool = True, **more: Any) -> Run:
        """The run as it ended; again for another end of it."""
        return self.world.add_run(REPOSITORY, Run(run, head, fork=fork, **more))

    def subject(self, **other: object) -> dict[str, object]:
        """What an honest Decision of the run says that it is about."""
        honest = {
            "repository": REPOSITORY,
            "pull_request": NUMBER,
            "head": HEAD,
            "run": f"https://github.com/{REPOSITORY}/actions/runs/{other.get('id', RUN)}",
            "attempt": 1,
        }
        return {**honest, **{name: value for name, value in other.items() if name != "id"}}

    def left(self, decision: Decision, run: int = RUN, model: str = "", **subject: object) -> Artifact:
        """An artifact with this Decision about the run, or about what is named."""
        told = self.subject(id=run, **subject)
        files = {f"{decision.gate}.json": about(decision, **told), "report.html": "<p>"}
        name = f"seatrial-{model or decision.model.name}-{decision.gate}-{told['attempt']}"
        return self.world.add_artifact(REPOSITORY, run, name, zipped(files))

    def put(self, name: str, data: bytes, run: int = RUN, **told: Any) -> Artifact:
        """Any artifact."""
        return self.world.add_artifact(REPOSITORY, run, name, data, **told)

    @property
    def comments(self) -> list[Comment]:
        return self.world.comments(REPOSITORY, NUMBER)

    @property
    def writes(self) -> list[str]:
        return [str(request["method"]) for request in self.double.requests if request["method"] != "GET"]

    @property
    def headlines(self) -> list[str]:
        return [comment.body.split("\n")[1] for comment in self.comments]

    def told(self, run: int = RUN, **changed: object) -> dict[str, Any]:
        """The event that GitHub sends."""
        found = self.world.repository(REPOSITORY).runs[run]
        repository = {"full_name": REPOSITORY}
        fields = {"id": run, "run_attempt": found.attempt, "head_sha": found.head, "repository": repository}
        return {"repository": repository, "workflow_run": {**fields, **changed}}

    def comment(
        self, event: dict[str, Any] | None = None, *, name: str = "workflow_run", asked: str = ""
    ) -> Said:
        """Play the action."""
        place = self.folder / "runner"
        place.mkdir(exist_ok=True)
        (place / "event.json").write_text(json.dumps(self.told() if event is None else event))
        for file in ("output", "summary"):
            (place / file).write_text("")
        environ = {
            "INPUTS": json.dumps({"run": asked, "github-token": TOKEN}),
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": self.double.url,
            "GITHUB_EVENT_NAME": name,
            "GITHUB_EVENT_PATH": str(place / "event.json"),
            "GITHUB_JOB": "comment",
            "GITHUB_OUTPUT": str(place / "output"),
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_RUN_ID": "9009",
            "GITHUB_SHA": BASE,
            "GITHUB_STEP_SUMMARY": str(place / "summary"),
            "GITHUB_WORKFLOW": "comment",
        }
        log = io.StringIO()
        runner = Runner(environ, log)
        try:
            code = run_comment_run(environ, runner)
        except SeatrialError as error:
            runner.report_error(error)
            code = error.exit_code
        assert TOKEN not in log.getvalue()
        lines = (place / "output").read_text().splitlines()
        outputs = {lines[i].partition("<<")[0]: lines[i + 1] for i in range(0, len(lines), 3)}
        return Said(code, log.getvalue(), outputs, (place / "summary").read_text())
