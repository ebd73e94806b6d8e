"""Files at commits through GitHub's API, and which source is asked."""

from pathlib import Path

import pytest
from github_double import Double, File, World

from seatrial.errors import BadInput, CouldNotDecide
from seatrial.forge.answers import ChangedFiles, Entry
from seatrial.forge.contents import Api, FirstOf, read_checkout
from seatrial.forge.errors import NotFound, ReadOnlyToken, Unavailable
from seatrial.forge.git import Git
from seatrial.forge.github import GitHub

REPOSITORY = "octo/flight-delay"
NUMBER = 7
HEAD, BASE = "a" * 40, "b" * 40
TOKEN = "ghs_" + "SECRETsecret" * 3
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 12345\n"


@pytest.fixture
def api(client: GitHub) -> Api:
    return Api(client, REPOSITORY, NUMBER)


def test_a_file_at_a_commit(api: Api, world: World) -> None:
    world.add_commit(REPOSITORY, BASE, {"seatrial.yml": b"\x00old\xff", "a/b c/é.csv": b"deep"})
    world.add_commit(REPOSITORY, HEAD, {"seatrial.yml": b"new"})
    assert api.read_at(BASE, "seatrial.yml") == b"\x00old\xff"
    assert api.read_at(HEAD, "./seatrial.yml") == b"new"
    assert api.read_at(BASE, "a/b c/é.csv") == b"deep"


@pytest.mark.parametrize("path", ["none.yml", "a/none.yml", "none/b.yml", "a"])
def test_no_such_file_at_the_commit(api: Api, world: World, path: str) -> None:
    world.add_commit(REPOSITORY, BASE, {"seatrial.yml": b"old", "a/b.yml": b"x"})
    assert api.read_at(BASE, path) is None


@pytest.mark.parametrize("path", ["seatrial.yml", "ml/seatrial.yml"])
def test_a_repository_that_the_token_cannot_see_is_not_one_without_the_file(
    api: Api, world: World, path: str
) -> None:
    """GitHub answers 404 to both; taking one for the other would let a pull request bring its own policy."""
    with pytest.raises(NotFound):
        api.read_at(BASE, path)


def test_a_token_without_contents_names_what_it_needs(api: Api, world: World) -> None:
    world.add_commit(REPOSITORY, BASE, {"seatrial.yml": b"old"})
    world.accounts[TOKEN].reads = False
    with pytest.raises(ReadOnlyToken, match="contents: read"):
        api.read_at(BASE, "seatrial.yml")


def test_a_symlink_at_the_base_is_refused_although_github_would_follow_it(api: Api, world: World) -> None:
    world.add_commit(REPOSITORY, BASE, {"real.yml": b"x", "seatrial.yml": File(b"real.yml", "symlink")})
    with pytest.raises(BadInput, match="is a symlink: expected a plain file"):
        api.read_at(BASE, "seatrial.yml")


def test_a_submodule_is_refused(api: Api, world: World) -> None:
    world.add_commit(REPOSITORY, BASE, {"a": b"", "module": File(b"c" * 40, "submodule")})
    with pytest.raises(BadInput, match="is a submodule"):
        api.read_at(BASE, "module")


def test_an_lfs_pointer_is_refused(api: Api, world: World) -> None:
    world.add_commit(REPOSITORY, BASE, {"model.onnx": POINTER})
    with pytest.raises(BadInput, match=r"Git LFS pointer.*`lfs: true`"):
        api.read_at(BASE, "model.onnx")


def test_a_file_beyond_the_cap_is_refused_before_it_is_sent(api: Api, world: World, double: Double) -> None:
    world.add_commit(REPOSITORY, BASE, {"big": b"x" * 1001})
    with pytest.raises(BadInput, match="1,001 bytes; expected at most 1,000"):
        api.read_at(BASE, "big", limit=1000)
    assert double.asked(path="contents/big") == []


def test_bytes_that_are_not_those_listed_are_not_believed() -> None:
    class Lying:
        def directory(self, repository: str, path: str, commit: str) -> list[Entry]:
            return [Entry("seatrial.yml", "file", 6, "d" * 40)]

        def file(self, repository: str, path: str, commit: str, limit: int) -> bytes:
            return b"forged"

        def pull_request_files(self, repository: str, number: int) -> ChangedFiles:
            return ChangedFiles(frozenset())

    with pytest.raises(Unavailable, match="other bytes"):
        Api(Lying(), REPOSITORY).read_at(BASE, "seatrial.yml")


def test_a_folder_with_more_files_than_github_lists(api: Api, world: World) -> None:
    files: dict[str, bytes | File] = {f"a{n:04}": b"" for n in range(1_000)}
    world.add_commit(REPOSITORY, BASE, {**files, "seatrial.yml": b"policy", "zeta": POINTER})
    assert api.read_at(BASE, "seatrial.yml") == b"policy"
    assert api.read_at(BASE, "not-there.yml") is None
    with pytest.raises(BadInput, match="Git LFS"):
        api.read_at(BASE, "zeta")


def test_changed_files_come_from_the_pull_request(api: Api, world: World) -> None:
    world.repository(REPOSITORY).pulls[NUMBER].files = [{"filename": "data/test.parquet"}]
    changed = api.changed_files(BASE, HEAD)
    assert changed is not None
    assert changed.paths == {"data/test.parquet"}


def test_without_a_pull_request_the_api_cannot_tell_what_changed(client: GitHub) -> None:
    assert Api(client, REPOSITORY).changed_files(BASE, HEAD) is None


def test_history_is_asked_before_the_api(api: Api, git, tmp_path: Path, double: Double) -> None:
    (tmp_path / "work/seatrial.yml").write_bytes(b"from git")
    git("add", "-A")
    git("commit", "-q", "-m", "x")
    base = git("rev-parse", "HEAD")
    assert FirstOf([Git(tmp_path / "work"), api]).read_at(base, "seatrial.yml") == b"from git"
    assert double.asked() == []


def test_the_api_is_asked_where_history_does_not_reach(api: Api, git, tmp_path: Path, world: World) -> None:
    world.add_commit(REPOSITORY, BASE, {"seatrial.yml": b"from the API"})
    world.repository(REPOSITORY).pulls[NUMBER].files = [{"filename": "x"}]
    sources = FirstOf([Git(tmp_path / "work"), api])
    assert sources.read_at(BASE, "seatrial.yml") == b"from the API"
    assert sources.changed_files(BASE, HEAD) == ChangedFiles(frozenset({"x"}))


def test_where_nobody_can_tell_every_reason_and_both_ways_out_are_named(
    api: Api, git, tmp_path: Path, world: World
) -> None:
    world.accounts[TOKEN].reads = False
    with pytest.raises(CouldNotDecide) as caught:
        FirstOf([Git(tmp_path / "work"), api]).read_at(BASE, "seatrial.yml")
    told = str(caught.value)
    for part in ("history", "403", "contents: read", "fetch-depth: 0", BASE[:12]):
        assert part in told
    assert "\n" not in told


def test_a_wrong_file_in_history_is_not_looked_for_elsewhere(
    api: Api, git, tmp_path: Path, world: World
) -> None:
    (tmp_path / "work/seatrial.yml").symlink_to("other.yml")
    git("add", "-A")
    git("commit", "-q", "-m", "x")
    base = git("rev-parse", "HEAD")
    world.add_commit(REPOSITORY, base, {"seatrial.yml": b"from the API"})
    with pytest.raises(BadInput, match="symlink"):
        FirstOf([Git(tmp_path / "work"), api]).read_at(base, "seatrial.yml")


def test_a_file_of_the_checkout(tmp_path: Path) -> None:
    (tmp_path / "seatrial.yml").write_bytes(b"own")
    assert read_checkout(tmp_path, "./seatrial.yml") == b"own"
    assert read_checkout(tmp_path, "none.yml") is None


@pytest.mark.parametrize(
    "kind", ["link out", "link inside", "dangling", "folder link", "folder", "fifo", "big", "lfs"]
)
def test_what_is_not_a_plain_file_of_the_checkout_is_refused(tmp_path: Path, kind: str) -> None:
    import os

    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "secret").write_bytes(b"secret")
    (root / "other").write_bytes(b"other")
    (root / "folder").mkdir()
    (root / "folder/p").write_bytes(b"x")
    place, path = root / "p", "p"
    match kind:
        case "link out":
            place.symlink_to(tmp_path / "secret")
        case "link inside":
            place.symlink_to("other")
        case "dangling":
            place.symlink_to("nothing")
        case "folder link":
            (root / "linked").symlink_to("folder")
            path = "linked/p"
        case "folder":
            path = "folder"
        case "fifo":
            os.mkfifo(place)
        case "big":
            place.write_bytes(b"x" * 101)
        case "lfs":
            place.write_bytes(POINTER)
    with pytest.raises(BadInput):
        read_checkout(root, path, limit=200 if kind == "lfs" else 100)
