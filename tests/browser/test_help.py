"""The help page without internet: pictures, links inside a document, links between documents."""

import pytest
from driver import Visit
from playwright.sync_api import expect

from ikmgeo.ui.help import DOCUMENTS


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_picture_of_the_guide_is_shown(visit: Visit, language: str) -> None:
    tab = visit(f"/help?lang={language}")
    pictures = tab.page.locator(".st-key-help img")
    expect(pictures).to_have_count(13)
    script = "images => images.every(i => i.complete && i.naturalWidth >= 1000 && i.alt)"
    tab.page.wait_for_function(
        f"() => ({script})([...document.querySelectorAll('.st-key-help img')])"
    )


def test_the_contents_lead_to_the_chapters(visit: Visit) -> None:
    tab = visit("/help?lang=id")
    chapter = tab.page.get_by_role("heading", name="6. Penilaian dan langkah berikutnya")
    expect(chapter).not_to_be_in_viewport()
    tab.page.get_by_role("link", name="6. Penilaian dan langkah berikutnya").first.click()
    expect(chapter).to_be_in_viewport()


def test_a_link_to_another_document_opens_it_in_the_same_language(visit: Visit) -> None:
    tab = visit("/help?lang=id")
    with tab.page.context.expect_page() as opened:
        tab.page.get_by_role("link", name="metode", exact=True).click()
    expect(opened.value.get_by_role("heading", name="Jarak dan selangnya")).to_be_visible()
    opened.value.close()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_no_wider_than_a_phone(visit: Visit, name: str) -> None:
    tab = visit(f"/help?section={name}", size=(390, 844))
    expect(tab.page.get_by_role("heading", level=2).first).to_be_visible()
    wide = "document.querySelector('[data-testid=stMain]').scrollWidth"
    assert tab.page.evaluate(wide) <= 390
