"""A pull request is judged by the policy that was reviewed, or by none."""

import dataclasses
import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from github_double import World

from seatrial.errors import BadInput, CouldNotDecide
from seatrial.forge.contents import Api, FirstOf, Source
from seatrial.forge.event import Subject
from seatrial.forge.git import Git
from seatrial.forge.github import GitHub
from seatrial.forge.reviewed_policy import choose_policy

REPOSITORY = "octo/flight-delay"
TOKEN = "ghs_" + "SECRETsecret" * 3
STRICT, LENIENT = b"min: 0.9\n", b"min: 0.1\n"


@dataclasses.dataclass
class Place:
    """One checkout and where its base can be read, by git or by the API alike."""

    root: Path
    base: str
    head: str
    source: Source

    def choose(self, **changes: object):
        subject = Subject(
            repository=REPOSITORY, event="pull_request", head=self.head, run_id=1, attempt=1, workflow="ci",
            job="trial", server_url="https://github.com", api_url="https://api.github.com", pull_request=7,
            base=self.base,
        )  # fmt: skip
        return choose_policy(dataclasses.replace(subject, **changes), "seatrial.yml", self.root, self.source)


Make = Callable[..., Place]


@pytest.fixture(params=["git", "api"])
def place(request, git, tmp_path: Path, world: World, client: GitHub) -> Make:
    """Makes a base and a pull request of files, readable only by the one or the other way."""

    def make(base: dict[str, bytes], head: dict[str, bytes]) -> Place:
        root = tmp_path / "work"

        def commit(files: dict[str, bytes]) -> str:
            for old in root.glob("*.yml"):
                old.unlink()
            for name, data in files.items():
                (root / name).write_bytes(data)
            git("add", "-A")
            git("commit", "-q", "--allow-empty", "-m", "x")
            return git("rev-parse", "HEAD")

        base_id, head_id = commit({"other.txt": b"", **base}), commit({"other.txt": b"", **head})
        if request.param == "git":
            return Place(root, base_id, head_id, FirstOf([Git(root)]))
        world.add_commit(REPOSITORY, base_id, {"other.txt": b"", **base})
        changed = [name for name in base.keys() | head.keys() if base.get(name) != head.get(name)]
        world.repository(REPOSITORY).pulls[7].files = [{"filename": name} for name in changed]
        bare = tmp_path / "bare"
        root.rename(bare)
        root.mkdir()
        for name, data in head.items():
            (root / name).write_bytes(data)
        return Place(root, base_id, head_id, FirstOf([Git(root), Api(client, REPOSITORY, 7)]))

    return make


def test_an_untouched_policy(place: Make) -> None:
    at = place({"seatrial.yml": STRICT}, {"seatrial.yml": STRICT})
    choice = at.choose()
    assert (choice.text, choice.ref, choice.sha256) == (STRICT, at.base, hashlib.sha256(STRICT).hexdigest())
    assert (choice.changed, choice.reviewed, choice.own_text, choice.note) == (False, True, None, None)


def test_a_pull_request_cannot_soften_its_own_policy(place: Make) -> None:
    at = place({"seatrial.yml": STRICT}, {"seatrial.yml": LENIENT})
    choice = at.choose()
    assert (choice.text, choice.ref, choice.changed) == (STRICT, at.base, True)
    assert choice.own_text == LENIENT
    assert choice.note is not None
    assert "edits `seatrial.yml`" in choice.note


def test_a_pull_request_cannot_remove_the_policy(place: Make) -> None:
    choice = place({"seatrial.yml": STRICT}, {}).choose()
    assert (choice.text, choice.changed, choice.own_text) == (STRICT, True, None)
    assert choice.note is not None
    assert "removes" in choice.note


def test_the_first_policy_applies_and_is_called_unreviewed(place: Make) -> None:
    at = place({}, {"seatrial.yml": LENIENT})
    choice = at.choose()
    assert (choice.text, choice.ref, choice.reviewed) == (LENIENT, at.head, False)
    assert choice.note is not None
    assert "unreviewed" in choice.note


def test_no_policy_anywhere(place: Make) -> None:
    with pytest.raises(BadInput, match=r"no policy file `seatrial\.yml`"):
        place({}, {}).choose()


@pytest.mark.parametrize("event", ["push", "workflow_dispatch", "schedule"])
def test_other_events_take_the_checkouts(place: Make, event: str) -> None:
    at = place({"seatrial.yml": STRICT}, {"seatrial.yml": LENIENT})
    choice = at.choose(event=event, pull_request=None)
    assert (choice.text, choice.ref, choice.changed) == (LENIENT, at.head, False)


def test_a_checkout_that_differs_although_the_pull_request_leaves_the_policy_alone(
    tmp_path: Path, world: World, client: GitHub
) -> None:
    """The base branch may move on between the event and the merge commit."""
    world.add_commit(REPOSITORY, "b" * 40, {"seatrial.yml": STRICT})
    world.repository(REPOSITORY).pulls[7].files = [{"filename": "train.py"}]
    (tmp_path / "seatrial.yml").write_bytes(LENIENT)
    choice = Place(tmp_path, "b" * 40, "a" * 40, Api(client, REPOSITORY, 7)).choose()
    assert (choice.text, choice.changed, choice.own_text) == (STRICT, False, None)
    assert choice.note is not None


def unreadable(kind: str, tmp_path: Path, world: World, client: GitHub) -> Source:
    api = Api(client, REPOSITORY, 7)
    if kind == "neither token nor history":
        return FirstOf([])
    if kind == "history that does not reach":
        return FirstOf([Git(tmp_path)])
    if kind == "a token without contents":
        world.add_commit(REPOSITORY, "b" * 40, {"seatrial.yml": STRICT})
        world.accounts[TOKEN].reads = False
    if kind == "a token that is not accepted":
        del world.accounts[TOKEN]
    return FirstOf([Git(tmp_path), api])


@pytest.mark.parametrize(
    "kind",
    [
        "neither token nor history",
        "history that does not reach",
        "a token without contents",
        "a token that is not accepted",
        "a commit that GitHub does not show",
    ],
)
def test_a_base_that_cannot_be_read_is_never_taken_for_one_without_a_policy(
    tmp_path: Path, world: World, client: GitHub, kind: str
) -> None:
    (tmp_path / "seatrial.yml").write_bytes(LENIENT)
    source = unreadable(kind, tmp_path, world, client)
    with pytest.raises(CouldNotDecide) as caught:
        Place(tmp_path, "b" * 40, "a" * 40, source).choose()
    assert caught.value.exit_code == 3
    assert "contents: read" in str(caught.value)
    assert "fetch-depth: 0" in str(caught.value)
    assert TOKEN not in str(caught.value)
