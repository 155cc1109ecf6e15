"""axe finds no violation of WCAG 2.2 AA, on the pages and inside the map."""

from pathlib import Path

import axe_playwright_python
import pytest
from driver import PHONE, SAY, Tab, Visit

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
RUN = """axe.run(document, {iframes: false, resultTypes: ['violations'],
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})"""


def violations(tab: Tab) -> list[str]:
    """Rule and element of each violation, in the page and in every frame of it."""
    tab.settle()
    found = []
    for frame in tab.page.frames:
        frame.evaluate(AXE)
        for rule in frame.evaluate(RUN)["violations"]:
            found += [f"{rule['id']}: {node['html'][:300]}" for node in rule["nodes"]]
    return found


@pytest.mark.parametrize(
    ("path", "centers"),
    [
        ("/?center=karo-coffee&scheme=printed_ranges&places=1&km=100", 13),
        ("/?district=1209", 13),
        ("/?zone=sei_mangkei&scheme=custom", 13),
        ("/?q=nowhere&foo=1", 0),
    ],
    ids=[
        *("center", "district", "zone", "nothing left"),
    ],
)
def test_a_page_meets_wcag_in_both_languages(visit: Visit, path: str, centers: int) -> None:
    tab = visit(path, centers=centers)
    found = violations(tab)
    tab.language("en")
    assert found + violations(tab) == []


@pytest.mark.parametrize("path", ["/?center=karo-coffee", "/sources"])
def test_a_page_meets_wcag_on_a_phone(visit: Visit, path: str) -> None:
    assert violations(visit(path, size=PHONE)) == []


def test_the_page_names_its_language(visit: Visit) -> None:
    tab = visit("/sources")
    for language in SAY:
        tab.language(language)
        tab.page.wait_for_function("l => document.documentElement.lang === l", arg=language)
