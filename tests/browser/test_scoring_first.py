"""The scoring page at its first sight: printed totals, who is assessed, and whose scores count."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.driver import DESKTOP, PHONE, SAY, Tab, Visit
from tests.browser.faults import overflow, violations
from tests.browser.recorded import KARO, database, made, record
from tests.conftest import Serve


def ends(tab: Tab, selector: str) -> float:
    """Lower edge of the first such element on the screen as it opened, px."""
    box = tab.page.locator(selector).first.bounding_box()
    assert box is not None
    return box["y"] + box["height"]


def turn(tab: Tab, section: str) -> None:
    """Open a section of the page."""
    words = SAY["id"](f"section.{section}")
    tab.page.get_by_test_id("stButtonGroup").first.get_by_text(words, exact=True).click()
    tab.expect_param("section", section)
    tab.settle()


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_printed_totals_come_first_and_are_seen_whole(visit: Visit, language: str) -> None:
    say = SAY[language]
    tab = visit(f"/scoring?lang={language}")
    table = tab.page.get_by_role("region", name=say("schemes.matrix"), exact=True)
    expect(table.locator("tbody tr")).to_have_count(13)
    expect(table.locator("tbody tr").first).to_contain_text(say.number(70.06))
    assert ends(tab, ".ikm-scroll") <= DESKTOP[1]
    assert tab.page.locator(".ikm-sub").first.inner_text() == say("schemes.matrix_note")


def test_on_a_phone_every_section_has_something_to_say(
    visit: Visit, pocket: BrowserContext
) -> None:
    tab, say = visit("/scoring", size=PHONE, within=pocket), SAY["id"]
    for section, begins in (
        ("schemes", say("schemes.matrix")),
        ("weights", say("standing.heading")),
        ("certainty", say("standing.heading")),
        ("next", say("next.up")),
        ("assess", say("assess.new")),
    ):
        if section != "schemes":  # which is open
            turn(tab, section)
        heading = tab.page.get_by_role("heading", name=begins, exact=True)
        box = heading.bounding_box()
        assert box is not None
        assert box["y"] < PHONE[1] * 0.75, section
        assert overflow(tab) == 0, section
    assert violations(tab) == []


def test_assessed_scores_are_used_when_the_reader_says_so_and_lists_say_it(
    visit: Visit, serve: Serve, tmp_path: Path
) -> None:
    url = database(tmp_path)
    record(url, made(KARO, (60, 70, 10, 50, 40, 70)))
    tab, say = visit("/scoring?section=weights", server=serve(IKMGEO_DATABASE_URL=url)), SAY["id"]
    assert [row[1:3] for row in tab.rows()[1:]] == [["Sentra Kopi Karo", "50"]]
    market = tab.slider(say("aspect.market"))
    market.press("End")
    tab.settle()
    assert [row[1:3] for row in tab.rows()[1:]] == [["Sentra Kopi Karo", "10"]]
    assert "scores" not in tab.params
    go = tab.page.get_by_test_id("stPageLink")
    go.filter(has_text=say("page.map")).click()
    expect(tab.page.locator(".ikm-h1")).to_have_text(say("map.heading"))
    tab.settle()
    assert "no_score" not in tab.signs()
    go.filter(has_text=say("page.scoring")).click()
    expect(tab.page.locator(".ikm-h1")).to_have_text(re.compile("Skor dari"))
    tab.settle()
    tab.page.get_by_text(say("scoring.use_assessed")).click()
    tab.expect_param("scores", "assessed")
    banner = tab.page.locator(".ikm-banner", has_text=say("frame.assessed_some", count=12))
    expect(banner).to_be_visible()

    # Who is assessed: a row opens the form of its center, below each aspect what it means.
    turn(tab, "assess")
    heads, *rows = tab.rows()
    told = {row[0]: row[1:3] for row in rows}
    columns = ("table.name", "standing.filled", "standing.by", "assess.date")
    assert heads == [say(key) for key in columns]
    assert told["Sentra Kopi Karo"] == ["6/6", "Tim A"]
    assert told["Sentra Kopra Asahan"] == ["0/6", "–"]
    tab.pick_row([row[0] for row in rows].index("Sentra Kopra Asahan"))
    tab.expect_param("center", "asahan-copra")
    tab.settle()
    expect(tab.page.get_by_role("combobox", name=say("table.name"))).to_have_value(
        "Sentra Kopra Asahan"
    )
    anchors = tab.page.get_by_text("Terjual di beberapa pasar dalam kabupaten")
    expect(anchors).to_be_visible()
