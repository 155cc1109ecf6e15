"""Scoring page: printed totals, weights, certainty, next steps, assessments, frameworks."""

from ikmgeo.ui.frame import section
from ikmgeo.ui.page import open_page
from ikmgeo.ui.scoring.assess import assess
from ikmgeo.ui.scoring.certainty import certainty
from ikmgeo.ui.scoring.next_steps import next_steps
from ikmgeo.ui.scoring.ratings import ratings
from ikmgeo.ui.scoring.schemes import schemes_side_by_side
from ikmgeo.ui.scoring.scoring import weights_and_scores

with open_page("scoring") as page:
    section(
        page,
        {
            "schemes": schemes_side_by_side,
            "weights": weights_and_scores,
            "certainty": certainty,
            "next": next_steps,
            "assess": assess,
            "frameworks": ratings,
        },
    )
