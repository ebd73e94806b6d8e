"""From evidence to outcomes: the only place where a check of the lint gate is decided.

Pure, and from each check's own evidence, so that `seatrial judge` can do it again.
"""

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from seatrial.decision import Check, Outcome, Place
from seatrial.gates.lint import words
from seatrial.gates.lint.asking import PREFIX, id_of
from seatrial.gates.lint.evidence import Findings, Ran, read
from seatrial.policy.lint_names import BUILT_IN

LONGEST_REASON = 1_500
OF_ALL_FILES = frozenset({"pickles", "large_files", "secrets"})


def check_of(name: str, evidence: Findings | Ran, place: Place | None = None) -> Check:
    """A check, judged. name: of a built-in check, or of a command."""
    bare = Check(
        id=id_of(name), metric=name, outcome=Outcome.ERROR, location=place, evidence=evidence.to_json()
    )
    return judged(bare)


def judged(check: Check) -> Check:
    """The check with all that follows from its evidence. Raises ValueError where that is of no known form."""
    if not check.id.startswith(PREFIX) or check.id != id_of(check.metric) or not check.metric:
        raise ValueError(f"{check.id}: the id is not that of its gate and name")
    if check.slice is not None or check.column is not None or check.limit is not None:
        raise ValueError(f"{check.id}: a check of lint is about no slice or column, and has no limit")
    try:
        found = read(check.evidence)
    except ValueError as error:
        raise ValueError(f"{check.id}: {error}") from None
    if isinstance(found, Findings) is not (check.metric in BUILT_IN):
        raise ValueError(f"{check.id}: built-in checks have findings, and commands have an exit code")
    outcome, reason = _findings(check.metric, found) if isinstance(found, Findings) else _command(found)
    warn = outcome is Outcome.FAILED and found.action == "warn"
    if found.action == "warn" and outcome in (Outcome.ERROR, Outcome.INCONCLUSIVE):
        outcome = Outcome.SKIPPED  # it only warns, so it blocks nothing, and what was not seen is no pass
    value = found.found if isinstance(found, Findings) else found.code
    return check.model_copy(
        update={
            "outcome": Outcome.PASSED if warn else outcome,
            "warn": warn,
            "reason": reason[:LONGEST_REASON],
            "value": None if value is None else float(value),
            "n": found.files if isinstance(found, Findings) else None,
            **dict.fromkeys(("baseline", "difference", "interval", "level", "needed", "resolvable")),
        }
    )


def judged_again(checks: Sequence[Check]) -> tuple[Check, ...]:
    """The checks of a stored Decision. Raises ValueError where one cannot be."""
    return tuple(judged(check) for check in checks)


def _findings(name: str, found: Findings) -> tuple[Outcome, str]:
    if found.found:
        return Outcome.FAILED, words.found(found)
    if found.unread:
        return Outcome.INCONCLUSIVE, words.unread(found)
    if name in OF_ALL_FILES and not found.files + found.left_out:
        return (
            Outcome.INCONCLUSIVE,
            "there are no files at all; check the repository out in a step before this one",
        )
    return Outcome.PASSED, words.nothing(found)


def _command(ran: Ran) -> tuple[Outcome, str]:
    if ran.code is None:
        return Outcome.ERROR, str(ran.problem)
    if ran.code == 0 and ran.stopped is None:
        return Outcome.PASSED, words.ended(ran)
    return Outcome.FAILED, words.ended(ran)


def accepted(check: Check) -> str:
    """What the policy accepts, for a cell of a table."""
    evidence: Mapping[str, JsonValue] = check.evidence
    try:
        found = read(evidence)
    except ValueError:
        return ""
    if isinstance(found, Findings):
        return "none"
    return "exit code 0" if found.code is None else f"exit code 0 within {words.age(found.time)}"
