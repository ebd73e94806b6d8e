"""Decisions -> JUnit XML, as CI systems read it: a suite per gate, a case per check."""

from collections.abc import Sequence
from xml.etree import ElementTree

from seatrial.decision import Check, Decision, Outcome, digest
from seatrial.report import words
from seatrial.report.rows import Row, rows
from seatrial.report.text import xml

_TALLIES = {"failures": "failure", "errors": "error", "skipped": "skipped"}


def junit(decisions: Sequence[Decision]) -> bytes:
    """The document, UTF-8 with declaration. Failed -> failure; inconclusive, error -> error."""
    root = ElementTree.Element("testsuites", name="seatrial")
    totals = dict.fromkeys(("tests", *_TALLIES), 0)
    for decision in decisions:
        suite = _suite(decision)
        root.append(suite)
        for key in totals:
            totals[key] += int(suite.get(key, "0"))
    for key, total in totals.items():
        root.set(key, str(total))
    ElementTree.indent(root)
    body = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return bytes(body) + b"\n"


def _suite(decision: Decision) -> ElementTree.Element:
    suite = ElementTree.Element("testsuite", name=xml(f"{decision.model.name} {decision.gate}", 200))
    _properties(suite, decision)
    entries = rows(decision)
    for entry in entries:
        _case(suite, decision, entry)
    if decision.policy.no_pass is not None:
        owner = xml(f"{decision.model.name}.{decision.gate}", 200)
        case = ElementTree.SubElement(suite, "testcase", classname=owner, name="policy")
        message = xml(f"nothing passes here: {decision.policy.no_pass}")
        ElementTree.SubElement(case, "error", type=decision.verdict.value, message=message)
    suite.set("tests", str(len(suite.findall("testcase"))))
    for key, tag in _TALLIES.items():
        suite.set(key, str(len(suite.findall(f"testcase/{tag}"))))
    return suite


def _properties(suite: ElementTree.Element, decision: Decision) -> None:
    holder = ElementTree.SubElement(suite, "properties")
    told = {
        "verdict": decision.verdict.value,
        "mode": decision.mode,
        "model": decision.model.name,
        "model-digest": decision.model.digest,
        "commit": decision.subject.head,
        "base": decision.subject.base,
        "policy-sha256": decision.policy.sha256,
        "decision": digest(decision),
        "tool": decision.tool,
        "seed": str(decision.seed),
    }
    for name, value in told.items():
        if value:
            ElementTree.SubElement(holder, "property", name=name, value=xml(value))


def _case(suite: ElementTree.Element, decision: Decision, entry: Row) -> None:
    check = entry.check
    owner = xml(f"{decision.model.name}.{decision.gate}", 200)
    owner += f".{xml(check.column, 200)}" if check.column is not None else ""
    case = ElementTree.SubElement(suite, "testcase", classname=owner, name=xml(check.id, 400))
    if check.location:
        case.set("file", xml(check.location.file, 400))
        case.set("line", str(check.location.line))
    message = xml(words.explain(check))
    if entry.waiver:
        waived = f"{message}; waived until {entry.waiver.until}: {entry.waiver.reason}"
        ElementTree.SubElement(case, "skipped", message=xml(waived))
    elif check.outcome is Outcome.SKIPPED:
        ElementTree.SubElement(case, "skipped", message=message)
    elif check.outcome is Outcome.FAILED:
        _problem(case, "failure", check, message)
    elif check.outcome in (Outcome.INCONCLUSIVE, Outcome.ERROR):
        _problem(case, "error", check, message)
    else:
        ElementTree.SubElement(case, "system-out").text = message


def _problem(case: ElementTree.Element, tag: str, check: Check, message: str) -> None:
    problem = ElementTree.SubElement(case, tag, type=check.outcome.value, message=message)
    problem.text = xml(" ".join(part for part in (message + ".", words.power(check)) if part))
