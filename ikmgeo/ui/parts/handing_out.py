"""What the reader sees, gathered for hand-outs."""

from dataclasses import replace
from datetime import date

from ikmgeo.filters import Filters
from ikmgeo.handout import Handout
from ikmgeo.measures.linkage import STRAIGHT_KM
from ikmgeo.ui.frame import Page
from ikmgeo.ui.parts import advising
from ikmgeo.ui.parts.explore import filtered
from ikmgeo.ui.state import composing, keys, linking, planning, session
from ikmgeo.ui.state.session import Study
from ikmgeo.view import ON_MAP, STAGES


def taken(page: Page) -> Handout:
    """The present view with all its data.

    Raises
    ------
    DataError
        When the reader's routing server does not answer as it should.
    """
    study, view = page.study, session.view()
    centers, met = filtered(page)
    shown = centers[met.all(axis=1)]
    used, roads = linking.parameters(view), linking.roads()
    stage = page.name if page.name in STAGES else view.stage
    return Handout(
        **advising.held(page, replace(view, link=used, stage=stage), centers),
        shown=shown,
        linked=linking.linked(study, centers, linking.real_zones(study), used),
        taken_on=date.today(),
        roads=roads.name if roads and used.measure != STRAIGHT_KM else "",
        fit_changes=len(linking.fit_changes()),
    )


def on_map(page: Page) -> Handout:
    """What the map of the page shows, in its open section, with all its data.

    Raises
    ------
    DataError
        When the reader's routing server does not answer as it should.
    """
    bare, study, section = taken(page), page.study, session.view().section
    if page.name not in STAGES:  # a page of its own shows the first map, and no filter applies
        view = replace(bare.view, stage=ON_MAP, filters=Filters())
        return replace(bare, view=view, shown=bare.centers)
    if section == "zone":
        zone = linking.catchment_of(bare.view, linking.real_zones(study))
        return replace(bare, view=replace(bare.view, catchment=zone))
    plan = planning.in_use()
    if section != "what_if" or plan is None:
        return bare
    zones = linking.zones_under(study, plan)
    after = linking.linked(study, bare.centers, zones, bare.view.link)
    inputs = replace(
        bare.inputs, zones=zones.table, footprints=zones.footprints, sector_fit=zones.fit
    )
    effect = planning.effect(plan, bare.linked, after)
    return replace(bare, inputs=inputs, linked=after, effect=effect)


def stamp(handout: Handout, study: Study) -> tuple[object, ...]:
    """Tells one hand-out from another: what is made of one is of no use for the other."""
    roads = linking.roads()
    return (
        handout.query,
        handout.taken_on,
        handout.screen,
        study.stamp,
        composing.versions(),
        tuple(linking.fit_changes().items()),
        tuple(keys.PLANS.get().items()),
        roads.stamp if roads else "",
        handout.registered,
    )
