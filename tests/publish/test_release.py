"""A release is drafted, filled, published, and then never changed; the major version's tag follows it."""

import hashlib
from pathlib import Path

import pytest
from release_scene import REPOSITORY, Ship

HOME = f"/repos/{REPOSITORY}"


def test_first_release(ship: Ship) -> None:
    commit = ship.tag()
    done = ship.release()
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout == f"v1.2.3 is published; v1 is at {commit[:12]}\n"
    (release,) = ship.github.releases
    assert (release["tag_name"], release["draft"], release["immutable"]) == ("v1.2.3", False, True)
    (asset,) = release["assets"]
    assert (asset["name"], asset["digest"]) == ("seatrial-1.2.3.tar.gz", f"sha256:{ship.outputs['sha256']}")
    assert release["body"].startswith("### Fixed\n\n- A fault.\n")
    for told in (
        commit,
        ship.outputs["sha256"],
        f"gh attestation verify {asset['name']} --repo {REPOSITORY}",
    ):
        assert told in release["body"]
    assert ship.github.tags["v1"] == commit
    assert ship.github.latest == "true"
    verbs = [line.split()[0] for line in ship.github.writes]
    assert verbs == ["POST", "POST", "PATCH", "POST"], "drafted, filled, published, and only then the tag"
    assert ship.github.writes[-1] == f"POST {HOME}/git/refs"


def test_a_later_release_moves_the_tag(ship: Ship) -> None:
    ship.github.tags |= {"v1": "1" * 40, "v1.2.2": "1" * 40, "v1.10.0-rc1": "2" * 40, "v10.0.0": "3" * 40}
    commit = ship.tag(annotated=True)
    assert ship.github.tags["v1.2.3"] != commit
    done = ship.release()
    assert done.returncode == 0, done.stdout + done.stderr
    assert ship.github.tags["v1"] == commit
    assert ship.github.tags["v10.0.0"] == "3" * 40


def test_a_repair_of_an_older_version_leaves_the_tag_where_it_is(ship: Ship) -> None:
    ship.github.tags |= {"v1": "4" * 40, "v1.10.0": "4" * 40}
    ship.tag()
    done = ship.release()
    assert done.returncode == 0
    assert done.stdout == "v1.2.3 is published; v1 stays at a newer version\n"
    assert ship.github.tags["v1"] == "4" * 40
    assert ship.github.latest == "false"


def test_run_again_after_it_is_done(ship: Ship) -> None:
    ship.tag()
    assert ship.release().returncode == 0
    before = list(ship.github.writes)
    assert ship.release().returncode == 0
    assert ship.github.writes == before


@pytest.mark.parametrize(
    "lost",
    [
        f"POST {HOME}/releases",
        f"POST {HOME}/releases/1/assets",
        f"PATCH {HOME}/releases/1",
        f"POST {HOME}/git/refs",
    ],
)
def test_run_again_after_an_answer_got_lost(ship: Ship, lost: str) -> None:
    """What was done is found, half an upload is replaced, and there is one release in the end."""
    commit = ship.tag()
    ship.github.lose.add(lost)
    broken = ship.release()
    assert broken.returncode == 3 and "run the job again" in broken.stdout, broken.stdout
    assert ship.release().returncode == 0
    (release,) = ship.github.releases
    assert len(release["assets"]) == 1 and release["immutable"]
    assert ship.github.tags["v1"] == commit


def test_an_archive_that_is_not_the_attested_one(ship: Ship) -> None:
    ship.tag()
    done = ship.release(SHA256="0" * 64)
    assert done.returncode == 2 and "is not what was built" in done.stdout
    assert ship.github.asked == []


def test_a_release_with_other_files(ship: Ship) -> None:
    ship.tag()
    ship.github.add("v1.2.3", draft=False, files={"seatrial-1.2.3.tar.gz": b"other"})
    done = ship.release()
    assert done.returncode == 2 and "published with other files" in done.stdout
    assert ship.github.writes == [] and "v1" not in ship.github.tags


def test_a_tag_that_moved_on_the_server(ship: Ship) -> None:
    ship.tag()
    ship.github.tags["v1.2.3"] = "5" * 40
    done = ship.release()
    assert done.returncode == 2 and "names another commit by now" in done.stdout
    assert ship.github.writes == []


def test_a_release_named_as_the_moving_tag(ship: Ship) -> None:
    """It would lock the tag for ever."""
    ship.tag()
    ship.github.add("v1", draft=False)
    done = ship.release()
    assert done.returncode == 2 and "would lock the tag that must move" in done.stdout
    assert ship.github.writes == []


def test_a_repository_without_immutable_releases(ship: Ship) -> None:
    ship.tag()
    ship.github.immutable = False
    done = ship.release()
    assert done.returncode == 3 and "turn on immutable releases" in done.stdout
    assert "v1" not in ship.github.tags


def test_a_token_that_may_not(ship: Ship) -> None:
    ship.tag()
    done = ship.release(GITHUB_TOKEN="ghs_wrong")
    assert done.returncode == 3 and "GitHub answered 401" in done.stdout and "ghs_wrong" not in done.stdout


def test_drafts_beyond_the_first_page_are_found(ship: Ship) -> None:
    ship.tag()
    for number in range(150):
        ship.github.add(f"v0.0.{number}", draft=False)
    ship.github.add("v1.2.3", draft=True, files={"seatrial-1.2.3.tar.gz": b"half"})
    assert ship.release().returncode == 0
    mine = [r for r in ship.github.releases if r["tag_name"] == "v1.2.3"]
    assert len(mine) == 1 and len(mine[0]["assets"]) == 1
    data = Path(ship.outputs["path"]).read_bytes()
    assert mine[0]["assets"][0]["digest"] == f"sha256:{hashlib.sha256(data).hexdigest()}"


def test_the_archive_goes_to_github_only(ship: Ship) -> None:
    ship.tag()
    release = ship.github.add("v1.2.3", draft=True)
    release["upload_url"] = "http://elsewhere.invalid/assets{?name,label}"
    done = ship.release()
    assert done.returncode == 3 and "which is not its own host" in done.stdout
