"""Drift: PSI and Kolmogorov-Smirnov against a stored profile, beside pandas with scipy, and Evidently.

    python benchmarks/drift.py --size s      # 16 columns x 200k rows; l: 100 x 1M

Two duels. By files: ours is the real path, a child process that reads the current data from Parquet, counts
them at the profile's edges, and the checks decided; its start, imports and the hashing of the file are in the
time. The peers read the same files, reference too; their imports are not in the time. In memory: the columns
are there, and nothing but PSI and KS is measured; the gate in its threads, one for each processor up to four,
the peers as they are, which is in one. The peers measure a few of the columns, of each kind as many, and
their time is multiplied up, since each column is work of its own. By files no floor is set: one decode of the
file takes longer than the fiftieth part of what scipy takes for everything.

Equal answers are proved first: the same rows in every bin, and scipy's statistic inside our bracket. The
limit is one decode of the file and one sort of each column. Beside wall time stands processor time, which a
busy machine disturbs less. Exit 1 when an answer differs, or a ratio in memory falls below 0.7 of its floor.

The peers live in an environment of their own (requirements/drift-peers.txt): Evidently needs an older pandas.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
OURS = "seatrial"
FLOORS = {"scipy": 50.0, "evidently": 200.0}  # in memory
POLICY = """\
version: 1
model: {name: wide, task: binary}
data:
  train: current.parquet
  drift: {against: reference.profile.json, psi: {max: 0.25}, ks: {max: 0.1}}
"""


@dataclass(frozen=True)
class Size:
    """How much is run: the table, rounds, and columns that each peer measures."""

    columns: int
    rows: int
    rounds: int
    measured: dict[str, int]


SIZES = {
    "s": Size(16, 200_000, 3, {"scipy": 16, "evidently": 4}),
    "l": Size(100, 1_000_000, 3, {"scipy": 8, "evidently": 8}),
}


def table(columns: int, rows: int, seed: int, moved: float) -> dict[str, Any]:
    """Columns as tables have them: normal, skewed, rounded, counts; every fourth one has moved a little."""
    import numpy as np

    random = np.random.default_rng(seed)
    found: dict[str, Any] = {}
    for number in range(columns):
        values = random.normal(size=rows) + moved * (number % 4 == 3)
        kinds = (values, np.exp(values), np.round(values, 2), np.floor(np.exp(values + 2)))
        found[f"c{number}"] = kinds[(number // 4) % 4]
    return found


def spread(columns: int, measured: int) -> list[str]:
    """Columns to measure, of each kind as many."""
    return [f"c{number * (columns // measured)}" for number in range(measured)]


def write(folder: Path, size: Size) -> None:
    import polars as pl

    for name, seed, moved in (("reference", 1, 0.0), ("current", 2, 0.1)):
        frame = pl.DataFrame(table(size.columns, size.rows, seed, moved))
        frame.write_parquet(folder / f"{name}.parquet", row_group_size=131_072)
    (folder / "seatrial.yml").write_text(POLICY, encoding="utf-8")


def ours(folder: Path) -> tuple[float, float, dict[str, Any]]:
    """Seconds and processor seconds from the request to the decided checks, and the evidence by column."""
    from seatrial.commands.running import Limits
    from seatrial.engines.scanning import scan
    from seatrial.engines.sources import find
    from seatrial.gates.data.drift import drift_checks
    from seatrial.gates.data.drift_asking import drift_measure
    from seatrial.gates.data.measures import Asked
    from seatrial.policy import parse
    from seatrial.trial.data.profiling import read_profile

    policy = parse(POLICY.encode(), "seatrial.yml")
    start, used = time.perf_counter(), processor()
    profile = read_profile("reference.profile.json", folder)
    source = find("train", "current.parquet", folder, (), policy.data.csv).source
    asked = Asked(source, (drift_measure(policy, profile),))
    (facts,) = scan([asked], names="current.parquet", limits=Limits(600, 16 * 2**30), scratch=folder)
    checks = drift_checks(policy, profile, facts, facts.answers[0])
    seconds, used = time.perf_counter() - start, processor() - used
    assert {str(check.outcome) for check in checks} == {"passed"}, [
        c for c in checks if c.outcome != "passed"
    ][:1]
    found: dict[str, Any] = {}
    for check in checks:
        found.setdefault(str(check.column), {})[check.metric] = dict(check.evidence)
    return seconds, used, found


def processor() -> float:
    """Processor seconds of this process and its children so far."""
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def cuts_of(folder: Path) -> dict[str, list[float]]:
    """The reference's deciles as the profile cuts them; one under an edge's rows is the number just below."""
    import numpy as np

    from seatrial.gates.data.profile import staircase
    from seatrial.stats.profile_steps import Steps, deciles
    from seatrial.trial.data.profiling import read_profile

    profile = read_profile("reference.profile.json", folder)
    found = {}
    for column in profile.columns:
        stairs = staircase(column, profile.rows)
        at = deciles(Steps(stairs.below, stairs.upto, stairs.rows, 0))
        found[column.name] = [
            float(stairs.edges[index] if upto else np.nextafter(stairs.edges[index], -np.inf))
            for index, upto in at
        ]
    return found


def peer(name: str, folder: Path, names: list[str]) -> dict[str, Any]:
    """In the peers' environment: seconds for these columns, and the answers."""
    import numpy as np
    import pandas as pd

    answers: dict[str, Any] = {}
    if name == "scipy":
        from scipy.stats import ks_2samp

        cuts = json.loads((folder / "cuts.json").read_text())
        start, used = time.perf_counter(), time.process_time()
        frames = [
            pd.read_parquet(folder / f"{side}.parquet", columns=names) for side in ("reference", "current")
        ]
        for column in names:
            edges = [-np.inf, *cuts[column], np.inf]
            counts = [
                pd.cut(frame[column], edges).value_counts(sort=False).to_numpy().tolist() for frame in frames
            ]
            shares = [(np.array(c) + 0.5) / (sum(c) + 0.5 * len(c)) for c in counts]
            psi = float(np.sum((shares[1] - shares[0]) * np.log(shares[1] / shares[0])))
            ks = float(ks_2samp(frames[0][column], frames[1][column], method="asymp").statistic)
            answers[column] = {"counts": counts, "psi": psi, "ks": ks}
        seconds, used = time.perf_counter() - start, time.process_time() - used
        began = time.perf_counter()
        for column in names:
            for frame in frames:
                pd.cut(frame[column], [-np.inf, *cuts[column], np.inf]).value_counts(sort=False)
            ks_2samp(frames[0][column], frames[1][column], method="asymp")
        memory = (time.perf_counter() - began) / len(names)
    else:
        memory = 0.0
        from evidently import Report
        from evidently.metrics import ValueDrift

        start, used = time.perf_counter(), time.process_time()
        frames = [
            pd.read_parquet(folder / f"{side}.parquet", columns=names) for side in ("reference", "current")
        ]
        asked = [ValueDrift(column=column, method=method) for column in names for method in ("psi", "ks")]
        Report(asked).run(frames[1], frames[0]).dict()
        seconds, used = time.perf_counter() - start, time.process_time() - used
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {
        "seconds": seconds,
        "cpu": used,
        "column": memory,
        "answers": answers,
        "rss": rss,
        "pandas": pd.__version__,
    }


def in_memory(folder: Path, columns: int) -> float:
    """Seconds of ours for a column in memory: counts at the edges, PSI and KS, in the gate's threads."""
    from concurrent.futures import ThreadPoolExecutor

    import polars as pl

    from seatrial.engines.polars.sketching import BATCH, THREADS
    from seatrial.engines.polars.sketching_numbers import Counted
    from seatrial.gates.data.drift_bins import step_bins
    from seatrial.gates.data.profile import ColumnProfile, staircase
    from seatrial.stats.drift_ranks import ks_bracket
    from seatrial.stats.drift_shares import psi
    from seatrial.stats.profile_steps import Pair, Steps
    from seatrial.trial.data.profiling import read_profile

    profile = read_profile("reference.profile.json", folder)
    names = [f"c{number}" for number in range(columns)]
    frame = pl.read_parquet(folder / "current.parquet", columns=names)
    arrays = {name: frame[name].to_numpy() for name in names}

    def measure(column: ColumnProfile) -> None:
        stairs = staircase(column, profile.rows)
        counted = Counted(stairs.edges, False)
        for start in range(0, arrays[column.name].size, BATCH):
            counted.add(arrays[column.name][start : start + BATCH], 0)
        reference = Steps(stairs.below, stairs.upto, stairs.rows, 0)
        current = Steps(counted.below, counted.below + counted.on, counted.rows, 0)
        pair = Pair(stairs.edges, reference, current)
        bins = step_bins(pair, "number", False)
        psi(bins["reference"], bins["current"])  # type: ignore[arg-type]
        ks_bracket(pair)

    found = []
    with ThreadPoolExecutor(THREADS) as threads:
        for _ in range(5):
            began = time.perf_counter()
            list(threads.map(measure, profile.columns[:columns]))
            found.append((time.perf_counter() - began) / columns)
    return statistics.median(found)


def limit(folder: Path) -> dict[str, float]:
    """Seconds for one decode of the current data, and for one sort of its columns in a thread."""
    import numpy as np
    import polars as pl

    decode = sort = 0.0
    start = time.perf_counter()
    for batch in pl.scan_parquet(folder / "current.parquet").collect_batches():
        decode += time.perf_counter() - start
        for column in batch.iter_columns():
            values = column.to_numpy()
            start = time.perf_counter()
            np.sort(values)
            sort += time.perf_counter() - start
        start = time.perf_counter()
    return {"decode": decode, "sort": sort}


def run_peer(python: list[str], name: str, folder: Path, names: list[str]) -> dict[str, Any]:
    script = [
        str(Path(__file__).resolve()),
        "--peer",
        name,
        "--folder",
        str(folder),
        "--columns",
        *names,
    ]
    if python[-1] == "drift-peers":
        script[0] = os.path.relpath(script[0], ROOT / "scripts")
    done = subprocess.run([*python, *script], capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def differs(found: dict[str, Any], answers: dict[str, Any]) -> str | None:
    """What a peer says otherwise, if anything."""
    for column, theirs in answers.items():
        mine = found[column]
        for side, counts in zip(("reference", "current"), theirs["counts"], strict=True):
            if mine["psi"][side][:-1] != counts:
                return f"{column}: rows by bin differ in {side}: {mine['psi'][side]}, pandas says {counts}"
        if not mine["ks"]["lower"] - 1e-12 <= theirs["ks"] <= mine["ks"]["upper"] + 1e-12:
            between = f"[{mine['ks']['lower']}, {mine['ks']['upper']}]"
            return f"{column}: scipy's {theirs['ks']} is outside of {between}"
    return None


def compared(
    mine: list[dict[str, Any]], theirs: dict[str, list[dict[str, Any]]], size: Size, column: float
) -> tuple[dict[str, Any], list[str]]:
    """Ratios, and what is wrong. column: seconds of ours for one in memory."""
    times = [run["seconds"] for run in mine]
    result: dict[str, Any] = {"ours_s": statistics.median(times)}
    result["ours_cpu_s"] = statistics.median(run["cpu"] for run in mine)
    result |= {"ours_column_s": column, "rss": max(run["rss"] for run in mine)}
    faults = []
    for each, runs in theirs.items():
        fault = differs(mine[0]["answers"], runs[0]["answers"])
        faults += [fault] if fault else []
        times_up = size.columns / size.measured[each]
        scaled = [run["seconds"] * times_up for run in runs]
        ratios = sorted(s / t for s, t in zip(scaled, times, strict=True))
        result[each] = {
            "seconds": statistics.median(scaled),
            "columns": size.measured[each],
            "ratio": statistics.median(ratios),
            "from": ratios[0],
            "to": ratios[-1],
            "cpu_s": statistics.median(run["cpu"] for run in runs) * times_up,
            "rss": runs[0]["rss"],
        }
        result[each]["cpu_ratio"] = result[each]["cpu_s"] / result["ours_cpu_s"]
        theirs_column = statistics.median(run["column"] or run["cpu"] / size.measured[each] for run in runs)
        memory = theirs_column / column
        result[each] |= {"column_s": theirs_column, "memory_ratio": memory}
        if memory < 0.7 * FLOORS[each]:
            faults.append(f"{each}: {memory:.0f} times as long in memory, the floor is {FLOORS[each]:.0f}")
    return result, faults


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--size", choices=sorted(SIZES), default="s")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--python", help="an interpreter that has the peers (default: set one up)")
    parser.add_argument("--only", choices=sorted(FLOORS), help="one of the peers")
    for option in ("--write", "--peer", "--folder", "--columns"):  # for the processes that this one starts
        kind: dict[str, Any] = {"action": "store_true"} if option == "--write" else {}
        kind |= {"nargs": "*"} if option == "--columns" else {}
        kind |= {"type": Path} if option == "--folder" else {}
        parser.add_argument(option, help=argparse.SUPPRESS, **kind)
    return parser.parse_args()


def child(given: argparse.Namespace) -> None:
    """What this script does in the processes that it starts."""
    if given.write:
        write(given.folder, SIZES[given.size])
    elif given.peer != OURS:
        print(json.dumps(peer(given.peer, given.folder, given.columns)))
    else:
        sys.path.insert(0, str(ROOT / "scripts"))
        seconds, used, answers = ours(given.folder)
        rss = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
        print(json.dumps({"seconds": seconds, "cpu": used, "answers": answers, "rss": rss}))


def main() -> int:
    given = arguments()
    if given.write or given.peer:
        child(given)
        return 0
    sys.path.insert(0, str(ROOT / "scripts"))
    from seatrial.trial.data.profiling import Wish, write_profile

    size = SIZES[given.size]
    base: str = sys._base_executable  # type: ignore[attr-defined]  # that of this environment has no pip
    setup = [base, "-I", str(ROOT / "scripts" / "bootstrap.py"), "drift-peers"]
    python = [given.python] if given.python else setup
    peers = [given.only] if given.only else list(FLOORS)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # Another process writes them, since a child weighs what its parent weighed.
        script = str(Path(__file__).resolve())
        subprocess.run(
            [sys.executable, script, "--write", "--size", given.size, "--folder", name], check=True
        )
        write_profile(folder, Wish("reference.parquet", "reference.profile.json"), dict(os.environ))
        (folder / "cuts.json").write_text(json.dumps(cuts_of(folder)))
        run_peer([sys.executable], OURS, folder, [])
        mine: list[dict[str, Any]] = []
        theirs: dict[str, list[dict[str, Any]]] = {peer: [] for peer in peers}
        for _ in range(size.rounds):
            mine.append(run_peer([sys.executable], OURS, folder, []))
            for each in peers:
                theirs[each].append(run_peer(python, each, folder, spread(size.columns, size.measured[each])))
        floor = limit(folder)
        column = in_memory(folder, min(32, size.columns))
        kept = (folder / "reference.profile.json").stat().st_size
    result, faults = compared(mine, theirs, size, column)
    result |= {"size": given.size, "profile_bytes": kept, **floor}
    told(result, size, faults, given.json)
    return 1 if faults else 0


def told(result: dict[str, Any], size: Size, faults: list[str], as_json: bool) -> None:
    if as_json:
        print(json.dumps(result | {"faults": faults}))
        return
    mib = {name: result[name]["rss"] / 2**20 for name in FLOORS if name in result}
    print(f"drift: {size.columns} columns x {size.rows:,} rows, PSI and KS against a stored profile")
    print(
        f"  ours       files {result['ours_s']:.2f} s, {result['ours_cpu_s']:.2f} s of processor, "
        f"{result['rss'] / 2**20:,.0f} MiB; in memory {1e3 * result['ours_column_s']:.1f} ms a column; "
        f"profile {result['profile_bytes'] / 1024:.0f} KiB"
    )
    print(f"  limit      {result['decode']:.2f} s to decode the file, {result['sort']:.2f} s to sort them")
    for name, size_of in mib.items():
        each = result[name]
        how = "" if each["columns"] == size.columns else f" ({each['columns']} columns, multiplied up)"
        print(
            f"  {name:<10} files {each['seconds']:.1f} s{how}, {each['cpu_s']:.1f} s of processor, "
            f"{size_of:,.0f} MiB"
        )
        print(
            f"             files: {each['ratio']:.1f} times as long as ours ({each['from']:.1f} to "
            f"{each['to']:.1f}), {each['cpu_ratio']:.1f} times the processor; in memory: "
            f"{each['memory_ratio']:.0f} times ({1e3 * each['column_s']:.0f} ms a column)"
        )
    for fault in faults:
        print(f"  FAULT {fault}")


if __name__ == "__main__":
    sys.exit(main())
