"""References of the drift checks that are no profiles: one line, with the file."""

from pathlib import Path

import pytest

from seatrial.errors import BadInput
from seatrial.trial.data.profiling import read_profile


@pytest.mark.parametrize("content", ["", "{}", '{"profile": 2}', "a,b\n1,2\n"])
def test_bad_reference_that_is_no_profile(tmp_path: Path, content: str) -> None:
    (tmp_path / "p.json").write_text(content)
    with pytest.raises(BadInput, match="no profile of version 1") as raised:
        read_profile("p.json", tmp_path)
    assert raised.value.location is not None
    assert raised.value.location.file == "p.json"


def test_bad_reference_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such file"):
        read_profile("p.json", tmp_path)


def test_bad_reference_outside_of_the_checkout(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    (tmp_path / "p.json").write_text("{}")
    with pytest.raises(BadInput, match="out of the repository"):
        read_profile("../p.json", tmp_path / "inside")
