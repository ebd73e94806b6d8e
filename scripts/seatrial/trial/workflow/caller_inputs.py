"""What a caller of ci.yml gives for all of its jobs, looked at once, before any of them gets it."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from seatrial.errors import BadInput
from seatrial.text import shown

_ID = re.compile(r"[1-9][0-9]{0,18}", re.ASCII)
_ADDRESS = re.compile(r"[!-~]{1,2000}", re.ASCII)
_INDEX = "such as https://packages.example/simple"


def check_caller_inputs(inputs: Mapping[str, str]) -> None:
    """Raises BadInput where jobs would get other data than those meant, or credentials."""
    name, number = inputs["data-artifact"], inputs["data-artifact-id"]
    if name and number:
        raise BadInput(
            "the inputs `data-artifact` and `data-artifact-id` are both given; keep `data-artifact-id`, "
            "since another artifact can take a name and none can take an id"
        )
    if number and _ID.fullmatch(number) is None:
        raise BadInput(
            f"the input `data-artifact-id` is {shown(number)}; expected one number: pass on the output "
            "`artifact-id` of actions/upload-artifact, of the job that made the data"
        )
    if inputs["pip-index-url"]:
        _check_index(inputs["pip-index-url"])


def _check_index(address: str) -> None:
    """The address itself is never repeated: it may hold what nobody should read."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if host is None or parts.scheme not in ("https", "http") or _ADDRESS.fullmatch(address) is None:
        raise BadInput(f"the input `pip-index-url` is no address of a package index; expected one {_INDEX}")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise BadInput(
            "the input `pip-index-url` holds credentials, or more than an address, and jobs that run the "
            f"change's code would read it; expected a plain address {_INDEX}: use a mirror that asks the "
            "runner for none"
        )
