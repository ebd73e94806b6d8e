"""docs/make-it-required.md: the ruleset is one that GitHub takes, and the check is the one that there is."""

import json
import re
from pathlib import Path

import pytest
import yaml
from github_double import load

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "make-it-required.md").read_text(encoding="utf-8")
CHECK = "trial / verdict"


def ruleset() -> dict[str, object]:
    (found,) = re.findall(r"^```json\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    parsed: dict[str, object] = json.loads(found)
    return parsed


def test_the_ruleset_is_as_githubs_api_describes_it() -> None:
    contract = load()
    if isinstance(contract, str):
        pytest.skip(contract)
    operation = contract.operation("POST", "/repos/acme/models/rulesets")
    assert operation is not None
    assert contract.request_faults(operation, {}, json.dumps(ruleset()).encode()) == []
    spoilt = {**ruleset(), "enforcement": "perhaps"}
    assert contract.request_faults(operation, {}, json.dumps(spoilt).encode())


def test_the_required_check_is_the_last_job_of_ci_in_a_job_called_trial() -> None:
    assert f'"context": "{CHECK}"' in PAGE
    caller, _, called = CHECK.partition(" / ")
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
    last = workflow["jobs"][called]
    assert last.get("name", called) == called
    assert last["if"] == "always()" and set(last["needs"]) == workflow["jobs"].keys() - {called}
    for example in ("complete", "monorepo", "object-storage"):
        path = ROOT / "examples" / example / ".github" / "workflows" / "ci.yml"
        job = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"][caller]
        assert "name" not in job, "or the check would be called otherwise"


def test_the_examples_run_for_what_is_proposed_alone() -> None:
    """A run by hand or for a push would leave a check of that name that no base's policy stands behind."""
    for example in ("complete", "monorepo", "object-storage"):
        path = ROOT / "examples" / example / ".github" / "workflows" / "ci.yml"
        events = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)["on"]
        assert set(events) == {"pull_request", "merge_group"}, example
