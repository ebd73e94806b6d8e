"""A repository that is linted as `seatrial lint` does, and what came of it."""

import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from seatrial.decision import Check, Decision, Outcome, from_json
from seatrial.forge.contents import FirstOf
from seatrial.forge.event import Subject
from seatrial.forge.git import Git
from seatrial.gates.rejudging import disagreements
from seatrial.trial.call import Call
from seatrial.trial.local import run_local

HEAD = "version: 1\nmodel: {name: m, task: binary}\n"
TOKEN = "ghp_" + "0aB1cD2eF3" * 4


@dataclass
class Play:
    """A repository, judged as `seatrial lint` does."""

    folder: Path
    environ: dict[str, str] = field(default_factory=lambda: {"PATH": os.environ["PATH"]})

    def git(self, *words: str) -> None:
        settings = ["-c", "user.name=n", "-c", "user.email=e@e.invalid", "-c", "init.defaultBranch=main"]
        subprocess.run(["git", *settings, *words], cwd=self.folder, check=True, capture_output=True)

    def write(self, name: str | bytes, data: bytes) -> Path:
        path = self.folder / os.fsdecode(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    def code(self, lint: str, *, commit: bool = True, more: str = "") -> int:
        self.write("seatrial.yml", f"{HEAD}lint:{lint}\n{more}".encode())
        if commit:
            self.git("init", "-q")
            self.git("add", "-A", "-f")
            self.git("commit", "-q", "-m", "x", "--allow-empty")
        out = self.folder.parent / "out"
        return run_local(self.folder, "seatrial.yml", "lint", None, out, self.environ)

    def call(self, base: str, gates: tuple[str, ...] = ("lint",)) -> Call:
        """A call about the working tree, as a change of the base."""
        head, known = (self._commit(name) for name in ("HEAD", base))
        subject = Subject(
            repository="work", event="local", head=head, base=known, run_id=0, attempt=1, workflow="local",
            job="local", server_url="", api_url="", dirty=True,
        )  # fmt: skip
        scratch = self.folder.parent / "scratch"
        scratch.mkdir(exist_ok=True)
        git = Git(self.folder, search_path=self.environ["PATH"])
        return Call(
            root=self.folder.resolve(), out=scratch, scratch=scratch, policy="seatrial.yml", gates=gates,
            subject=subject, source=FirstOf([git]), environ=self.environ,
        )  # fmt: skip

    def _commit(self, name: str) -> str:
        words = ["git", "rev-parse", name]
        return subprocess.run(
            words, cwd=self.folder, check=True, capture_output=True, text=True
        ).stdout.strip()

    @property
    def decision(self) -> Decision:
        raw = (self.folder.parent / "out" / "lint.json").read_bytes()
        assert TOKEN.encode() not in raw and TOKEN[4:12].encode() not in raw
        found = from_json(raw)
        assert disagreements(found) == []
        return found

    def check(self, name: str) -> Check:
        return next(check for check in self.decision.checks if check.id == f"lint/{name}")

    def bad(self) -> list[str]:
        return [check.metric for check in self.decision.checks if check.outcome is not Outcome.PASSED]

    def places(self, name: str) -> list[tuple[str, int | None]]:
        at = self.check(name).evidence["at"]
        assert isinstance(at, list)
        return [(place["file"], place["line"]) for place in at]  # type: ignore[index,call-overload,misc]
