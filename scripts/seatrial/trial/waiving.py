"""Which waivers of the policy excuse a check today."""

from datetime import date

from seatrial.decision import WAIVABLE, Check, WaiverUsed
from seatrial.policy.model import Policy


def waivers_used(policy: Policy, checks: tuple[Check, ...], today: date) -> tuple[WaiverUsed, ...]:
    """The waivers that excuse one of these checks today; an error is never excused."""
    open_checks = {check.id for check in checks if check.outcome in WAIVABLE}
    return tuple(
        WaiverUsed(check=w.check, reason=w.reason, until=w.until.isoformat())
        for w in policy.waivers
        if w.check in open_checks and today <= w.until
    )
