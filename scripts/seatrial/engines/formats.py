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
_PICKLE = re.compile(rb"\x80[\x00-\x05]")
# Protocol 0 and 1 have no magic: a mark or a global, then text opcodes.
_OLD_PICKLE = re.compile(rb"(?:c[\w.]+\n[\w.]+\n|\(?(?:[ld]p\d+\n|i[\w.]+\n[\w.]+\n|c[\w.]+\n[\w.]+\n))")
_HTML = re.compile(rb"\s*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_ZIP = b"PK\x03\x04"


def kind_of(data: bytes) -> str | None:
    """Name of the format, or None for what has no mark of its own (CSV, JSON, ONNX, text)."""
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    if data.startswith(_ZIP) or data.startswith(b"PK\x05\x06"):
        return _zip_kind(data)
    if _PICKLE.match(data) or _OLD_PICKLE.match(data):
        return "pickle"
    if _HTML.match(data[:200].removeprefix(b"\xef\xbb\xbf")):
        return "HTML page"
    if _is_safetensors(data):
        return "safetensors"
    return None


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
