"""The demo fails when what comes out is not what its story says."""

import json
from pathlib import Path

import pytest

from demo_parts import PULL_REQUESTS, Found, Played, faults_of, findings

MQ = "evaluation/log_loss/margin/carrier=MQ"
SLIP = {"data/carrier/psi": "failed", "data/rows/change": "failed", MQ: "failed"}
GOOD = {
    "add-weather": (0, Found("passed", "same", {"a": "passed"}, None)),
    "add-planes": (1, Found("failed", "other", {"a": "passed", **SLIP}, None)),
    "quick-test": (3, Found("inconclusive", "same", {"a": "inconclusive"}, 4_000)),
}


def played(**changed: tuple[int, Found | None]) -> list[Played]:
    came = GOOD | {name.replace("_", "-"): what for name, what in changed.items()}
    return [Played(request, "title", *came[request.name]) for request in PULL_REQUESTS]


def test_the_story_as_told_has_no_faults() -> None:
    assert faults_of(played()) == []


@pytest.mark.parametrize(
    ("name", "code", "found", "why"),
    [
        ("add_weather", 1, None, "no Decision"),
        ("add_weather", 1, Found("passed", "same", {"a": "passed"}, None), "exit code 1"),
        ("add_weather", 0, Found("passed", "same", {"a": "inconclusive"}, None), "undecided"),
        ("add_planes", 1, Found("failed", "other", {MQ: "failed"}, None), "failed"),
        ("add_planes", 0, Found("passed", "other", {MQ: "passed"}, None), "expected failed"),
        ("add_planes", 1, Found("failed", "other", {**SLIP, "b": "failed"}, None), "failed"),
        ("add_planes", 1, Found("failed", "other", {**SLIP, "b": "inconclusive"}, None), "undecided"),
        ("quick_test", 3, Found("inconclusive", "same", {"a": "inconclusive"}, None), "how many rows"),
        ("quick_test", 3, Found("inconclusive", "new", {"a": "inconclusive"}, 4_000), "different models"),
    ],
)
def test_any_other_end_is_a_fault(name: str, code: int, found: Found | None, why: str) -> None:
    faults = faults_of(played(**{name: (code, found)}))
    assert any(why in fault for fault in faults)


def test_findings_are_read_from_the_decisions_of_both_gates(tmp_path: Path) -> None:
    checks = [
        {"id": "a", "outcome": "inconclusive", "needed": 900},
        {"id": "b", "outcome": "inconclusive", "needed": 1_200},
        {"id": "c", "outcome": "passed", "needed": None},
    ]
    text = json.dumps({"verdict": "inconclusive", "model": {"digest": "d"}, "checks": checks})
    (tmp_path / "evaluation.json").write_text(text)
    assert findings(tmp_path) is None
    data = {"verdict": "passed", "model": {"digest": None}, "checks": [{"id": "d", "outcome": "passed"}]}
    (tmp_path / "data.json").write_text(json.dumps(data))
    found = findings(tmp_path)
    assert found is not None
    assert (found.verdict, found.digest, found.needed) == ("inconclusive", "d", 1_200)
    assert found.with_outcome("inconclusive") == ["a", "b"]
    assert found.with_outcome("passed") == ["c", "d"]
