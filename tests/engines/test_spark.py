"""The second engine: the same policy gives the same Decision as on Polars, by the consumer's own PySpark.

One child process of Spark answers all random cases; `make test` gives the tests a Python that has PySpark.
"""

import contextlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
from random_data import NOW, Draw

from seatrial.commands.running import Limits
from seatrial.engines.scanning import scan
from seatrial.engines.sources import find
from seatrial.engines.spark_scanning import SparkCall
from seatrial.errors import Location
from seatrial.gates.data.asking import readings
from seatrial.gates.data.checks import checks
from seatrial.gates.data.evidence import Scene
from seatrial.gates.data.measures import Answer, Asked, Facts, Kind
from seatrial.gates.data.questions import questions
from seatrial.policy import parse

PYTHON = os.environ.get("SEATRIAL_SPARK_PYTHON")
REASON = os.environ.get("SEATRIAL_SPARK_MISSING", "make test sets PySpark up")
pytestmark = pytest.mark.skipif(PYTHON is None, reason=REASON)

LIMITS = Limits(time=600, memory=4 * 2**30)
CASES = 8
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
    """What one policy asks of its files. Sources carry its number, so that one child takes all cases."""

    def __init__(self, number: int, root: Path) -> None:
        root.mkdir()
        drawn = Draw(number, root)
        self.text = drawn.policy()
        self.policy = parse(self.text)
        self.questions = questions(self.policy, ("train", "test"), NOW)
        data = self.policy.data
        self.asked = []
        for name in ("train", "test"):
            source = find(name, drawn.path[name], root, readings(data), data.csv).source
            measures = tuple(
                replace(each, against=each.against and f"{number} {each.against}")
                for question in self.questions
                for each in question.asks.get(name, ())
            )
            hidden = tuple(column for column, rule in data.columns.items() if rule.hide)
            renamed = replace(source, name=f"{number} {name}")
            self.asked.append(Asked(renamed, measures, data.show.rows, data.show.values, hidden))

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
        return [check.model_dump() for _, check in checks(self.questions, Scene(self.policy, named, answers))]


@pytest.fixture(scope="module")
def cases(
    tmp_path_factory: pytest.TempPathFactory,
) -> list[tuple[Case, tuple[Facts, ...], tuple[Facts, ...]]]:
    """Random cases, with the facts of Polars and of Spark."""
    root = tmp_path_factory.mktemp("spark")
    made = [Case(number, root / str(number)) for number in range(CASES)]
    asked = [each for case in made for each in case.asked]
    scratch = root / "scratch"
    scratch.mkdir()
    ours = scan(asked, names="data", limits=LIMITS, scratch=scratch)
    # A few rows at a time: what Spark does for many of them costs more than it saves.
    (root / "spark-defaults.conf").write_text(QUICK)
    settled = here(environ(SPARK_CONF_DIR=str(root)))
    theirs = scan(asked, names="data", limits=LIMITS, scratch=scratch, spark=settled)
    return [
        (case, ours[2 * number : 2 * number + 2], theirs[2 * number : 2 * number + 2])
        for number, case in enumerate(made)
    ]


def test_both_engines_find_the_same(cases: list[tuple[Case, tuple[Facts, ...], tuple[Facts, ...]]]) -> None:
    """Types, counts, row numbers, values: whatever is asked."""
    for case, ours, theirs in cases:
        for asked, one, other in zip(case.asked, ours, theirs, strict=True):
            assert (one.rows, dict(one.columns)) == (other.rows, dict(other.columns))
            for measure, a, b in zip(asked.measures, one.answers, other.answers, strict=True):
                assert a == b, (asked.source.files, measure)


def test_the_same_policy_gives_the_same_decision(
    cases: list[tuple[Case, tuple[Facts, ...], tuple[Facts, ...]]],
) -> None:
    for case, ours, theirs in cases:
        assert case.decide(ours) == case.decide(theirs), case.text


def test_the_cases_are_of_every_kind(cases: list[tuple[Case, tuple[Facts, ...], tuple[Facts, ...]]]) -> None:
    """Or they would prove little: rows meet each kind of measure."""
    met: dict[str, bool] = {}
    for case, ours, _ in cases:
        for asked, facts in zip(case.asked, ours, strict=True):
            for measure, answer in zip(asked.measures, facts.answers, strict=True):
                met[measure.kind] = met.get(measure.kind, False) or bool(answer.count or answer.detail)
    assert {kind for kind, found in met.items() if found} == set(get_args(Kind)) - {"bins", "sketch"}


def test_the_command_gives_the_same_decision_and_leaves_nothing(tmp_path: Path) -> None:
    """From the policy to the Decision; Java has ended, and its files are gone."""
    root, scratch = tmp_path / "repository", tmp_path / "scratch"
    scratch.mkdir()
    case = Case(3, root)
    decided = []
    for engine in (None, "local[2]"):
        policy = json.loads(case.text)
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
