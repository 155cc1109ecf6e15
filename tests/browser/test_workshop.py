"""The workshop: a story told by keys, scenes kept and reloaded, files to take away, groups."""

import io
import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pypdf
import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser.driver import CENTERS, DATA, PHONE, SAY, Tab, Visit, place
from tests.browser.faults import overflow, violations
from tests.rated import ASPECTS

SAY_ID, SAY_EN = SAY["id"], SAY["en"]
STORY = json.loads((DATA / "story.json").read_text(encoding="utf-8"))
ROOM = (1280, 720)


def button(tab: Tab, words: str) -> Any:
    return tab.page.get_by_role("button", name=words, exact=True)


def headline(tab: Tab, begins: str) -> None:
    """Wait for a headline; of a text with facts, for what stands before the first."""
    expect(tab.page.locator(".ikm-headline")).to_contain_text(begins.partition("{")[0].strip())


def began(scene: dict[str, Any], language: str = "id") -> str:
    text = str(scene["headline"][language])
    return re.split(r"\{\w+\}", text)[1 if text.startswith("{") else 0].strip()


# Present


def test_the_shipped_story_is_told_by_keys(visit: Visit) -> None:
    tab = visit("/workshop", size=ROOM)
    button(tab, SAY_ID("story.play")).click()
    keys = ("", "ArrowRight", "PageDown", "ArrowDown", "PageDown", " ")
    for scene, key in zip(STORY["scenes"], keys, strict=True):
        if key:
            tab.page.keyboard.press(key)
        headline(tab, began(scene))
        expect(tab.page.locator(".ikm-said")).to_have_text(scene["note"]["id"])
        shown = {"districts": 0, "map": CENTERS, "linkage": CENTERS}[scene["stage"]]
        shown = 5 if "category" in scene["parameters"] else shown
        tab.drawn(shown)
        expect(tab.legend()).to_be_visible()
    tab.page.keyboard.press("PageDown")  # past the last it stays
    tab.settle()
    headline(tab, began(STORY["scenes"][5]))
    tab.page.keyboard.press("PageUp")
    headline(tab, began(STORY["scenes"][4]))
    tab.page.keyboard.press("Home")
    headline(tab, began(STORY["scenes"][0]))
    tab.drawn(0)
    tab.settle()
    tab.map.locator(".leaflet-container").focus()  # keys work from within the map too
    tab.page.keyboard.press("ArrowRight")
    headline(tab, began(STORY["scenes"][1]))
    tab.page.keyboard.press("End")
    headline(tab, began(STORY["scenes"][5]))
    tab.page.keyboard.press("Escape")
    expect(tab.page.locator(".ikm-h1")).to_have_text(SAY_ID("workshop.heading"))
    assert "stage" not in tab.params


@pytest.mark.parametrize("stage", ["map", "linkage", "districts"])
def test_the_last_row_can_read_it_and_nothing_of_streamlit_shows(visit: Visit, stage: str) -> None:
    tab = visit(f"/present?stage={stage}", size=ROOM)
    tab.drawn(0 if stage == "districts" else CENTERS)
    size = "e => parseFloat(getComputedStyle(e).fontSize)"
    assert tab.page.locator(".ikm-headline").evaluate(size) >= 40
    assert tab.map.locator(".ikm-legend li").first.evaluate(size) >= 20
    for part in ("stSidebar", "stHeader", "stToolbar"):
        expect(tab.page.get_by_test_id(part)).not_to_be_visible()
    assert tab.page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight") <= 721
    frame = tab.page.locator('iframe[title*="st_folium"]').bounding_box()
    assert frame is not None
    assert frame["width"] * frame["height"] > 0.65 * ROOM[0] * ROOM[1]
    assert tab.map.evaluate("map.getSize().y") == pytest.approx(frame["height"], abs=2)
    expect(tab.map.locator(".leaflet-control-attribution")).to_be_in_viewport()
    assert violations(tab) == []


def test_one_click_presents_the_view_and_escape_comes_back_to_it(visit: Visit) -> None:
    tab = visit("/linkage?indicator=proximity&column=all&lang=en", size=ROOM)
    tab.view_map(3.1, 98.6, 9)
    button(tab, SAY_EN("present.button")).click()
    headline(tab, SAY_EN("linkage.heading"))
    tab.shapes("l.options.opacity === 0.85 && !l.options.sign", 39)
    tab.settle()
    lat, lon, zoom = tab.map.evaluate("[map.getCenter().lat, map.getCenter().lng, map.getZoom()]")
    assert (round(lat, 2), round(lon, 2), zoom) == (3.1, 98.6, 9)
    tab.page.locator("[data-ikm-keys]").wait_for(state="attached")
    tab.page.keyboard.press("Escape")
    expect(tab.page.locator(".ikm-h1")).to_have_text(SAY_EN("linkage.heading"))
    tab.expect_param("column", "all")
    assert tab.params == {"lang": "en", "indicator": "proximity", "column": "all"}


def test_what_else_a_remote_sends_does_no_harm_and_a_phone_shows_it_whole(visit: Visit) -> None:
    tab = visit("/present", size=ROOM)
    tab.drawn()
    tab.page.locator("[data-ikm-keys]").wait_for(state="attached")
    tab.page.evaluate("window.loadedOnce = true")
    blank = tab.page.locator(".ikm-blank")
    for key in ("F5", "Shift+F5"):
        tab.page.keyboard.press(key)
        expect(blank).to_be_hidden()
    for key, back in ((".", "."), ("b", "ArrowRight"), ("w", "F5")):
        tab.page.keyboard.press(key)
        expect(blank).to_be_visible()
        tab.page.keyboard.press(back)
        expect(blank).to_be_hidden()
    assert tab.page.evaluate("window.loadedOnce")
    for width, height in (PHONE, (683, 384)):  # the second is a desktop at 200 %
        tab.page.set_viewport_size({"width": width, "height": height})
        tab.settle()
        assert overflow(tab) == 0


def test_the_browser_asks_before_an_unsaved_story_is_lost(visit: Visit) -> None:
    tab = visit("/workshop")
    asked: list[str] = []
    tab.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    first = tab.page.get_by_test_id("stExpander").first.locator("summary")
    first.click()  # without a click, no browser asks
    tab.page.reload()
    tab.page.locator(".ikm-h1").wait_for()  # before, it stands still because nothing came yet
    tab.settle()
    assert asked == []
    first.click()
    tab.settle()  # what unfolds takes no click
    button(tab, SAY_ID("story.drop")).first.click()
    tab.settle()
    expect(button(tab, SAY_ID("story.undo"))).to_be_visible()
    tab.page.wait_for_function("window.onbeforeunload !== null")
    tab.page.reload()
    assert asked == ["beforeunload"]


# Scenes


def keep_scene(tab: Tab, words: str, note: str, language: str = "id") -> None:
    say = SAY[language]
    button(tab, say("share.more")).click()
    tab.page.get_by_label(say("story.headline"), exact=True).fill(words)
    tab.page.get_by_label(say("story.note_label"), exact=True).fill(note)
    button(tab, say("story.keep_now")).click()
    expect(tab.page.get_by_text(say("story.kept", count=7))).to_be_visible()
    tab.page.keyboard.press("Escape")


def go(tab: Tab, page: str, language: str = "id") -> None:
    words = SAY[language](f"page.{page}")
    tab.page.get_by_test_id("stPageLink").filter(has_text=words).first.click()
    expect(tab.page.locator(".ikm-h1")).to_have_text(SAY[language](f"{page}.heading"))
    tab.settle()


def test_a_view_is_kept_with_its_zoom_and_comes_back_from_a_file(
    visit: Visit, tmp_path: Path
) -> None:
    tab = visit("/?scheme=contiguous&category=excellent", centers=2)
    tab.view_map(2.9, 98.7, 10)
    keep_scene(tab, "Dua <b>unggulan</b>", "Catatan & lagi")
    assert tab.map.evaluate("map.getZoom()") == 10  # keeping a scene moves nothing
    go(tab, "workshop")
    with tab.page.expect_download() as download:
        button(tab, SAY_ID("story.save")).click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    scene = json.loads(file.read_text(encoding="utf-8"))["scenes"][6]
    assert scene == {
        "stage": "map",
        "parameters": {"scheme": "contiguous", "category": "excellent", "at": "2.9,98.7,10"},
        "headline": {"id": "Dua <b>unggulan</b>"},
        "note": {"id": "Catatan & lagi"},
    }
    other = visit("/workshop?lang=en", size=ROOM)
    button(other, SAY_EN("story.load")).click()
    other.page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(file)
    button(other, SAY_EN("story.use")).click()
    other.settle()
    other.page.keyboard.press("Escape")
    other.page.get_by_text("7. Dua <b>unggulan</b>").click()
    other.settle()
    button(other, SAY_EN("story.from_here")).click()
    headline(other, "Dua <b>unggulan</b>")
    expect(other.page.locator(".ikm-said")).to_have_text("Catatan & lagi")
    other.drawn(2)
    lat, lon, zoom = other.map.evaluate("[map.getCenter().lat, map.getCenter().lng, map.getZoom()]")
    assert (lat, lon) == pytest.approx((2.9, 98.7), abs=0.01)
    assert zoom == 10
    other.page.keyboard.press("Escape")
    expect(other.page.locator(".ikm-h1")).to_be_visible()
    other.settle()
    other.page.get_by_text("7. Dua <b>unggulan</b>").click()
    other.settle()
    button(other, SAY_EN("story.open")).click()
    expect(other.page.locator(".ikm-h1")).to_have_text(SAY_EN("map.heading"))
    other.expect_param("at", "2.9,98.7,10")
    other.drawn(2)


# Share


def test_the_copied_link_reopens_the_view_in_another_browser(
    visit: Visit, browser: Browser
) -> None:
    tab = visit("/?scheme=contiguous&commodity=cassava&center=deli-serdang-cassava", centers=3)
    tab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.view_map(3.4, 98.75, 9.5)
    button(tab, SAY_ID("share.more")).click()
    button(tab, SAY_ID("shell.copy")).click()
    expect(tab.page.get_by_text(SAY_ID("shell.copied_here"))).to_be_visible()
    link = str(tab.page.evaluate("navigator.clipboard.readText()"))
    assert link.startswith(tab.origin)
    other = browser.new_context()
    other.add_init_script("localStorage.setItem('ikmgeo-tour', 'seen')")
    again = visit(
        link.removeprefix(tab.origin).replace("lang=id", "lang=en"), within=other, centers=3
    )
    again.expect_panel("Deli Serdang Cassava Center")
    again.expect_count(3, language="en")
    lat, lon, zoom = again.map.evaluate("[map.getCenter().lat, map.getCenter().lng, map.getZoom()]")
    assert (round(lat, 2), round(lon, 2), zoom) == (3.4, 98.75, 9.5)
    assert again.params == tab.params | {"lang": "en", "at": "3.4,98.75,9.5"}


# The first visit


@pytest.fixture
def newcomer(browser: Browser) -> Iterator[BrowserContext]:
    fresh = browser.new_context()
    yield fresh
    fresh.close()


def test_cards_greet_a_newcomer_once(visit: Visit, newcomer: BrowserContext) -> None:
    tab = visit("/", within=newcomer)
    card = tab.page.get_by_role("dialog", name=SAY_ID("tour.label"))
    for step in ("pages", "workshop"):
        expect(card.get_by_role("heading")).to_have_text(SAY_ID(f"tour.{step}"))
        words = SAY_ID("tour.done" if step == "workshop" else "tour.next")
        if step == "pages":
            assert violations(tab) == []
        card.get_by_role("button", name=words).click()
    expect(card).to_be_hidden()
    tab.page.reload()
    tab.drawn()
    expect(card).to_be_hidden()
    button(tab, SAY_ID("share.more")).click()
    button(tab, SAY_ID("tour.again")).click()
    expect(card).to_be_visible()
    card.get_by_role("button", name=SAY_ID("tour.skip")).click()
    expect(card).to_be_hidden()

    # A newcomer who skips them is not greeted again either.
    tab.page.evaluate("localStorage.clear()")
    tab = visit("/scoring?lang=en", within=newcomer)
    card = tab.page.get_by_role("dialog", name=SAY_EN("tour.label"))
    card.get_by_role("button", name=SAY_EN("tour.skip")).click()
    expect(card).to_be_hidden()
    again = visit("/districts", within=newcomer)
    expect(again.page.get_by_role("dialog", name=SAY_ID("tour.label"))).to_be_hidden()


def test_a_printed_page_has_its_content_and_no_controls(visit: Visit) -> None:
    tab = visit("/")
    for page in ("map", "scoring", "sources"):
        if page != "map":
            go(tab, page)
        tab.page.emulate_media(media="print")
        expect(tab.page.get_by_test_id("stSidebar")).not_to_be_visible()
        heading = tab.page.locator(".ikm-h1")
        expect(heading).to_be_visible()
        printed = io.BytesIO(tab.page.pdf(prefer_css_page_size=True))
        sheets = pypdf.PdfReader(printed).pages
        assert sheets[0].mediabox.width > sheets[0].mediabox.height
        text = " ".join(sheet.extract_text() for sheet in sheets)
        assert SAY_ID(f"{page}.heading").split()[0] in text
        tab.page.emulate_media(media="screen")


# Take away


def taken(tab: Tab, words: str) -> tuple[str, bytes]:
    with tab.page.expect_download(timeout=60_000) as download:
        button(tab, SAY_ID("take.download", what=words)).click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def test_every_file_holds_what_the_screen_shows(visit: Visit) -> None:
    tab = visit("/workshop?section=take&commodity=cassava&center=deli-serdang-cassava")
    names = ["Sentra Ubi Kayu Deli Serdang", "Sentra Ubi Kayu Binjai", "Sentra Ubi Kayu Serdang"]
    expect(tab.page.get_by_text(SAY_ID("filter.count", kept="3", of=13))).to_be_visible()

    name, data = taken(tab, SAY_ID("take.data_xlsx"))
    assert re.fullmatch(r"ikmgeo-data-\d{4}-\d\d-\d\d\.xlsx", name)
    book = openpyxl.load_workbook(io.BytesIO(data))
    cells = [str(c.value) for row in book.worksheets[0].iter_rows() for c in row]
    assert [any(c.startswith(n) for c in cells) for n in names] == [True] * 3
    assert not any("Kopi Karo" in c for c in cells)

    _, data = taken(tab, SAY_ID("take.data_csv"))
    assert data.decode("utf-8-sig").count("Sentra Ubi Kayu") >= 3

    _, data = taken(tab, SAY_ID("take.data_geojson"))
    found = json.loads(data)
    assert len(found["features"]) == 3
    assert any("GADM" in str(source) for source in found["attribution"])

    _, data = taken(tab, SAY_ID("take.data_parquet"))
    assert pq.read_table(io.BytesIO(data)).num_rows == 3

    _, data = taken(tab, SAY_ID("take.data_gpkg"))
    with sqlite3.connect(":memory:") as database:
        database.deserialize(data)
        assert database.execute("SELECT COUNT(*) FROM centers").fetchone() == (3,)

    _, data = taken(tab, SAY_ID("take.map_png"))
    image = Image.open(io.BytesIO(data))
    assert image.info["dpi"][0] == pytest.approx(300, abs=1)

    _, data = taken(tab, SAY_ID("take.map_svg"))
    assert "Sentra Ubi Kayu Deli Serdang" in data.decode()

    _, data = taken(tab, SAY_ID("take.profile_pdf"))
    pages = pypdf.PdfReader(io.BytesIO(data)).pages
    assert len(pages) == 1
    assert "Sentra Ubi Kayu Deli Serdang" in pages[0].extract_text()

    _, data = taken(tab, SAY_ID("take.page_html"))
    assert b"Sentra Ubi Kayu Binjai" in data
    assert "Sentra Kopi Karo" not in data.decode()


def test_the_atlas_is_made_with_progress_and_downloaded(visit: Visit) -> None:
    tab = visit("/workshop?section=take")
    words = SAY_ID("take.atlas_pdf")
    button(tab, SAY_ID("take.make", what=words)).click()
    button(tab, SAY_ID("take.download", what=words)).wait_for(timeout=60_000)
    name, data = taken(tab, words)
    assert name.startswith("ikmgeo-atlas-")
    reader = pypdf.PdfReader(io.BytesIO(data))
    outline = str(reader.outline)
    assert all(f"Sentra {n}" in outline for n in ("Kopi Karo", "Kopi Simalungun", "Halua Binjai"))
    tab.page.get_by_role("combobox", name=SAY_ID("map.pick")).wait_for()
    tab.language("en")  # another view: what was made does not hold any more
    button(tab, SAY_EN("take.make", what=SAY_EN("take.atlas_pdf"))).wait_for()


def test_the_map_is_taken_as_it_stands(visit: Visit) -> None:
    tab = visit("/?measure=mean_score")
    tab.view_map(*place("karo-coffee"), 11)
    button(tab, SAY_ID("share.more")).click()
    button(tab, SAY_ID("share.picture")).click()
    _, data = taken(tab, SAY_ID("take.map_svg"))
    drawing = data.decode()
    assert "Sentra Kopi Karo" in drawing
    assert "Sentra Tenun Batu Bara" not in drawing
    tab.choose(SAY_ID("filter.categories"), SAY_ID("category.under_development"))  # another view
    tab.settle()
    expect(tab.page.get_by_text(SAY_ID("share.picture_as"))).to_have_count(0)

    # Those of linkage and districts too.
    for page, words, layer in (
        ("linkage", SAY_ID("linkage.flow"), 'class="flow"'),
        ("districts", "Rata-rata skor", "url(#hatch-nobody)"),
    ):
        go(tab, page)
        button(tab, SAY_ID("share.more")).click()
        button(tab, SAY_ID("share.picture")).click()
        _, data = taken(tab, SAY_ID("take.map_svg"))
        assert words in data.decode()
        assert layer in data.decode()
        tab.page.keyboard.press("Escape")


# Groups


def test_two_groups_work_at_once_and_see_each_other(
    visit: Visit, serve: Any, browser: Browser, tmp_path: Path
) -> None:
    server = serve(IKMGEO_DATABASE_URL=f"sqlite:///{tmp_path}/room.sqlite")
    rooms = [browser.new_context() for _ in range(2)]
    for room in rooms:
        room.add_init_script("localStorage.setItem('ikmgeo-tour', 'seen')")
    path = "/workshop?section=groups"
    tabs = [visit(path, server=server, within=room) for room in rooms]
    for tab, name in zip(tabs, ("Utara", "Selatan"), strict=True):
        tab.page.get_by_label(SAY_ID("groups.name")).fill(name)
        button(tab, SAY_ID("groups.join")).click()
        expect(tab.page.get_by_text(f'Anda masuk sebagai "{name}".')).to_be_visible()
    for tab, aspect in zip(tabs, ("market", "production"), strict=True):
        slider = tab.slider(SAY_ID(f"aspect.{aspect}"))
        slider.press("End")
        tab.settle()
        button(tab, SAY_ID("groups.save")).click()
        expect(tab.page.get_by_text(SAY_ID("groups.saved", version="1"))).to_be_visible()
    for tab in tabs:  # each hears of the other without doing anything
        row = tab.page.locator("table", has_text=SAY_ID("groups.group")).first
        expect(row).to_contain_text("Utara")
        cells = row.locator("tr", has_text="Selatan").locator("td")
        expect(cells.nth(2)).to_have_text("100")
        cells = row.locator("tr", has_text="Utara").locator("td")
        expect(cells.nth(3)).to_have_text("100")
        assert violations(tab) == []
    third = visit(path, server=server)
    third.page.get_by_label(SAY_ID("groups.name")).fill("utara")
    button(third, SAY_ID("groups.join")).click()
    expect(third.page.get_by_text('Nama "utara" sudah dipakai')).to_be_visible()


LATE = """
    const Prompt = window.WebSocket;
    window.WebSocket = class extends Prompt {
        addEventListener(name, heard, ...all) {
            const late = event => setTimeout(() => heard.call(this, event), 1500);
            super.addEventListener(name, name === "message" ? late : heard, ...all);
        }
        set onmessage(heard) { this.addEventListener("message", heard); }
    };"""
"""Makes a page hear the app's answers late, as from a busy server."""


@pytest.mark.parametrize("where", ["group", "scoring"])
def test_an_arrow_key_held_down_leaves_the_other_weights_in_proportion(
    visit: Visit, where: str
) -> None:
    """Planner 15: 11,62 / 11,79 / 12,75 … where each of the five has the same weight."""
    tab = visit(
        "/workshop?section=groups"
        if where == "group"
        else "/scoring?section=weights&scores=assessed"
    )
    for late in (False, True):
        if late:
            tab.page.add_init_script(LATE)
            tab.page.reload()
        if where == "group":
            tab.page.get_by_label(SAY_ID("groups.name")).fill(f"Panah {late}")
            button(tab, SAY_ID("groups.join")).click()
        else:
            button(tab, SAY_ID("scoring.load_examples")).click()
        slider = tab.slider(SAY_ID("aspect.market"))
        slider.wait_for(state="attached")
        tab.settle()
        market, *others = [
            tab.page.get_by_label(SAY_ID("scoring.weight_of", aspect=SAY_ID(f"aspect.{aspect}")))
            for aspect in sorted(ASPECTS, key="market".__ne__)
        ]
        slider.focus()
        for _ in range(2):
            before = market.input_value()
            for _ in range(10):  # a held key comes about 30 times in a second
                tab.page.keyboard.press("ArrowRight", delay=33)
            expect(market).not_to_have_value(before)  # what comes next crosses the answers
        tab.page.wait_for_function(
            """([slid, typed]) => slid.ariaValueText.replace(",", ".")
                === typed.value.replace(",", ".")""",
            arg=[slider.element_handle(), market.element_handle()],
        )
        tab.settle()
        moved, *left = [float(box.input_value().replace(",", ".")) for box in (market, *others)]
        assert moved > 30
        assert max(left) - min(left) < 0.015
        assert moved + sum(left) == pytest.approx(100)
