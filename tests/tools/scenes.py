"""A consumer's pull request played under act against a GitHub double."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from acting import REPOSITORY, TOKEN, Act, ActRun, Consumer
from github_double import Account, Comment, Contract, Double, Fault, Plan, Pull, World
from github_double.api import Asked, Reply
from published import stubs

NUMBER = 7
Files = Mapping[str, str | bytes | None]


class GitHub(Double):
    """A double that knows our repository, one token and one pull request.

    act gives all jobs of a run the same address, so a job that is to meet another fate brings
    another token, and is handed on to the GitHub that knows that one.
    """

    def __init__(
        self, contract: Contract | None, *faults: Fault, token: str = TOKEN, account: Account | None = None
    ) -> None:
        world = World()
        world.accounts[token] = account or Account()
        super().__init__(world, plan=Plan(faults), contract=contract)
        self.token = token
        self.others: dict[str | None, GitHub] = {}
        self.on_write: Callable[[bytes], None] = lambda body: None

    def handle(self, asked: Asked) -> tuple[Reply | None, Fault | None]:
        if asked.method != "GET":
            self.on_write(asked.body)
        other = self.others.get(asked.token)
        return super().handle(asked) if other is None else other.handle(asked)

    def know(self, base: str, files: Files, head: str, changed: Files) -> None:
        """The commit of the base branch and a pull request upon it."""
        known = {n: d.encode() if isinstance(d, str) else d for n, d in files.items() if d is not None}
        self.world.add_commit(REPOSITORY, base, dict(known))
        listed = [{"filename": name, "status": _status(name, files, d)} for name, d in changed.items()]
        self.world.add_pull(REPOSITORY, Pull(NUMBER, head=head, base=base, files=listed))

    @property
    def comments(self) -> list[Comment]:
        return self.world.comments(REPOSITORY, NUMBER)

    @property
    def writes(self) -> list[dict[str, Any]]:
        return [r for r in self.requests if r["method"] != "GET"]


def _status(name: str, files: Files, data: str | bytes | None) -> str:
    return "removed" if data is None else "modified" if name in files else "added"


class Scene:
    """A repository with a base commit and a pull request, and the GitHub that it lives on."""

    def __init__(self, folder: Path, act: Act, contract: Contract | None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.contract = folder, contract
        self.act = replace(act, home=folder / "home")
        self.act.home.mkdir()
        self.consumer = Consumer(folder / "consumer")
        self.github = GitHub(contract)
        self.base = self.head = ""

    def __enter__(self) -> Self:
        self.github.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        for github in self._known:
            github.__exit__()
        violations = [line for github in self._known for line in github.violations]
        assert not violations, "not as GitHub's API description says: " + "; ".join(violations[:5])

    @property
    def _known(self) -> list[GitHub]:
        return [self.github, *self.github.others.values()]

    def add(self, token: str, *faults: Fault, account: Account | None = None) -> GitHub:
        """Another GitHub, for the jobs that bring this token."""
        other = GitHub(self.contract, *faults, token=token, account=account)
        self.github.others[token] = other
        other.__enter__()
        return other

    def open(self, base: Files, change: Files, workflow: str = "") -> None:
        """Commit the base, and the change on a branch; or a further change of the same pull request."""
        if not self.base:
            files = {".github/workflows/trial.yml": workflow, **base} if workflow else base
            self.base = self.consumer.commit(files, "base")
            self.consumer.git("checkout", "--quiet", "-b", "change")
        else:
            files = base
        self.head = self.consumer.commit(change, "change")
        for github in self._known:
            github.know(self.base, files, self.head, change)

    def event(self, ref: str = "change") -> dict[str, Any]:
        repository = {"full_name": REPOSITORY}
        return {
            "number": NUMBER,
            "repository": {**repository, "default_branch": "main"},
            "pull_request": {
                "number": NUMBER,
                "head": {"sha": self.head, "ref": ref, "repo": repository},
                "base": {"sha": self.base, "ref": "main", "repo": repository},
            },
        }

    def play(
        self,
        event: Mapping[str, Any] | None = None,
        *,
        name: str = "pull_request",
        run_id: int = 1001,
        env: Mapping[str, str] | None = None,
        api_url: str = "",
    ) -> ActRun:
        """Run the workflow. Whatever happens, nobody gets to see a token."""
        out = self.folder / "out"
        out.mkdir(exist_ok=True)
        given = {
            "OUT": str(out),
            "ARTIFACTS": str(self.folder / "artifacts"),
            "CONSUMER": str(self.consumer.root),
            **(env or {}),
        }
        run = self.act.run(
            self.consumer,
            event or self.event(),
            name=name,
            api_url=api_url or self.github.url,
            run_id=run_id,
            env=given,
            repositories=stubs(),
        )
        for github in self._known:
            assert github.token not in run.text, "the token stands in the log"
            assert not any(github.token in r["body"] for r in github.requests), "the token was posted"
        return run

    def kept(self, name: str) -> Any:
        """A JSON file that a step copied to $OUT."""
        return json.loads((self.folder / "out" / name).read_bytes())
