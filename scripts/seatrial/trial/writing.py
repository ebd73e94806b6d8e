"""Files that are whole or not there at all, whatever ends us."""

import os
import tempfile
from pathlib import Path


def put(path: Path, content: bytes) -> Path:
    """Write aside, to the disk, and rename; never through a link that lies in the way."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return path
