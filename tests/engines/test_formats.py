"""Formats told by content: text is never taken for something else."""

from hypothesis import given
from hypothesis import strategies as st

from seatrial.engines.files.formats import kind_of

BEGINNINGS = ["", "PAR1", "PARE", "ARROW1", "BZh", "GGUF", "PK", "7z", "x", "c", "(", "version", "id"]


@given(st.sampled_from(BEGINNINGS), st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1))
def test_a_header_of_printable_characters_is_text(beginning: str, rest: str) -> None:
    assert kind_of(f"{beginning}{rest}\n1,2\n".encode()) in (None, "HTML page", "PDF", "Git LFS pointer")
