"""Choosing by map, table or name has one result; districts and zones answer too."""

from collections.abc import Iterator

import pandas as pd
import pytest
from playwright.sync_api import Browser, BrowserContext, ViewportSize, expect

from ikmgeo import tables
from tests.browser.driver import DATA, DESKTOP, PHONE, SAY, SIGNS, Tab, Visit, place

SAY_ID = SAY["id"]
SMALL: ViewportSize = {"width": PHONE[0], "height": PHONE[1]}


def expect_chosen(tab: Tab, center: str, name: str) -> None:
    """Panel, address, table, list of names and map all tell of the same center."""
    tab.expect_panel(name)
    tab.expect_param("center", center)
    tab.shapes("l.options.dashArray === '3 5'", 1)  # the ring of its positional precision
    expect(tab.page.get_by_role("combobox", name=SAY_ID("map.pick"))).to_have_value(name)
    tab.expect_row(name)


def expect_nothing_chosen(tab: Tab) -> None:
    tab.expect_panel(SAY_ID("overview.start"))
    for kind in ("center", "district", "zone"):
        tab.expect_param(kind, None)
    tab.shapes("l.options.dashArray === '3 5'", 0)
    tab.expect_row(None)


def close(tab: Tab) -> None:
    tab.page.get_by_role("button", name=SAY_ID("panel.close")).click()
    expect_nothing_chosen(tab)


def test_a_sign_a_row_and_a_name_choose_the_same_center(visit: Visit) -> None:
    tab = visit("/")
    tab.click_map(*place("karo-coffee"))
    expect_chosen(tab, "karo-coffee", "Sentra Kopi Karo")
    expect(tab.panel.get_by_role("heading", level=2).locator("svg, img")).to_have_count(2)

    row = [cells[0] for cells in tab.rows()[1:]].index("Sentra Madu Simalungun")
    tab.pick_row(row)
    expect_chosen(tab, "simalungun-honey", "Sentra Madu Simalungun")
    tab.pick_row(row)
    expect_nothing_chosen(tab)

    tab.choose(SAY_ID("map.pick"), "Sentra Kopra Asahan")
    expect_chosen(tab, "asahan-copra", "Sentra Kopra Asahan")
    close(tab)

    for _ in range(2):  # closed details open again with the same click
        tab.click_map(*place("pik-menteng"))
        expect_chosen(tab, "pik-menteng", "PIK Menteng Medan")
        close(tab)


def test_districts_and_zones_answer_and_lead_to_centers(visit: Visit) -> None:
    tab = visit("/")
    tab.click_map(2.80, 99.45)
    tab.expect_panel("Kabupaten Asahan")
    tab.expect_param("district", "1209")
    districts = pd.read_csv(DATA / "districts.csv", index_col="district_code")
    expect(tab.panel).to_contain_text(SAY_ID.number(tables.cell(districts, 1209, "population"), 0))
    tab.page.get_by_role("button", name="Sentra Kopra Asahan").click()
    expect_chosen(tab, "asahan-copra", "Sentra Kopra Asahan")
    tab.page.get_by_role("button", name="Kabupaten Asahan").click()
    tab.expect_panel("Kabupaten Asahan")
    tab.expect_param("district", "1209")
    tab.expect_param("center", None)

    tab.click_map(3.132488, 99.340578)
    tab.expect_panel("Kawasan Ekonomi Khusus Sei Mangkei")
    tab.expect_param("zone", "sei_mangkei")
    expect(tab.panel).to_contain_text("2.002,77")
    expect(tab.panel).to_contain_text("1.933,8")
    close(tab)
    tab.click_name("KEK Sei Mangkei")
    tab.expect_param("zone", "sei_mangkei")
    name = f"Kawasan Industri Medan, {SAY_ID('zone_class.ie')} · {SAY_ID('zone.schematic')}"
    expect(tab.map.get_by_role("button", name=name, exact=True)).to_have_count(1)


def test_where_two_signs_meet_a_list_asks_which(twins: Visit) -> None:
    tab = twins("/", centers=14)
    tab.click_map(*place("karo-coffee"))
    choices = tab.map.locator(".ikm-choose button")
    score = f"{SAY_ID('category.under_development')} · 22,23"  # planner 14
    expect(choices).to_have_text([f"Sentra Kopi Karo{score}", f"Sentra Kembar{score}"])
    choices.nth(1).click()
    expect_chosen(tab, "karo-twin", "Sentra Kembar")
    tab.click_map(*place("karo-coffee"))
    expect(choices.nth(0)).to_be_focused()
    tab.page.keyboard.press("Enter")
    expect_chosen(tab, "karo-coffee", "Sentra Kopi Karo")
    for leave in (lambda: tab.page.keyboard.press("Escape"), lambda: tab.click_map(2.9, 98.95)):
        tab.click_map(*place("karo-coffee"))
        expect(choices).to_have_count(2)
        leave()
        expect(choices).to_have_count(0)


CENTERS = pd.read_csv(DATA / "centers.csv", index_col="center_id")
COVERED = """() => {
    const list = document.querySelector(".ikm-choose").getBoundingClientRect();
    return [...document.querySelectorAll(".leaflet-control")].map((c) => c.getBoundingClientRect())
        .filter((c) => c.width && c.left < list.right && c.right > list.left
            && c.top < list.bottom && c.bottom > list.top).length;
}"""
"""How many of the map's controls the list of signs lies over or under."""
APART = f"""() => {{
    const box = map.getContainer().getBoundingClientRect();
    const signs = {SIGNS}.map((s) => {{
        const p = map.latLngToContainerPoint(s.getLatLng()), r = s.getRadius();
        return [p.x + box.left - r, p.y + box.top - r, p.x + box.left + r, p.y + box.top + r];
    }});
    return [...document.querySelectorAll(".ikm-km span, .ikm-label span")].filter((node) => {{
        const n = node.getBoundingClientRect();
        return signs.some((s) => n.width && n.left < s[2] && n.right > s[0]
            && n.top < s[3] && n.bottom > s[1]);
    }}).map((node) => node.innerText);
}}"""
"""Names of zones and amounts of km that lie over the sign of a center."""


@pytest.fixture
def touched(browser: Browser) -> Iterator[BrowserContext]:
    """Tabs of a phone: a touch screen and no mouse."""
    phone = browser.new_context(has_touch=True, is_mobile=True, viewport=SMALL)
    phone.add_init_script("localStorage.setItem('ikmgeo-tour', 'seen')")
    yield phone
    phone.close()


@pytest.mark.parametrize("finger", [True, False], ids=["phone", "desktop"])
def test_every_center_opens_at_a_tap_on_its_sign(
    touched: BrowserContext, visit: Visit, *, finger: bool
) -> None:
    """Planner 4: also those that the name of a zone lies over; directly or through the list.

    Planner 14: neither these names nor the amounts of km cover a sign.
    """
    tab = visit("/", size=PHONE, within=touched) if finger else visit("/", size=DESKTOP)
    for center, row in CENTERS.iterrows():
        x, y = tab.position(row["lat"], row["lon"])
        (tab.page.touchscreen.tap if finger else tab.page.mouse.click)(x, y)
        tab.settle()
        choices = tab.map.locator(".ikm-choose button")
        if choices.count():
            assert tab.map.evaluate(COVERED) == 0
            choices.filter(has_text=row["name_id"]).click()
        tab.expect_panel(row["name_id"])
        tab.expect_param("center", str(center))
        tab.settle()
        if center == "karo-coffee":
            expect(tab.map.locator(".ikm-km")).to_have_count(3)
            tab.in_map(f"() => ({APART})().length === 0")
