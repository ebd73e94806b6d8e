"""The change's own policy: whether it would be refused once it is merged."""

from collections.abc import Iterator

from seatrial.errors import BadInput, PolicyInvalid
from seatrial.linters.findings import Finding
from seatrial.policy import parse

MOST = 100


def policy(path: str, data: bytes) -> Iterator[Finding]:
    """A finding for each fault of the policy."""
    try:
        parse(data, path)
    except PolicyInvalid as error:
        for fault in error.faults[:MOST]:
            place = fault.location
            yield Finding(path, None if place is None else place.line, fault.message)
    except BadInput as error:
        yield Finding(path, None if error.location is None else error.location.line, error.message)
