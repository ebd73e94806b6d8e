"""The reader of zips against others: what they write it reads, what it accepts they read alike."""

import io
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from forged_zips import LATER, UTF_8, Part, forged
from hypothesis import given
from hypothesis import strategies as st
from run_artifacts import zipped

from seatrial.errors import BadInput
from seatrial.forge.zips import Limits, read_archive

LIMITS = Limits(archive=10**6, members=50, member=10**5, ratio=200)
FILES = {
    "lint.json": b'{"gate":"lint"}' * 200,
    "report.html": b"<p>",
    "caf\u00e9/comment.md": b"",
    "x": bytes(99),
}


def read_all(data: bytes) -> dict[str, bytes]:
    archive = read_archive(data, "a", LIMITS)
    return {name: archive.read(name) for name in archive.files}


def by_python(how: int) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", how) as archive:
        for name, content in FILES.items():
            archive.writestr(name, content)
    return sink.getvalue()


@pytest.mark.parametrize("how", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_what_python_writes_is_read(how: int) -> None:
    assert read_all(by_python(how)) == FILES


def test_what_is_written_as_a_stream_is_read() -> None:
    assert read_all(zipped(FILES)) == FILES


def test_what_info_zip_writes_is_read(tmp_path: Path) -> None:
    program = shutil.which("zip")
    if program is None:
        pytest.skip("the program zip is not installed")
    plain = {name: content for name, content in FILES.items() if name.isascii()}
    for name, content in plain.items():
        (tmp_path / name).write_bytes(content)
    for more in ([], ["-D"], ["-0"]):
        archive = tmp_path / "out.zip"
        archive.unlink(missing_ok=True)
        command = [program, "-q", "-r", *more, "out.zip", *sorted(p.name for p in tmp_path.iterdir())]
        subprocess.run(command, cwd=tmp_path, check=True)
        assert read_all(archive.read_bytes()) == plain


def test_an_empty_archive_has_no_files() -> None:
    sink = io.BytesIO()
    zipfile.ZipFile(sink, "w").close()
    with pytest.raises(BadInput, match="holds no file"):
        read_archive(sink.getvalue(), "a").read("lint.json")


SEEDS = (
    by_python(zipfile.ZIP_DEFLATED),
    zipped(FILES),
    forged(Part(b"a/b", b"x" * 50, flags=LATER), Part("\u00e9".encode(), flags=UTF_8, method=0)),
)


@given(
    st.sampled_from(SEEDS),
    st.lists(st.tuples(st.integers(0, 10**4), st.integers(0, 255)), max_size=6),
    st.integers(0, 10**4),
    st.binary(max_size=8),
)
def test_a_spoilt_zip_is_refused_or_read_as_python_reads_it(
    seed: bytes, changes: list[tuple[int, int]], cut: int, put: bytes
) -> None:
    data = bytearray(seed)
    for place, value in changes:
        data[place % len(data)] = value
    at = cut % (2 * len(data))
    if at < len(data) and put:
        data[at : at + len(put) // 2] = put
    _held(bytes(data))


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_or_read_as_python_reads_them(data: bytes) -> None:
    _held(data)
    _held(b"PK\3\4" + data + b"PK\5\6" + bytes(18))


def _held(data: bytes) -> None:
    """Our errors and no others; and where we read something, no other reader sees another thing."""
    try:
        found = read_all(data)
    except BadInput as error:
        assert str(error).isprintable()
        return
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        theirs = {info.filename: archive.read(info) for info in archive.infolist() if not info.is_dir()}
    assert found == theirs


WATCHED = """
import random, sys
sys.path[:0] = sys.argv[2:]
from seatrial.errors import BadInput
from seatrial.forge.zips import Limits, read_archive

HARMLESS = ("os.listdir", "os.scandir")

def watch(event, arguments):
    writes = event == "open" and arguments[1] not in (None, "r", "rb")
    if writes or event.startswith(("os.", "shutil.", "socket.")) and event not in HARMLESS:
        print(event, arguments)

sys.addaudithook(watch)
source, seed = random.Random(5), open(sys.argv[1], "rb").read()
outcomes = set()
for _ in range(3_000):
    data = bytearray(seed)
    for _ in range(source.randint(0, 4)):
        data[source.randrange(len(data))] = source.choice((0, 1, 46, 47, 92, 255, source.randrange(256)))
    try:
        archive = read_archive(bytes(data), "../a", Limits(member=10**5))
        [archive.read(name) for name in archive.files]
        outcomes.add("read")
    except BadInput:
        outcomes.add("refused")
print(sorted(outcomes))
"""


def test_no_spoilt_zip_writes_a_file(tmp_path: Path) -> None:
    """In a process of its own, in which every attempt to write, remove or connect would be heard."""
    (tmp_path / "seed.zip").write_bytes(SEEDS[0])
    done = subprocess.run(
        [sys.executable, "-I", "-c", WATCHED, tmp_path / "seed.zip", *sys.path],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("['read', 'refused']\n", "")
    assert [path.name for path in tmp_path.iterdir()] == ["seed.zip"]
