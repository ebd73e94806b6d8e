"""A release on GitHub: drafted with its archive, published, and then never changed.

Standard library only: the job that holds the token which writes installs nothing. Every step looks
first at what is there, so a run that broke off can be run again.
"""

import hashlib
import json
import re
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from publish_source import TAG, Tagged
from seatrial.errors import BadInput, CouldNotDecide
from seatrial.text import shown

SECONDS = 60
PAGES = 20
ANSWER = 32 * 1024 * 1024


class Releases:
    """The releases and tags of one repository."""

    def __init__(self, api: str, repository: str, token: str) -> None:
        self._api, self._token = api.rstrip("/"), token
        self.repository, self._home = repository, f"/repos/{quote(repository)}"

    def _call(self, method: str, url: str, content: bytes | None = None, kind: str = "json") -> Any:
        headers = {
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {self._token}",
            "Content-Type": f"application/{kind}",
            "User-Agent": "seatrial-publish",
            "X-GitHub-Api-Version": "2022-11-28",
        }
        request = urllib.request.Request(url, content, headers, method=method)
        doing = f"{method} {urlsplit(url).path}"
        try:
            with _opener().open(request, timeout=SECONDS) as answer:
                body = answer.read(ANSWER)
                return json.loads(body) if body else None
        except urllib.error.HTTPError as error:
            raise CouldNotDecide(f"GitHub answered {error.code} to {doing}: {_told(error)}") from None
        except (OSError, ValueError) as error:
            raise CouldNotDecide(
                f"{doing} was not answered ({type(error).__name__}); run the job again"
            ) from None

    def ask(self, method: str, path: str, value: object = None) -> Any:
        content = None if value is None else json.dumps(value).encode()
        return self._call(method, self._api + self._home + path, content)

    def all(self) -> list[dict[str, Any]]:
        """Every release, drafts too: a draft is not found by its tag."""
        found: list[dict[str, Any]] = []
        for page in range(1, PAGES + 1):
            some = self.ask("GET", f"/releases?per_page=100&page={page}")
            found += some
            if len(some) < 100:
                return found
        raise CouldNotDecide(f"there are more than {100 * PAGES} releases")

    def upload(self, release: dict[str, Any], path: Path) -> dict[str, Any]:
        """Add an archive to a draft. The token goes to GitHub's own host for uploads, nowhere else."""
        address = release["upload_url"].partition("{")[0]
        given, api = urlsplit(address), urlsplit(self._api)
        hosts = {api.netloc, "uploads.github.com"} if api.netloc == "api.github.com" else {api.netloc}
        if given.netloc not in hosts or given.scheme != api.scheme:
            raise CouldNotDecide(f"GitHub wants the archive at {shown(address)}, which is not its own host")
        asset = self._call("POST", f"{address}?name={quote(path.name)}", path.read_bytes(), "gzip")
        return dict(asset)

    def tags(self, prefix: str) -> dict[str, str]:
        """Tags that begin like this, and the commit or tag object that each names."""
        found = self.ask("GET", f"/git/matching-refs/tags/{prefix}")
        return {ref["ref"].removeprefix("refs/tags/"): ref["object"]["sha"] for ref in found}

    def commit_of(self, tag: str) -> str:
        target = self.ask("GET", f"/git/ref/tags/{tag}")["object"]
        if target["type"] == "tag":  # an annotated one
            target = self.ask("GET", f"/git/tags/{target['sha']}")["object"]
        return str(target["sha"])


class _StaysHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """No redirect is followed: the token would go with it."""


def _opener() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(_StaysHere())


def _told(error: urllib.error.HTTPError) -> str:
    try:
        return shown(str(json.loads(error.read(100_000))["message"]), 200)
    except (OSError, ValueError, KeyError, TypeError):
        return "no reason was given"


def publish(github: Releases, tagged: Tagged, path: Path, sha256: str) -> str:
    """Make the release and move the major's tag; what was done, in one line."""
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != sha256:
        raise BadInput(f"{path.name} is not what was built: SHA-256 {found}, expected {sha256}")
    major = f"v{tagged.version.partition('.')[0]}"
    existing = github.all()
    if any(release["tag_name"] == major for release in existing):
        raise BadInput(f"there is a release named {major}; it would lock the tag that must move. Delete it")
    if github.commit_of(tagged.tag) != tagged.commit:
        raise BadInput(f"the tag {tagged.tag} names another commit by now; tags of releases do not move")
    newest = _is_newest(tagged.tag, github.tags(major + "."))
    release = _published(github, tagged, path, sha256, existing, newest=newest)
    if not release.get("immutable"):
        raise CouldNotDecide(
            f"{tagged.tag} was published, but GitHub does not call it immutable: turn on immutable releases "
            f"in the repository's settings, delete this release, and run the job again. {major} was not moved"
        )
    if not newest:
        return f"{tagged.tag} is published; {major} stays at a newer version"
    _move(github, major, tagged.commit)
    return f"{tagged.tag} is published; {major} is at {tagged.commit[:12]}"


def _is_newest(tag: str, tags: dict[str, str]) -> bool:
    def order(name: str) -> tuple[int, ...]:
        return tuple(int(part) for part in re.findall(r"\d+", name))

    return all(order(other) <= order(tag) for other in tags if TAG.fullmatch(other))


def _published(
    github: Releases,
    tagged: Tagged,
    path: Path,
    sha256: str,
    existing: list[dict[str, Any]],
    *,
    newest: bool,
) -> dict[str, Any]:
    mine = [release for release in existing if release["tag_name"] == tagged.tag]
    if len(mine) > 1:
        raise BadInput(f"there are {len(mine)} releases and drafts for {tagged.tag}; delete the drafts")
    release = (
        mine[0] if mine else github.ask("POST", "/releases", _draft(github.repository, tagged, sha256, path))
    )
    digest = f"sha256:{sha256}"
    kept = [asset for asset in release["assets"] if asset["name"] == path.name]
    if not release["draft"]:
        if [asset.get("digest") for asset in release["assets"]] != [digest]:
            raise BadInput(f"{tagged.tag} is published with other files; a release does not change")
        return dict(release)
    for asset in kept:  # of a run that broke off
        github.ask("DELETE", f"/releases/assets/{asset['id']}")
    asset = github.upload(release, path)
    if asset.get("digest") != digest:
        raise CouldNotDecide(
            f"GitHub holds {path.name} with digest {shown(str(asset.get('digest')))}, not {digest}"
        )
    latest = "true" if newest else "false"
    return dict(github.ask("PATCH", f"/releases/{release['id']}", {"draft": False, "make_latest": latest}))


def _draft(repository: str, tagged: Tagged, sha256: str, path: Path) -> dict[str, Any]:
    verify = f"gh attestation verify {path.name} --repo {repository}"
    return {
        "tag_name": tagged.tag,
        "name": tagged.tag,
        "body": (
            f"{tagged.notes}\n\n"
            f"Pin by commit: `{tagged.commit}`. Source: `{path.name}`, SHA-256 `{sha256}`; "
            f"where it was built: `{verify}`."
        ),
        "draft": True,
    }


def _move(github: Releases, major: str, commit: str) -> None:
    """Point the plain tag of the major version at the commit."""
    there = github.tags(major).get(major)
    if there is None:
        github.ask("POST", "/git/refs", {"ref": f"refs/tags/{major}", "sha": commit})
    elif there != commit:
        github.ask("PATCH", f"/git/refs/tags/{major}", {"sha": commit, "force": True})
