"""Publish a release of Seatrial. Run by .github/workflows/publish.yml, on a tag, one step per job.

Usage: python -E -s scripts/publish.py check|archive|release

check    the tag is the version of the package, is merged, and CHANGELOG.md tells about it
archive  write the source archive and its SHA-256
release  make the immutable release, then move the major version's tag
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import publish_release
import publish_source
from seatrial.errors import BadInput, CouldNotDecide

ROOT = Path(__file__).resolve().parent.parent


def tag_of(environ: Mapping[str, str]) -> str:
    if environ.get("GITHUB_REF_TYPE") != "tag":
        raise BadInput(
            f"this run is on {environ.get('GITHUB_REF', 'nothing')}; publish on a tag: push it, or "
            "`gh workflow run publish.yml --ref v1.2.3`"
        )
    return environ["GITHUB_REF_NAME"]


def tell(environ: Mapping[str, str], **outputs: str) -> None:
    """Outputs of the step: versions, names of files and digests, which need no delimiter."""
    with Path(environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as file:
        file.writelines(f"{name}={value}\n" for name, value in outputs.items())


def run(verb: str, environ: Mapping[str, str], root: Path) -> str:
    tagged = publish_source.read(root, tag_of(environ))
    if environ["GITHUB_SHA"] != tagged.commit:
        raise BadInput(
            f"{tagged.tag} names {tagged.commit[:12]}, and this run is for {environ['GITHUB_SHA'][:12]}"
        )
    if verb == "check":
        return f"{tagged.tag} at {tagged.commit}:\n\n{tagged.notes}"
    if verb == "archive":
        path, sha256 = publish_source.archive(root, tagged, Path(environ["RUNNER_TEMP"]) / "release")
        tell(environ, name=path.name, path=str(path), sha256=sha256)
        return f"{sha256}  {path.name}"
    if verb == "release":
        github = publish_release.Releases(
            environ["GITHUB_API_URL"], environ["GITHUB_REPOSITORY"], environ["GITHUB_TOKEN"]
        )
        path = Path(environ["RUNNER_TEMP"]) / "release" / f"seatrial-{tagged.version}.tar.gz"
        return publish_release.publish(github, tagged, path, environ["SHA256"])
    raise BadInput("usage: publish.py check|archive|release")


def main(arguments: list[str], environ: Mapping[str, str], root: Path = ROOT) -> int:
    try:
        print(run(arguments[0] if arguments else "", environ, root))
    except (BadInput, CouldNotDecide) as error:
        print(f"::error title=Not published::{str(error).replace('%', '%25')}")
        return 2 if isinstance(error, BadInput) else 3
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], dict(os.environ)))
