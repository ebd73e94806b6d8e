"""Pickles by their content, and what only looks like one."""

import io
import pickle
import zipfile

import joblib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.linters.pickles import pickles

POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 12345\n"


def is_one(data: bytes, path: str = "model.bin") -> bool:
    return bool(list(pickles(path, data)))


class Model:
    def __init__(self) -> None:
        self.weights = [0.25, 1.5]


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize(
    "value", [Model(), {"a": 1}, [1, 2, "x"], (1.5, None)], ids=["object", "dict", "list", "tuple"]
)
def test_pickles_of_every_protocol(protocol: int, value: object) -> None:
    assert is_one(pickle.dumps(value, protocol))


def archive(name: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as zipped:
        zipped.writestr(name, pickle.dumps(1))
    return file.getvalue()


def test_pytorch_archives() -> None:
    assert is_one(archive("model/data.pkl"), "model.pt")
    assert not is_one(archive("notes.txt"), "notes.zip")


def test_joblib_by_content_and_compressed_by_name() -> None:
    for compress, path, told in ((0, "m.bin", True), (3, "m.joblib", True), (("gzip", 3), "m.pkl.gz", True)):
        file = io.BytesIO()
        joblib.dump(Model(), file, compress=compress)
        assert is_one(file.getvalue(), path) is told


@pytest.mark.parametrize("path", ["a.pkl", "A.PKL", "d/b.joblib", "c.pickle", "e.pkl.xz"])
def test_by_name(path: str) -> None:
    assert is_one(b"what ever", path)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        POINTER,
        b"changelog\nfirst\nAnd so it goes.",
        b"(see below)\nThe end.",
        b"(lorem ipsum.",
        b"[1, 2]\n.",
        b"cat\ndog\nbird\n",
        b"\x80",
        b"\x80\x02\xff\xff",
        b"\x80abc",
        b"PAR1\0\0",
        b"\x89PNG\r\n",
        b"}\n.",
        b"import pickle\n",
        "ä".encode("latin-1") * 9,
        b"(I" + b"9" * 100_000 + b"\n.",
    ],
    ids=lambda data: repr(data[:20]),
)
def test_what_is_no_pickle(data: bytes) -> None:
    assert not is_one(data)


@pytest.mark.parametrize("path", ["model.pkl", "model.joblib"])
def test_a_pointer_of_git_lfs_is_no_pickle(path: str) -> None:
    assert not is_one(POINTER, path)


@given(st.binary(max_size=300))
def test_any_bytes_can_be_looked_at(data: bytes) -> None:
    is_one(data)
    is_one(b"(" + data + b".")
    is_one(b"c" + data + b".")


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=200))
def test_a_line_of_text_is_no_pickle(text: str) -> None:
    assert not is_one(f"# {text}.".encode())
