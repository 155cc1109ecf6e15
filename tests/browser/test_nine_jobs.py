"""What a planner comes for, nine jobs, takes at most half as many acts as it did before.

An act is a press, a drag, a file, or a scroll to what is not in sight (``driver.Hand``).
"""

import re
from typing import Final

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.driver import DESKTOP, PHONE, SAY, Hand, Opened, place

BEFORE: Final = {
    "weak": (3, 5),
    "near": (5, 9),
    "next": (4, 6),
    "what_if": (6, 9),
    "compare": (6, 8),
    "own": (17, 21),
    "schemes": (2, 4),
    "story": (2, 4),
    "paper": (4, 6),
}
"""Acts on a desktop and on a phone in version 0.2.0, counted by the same hand in Indonesian along
the shortest way from the first view, its cards closed, to the answer in sight: menus, lists and
sidebar opened and, where they covered the answer, closed."""


class Planner(Hand):
    """A hand in a language at a size, which must not do more than half of what it did."""

    def __init__(self, opened: Opened, language: str, size: tuple[int, int]) -> None:
        super().__init__(opened("/"))
        self.say, self.size, self.page = SAY[language], size, self.tab.page

    def button(self, key: str, **words: object) -> Locator:
        return self.page.get_by_role("button", name=self.say(key, **words), exact=True)

    def begin(self) -> None:
        """Come back to the first view, as a reader who has just come."""
        self.tab.open(f"/?lang={self.say.language}")
        self.count = 0

    def done(self, job: str) -> None:
        assert self.count <= BEFORE[job][self.size == PHONE] / 2, f"{job}: {self.count}"


def weak(planner: Planner) -> None:
    """Which centers are weak? Five, which the map then names."""
    counted = planner.page.locator(".st-key-toggle-category-under_development button")
    planner.press(counted if planner.size == PHONE else planner.button("overview.weak"))
    planner.sees(planner.page.locator('iframe[title*="st_folium"]'))
    planner.tab.expect_count(5, language=planner.say.language)
    expect(planner.tab.map.locator(".ikm-label span", has_text="Karo")).to_be_visible()


def near(planner: Planner) -> None:
    """Who is near Kuala Tanjung? Three centers within 50 km, in straight lines."""
    planner.press(planner.button("overview.near", zone="KI Kuala Tanjung"))
    planner.sees(planner.page.locator('iframe[title*="st_folium"]'))
    planner.tab.expect_count(3, language=planner.say.language)
    planner.tab.expect_param("km", "50")


def next_step(planner: Planner) -> None:
    """What is the next step for Karo's coffee, and where is what is not known recorded?"""
    planner.press_map(*place("karo-coffee"))
    steps = planner.tab.panel.get_by_role("heading", name=planner.say("advice.heading"))
    expect(steps).to_be_visible()
    planner.press(planner.button("center.record"))
    planner.sees(planner.page.get_by_role("textbox", name=planner.say("aspect.institutional")))
    expect(planner.page.get_by_role("combobox", name=planner.say("table.name"))).to_have_value(
        re.compile("Karo")
    )


def what_if(planner: Planner) -> None:
    """What if Kuala Tanjung became an SEZ? Five centers come closer to one, none loses."""
    planner.press(planner.button("overview.what_if", zone="KI Kuala Tanjung"))
    told = planner.page.get_by_test_id("stMain").get_by_role("status").filter(has_text="5")
    planner.sees(told.filter(has_text="8"))
    expect(planner.tab.map.locator(".ikm-label span", has_text="Kuala")).to_be_visible()


def compare(planner: Planner) -> None:
    """How do Asahan and Batu Bara compare?"""
    planner.press_map(*((2.72, 99.6) if planner.size == PHONE else (2.80, 99.45)))  # bare land
    planner.press(planner.page.get_by_role("button", name="Batu Bara", exact=True))
    planner.sees(planner.page.locator(".st-key-compared tbody tr").nth(2).locator("td").first)
    heads = planner.page.locator(".st-key-compared thead th")
    expect(heads).to_have_text([planner.say("districts.what"), "Asahan", "Batu Bara"])


ROWS = "nama,komoditas,kabupaten,lat,lon,skor\n{}"
GOOD = "Sentra Satu,Kopi,Kabupaten Karo,3.10,98.49,40\n"
BAD = "Sentra Dua,Kopi,Kabupaten Karo,abc,98.50,50\n"


def own(planner: Planner) -> None:
    """An own list with a row to mend is on the map today, and there again tomorrow."""
    planner.press(planner.button("overview.own"))
    planner.bring("sentra.csv", ROWS.format(GOOD + BAD).encode())
    planner.press(planner.button("own.add"))
    with planner.page.expect_download():
        planner.press(planner.button("own.rejected_csv"))
    planner.bring("sentra-2.csv", ROWS.format(BAD.replace("abc", "3.12")).encode())
    planner.press(planner.page.get_by_role("button", name=planner.say("own.extend", count=1)))
    planner.sees(planner.page.get_by_test_id("stAlert").filter(has_text="sentra-2.csv"))
    assert "lists" in planner.tab.params  # by which it comes back: see test_upload.py


def schemes(planner: Planner) -> None:
    """Which category does each scheme give the printed scores?"""
    if planner.size == PHONE:
        planner.press(planner.page.get_by_test_id("stExpandSidebarButton"))
    link = planner.page.get_by_test_id("stPageLink").filter(has_text=planner.say("page.scoring"))
    planner.press(link.locator("a"))
    table = planner.page.get_by_role("region", name=planner.say("schemes.matrix"), exact=True)
    planner.sees(table.locator("tbody tr").first.locator("td, th").first)
    covering = planner.page.get_by_test_id("stSidebarCollapseButton")
    assert planner.size == DESKTOP or not covering.is_visible()


def tell(planner: Planner) -> None:
    """The story is told to a room, with the centers of its headline named."""
    planner.press(planner.button("overview.story"))
    planner.sees(planner.page.locator(".ikm-headline"))
    expect(planner.page.get_by_text(planner.say("present.count", at=1, of=6))).to_be_visible()


def paper(planner: Planner) -> None:
    """What is known of a center is taken away on paper."""
    planner.press_map(*place("karo-coffee"))
    with planner.page.expect_download() as begun:
        planner.press(planner.button("center.paper"))
    assert begun.value.path().read_bytes().startswith(b"%PDF")


JOBS: Final = {
    "weak": weak,
    "near": near,
    "next": next_step,
    "what_if": what_if,
    "compare": compare,
    "own": own,
    "schemes": schemes,
    "story": tell,
    "paper": paper,
}


@pytest.mark.parametrize(("language", "size"), [("id", DESKTOP), ("en", PHONE)])
def test_nine_jobs_take_at_most_half_of_what_they_did(
    opened: Opened, language: str, size: tuple[int, int]
) -> None:
    planner = Planner(opened, language, size)
    for job, does in JOBS.items():
        planner.begin()
        does(planner)
        planner.done(job)
