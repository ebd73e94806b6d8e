"""The downloaded archive is hostile until shown otherwise."""

import io
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

WANTED = {"pack/data/a.csv": "a.csv", "pack/data/b.csv.zip": "b.csv"}
Add = Callable[[tarfile.TarFile], None]


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return content.getvalue()


def file(name: str, data: bytes) -> Add:
    def add(archive: tarfile.TarFile) -> None:
        info = tarfile.TarInfo(name)
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))

    return add


def special(name: str, kind: bytes, target: str = "") -> Add:
    def add(archive: tarfile.TarFile) -> None:
        info = tarfile.TarInfo(name)
        info.type, info.linkname = kind, target
        archive.addfile(info)

    return add


A = file("pack/data/a.csv", b"x\n1\n")
B = file("pack/data/b.csv.zip", zipped(("b.csv", b"y\n2\n")))


def archive_of(folder: Path, *members: Add) -> Path:
    path = folder / "pack.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for add in members:
            add(archive)
    return path


def test_the_wanted_files_come_out_under_our_names(unpack: ModuleType, tmp_path: Path) -> None:
    archive = archive_of(tmp_path, A, file("pack/setup.py", b"raise SystemExit"), B)
    unpack.unpack(archive, WANTED, tmp_path / "out")
    found = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert found == {"a.csv": b"x\n1\n", "b.csv": b"y\n2\n"}


@pytest.mark.parametrize(
    ("members", "why"),
    [
        pytest.param(
            (A, special("pack/data/b.csv.zip", tarfile.SYMTYPE, "/etc/passwd")), "neither", id="symlink"
        ),
        pytest.param(
            (A, B, special("pack/link", tarfile.LNKTYPE, "pack/data/a.csv")), "neither", id="hard link"
        ),
        pytest.param((A, B, special("pack/pipe", tarfile.FIFOTYPE)), "neither", id="pipe"),
        pytest.param((A, B, special("pack/disk", tarfile.BLKTYPE)), "neither", id="device"),
        pytest.param((A, B, file("pack/../../evil", b"")), "outside", id="parent"),
        pytest.param((A, B, file("/tmp/evil", b"")), "outside", id="absolute"),
        pytest.param((A, B, file("pack\\..\\evil", b"")), "outside", id="backslash"),
        pytest.param((A, B, A), "twice", id="repeated"),
        pytest.param((A,), "lacks pack/data/b.csv.zip", id="missing"),
        pytest.param((A, file("pack/data/b.csv.zip", b"no zip")), "damaged", id="no inner archive"),
        pytest.param(
            (A, file("pack/data/b.csv.zip", zipped(("b", b""), ("c", b"")))), "2 members", id="inner crowd"
        ),
        pytest.param(
            (A, file("pack/data/b.csv.zip", zipped(("b.csv", bytes(10**6))))), "unpacks to", id="inner bomb"
        ),
        pytest.param(
            (A, *(file(f"pack/{n}", b"") for n in range(100)), B), "more than 100 members", id="too many"
        ),
    ],
)
def test_refused(unpack: ModuleType, tmp_path: Path, members: tuple[Add, ...], why: str) -> None:
    archive = archive_of(tmp_path, *members)
    with pytest.raises(unpack.Refused, match=why):
        unpack.unpack(archive, WANTED, tmp_path / "out")
    assert not (tmp_path / "evil").exists()


def test_an_inner_symlink_is_refused(unpack: ModuleType, tmp_path: Path) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as inner:
        entry = zipfile.ZipInfo("b.csv")
        entry.external_attr = 0o120777 << 16
        inner.writestr(entry, "/etc/passwd")
    archive = archive_of(tmp_path, A, file("pack/data/b.csv.zip", content.getvalue()))
    with pytest.raises(unpack.Refused, match="not a plain file"):
        unpack.unpack(archive, WANTED, tmp_path / "out")


def test_a_bomb_in_a_member_that_nobody_wants_stops_early(
    unpack: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpack, "LARGEST_CONTENT", 2**20)
    archive = archive_of(tmp_path, file("pack/zeros", bytes(2**22)), A, B)
    assert archive.stat().st_size < 2**14
    with pytest.raises(unpack.Refused, match="when unpacked"):
        unpack.unpack(archive, WANTED, tmp_path / "out")


def test_a_large_member_is_refused_by_its_header(
    unpack: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpack, "LARGEST_FILE", 3)
    with pytest.raises(unpack.Refused, match="the most is 3"):
        unpack.unpack(archive_of(tmp_path, A, B), WANTED, tmp_path / "out")


def test_a_large_archive_is_not_even_opened(
    unpack: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpack, "LARGEST_ARCHIVE", 10)
    (tmp_path / "large").write_bytes(b"not gzip at all")
    with pytest.raises(unpack.Refused, match="15 bytes; the most is 10"):
        unpack.unpack(tmp_path / "large", WANTED, tmp_path / "out")


def test_a_cut_archive_is_refused(unpack: ModuleType, tmp_path: Path) -> None:
    archive = archive_of(tmp_path, A, B)
    archive.write_bytes(archive.read_bytes()[:-40])
    with pytest.raises(unpack.Refused, match="damaged or cut short"):
        unpack.unpack(archive, WANTED, tmp_path / "out")
