"""The report page in a real browser: no noise, no requests, nothing cut off, readable in both themes."""

import shutil

import late_data
import late_flights as flights
import late_training
import pytest
from late_flight_pictures import pictures

from seatrial.report import html
from seatrial.report.context import Context

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# WCAG 2.2, relative luminance and contrast ratio, of every element that holds text itself.
LOW_CONTRAST = """() => {
  const channels = c => c.match(/[\\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = e => {
    for (; e; e = e.parentElement) {
      const c = channels(getComputedStyle(e).backgroundColor);
      if (c.length < 4 || c[3] === 1) return c;
    }
    return [255, 255, 255];
  };
  const low = [];
  let seen = 0;
  for (const e of document.body.querySelectorAll('*')) {
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())) continue;
    if (['title', 'desc', 'style'].includes(e.tagName.toLowerCase())) continue;
    seen += 1;
    const style = getComputedStyle(e);
    const [a, b] = [luminance(channels(e.closest('svg') ? style.fill : style.color)), luminance(ground(e))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) low.push(`${e.tagName}.${e.className.baseVal ?? e.className} ${ratio.toFixed(2)}`);
  }
  return [seen, low];
}"""


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine")
    with playwright.sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield found
        found.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    long_name = flights.check("a_metric_with_a_name_that_goes_on_" * 3, slice="carrier=" + "X" * 110)
    context = Context(changes=("data/" + "deep/" * 20 + "test.parquet",), run_url="https://github.com/a/b")
    made = {
        "failed": html.page([flights.failed()], context, pictures()),
        "inconclusive": html.page([flights.inconclusive(changed=True)], Context(other=(flights.passed(),))),
        "passed": html.page([flights.waived(), flights.passed()], Context(), pictures()),
        "long": html.page([flights.decision([long_name], name="model-" * 30)]),
        "data": html.page([late_data.failed(), flights.passed()]),
        "stated": html.page([late_training.lint(), late_training.failed(), late_training.passed()]),
        "names": html.page([late_data.hostile("a_column_" * 100), late_data.warned(), late_data.waived()]),
    }
    for name, page in made.items():
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
    return folder


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("name", ["failed", "inconclusive", "passed", "long", "data", "stated", "names"])
def test_the_page_fits_is_quiet_and_can_be_read(browser, pages, name, width, scheme):
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    noise, requests = [], []
    page.on("console", lambda message: noise.append(message.text))
    page.on("pageerror", lambda error: noise.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    address = (pages / f"{name}.html").as_uri()
    page.goto(address)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert noise == []
    assert [url for url in requests if url != address and not url.startswith("data:")] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    seen, low = page.evaluate(LOW_CONTRAST)
    assert seen > 20 and low == []
    page.close()


def test_the_keyboard_opens_a_column_and_the_numbers_of_its_histogram(browser, pages):
    page = browser.new_page(viewport={"width": 390, "height": 900})
    page.goto((pages / "data.html").as_uri())
    for place in (".columns summary", "figure summary"):
        page.locator(place).first.focus()
        page.keyboard.press("Enter")
    assert page.locator(".columns details[open] li").first.is_visible()
    assert page.locator("figure details[open] table").first.is_visible()
    page.close()


def test_the_keyboard_reaches_the_checks_and_opens_evidence(browser, pages):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto((pages / "failed.html").as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "checks"
    page.locator(".evidence summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator(".evidence details[open]").count() == 1
    page.close()
