"""Every fault of the catalogue is found by a check that is meant for it; healthy data raise no alarm."""

import contextlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from planted_faults import FAULTS, Fault
from real_flights import POLICY, Flights, fetch, read

from seatrial.cli import main as command
from seatrial.trial.local import run_local

pytestmark = pytest.mark.demo

HEALTHY = 8
Outcomes = dict[str, str]
Judge = Callable[[Flights], Outcomes]


@pytest.fixture(scope="module")
def flights(tmp_path_factory: pytest.TempPathFactory) -> Flights:
    return read(fetch(tmp_path_factory.mktemp("raw")))


@pytest.fixture(scope="module")
def reference(flights: Flights, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The profile, as the command writes it."""
    folder = tmp_path_factory.mktemp("reference")
    flights.reference.write_parquet(folder / "reference.parquet")
    with contextlib.chdir(folder):
        assert command(["profile", "reference.parquet", "--out", "reference.json"]) == 0
    return (folder / "reference.json").read_text()


@pytest.fixture
def judge(reference: str, tmp_path: Path) -> Judge:
    def run(flights: Flights) -> Outcomes:
        (tmp_path / "seatrial.yml").write_text(POLICY)
        (tmp_path / "reference.json").write_text(reference)
        flights.train.write_parquet(tmp_path / "train.parquet")
        flights.test.write_parquet(tmp_path / "test.parquet")
        run_local(tmp_path, "seatrial.yml", "data", None, tmp_path / "out", {"PATH": os.environ["PATH"]})
        decision: dict[str, Any] = json.loads((tmp_path / "out" / "data.json").read_bytes())
        return {check["id"]: str(check["outcome"]) for check in decision["checks"]}

    return run


def alarms(outcomes: Outcomes) -> list[str]:
    return sorted(check for check, outcome in outcomes.items() if outcome == "failed")


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name.replace(" ", "-"))
def test_the_fault_is_found(
    fault: Fault, flights: Flights, judge: Judge, capsys: pytest.CaptureFixture[str]
) -> None:
    found = alarms(judge(fault.plant(flights)))
    with capsys.disabled():
        print(f"\n  {fault.name:52} {', '.join(found)[:120]}", end="")
    assert set(found) & set(fault.found_by), f"expected {' or '.join(fault.found_by)}, found {found}"


def test_healthy_rows_raise_no_alarm(
    flights: Flights, judge: Judge, capsys: pytest.CaptureFixture[str]
) -> None:
    """Other samples of the same months, none of which holds a fault."""
    seen: list[str] = []
    undecided: list[str] = []
    checks = 0
    everyone = pl.concat([flights.train, flights.reference])
    for seed in range(HEALTHY):
        train = everyone.sample(flights.train.height, seed=seed).sort("scheduled_at")
        outcomes = judge(flights.with_train(train))
        checks += len(outcomes)
        seen += alarms(outcomes)
        undecided += [check for check, outcome in outcomes.items() if outcome in ("inconclusive", "error")]
    with capsys.disabled():
        print(f"\n  {len(seen)} false alarms and {len(undecided)} undecided among {checks} checks", end="")
    assert not seen
    assert not undecided
