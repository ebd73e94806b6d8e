"""Keys and sections that are unknown, missing or of another kind, waivers, and how many faults are told."""

import pytest
from bad_policies import GOOD, changed, complaint, complaints

from seatrial.policy import parse
from seatrial.policy.findings import MOST


def test_the_unchanged_policy_is_good() -> None:
    assert parse(GOOD).gates == ("evaluation",)


def test_missing_key() -> None:
    assert complaint(changed("label:", ":")).startswith("seatrial.yml:4:3: a key is missing before the colon")
    line = complaint(changed("{name: flight-delay,", "{name: flight-delay, '': x,"))
    assert line == "seatrial.yml:2:29: a key is missing before the colon; write key: value"


def test_unknown_key() -> None:
    line = complaint(GOOD + "moed: enforce\n")
    assert line == "seatrial.yml:9:1: unknown key moed in the policy; did you mean mode?"


def test_unknown_key_with_nothing_near_lists_the_known() -> None:
    line = complaint(changed("{name: flight-delay,", "{name: flight-delay, zzz: 1,"))
    assert line == "seatrial.yml:2:29: unknown key zzz in model; known keys: name, task"


def test_no_space_after_the_colon_in_braces() -> None:
    line = complaints(changed("{min: 0.7}", "{min:0.7}"))[1]
    assert line.startswith(
        "seatrial.yml:8:15: unknown key min:0.7 in evaluate.metrics.roc_auc; put a space after"
    )


def test_key_of_another_section() -> None:
    line = complaint(GOOD + "cluster: tail_number\n")
    assert line.endswith("unknown key cluster in the policy; it belongs into evaluate")


@pytest.mark.parametrize("key", ["build", "deploy", "canary", "verify", "monitor", "alerts"])
def test_gate_of_a_later_version(key: str) -> None:
    line = complaint(GOOD + f"{key}: {{what: ever, is: [here]}}\n")
    assert line == f"seatrial.yml:9:1: not in this version of Seatrial: {key}, remove it"


@pytest.mark.parametrize("version", ["2", "'1'", "1.0", "true"])
def test_version(version: str) -> None:
    assert complaint(changed("version: 1", f"version: {version}")).startswith(
        "seatrial.yml:1:10: version: expected 1, found "
    )


@pytest.mark.parametrize("name", ["a/b", ".hidden", "''", "a b", "x" * 101, "-rm"])
def test_model_name(name: str) -> None:
    assert complaint(changed("flight-delay", name)).startswith("seatrial.yml:2:15: model.name: ")


@pytest.mark.parametrize("key", ["slices", "baseline", "budgets", "fairness", "cluster", "features"])
def test_key_without_a_value(key: str) -> None:
    line = complaint(GOOD + f"  {key}:\n")
    assert line == f"seatrial.yml:9:3: evaluate.{key} has no value; write one, or remove the key"


def test_item_without_a_value() -> None:
    line = complaint(GOOD + "  key: [a, ~]\n")
    assert line == "seatrial.yml:9:12: evaluate.key[1] has no value; write one, or remove the key"


@pytest.mark.parametrize(
    ("waiver", "expected"),
    [
        ("{check: roc_auc, reason: r, until: 2027-01-01}", "expected the id of a check"),
        ("{check: canary/errors/max, reason: r, until: 2027-01-01}", "not in this version of Seatrial"),
        ("{check: data/carrier/oneof, reason: r, until: 2027-01-01}", "did you mean data/carrier/one_of?"),
        (
            "{check: evaluation/roc_auc/min, reason: '', until: 2027-01-01}",
            "waivers[0].reason: expected text",
        ),
        ("{check: evaluation/roc_auc/min, reason: r, until: 2027-02-30}", "is not a date"),
        ("{check: evaluation/roc_auc/min, reason: r, until: 31.3.2027}", "write year-month-day"),
        ("{check: evaluation/roc_auc/min, reason: r}", "waivers[0].until is missing"),
    ],
)
def test_waiver(waiver: str, expected: str) -> None:
    line = complaint(GOOD + f"waivers: [{waiver}]\n")
    assert line.startswith("seatrial.yml:9:")
    assert expected in line


def test_waiver_twice() -> None:
    entry = "{check: evaluation/roc_auc/min, reason: r, until: 2027-01-01}"
    assert complaint(GOOD + f"waivers: [{entry}, {entry}]\n").endswith("is waived twice; keep one")


def test_waivers_that_are_no_list() -> None:
    line = complaint(GOOD + "waivers: {check: evaluation/roc_auc/min}\n")
    assert line.startswith("seatrial.yml:9:10: waivers: expected a list, found a mapping")


@pytest.mark.parametrize("section", ["model", "evaluate", "data"])
@pytest.mark.parametrize("value", ["text", "7", "[1]"])
def test_section_of_another_kind(section: str, value: str) -> None:
    kept = [line for line in GOOD.splitlines() if not line.startswith((section, " "))]
    lines = complaints("\n".join([*kept, f"{section}: {value}"]))
    assert any(f"{section}: expected a mapping (key: value) with the keys " in line for line in lines)


def test_every_fault_is_told_at_once_in_the_order_of_the_file() -> None:
    text = GOOD.replace("version: 1", "version: 3").replace("late", "7").replace("0.7", "1e-1, max: 2")
    places = [line.split(": ")[0] for line in complaints(text + "sede: 1\n")]
    assert places == [
        "seatrial.yml:1:10",
        "seatrial.yml:4:10",
        "seatrial.yml:8:20",
        "seatrial.yml:8:26",
        "seatrial.yml:9:1",
    ]


def test_a_fault_of_data_is_not_told_again_for_evaluate() -> None:
    text = changed("  data: test.csv\n", "") + "data: {test: /abs, key: [a, a]}\n"
    places = [line.split(": ")[0] for line in complaints(text)]
    assert places == ["seatrial.yml:8:14", "seatrial.yml:8:25"]


def test_endless_faults_are_cut() -> None:
    lines = complaints(GOOD + "\n".join(f"zz{i}: 1" for i in range(500)))
    assert len(lines) == MOST + 1
    assert lines[-1].endswith("and 450 more faults")
