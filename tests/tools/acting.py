"""A consumer's repository and its workflow run under act, in another folder and with an empty environment."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
GIT_AUTHOR = {
    "GIT_AUTHOR_NAME": "Consumer",
    "GIT_AUTHOR_EMAIL": "consumer@example.invalid",
    "GIT_COMMITTER_NAME": "Consumer",
    "GIT_COMMITTER_EMAIL": "consumer@example.invalid",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


def act_program() -> Path | None:
    """act from the environment that runs the tests, or from PATH."""
    beside = Path(sys.executable).with_name("act")
    if beside.exists():
        return beside
    found = shutil.which("act")
    return Path(found) if found else None


def export(destination: Path) -> Path:
    """What a user gets of us: the files of the repository, without history or caches."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True,
    ).stdout  # fmt: skip
    for name in listed.decode().split("\0"):
        source = ROOT / name
        if name and source.is_file():
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


@dataclass(frozen=True)
class ActRun:
    """What a run of act showed."""

    code: int
    lines: tuple[dict[str, Any], ...]
    text: str

    @property
    def outputs(self) -> dict[str, str]:
        return {
            str(line["name"]): str(line["arg"]) for line in self.lines if line.get("command") == "set-output"
        }

    @property
    def summary(self) -> str:
        return "\n".join(str(line["content"]) for line in self.lines if line.get("command") == "summary")

    @property
    def annotations(self) -> list[dict[str, Any]]:
        return [
            {"level": line["command"], "message": line.get("arg", ""), **(line.get("kvPairs") or {})}
            for line in self.lines
            if line.get("command") in ("error", "warning", "notice")
        ]

    @property
    def job_result(self) -> str:
        return next((str(line["jobResult"]) for line in self.lines if "jobResult" in line), "none")


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
        token: str = "ghs_thetokenofthedouble",
        run_id: int = 1001,
        env: Mapping[str, str] | None = None,
        repository: str = "acme/late-flights",
    ) -> ActRun:
        event_file = self.home / "event.json"
        event_file.write_text(json.dumps(event))
        arguments = [
            str(self.program), name, "--json", "--platform", "ubuntu-latest=-self-hosted",
            "--eventpath", str(event_file), "--no-cache-server",
            "--local-repository", f"seatrial/seatrial@v1={self.seatrial}",
            "--secret", f"GITHUB_TOKEN={token}",
            "--env", f"GITHUB_API_URL={api_url}",
            "--env", f"GITHUB_REPOSITORY={repository}",
            "--env", f"GITHUB_RUN_ID={run_id}",
        ]  # fmt: skip
        for key, value in (env or {}).items():
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
        lines = []
        for line in done.stdout.splitlines() + done.stderr.splitlines():
            try:
                parsed = json.loads(line)
            except ValueError:
                continue
            if isinstance(parsed, dict):
                lines.append(parsed)
        return ActRun(done.returncode, tuple(lines), done.stdout + done.stderr)
