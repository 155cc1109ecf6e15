"""Choosing by map, table or name has one result; districts and zones answer too."""

from driver import SAY, Tab, Visit, place
from playwright.sync_api import expect

def expect_chosen(tab: Tab, center: str, name: str) -> None:
    """Panel, address, table, list of names and map all tell of the same center."""
    tab.expect_panel(name)
    tab.expect_param("center", center)
    tab.shapes("l.options.dashArray === '3 5'", 1)
    expect(tab.page.get_by_role("combobox", name=SAY["id"]("map.pick"))).to_have_value(name)
    assert [tab.rows()[1 + row][2] for row in tab.picked_rows()] == [name]


def test_a_click_on_a_sign_chooses_its_center(visit: Visit) -> None:
    tab = visit("/")
    tab.click_map(*place("karo-coffee"))
    expect_chosen(tab, "karo-coffee", "Sentra Kopi Karo")


def test_a_row_of_the_table_chooses_its_center(visit: Visit) -> None:
    tab = visit("/")
    names = [row[2] for row in tab.rows()[1:]]
    tab.pick_row(names.index("Sentra Madu Simalungun"))
    expect_chosen(tab, "simalungun-honey", "Sentra Madu Simalungun")


def test_a_name_chooses_its_center(visit: Visit) -> None:
    tab = visit("/")
    tab.choose(SAY["id"]("map.pick"), "Sentra Kopra Asahan")
    expect_chosen(tab, "asahan-copra", "Sentra Kopra Asahan")
