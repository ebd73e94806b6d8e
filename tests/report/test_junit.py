"""JUnit XML as other CI systems read it."""

from xml.etree import ElementTree

import late_data
import late_flights as flights
import pytest
from hostile_strings import HOSTILE

from seatrial.decision import Outcome, digest
from seatrial.report.junit import junit


def read(*decisions):
    return ElementTree.fromstring(junit(decisions))


def test_each_outcome_has_its_element():
    suite = read(flights.failed()).find("testsuite")
    cases = {case.get("name"): case for case in suite.iter("testcase")}
    failed = cases["evaluate/roc_auc/margin"]
    assert "lost 0.012" in failed.find("failure").get("message")
    assert failed.get("file") == "seatrial.yml" and failed.get("line") == "12"
    assert cases["evaluate/mcc/min"].find("error").get("type") == "error"
    assert cases["evaluate/roc_auc/margin/carrier=FL"].find("error").get("type") == "inconclusive"
    assert cases["evaluate/roc_auc/margin/carrier=OO"].find("skipped") is not None
    passed = cases["evaluate/log_loss/max"]
    assert not [tag for tag in ("failure", "error", "skipped") if passed.find(tag) is not None]


def test_the_totals_are_those_of_the_cases():
    root = read(flights.failed(), flights.inconclusive())
    assert {key: int(root.get(key)) for key in ("tests", "failures", "errors", "skipped")} == {
        "tests": len(root.findall(".//testcase")),
        "failures": len(root.findall(".//failure")),
        "errors": len(root.findall(".//error")),
        "skipped": len(root.findall(".//skipped")),
    }
    assert len(root.findall("testsuite")) == 2


def test_a_waived_failure_is_skipped_with_the_reason():
    case = read(flights.waived()).find(".//testcase[@name='evaluate/roc_auc/margin']")
    assert case.find("failure") is None
    assert "waived until 2027-03-31: B6 joins in March" in case.find("skipped").get("message")


def test_properties_name_model_commit_and_decision():
    decision = flights.passed()
    told = {p.get("name"): p.get("value") for p in read(decision).iter("property")}
    assert told["model"] == "flight-delay" and told["commit"] == flights.SHA
    assert told["decision"] == digest(decision)


def test_a_case_of_the_data_gate_is_filed_under_its_column():
    cases = {case.get("name"): case for case in read(late_data.failed()).iter("testcase")}
    failed = cases["data/carrier/one_of"]
    assert failed.get("classname") == "flight-delay.data.carrier" and failed.get("line") == "22"
    assert failed.find("failure").get("message").startswith("carrier: 12,346 of 252,584 rows of train hold")
    assert cases["data/fresh"].get("classname") == "flight-delay.data"
    warned = cases["data/remark/personal"]
    assert len(warned) == 1 and "hold an e-mail address" in warned.find("system-out").text


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: ascii(value[:24]))
def test_hostile_data_keep_the_document_valid(value):
    decision = late_data.hostile(value)
    assert len(list(read(decision).iter("testcase"))) == len(decision.checks)


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: ascii(value[:24]))
def test_hostile_strings_keep_the_document_valid(value):
    value = value.encode("utf-8", "replace").decode()[:2_000]
    bad = flights.check(value, slice=value, id=value or "x", outcome=Outcome.FAILED, low=-0.02, high=-0.01)
    root = read(flights.decision([bad], name=value, gate=value))
    assert [e.tag for e in root.iter() if e.tag in ("testcase", "failure")] == ["testcase", "failure"]
