"""Zips that nobody should unpack: each is refused in one line, before anything of it is kept."""

import zlib
from pathlib import Path

import pytest
from forged_zips import DEVICE, ENCRYPTED, FOLDER, LATER, LINK, UTF_8, Part, forged, names, zip64_extra

from seatrial.errors import BAD_INPUT, BadInput
from seatrial.forge.zips import MEBIBYTE, Limits, read_archive

SMALL = Limits(archive=MEBIBYTE, members=20, member=8 * MEBIBYTE, ratio=100)


def refused(data: bytes, read: str | None = None) -> str:
    """The line that says why."""
    with pytest.raises(BadInput) as caught:
        archive = read_archive(data, "seatrial-m-lint-1", SMALL)
        if read is not None:
            archive.read(read)
    assert caught.value.exit_code == BAD_INPUT
    line = str(caught.value)
    assert line.startswith("seatrial-m-lint-1: ") and line.isprintable() and len(line) < 250
    return line


def test_the_forger_can_also_be_honest() -> None:
    data = forged(
        Part(data=b"{}" * 50), Part(b"page.html", b"<p>", flags=LATER), Part(b"d/x", b"raw", method=0)
    )
    archive = read_archive(data, "a", SMALL)
    assert archive.files == ("lint.json", "page.html", "d/x")
    assert [archive.read(name) for name in archive.files] == [b"{}" * 50, b"<p>", b"raw"]


@pytest.mark.parametrize(
    "name",
    [
        "../lint.json", "a/../../lint.json", "..", "a/..", "/etc/passwd", "//host/share", "C:/windows", "c:x",
        "..\\lint.json", "a\\b", "./lint.json", "a//b", "a/./b", "", "/", "a\0b", "a\nb", "lint.json\r",
        "\u202etxt.exe", "a\u200bb", "x" * 1001,
    ],
)  # fmt: skip
def test_name_that_leads_elsewhere(name: str) -> None:
    assert "expected the name of a file inside of it" in refused(forged(*names(name)))


@pytest.mark.parametrize("name", [b"\xff.json", b"\xc3(", "é".encode("latin-1"), "é".encode("cp437")])
def test_name_that_is_not_utf_8(name: bytes) -> None:
    assert "not UTF-8" in refused(forged(Part(name, flags=UTF_8)))
    assert "not UTF-8" in refused(forged(Part(name)))


def test_name_in_utf_8_that_does_not_say_so() -> None:
    assert "not UTF-8" in refused(forged(Part("é".encode())))


@pytest.mark.parametrize("mode", [LINK, DEVICE, 0o010644, 0o140755, 0o020666])
def test_link_device_pipe_or_socket(mode: int) -> None:
    assert "a link, a device or a folder" in refused(forged(Part(mode=mode)))
    assert "a link, a device or a folder" in refused(forged(Part(mode=mode, system=0)))


def test_setuid_and_git_folders_are_words_and_no_more(tmp_path: Path) -> None:
    """No file is made of a member, so its mode and its place do nothing."""
    data = forged(Part(mode=0o104755), Part(b".git/hooks/pre-commit", b"evil"))
    assert read_archive(data, str(tmp_path / "a"), SMALL).read("lint.json") == b"{}"
    assert list(tmp_path.iterdir()) == []


def test_folder_under_the_name_of_a_file() -> None:
    assert "a folder under a file's name" in refused(forged(Part(mode=FOLDER)))
    assert "a folder under a file's name" in refused(forged(Part(mode=0, system=0, dos=0x10)))


def test_file_under_the_name_of_a_folder() -> None:
    assert "a folder under a file's name" in refused(forged(Part(b"a/", b"")))
    assert "a size that cannot be" in refused(forged(Part(b"a/", b"x", mode=FOLDER)))


@pytest.mark.parametrize(
    "pair",
    [
        ("lint.json", "lint.json"), ("lint.json", "LINT.json"), ("\u00e9", "e\u0301"),
        ("stra\u00dfe", "STRASSE"), ("a", "a/b"), ("a/b", "a"), ("A/b", "a"), ("\u212a", "k"),
    ],
)  # fmt: skip
def test_names_twice_or_clashing(pair: tuple[str, str]) -> None:
    assert "twice, or another that some systems take for it" in refused(forged(*names(*pair)))


@pytest.mark.parametrize("flags", [ENCRYPTED, 0x0040, 0x2000])
def test_encrypted_member(flags: int) -> None:
    assert "is encrypted" in refused(forged(Part(flags=flags)))


@pytest.mark.parametrize("part", [Part(method=12), Part(method=93), Part(flags=0x20), Part(disk=1)])
def test_member_packed_otherwise(part: Part) -> None:
    assert "expected deflate" in refused(forged(part))


def test_zip64_in_all_its_places() -> None:
    huge = Part(size=0xFFFFFFFF, packed=0xFFFFFFFF, extra=zip64_extra(2, 4))
    assert "zip64" in refused(forged(huge))
    assert "zip64" in refused(forged(Part(extra=zip64_extra(2, 4))))
    assert "zip64" in refused(forged(Part(local_extra=zip64_extra(2, 4))))
    assert "zip64" in refused(forged(Part(offset=0xFFFFFFFF)))
    assert "zip64" in refused(forged(Part(), count=0xFFFF))
    assert "zip64" in refused(forged(Part(), first=0xFFFFFFFF))
    locator = b"PK\6\7" + bytes(16)
    assert "between its list of members and its end" in refused(forged(Part(), after_list=locator))


def test_second_name_in_an_extra_field() -> None:
    other = b"\x75\x70\x09\0" + b"\1" + bytes(4) + b"evil"
    assert "a second name" in refused(forged(Part(extra=other)))
    assert "a second name" in refused(forged(Part(local_extra=other)))
    assert "damaged header" in refused(forged(Part(extra=b"\1")))
    assert "damaged header" in refused(forged(Part(extra=b"UT\xff\0")))


def test_overlapping_members() -> None:
    """A quine or a bomb lets many entries point at the same bytes."""
    inside = forged(Part(b"a", b"x" * 100), Part(b"b", b"x" * 100, offset=0))
    assert "overlap" in refused(inside)
    longer = forged(Part(b"a", method=0, data=b"xx", packed=40, size=40), Part(b"b"))
    assert "overlap" in refused(longer)


def test_something_hidden_beside_the_members() -> None:
    assert "something before its list" in refused(forged(Part(), between=b"hidden"))
    assert "something between them" in refused(forged(Part(), before=b"PK\3\4 a program"))
    assert "something follows it" in refused(forged(Part(), comment=b"hello"))
    assert "something follows it" in refused(forged(Part()) + b"\0")


def test_header_that_disagrees_with_the_list() -> None:
    for part in (Part(local_name=b"evil.json"), Part(local_size=3), Part(b"a/b", local_name=b"a/c")):
        assert "is another in the list of members than where it lies" in refused(forged(part))
    assert "does not end as its header says" in refused(forged(Part(flags=LATER, descriptor=bytes(16))))
    assert "does not end as its header says" in refused(forged(Part(flags=LATER, descriptor=b"")))


def test_list_that_lies_about_itself() -> None:
    assert "breaks off" in refused(forged(Part(), count=2))
    assert "between its list of members and its end" in refused(forged(Part(), Part(b"b"), count=1))
    assert "does not reach to its end" in refused(forged(Part(), list_size=5))
    assert "several parts" in refused(forged(Part(), disk=1))


def test_bomb_by_its_ratio() -> None:
    """8 MiB of zeros are 8 kB packed."""
    assert "unpacks to over 100 times" in refused(forged(Part(data=bytes(8 * MEBIBYTE))), "lint.json")


def test_member_that_states_less_than_it_unpacks_to() -> None:
    zeros = zlib.compress(bytes(50 * MEBIBYTE), 9, -15)
    told = Part(raw=zeros, data=b"", size=100, crc=0)
    assert "not as long as it states" in refused(forged(told), "lint.json")
    short = Part(data=b"{}", size=3, local_size=3)
    assert "does not have the size or the checksum" in refused(forged(short), "lint.json")


def test_member_beyond_the_limit() -> None:
    assert "expected at most 8,388,608" in refused(forged(Part(size=9 * MEBIBYTE)), "lint.json")


def test_member_whose_bytes_are_spoilt() -> None:
    assert "checksum" in refused(forged(Part(crc=1)), "lint.json")
    assert "cannot be unpacked" in refused(forged(Part(raw=b"\xff\xff")), "lint.json")
    whole = zlib.compress(b"{}", 9, -15)
    assert "not as long" in refused(forged(Part(raw=whole + b"more")), "lint.json")
    assert "not as long" in refused(forged(Part(raw=whole[:-1])), "lint.json")
    assert "a size that cannot be" in refused(forged(Part(method=0, raw=b"{}", size=3)))


def test_more_members_than_expected() -> None:
    assert "holds 21 members; expected at most 20" in refused(forged(*names(*map(str, range(21)))))


def test_archive_beyond_the_limit() -> None:
    assert "expected at most 1,048,576" in refused(forged(Part(method=0, data=bytes(MEBIBYTE))))


@pytest.mark.parametrize(
    "data", [b"", b"PK", b"{}", b"<html>" * 10, b"\x1f\x8b" + bytes(50), b"PK\3\4" + bytes(60)]
)
def test_file_that_is_no_zip(data: bytes) -> None:
    assert "is not a" in refused(data)


def test_member_that_is_not_there() -> None:
    assert "holds no file evaluation.json" in refused(forged(Part()), "evaluation.json")
    assert "holds no file d" in refused(forged(Part(b"d/", b"", method=0, mode=FOLDER)), "d")


def test_hostile_names_are_told_on_one_line() -> None:
    line = refused(forged(*names("../\x1b[31m::error::x\n@team" + "y" * 500)))
    assert "\\u001B" in line or "\\n" in line
