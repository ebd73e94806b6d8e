"""Requirements files of pip: what of them another day's install would resolve differently.

A reader of its own, of pip's format as its documentation gives it: what it cannot read is a fault.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from seatrial.linters.secrets import redacted
from seatrial.linters.weights import weight

LARGEST = 8 * 1024 * 1024
HEAVIEST = 2 * LARGEST
_FILE = re.compile(
    r"(?:(?:[^/]{0,200}[-_.])?requirements[^/]{0,200}|requirements/[^/]{1,200})\.txt\Z", re.IGNORECASE
)
_COMMENT = re.compile(r"(?:^|(?<=\s))#.*\Z")
_HASH = re.compile(r"(?:^|(?<=\s))--hash[=\s]\s?(?:sha256|sha384|sha512):[0-9a-fA-F]{64,128}(?=\s|\Z)")
_REQUIREMENT = re.compile(
    r"(?P<name>[A-Za-z0-9][A-Za-z0-9._-]{0,200})\s{0,9}(?:\[[A-Za-z0-9._,\s-]{0,400}\])?\s{0,9}(?P<rest>.*)\Z",
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
_CONSTRAINTS = re.compile(r"(?:[^/]{0,200}[-_.])?constraints?(?:[-_.][^/]{0,200})?\.txt\Z", re.IGNORECASE)
_OTHER_FILE = re.compile(r"(?P<option>-r|--requirement|-c|--constraint)[=\s]?\s{0,9}(?P<file>\S.{0,399})")
_EDITABLE = re.compile(r"(?:-e|--editable[=\s])[=\s]?\s{0,9}(.{1,2000})\Z", re.DOTALL)
_SHORT = ("-r", "-c", "-e")
_INSTALLING = ("--requirement", "--constraint", "--editable")
_FEWEST = 4  # characters of a long option's beginning that pip takes for it
_OPTION = re.compile(r"\s--[a-z]")
_RUNS = re.compile(r"[-_.]+")
_KEPT = 2000  # characters of a line
_MEND = "write the exact version (==1.2.3), or compile a lock with hashes"


@dataclass(frozen=True)
class Fault:
    """One requirement that is not pinned, or a line that cannot be read.

    written: as it stands there, for `what` to begin with. package: its name, if a constraint could pin it.
    """

    line: int | None
    what: str
    written: str = ""
    package: str | None = None

    @property
    def told(self) -> str:
        return f"{redacted(self.written, 80)} {self.what}" if self.written else self.what


@dataclass(frozen=True)
class OtherFile:
    """Another file that a line names, as it names it."""

    line: int
    name: str


@dataclass(frozen=True)
class Requirements:
    """What a file says. pins: of each package whether all requirements of it here are exact."""

    faults: list[Fault] = field(default_factory=list)
    pins: dict[str, bool] = field(default_factory=dict)
    included: list[OtherFile] = field(default_factory=list)
    constraints: list[OtherFile] = field(default_factory=list)


def is_requirements(path: str) -> bool:
    """requirements*.txt, and *.txt below a folder requirements; but no constraints, which install nothing."""
    folder, _, name = path.rpartition("/")
    if is_constraints(path):
        return False
    return _FILE.match(name) is not None or _FILE.match(f"{folder.rpartition('/')[2]}/{name}") is not None


def is_constraints(path: str) -> bool:
    """constraints*.txt, also with a word before it."""
    return _CONSTRAINTS.match(path.rpartition("/")[2]) is not None


def heft(data: bytes) -> int:
    """What it costs to read this file."""
    return weight(data, b"\n", 32)


def requirements_in(data: bytes) -> Requirements:
    """The file, read whole."""
    found = Requirements()
    if len(data) > LARGEST or heft(data) > HEAVIEST:
        what = f"more than {LARGEST:,} bytes" if len(data) > LARGEST else "too many lines"
        found.faults.append(Fault(None, f"has {what}, so its lines cannot be told; make it smaller"))
        return found
    text = data.decode("utf-8-sig", "replace")
    found.faults.extend(_broken(text))
    for number, line in _logical(text):
        other = _OTHER_FILE.match(line)
        if other is not None:
            named = OtherFile(number, _unquoted(other["file"]))
            (found.constraints if "c" in other["option"][:3] else found.included).append(named)
            continue
        package, fault = _read(line)
        if package is not None:
            found.pins[package] = fault is None and found.pins.get(package, True)
        if fault is not None:
            what, written = fault
            found.faults.append(Fault(number, what, written[:_KEPT], package))
    return found


def requirement(line: str) -> Fault | None:
    """What is wrong with a single requirement."""
    package, fault = _read(line.strip())
    return None if fault is None else Fault(None, fault[0], fault[1][:_KEPT], package)


def _unquoted(name: str) -> str:
    name = name.strip()
    return name[1:-1] if len(name) > 1 and name[0] == name[-1] and name[0] in "'\"" else name


def _broken(text: str) -> Iterator[Fault]:
    """Lines in which pip sees several, such as one that goes on behind a comment."""
    for number, line in enumerate(text.split("\n"), 1):
        if len(line.splitlines()) > 1:
            yield Fault(
                number, "this is one line for editors and several for pip; end lines with a line feed"
            )


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


_What = tuple[str, str]  # what is wrong, and as it is written
_UNPINNED = f"is not pinned; {_MEND}"
_NOT_ALONE = (
    "a file or a package is named beside another option, or in short; write it in full, on a line of its own"
)
_UNREADABLE = f"is no requirement that can be read; {_MEND}"


def _read(line: str) -> tuple[str | None, _What | None]:
    """The package that one line asks for, where it has a name, and what is wrong with it."""
    editable = _EDITABLE.match(line)
    if editable is not None:
        return None, _of_address(editable[1].strip(), hashed=False)
    if line.startswith("-"):
        return None, (_NOT_ALONE, "") if any(map(_installs, line.split())) else None
    hashed = _HASH.search(line) is not None
    wanted = _OPTION.split(line, maxsplit=1)[0].strip()
    if _ADDRESS.match(wanted) or _LOCAL.match(wanted):
        return None, _of_address(wanted, hashed=hashed)
    found = _REQUIREMENT.match(wanted)
    if found is None:
        return None, (_UNREADABLE, wanted)
    name = _RUNS.sub("-", found["name"]).lower()
    rest = found["rest"]
    if rest.startswith("@"):
        what = _of_address(rest[1:].strip(), hashed=hashed)
        return name if what is None else None, what
    if hashed:
        return name, None
    fault = _of_versions(rest)
    if fault is None:
        return name, None
    return name if fault == _UNPINNED else None, (fault, wanted)


def _installs(word: str) -> bool:
    """Whether this names a file or a package, behind another option or in an abbreviation."""
    name = word.strip("'\"").partition("=")[0]
    short = any(len(name) >= _FEWEST and each.startswith(name) for each in _INSTALLING)
    return short or name.startswith(_SHORT)


def _of_versions(rest: str) -> str | None:
    versions = rest.partition(";")[0].strip().removeprefix("(").removesuffix(")")
    parts = [part.strip() for part in versions.split(",")] if versions else []
    if any(not _VERSION.match(part) and not _EXACT.match(part) for part in parts):
        return _UNREADABLE
    return None if any(_EXACT.match(part) for part in parts) else _UNPINNED


def _of_address(address: str, *, hashed: bool) -> _What | None:
    """A URL, or a path: what lies in the repository is pinned by its commit."""
    address = address.partition(" ;")[0].strip()
    fragment = address.partition("#")[2]
    if hashed or _LOCAL.match(address) or any(map(_DIGEST.match, fragment.split("&"))):
        return None
    if not _ADDRESS.match(address):
        if "://" not in address:
            return None
        return "is no address that can be read", address.partition("://")[0]
    scheme = address.partition("://")[0].lower()
    if "+" not in scheme:
        mend = "end it with #sha256= and the digest of the file"
        return f"a requirement from an address is not pinned; {mend}", ""
    if _COMMIT.search(address):
        return None
    mend = "end its address with @ and the full commit id"
    return f"a requirement from {scheme.partition('+')[0]} is not pinned; {mend}", ""
