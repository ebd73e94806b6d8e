"""What a file is, told from its first bytes. A file's name proves nothing."""

import re

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"PAR1", "Parquet"),
    (b"PARE", "encrypted Parquet"),
    (b"ARROW1", "Arrow IPC (Feather)"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstandard"),
    (b"x\x01", "zlib (joblib perhaps)"),
    (b"x\x9c", "zlib (joblib perhaps)"),
    (b"x\xda", "zlib (joblib perhaps)"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"\x89HDF\r\n\x1a\n", "HDF5 (Keras)"),
    (b"GGUF", "GGUF"),
    (b"\x93NUMPY", "NumPy array"),
    (b"SQLite format 3\x00", "SQLite"),
    (b"%PDF-", "PDF"),
    (b"\x7fELF", "program (ELF)"),
    (b"version https://git-lfs.github.com/spec/", "Git LFS pointer"),
)
# What a header line might begin with too: these count only if no text follows.
_TEXT_LIKE = frozenset({b"PAR1", b"PARE", b"ARROW1", b"BZh", b"GGUF"})
_TEXT = frozenset(b"\r\n\t" + bytes(range(32, 127)))
_PICKLE = re.compile(rb"\x80[\x00-\x05]")
# Protocols 0 and 1 have no magic and are text: a global, or a mark and what may follow it.
_OLD_PICKLE = re.compile(rb"c[\w.]+\n[\w.]+\n|[(\]}][\w.]+\n|[\](}][\x00-\xff]?[(cKGXUqp.]")
_HTML = re.compile(rb"\s*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
MEND = {
    "Git LFS pointer": "check the repository out with `lfs: true`",
    "gzip": "unpack it first (gunzip), or write Parquet, which is compressed inside",
    "bzip2": "unpack it first, or write Parquet",
    "xz": "unpack it first, or write Parquet",
    "zstandard": "unpack it first, or write Parquet",
    "HTML page": "a download probably failed or needs a login; fetch the file again",
    "encrypted Parquet": "write it without encryption",
}
_ZIP = b"PK\x03\x04"


def kind_of(data: bytes) -> str | None:
    """Name of the format, or None for what has no mark of its own (CSV, JSON, ONNX, text)."""
    for magic, kind in _MAGIC:
        if data.startswith(magic) and not (magic in _TEXT_LIKE and _text_at(data, len(magic))):
            return kind
    if data.startswith(_ZIP) or data.startswith(b"PK\x05\x06"):
        return _zip_kind(data)
    if _PICKLE.match(data):
        return "pickle"
    if _HTML.match(data[:200].removeprefix(b"\xef\xbb\xbf")):
        return "HTML page"
    if _is_safetensors(data):
        return "safetensors"
    return None


def _text_at(data: bytes, position: int) -> bool:
    return position < len(data) and data[position] in _TEXT and data[:64].isascii() and b"\0" not in data[:64]


def is_old_pickle(data: bytes) -> bool:
    """Whether this may be a pickle of protocol 0 or 1. Only to be asked where text is wrong anyway."""
    return _OLD_PICKLE.match(data) is not None and data.rstrip().endswith(b".")


def _zip_kind(data: bytes) -> str:
    names = data[:4096] + data[-65_536:]
    if b"data.pkl" in names:
        return "PyTorch archive (a pickle inside a zip)"
    if b".keras" in names or b"model.weights.h5" in names:
        return "Keras archive"
    if b"schema.json" in names and b".npy" in names:
        return "skops archive"
    if b"xl/workbook" in names or b"[Content_Types].xml" in names:
        return "Excel workbook"
    return "zip archive"


def _is_safetensors(data: bytes) -> bool:
    """Eight bytes of header length, then a JSON object."""
    return len(data) > 9 and data[8:9] == b"{" and data[6:8] == b"\0\0"


def utf16_or_32(data: bytes) -> str | None:
    """UTF-16 or UTF-32 by its byte order mark, or by a zero in every second byte."""
    if data.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "UTF-32"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16"
    head = data[:64]
    pairs = len(head) // 2
    if pairs >= 2 and (head[1::2].count(0) == pairs or head[0::2].count(0) >= pairs):
        return "UTF-16"
    return None
