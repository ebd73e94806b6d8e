"""Requirements files, line by line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.requirements import InvalidRequirement, Requirement

from seatrial.linters.installs import unpinned
from seatrial.linters.requirements import is_requirements, requirements_in

SHA = "0123456789abcdef" * 4
COMMIT = SHA[:40]


def found(text: str | bytes) -> list[tuple[int | None, str]]:
    data = text.encode() if isinstance(text, str) else text
    files = {"requirements.txt": requirements_in(data), "other.txt": requirements_in(b"")}
    return [(each.line, each.what) for each in unpinned(files, frozenset())["requirements.txt"]]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("requirements.txt", True),
        ("a/requirements-dev.txt", True),
        ("requirements_dev.txt", True),
        ("dev-requirements.txt", True),
        ("requirements/prod.txt", True),
        ("a/b/requirements/prod.txt", True),
        ("requirements.in", False),
        ("requirements/prod.in", False),
        ("requirements.md", False),
        ("myrequirements.txt", False),
        ("notes.txt", False),
        ("requirements/a/notes.txt", False),
        ("requirements/constraints.txt", False),
        ("requirements-constraints.txt", False),
    ],
)
def test_which_files_are_read(path: str, told: bool) -> None:
    assert is_requirements(path) is told


@pytest.mark.parametrize(
    "line",
    [
        "numpy==2.4.6",
        "numpy == 2.4.6",
        "numpy[extra]==2.4.6",
        "numpy [a, b] (==2.4.6)",
        "NumPy==2.4.6 ; python_version > '3'",
        "numpy==2.4.6  # why",
        "numpy===2.4.6-local",
        "numpy==1!2.4.6+cu121",
        "numpy>=2,==2.4.6",
        "numpy==2.4.6,!=3",
        f"numpy==2.4.6 --hash=sha256:{SHA}",
        f"numpy --hash=sha256:{SHA}",
        f"numpy==2.4.6 \\\n    --hash=sha256:{SHA} \\\n  --hash=sha256:{SHA}",
        f"pip @ https://e.invalid/pip.whl#sha256={SHA}",
        f"https://e.invalid/pip.whl#egg=x&sha256={SHA}",
        f"git+https://e.invalid/a.git@{COMMIT}",
        f"a @ git+ssh://git@e.invalid/a.git@{COMMIT}#egg=a",
        f"-e git+https://e.invalid/a@{COMMIT}#egg=a",
        "-r other.txt",
        "--requirement=other.txt",
        "-c constraints.txt",
        "-e .",
        "-e ./lib[extra]",
        "--editable=.",
        "-e.",
        f"-egit+https://e.invalid/a@{COMMIT}#egg=a",
        ".",
        "./lib",
        "../lib",
        "./wheels/a.whl",
        "a-1.whl",
        "--index-url https://e.invalid/simple",
        "-f wheels",
        "--no-binary :all:",
        "--pre",
        "--extra-index-url https://e.invalid/simple --require-hashes",
        "--prefer-binary --no-index",
        "# numpy",
        "",
        "   ",
        "\ufeff",
        "file:lib/a.whl",
    ],
)
def test_pinned(line: str) -> None:
    assert found(line + "\n") == []


@pytest.mark.parametrize(
    "line",
    [
        "numpy",
        "numpy>=2",
        "numpy~=2.4",
        "numpy==2.*",
        "numpy<3,>2",
        "numpy !=2.4.6",
        "numpy; python_version > '3'",
        "numpy[extra]",
        "numpy  # ==2.4.6",
        "numpy # --hash=sha256:" + SHA,
        "numpy --hash=sha256:abc",
        "pip @ https://e.invalid/pip.whl",
        "https://e.invalid/pip.whl",
        "git+https://e.invalid/a.git",
        "git+https://e.invalid/a.git@main",
        f"git+https://e.invalid/a.git@{COMMIT[:39]}",
        "-e git+https://e.invalid/a.git@v1",
        "-egit+https://e.invalid/a.git@v1",
        "--editabl git+https://e.invalid/a.git@v1",
        "--pre -e git+https://e.invalid/a.git@v1",
        "--pre -r other.txt",
        "--pre '-rother.txt'",
        "--requirem=other.txt",
        "-r requirements.in",
        "--requirement requirements.in",
        "numpy==",
        "numpy=2.4.6",
        "numpy 2.4.6",
        "@@@",
        "numpy==2.4.6 extra",
        "näh==1",
        "numpy=={{ version }}",
        "<<<<<<< HEAD",
    ],
)
def test_not_pinned(line: str) -> None:
    text = f"# first\nfine==1\n{line}\nfine==1\n"
    assert [at for at, _ in found(text)] == [3]


def test_a_continued_line_is_told_by_its_first() -> None:
    text = "a==1\nb \\\n  >=2 \\\n  # comment\nc\n"
    assert [line for line, _ in found(text)] == [2, 5]


def test_a_comment_is_not_continued() -> None:
    assert [line for line, _ in found("# comment \\\nnumpy\n")] == [2]


def test_line_ends_of_windows_and_a_last_line_without_one() -> None:
    assert [line for line, _ in found("a==1\r\nb\r\nc==1\r\nd")] == [2, 4]


@pytest.mark.parametrize("mark", ["\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028"])
def test_what_pip_reads_behind_a_comment_is_told(mark: str) -> None:
    """It divides lines where editors show none."""
    text = f"a==1\nb==1  # why{mark}numpy\n"
    assert len(text.splitlines()) == 3
    assert [line for line, _ in found(text)] == [2]


def test_addresses_are_not_told_since_they_may_hold_a_password() -> None:
    ((_, told),) = found("a @ https://user:hunter2@e.invalid/a.whl\n")
    assert "hunter2" not in told and "e.invalid" not in told
    ((_, told),) = found("--index-url https://user:hunter2@e.invalid/simple -r other.txt\n")
    assert "hunter2" not in told and "e.invalid" not in told


def test_an_address_with_a_fragment_in_every_fragment_is_read_once() -> None:
    """Not once for each of them, which would take for ever."""
    assert [line for line, _ in found("https://e.invalid/a" + "#&sha256=" * 500_000)] == [1]


def test_of_a_file_with_many_lines_the_first_are_told() -> None:
    told = found("numpy\n" * 100_000)
    assert [line for line, _ in told] == [*range(1, 1001), None]
    assert "more than 1,000" in told[-1][1]


@given(st.binary(max_size=300))
def test_any_bytes_can_be_read(data: bytes) -> None:
    found(data)


VERSIONS = st.sampled_from(["1", "2.0", "2.0.1", "1!3.4", "2.0.post1", "2.0rc1", "2.0.*", "2.0+local"])
OPERATORS = st.sampled_from(["==", "===", ">=", "<=", "~=", "!=", ">", "<"])
SPACE = st.sampled_from(["", " "])


@given(
    st.sampled_from(["a", "a-b", "A.b_c", "a1"]),
    st.sampled_from(["", "[x]", "[x,y-z]"]),
    st.lists(st.tuples(OPERATORS, SPACE, VERSIONS), max_size=3),
    SPACE,
    st.sampled_from(["", "; python_version < '3.14'", " ; sys_platform == 'linux'"]),
)
def test_as_packaging_reads_it(
    name: str, extras: str, versions: list[tuple[str, str, str]], space: str, marker: str
) -> None:
    line = f"{name}{space}{extras}{space}{','.join(map(''.join, versions))}{marker}"
    try:
        asked = Requirement(line)
    except InvalidRequirement:
        return
    exact = any(
        each.operator == "===" or (each.operator == "==" and not each.version.endswith(".*"))
        for each in asked.specifier
    )
    assert (found(line) == []) is exact, line
