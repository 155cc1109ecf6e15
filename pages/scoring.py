"""Scoring page: weights, certainty, printed totals, next steps, assessments, frameworks."""

from ikmgeo.ui import session
from ikmgeo.ui.assess import assess
from ikmgeo.ui.certainty import certainty
from ikmgeo.ui.frame import open_page, section
from ikmgeo.ui.next_steps import next_steps
from ikmgeo.ui.ratings import ratings
from ikmgeo.ui.schemes import schemes_side_by_side
from ikmgeo.ui.scoring import weights_and_scores
from ikmgeo.ui.share import share

page = open_page("scoring")
share(page)
section(
    page,
    {
        "weights": weights_and_scores,
        "certainty": certainty,
        "schemes": schemes_side_by_side,
        "next": next_steps,
        "assess": assess,
        "frameworks": ratings,
    },
)
session.end_of_page()
