"""A reader's own centers beside, and in place of, the shipped ones; one list of several files."""

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from ikmgeo import analysis
from ikmgeo.errors import Issue
from ikmgeo.measures import scoring
from ikmgeo.reading import load, validate
from ikmgeo.reading.own import Own
from tests.rated import INSTRUMENT
from tests.saying import SAY
from tests.shipped_data import shipped_inputs

SHIPPED = shipped_inputs()


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
    from ikmgeo.reading.own import Own
    from ikmgeo.ui import frame
    from ikmgeo.ui.sources import sources
    from ikmgeo.ui.state import session
    from ikmgeo.words.messages import Messages

    one = session.shipped_study().inputs.centers.loc[["karo-coffee"]]
    if session.own() is None:
        session.use(Own("sentra.csv", one, in_place=True))
    sources.ledger(frame.Page(Messages.of("id", session.study().inputs), session.study()))


@pytest.mark.app
def test_contradictions_of_the_paper_stay_whatever_the_reader_brings() -> None:
    at = AppTest.from_function(ledger_with_own_centers, default_timeout=60).run()
    assert not at.exception
    assert not at.error
    assert len([button for button in at.button if button.key.startswith("open-")]) == 8


def test_categories_that_a_defect_names_are_in_the_readers_language() -> None:
    issue = Issue("unknown_category", "f.csv", 2, "category", "Hebat", {"known": ("excellent",)})
    assert "Unggulan" in SAY["id"].problem(issue)
    assert "Excellent" in SAY["en"].problem(issue)


def listed(*rows: str) -> pd.DataFrame:
    """Good rows of a file with name, commodity, lat, lon and score."""
    text = "\n".join(("center_id;nama;komoditas;lintang;bujur;skor", *rows))
    return validate.check_centers(
        load.read_table(text.encode(), name="f.csv"),
        district_names=SHIPPED.districts,
        commodities=SHIPPED.commodities,
        land=None,
        bounds=SHIPPED.bounds,
        instrument=INSTRUMENT,
    ).good


FIRST = listed(";A;kopi;2,30;99,00;40", ";B;kopi;2,31;99,01;41", "k7;C;kopi;2,32;99,02;42")


def test_mended_rows_join_the_good_ones_of_before() -> None:
    """Planner 2: five mended rows, made up ids and all, replaced the fifteen good ones."""
    mended = listed(";D;tenun;2,33;99,03;43", ";E;tenun;2,34;99,04;44")
    both = Own("a.csv", FIRST, in_place=True).plus("b.csv", mended)
    assert both.centers["name_id"].tolist() == ["A", "B", "C", "D", "E"]
    assert both.centers.index.is_unique
    assert (both.name, both.in_place) == ("a.csv + b.csv", True)


def test_the_whole_file_mended_counts_no_center_twice() -> None:
    """Its rows are one further down than before, so ids that were made up have moved."""
    whole = listed(
        ";D;tenun;2,33;99,03;43",
        ";A;kopi;2,30;99,00;40",
        ";B;kopi;2,31;99,01;99",
        "k7;C;kopi;2,32;99,02;42",
    )
    both = Own("a.csv", FIRST, in_place=False).plus("a.csv", whole)
    assert sorted(both.centers["name_id"]) == ["A", "B", "C", "D"]
    assert both.centers.set_index("name_id")["score_total"].to_dict() == {
        **{"A": 40, "B": 99},
        **{"C": 42, "D": 43},
    }
    assert both.name == "a.csv"


def test_an_id_that_the_file_gives_names_the_same_center_under_another_name() -> None:
    renamed = listed("k7;C baru;kopi;2,40;99,10;50")
    both = Own("a.csv", FIRST, in_place=False).plus("b.csv", renamed)
    assert both.centers.loc["k7", "name_id"] == "C baru"
    assert len(both.centers) == 3


def test_centers_with_scores_and_no_category_are_classified() -> None:
    """Planner 3: nineteen scored centers were all outside every category, and nobody said why.

    By the bounds 27.54, 38.00 and 56.60, each included.
    """
    own = listed(";A;kopi;2,30;99,00;27,54", ";B;kopi;2,31;99,01;38", ";C;kopi;2,32;99,02;57")
    measured = analysis.measure(analysis.with_centers(SHIPPED, own, in_place=True))
    scheme = scoring.fitting(scoring.Scheme(), measured.centers, INSTRUMENT)
    found = analysis.classify(measured, SHIPPED.instrument, scheme)["category"]
    assert found.tolist() == ["under_development", "potential", "excellent"]


def test_the_printed_categories_stay_where_every_score_has_one() -> None:
    shipped = analysis.measure(SHIPPED).centers
    assert scoring.fitting(scoring.Scheme(), shipped, INSTRUMENT) == scoring.Scheme()


def test_a_scheme_that_the_reader_chose_stays() -> None:
    own = listed(";A;kopi;2,30;99,00;27,54")
    measured = analysis.measure(analysis.with_centers(SHIPPED, own, in_place=True))
    chosen = scoring.Scheme("custom", (10, 20, 30))
    assert scoring.fitting(chosen, measured.centers, INSTRUMENT) == chosen
