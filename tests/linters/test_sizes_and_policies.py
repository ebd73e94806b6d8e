"""Large files, and the change's own policy."""

from seatrial.linters.policies import policy
from seatrial.linters.sizes import large

GOOD = b"version: 1\nmodel: {name: m, task: binary}\nlint: []\n"


def test_a_file_over_the_limit() -> None:
    assert list(large("a", 10_000_000, 10_000_000, marked=False)) == []
    (found,) = large("a", 12_345_678, 10_000_000, marked=False)
    assert found.what.startswith("has 12.3 MB, more than 10.0 MB; put it into Git LFS or DVC")


def test_a_file_that_was_meant_for_lfs() -> None:
    (found,) = large("a", 2_000, 900, marked=True)
    assert "has 2.0 KB, more than 900 bytes; it is marked for Git LFS" in found.what


def test_each_fault_of_a_policy_stands_on_its_line() -> None:
    assert list(policy("p.yml", GOOD)) == []
    found = list(policy("p.yml", GOOD + b"lintt: 1\nseed: -1\n"))
    assert [(finding.file, finding.line) for finding in found] == [("p.yml", 4), ("p.yml", 5)]


def test_policies_that_are_no_yaml() -> None:
    for data in (b"", b"\xff\xfe\0", b"[", b"- 1", b"\0" * 99, b"x" * 600_000, b"a: &x *x"):
        assert list(policy("p.yml", data)) != []
