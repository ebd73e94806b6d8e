"""Whether a CSV file is whole, against a plain reader that goes character by character."""

from hypothesis import given, settings
from hypothesis import strategies as st

from seatrial.engines.files.csv_faults import FaultFound
from seatrial.engines.files.csv_structure import Structure

PIECES = ["a", ",", "\n", '"', "\r\n", '""', '"a"', '"a\n,"', "ä", "\r"]
CELLS = ["", "a", '"a"', '"a\nb"', '""', '"x""y"', '"a,b"', "ä"]


def rows(data: bytes, width: int, block: int) -> int | str:
    """The number of rows, or the fault."""
    structure = Structure(",", width)
    try:
        for start in range(0, len(data), block):
            structure.feed(data[start : start + block])
        return structure.end()
    except FaultFound as found:
        return f"{found.fault.line}: {found.fault.message}"


def plainly(text: str, width: int) -> int | None:
    """The number of rows, or None for a fault: RFC 4180, with LF or CRLF."""
    state, cells, count, begun = "start", 1, 0, False
    for mark in text:
        if state == "quoted":
            state = "closed" if mark == '"' else state
        elif state == "return" and mark != "\n":
            return None
        elif mark == '"':
            if state not in ("start", "closed"):
                return None
            state = "quoted"
        elif mark == ",":
            state, cells = "start", cells + 1
        elif mark == "\n":
            if cells != width:
                return None
            state, cells, count, begun = "start", 1, count + 1, False
            continue
        elif mark == "\r":
            state = "return"
        elif state == "closed":
            return None
        else:
            state = "plain"
        begun = True
    if state == "quoted" or (begun and cells != width):
        return None
    return count + begun


BROKEN = st.lists(st.sampled_from(PIECES), max_size=90).map("".join)


@st.composite
def nearly_whole(draw: st.DrawFn) -> str:
    width = draw(st.integers(1, 3))
    lines = draw(st.lists(st.lists(st.sampled_from(CELLS), min_size=width, max_size=width), max_size=30))
    text = "\n".join(map(",".join, lines)) + draw(st.sampled_from(["", "\n"]))
    at = draw(st.integers(0, len(text)))
    return text[:at] + draw(st.sampled_from(["", "", "", *PIECES])) + text[at:]


@settings(max_examples=400, deadline=None)
@given(st.one_of(BROKEN, nearly_whole()), st.integers(1, 3), st.sampled_from([1, 5, 64, 65, 1000]))
def test_whole_or_not_as_a_plain_reader_says(text: str, width: int, block: int) -> None:
    found = rows(text.encode(), width, block)
    wanted = plainly(text, width)
    assert isinstance(found, str) if wanted is None else found == wanted


def test_the_line_of_a_fault_is_that_of_the_row() -> None:
    head = b'a,b\n"x\ny",1\n' * 50_000
    for fault in (b"1\n", b"1,2,3\n", b'1,"x"y\n', b'1,x"\n', b'1,"x\n', b"1,\xff\n", b"1,\0\n"):
        said = rows(head + fault + b"1,2\n", 2, 262_144)
        assert isinstance(said, str) and said.startswith("150001: "), said
