"""What GitHub would make of a Markdown text: rendered by cmark-gfm, read back as a DOM."""

import re
from collections.abc import Iterator

import cmarkgfm
from cmarkgfm.cmark import Options
from lxml import html

# What GitHub's own filters turn into links, images or notifications after rendering.
LIVE = re.compile(
    r"@[A-Za-z0-9]|#\d|(?i:gh-\d)|://|(?i:www\.)|(?i:ghsa-\w)|[A-Z]-\d|:[\w+-]+:|\$[^\s$]", re.ASCII
)


def render(text: str) -> html.HtmlElement:
    """The text as GitHub renders it, with raw HTML left in, so that what gets through is seen."""
    markup = cmarkgfm.github_flavored_markdown_to_html(text, Options.CMARK_OPT_UNSAFE)
    return html.fragment_fromstring(markup, create_parent="article")


def tags(tree: html.HtmlElement) -> set[str]:
    """Every element name; comments and processing instructions by their kind."""
    return {e.tag if isinstance(e.tag, str) else e.tag.__name__ for e in tree.iterdescendants()}


def texts(tree: html.HtmlElement) -> Iterator[str]:
    """All runs of text, joined per parent as GitHub's filters see them; our own links are left out."""
    for parent in tree.iter():
        if isinstance(parent.tag, str) and parent.tag != "a":
            for piece in parent.xpath("text()"):
                yield str(piece)


def tables(tree: html.HtmlElement) -> list[list[int]]:
    """Per table, the number of cells of each row."""
    return [[len(row.xpath("th|td")) for row in table.iter("tr")] for table in tree.iter("table")]
