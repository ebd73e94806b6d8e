"""The data gate on the report page: histograms that say what they show, any number of columns."""

import re
from itertools import pairwise

import html5lib
import late_data as flights
import late_flights
import pytest
from hostile_strings import HOSTILE, naughty
from late_flight_pictures import pictures

from seatrial.report import html
from seatrial.report.context import Context

ELEMENTS = {"html", "head", "meta", "title", "link", "style", "body", "a", "header", "main", "section", "p"}
ELEMENTS |= {"h1", "h2", "h3", "b", "small", "span", "dl", "div", "dt", "dd", "ul", "li", "code", "table"}
ELEMENTS |= {"thead", "tbody", "tr", "th", "td", "details", "summary", "pre", "figure", "figcaption", "svg"}
ELEMENTS |= {"path", "circle", "rect", "line", "polyline", "polygon", "text", "desc"}


def elements(page):
    tree = html5lib.HTMLParser(namespaceHTMLElements=False).parse(page)
    return [e for e in tree.iter() if isinstance(e.tag, str)]


def words(element):
    return re.sub(r"\s+", " ", " ".join(element.itertext())).strip()


def of(page, tag, kind=""):
    return [
        e
        for e in elements(page)
        if e.tag.split("}")[-1] == tag and kind in [*(e.get("class") or "").split(), ""]
    ]


def test_what_stands_out_then_the_columns_then_the_whole():
    page = html.page([flights.failed()])
    found, columns, whole = of(page, "table", "checks")
    assert [words(row)[:14] for row in found.iter("tr")][1:3] == ["distance nulls", "distance psi P"]
    rows = [words(row) for row in columns.iter("tr")][1:]
    assert len(rows) == len(flights.TYPES)
    assert rows[0].startswith("distance number 0.49 % PSI 0.41 2 failed, 4 passed")
    assert len(list(whole.iter("tr"))) == 1 + 6
    titles = [words(e) for e in of(page, "h3")]
    assert titles[:2] == ["What moved", "If this change is wanted"]
    assert "Baseline" not in page and "Candidate" not in page


def test_a_column_unfolds_into_its_checks():
    page = html.page([flights.failed()])
    items = [words(e) for e in of(page, "li")]
    assert any(i.startswith("one_of failed 4.9 %: 12,346 of 252,584 rows of train") for i in items)
    assert any(i.startswith("personal passed, with a warning") for i in items)


def test_each_column_that_moved_has_a_histogram_in_words_and_numbers_too():
    page = html.page([flights.failed()])
    figures = of(page, "figure")
    assert [words(next(f.iter("b"))) for f in figures] == ["distance", "carrier", "wind_gust"]
    assert "tenths of the reference, drawn equally wide" in words(figures[0])
    assert "PSI 0.412 [0.391, 0.433]; at most 0.25 is accepted" in words(figures[0])
    ids = {e.get("id"): words(e) for e in elements(page) if e.get("id")}
    for plot in of(page, "svg", "plot"):
        title, description = plot.get("aria-labelledby").split()
        assert ids[title] and ids[description].startswith("Share of the rows where most changed: ")
    numbers = [[words(c) for c in row] for row in figures[1].iter("tr")]
    assert numbers[:2] == [["value", "reference", "now", "rows now"], ["UA", "17.0 %", "26.9 %", "68,000"]]
    assert numbers[-1] == ["new", "0 %", "4.9 %", "12,346"]


def test_the_heights_of_the_bins_are_shares_on_one_scale():
    plot = of(html.page([flights.failed()]), "svg", "plot")[0]
    now, before = (
        e.get("points").split()
        for e in plot.iter()
        if e.get("class") in ("steps candidate", "steps baseline")
    )
    floor = float(now[0].split(",")[1])
    heights = [floor - float(p.split(",")[1]) for p in now[1:-1:2]]
    counts = [9_800, 11_200, 14_000, 17_500, 21_000, 26_000, 29_800, 33_000, 36_700, 53_584]
    assert heights == pytest.approx([c * heights[-1] / counts[-1] for c in counts], abs=0.2)
    even = {floor - float(p.split(",")[1]) for p in before[1:-1]}
    assert len(even) == 1 and even.pop() == pytest.approx(
        heights[-1] * 0.1 / (counts[-1] / sum(counts)), abs=0.2
    )
    edges = [float(p.split(",")[0]) for p in now[1:-1:2]]
    widths = [b - a for a, b in pairwise(edges)]
    assert widths == pytest.approx([widths[0]] * len(widths), abs=0.2)


def test_hundreds_of_columns_stay_a_page():
    page = html.page([flights.many()])
    assert len(page) < 2_000_000
    folds = [words(e) for e in of(page, "summary")]
    assert "60 more that stand out" in folds and "190 columns with nothing the matter" in folds
    assert page.count('class="plot"') == 24 and "36 more columns that moved" in words(of(page, "main")[0])
    assert "sensor_249" in page


def test_more_columns_than_a_page_holds_are_counted():
    page = html.page([flights.many(1_500, 3)])
    assert len(page) < 4_000_000 and "700 more columns" in words(of(page, "main")[0])


def test_two_gates_and_their_pictures_on_one_page():
    page = html.page([flights.failed(), late_flights.failed()], Context(), pictures())
    assert [words(e).split()[0] for e in of(page, "h2")] == ["Data", "Evaluation", "Provenance"]
    ids = [e.get("id") for e in elements(page) if e.get("id")]
    assert len(ids) == len(set(ids))
    assert "Rows 252,584 and 84,192" in words(of(page, "header", "page")[0])


def test_evidence_of_what_passed_is_folded_together():
    page = html.page([flights.failed()])
    (more,) = of(page, "details", "more")
    assert words(more).startswith("106 that passed or were skipped")
    outside = [e for e in of(page, "div", "evidence")[0] if e.tag == "details" and e.get("class") != "more"]
    assert len(outside) == 6


def is_contained(value):
    page = html.page([flights.hostile(value)], Context(value))
    for element in elements(page):
        assert element.tag.split("}")[-1] in ELEMENTS
        assert not [
            key for key in element.attrib if key.startswith("on") or key in ("src", "style", "srcset")
        ]
        assert element.tag != "a" or element.get("href") == "#checks"
    assert "<!--" not in page and len(of(page, "h2")) == 2
    assert not re.search(
        "[\u202a-\u202e\u2066-\u2069\u200b-\u200f\ufeff\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", page
    )


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: ascii(value[:24]))
def test_hostile_data_are_contained(value):
    is_contained(value)


def test_naughty_strings_are_contained():
    found = naughty()
    if found is None:
        pytest.skip("big-list-of-naughty-strings is not installed under tests/contract/node_modules")
    for value in found[::16]:
        is_contained(value)
