"""Names on the map in a real browser: beside signs, on nothing else, for the last row too."""

from typing import Any

import pandas as pd
import pytest
from playwright.sync_api import expect

from tests.browser.driver import DATA, DESKTOP, PHONE, SAY, SIGNS, Tab, Visit

MEASURED = f"""() => {{
    const frame = map.getContainer().getBoundingClientRect();
    const box = (r) =>
        [r.left - frame.left, r.top - frame.top, r.right - frame.left, r.bottom - frame.top];
    const drawn = (query) => [...document.querySelectorAll(query)].filter((n) => n.offsetWidth)
        .map((n) => [n.innerText.replaceAll("\\n", " "), box(n.getBoundingClientRect())]);
    return {{
        names: drawn(".ikm-label span"),
        ground: drawn(".ikm-name span, .ikm-town span, .ikm-km span"),
        controls: drawn(".leaflet-control").map((one) => one[1]),
        signs: {SIGNS}.map((s) => {{
            const p = map.latLngToContainerPoint(s.getLatLng()), r = s.getRadius();
            return [p.x - r, p.y - r, p.x + r, p.y + r];
        }}).concat(drawn(".ikm-zone svg, .ikm-place svg").map((one) => one[1])),
    }};
}}"""
"""Names with their boxes, and boxes of signs and controls, as the browser sees them."""
CENTERS = pd.read_csv(DATA / "centers.csv", index_col="center_id")
NAMES = set(CENTERS["name_id"])


def measured(tab: Tab) -> dict[str, Any]:
    tab.settle()
    found: dict[str, Any] = tab.map.evaluate(MEASURED)
    return found


def expect_apart(seen: dict[str, Any]) -> None:
    """No name shares a px with another name, a sign or a control."""
    names = seen["names"]
    for at, (name, one) in enumerate(names):
        others = [*seen["signs"], *seen["controls"], *(box for _, box in names[at + 1 :])]
        for other in [*others, *(box for _, box in seen["ground"])]:
            wide = min(one[2], other[2]) - max(one[0], other[0])
            high = min(one[3], other[3]) - max(one[1], other[1])
            assert wide < 1 or high < 1, (name, one, other)


@pytest.mark.parametrize(("size", "most"), [(DESKTOP, 11), (PHONE, 8)], ids=["desktop", "phone"])
def test_centers_and_zones_are_named_on_nothing_else_at_every_zoom(
    visit: Visit, size: tuple[int, int], most: int
) -> None:
    tab = visit("/", size=size)
    seen = measured(tab)
    expect_apart(seen)
    told = {name for name, _ in seen["names"]}
    assert {"KIM", "KEK Sei Mangkei", "KI Kuala Tanjung"} < told
    assert len(told & NAMES) >= most
    for zoom in (7, 9.5, 12):
        tab.view_map(3.62, 98.48, zoom)  # Binjai
        tab.page.wait_for_timeout(200)
        expect_apart(measured(tab))
    told = {name for name, _ in measured(tab)["names"]}
    assert {name for name in NAMES if "Binjai" in name} <= told
    assert (
        tab.map.evaluate(
            "getComputedStyle(document.querySelector('.ikm-label').parentNode).pointerEvents"
        )
        == "none"
    )


@pytest.mark.parametrize("center", ["binjai-halua", "binjai-bamboo", "batu-bara-tenun"])
def test_what_is_chosen_is_named_where_signs_crowd(visit: Visit, center: str) -> None:
    tab = visit(f"/?center={center}", size=PHONE)
    tab.shapes("l.options.dashArray === '3 5'", 1)
    seen = measured(tab)
    assert CENTERS.at[center, "name_id"] in {name for name, _ in seen["names"]}
    expect_apart(seen)


def test_a_click_on_a_name_chooses_what_it_names(visit: Visit) -> None:
    tab = visit("/")
    for name, param in (("Sentra Kopi Karo", "center"), ("KEK Sei Mangkei", "zone")):
        tab.click_name(name)
        tab.expect_param(param, {"center": "karo-coffee", "zone": "sei_mangkei"}[param])
        tab.settle()


def test_a_talk_names_what_its_headline_names_in_letters_for_the_last_row(visit: Visit) -> None:
    """Letters are a thirtieth of the screen or more, but for the line of credits."""
    tab = visit("/workshop")
    tab.page.get_by_role("button", name=SAY["id"]("story.play")).click()
    for _ in range(3):
        expect(tab.page.locator(".ikm-headline")).to_be_visible()
        tab.settle()
        tab.page.keyboard.press("ArrowRight")
    tab.drawn()
    seen = measured(tab)
    headline = tab.page.locator(".ikm-headline").inner_text()
    wanted = {name for name in NAMES if name in headline}
    assert wanted
    told = [name for name, _ in seen["names"]]  # on a map of values each has its own behind it
    assert [name for name in wanted if not any(one.startswith(name) for one in told)] == []
    expect_apart(seen)
    script = """nodes => nodes.map(n => parseFloat(getComputedStyle(n).fontSize))"""
    on_map = (
        ".ikm-label span, .ikm-name span, .ikm-town span, .ikm-legend, .leaflet-control-scale-line"
    )
    sizes = tab.map.locator(on_map).evaluate_all(script)
    sizes += tab.page.locator(".ikm-headline, .ikm-said").evaluate_all(script)
    assert len(sizes) > 15
    assert min(sizes) >= DESKTOP[1] / 30
