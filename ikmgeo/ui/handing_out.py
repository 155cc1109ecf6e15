"""What the reader sees, gathered for hand-outs."""

from dataclasses import replace
from datetime import date

from ikmgeo.handout import MOST_PROFILES, Handout
from ikmgeo.ui import advising, composing, linking, session
from ikmgeo.ui.explore import filtered
from ikmgeo.ui.frame import Page


def taken(page: Page) -> Handout:
    """The present view with all its data.

    Raises
    ------
    DataError
        When the reader's routing server does not answer as it should.
    """
    say, study, view = page.say, page.study, session.view()
    centers, met = filtered(page)
    shown = centers[met.all(axis=1)]
    used, roads = linking.parameters(view), linking.roads()
    return Handout(
        say=say,
        view=replace(view, link=used),
        inputs=replace(study.inputs, sector_fit=linking.fit(study)),
        measured=composing.scored(study, view),
        centers=centers,
        shown=shown,
        linked=linking.linked(study, centers, linking.real_zones(study), used),
        aspects=composing.used_aspects(study, view.composition),
        taken_on=date.today(),
        assessments=composing.newest(composing.recorded()),
        own=session.own(),
        roads=roads.name if roads else "",
        profiles=advising.profiles(study, centers, shown.index[:MOST_PROFILES]),
    )
