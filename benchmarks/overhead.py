"""What ci.yml costs beyond the team's own commands: all steps of all jobs, against those commands alone.

A pull request to examples/complete is played under act. The first run sets our environment up, the next ones
find it ready and count: the time of every step of every job, ours and those of others (whose stand-ins are
listed in tests/tools/published.py). Then the team's commands are run alone, as often as the jobs ran them:
lint, the training twice, and the predictions of candidate and baseline.

What act itself takes is measured beside it, in runs of the same workflow whose steps of ours end at once: it
copies the whole of our repository twice for each step that uses it, and starts shells. A runner of GitHub
downloads us once for a job instead, which cannot be measured here. The limit holds for what is left.

Usage: python benchmarks/overhead.py [--runs N]
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests" / "tools"), str(ROOT / "scripts")]

from acting import Act, ActRun, act_program  # noqa: E402
from published import publish, warm  # noqa: E402
from scenes import Scene  # noqa: E402

EXAMPLE = ROOT / "examples" / "complete"
LIMIT = 10.0  # seconds beyond the commands and act, all jobs together
TOLERATED = 1.4  # machines are shared: CI fails above this multiple of the limit
BUSY = 1.2  # load per processor above which seconds on the wall say more of others than of us
PASSED_ON = ("SSL_CERT_FILE", "PIP_INDEX_URL", "UV_DEFAULT_INDEX", "HTTPS_PROXY", "https_proxy", "PIP_CERT")
COMMANDS = (
    ("python3", "-m", "compileall", "-q", "train.py", "predict.py"),
    *2 * (("python3", "train.py", "--rows", "120", "--steps", "100", "--out", "m", "--metrics", "n"),),
    *2 * (("python3", "predict.py", "model.json", "data/test.csv", "p.csv"),),
)


# In the place of bootstrap.py: the jobs that are planned must be, and nothing else happens.
IDLE = """\
import os, sys
if sys.argv[2] == "plan.py":
    with open(os.environ["GITHUB_OUTPUT"], "a") as file:
        file.write({told!r})
"""


def runner(folder: Path) -> Act:
    """act on a runner whose installer has a cache."""
    program = act_program()
    if program is None:
        sys.exit("act is not installed")
    kept = folder / "kept"
    kept.mkdir()
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    environment |= {"UV_CACHE_DIR": str(folder / "uv"), "KEPT": str(kept)}
    path = f"{Path(sys.base_prefix) / 'bin'}:/usr/local/bin:/usr/bin:/bin"
    act = Act(program, publish(folder / "seatrial"), folder / "home", path, environment)
    return warm(act, folder / "warm")


def team() -> dict[str, str | bytes | None]:
    """The example as its repository holds it."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", "."],
        cwd=EXAMPLE, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    names = [name for name in listed.split("\0") if name and not name.endswith("comment.yml")]
    return {name: (EXAMPLE / name).read_bytes() for name in names}


def idle(act: Act, run: ActRun, folder: Path) -> Act:
    """The same with steps of ours that end at once, and the plan that a run told."""
    published = publish(folder)
    outputs = {
        str(line["name"]): str(line["arg"])
        for line in run.lines
        if line.get("command") == "set-output" and line.get("name") in ("plan", "plans")
    }
    told = "".join(f"{name}={value}\n" for name, value in outputs.items())
    (published / "scripts" / "bootstrap.py").write_text(IDLE.format(told=told))
    return replace(act, seatrial=published)


def processor() -> float:
    """Seconds that processes which ended here have taken of the processors."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def steps(run: ActRun) -> dict[str, float]:
    """Seconds of the steps of each job."""
    found: dict[str, float] = {}
    for line in run.lines:
        if "executionTime" in line and len(line.get("stepID", ())) == 1:
            job = str(line["job"]).rpartition("/")[2].strip()
            found[job] = found.get(job, 0.0) + float(line["executionTime"]) / 1e9
    return found


@dataclass(frozen=True)
class Played:
    """A run: seconds of its jobs' steps, and of the processors, act's own included."""

    run: ActRun
    jobs: dict[str, float]
    processor: float

    @property
    def wall(self) -> float:
        return sum(self.jobs.values())


def played(scene: Scene, number: int) -> Played:
    used = processor()
    run = scene.play(run_id=number)
    if run.code != 0:
        sys.exit(f"the example did not pass:\n{run.log}")
    return Played(run, steps(run), processor() - used)


def alone(folder: Path, path: str) -> tuple[float, float]:
    """Seconds on the wall and of the processor that the team's commands take, with nothing around them."""
    for name, content in team().items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        assert isinstance(content, bytes)
        place.write_bytes(content)
    begun, used = time.monotonic(), processor()
    for command in COMMANDS:
        subprocess.run(command, cwd=folder, env={"PATH": path}, check=True, capture_output=True)
    return time.monotonic() - begun, processor() - used


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    runs: int = parser.parse_args().runs
    with tempfile.TemporaryDirectory(prefix="seatrial-overhead-") as name:
        folder = Path(name)
        act = runner(folder)
        with Scene(folder / "scene", act, None) as scene:
            scene.open(team(), {"CHANGES.md": "a change\n"})
            first = played(scene, 1001)
            cold = sum(first.jobs.values())
            ours = scene.act
            nothing = idle(ours, first.run, folder / "idle")
            found: list[Played] = []
            empty: list[Played] = []
            for number in range(runs):
                scene.act = ours
                found.append(played(scene, 1010 + number))
                scene.act = nothing
                empty.append(played(scene, 1110 + number))
        commands = [alone(folder / f"alone-{number}", act.path) for number in range(runs)]
    theirs, used = (statistics.median(each) for each in zip(*commands, strict=True))
    best, least = (min(each, key=lambda one: one.wall) for each in (found, empty))
    beyond = best.wall - theirs - least.wall
    busy = min(each.processor for each in found) - used - min(each.processor for each in empty)
    for job, seconds in best.jobs.items():
        print(f"  {job:<10} {seconds:6.2f} s, where our steps do nothing {least.jobs[job]:.2f} s")
    print(f"all jobs together, where our environment lies ready: {best.wall:.2f} s; where not: {cold:.2f} s")
    print(f"the team's commands alone: {theirs:.2f} s")
    print(f"act, with steps of ours that do nothing: {least.wall:.2f} s")
    print(f"beyond the commands: {best.wall - theirs:.2f} s")
    print(f"processor time beyond the commands and act: {busy:.2f} s")
    load = os.getloadavg()[0] / (os.cpu_count() or 1)
    share = beyond / LIMIT
    print(f"beyond the commands and act: {beyond:.2f} s = {share:.2f} of the {LIMIT:.0f} s that it may be")
    if load > BUSY:
        print(f"the machine is shared (load {load:.1f} per processor): processor time is what counts here")
    return 0 if (busy if load > BUSY else beyond) <= LIMIT * TOLERATED else 1


if __name__ == "__main__":
    sys.exit(main())
