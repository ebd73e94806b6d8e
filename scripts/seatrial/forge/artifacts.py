"""The zip of an artifact: no more of it than expected, and the bytes that GitHub says it has."""

import hashlib
from typing import Protocol

from seatrial.errors import BadInput, Location
from seatrial.forge.errors import TooLarge, Unavailable
from seatrial.forge.runs import Artifact
from seatrial.text import shown


class DownloadClient(Protocol):
    """What this module needs of GitHub."""

    def download(self, repository: str, artifact: int, limit: int) -> bytes: ...


def fetch(client: DownloadClient, repository: str, artifact: Artifact, limit: int) -> bytes:
    """The bytes of the zip. BadInput where there are too many, before they are fetched if that is told."""
    place = Location(shown(artifact.name))
    if artifact.expired:
        raise BadInput("has expired; run the workflow again", location=place)
    if artifact.size > limit:
        raise BadInput(f"has {artifact.size:,} bytes; expected at most {limit:,}", location=place)
    try:
        data = client.download(repository, artifact.id, limit)
    except TooLarge:
        raise BadInput(
            f"has more than the {artifact.size:,} bytes that are told of it; expected at most {limit:,}",
            location=place,
        ) from None
    if artifact.digest is not None and hashlib.sha256(data).hexdigest() != artifact.digest:
        raise Unavailable(
            f"the artifact {shown(artifact.name)} does not have the digest that GitHub lists; "
            "run the job again"
        )
    return data
