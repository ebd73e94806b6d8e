"""Draw the pictures of the documentation from a run of `make demo`: real comments and a real report page.

Usage: PYTHONPATH=scripts python docs/images/draw.py [RUN [NAME ...]]     (default: build/demo, all pictures)
Needs Chromium, the font Noto Color Emoji, and the packages playwright, cmarkgfm and pillow.
"""

import shutil
import sys
from pathlib import Path

import cmarkgfm
from cmarkgfm.cmark import Options
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from seatrial.decision import from_json
from seatrial.report import markdown

HERE = Path(__file__).resolve().parent
SCHEMES = ("light", "dark")

# A comment as GitHub frames it; the style is our own.
FRAME = """<!doctype html><meta charset="utf-8"><style>
:root {{ --page: #fff; --text: #1f2328; --soft: #59636e; --line: #d1d9e0; --head: #f6f8fa;
  --code: #818b981f; }}
@media (prefers-color-scheme: dark) {{ :root {{ --page: #0d1117; --text: #f0f6fc; --soft: #9198a1;
  --line: #3d444d; --head: #151b23; --code: #656c7633; }} }}
body {{ margin: 0; padding: 12px; background: var(--page); color: var(--text);
  font: 14px/1.5 "Noto Sans", "Liberation Sans", "DejaVu Sans", "Noto Color Emoji", sans-serif; }}
.comment {{ border: 1px solid var(--line); border-radius: 6px; }}
.by {{ padding: 7px 15px; background: var(--head); border-bottom: 1px solid var(--line); color: var(--soft);
  border-radius: 6px 6px 0 0; }}
.by b {{ color: var(--text); }}
.by span {{ border: 1px solid var(--line); border-radius: 9px; padding: 0 6px; font-size: 11px; }}
.body {{ padding: 15px; }}
h2 {{ font-size: 21px; margin: 0 0 14px; padding-bottom: 6px; border-bottom: 1px solid var(--line); }}
h3 {{ font-size: 17px; margin: 20px 0 12px; }}
p {{ margin: 0 0 12px; }}
table {{ border-collapse: collapse; margin: 0 0 14px; }}
th, td {{ border: 1px solid var(--line); padding: 5px 11px; }}
th, td code {{ white-space: nowrap; }}
tr:nth-child(2n) td {{ background: var(--head); }}
code {{ background: var(--code); border-radius: 5px; padding: 2px 5px;
  font: 12px "DejaVu Sans Mono", "Liberation Mono", monospace; }}
sub {{ font-size: 11px; color: var(--soft); vertical-align: baseline; }}
details {{ margin-bottom: 12px; }}
</style><div class="comment"><div class="by"><b>github-actions</b> <span>bot</span> commented</div>
<div class="body">{body}</div></div>"""


def comment(text: str) -> str:
    """The comment's Markdown as a page; what is folded stays folded, as a reader finds it."""
    return FRAME.format(body=cmarkgfm.github_flavored_markdown_to_html(text, Options.CMARK_OPT_UNSAFE))


def data_comment(decision: Path) -> str:
    """What check-data alone would have said, with its columns unfolded."""
    text = markdown.comment([from_json(decision.read_bytes())])
    return text.replace("<details><summary>Columns", "<details open><summary>Columns", 1)


def draw(browser: Browser, name: str, page: Path, width: int, height: int | None) -> None:
    """One picture per colour scheme; a height cuts the page off, none takes it whole."""
    for scheme in SCHEMES:
        view = browser.new_page(
            viewport={"width": width, "height": height or 400}, device_scale_factor=2, color_scheme=scheme
        )
        view.goto(page.as_uri())
        picture = HERE / f"{name}-{scheme}.png"
        view.screenshot(path=picture, full_page=height is None)
        view.close()
        Image.open(picture).convert("RGB").quantize(128, dither=Image.Dither.NONE).save(
            picture, optimize=True
        )


def main() -> None:
    run = Path(sys.argv[1] if len(sys.argv) > 1 else HERE.parents[1] / "build" / "demo").resolve()
    failed, wanted = run / "add-planes", sys.argv[2:] or ["comment", "data", "report"]
    texts = {
        "comment": lambda: (failed / "comment.md").read_text(encoding="utf-8"),
        "data": lambda: data_comment(failed / "data.json"),
    }
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        for name in wanted:
            if name == "report":
                draw(browser, name, failed / "report.html", 1100, 1010)
                continue
            framed = failed / f"{name}.framed.html"
            framed.write_text(comment(texts[name]()), encoding="utf-8")
            draw(browser, name, framed, 940, None)
            framed.unlink()
        browser.close()


if __name__ == "__main__":
    main()
