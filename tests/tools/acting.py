"""A consumer's repository and its workflow run under act, in another folder and with an empty environment."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

Line = dict[str, Any]

ROOT = Path(__file__).resolve().parents[2]
GIT_AUTHOR = {
    "GIT_AUTHOR_NAME": "Consumer",
    "GIT_AUTHOR_EMAIL": "consumer@example.invalid",
    "GIT_COMMITTER_NAME": "Consumer",
    "GIT_COMMITTER_EMAIL": "consumer@example.invalid",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


REPOSITORY = "acme/late-flights"
TOKEN = "ghs_thetokenofthedouble"
LEVELS = ("error", "warning", "notice")


def act_program() -> Path | None:
    """act from the environment that runs the tests, or from PATH."""
    beside = Path(sys.executable).with_name("act")
    if beside.exists():
        return beside
    found = shutil.which("act")
    return Path(found) if found else None


def export(destination: Path, needed: tuple[str, ...] = ("",)) -> Path:
    """What a user gets of us: the files of the repository, without history or caches.

    needed: what the names of those begin with that are copied.
    """
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True,
    ).stdout  # fmt: skip
    for name in listed.decode().split("\0"):
        source = ROOT / name
        if name and name.startswith(needed) and source.is_file():
            (destination / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, destination / name)
    return destination


@dataclass
class Consumer:
    """A team's repository: it holds none of our files."""

    root: Path

    def git(self, *arguments: str) -> str:
        done = subprocess.run(
            ["git", "-c", "init.defaultBranch=main", *arguments],
            cwd=self.root, check=True, capture_output=True, text=True, env={**os.environ, **GIT_AUTHOR},
        )  # fmt: skip
        return done.stdout.strip()

    def commit(self, files: Mapping[str, str | bytes | None], message: str = "change") -> str:
        """Write files (None deletes), commit, and return the commit."""
        self.root.mkdir(parents=True, exist_ok=True)
        if not (self.root / ".git").exists():
            self.git("init", "--quiet")
        for name, content in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if content is None:
                path.unlink()
            else:
                path.write_bytes(content.encode() if isinstance(content, str) else content)
        self.git("add", "--all", "--force")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.git("rev-parse", "HEAD")


class Annotation(NamedTuple):
    """A remark that GitHub shows in the run and on the line of a file."""

    level: str
    message: str
    at: dict[str, str]


def _annotation(raw: str) -> Annotation:
    """As GitHub's runner reads a command: up to the first `::`, where act reads to the last."""
    command, _, message = raw.strip().removeprefix("::").partition("::")
    level, _, properties = command.partition(" ")
    pairs = (pair.partition("=") for pair in properties.split(",") if pair)
    return Annotation(level, _unescaped(message), {key: _unescaped(value) for key, _, value in pairs})


def _unescaped(text: str) -> str:
    for escape, char in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(escape, char)
    return text


@dataclass(frozen=True)
class StepRun:
    """One step of a job: what its user sees. Outputs and summary are those of the `uses:` step itself."""

    id: str
    lines: tuple[Line, ...]

    @property
    def _own(self) -> list[Line]:
        return [line for line in self.lines if line["stepID"] == [self.id]]

    @property
    def result(self) -> str:
        found = [str(x["stepResult"]) for x in self._own if x.get("stage") == "Main" and "stepResult" in x]
        return found[-1] if found else "skipped"

    @property
    def code(self) -> int:
        """The exit code, said by the innermost step; a step that may fail does not say it itself."""
        for line in self.lines:
            ended = re.fullmatch(r"exit status (\d+)", str(line.get("msg", "")))
            if ended:
                return int(ended[1])
        return {"success": 0}.get(self.result, -1)

    @property
    def outputs(self) -> dict[str, str]:
        return {str(x["name"]): str(x["arg"]) for x in self._own if x.get("command") == "set-output"}

    @property
    def summary(self) -> str:
        return "\n".join(str(x["content"]) for x in self._own if x.get("command") == "summary")

    @property
    def annotations(self) -> list[Annotation]:
        return [_annotation(str(x["raw"])) for x in self.lines if x.get("command") in LEVELS]

    @property
    def log(self) -> str:
        return "".join(str(x["raw"] if "raw" in x else x["msg"]) for x in self.lines if _said(x))


def _said(line: Line) -> bool:
    return bool(line.get("raw_output")) or "raw" in line


@dataclass(frozen=True)
class JobRun:
    """One job, or one leg of its matrix."""

    name: str
    lines: tuple[Line, ...]

    @property
    def result(self) -> str:
        return next((str(line["jobResult"]) for line in self.lines if "jobResult" in line), "none")

    def step(self, name: str) -> StepRun:
        return StepRun(name, tuple(x for x in self.lines if x.get("stepID", [None])[0] == name))


@dataclass(frozen=True)
class ActRun:
    """What a run of act showed. text: everything that it printed, secrets unmasked."""

    code: int
    lines: tuple[Line, ...]
    text: str

    @property
    def log(self) -> str:
        """What each job printed, for a person whose test fails."""
        found = [f"{line.get('job')}: {str(line.get('msg')).rstrip()}" for line in self.lines if _said(line)]
        return "\n".join(found)[-6_000:]

    def nested(self, name: str, model: str = "") -> JobRun:
        """One job of a reusable workflow by its id; of a workflow called for several models, by the model."""
        legs = re.compile(rf"(.*/)?{re.escape(model)}(-\d+)?/" if model else "")
        mine = (x for x in self.lines if x.get("jobID") == name and legs.match(str(x.get("job"))))
        return JobRun(name, tuple(mine))

    def job(self, name: str, **matrix: str) -> JobRun:
        """One job by its id and, for a leg of a matrix, the leg's values."""
        mine = tuple(x for x in self.lines if x.get("jobID") == name and x.get("matrix", {}) == matrix)
        assert mine, f"no job {name} {matrix} ran:\n{self.text[-3000:]}"
        return JobRun(name, mine)


@dataclass(frozen=True)
class Act:
    """act in host mode, mapping our actions to a folder."""

    program: Path
    seatrial: Path
    home: Path
    path: str
    environment: Mapping[str, str] = field(default_factory=dict)

    def run(
        self,
        consumer: Consumer,
        event: Mapping[str, Any],
        *,
        name: str = "pull_request",
        api_url: str = "http://127.0.0.1:9",
        token: str = TOKEN,
        run_id: int = 1001,
        env: Mapping[str, str] | None = None,
        repository: str = REPOSITORY,
        repositories: Sequence[str] = (),
    ) -> ActRun:
        """Run the consumer's workflows for an event. Each sub-path of our repository is found by one mapping.

        repositories: further ones that act takes from a folder, as NAME@REF=FOLDER.
        """
        event_file = self.home / f"event-{run_id}.json"
        event_file.write_text(json.dumps(event))
        arguments = [
            str(self.program), name, "--json", "--platform", "ubuntu-latest=-self-hosted",
            "--platform", "ubuntu-24.04=-self-hosted",
            "--eventpath", str(event_file), "--no-cache-server",
            "--env-file", os.devnull,  # act would read the consumer's .env, GitHub does not
            "--insecure-secrets",  # or act would hide a token that we print
            "--local-repository", f"seatrial/seatrial@v1={self.seatrial}",
            "--secret", f"GITHUB_TOKEN={token}",
        ]  # fmt: skip
        given = {
            "GITHUB_API_URL": api_url,
            "GITHUB_REPOSITORY": repository,
            "GITHUB_RUN_ID": str(run_id),
            **(env or {}),
        }
        for other in repositories:
            arguments += ["--local-repository", other]
        for key, value in given.items():
            arguments += ["--env", f"{key}={value}"]
        environ = {"PATH": self.path, "HOME": str(self.home), "LANG": "C.UTF-8", **self.environment}
        done = subprocess.run(
            arguments,
            cwd=consumer.root,
            env=environ,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        return ActRun(done.returncode, tuple(_lines(done.stdout + done.stderr)), done.stdout + done.stderr)


def _lines(text: str) -> Iterator[Line]:
    for line in text.splitlines():
        try:
            parsed = json.loads(line)
        except ValueError:
            continue
        if isinstance(parsed, dict):
            yield parsed
