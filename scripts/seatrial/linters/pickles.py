"""Pickled objects, told from their bytes: loading one runs whatever code it names."""

import pickletools
import re
from collections.abc import Iterator

from seatrial.engines.files.formats import is_old_pickle, kind_of
from seatrial.linters.findings import Finding

HEAD, TAIL = 65_536, 65_536  # of a file that is too large to be read whole
LARGEST_OLD = 1024 * 1024  # a pickle of a protocol without a mark, which has to be read through
_NAMES = re.compile(r"\.(?:pkl|pickle|joblib)(?:\.(?:gz|gzip|bz2|xz|lzma|zst|z))?\Z", re.IGNORECASE)
_OPCODES = frozenset(op.code.encode("latin-1") for op in pickletools.opcodes)
_MARK = re.compile(rb"\x80[\x02-\x05]")
_POINTER = "Git LFS pointer"
_WHY = "loading it runs code"
_MEND = "keep the model as ONNX, safetensors or skops, or out of git"


def pickles(path: str, data: bytes) -> Iterator[Finding]:
    """One finding for a pickle. data: the whole file, or its first and last parts."""
    kind = kind_of(data)
    if kind == _POINTER or not data:
        return
    if kind is not None and kind.startswith("PyTorch"):
        yield Finding(path, None, f"is a PyTorch archive, which holds a pickle: {_WHY}; {_MEND}")
    elif (_MARK.match(data) and data[2:3] in _OPCODES) or _is_old(data):
        yield Finding(path, None, f"is a pickle: {_WHY}; {_MEND}")
    elif _NAMES.search(path):
        yield Finding(path, None, f"is a pickle by its name: {_WHY}; {_MEND}")


def _is_old(data: bytes) -> bool:
    """A pickle of protocol 0 or 1: text that can be read through, opcode by opcode, to its last byte."""
    if len(data) > LARGEST_OLD or not is_old_pickle(data):
        return False
    end = 0
    try:
        for opcode, _, position in pickletools.genops(data):
            end = position or 0
            if opcode.name == "STOP":
                break
    except Exception:  # whatever is wrong with it, it is then no pickle
        return False
    return end == len(data.rstrip()) - 1 and end > 1
