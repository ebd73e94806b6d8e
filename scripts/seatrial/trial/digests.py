"""SHA-256 of a file of the checkout."""

import hashlib
import os
from pathlib import Path

from seatrial.forge.contents import clean_path


def digest_of(root: Path, path: str) -> str:
    """In hex; a link is not followed."""
    descriptor = os.open(root / clean_path(path), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
