"""`seatrial judge`: does the verdict follow from the evidence?"""

from pathlib import Path

from pydantic import ValidationError

from seatrial.decision import Decision, digest, from_json, to_json
from seatrial.errors import GATE_SAID_NO, PASSED, BadInput, Location
from seatrial.gates.rejudging import disagreements
from seatrial.report.text import plain
from seatrial.text import counted, shown

DECISION_LIMIT = 20_000_000  # bytes; one with 10,000 slices has about 10 MB


def read_decision(path: Path, name: str | None = None) -> Decision:
    """Read a Decision file strictly. Raises BadInput with what is wrong in one line, at this name."""
    where = Location(shown(name or str(path)))
    try:
        with path.open("rb") as file:
            data = file.read(DECISION_LIMIT + 1)
    except OSError as error:
        raise BadInput(f"cannot be read ({error.strerror}); name a Decision file", location=where) from None
    return decision_of(data, where)


def decision_of(data: bytes, where: Location) -> Decision:
    """The Decision of these bytes, read strictly. where: how errors call them."""
    if len(data) > DECISION_LIMIT:
        raise BadInput(f"has more than {DECISION_LIMIT:,} bytes; this is no Decision", location=where)
    try:
        decision = from_json(data)
        canonical = to_json(decision)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the whole file"
        raise BadInput(
            f"is not a Decision of a version that we read: {shown(place)}: {first['msg']}; "
            "give the JSON file that a gate wrote, unchanged",
            location=where,
        ) from None
    except ValueError as error:  # whole numbers beyond what JSON is meant to hold
        raise BadInput(f"is not a Decision: {shown(str(error))}", location=where) from None
    if canonical != data.strip():
        raise BadInput("is not canonical JSON (RFC 8785); give the file unchanged", location=where)
    return decision


def judge_file(name: str) -> tuple[int, list[str]]:
    """Judge one file again: exit code 1 and a line for each disagreement, or 0 and one line that says so."""
    decision = read_decision(Path(name))
    found = disagreements(decision)
    if found:
        return GATE_SAID_NO, [plain(f"{name}: {line}", limit=1_000) for line in found]
    told = (
        f"{name}: {decision.verdict} follows from the evidence of {counted(len(decision.checks), 'check')}; "
        f"id {digest(decision)}"
    )
    return PASSED, [plain(told, limit=1_000)]
