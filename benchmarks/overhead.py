"""What ci.yml costs beyond the team's own commands: all steps of all jobs, against those commands alone.

A pull request to examples/complete is played under act, twice. The first run sets our environment up, the
second finds it ready and is what counts: the time of every step of every job, ours and those of others
(whose stand-ins are listed in tests/tools/published.py). Then the team's commands are run alone, as often as
the jobs ran them: lint, the training twice, and the predictions of candidate and baseline.

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
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests" / "tools"), str(ROOT / "scripts")]

from acting import Act, ActRun, act_program  # noqa: E402
from published import publish, warm  # noqa: E402
from scenes import Scene  # noqa: E402

EXAMPLE = ROOT / "examples" / "complete"
LIMIT = 10.0  # seconds beyond the commands, all jobs together
TOLERATED = 1.4  # machines are shared: CI fails above this multiple of the limit
BUSY = 1.2  # load per processor above which seconds on the wall say more of others than of us
PASSED_ON = ("SSL_CERT_FILE", "PIP_INDEX_URL", "UV_DEFAULT_INDEX", "HTTPS_PROXY", "https_proxy", "PIP_CERT")
COMMANDS = (
    ("python3", "-m", "compileall", "-q", "train.py", "predict.py"),
    *2 * (("python3", "train.py", "--rows", "120", "--steps", "100", "--out", "m", "--metrics", "n"),),
    *2 * (("python3", "predict.py", "model.json", "data/test.csv", "p.csv"),),
)


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
        jobs: list[dict[str, float]] = []
        taken: list[float] = []
        with Scene(folder / "scene", act, None) as scene:
            scene.open(team(), {"CHANGES.md": "a change\n"})
            for number in range(runs + 1):
                used = processor()
                run = scene.play(run_id=1001 + number)
                taken.append(processor() - used)
                if run.code != 0:
                    sys.exit(f"the example did not pass:\n{run.log}")
                jobs.append(steps(run))
        commands = [alone(folder / f"alone-{number}", act.path) for number in range(runs)]
    cold, warmed = sum(jobs[0].values()), min(jobs[1:], key=lambda found: sum(found.values()))
    theirs = statistics.median(wall for wall, _ in commands)
    beyond = sum(warmed.values()) - theirs
    busy = min(taken[1:]) - statistics.median(used for _, used in commands)
    for job, seconds in warmed.items():
        print(f"  {job:<10} {seconds:6.2f} s")
    print(f"all jobs together, where our environment lies ready: {sum(warmed.values()):.2f} s")
    print(f"the same where it does not: {cold:.2f} s")
    print(
        f"the team's commands alone: {theirs:.2f} s; ours take {beyond / theirs:.1f} times that beyond them"
    )
    print(f"processor time beyond them, act's own included: {busy:.2f} s")
    load = os.getloadavg()[0] / (os.cpu_count() or 1)
    print(f"beyond them: {beyond:.2f} s = {beyond / LIMIT:.2f} of the {LIMIT:.0f} s that it may be")
    if load > BUSY:
        print(f"the machine is shared (load {load:.1f} per processor): processor time is what counts here")
    return 0 if (busy if load > BUSY else beyond) <= LIMIT * TOLERATED else 1


if __name__ == "__main__":
    sys.exit(main())
