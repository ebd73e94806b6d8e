"""`seatrial profile`: the reference of the drift checks, written; and read again for the data gate."""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from seatrial import __version__
from seatrial.commands.running import Limits
from seatrial.engines.files.reading import MIB, read_source
from seatrial.engines.scanning import scan
from seatrial.engines.sources import Found, find
from seatrial.engines.spark.scanning import SparkCall
from seatrial.errors import BadInput, CouldNotDecide, Location
from seatrial.gates.data.asking import readings
from seatrial.gates.data.drift_asking import REFERENCE, sketch_measure
from seatrial.gates.data.measures import Asked
from seatrial.gates.data.packing import LEAST
from seatrial.gates.data.profile import MOST_BYTES, Profile, from_json, to_json
from seatrial.gates.data.profile_making import profile_of
from seatrial.policy import parse
from seatrial.policy.data import Data
from seatrial.policy.model import Policy
from seatrial.text import shown
from seatrial.trial.writing import put

POLICY = "seatrial.yml"


@dataclass(frozen=True)
class Wish:
    """What the user asked for. policy: None for seatrial.yml if it is there; out: None by the data's name."""

    data: str
    out: str | None = None
    policy: str | None = None
    least: int = LEAST


@dataclass(frozen=True)
class Reference:
    """What drift is measured against: a profile, or the data themselves."""

    profile: Profile | None
    found: Found | None


def reference_of(policy: Policy, root: Path) -> Reference | None:
    """What drift.against names; None where the policy asks for no drift. Raises BadInput."""
    drift = policy.data.drift
    if drift is None:
        return None
    if _is_profile(root / drift.against):
        return Reference(read_profile(drift.against, root), None)
    return Reference(None, find(REFERENCE, drift.against, root, readings(policy.data), policy.data.csv))


def _is_profile(path: Path) -> bool:
    """By its content: a profile is JSON, and neither CSV nor Parquet begins with a brace."""
    if path.suffix.lower() == ".json":
        return True
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(64).lstrip()[:1] == b"{"


def read_profile(name: str, root: Path) -> Profile:
    """A profile of the checkout. Raises BadInput."""
    mend = "write it again with seatrial profile"
    source = read_source(root / name, name=name, root=root, cap=MOST_BYTES, mend=mend)
    try:
        return from_json(source.data)
    except ValueError as error:
        raise BadInput(
            f"this is no profile of version 1 ({error}); {mend}", location=Location(name)
        ) from None


def write_profile(root: Path, wish: Wish, environ: Mapping[str, str]) -> tuple[str, ...]:
    """Profile a data set; what to tell. Raises BadInput, and then nothing is written."""
    if wish.least < 1:
        raise BadInput(f"--min-count is {wish.least}; expected a whole number from 1 on")
    policy = _policy(root, wish)
    data = Data() if policy is None else policy.data
    path = wish.data if not os.path.isabs(wish.data) else os.path.relpath(wish.data, root)
    found = find(REFERENCE, path, root, readings(data), data.csv)
    target = root / (wish.out or f"{Path(wish.data.rstrip('/*')).name.split('.')[0] or 'data'}.profile.json")
    if target.is_dir() or not target.parent.is_dir():
        raise BadInput(
            "there is no such folder to write to; name a file with --out", location=Location(str(target))
        )
    hidden = sorted(data.hidden)
    measure = sketch_measure(hidden, least=wish.least)
    spark = None
    if policy is not None and data.engine is not None:
        spark = SparkCall(data.engine.spark, environ, policy.place("data", "engine", "spark"))
    with tempfile.TemporaryDirectory(prefix="seatrial-") as scratch:
        (facts,) = scan(
            [Asked(found.source, (measure,), hidden=tuple(hidden))],
            names=found.name,
            limits=Limits(data.time.total_seconds(), data.memory),
            scratch=Path(scratch),
            spark=spark,
        )
    answer = facts.answers[0]
    if answer.problem is not None or not isinstance(answer.detail, dict):
        raise CouldNotDecide(f"the data cannot be profiled: {answer.problem}", location=Location(found.name))
    profile = profile_of(facts.rows, answer.detail["columns"], __version__, wish.least, set(hidden))
    written = to_json(profile)
    put(target, written)
    typed = {name for name, rule in data.columns.items() if rule.type != "any"}
    plain = 0 if found.source.format != "csv" else sum(1 for c in profile.columns if c.name not in typed)
    return _told(profile, os.path.relpath(target, root), len(written), plain)


def _policy(root: Path, wish: Wish) -> Policy | None:
    name = wish.policy or POLICY
    if wish.policy is None and not (root / name).is_file():
        return None
    try:
        content = (root / name).read_bytes()
    except OSError as error:
        raise BadInput(
            f"cannot be read ({error.strerror}); name a policy file", location=Location(shown(name))
        ) from None
    return parse(content, name)


def _told(profile: Profile, target: str, size: int, plain: int) -> tuple[str, ...]:
    kinds = {
        "numbers": sum(1 for column in profile.columns if column.steps is not None),
        "categories": sum(1 for column in profile.columns if column.categories),
    }
    rest = len(profile.columns) - sum(kinds.values())
    hint = f"{plain} columns of CSV are read as text, since the policy gives them no type in data.columns"
    return (
        f"{profile.rows:,} rows, {len(profile.columns)} columns: {kinds['numbers']} as numbers, "
        f"{kinds['categories']} as categories, {rest} by their missing values only",
        *([hint] if plain else []),
        f"profile  {shown(target, 200)} ({_size(size)})",
        f"no value is in it that fewer than {profile.min_count} rows share; name it in data.drift.against",
    )


def _size(size: int) -> str:
    return f"{size / MIB:.1f} MiB" if size >= MIB else f"{size / 1024:.0f} KiB"
