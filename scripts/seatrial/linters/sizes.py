"""Files that make a repository heavy for ever: large, and neither in Git LFS nor kept by DVC."""

from collections.abc import Iterator

from seatrial.linters.findings import Finding


def large(path: str, size: int, limit: int, *, marked: bool) -> Iterator[Finding]:
    """One finding for a file over the limit. marked: .gitattributes puts it under LFS, but git holds it."""
    if size <= limit:
        return
    mend = (
        "it is marked for Git LFS, but was committed without; run git lfs migrate import"
        if marked
        else "put it into Git LFS or DVC, or keep it out of the repository"
    )
    yield Finding(path, None, f"has {_words(size)}, more than {_words(limit)}; {mend}")


def _words(size: int) -> str:
    """12.3 MB; 900 bytes."""
    for power, unit in ((10**9, "GB"), (10**6, "MB"), (10**3, "KB")):
        if size >= power:
            return f"{size / power:,.1f} {unit}"
    return f"{size:,} bytes"
