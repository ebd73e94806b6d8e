"""Requirements files of pip: what of them another day's install would resolve differently.

A reader of its own, of pip's format as its documentation gives it: what it cannot read is a finding.
"""

import re
from collections.abc import Iterator

from seatrial.linters.findings import Finding
from seatrial.linters.secrets import redacted

LARGEST = 8 * 1024 * 1024
MOST = 1000  # of one file, which may have millions of lines
_FILE = re.compile(
    r"(?:(?:[^/]{0,200}[-_.])?requirements[^/]{0,200}|requirements/[^/]{1,200})\.txt\Z", re.IGNORECASE
)
_COMMENT = re.compile(r"(?:^|(?<=\s))#.*\Z")
_HASH = re.compile(r"(?:^|(?<=\s))--hash[=\s]\s?(?:sha256|sha384|sha512):[0-9a-fA-F]{64,128}(?=\s|\Z)")
_REQUIREMENT = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9._-]{0,200}\s{0,9}(?:\[[A-Za-z0-9._,\s-]{0,400}\])?\s{0,9}(?P<rest>.*)\Z",
    re.DOTALL,
)
_EXACT = re.compile(r"(?:==\s{0,9}[A-Za-z0-9][A-Za-z0-9.!+_-]{0,100}|===\s{0,9}\S{1,100})\Z")
_VERSION = re.compile(r"(?:===?|!=|~=|<=?|>=?)\s{0,9}[A-Za-z0-9*][A-Za-z0-9.!+*_-]{0,100}\Z")
_ADDRESS = re.compile(r"(?:(?:git|hg|svn|bzr)\+)?[a-z][a-z0-9+.-]{1,20}://", re.IGNORECASE)
_LOCAL = re.compile(
    r"(?:\.{0,2}/|\.{1,2}\Z|\.\[|file:|[^\s:@]{1,300}(?:\.whl|\.tar\.gz|\.zip)\Z)", re.IGNORECASE
)
_DIGEST = re.compile(r"(?:sha256|sha384|sha512)=[0-9a-fA-F]{64,128}\b")
_COMMIT = re.compile(r"@[0-9a-fA-F]{40}(?:#|\Z)")
_INCLUDE = re.compile(r"(?:-r|--requirement)[=\s]?\s{0,9}(\S{1,400})")
_EDITABLE = re.compile(r"(?:-e|--editable)[=\s]\s{0,9}(.{1,2000})\Z", re.DOTALL)
_MEND = "write the exact version (==1.2.3), or compile a lock with hashes"


def is_requirements(path: str) -> bool:
    """requirements*.txt, and *.txt below a folder requirements."""
    folder, _, name = path.rpartition("/")
    return _FILE.match(name) is not None or _FILE.match(f"{folder.rpartition('/')[2]}/{name}") is not None


def unpinned_requirements(path: str, data: bytes) -> Iterator[Finding]:
    """A finding for each requirement that is not pinned, and for each line that cannot be read."""
    if len(data) > LARGEST:
        yield Finding(
            path, None, f"has more than {LARGEST:,} bytes, so its lines cannot be told; make it smaller"
        )
        return
    text = data.decode("utf-8-sig", "replace")
    faults = ((number, fault) for number, line in _logical(text) if (fault := _fault(line)) is not None)
    for count, (number, fault) in enumerate(faults, 1):
        if count > MOST:
            yield Finding(path, None, f"holds more than {MOST:,} that are not pinned; {_MEND}")
            return
        yield Finding(path, number, fault)


def _logical(text: str) -> Iterator[tuple[int, str]]:
    """Lines without comments, continued ones joined, with the number of their first."""
    parts: list[str] = []
    first = 1
    for number, ended in enumerate(text.split("\n"), 1):
        if not parts:
            first = number
        line = ended.rstrip("\r")
        if line.endswith("\\") and not line.lstrip().startswith("#"):
            parts.append(line[:-1])
            continue
        whole, parts = " ".join([*parts, line]), []
        whole = _COMMENT.sub("", whole).strip()
        if whole:
            yield first, whole
    if parts and (rest := " ".join(parts).strip()):
        yield first, rest


def _fault(line: str) -> str | None:
    """What is wrong with one line; None where nothing is."""
    include = _INCLUDE.match(line)
    if include is not None:
        if include[1].lower().endswith(".in"):
            return f"includes {redacted(include[1], 80)}, which is no lock; include what was compiled from it"
        return None
    editable = _EDITABLE.match(line)
    if editable is not None:
        return _of_address(editable[1].strip(), hashed=False)
    if line.startswith("-"):
        return None
    hashed = _HASH.search(line) is not None
    wanted = re.split(r"\s--[a-z]", line, maxsplit=1)[0].strip()
    if _ADDRESS.match(wanted) or _LOCAL.match(wanted):
        return _of_address(wanted, hashed=hashed)
    found = _REQUIREMENT.match(wanted)
    if found is None:
        return f"{redacted(wanted, 80)} is no requirement that can be read; {_MEND}"
    rest = found["rest"]
    if rest.startswith("@"):
        return _of_address(rest[1:].strip(), hashed=hashed)
    if hashed:
        return None
    return _of_versions(rest, wanted)


def _of_versions(rest: str, wanted: str) -> str | None:
    versions = rest.partition(";")[0].strip().removeprefix("(").removesuffix(")")
    parts = [part.strip() for part in versions.split(",")] if versions else []
    if any(not _VERSION.match(part) and not _EXACT.match(part) for part in parts):
        return f"{redacted(wanted, 80)} is no requirement that can be read; {_MEND}"
    if any(_EXACT.match(part) for part in parts):
        return None
    return f"{redacted(wanted, 80)} is not pinned; {_MEND}"


def _of_address(address: str, *, hashed: bool) -> str | None:
    """A URL, or a path: what lies in the repository is pinned by its commit."""
    address = address.partition(" ;")[0].strip()
    fragment = address.partition("#")[2]
    if hashed or _LOCAL.match(address) or any(map(_DIGEST.match, fragment.split("&"))):
        return None
    if not _ADDRESS.match(address):
        return (
            None
            if "://" not in address
            else f"{redacted(address.partition('://')[0], 80)} is no address that can be read"
        )
    scheme = address.partition("://")[0].lower()
    if "+" in scheme:
        if _COMMIT.search(address):
            return None
        kind = scheme.partition("+")[0]
        return f"a requirement from {kind} is not pinned; end its address with @ and the full commit id"
    return "a requirement from an address is not pinned; end it with #sha256= and the digest of the file"
