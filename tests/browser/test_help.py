"""The help page without internet: pictures, links inside a document, links between documents."""

from playwright.sync_api import expect

from tests.browser.driver import SAY, Visit

SHOWN = """() => [...document.querySelectorAll('.st-key-help img')]
    .every(i => i.complete && i.naturalWidth >= 1000 && i.alt)"""


def test_the_guide_has_its_pictures_and_leads_to_chapters_and_documents(visit: Visit) -> None:
    tab = visit("/help?lang=id")
    for language in SAY:
        tab.language(language)
        expect(tab.page.locator(".st-key-help img")).to_have_count(13)
        tab.page.wait_for_function(SHOWN)
    tab.language("id")
    chapter = tab.page.get_by_role("heading", name="6. Penilaian dan langkah berikutnya")
    expect(chapter).not_to_be_in_viewport()
    tab.page.get_by_role("link", name="6. Penilaian dan langkah berikutnya").first.click()
    expect(chapter).to_be_in_viewport()
    with tab.page.context.expect_page() as opened:
        tab.page.get_by_role("link", name="metode", exact=True).click()
    expect(opened.value.get_by_role("heading", name="Jarak dan selangnya")).to_be_visible()
    opened.value.close()
