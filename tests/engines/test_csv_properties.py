"""The CSV reader against a writer by RFC 4180, and on arbitrary bytes."""

import csv
import io

from hypothesis import example, given, settings
from hypothesis import strategies as st

from seatrial.engines.files.reading import Source
from seatrial.engines.tables.csvfile import read_csv
from seatrial.engines.tables.dropping import csv_without
from seatrial.errors import BadInput

cell = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)
# Quotes, commas and line breaks are where readers go wrong.
hard = st.text('",\r\n ab', max_size=6)
row = st.lists(cell | hard, min_size=3, max_size=3)


def written(rows: list[list[str]], ending: str, always: bool) -> bytes:
    """CSV by RFC 4180; csv.writer leaves a carriage return unquoted when lines end in a line feed."""

    def quoted(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"' if always or set(cell) & set(',"\r\n') else cell

    return "".join(",".join(map(quoted, row)) + ending for row in [["a", "b", "c"], *rows]).encode()


@given(
    st.lists(row, min_size=1, max_size=6),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
    st.booleans(),
)
def test_cells_and_line_numbers_survive(rows: list[list[str]], ending: str, always: bool, bom: bool) -> None:
    content = written(rows, ending, always)
    table = read_csv(Source("x.csv", b"\xef\xbb\xbf" * bom + content, ""), None)
    assert [list(cells) for cells in zip(*(table.texts(name) for name in "abc"), strict=True)] == rows
    for number in range(len(rows)):
        before = written(rows[:number], ending, always).decode()
        assert table.line_of(number) == len(io.StringIO(before, newline="").readlines()) + 1


@given(st.lists(row, min_size=1, max_size=6), st.sampled_from(["\n", "\r\n"]), st.integers(0, 2))
def test_copy_without_a_column_holds_the_others(rows: list[list[str]], ending: str, position: int) -> None:
    content = written(rows, ending, False)
    rest = csv_without(content, position)
    kept = [[cell for at, cell in enumerate(row) if at != position] for row in [["a", "b", "c"], *rows]]
    assert list(csv.reader(io.StringIO(rest.decode(), newline=""), strict=True)) == kept


@given(st.binary(max_size=60) | st.text('a,"\r\n;\t\0', max_size=40).map(str.encode))
@example(b'a,b\r1,"\r"\r')
@example(b"\xef\xbb\xbf")
@settings(max_examples=300)
def test_arbitrary_bytes_give_a_table_or_bad_input(content: bytes) -> None:
    try:
        table = read_csv(Source("x.csv", content, ""), None)
    except BadInput as error:
        assert error.location is not None
        assert "\n" not in str(error)
    else:
        assert table.rows > 0
        assert all(len(table.texts(name)) == table.rows for name in table.columns)
