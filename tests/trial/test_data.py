"""The data gate on real files: verdict, exit code, and a Decision that can be judged again."""

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from seatrial.decision import Decision, from_json
from seatrial.errors import COULD_NOT_DECIDE, GATE_SAID_NO, PASSED, BadInput
from seatrial.gates.rejudging import disagreements
from seatrial.trial.local import run_local

HEAD = "version: 1\nmodel: {name: m, task: binary}\n"


@dataclass(frozen=True)
class Play:
    """A repository with one policy, judged as `seatrial check-data` does."""

    folder: Path

    def table(self, name: str, rows: Sequence[dict[str, Any]]) -> None:
        lines = [",".join(rows[0])] + [",".join(str(value) for value in row.values()) for row in rows]
        (self.folder / name).write_text("\n".join(lines) + "\n")

    def code(self, data: str, head: str = HEAD) -> int:
        (self.folder / "seatrial.yml").write_text(f"{head}data:\n  train: train.csv\n{data}")
        out = self.folder / "out"
        return run_local(self.folder, "seatrial.yml", "", None, out, {"PATH": os.environ["PATH"]})

    @property
    def decision(self) -> Decision:
        found = from_json((self.folder / "out" / "data.json").read_bytes())
        assert disagreements(found) == []
        return found

    def outcomes(self) -> dict[str, str]:
        return {check.id: check.outcome.value for check in self.decision.checks}


@pytest.fixture
def play(tmp_path: Path) -> Play:
    return Play(tmp_path)


def rows(count: int, carrier: Callable[[int], str] = lambda i: "AB"[i % 2]) -> list[dict[str, Any]]:
    return [
        {"id": i, "carrier": carrier(i), "wind": i % 7 - 3, "late": int(i % 3 == 0)} for i in range(count)
    ]


COLUMNS = """\
  columns:
    id: {type: integer}
    carrier: {type: string, one_of: [A, B]}
    wind: {type: integer}
    late: {}
"""


def test_good_data_pass(play: Play) -> None:
    play.table("train.csv", rows(100))
    play.table("test.csv", [{**row, "id": row["id"] + 100} for row in rows(50)])
    more = (
        "  test: test.csv\n  key: id\n  label: late\n  duplicates: {max: 0}\n  rows: {min: 50}\n"
        "  balance: {min: 10%}\n"
        "  rules: {calm: wind < 4}\n  personal: {action: fail}\n"
        "  leakage: {keys: id, rows: {max: 0}, target_correlation: {max: 90%}, known_after: delay}\n"
    )
    assert play.code(COLUMNS + more) == PASSED
    assert set(play.outcomes().values()) == {"passed"}
    assert [(file.path, file.rows) for file in play.decision.data] == [("train.csv", 100), ("test.csv", 50)]


def test_bad_data_fail_with_rows_and_what_to_write(play: Play) -> None:
    play.table("train.csv", rows(100, lambda i: "C" if i in (4, 16) else "A"))
    assert play.code(COLUMNS + "  show: {values: true}\n") == GATE_SAID_NO
    (failed,) = [check for check in play.decision.checks if check.outcome == "failed"]
    assert failed.reason == "2 of 100 rows of train hold another value (rows 5: C; 17: C)"
    assert failed.evidence["mend"] == {
        "path": ["data", "columns", "carrier", "one_of"],
        "value": ["A", "B", "C"],
    }
    assert failed.location is not None
    assert (failed.location.file, failed.location.line) == ("seatrial.yml", 7)


def test_without_rows_to_show_none_is_named(play: Play) -> None:
    play.table("train.csv", rows(100, lambda i: "C"))
    assert play.code(COLUMNS + "  show: {rows: 0, values: true}\n") == GATE_SAID_NO
    (failed,) = [check for check in play.decision.checks if check.outcome == "failed"]
    assert failed.reason == "100 of 100 rows of train hold another value"


def test_a_waiver_excuses_a_check_until_its_day(play: Play) -> None:
    play.table("train.csv", rows(100, lambda i: "AC"[i % 2]))
    waiver = "waivers: [{check: data/carrier/one_of, reason: C joins, until: %s}]\n"
    assert play.code(COLUMNS, HEAD + waiver % "2999-12-31") == PASSED
    assert [waived.check for waived in play.decision.waivers] == ["data/carrier/one_of"]
    assert play.code(COLUMNS, HEAD + waiver % "2020-12-31") == GATE_SAID_NO


def test_an_advisory_gate_tells_and_does_not_block(play: Play) -> None:
    play.table("train.csv", rows(100, lambda i: "C"))
    assert play.code(COLUMNS, HEAD + "mode: advisory\n") == PASSED
    assert play.decision.verdict == "failed"


def test_only_a_header_is_not_a_pass(play: Play) -> None:
    (play.folder / "train.csv").write_text("id,carrier,wind,late\n")
    assert play.code(COLUMNS) == COULD_NOT_DECIDE
    assert play.outcomes()["data/carrier/one_of"] == "inconclusive"


def test_a_column_that_is_missing_fails_once(play: Play) -> None:
    play.table("train.csv", [{"id": 1, "carier": "A", "wind": 1, "late": 0}] * 2)
    assert play.code(COLUMNS) == GATE_SAID_NO
    failed = [name for name, outcome in play.outcomes().items() if outcome == "failed"]
    assert failed == ["data/carrier/required"]


def test_rows_against_those_of_the_reference(play: Play) -> None:
    play.table("train.csv", rows(100))
    play.table("reference.csv", rows(150))
    drift = "  drift: {against: reference.csv, psi: {max: 25%}}\n"
    assert play.code(f"  rows: {{change: 20%}}\n{drift}") == GATE_SAID_NO
    found = play.outcomes()
    assert found["data/rows/change"] == "failed"
    assert found["data/carrier/psi"] == "passed"
    assert play.code("  rows: {change: 40%}\n  drift: {against: reference.csv}\n") == PASSED
    assert play.outcomes() == {"data/rows/change": "passed"}


@pytest.mark.parametrize("against", ["nowhere.json", "broken.json"])
def test_a_reference_that_is_none_is_bad_input(play: Play, against: str) -> None:
    play.table("train.csv", rows(10))
    (play.folder / "broken.json").write_text(json.dumps({"profile": 7}))
    with pytest.raises(BadInput, match=against):
        play.code(f"  drift: {{against: {against}, psi: {{max: 25%}}}}\n")


def test_more_checks_than_a_decision_holds_are_bad_input(play: Play) -> None:
    names = [f"c{i}" for i in range(2_100)]
    play.table("train.csv", [dict.fromkeys(names, 1)] * 2)
    columns = "".join(f"    {name}: {{}}\n" for name in names)
    with pytest.raises(BadInput, match="checks of the data, and a Decision holds 10,000; name fewer columns"):
        play.code(f"  columns:\n{columns}")
