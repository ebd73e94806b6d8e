"""What a caller of ci.yml gives for all jobs, and none of them may get."""

import pytest

from seatrial.errors import BadInput
from seatrial.trial.workflow.caller_inputs import check_caller_inputs

NOTHING = {"data-artifact": "", "data-artifact-id": "", "pip-index-url": ""}
SECRET = "thisisahiddenvalue"


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"data-artifact": "rows"},
        {"data-artifact-id": "4711"},
        {"pip-index-url": "https://packages.example/team/simple/"},
        {"pip-index-url": "http://10.0.0.7:3141/team/dev/+simple/"},
    ],
)
def test_what_a_caller_may_give(given: dict[str, str]) -> None:
    check_caller_inputs(NOTHING | given)


def test_bad_data_by_name_and_id_at_once() -> None:
    with pytest.raises(BadInput, match="are both given; keep `data-artifact-id`"):
        check_caller_inputs(NOTHING | {"data-artifact": "rows", "data-artifact-id": "4711"})


@pytest.mark.parametrize("number", ["rows", "0", "-1", "4711,4712", "4711 ", "4711x", "٤", "1e3", "9" * 20])
def test_bad_id_of_an_artifact(number: str) -> None:
    """actions/download-artifact would take the 4711 of 4711x, and of two put each into a folder."""
    with pytest.raises(BadInput, match="pass on the output `artifact-id`"):
        check_caller_inputs(NOTHING | {"data-artifact-id": number})


@pytest.mark.parametrize(
    "address",
    [
        f"https://me:{SECRET}@packages.example/simple",
        f"https://{SECRET}@packages.example/simple",
        f"https://packages.example/simple?token={SECRET}",
        f"https://packages.example/simple#{SECRET}",
    ],
)
def test_bad_index_with_credentials(address: str) -> None:
    """Told without repeating them."""
    with pytest.raises(BadInput, match="holds credentials") as told:
        check_caller_inputs(NOTHING | {"pip-index-url": address})
    assert SECRET not in str(told.value)


@pytest.mark.parametrize(
    "address",
    [
        "packages.example/simple",
        "file:///tmp/simple",
        "git+https://packages.example/simple",
        "https://",
        "https:///simple",
        "https://packages.example/a b",
        "https://packages.example/\nX=1",
        "https://packages.example:x/",
        "https://[::1/",
        f"ftp://me:{SECRET}@packages.example/",
    ],
)
def test_bad_address_of_an_index(address: str) -> None:
    with pytest.raises(BadInput, match="is no address of a package index") as told:
        check_caller_inputs(NOTHING | {"pip-index-url": address})
    assert SECRET not in str(told.value)
