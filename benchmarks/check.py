"""Data checks: schema, nulls on 20 columns, ranges on 14, sets on 3 and a unique id, against four peers.

    python benchmarks/check.py --size s      # 1M rows; l: 7M rows

Each side is a whole process, from its start to its verdict. Ours is the data gate as an action runs it: the
parent that reads the policy, hashes the file and judges, and the child that reads the rows; it also checks
types, NaN, infinities and constant columns. The time of the whole command, with its comment and report
page, stands beside it. The peers read the file into a data frame and validate it with all rules at once.
Equal answers are proved first, on data with faults of seven kinds: every side must count the rows that were
planted. Then sound data are timed, interleaved, with warm caches, and weighed: the peak of resident memory of
the process and its children. Processor time stands beside wall time, since a busy machine disturbs it less.

Exit 1 when an answer differs, when a ratio of wall times falls below its floor (0.7 of it, since machines
are shared), or when memory is not what it should be. At 1M rows the start of two processes and their
imports weigh as much as the data on our side, so the floors are lower there. Of CSV, splitting the text once
takes a third of what the peers on pandas take for everything, and more than half of what the other two take,
so no more than about 3 and 2 times can be had there, and less is asked. The peers live in an environment of
their own (requirements/check-peers.txt), where each is imported before anything is timed.
"""

import argparse
import importlib.metadata
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HELPERS = ROOT / "benchmarks" / "checking"
sys.path.insert(0, str(HELPERS))

import contract  # noqa: E402
from weigh import Weight, weigh  # noqa: E402

PEERS = ("great_expectations", "pandera.pandas", "pandera.polars", "pointblank")
LIMIT, OURS, COMMAND = "one decode", "seatrial", "seatrial check-data"
FORMATS = ("parquet", "groups", "csv")
TITLES = {"parquet": "Parquet", "groups": "Parquet, groups of 128k rows", "csv": "CSV"}
TOLERATED = 0.7
FLAT = 1.2
GROWN = 8
# The most that is asked of CSV.
SPLIT = {"great_expectations": 2.0, "pandera.pandas": 2.0, "pandera.polars": 1.3, "pointblank": 1.3}


@dataclass(frozen=True)
class Size:
    """How much is run, the least ratios of wall time, and the largest shares of pandera.pandas' memory."""

    rows: int
    rounds: int
    floors: dict[str, float]
    memory: dict[str, float]


SIZES = {
    "s": Size(
        1_000_000,
        3,
        {"great_expectations": 4, "pandera.pandas": 1, "pandera.polars": 0.8, "pointblank": 0.7},
        {"parquet": 0.6, "groups": 0.6, "csv": 0.7},
    ),
    "l": Size(
        7_000_000,
        3,
        {"great_expectations": 8, "pandera.pandas": 3, "pandera.polars": 2, "pointblank": 2},
        {"parquet": 1 / 4, "groups": 1 / 6, "csv": 1 / 4},
    ),
}


class Bench:
    """The commands, and where they run."""

    def __init__(self, peers: str, folder: Path) -> None:
        self._peers = peers
        self._folder = folder
        kept = ("PATH", "LD_LIBRARY_PATH")
        self._env = {name: os.environ[name] for name in kept if name in os.environ}
        self._env |= {"HOME": str(folder), "LANG": "C.UTF-8", "GX_ANALYTICS_ENABLED": "false"}

    def peer(self, name: str, *file: Path) -> Weight:
        script = str(HELPERS / "peer.py")
        return self._run([self._peers, "-W", "ignore", script, name, *(str(each) for each in file)])

    def limit(self, file: Path) -> Weight:
        return self._run([sys.executable, str(HELPERS / "rows.py"), "decode", str(file)])

    def ours(self, file: Path) -> Weight:
        """The gate alone; it prints its Decision."""
        self._policy(file)
        return self._run([sys.executable, "-E", "-s", str(HELPERS / "gate.py"), str(self._folder)])

    def command(self, file: Path) -> Weight:
        self._policy(file)
        return self._run([sys.executable, "-E", "-s", str(ROOT / "scripts" / "command.py"), "check-data"])

    def write(self, what: str, rows: int, formats: tuple[str, ...]) -> dict[str, Path]:
        """Data of the benchmark. Another process draws them, since a child weighs what its parent weighed."""
        command = [sys.executable, str(HELPERS / "rows.py"), what, str(self._folder), str(rows), *formats]
        subprocess.run(command, check=True)
        faulty = what == "faulty"
        return {each: contract.file_of(self._folder, rows, each, faulty=faulty) for each in formats}

    def _policy(self, file: Path) -> None:
        (self._folder / "seatrial.yml").write_text(contract.policy(file.name))

    def _run(self, command: list[str]) -> Weight:
        done = weigh(command, self._folder, self._env)
        if done.code != 0:
            raise SystemExit(f"{' '.join(command)} ended with exit code {done.code}:\n{done.output}")
        return done

    def side(self, name: str, file: Path) -> Weight:
        ways = {OURS: self.ours, COMMAND: self.command, LIMIT: self.limit}
        return ways[name](file) if name in ways else self.peer(name, file)


def unequal(bench: Bench, file: Path, peers: tuple[str, ...]) -> list[str]:
    """Where somebody counts other rows than were planted."""
    faults = []
    for name in (OURS, *peers):
        said = json.loads(bench.side(name, file).output.splitlines()[-1])
        found = contract.counts_of(said) if name == OURS else said
        copies = found.pop("copies", 0)
        expected = dict.fromkeys(contract.rules(), 0) | contract.PLANTED
        if copies:
            expected["unique/id"] *= 2
        if found != expected:
            wrong = {rule: (found.get(rule), count) for rule, count in expected.items()
                     if found.get(rule) != count}  # fmt: skip
            faults.append(f"{name} on {file.suffix[1:]}: (counted, planted) {wrong}")
    return faults


def timed(bench: Bench, file: Path, sides: list[str], rounds: int) -> dict[str, list[Weight]]:
    """Every side in turn, round by round; twice, of which the second run counts.

    Machines forget what lies in files that nobody has read for some seconds, and read it from the disk again.
    """
    found: dict[str, list[Weight]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name in sides:
            bench.side(name, file)
            found[name].append(bench.side(name, file))
    return found


def judged(found: dict[str, list[Weight]], kind: str, size: Size) -> list[str]:
    """What is slower or heavier than it may be."""
    faults = []
    for name, floor in floors(kind, size).items():
        if name in found:
            ratio = ratio_of(found, name)
            if ratio < TOLERATED * floor:
                faults.append(f"{TITLES[kind]}: {ratio:.1f} times as fast as {name}, floor {floor:g}")
    if "pandera.pandas" in found:
        share = peak(found[OURS]) / peak(found["pandera.pandas"])
        if share > size.memory[kind]:
            faults.append(
                f"{TITLES[kind]}: {share:.2f} of pandera.pandas' memory, at most {size.memory[kind]:.2f}"
            )
    return faults


def floors(kind: str, size: Size) -> dict[str, float]:
    """The least ratios of wall time for a form of file."""
    if kind != "csv":
        return size.floors
    return {name: min(floor, SPLIT.get(name, floor)) for name, floor in size.floors.items()}


def ratio_of(found: dict[str, list[Weight]], name: str) -> float:
    pairs = zip(found[name], found[OURS], strict=True)
    return statistics.median(theirs.seconds / mine.seconds for theirs, mine in pairs)


def peak(weights: list[Weight]) -> float:
    return statistics.median(each.peak for each in weights)


def show(kind: str, found: dict[str, list[Weight]], size: Size) -> None:
    """The results for a reader."""
    print(f"{TITLES[kind]}:")
    for name, weights in found.items():
        seconds = statistics.median(each.seconds for each in weights)
        cpu = statistics.median(each.cpu for each in weights)
        line = f"  {name:20}{seconds:7.2f} s{cpu:7.2f} s of processors{peak(weights) / 2**20:8,.0f} MiB"
        if name in size.floors:
            line += f"   {ratio_of(found, name):5.1f}x, floor {floors(kind, size)[name]:g}x"
        print(line, flush=True)
    if "pandera.pandas" in found:
        share = peak(found[OURS]) / peak(found["pandera.pandas"])
        print(f"  memory: {share:.2f} of pandera.pandas', at most {size.memory[kind]:.2f}", flush=True)


def flat(bench: Bench, small: Path, large: Path) -> tuple[float, float]:
    """Peaks of ours on both, the id being unique in all rows."""
    return tuple(peak([bench.side(OURS, file) for _ in range(3)]) for file in (small, large))  # type: ignore[return-value]


def peers_python() -> str:
    """The interpreter of the peers' environment, which is set up if it is not there."""
    script = HELPERS / "python.py"
    base: str = sys._base_executable  # type: ignore[attr-defined]  # that of this environment has no pip
    command = [base, "-I", str(ROOT / "scripts" / "bootstrap.py"), "check-peers", str(script)]
    env = {name: value for name, value in os.environ.items() if name != "GITHUB_WORKSPACE"}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"the peers' environment cannot be set up:\n{done.stdout}{done.stderr}")
    return done.stdout.splitlines()[-1]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--size", choices=sorted(SIZES), default="s")
    parser.add_argument("--rounds", type=int, help="runs of each side (default: 3)")
    parser.add_argument("--formats", nargs="+", choices=FORMATS, default=FORMATS)
    parser.add_argument("--peers", nargs="*", choices=PEERS, default=PEERS, help="held against these only")
    parser.add_argument("--no-growth", action="store_true", help=f"without the run on {GROWN} times the rows")
    given = parser.parse_args()
    size, peers, formats = SIZES[given.size], tuple(given.peers), tuple(given.formats)
    faults: list[str] = []
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("polars", "numpy"))
    print(f"check: {size.rows:,} rows x {len(contract.COLUMNS)} columns, {len(contract.rules())} counted "
          f"rules; Python {platform.python_version()}, {versions}")  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="seatrial-bench-") as name:
        folder = Path(name)
        python = peers_python() if peers else sys.executable
        bench = Bench(python, folder)
        for peer in peers:
            bench.peer(peer)
        spoilt = bench.write("faulty", size.rows, formats)
        for kind in formats:
            faults += unequal(bench, spoilt[kind], peers)
            spoilt[kind].unlink()
        sound = bench.write("sound", size.rows, formats)
        for kind in formats:
            found = timed(bench, sound[kind], [LIMIT, OURS, COMMAND, *peers], given.rounds or size.rounds)
            show(kind, found, size)
            faults += judged(found, kind, size)
            if kind == "csv":
                sound[kind].unlink()
        if not given.no_growth:
            small = sound.get("groups") or bench.write("sound", size.rows, ("groups",))["groups"]
            large = bench.write("sound", GROWN * size.rows, ("groups",))["groups"]
            once, grown = flat(bench, small, large)
            print(f"ours on {GROWN} times the rows: {grown / 2**20:,.0f} MiB, "
                  f"{grown / once:.2f} times as much, at most {FLAT:g}")  # fmt: skip
            if grown > FLAT * once:
                faults.append(f"memory grows {grown / once:.2f} times when rows grow {GROWN} times")
    for fault in faults:
        print(f"FAULT: {fault}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
