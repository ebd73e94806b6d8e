"""The second engine: the same policy gives the same Decision as on Polars, by the consumer's own PySpark.

One child process of Spark answers all random cases; `make test` gives the tests a Python that has PySpark.
"""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import get_args

import numpy as np
import polars as pl
import pytest
from random_data import NOW, Draw

from seatrial.commands.running import Limits
from seatrial.engines.scanning import scan
from seatrial.engines.sources import find
from seatrial.engines.spark.scanning import SparkCall
from seatrial.errors import Location
from seatrial.gates.data.asking import readings
from seatrial.gates.data.checks import checks
from seatrial.gates.data.drift import drift_checks
from seatrial.gates.data.drift_asking import drift_measure, sketch_measure
from seatrial.gates.data.evidence import Scene
from seatrial.gates.data.measures import Answer, Asked, Facts, Kind, Measure, Source
from seatrial.gates.data.profile import Profile
from seatrial.gates.data.profile_making import profile_of
from seatrial.gates.data.questions import questions
from seatrial.policy import parse
from seatrial.stats.drift_ranks import ks_exact

PYTHON = os.environ.get("SEATRIAL_SPARK_PYTHON")
REASON = os.environ.get("SEATRIAL_SPARK_MISSING", "make test sets PySpark up")
pytestmark = pytest.mark.skipif(PYTHON is None, reason=REASON)

LIMITS = Limits(time=600, memory=4 * 2**30)
CASES = (0, 1, 10, 14, 2)  # with rows for every kind of measure; the second has none, the third is CSV
COMMAND = Path(__file__).resolve().parents[2] / "scripts" / "command.py"
PLACE = Location("seatrial.yml", 1, 1)


QUICK = """
spark.sql.codegen.factoryMode NO_CODEGEN
spark.sql.codegen.wholeStage false
spark.sql.adaptive.enabled false
spark.sql.shuffle.partitions 1
"""


def environ(**more: str) -> dict[str, str]:
    """A step's environment in which PySpark is installed."""
    path = f"{Path(PYTHON or '').parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, **more}


def here(call_environ: dict[str, str]) -> SparkCall:
    return SparkCall("local[2]", call_environ, PLACE)


class Case:
    """What one policy asks of its files. Sources carry its number, so that one child takes all cases.

    Drift is measured against the test data, or against their profile where there is one.
    """

    def __init__(self, number: int, root: Path) -> None:
        root.mkdir()
        self.number = number
        drawn = Draw(number, root)
        self.text = drawn.policy()
        self.policy = parse(self.text)
        self.questions = questions(self.policy, ("train", "test"), NOW)
        data = self.policy.data
        self.hidden = tuple(column for column, rule in data.columns.items() if rule.hide)
        self.sources = {
            name: find(name, drawn.path[name], root, readings(data), data.csv).source
            for name in ("train", "test")
        }
        self.profile: Profile | None = None

    @property
    def sketch(self) -> Measure:
        return sketch_measure(self.hidden, least=3)

    def asked(self) -> list[Asked]:
        """Train and test with the questions of the policy, and behind them drift and a sketch."""
        show = self.policy.data.show
        drift = replace(
            drift_measure(self.policy, self.profile), against="test" if self.profile is None else None
        )
        more = {"train": drift, "test": self.sketch}
        return [
            Asked(
                replace(source, name=f"{self.number} {name}"),
                tuple(
                    replace(each, against=each.against and f"{self.number} {each.against}")
                    for each in (
                        *(each for question in self.questions for each in question.asks.get(name, ())),
                        more[name],
                    )
                ),
                show.rows,
                show.values,
                self.hidden,
            )
            for name, source in self.sources.items()
        ]

    def decide(self, facts: tuple[Facts, ...]) -> list[object]:
        """The checks, as a Decision holds them."""
        named = dict(zip(("train", "test"), facts, strict=True))
        left = {name: iter(each.answers) for name, each in named.items()}
        answers: dict[int, dict[str, tuple[Answer, ...]]] = {}
        for number, question in enumerate(self.questions):
            answers[number] = {
                name: tuple(next(left[name]) for _ in question.asks.get(name, ()))
                for name in named
                if name in question.asks
            }
        made = [check for _, check in checks(self.questions, Scene(self.policy, named, answers))]
        made += drift_checks(self.policy, self.profile, named["train"], next(left["train"]))
        return [check.model_dump() for check in made]


Found = tuple[Asked, Facts, Facts]  # of Polars, and of Spark


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Case], list[Found]]:
    """Random cases, and a table of more rows than are sampled, with the facts of Polars and of Spark."""
    root = tmp_path_factory.mktemp("spark")
    scratch = root / "scratch"
    scratch.mkdir()
    cases = [Case(number, root / str(number)) for number in CASES]
    profiled = cases[::2]
    tests = [
        Asked(replace(case.sources["test"], name=f"{case.number}"), (case.sketch,), hidden=case.hidden)
        for case in profiled
    ]
    for case, facts in zip(profiled, scan(tests, names="data", limits=LIMITS, scratch=scratch), strict=True):
        columns = facts.answers[0].detail["columns"]
        case.profile = profile_of(facts.rows, columns, "test", 3, set(case.hidden))
    asked = [*(each for case in cases for each in case.asked()), *many_rows(root)]
    ours = scan(asked, names="data", limits=LIMITS, scratch=scratch)
    # A few rows at a time: what Spark does for many of them costs more than it saves.
    (root / "spark-defaults.conf").write_text(QUICK)
    settled = here(environ(SPARK_CONF_DIR=str(root)))
    theirs = scan(asked, names="data", limits=LIMITS, scratch=scratch, spark=settled)
    return cases, list(zip(asked, ours, theirs, strict=True))


def many_rows(root: Path) -> list[Asked]:
    """A reference in two files of which not all rows are sampled, and other data."""
    random = np.random.default_rng(3)
    folder = root / "many"
    folder.mkdir()
    parts, drawn = [], []
    for part, rows in enumerate((50_000, 20_000, 3_000)):
        values = random.normal(size=rows)
        drawn.append(values)
        table = {"x": values, "mostly": np.where(values < 1, 0.0, values), "whole": np.round(values * 9)}
        parts.append(folder / f"{part}.parquet")
        pl.DataFrame(table).write_parquet(parts[-1])
    csv = {"delimiter": ",", "nulls": [""], "encoding": "utf-8", "decimal": "."}
    # Counts at the edges cannot tell a limit from the distance that is the limit.
    limit = ks_exact(np.sort(np.concatenate(drawn[:2])), np.sort(drawn[2]))
    value = {"columns": None, "ignore": [], "moments": True, "ks": limit, "sketch": sketch_measure().value}
    measures = {"reference": (sketch_measure(),), "current": (Measure("bins", (), value, 0.0, "reference"),)}
    return [
        Asked(Source(name, tuple(map(str, files)), "parquet", (), ({},) * len(files), csv), measures[name])
        for name, files in (("reference", parts[:2]), ("current", parts[2:]))
    ]


def of_cases(
    found: tuple[list[Case], list[Found]],
) -> Iterator[tuple[Case, tuple[Facts, ...], tuple[Facts, ...]]]:
    """Each case, with what Polars and what Spark found."""
    cases, each = found
    for place, case in enumerate(cases):
        _, ours, theirs = zip(*each[2 * place : 2 * place + 2], strict=True)
        yield case, ours, theirs


def test_both_engines_find_the_same(found: tuple[list[Case], list[Found]]) -> None:
    """Types, counts, row numbers, values, profiles: whatever is asked."""
    for asked, one, other in found[1]:
        assert (one.rows, dict(one.columns)) == (other.rows, dict(other.columns))
        for measure, a, b in zip(asked.measures, one.answers, other.answers, strict=True):
            assert a == b, (asked.source.files, measure)


def test_the_same_policy_gives_the_same_decision(found: tuple[list[Case], list[Found]]) -> None:
    for case, ours, theirs in of_cases(found):
        assert case.decide(ours) == case.decide(theirs), case.text


def test_the_cases_are_of_every_kind(found: tuple[list[Case], list[Found]]) -> None:
    """Or they would prove little: rows meet each kind of measure, and distances are measured to the last."""
    met: dict[str, bool] = {}
    for asked, facts, _ in found[1]:
        for measure, answer in zip(asked.measures, facts.answers, strict=True):
            met[measure.kind] = met.get(measure.kind, False) or bool(answer.count or answer.detail)
    assert {kind for kind, found in met.items() if found} == set(get_args(Kind))
    exact = [
        part
        for asked, _, facts in found[1]
        for measure, answer in zip(asked.measures, facts.answers, strict=True)
        if measure.kind == "bins"
        for part in answer.detail["columns"].values()
        if "ks" in part
    ]
    assert exact


def test_the_command_gives_the_same_decision_and_leaves_nothing(tmp_path: Path) -> None:
    """From the policy to the Decision; Java has ended, and its files are gone."""
    root, scratch = tmp_path / "repository", tmp_path / "scratch"
    scratch.mkdir()
    case = Case(14, root)
    decided = []
    for engine in (None, "local[2]"):
        policy = json.loads(case.text)
        policy["data"].pop("fresh", None)  # which is held against the clock
        policy["data"] |= {} if engine is None else {"engine": {"spark": engine}}
        (root / "seatrial.yml").write_text(json.dumps(policy))
        done = subprocess.run(
            [sys.executable, str(COMMAND), "check-data"],
            cwd=root, env=environ(TMPDIR=str(scratch)), capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode in (0, 1, 3), done.stderr
        decision = json.loads((root / "build" / "seatrial" / "data.json").read_bytes())
        decided.append({name: decision[name] for name in ("verdict", "data", "notes")})
        decided[-1]["checks"] = [without_places(check) for check in decision["checks"]]
    assert decided[0] == decided[1]
    assert list(scratch.iterdir()) == []
    assert [line for line in commands() if str(scratch) in line] == []


def without_places(check: dict[str, object]) -> dict[str, object]:
    """A check but for where the policy says it, and for when it was made."""
    evidence = check.get("evidence")
    kept = (
        {name: value for name, value in evidence.items() if name != "now"}
        if isinstance(evidence, dict)
        else None
    )
    return {**check, "location": None, "evidence": kept}


def commands() -> list[str]:
    """The command lines of everything that runs."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            found.append(path.read_bytes().decode("utf-8", "replace"))
    return found
