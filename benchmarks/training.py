"""What watching a training costs: processor time of the watcher against that of the bare command.

The same training is run bare and watched, in turns. It is a family of processes that takes memory, prints,
and takes as much processor time as it is told; what the watcher itself takes in that time is the cost.

Usage: python benchmarks/training.py [--seconds S] [--runs N]
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))

from seatrial.commands.running import Limits, run

LIMIT = 0.01  # of the training's own processor time
TOLERATED = 2.0  # machines are shared: CI fails beyond this times the limit
LINES_PER_SECOND = 20
WORKERS = 2
TRAINING = f"""
import os, sys, time
seconds = float(sys.argv[1])
children = []
for _ in range({WORKERS} - 1):
    child = os.fork()
    if child == 0:
        break
    children.append(child)
held = bytearray(b"x" * 100 * 2**20)
told, total = 0, 0.0
while time.process_time() < seconds:
    total += sum(i * i for i in range(2000))
    if time.process_time() * {LINES_PER_SECOND} > told:
        told += 1
        print("step", told, "loss", total, flush=True)
for child in children:
    os.waitpid(child, 0)
"""


def used(who: int) -> float:
    """Seconds of processor time, in user and system mode."""
    found = resource.getrusage(who)
    return found.ru_utime + found.ru_stime


def bare(argv: list[str]) -> float:
    """Processor seconds of the command alone, as its parent reads them."""
    before = used(resource.RUSAGE_CHILDREN)
    with subprocess.Popen(argv, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL) as process:
        process.wait()
    return used(resource.RUSAGE_CHILDREN) - before


def watched(argv: list[str]) -> tuple[float, float, float]:
    """Processor seconds of the command, of the watcher meanwhile, and what it says of the command."""
    mine, theirs = used(resource.RUSAGE_SELF), used(resource.RUSAGE_CHILDREN)
    limits = Limits(600, memory=2**33)
    finished = run(argv, cwd=Path("/"), env={"PATH": os.environ["PATH"]}, limits=limits)
    if finished.code != 0:
        sys.exit("the training did not end well, so there is nothing to compare")
    children = used(resource.RUSAGE_CHILDREN) - theirs
    return children, used(resource.RUSAGE_SELF) - mine, finished.processor


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=6.0, help="processor time of each worker")
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    argv = [sys.executable, "-c", TRAINING, str(given.seconds)]
    shares, ratios, begun = [], [], time.monotonic()
    for _ in range(given.runs):
        alone = bare(argv)
        command, watcher, told = watched(argv)
        if abs(told - command) > 0.02 * command + 0.05:
            sys.exit(
                f"the watcher tells {told:.2f} s of processor time where the kernel counted {command:.2f} s"
            )
        shares.append(watcher / alone)
        ratios.append((command + watcher) / alone)
    share = statistics.median(shares)
    print(
        f"training: {WORKERS} processes, {WORKERS * given.seconds:.0f} s of processor time, "
        f"{LINES_PER_SECOND * WORKERS} lines a second; bare and watched in turns, {given.runs} times, "
        f"{time.monotonic() - begun:.0f} s"
    )
    print(f"  watcher: {share:.2%} of the bare command's processor time (limit {LIMIT:.0%})")
    print(f"  command and watcher against the bare command: {statistics.median(ratios):.3f}")
    return 0 if share <= TOLERATED * LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
