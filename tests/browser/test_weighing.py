"""The scoring page as planners use it: weigh, look how sure it is, record, restart, be advised."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Locator, expect

from ikmgeo.records.assessments import NAME_LENGTH
from ikmgeo.records.store import Store
from tests.browser.driver import SAY, Tab, Visit
from tests.browser.hostile import payloads
from tests.browser.recorded import KARO, TODAY, database, made, record
from tests.browser.test_hostile import unharmed
from tests.conftest import Serve, Server
from tests.rated import ASPECTS

SAY_ID = SAY["id"]
SECTIONS = ("schemes", "weights", "certainty", "next", "assess", "frameworks")


def button(tab: Tab, key: str, **values: Any) -> Locator:
    label = SAY_ID(key, **values) if values else SAY_ID(key)
    return tab.page.get_by_role("button", name=label, exact=True)


def go(tab: Tab, section: str, language: str = "id") -> None:
    """Open a section."""
    words = SAY[language](f"section.{section}")
    tab.page.get_by_test_id("stButtonGroup").first.get_by_text(words, exact=True).click()
    tab.expect_param("section", section)
    tab.settle()


def cells(tab: Tab, name: str) -> dict[str, list[str]]:
    """Rows of an HTML table by their first cell."""
    region = tab.page.get_by_role("region", name=name, exact=True)
    region.wait_for()
    script = "t => [...t.querySelectorAll('tbody tr')].map(r => [...r.cells].map(c => c.innerText))"
    return {row[0]: row[1:] for row in region.evaluate(script)}


def scores(tab: Tab) -> list[list[str]]:
    """Rank, name, score and category in the accessible table, which holds plain numbers."""
    return [[row[0], row[1], f"{float(row[2]):.2f}", row[3]] for row in tab.rows()[1:]]


def weigh(tab: Tab, aspect: str, tens: int) -> None:
    """Move the slider of an aspect by keyboard to a multiple of ten."""
    tab.slider(SAY_ID(f"aspect.{aspect}")).press("Home")
    tab.settle()
    tab.slide(SAY_ID(f"aspect.{aspect}"), "PageUp", str(tens))
    label = SAY_ID("scoring.weight_of", aspect=SAY_ID(f"aspect.{aspect}"))
    expect(tab.page.get_by_label(label)).to_have_value(str(tens))
    tab.settle()


def typed_weights(tab: Tab) -> list[float]:
    boxes = [
        tab.page.get_by_label(SAY_ID("scoring.weight_of", aspect=SAY_ID(f"aspect.{aspect}")))
        for aspect in ASPECTS
    ]
    return [float(box.input_value().replace(",", ".")) for box in boxes]


def fill(tab: Tab, label: str, value: str) -> None:
    """Type into a field of the form and leave it."""
    box = tab.page.get_by_label(label, exact=True)
    box.fill(value)
    box.press("Tab")
    tab.settle()


def downloaded(tab: Tab, key: str) -> openpyxl.Workbook:
    with tab.page.expect_download() as download:
        button(tab, key).click()
    return openpyxl.load_workbook(io.BytesIO(Path(download.value.path()).read_bytes()))


def test_a_planner_weighs_records_restarts_brings_a_form_and_is_advised(
    visit: Visit, serve: Serve, tmp_path: Path
) -> None:
    url = database(tmp_path)
    server = serve(IKMGEO_DATABASE_URL=url)
    tab = visit("/scoring?section=weights", server=server)

    # The illustrative set, with its banner.
    button(tab, "scoring.load_examples").click()
    banner = tab.page.locator(".ikm-banner", has_text=SAY_ID("frame.fictional", count=6))
    expect(banner).to_be_visible()
    tab.settle()
    assert [row[:3] for row in scores(tab)] == [
        ["1", "Sentra Contoh 1", "71.67"],
        ["2", "Sentra Contoh 2", "49.17"],
        ["3", "Sentra Contoh 3", "38.17"],
        ["4", "Sentra Contoh 4", "33.00"],
        ["5", "Sentra Contoh 5", "32.50"],
        ["6", "Sentra Contoh 6", "19.00"],
    ]
    go(tab, "certainty")
    before = cells(tab, SAY_ID("certainty.table"))
    assert SAY_ID("certainty.is_unstable") in before["Sentra Contoh 3"][-1]

    # Half the weight on institutions, a tenth on each other aspect.
    go(tab, "weights")
    weigh(tab, "institutional", 50)
    assert typed_weights(tab) == [50, 10, 10, 10, 10, 10]
    drawn = "() => document.querySelector('[data-testid=stDataFrame] canvas').textContent"
    tab.page.wait_for_function(f"{drawn}.includes('25.4')")  # the grid is drawn a moment later
    assert scores(tab)[3:5] == [
        ["4", "Sentra Contoh 5", "33.90", SAY_ID("category.potential")],
        ["5", "Sentra Contoh 4", "25.40", SAY_ID("category.under_development")],
    ]
    go(tab, "certainty")
    after = cells(tab, SAY_ID("certainty.table"))
    assert after["Sentra Contoh 3"][0] == "46,90"
    assert SAY_ID("certainty.is_stable") in after["Sentra Contoh 3"][-1]
    assert SAY_ID("certainty.is_unstable") not in after["Sentra Contoh 3"][-1]
    expect(banner).to_be_visible()

    # An assessment of Karo coffee.
    go(tab, "assess")
    tab.choose(SAY_ID("table.name"), "Sentra Kopi Karo")
    tab.expect_param("center", KARO)
    tab.settle()
    fill(tab, SAY_ID("assess.author"), "Dinas Karo")
    for aspect, score in zip(ASPECTS, (60, 70, 10, 50, 40, 70), strict=True):
        fill(tab, SAY_ID(f"aspect.{aspect}"), str(score))
    button(tab, "assess.save").click()
    expect(tab.page.get_by_text(SAY_ID("assess.saved", version=1))).to_be_visible()
    tab.settle()

    # A score that is emptied is missing, not zero.
    honey = "simalungun-honey"
    tab.choose(SAY_ID("table.name"), "Sentra Madu Simalungun")
    tab.expect_param("center", honey)
    tab.settle()
    fill(tab, SAY_ID("assess.author"), "Dinas")
    for value in ("35", ""):
        fill(tab, SAY_ID("aspect.market"), value)
    expect(tab.page.get_by_label(SAY_ID("aspect.market"), exact=True)).to_have_value("")
    button(tab, "assess.save").click()
    expect(tab.page.get_by_text(SAY_ID("assess.saved", version=1))).to_be_visible()
    tab.settle()
    store = Store.open(url)
    (emptied,) = [kept for kept in store.latest() if kept.center_id == honey]
    assert emptied.scores.get("market") is None
    store.close()
    tab.page.close()
    server.stop()

    # The next day.
    tab = visit(f"/scoring?section=assess&center={KARO}", server=serve(IKMGEO_DATABASE_URL=url))
    expect(tab.page.get_by_text("Dinas Karo,")).to_be_visible()
    expect(tab.page.get_by_text("Produksi 70 · Pasar 10").first).to_be_visible()

    # The form goes out empty and comes back filled in.
    book = downloaded(tab, "sheets.empty")
    sheet = book["assessments"]
    columns = [cell.value for cell in sheet[1]]
    for at, center, score in ((2, "asahan-copra", 55), (3, "bunut-footwear", 170)):
        known = {"center_id": center, "author": "Rapat", "assessed_on": TODAY, "market": score}
        for column, cell in known.items():
            sheet.cell(at, columns.index(column) + 1, cell)
    filled = io.BytesIO()
    book.save(filled)
    tab.upload("penilaian.xlsx", filled.getvalue())
    words = SAY_ID("sheets.result", good=1, unchanged=0, rejected=1)
    expect(tab.page.get_by_role("heading", name=words)).to_be_visible()
    expect(tab.page.get_by_role("region", name=SAY_ID("own.problems"))).to_contain_text("170")
    button(tab, "sheets.save", count=1).click()
    expect(tab.page.get_by_text(SAY_ID("sheets.saved", count=1))).to_be_visible()
    tab.settle()
    bad = downloaded(tab, "own.rejected_xlsx")["assessments"]
    heads = [cell.value for cell in bad[1]]
    row = dict(zip(heads, [cell.value for cell in bad[2]], strict=True))
    assert (row["center_id"], row["author"], row["market"]) == ("bunut-footwear", "Rapat", 170)
    assert "170" in row["issues"]
    assert bad.cell(3, heads.index("center_id") + 1).value is None

    # Advice that names its reasons.
    go(tab, "next")
    tab.page.get_by_text(SAY_ID("scoring.use_assessed")).click()
    tab.expect_param("scores", "assessed")
    tab.settle()
    reason = SAY_ID("advice.reason_aspect", what=SAY_ID("aspect.market"), score="10")
    actions = tab.page.locator(".ikm-action")
    expect(actions.first).to_contain_text(reason)
    assert actions.count() == 12
    why = SAY_ID("advice.why", why="").rstrip(" .")
    assert [text for text in actions.all_inner_texts() if why not in text] == []
    expect(tab.page.locator(".ikm-verdict")).to_contain_text("50,00")
    expect(tab.page.get_by_test_id("stVegaLiteChart").locator("svg, canvas").first).to_be_visible()


def test_the_map_follows_the_weights_in_place_and_the_banner_leads_back(
    visit: Visit, assessed: Server
) -> None:
    tab = visit("/scoring?section=weights&scores=assessed&scheme=contiguous", server=assessed)
    tab.drawn()
    tab.shapes("l.options.sign === 'excellent'", 3)

    # The keyboard reaches the weights, and the focus stays while the app works.
    script = """() => { const e = document.activeElement;
        const slider = e.closest('[data-testid="stSlider"]');
        return e.type === 'range' && slider ? slider.innerText : '' }"""
    label = SAY_ID("aspect.institutional")
    for _ in range(60):
        tab.page.keyboard.press("Tab")
        if label in tab.page.evaluate(script):
            break
    assert label in tab.page.evaluate(script)
    tab.view_map(2.5, 99.0, 8.5)
    tab.mark()
    before = tab.still()
    tab.page.keyboard.press("Home")
    typed = tab.page.get_by_label(SAY_ID("scoring.weight_of", aspect=label))
    expect(typed).to_have_value("0")
    tab.settle()
    assert typed_weights(tab) == [0, 20, 20, 20, 20, 20]
    tab.page.keyboard.press("ArrowRight")
    expect(typed).to_have_value("1")
    tab.settle()
    assert typed_weights(tab) == [1, 19.8, 19.8, 19.8, 19.8, 19.8]
    weigh(tab, "market", 80)
    assert tab.still() == before

    # The map page follows, and its banner leads back to the published scores.
    tab.page.get_by_test_id("stPageLink").filter(has_text=SAY_ID("page.map")).click()
    expect(tab.page.locator(".ikm-h1")).to_have_text(SAY_ID("map.heading"))
    tab.settle()
    tab.drawn()
    assert tab.signs().count("excellent") == 4  # one more, with 58 for the market
    banner = tab.page.locator(".ikm-banner", has_text=SAY_ID("frame.assessed"))
    expect(banner).to_be_visible()
    button(tab, "frame.published").click()
    expect(banner).to_have_count(0)
    tab.expect_param("scores", None)
    tab.shapes("l.options.sign === 'excellent'", 2)
    assert "70.06" in tab.rows()[1]


@pytest.fixture
def bait(tmp_path: Path) -> Iterator[Path]:
    """A folder that must never come to be."""
    yield tmp_path / "caught"
    assert not (tmp_path / "caught").exists()


def test_hostile_assessments_are_read_as_they_are(
    visit: Visit, serve: Serve, tmp_path: Path, bait: Path
) -> None:
    url = database(tmp_path)
    attacks = payloads(bait)
    for n, text in enumerate(attacks):
        by_aspect = dict.fromkeys(ASPECTS, text)
        record(
            url,
            made(
                KARO,
                (n,) * 6,
                author=text[:NAME_LENGTH],
                comment=text,
                notes=by_aspect,
                evidence=by_aspect,
                indicators={"market": {text[:NAME_LENGTH]: 10.0}},
                ratings={"swot": {"strengths": [t[:180] for t in attacks]}},
            ),
        )
    server = serve(IKMGEO_DATABASE_URL=url)
    where = f"center={KARO}&scores=assessed"
    tab = visit(f"/scoring?section=assess&{where}", server=server)
    expect(button(tab, "assess.edit")).to_have_count(len(attacks))
    body = " ".join(tab.page.get_by_test_id("stMain").inner_text().split())
    assert [t for t in attacks if " ".join(t.split())[:70] not in body] == []
    unharmed(tab)
    for n in (0, 3, 9):
        button(tab, "assess.edit").nth(n).click()
        tab.settle()
        popover = tab.page.get_by_role("button", name=SAY_ID("assess.details_filled"))
        popover.nth(2).click()
        tab.settle()
        unharmed(tab)
        tab.page.keyboard.press("Escape")
    for section in SECTIONS:
        go(tab, section)
        unharmed(tab)
    continued = tab.page.get_by_role("button").filter(has_text="Lanjutkan")
    assert continued.count() <= 1
    tab.page.get_by_text(SAY_ID("framework.swot"), exact=True).first.click()
    tab.settle()
    unharmed(tab)
    go(tab, "weights")
    for text in attacks[:4]:
        button(tab, "scoring.presets").click()
        tab.page.get_by_label(SAY_ID("scoring.preset_name"), exact=True).fill(text[:60])
        button(tab, "scoring.preset_save").click()
        tab.settle()
        tab.page.keyboard.press("Escape")
        unharmed(tab)
    tab.language("en")
    unharmed(tab)
