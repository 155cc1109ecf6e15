"""Take the pictures of README and docs from the running app, in both languages, without internet.

``make screenshots`` takes all, ``tools/screenshots.py NAME …`` some. Chromium shows them as in the
browser tests; the assessments of whoever runs this are neither read nor changed.
"""

import io
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pypdfium2
from PIL import Image, ImageOps
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from ikmgeo.register.sample import write_sample  # noqa: E402
from ikmgeo.register.store import Register  # noqa: E402
from ikmgeo.register.taking_in import take_in  # noqa: E402
from ikmgeo.words.messages import Messages  # noqa: E402
from tests.browser.driver import DESKTOP, SAY, Tab  # noqa: E402
from tests.conftest import ARGUMENTS, BROWSERS, Server, shipped_inputs, start_server  # noqa: E402

FOLDER = ROOT / "docs" / "images"
PROJECTOR = (1280, 720)

OWN = """nama;komoditas;kabupaten;lintang;bujur;ketelitian;skor
Sentra Ulos Balige;Tenun dan songket;Kabupaten Toba;2,3334;99,0642;desa;52,4
Sentra Kopi Sidikalang;Kopi;Kabupaten Dairi;2,7421;98,3126;kecamatan;47,1
Sentra Tahu Binjai;Tahu;Kota Binjai;3,6000;98,4850;lokasi;
Sentra Madu;Madu;Kabupaten Karo;98,5000;3,1000;desa;41,0
Sentra Kopi Langkat;Kopi;Kabupaten Langka;3,7300;98,4500;desa;38,8
Sentra Kopra;Kopra;Kabupaten Asahan;2,9800;99,6200;desa;170,06
"""
"""Three good rows, one whose degrees were exchanged, a misspelt district, a score too high."""

GROUPS = {
    "id": {"Dinas": ("market", 60), "Usaha": ("production", 55), "Kampus": ("sustainability", 65)},
    "en": {"Office": ("market", 60), "Firms": ("production", 55), "Campus": ("sustainability", 65)},
}
"""Groups of a workshop, and the weight that each gives to one aspect, by language."""

Take = Callable[[Tab, Messages], bytes]


def drawn(tab: Tab) -> None:
    """Wait until the map holds the centers that the page counts, or anything where it has none."""
    tab.settle()
    count = tab.page.locator(".ikm-count")
    if count.count() and "/districts" not in tab.page.url:
        tab.drawn(int(re.findall(r"\d+", count.inner_text())[0]))
    else:
        tab.in_map("() => window.map && Object.keys(map._layers).length > 10")
    tab.page.wait_for_timeout(600)  # lists and tooltips that fade


def look(tab: Tab) -> bytes:
    """The tab as it stands."""
    tab.settle()
    return tab.page.screenshot(animations="disabled")


def view(path: str, *, mapped: bool = True, down: int = 0) -> Take:
    """A page as a link opens it, scrolled down by some pixels."""

    def take(tab: Tab, say: Messages) -> bytes:
        begin(tab, say, path)
        if mapped:
            drawn(tab)
        scroll(tab, down)
        return look(tab)

    return take


def begin(tab: Tab, say: Messages, path: str) -> None:
    """Open a path in a language."""
    tab.page.goto(f"{tab.origin}{path}{'&' if '?' in path else '?'}lang={say.language}")
    tab.page.locator(".ikm-h1").wait_for()
    tab.settle()


def scroll(tab: Tab, down: int) -> None:
    """Scroll the page, the pointer out of the map's way."""
    if down:
        tab.page.get_by_test_id("stMain").evaluate("(e, by) => e.scrollTo(0, by)", down)
        tab.page.wait_for_timeout(400)


def button(tab: Tab, label: str) -> None:
    """Press a button and wait for what follows."""
    tab.page.get_by_role("button", name=label, exact=True).first.click()
    tab.page.wait_for_timeout(300)
    tab.settle()


def section(tab: Tab, label: str) -> None:
    """Turn to a part of the page."""
    tab.page.get_by_test_id("stButtonGroup").get_by_text(label, exact=True).click()
    tab.page.wait_for_timeout(300)
    tab.settle()


def first_visit(tab: Tab, say: Messages) -> bytes:
    """The map with the first card of the introduction."""
    begin(tab, say, "/")
    drawn(tab)
    tab.page.get_by_role("dialog").wait_for()
    return look(tab)


def what_if(tab: Tab, say: Messages) -> bytes:
    """A hypothetical zone in the middle of the province."""
    begin(tab, say, "/linkage?section=what_if&indicator=proximity_index")
    drawn(tab)
    button(tab, say("what_if.new_zone"))
    drawn(tab)
    return look(tab)


def examples(tab: Tab, say: Messages, path: str = "/scoring?section=weights") -> None:
    """The scoring page with the six fictional centers."""
    begin(tab, say, path)
    button(tab, say("scoring.load_examples"))


def scoring(tab: Tab, say: Messages) -> bytes:
    """Weights that favour market and production."""
    examples(tab, say, "/scoring?section=weights&scores=assessed&weights=10-25-35-10-10-10")
    drawn(tab)
    return look(tab)


def next_steps(tab: Tab, say: Messages) -> bytes:
    """Points missing and actions of a fictional center."""
    examples(tab, say)
    section(tab, say("section.next"))
    name = {"id": "Sentra Contoh 4", "en": "Sample Center 4"}[say.language]
    tab.choose(say("table.name"), name)
    tab.settle()
    tab.page.wait_for_timeout(600)
    return look(tab)


def own(tab: Tab, say: Messages) -> bytes:
    """A file with good and bad rows."""
    begin(tab, say, "/sources?section=own")
    tab.upload("sentra-dinas.csv", OWN.encode())
    result = tab.page.get_by_text(say("own.result", good="4", rejected="2"))
    result.wait_for()
    tab.settle()
    tab.page.get_by_test_id("stFileUploader").scroll_into_view_if_needed()
    result.scroll_into_view_if_needed()
    scroll(tab, 330)
    return look(tab)


def talk(tab: Tab, say: Messages) -> bytes:
    """The second scene of the shipped story."""
    begin(tab, say, "/workshop")
    button(tab, say("story.play"))
    tab.page.get_by_text(say("present.count", at="1", of="6")).wait_for()
    drawn(tab)
    tab.page.keyboard.press("ArrowRight")
    tab.page.get_by_text(say("present.count", at="2", of="6")).wait_for()
    drawn(tab)
    tab.page.mouse.move(1, 1)
    return look(tab)


def atlas(tab: Tab, say: Messages) -> bytes:
    """Two pages of the atlas beside each other: the province and a center."""
    begin(tab, say, "/workshop?section=take")
    words = say("take.atlas_pdf")
    button(tab, say("take.make", what=words))
    ready = tab.page.get_by_role("button", name=say("take.download", what=words))
    ready.wait_for(timeout=180_000)
    with tab.page.expect_download() as begun:
        ready.click()
    pdf = pypdfium2.PdfDocument(Path(begun.value.path()))
    at = {str(mark.get_title()): mark.get_dest().get_index() for mark in pdf.get_toc()}
    coffee = {"id": "Sentra Kopi Karo", "en": "Karo Coffee Center"}[say.language]
    pages = [
        pdf[at[title]].render(scale=1.12).to_pil() for title in (say("atlas.province"), coffee)
    ]
    framed = [ImageOps.expand(page, border=1, fill="#767b82") for page in pages]
    sheet = Image.new("RGB", (sum(p.width for p in framed) + 24, framed[0].height), "white")
    sheet.paste(framed[0], (0, 0))
    sheet.paste(framed[1], (framed[0].width + 24, 0))
    held = io.BytesIO()
    sheet.save(held, "PNG")
    return held.getvalue()


def groups(tab: Tab, say: Messages) -> bytes:
    """Three groups side by side on the fictional centers."""
    examples(tab, say)
    tab.page.get_by_test_id("stPageLink").filter(has_text=say("page.workshop")).click()
    tab.page.get_by_text(say("workshop.heading")).wait_for()
    section(tab, say("section.groups"))
    tab.page.get_by_label(say("groups.workshop")).fill(
        {"id": "Lokakarya Medan", "en": "Medan workshop"}[say.language]
    )
    tab.page.keyboard.press("Enter")
    tab.settle()
    for name, (aspect, weight) in GROUPS[say.language].items():
        tab.page.get_by_label(say("groups.name")).fill(name)
        tab.page.keyboard.press("Enter")
        button(tab, say("groups.join"))
        tab.page.get_by_role("button", name=say("groups.save")).wait_for()
        slide(tab, say(f"aspect.{aspect}"), weight)
        button(tab, say("groups.save"))
        tab.page.get_by_text(say("groups.saved", version="1")).wait_for()
        button(tab, say("groups.leave"))
        tab.page.get_by_role("button", name=say("groups.join"), exact=True).wait_for()
    tab.page.locator(".ikm-verdict", has_text="Kendall").wait_for()
    tab.page.wait_for_timeout(5_000)  # the results look for themselves every few seconds
    scroll(tab, 290)
    return look(tab)


def units(tab: Tab, say: Messages) -> bytes:
    """A fictional register by leading commodity."""
    begin(tab, say, "/register?colours=product")
    tab.in_map("() => document.querySelectorAll('.leaflet-units-pane img').length > 0")
    tab.page.wait_for_timeout(3_000)  # tiles
    return look(tab)


def sample(folder: Path) -> Register:
    """A fictional register of as many units as the province's."""
    inputs = shipped_inputs()
    write_sample(folder / "sample.csv", inputs)
    register = Register(folder / "register")
    take_in(
        folder / "sample.csv",
        inputs,
        register,
        remark=lambda issue: issue.code,
        rejected=folder / "back.csv",
    )
    return register


def slide(tab: Tab, label: str, percent: int) -> None:
    """Put a slider at a part of its way by one click."""
    thumb = tab.slider(label)
    thumb.scroll_into_view_if_needed()
    whole = tab.page.get_by_test_id("stSlider").filter(has_text=label)
    at = "e => { const r = e.getBoundingClientRect(); return [r.x, r.y, r.width, r.height]; }"
    _, y, _, height = thumb.evaluate(at)
    x, _, width, _ = whole.evaluate(at)
    tab.page.mouse.click(x + width * percent / 100, y + height / 2)
    tab.page.wait_for_timeout(400)
    tab.settle()


SCREENS: dict[str, tuple[Take, tuple[int, int]]] = {
    "start": (first_visit, DESKTOP),
    "map": (view("/?center=karo-coffee"), DESKTOP),
    "filters": (view("/?scheme=printed_ranges&from=sei_mangkei&km=100&at=3.1,99.4,9"), DESKTOP),
    "linkage": (view("/linkage?indicator=proximity&center=batu-bara-tenun"), DESKTOP),
    "what_if": (what_if, DESKTOP),
    "districts": (view("/districts?measure=mean_proximity&district=1209"), DESKTOP),
    "scoring": (scoring, DESKTOP),
    "next": (next_steps, DESKTOP),
    "own": (own, DESKTOP),
    "present": (talk, PROJECTOR),
    "atlas": (atlas, DESKTOP),
    "groups": (groups, DESKTOP),
    "claims": (view("/sources", mapped=False), DESKTOP),
    "register": (units, DESKTOP),
    "specialisation": (view("/register?section=specialisation&product=coffee"), DESKTOP),
}
"""Every picture of the docs, and the size of the window."""


def shoot(browser: Browser, server: Server, name: str, language: str) -> None:
    """Take one picture in a fresh session and keep it small."""
    take, (width, height) = SCREENS[name]
    context = browser.new_context(viewport={"width": width, "height": height})
    if take is not first_visit:
        context.add_init_script("localStorage.setItem('ikmgeo-tour', 'seen')")
    tab = Tab(context.new_page(), server.url)
    picture = Image.open(io.BytesIO(take(tab, SAY[language]))).convert("RGB")
    tab.check()
    context.close()
    file = FOLDER / f"{name}.{language}.png"
    reduced(picture).save(file, optimize=True)
    print(f"{file.relative_to(ROOT)}: {file.stat().st_size / 1000:.0f} kB")


def reduced(picture: Image.Image) -> Image.Image:
    """The picture in 256 colours: its most frequent ones as they are, and others far apart.

    A palette of means would make two categories look alike.
    """
    pixels = np.asarray(picture).reshape(-1, 3).astype(int)
    colours, at, count = np.unique(pixels, axis=0, return_inverse=True, return_counts=True)
    apart = picture.quantize(128, method=Image.Quantize.MAXCOVERAGE).getpalette() or []
    frequent = colours[np.argsort(-count, kind="stable")[:128]]
    palette = np.vstack([frequent, np.reshape(apart, (-1, 3))])
    nearest = ((colours[:, None] - palette) ** 2).sum(axis=2).argmin(axis=1)
    small = Image.fromarray(nearest[at].reshape(picture.height, picture.width).astype("uint8"), "P")
    small.putpalette(palette.ravel().tolist())
    return small


def main(names: list[str]) -> None:
    """Take the pictures of these names, or all."""
    chromium = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)))
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        register = sample(Path(folder)).folder
        server = start_server(Path(folder) / "log.txt", IKMGEO_REGISTER=str(register))
        browser = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        try:
            for name in names or SCREENS:
                for language in ("id", "en"):
                    shoot(browser, server, name, language)
        finally:
            browser.close()
            server.process.terminate()
            server.process.wait()


if __name__ == "__main__":
    main(sys.argv[1:])
