"""The report page: complete, self-contained, and inert whatever the names in it are."""

import base64
import hashlib
import re

import html5lib
import late_flights as flights
import pytest
from hostile_strings import HOSTILE, naughty
from late_flight_pictures import pictures

from seatrial.decision import DataFile, Model, Outcome, PolicySource, Subject, WaiverUsed, digest
from seatrial.report import html
from seatrial.report.context import Context
from seatrial.stats.pictures import Band, Calibration, Histogram, Pictures

ELEMENTS = {
    "html",
    "head",
    "meta",
    "title",
    "link",
    "style",
    "body",
    "a",
    "header",
    "main",
    "section",
    "p",
    "h1",
    "h2",
    "h3",
    "b",
    "small",
    "span",
    "dl",
    "div",
    "dt",
    "dd",
    "ul",
    "li",
    "code",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "details",
    "summary",
    "pre",
    "figure",
    "figcaption",
    "svg",
    "path",
    "circle",
    "rect",
    "line",
    "polyline",
    "polygon",
    "text",
    "desc",
}
LOADS = ("src", "srcset", "data", "poster", "action", "formaction", "background", "xlink:href", "style")


def parse(page):
    """The DOM as browsers build it; strict about what our own template writes."""
    return html5lib.HTMLParser(namespaceHTMLElements=False, strict=False).parse(page)


def elements(page):
    return [e for e in parse(page).iter() if isinstance(e.tag, str)]


def name(element):
    return re.sub(r"^\{.*\}", "", element.tag)


def said(page):
    body = parse(page).find("body")
    return re.sub(r"\s+", " ", " ".join(body.itertext()))


@pytest.mark.parametrize(
    ("decision", "head"),
    [
        (flights.failed(), "Failed flight-delay"),
        (flights.passed(), "Passed flight-delay"),
        (flights.inconclusive(), "Inconclusive flight-delay"),
    ],
)
def test_the_verdict_and_why_open_the_page(decision, head):
    page = html.page([decision])
    title = next(e for e in elements(page) if name(e) == "h1")
    assert re.sub(r"\s+", " ", "".join(title.itertext())).strip() == head
    assert "roc_auc" in said(page)[: said(page).index("Commit")]


def test_every_check_slice_and_digest_is_there():
    decision = flights.failed()
    text = said(html.page([decision], Context(), pictures()))
    for check in decision.checks:
        assert check.metric in text and (check.slice or "") in text
    assert digest(decision) in text
    assert all(file.sha256 in text for file in decision.data)
    assert "needs about 8,700 rows" in text and "nothing is predicted positive at cut 0.5" in text
    assert "What these rows can resolve" in text


def test_four_plots_each_with_a_name_a_description_and_its_numbers():
    page = html.page([flights.failed()], Context(), pictures())
    plots = [e for e in elements(page) if name(e) == "svg" and e.get("class") == "plot"]
    names = {i.get("id"): "".join(i.itertext()) for i in elements(page) if i.get("id")}
    titles = []
    for plot in plots:
        title, description = (names[key] for key in plot.get("aria-labelledby").split())
        titles.append(title)
        assert len(description) > 40 and plot.get("role") == "img" and plot.get("viewBox")
    assert titles == ["ROC curve", "Precision and recall", "Calibration", "Scores"]
    figures = [e for e in elements(page) if name(e) == "figure"]
    assert all(len(list(figure.iter("tr"))) > 3 for figure in figures)


def test_ids_are_unique_and_every_glyph_is_named():
    page = html.page([flights.failed(), flights.inconclusive()], Context(), pictures())
    ids = [e.get("id") for e in elements(page) if e.get("id")]
    assert len(ids) == len(set(ids))
    for glyph in (e for e in elements(page) if e.get("class") == "glyph"):
        assert (
            "roc_auc" in glyph.get("aria-label")
            or ";" in glyph.get("aria-label")
            or "passed" in glyph.get("aria-label")
        )


def test_nothing_is_loaded_and_the_policy_of_the_page_forbids_it():
    page = html.page([flights.failed()], Context(run_url="https://github.com/a/b"), pictures())
    assert "<script" not in page and "@import" not in page and "url(" not in page
    for element in elements(page):
        assert not set(element.attrib) & set(LOADS), element.tag
        if name(element) == "link":
            assert element.get("href").startswith("data:")
    policy = next(
        e.get("content") for e in elements(page) if e.get("http-equiv") == "Content-Security-Policy"
    )
    assert "default-src 'none'" in policy and "unsafe-inline" not in policy
    style = page.split("<style>")[1].split("</style>")[0]
    assert base64.b64encode(hashlib.sha256(style.encode()).digest()).decode() in policy


def test_what_people_should_know_is_said():
    context = Context(
        unreviewed=True,
        other=(flights.passed(),),
        changes=("data/test.parquet",),
        outdated=True,
        policy_note="A note",
    )
    decision = flights.waived(changed=True, mode="advisory")
    text = said(html.page([decision], context))
    expected = [
        "Unreviewed policy",
        "would be passed",
        "data/test.parquet",
        "Outdated",
        "A note",
        "Advisory",
        "edits the policy",
        "B6 joins in March",
        "waived until 2027-03-31",
    ]
    for words in expected:
        assert words in text


def test_thousands_of_slices_are_cut_and_the_page_says_so():
    page = html.page([flights.many(5_000)])
    assert len(page) < 3_000_000
    assert "4,600 more slices" in said(page)
    assert "tail_number=N00000" in page


def test_a_page_without_decisions_or_pictures_is_a_page():
    assert "no gate ran" in said(html.page([]))
    assert "Pictures" not in said(html.page([flights.passed()], Context(), Pictures()))


def test_degenerate_pictures_are_drawn_without_fault():
    one = (0.5,)
    lone = Pictures(
        roc={"candidate": Band(one, one, one, one)},
        calibration={"baseline": Calibration((0.0,), (0.0,), (0.0,), (0.0,), (0,))},
        histogram={"candidate": Histogram((0.0, 0.0), {"late": (0,)})},
    )
    page = html.page([flights.passed()], Context(), lone)
    assert not re.search(r"\b(nan|inf)\b", page, re.IGNORECASE) and page.count('class="plot"') == 3


def poisoned(value):
    value = value.encode("utf-8", "replace").decode()[:1_900]
    checks = [
        flights.check(value, slice=value, id="a", outcome=Outcome.FAILED, low=-0.02, high=-0.01),
        flights.check(value, id="b", outcome=Outcome.FAILED, evidence={value: value, "direction": "higher"}),
        flights.unmeasured(value, "min", 0.5, Outcome.ERROR, value, id="c"),
    ]
    waiver = WaiverUsed(check="b", reason=value, until=value)
    decision = flights.decision(checks, waivers=[waiver], gate=value, notes=(value,)).model_copy(
        update={
            "model": Model(name=value, digest=value),
            "subject": Subject(repository=value, head=value, base=value, run=value),
            "policy": PolicySource(ref=value, sha256=value, changed=True),
            "data": (DataFile(path=value, sha256=value, rows=1),),
            "tool": value,
        }
    )
    return decision, Context(value, other=(decision,), changes=(value,), report_url=value, run_url=value)


def is_contained(value):
    decision, context = poisoned(value)
    # The gate's name must not keep the pictures, with their hostile group, from the page.
    decision = decision.model_copy(update={"gate": "evaluate"})
    group = value.encode("utf-8", "replace").decode()[:200]
    drawn = Pictures(histogram={"candidate": Histogram((0.0, 0.5, 1.0), {group: (1, 2)})})
    page = html.page([decision], context, drawn)
    found = elements(page)
    assert {name(e) for e in found} <= ELEMENTS
    for element in found:
        assert not [key for key in element.attrib if key.startswith("on") or key in LOADS]
        if name(element) == "a" and element.get("href") != "#checks":
            assert element.get("href").startswith("https://")
    assert "<!--" not in page
    assert not re.search(
        "[\u202a-\u202e\u2066-\u2069\u200b-\u200f\ufeff\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", page
    )


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: ascii(value[:24]))
def test_a_hostile_decision_is_contained(value):
    is_contained(value)


def test_naughty_strings_are_contained():
    found = naughty()
    if found is None:
        pytest.skip("big-list-of-naughty-strings is not installed under tests/contract/node_modules")
    for value in found[::8]:
        is_contained(value)
