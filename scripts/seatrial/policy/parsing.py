"""Policy text to Policy: read, hold against the shape and the meaning, and tell every fault at once."""

from pydantic import ValidationError

from seatrial.errors import PolicyInvalid
from seatrial.policy import meaning, shape, yaml
from seatrial.policy.defaults import filled
from seatrial.policy.findings import faults
from seatrial.policy.model import Policy


def parse(text: bytes | str, file: str = "seatrial.yml") -> Policy:
    """The policy, or PolicyInvalid with everything that is wrong, each with file, line and column.

    file: its path in the repository, for messages and annotations; nothing is opened.
    """
    document = yaml.read(text, file)
    policy, error = None, None
    try:
        policy = Policy.model_validate(filled(document.data, meaning.task_of(document.data)))
    except ValidationError as caught:
        error = caught
    found = faults(document, [*shape.findings(error, document), *meaning.findings(document.data)])
    if found:
        raise PolicyInvalid(found)
    assert policy is not None  # an error without a finding would be a fault of ours
    policy._document = document
    return policy
