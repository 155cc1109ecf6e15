"""Choosing by map, table or name has one result; districts and zones answer too."""

from pathlib import Path

import pandas as pd
from driver import SAY, Tab, Visit, place
from playwright.sync_api import expect

SAY_ID = SAY["id"]


def expect_chosen(tab: Tab, center: str, name: str) -> None:
    """Panel, address, table, list of names and map all tell of the same center."""
    tab.expect_panel(name)
    tab.expect_param("center", center)
    tab.shapes("l.options.dashArray === '3 5'", 1)  # the ring of its positional precision
    expect(tab.page.get_by_role("combobox", name=SAY_ID("map.pick"))).to_have_value(name)
    tab.expect_row(name)


def expect_nothing_chosen(tab: Tab) -> None:
    tab.expect_panel(SAY_ID("panel.nothing"))
    for kind in ("center", "district", "zone"):
        tab.expect_param(kind, None)
    tab.shapes("l.options.dashArray === '3 5'", 0)
    tab.expect_row(None)


def test_a_click_on_a_sign_chooses_its_center(visit: Visit) -> None:
    tab = visit("/")
    tab.click_map(*place("karo-coffee"))
    expect_chosen(tab, "karo-coffee", "Sentra Kopi Karo")


def test_a_row_of_the_table_chooses_its_center_and_lets_it_go(visit: Visit) -> None:
    tab = visit("/")
    row = [cells[1] for cells in tab.rows()[1:]].index("Sentra Madu Simalungun")
    tab.pick_row(row)
    expect_chosen(tab, "simalungun-honey", "Sentra Madu Simalungun")
    tab.pick_row(row)
    expect_nothing_chosen(tab)


def test_a_name_chooses_its_center(visit: Visit) -> None:
    tab = visit("/")
    tab.choose(SAY_ID("map.pick"), "Sentra Kopra Asahan")
    expect_chosen(tab, "asahan-copra", "Sentra Kopra Asahan")


def test_closed_details_open_again_with_the_same_click(visit: Visit) -> None:
    tab = visit("/")
    for _ in range(2):
        tab.click_map(*place("pik-menteng"))
        expect_chosen(tab, "pik-menteng", "PIK Menteng Medan")
        tab.page.get_by_role("button", name=SAY_ID("panel.close")).click()
        expect_nothing_chosen(tab)


def test_a_click_on_a_district_shows_its_population_and_leads_to_its_centers(visit: Visit) -> None:
    tab = visit("/")
    tab.click_map(2.80, 99.45)
    tab.expect_panel("Kabupaten Asahan")
    tab.expect_param("district", "1209")
    population = pd.read_csv(
        Path(__file__).parents[2] / "data/districts.csv", index_col="district_code"
    ).at[1209, "population"]
    expect(tab.panel).to_contain_text(SAY_ID.number(population, 0))
    tab.page.get_by_role("button", name="Sentra Kopra Asahan").click()
    expect_chosen(tab, "asahan-copra", "Sentra Kopra Asahan")


def test_a_click_on_a_zone_shows_its_operator_and_areas(visit: Visit) -> None:
    tab = visit("/")
    tab.click_map(3.132488, 99.340578)
    tab.expect_panel("Kawasan Ekonomi Khusus Sei Mangkei")
    tab.expect_param("zone", "sei_mangkei")
    expect(tab.panel).to_contain_text("2.002,77")
    expect(tab.panel).to_contain_text("1.933,8")


def test_where_two_signs_meet_a_list_asks_which(twins: Visit) -> None:
    tab = twins("/", centers=14)
    tab.click_map(*place("karo-coffee"))
    choices = tab.map.locator(".ikm-choose button")
    expect(choices).to_have_text(["Sentra Kopi Karo", "Sentra Kembar"])
    choices.nth(1).click()
    expect_chosen(tab, "karo-twin", "Sentra Kembar")
    tab.click_map(*place("karo-coffee"))
    expect(choices.nth(0)).to_be_focused()
    tab.page.keyboard.press("Enter")
    expect_chosen(tab, "karo-coffee", "Sentra Kopi Karo")


def test_the_panel_of_a_center_leads_to_its_district(visit: Visit) -> None:
    tab = visit("/?center=binjai-halua")
    tab.page.get_by_role("button", name="Kota Binjai").click()
    tab.expect_panel("Kota Binjai")
    tab.expect_param("district", "1275")
    tab.expect_param("center", None)


def test_the_heading_of_a_center_shows_its_sign(visit: Visit) -> None:
    tab = visit("/?center=karo-coffee")
    tab.expect_panel("Sentra Kopi Karo")
    expect(tab.panel.get_by_role("heading", level=2).locator("svg, img")).to_have_count(2)
