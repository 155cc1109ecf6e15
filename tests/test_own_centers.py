"""A reader's own centers beside, and in place of, the shipped ones."""

import pandas as pd
from streamlit.testing.v1 import AppTest

from ikmgeo import analysis
from ikmgeo.errors import Issue
from ikmgeo.messages import Messages
from ikmgeo.settings import Settings

SHIPPED = analysis.gather(Settings())


def own(center: str = "karo-coffee") -> pd.DataFrame:
    """One row of the shipped centers, with another score, as if a reader had brought it."""
    return SHIPPED.centers.loc[[center]].assign(score_total=45.5, category="potential")


def test_own_row_stands_by_its_own_score_even_when_it_names_a_claim() -> None:
    measured = analysis.measure(analysis.with_centers(SHIPPED, own(), in_place=True))
    center = measured.centers.loc["karo-coffee"]
    assert (center["score"], center["category_published"]) == (45.5, "potential")
    assert not center["conflicting"]


def test_own_row_takes_the_place_of_the_shipped_one_with_its_id() -> None:
    both = analysis.with_centers(SHIPPED, own(), in_place=False).centers
    assert len(both) == 13
    assert both.loc["karo-coffee", "score_total"] == 45.5


def ledger_with_own_centers() -> None:
    """The ledger in a session that has replaced the shipped centers by one of its own."""
    from ikmgeo import analysis
    from ikmgeo.messages import Messages
    from ikmgeo.settings import Settings
    from ikmgeo.ui import frame, session, sources

    one = analysis.gather(Settings()).centers.loc[["karo-coffee"]]
    if session.own() is None:
        session.use(session.Own("sentra.csv", one, in_place=True))
    sources.ledger(frame.Page(Messages("id"), session.study()))


def test_contradictions_of_the_paper_stay_whatever_the_reader_brings() -> None:
    at = AppTest.from_function(ledger_with_own_centers, default_timeout=60).run()
    assert not at.exception
    assert not at.error
    assert len([button for button in at.button if button.key.startswith("open-")]) == 5


def test_categories_that_a_defect_names_are_in_the_readers_language() -> None:
    issue = Issue("unknown_category", "f.csv", 2, "category", "Hebat", {"known": ("excellent",)})
    assert "Unggulan" in Messages("id").problem(issue)
    assert "Excellent" in Messages("en").problem(issue)
