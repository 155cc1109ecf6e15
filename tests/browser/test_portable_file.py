"""The one-file hand-out, opened from a file in a browser without a network."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from ikmgeo import analysis
from ikmgeo.analysis import Inputs
from ikmgeo.filters import Filters
from ikmgeo.handout import Handout
from ikmgeo.handouts import portable
from ikmgeo.view import View
from tests.browser.driver import DATA, DESKTOP, PHONE, SAY, SIGNS, place
from tests.browser.faults import violated
from tests.browser.test_choosing import CENTERS, COVERED

EN = View(language="en")
PANDAN, KARO = "Serdang Bedagai Pandan Weaving Center", "Karo Coffee Center"


@dataclass
class Opened:
    """An open hand-out, with a record of all that goes wrong."""

    page: Page
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else None)

    def signs(self) -> list[str]:
        """Category of each sign that the map draws."""
        return sorted(self.page.evaluate(f"{SIGNS}.map(l => l.options.sign)"))

    def names(self) -> list[str]:
        """Names in the table, in their order."""
        return self.page.locator("#table tbody td:nth-child(2)").all_inner_texts()

    def click_map(self, lat: float, lon: float) -> None:
        self.page.mouse.click(*self.position(lat, lon))

    def position(self, lat: float, lon: float) -> tuple[float, float]:
        """Where on the page a place is drawn."""
        self.page.locator("#map").scroll_into_view_if_needed()
        box = self.page.locator("#map").bounding_box()
        assert box is not None
        script = "at => { const p = map.latLngToContainerPoint(at); return [p.x, p.y]; }"
        x, y = self.page.evaluate(script, [lat, lon])
        return box["x"] + x, box["y"] + y

    def filter(self, *labels: str) -> None:
        for label in labels:
            self.page.locator("#filters label").filter(has_text=label).click()

    def expect_chosen(self, name: str) -> None:
        """The panel is about this center, its row is marked and the map circles it."""
        expect(self.page.locator("#panel h2")).to_contain_text(name)
        expect(self.page.locator("tr[aria-current]")).to_contain_text(name)
        assert self.page.evaluate("focus.getLayers().length") > 3

    @property
    def panel(self) -> Locator:
        return self.page.locator("#panel")

    @property
    def count(self) -> Locator:
        return self.page.locator("#count")


Open = Callable[..., Opened]


@pytest.fixture
def unfold(browser: Browser, hand_out: Callable[..., Handout], tmp_path: Path) -> Iterator[Open]:
    """Open the hand-out of some data from a file; it must have asked for nothing when it closes."""
    files: list[tuple[Opened, Path]] = []

    def opened(
        *inputs: Inputs,
        size: tuple[int, int] = DESKTOP,
        has_touch: bool = False,
        is_mobile: bool = False,
        **rest: Any,
    ) -> Opened:
        path = tmp_path / f"{len(files)}.html"
        path.write_text(portable.page(hand_out(*inputs, **rest)), encoding="utf-8")
        viewport: Any = {"width": size[0], "height": size[1]}
        device: Any = {"has_touch": has_touch, "is_mobile": is_mobile}
        context = browser.new_context(offline=True, viewport=viewport, **device)
        sheet = Opened(context.new_page())
        files.append((sheet, path))
        sheet.page.goto(path.as_uri())
        expect(sheet.count).not_to_be_empty()
        return sheet

    yield opened
    for sheet, path in files:
        asked = [url for url in sheet.requests if not url.startswith("data:")]
        sheet.page.context.close()
        assert asked == [path.as_uri()]
        assert sheet.errors == []


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_file_opens_alone_with_every_center(unfold: Open, language: str) -> None:
    sheet = unfold(view=View(language=language))
    say = SAY[language]
    expect(sheet.count).to_have_text(say("filter.count", kept=13, of=13))
    centers = pd.read_csv(DATA / "centers.csv")
    claims = pd.read_csv(DATA / "claims.csv")
    printed = centers["category_claim"].map(claims.set_index("claim_id")["category"])
    assert sheet.signs() == sorted(printed)
    assert sorted(sheet.names()) == sorted(centers[f"name_{language}"])
    expect(sheet.page.locator(".ikm-legend")).to_contain_text(say("category.excellent"))
    expect(sheet.page.locator(".leaflet-control-scale-line")).to_contain_text("km")
    for words in (say("map.borders"), say("map.zones")):
        expect(sheet.page.locator(".leaflet-control-attribution")).to_contain_text(words)
        expect(sheet.page.locator("footer")).to_contain_text(words)
    assert sheet.page.evaluate("document.documentElement.lang") == language
    assert sheet.page.evaluate("Object.keys(map.ikmDistricts).length") == 33


def test_the_browser_itself_refuses_what_a_planted_element_asks_for(unfold: Open) -> None:
    sheet = unfold(view=EN)
    refused = sheet.page.evaluate("""() => new Promise((found) => {
        const seen = [];
        document.addEventListener("securitypolicyviolation", (e) => {
            seen.push(e.effectiveDirective);
            if (seen.length === 3) found(seen.sort());
        });
        document.body.append(Object.assign(new Image(), { src: "http://127.0.0.1:9/a.png" }));
        const script = document.createElement("script");
        script.textContent = "window.PWN = 1";
        document.body.append(script);
        fetch("http://127.0.0.1:9/").catch(() => 0);
    })""")
    assert refused == ["connect-src", "img-src", "script-src-elem"]
    assert sheet.page.evaluate("window.PWN") is None
    sheet.errors.clear()  # the browser tells of each refusal
    sheet.requests[:] = [url for url in sheet.requests if "127.0.0.1:9" not in url]


def test_filters_narrow_map_table_and_count_and_offer_ways_out(unfold: Open) -> None:
    sheet = unfold(view=EN)
    before = sheet.page.evaluate("[map.getZoom(), map.getCenter().lat, map.getCenter().lng]")
    sheet.filter("Potential")
    expect(sheet.count).to_have_text("4 of 13 centers")
    assert sheet.signs() == ["potential"] * 4
    sheet.filter("Cassava")
    expect(sheet.count).to_have_text("2 of 13 centers")
    assert sheet.names() == ["Deli Serdang Cassava Center", "Binjai Cassava Center"]
    assert sheet.signs() == ["potential"] * 2
    after = sheet.page.evaluate("[map.getZoom(), map.getCenter().lat, map.getCenter().lng]")
    assert after == before
    sheet.page.get_by_role("button", name="Reset").click()
    expect(sheet.count).to_have_text("13 of 13 centers")
    assert len(sheet.signs()) == len(sheet.names()) == 13
    expect(sheet.page.get_by_role("button", name="Reset")).to_be_disabled()

    # When nothing is left, each way out says what it brings.
    sheet.filter("Excellent", "Cassava")
    expect(sheet.count).to_have_text("0 of 13 centers")
    expect(sheet.page.get_by_role("alert")).to_contain_text("No center meets all filters.")
    assert sheet.signs() == []
    sheet.page.get_by_role("button", name="Without the filter Commodity: 2 centers").click()
    expect(sheet.count).to_have_text("2 of 13 centers")
    expect(sheet.page.get_by_role("alert")).to_be_empty()
    assert sheet.signs() == ["excellent"] * 2


def test_a_view_without_any_center_opens_and_says_so(unfold: Open) -> None:
    sheet = unfold(view=View(language="en", filters=Filters(text="nowhere")))
    expect(sheet.count).to_have_text("0 of 0 centers")
    expect(sheet.page.get_by_role("alert")).to_have_text("No center meets all filters.")
    expect(sheet.page.locator("header")).to_contain_text("nowhere")


def test_centers_and_districts_are_chosen_on_the_map_and_in_the_table(unfold: Open) -> None:
    sheet = unfold(view=EN)
    sheet.click_map(*place("serdang-bedagai-pandan"))
    sheet.expect_chosen(PANDAN)
    expect(sheet.panel).to_contain_text("the paper also prints 50.466")
    areas = "focus.getLayers().filter(l => l instanceof L.Polygon).length"
    assert sheet.page.evaluate(areas) == 1  # the village in which it lies
    told = sheet.page.locator(".ikm-km").all_inner_texts()
    assert len(told) == 3
    assert all(words in sheet.panel.inner_text() for words in told)
    sheet.page.get_by_role("button", name="Close details").click()
    expect(sheet.panel).to_contain_text("Nothing selected yet")
    expect(sheet.page.locator("tr[aria-current]")).to_have_count(0)
    sheet.page.locator("#table tbody tr").filter(has_text=KARO).locator("td").last.click()
    sheet.expect_chosen(KARO)

    # A district leads to its centers and back.
    sheet.page.evaluate("void map.setView([2.95, 99.0], 11, {animate: false})")
    sheet.click_map(2.95, 99.0)
    expect(sheet.panel.locator("h2")).to_have_text("Kabupaten Simalungun")
    expect(sheet.panel).to_contain_text("2 centers")
    sheet.panel.get_by_role("button", name="Simalungun Coffee Center").click()
    sheet.expect_chosen("Simalungun Coffee Center")
    sheet.panel.get_by_role("button", name="Open Kabupaten Simalungun").click()
    expect(sheet.panel.locator("h2")).to_have_text("Kabupaten Simalungun")


def test_everything_is_chosen_by_keyboard_alone(unfold: Open) -> None:
    sheet = unfold(view=EN)
    reached = []
    for _ in range(80):
        sheet.page.keyboard.press("Tab")
        reached.append(sheet.page.evaluate("document.activeElement.textContent.trim()"))
        if reached[-1] == KARO:
            break
    assert "Filters" in reached
    assert "Rank" in reached
    sheet.page.keyboard.press("Enter")
    sheet.expect_chosen(KARO)
    assert sheet.page.evaluate("document.activeElement.id") == "panel"
    sheet.page.get_by_role("button", name="Close details").press("Enter")
    assert sheet.page.evaluate("document.activeElement.textContent") == KARO
    box = sheet.page.get_by_label("Developing")
    box.focus()
    sheet.page.keyboard.press("Space")
    expect(sheet.count).to_have_text("2 of 13 centers")
    zone = sheet.page.get_by_role("button", name=re.compile("Kuala Tanjung.*Industrial estate"))
    zone.focus()
    sheet.page.keyboard.press("Enter")
    expect(sheet.panel).to_contain_text("All area figures")


def test_the_table_sorts_both_ways_by_value_and_not_by_text(unfold: Open) -> None:
    sheet = unfold(view=EN)
    score = sheet.page.get_by_role("columnheader", name="Score")
    assert score.get_attribute("aria-sort") == "descending"
    first = sheet.names()
    score.get_by_role("button").click()
    assert score.get_attribute("aria-sort") == "ascending"
    assert sheet.names() == first[::-1]
    km = sheet.page.get_by_role("columnheader", name="km")
    km.get_by_role("button").click()
    values = [float(v) for v in sheet.page.locator("#table td:nth-child(8)").all_inner_texts()]
    assert values == sorted(values)
    assert score.get_attribute("aria-sort") is None
    sheet.page.get_by_role("columnheader", name="Category").get_by_role("button").click()
    words = sheet.page.locator("#table td:nth-child(3)").all_inner_texts()
    ranked = ["Excellent", "Developing", "Potential", "Under development"]
    assert words == sorted(words, key=ranked.index)


def test_the_page_opens_on_the_view_it_was_taken_from(unfold: Open) -> None:
    filters = Filters(commodities=("coffee",))
    view = View(language="en", filters=filters, selection=("center", "karo-coffee"))
    sheet = unfold(view=view)
    sheet.expect_chosen(KARO)
    expect(sheet.count).to_have_text("2 of 2 centers")
    expect(sheet.page.locator("header")).to_contain_text("2 of 13 centers")
    expect(sheet.page.locator("header")).to_contain_text("Coffee")
    sheet.filter("Excellent")
    expect(sheet.panel).to_contain_text("does not pass the filters")
    sheet.page.get_by_role("button", name="Open Kabupaten Karo").click()
    expect(sheet.panel).to_contain_text("count only those in this file")


def test_own_centers_by_the_thousand_stay_usable(
    unfold: Open, shipped: Inputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than the table shows at once, and than have a panel; the file's size: test_portable."""
    count = 1_200
    monkeypatch.setattr(portable, "MOST_PANELS", 20)
    at = np.resize(np.arange(len(shipped.centers)), count)
    ids = pd.Index([f"own-{i}" for i in range(count)], name="center_id")
    shift = np.random.default_rng(1).normal(0, 0.1, (2, count))
    own = shipped.centers.iloc[at].set_axis(ids)
    own = own.assign(
        name_en=ids,
        score_total=np.linspace(0, 100, count).round(2),
        lat=own["lat"] + shift[0],
        lon=own["lon"] + shift[1],
    )
    sheet = unfold(analysis.with_centers(shipped, own, in_place=True), view=EN)
    expect(sheet.count).to_have_text("1,200 of 1,200 centers")
    assert len(sheet.signs()) == count
    assert len(sheet.names()) == 200
    sheet.page.get_by_role("button", name="Show 200 more rows").click()
    assert len(sheet.names()) == 400
    sheet.page.get_by_role("columnheader", name="Score").get_by_role("button").click()
    sheet.page.locator("#table tbody button").first.click()
    expect(sheet.panel).to_contain_text("Only the 20 centers with the highest scores")
    expect(sheet.panel).to_contain_text("(estimated area)")
    sheet.filter("Coffee")
    kept = int((own["commodity"] == "coffee").sum())
    expect(sheet.count).to_have_text(f"{kept:,} of 1,200 centers")
    assert len(sheet.signs()) == kept


def test_a_hostile_name_is_only_a_name(unfold: Open, shipped: Inputs) -> None:
    names = [
        "<img src=x onerror=window.PWN=1>",
        "</script><script>window.PWN=2</script>",
        "${window.PWN=3}`{{ 31337*4243 }}",
        "N" * 2_000,
    ]
    centers = shipped.centers.iloc[:4].assign(name_en=names, locality=names, note=names)
    centers.loc[:, ["lat", "lon"]] = centers[["lat", "lon"]].iloc[0].to_numpy()
    sheet = unfold(analysis.with_centers(shipped, centers, in_place=True), view=EN)
    assert sorted(sheet.names()) == sorted(names)
    for at, name in enumerate(names):
        sheet.page.locator("#table tbody button").nth(at).click()
        shown = sheet.page.locator("#panel h2").inner_text().strip()
        assert shown in names, name
    sheet.click_map(*centers[["lat", "lon"]].iloc[0])
    stacked = sheet.page.locator(".ikm-choose button")
    expect(stacked).to_have_count(4)
    assert sorted(stacked.locator("b").all_inner_texts()) == sorted(names)
    stacked.first.click()
    assert sheet.page.evaluate("window.PWN") is None
    assert sheet.page.evaluate("document.documentElement.scrollWidth") <= DESKTOP[0]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_every_center_opens_at_a_tap_on_its_sign(unfold: Open, size: tuple[int, int]) -> None:
    """Planner 4: also those that the name of a zone lies over; directly or through the list."""
    sheet = unfold(view=EN, size=size, has_touch=size == PHONE, is_mobile=size == PHONE)
    for _, row in CENTERS.iterrows():
        x, y = sheet.position(row["lat"], row["lon"])
        (sheet.page.touchscreen.tap if size == PHONE else sheet.page.mouse.click)(x, y)
        asks = sheet.page.locator(".ikm-choose")
        told = sheet.page.locator("#panel h2").filter(has_text=row["name_en"])
        asks.or_(told).first.wait_for()
        if asks.count():
            assert sheet.page.evaluate(COVERED) == 0
            asked = sheet.page.locator(".ikm-choose button").filter(has_text=row["name_en"])
            expect(asked.locator("small")).to_contain_text("·")  # category and score
            asked.click()
        sheet.expect_chosen(row["name_en"])
        if size == PHONE:
            sheet.page.wait_for_timeout(300)  # two taps within 200 ms are a double tap, and zoom


def test_nothing_surrounds_a_chosen_center_that_a_filter_hides(unfold: Open) -> None:
    """Planner 9: nor does the legend tell of its ring; one press shows it again."""
    sheet = unfold(view=View(language="en", selection=("center", "karo-coffee")))
    ring = sheet.page.locator(".ikm-legend").get_by_text(SAY["en"]("map.area"))
    sheet.expect_chosen(KARO)
    expect(ring).to_be_visible()
    sheet.filter("Excellent", "Coffee")
    expect(sheet.panel).to_contain_text(SAY["en"]("center.filtered_out"))
    assert sheet.page.evaluate("focus.getLayers().length") == 0
    expect(ring).to_be_hidden()
    sheet.page.get_by_role("button", name=SAY["en"]("center.show")).click()
    sheet.expect_chosen(KARO)
    expect(ring).to_be_visible()
    expect(sheet.count).to_have_text("2 of 13 centers")  # Karo and Simalungun make coffee


def test_the_ring_of_a_distance_filter_has_its_words_in_the_legend(unfold: Open) -> None:
    """Code 2."""
    legend = unfold(view=View(language="en", filters=Filters(within_km=50.0))).page
    expect(legend.locator(".ikm-legend")).to_contain_text("Up to 50 km from the nearest zone")


@pytest.mark.parametrize(
    "selection",
    [None, ("center", "serdang-bedagai-pandan"), ("district", "1209"), ("zone", "kim")],
    ids=["nothing", "center", "district", "zone"],
)
def test_the_page_meets_wcag_and_runs_over_no_edge(
    unfold: Open, selection: tuple[str, str] | None
) -> None:
    sheet = unfold(view=View(selection=selection, places=True))
    sheet.page.evaluate("document.getElementById('choices').open = true")
    if selection is None:
        sheet.filter("Unggulan", "Ubi kayu")
    for width, height in (DESKTOP, (683, 384), PHONE):  # the second is the first at 200 %
        sheet.page.set_viewport_size({"width": width, "height": height})
        assert sheet.page.evaluate("document.documentElement.scrollWidth") <= width
        assert violated(sheet.page.main_frame) == [], width
