"""What to say of bytes that are not UTF-8."""

_CONTROLS_OF_LATIN_1 = range(0x80, 0xA0)


def not_utf8(at: int, byte: int) -> str:
    """What was found, and what it may be. at: the byte's place in the file."""
    found = f"byte {at} is 0x{byte:02X}, which is not UTF-8"
    if not _is_windows_1252(byte):
        return found
    either = "" if byte in _CONTROLS_OF_LATIN_1 else "Latin-1 or "
    return f"{found} ({either}Windows-1252 perhaps)"


def mend(byte: int) -> str:
    """What to do about it. Windows-1252 has the letters of Latin-1, and dashes, quotes and the euro."""
    if _is_windows_1252(byte):
        return "write data.csv.encoding: windows-1252, or save the file as UTF-8"
    return "save the file as UTF-8, or name its encoding as data.csv.encoding"


def _is_windows_1252(byte: int) -> bool:
    try:
        bytes((byte,)).decode("cp1252")
    except UnicodeDecodeError:
        return False
    return True
