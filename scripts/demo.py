"""Play three pull requests on real data: an improvement, a regression in one carrier, too few rows.

Fetches the flights of 2013, trains the models of examples/flight-delay, builds a git
repository with its history and runs `seatrial trial` on each pull request, as CI would.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from demo_parts import PULL_REQUESTS, Played, Stage, Stopped, faults_of, findings, say
from demo_repository import Repository

ROOT = Path(__file__).resolve().parent.parent


def play(stage: Stage, out: Path) -> list[Played]:
    """Build the repository and judge each pull request in its own clone."""
    say("Fetching the data (8.7 MB on the first run) and training the model on main ...")
    archive = os.environ.get("SEATRIAL_DEMO_DATA")
    options = ["--archive", str(Path(archive).resolve())] if archive else ["--cache", str(ROOT / ".cache")]
    raw = stage.folder / "raw"
    try:
        stage.python(stage.example / "fetch.py", *options, "--out", str(raw))
    except Stopped as stopped:
        reason = str(stopped).splitlines()[-1]
        raise Stopped(reason.replace("--archive FILE", "SEATRIAL_DEMO_DATA=FILE")) from None
    main = Repository.begin(stage, stage.folder / "main", raw)

    say("Training the models of the three pull requests ...")
    played = []
    with ThreadPoolExecutor(max_workers=2) as pool:
        branches = [pool.submit(main.branch, request.name) for request in PULL_REQUESTS]
        for number, (request, training) in enumerate(zip(PULL_REQUESTS, branches, strict=True), 1):
            branch, folder = training.result(), out / request.name
            say(f"\n=== Pull request {number}: {branch.title()}\n{request.story}\n")
            shutil.rmtree(folder, ignore_errors=True)
            code = stage.seatrial(branch.folder, "trial", "--base", "main", "--out", str(folder))
            say(f"exit code {code}")
            played.append(Played(request, branch.title(), code, findings(folder)))
    return played


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "--out", type=Path, default=ROOT / "build" / "demo", help="where comments and reports go"
    )
    given = parser.parse_args()
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="seatrial-demo-") as folder:
        try:
            played = play(Stage(ROOT, Path(folder)), given.out.resolve())
        except Stopped as stopped:
            print(stopped, file=sys.stderr)
            return 2
    say("\n=== What came out")
    width = max(len(each.title) for each in played)
    for each in played:
        say(f"{each.title:{width}}  {each.verdict:12}  {each.why()}")
    say(f"\nComments and reports: {given.out}/*/comment.md and report.html")
    say(f"{time.monotonic() - started:.0f} seconds in all")
    faults = faults_of(played)
    for fault in faults:
        print(f"not as expected: {fault}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
