"""Whatever a string holds, each surface shows it as plain text on one line."""

from xml.etree import ElementTree

import pytest
from github_markdown import LIVE, render, tables, tags, texts
from hostile_strings import HOSTILE, naughty
from hypothesis import given
from hypothesis import strategies as st

from seatrial.report import text

ANYTHING = st.text(alphabet=st.characters(), max_size=60)
PLAIN_TAGS = {"p", "span"}


def naughty_strings():
    found = naughty()
    if found is None:
        pytest.skip("big-list-of-naughty-strings is not installed under tests/contract/node_modules")
    return found


def is_inert(value):
    for shown, allowed in ((text.markdown(value), PLAIN_TAGS), (text.code(value), PLAIN_TAGS | {"code"})):
        assert "<!--" not in shown and "\n" not in shown
        alone = render(shown)
        assert tags(alone) <= allowed, shown
        assert all(not e.attrib for e in alone.iterdescendants()), shown
        assert all(e.text == "$" for e in alone.iter("span")), shown
        inside = render(f"Before {shown} after\n\n- {shown}\n\n| a | b |\n|---|---|\n| {shown} | end |\n")
        assert tables(inside) == [[2, 2]], shown
        assert inside.xpath("string(//td[2])") == "end", shown
        for piece in texts(inside):
            assert not LIVE.search(piece), shown


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: ascii(value[:24]))
def test_a_hostile_string_is_inert_in_markdown(value):
    is_inert(value)


def test_every_naughty_string_is_inert_in_markdown():
    for value in naughty_strings():
        is_inert(value)


@given(ANYTHING)
def test_any_string_is_inert_in_markdown(value):
    is_inert(value)


@pytest.mark.parametrize(
    "value", ["roc_auc", "carrier=AA", "flight-delay", "late (> 15 min)", "99 % of rows", "航空"]
)
def test_an_ordinary_name_reads_as_it_was_written(value):
    assert render(text.markdown(value)).text_content().strip() == value
    assert render(text.code(value)).text_content().strip() == value


def test_names_that_differ_in_hidden_characters_do_not_look_equal():
    assert text.markdown("carrier=A\u200bA") != text.markdown("carrier=AA")


def test_a_long_string_is_cut_to_its_limit():
    assert len(text.plain("x" * 1_000_000, 40)) == 40
    assert text.plain("x" * 1_000_000, 40).endswith("…")


@given(ANYTHING)
def test_a_fence_is_longer_than_any_backticks_inside(value):
    tree = render(text.fenced(value + "\n``````"))
    assert tags(tree) == {"pre", "code"}
    assert "``````" in tree.text_content()


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: ascii(value[:24]))
def test_a_terminal_line_moves_nothing_and_commands_nothing(value):
    shown = text.plain(value)
    assert all(c.isprintable() for c in shown)
    assert not shown.startswith("::")
    assert "##[" not in shown


@given(ANYTHING)
def test_any_string_is_valid_in_xml(value):
    element = ElementTree.Element("a", name=text.xml(value))
    element.text = text.xml(value)
    back = ElementTree.fromstring(ElementTree.tostring(element, encoding="utf-8"))
    assert back.get("name") == text.xml(value)


@given(ANYTHING, ANYTHING)
def test_a_workflow_command_stays_one_command(title, message):
    line = f"::error title={text.command_property(title)}::{text.command_data(message)}"
    assert "\n" not in line and "\r" not in line
    properties = line.removeprefix("::error ").split("::")[0]
    assert "," not in properties and ":" not in properties


def test_a_message_keeps_its_line_breaks_escaped():
    assert text.command_data("100%\nsure\x1b[31m") == "100%25%0Asure"
