"""The drill-down panel: everything known about one center, district or zone, and what is not."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import pandas as pd
import streamlit as st

from ikmgeo import tables
from ikmgeo.display import panels, profiles
from ikmgeo.errors import DataError
from ikmgeo.filters import Filters, flipped
from ikmgeo.handout import Dossier
from ikmgeo.handouts import formats
from ikmgeo.measures import scenario
from ikmgeo.measures.district_measures import neighbours
from ikmgeo.measures.scenario import Scenario
from ikmgeo.ui.frame import PAGES, Page, open_section
from ikmgeo.ui.parts import advising
from ikmgeo.ui.parts.bars import CLOSE
from ikmgeo.ui.state import composing, keys, linking, planning, registry, session
from ikmgeo.view import View
from ikmgeo.vocabulary import IE, SEZ
from ikmgeo.words import markup
from ikmgeo.words.messages import Messages

NEAR_KM = 50.0
"""So near a zone is near, until the reader says otherwise."""

MOST_BUTTONS = 12
"""Centers of a district that get a button each."""

MOST_NEIGHBOURS = 4
"""Districts that another one is compared with at a press."""

MOST_PAPER = 1_000
"""Centers of a list of which each is a PDF at a press."""

DOSSIERS, PROFILES = 4, 60
"""How many are kept, of all that are told from and of what is told of a center."""


def panel(page: Page, view: View, centers: pd.DataFrame) -> None:
    """Panel of the selection, or how to select when there is none."""
    kind, name = view.selection or ("", "")
    with st.container(border=True, key="panel"):
        if kind == "center" and name in centers.index:
            center = tables.row(centers, name)
            known = _center(dossier(page, centers), name)
            st.html(panels.center_first(page.say, known))
            with st.container(horizontal=True, gap="small"):
                if st.button(page.say("center.record"), key="record"):
                    open_section("scoring", "assess")
                _paper(page, centers)
            st.html(panels.center_rest(page.say, known))
            district = profiles.district_name(page.study.inputs.districts, center["district"])
            if district:
                label = page.say("center.open_district", name=district)
                _opens(label, "district", center["district"])
        elif kind == "district":
            _district(page, name, dossier(page, centers))
            _centers_of(page, name, centers)
        elif kind == "zone":
            zone_profile(page, name, dossier(page, centers))
        else:
            _overview(page, centers)
            return
        close_button(page)


def _overview(page: Page, centers: pd.DataFrame) -> None:
    """What the map shows, and questions to begin with."""
    say, inputs = page.say, page.study.inputs
    zones = inputs.zones
    told = profiles.overview(say, inputs, centers, session.own())
    st.html(panels.overview_panel(say, told))
    st.html(markup.heading(say("overview.start")))
    weakest = [*inputs.instrument.categories][-1:]
    if centers["category"].isin(weakest).any():
        _asks(say("overview.weak"), "weak", Filters(categories=tuple(weakest)))
    if len(zones):
        zone = str(zones.index[-1])
        near = say("overview.near", zone=tables.cell(zones, zone, "short_name"))
        _asks(near, "near", Filters(zone=zone, within_km=NEAR_KM))
    if st.button(say("overview.next"), key="next-steps", width="stretch"):
        open_section("scoring", "next")
    if len(zones) and zones["class"].iloc[-1] == IE:
        _asks_what_if(say, zones.iloc[-1])
    with st.container(horizontal=True, gap="small", key="begin"):
        if st.button(say("overview.own"), key="own-list", width="stretch"):
            open_section("sources", "own")
        if st.button(say("overview.story"), key="play-story", width="stretch"):
            keys.TO_PLAY.set(True)
            st.rerun()
    st.html(markup.note(say("overview.how")))


def _asks_what_if(say: Messages, zone: pd.Series) -> None:
    """A question that a scenario answers: a zone as one of the other class."""
    question = say("overview.what_if", zone=zone["short_name"])
    if st.button(markup.markdown(question), key="what-if", width="stretch"):
        name = say("overview.what_if_name", zone=zone["short_name"])[: scenario.NAME_LENGTH]
        planning.take_up(Scenario(name).changed(str(zone.name), zone_class=SEZ))
        keys.EDITED_ZONE.set(str(zone.name))
        open_section("linkage", "what_if")


def _asks(question: str, key: str, answered_by: Filters) -> None:
    """A question that filters answer."""
    st.button(
        markup.markdown(question),
        key=f"ask-{key}",
        width="stretch",
        on_click=session.refilter,
        args=(answered_by,),
    )


def district_profile(
    page: Page, code: str, dossier: Dossier, *, compare: Callable[[], None]
) -> None:
    """Panel of a district on a page without a panel for centers: its buttons open the map."""
    _district(page, code, dossier, compare=compare)
    chosen = _centers_of(page, code, dossier.centers, here=False)
    if chosen is not None:
        session.change(selection=("center", chosen))
        st.switch_page(PAGES["map"])
    close_button(page)


def _centers_of(page: Page, code: str, centers: pd.DataFrame, *, here: bool = True) -> str | None:
    """A button per center of a district, the first ones; answers with the one that is pressed.

    ``here`` when this page shows the center; then the press selects it by itself.
    """
    inside = centers.loc[centers["district"] == code, f"name_{page.say.language}"]
    pressed = None
    for center, name in inside.iloc[:MOST_BUTTONS].items():
        if here:
            _opens(str(name), "center", str(center))
        elif st.button(markup.markdown(str(name)), key=f"show-center-{center}"):
            pressed = str(center)
    if len(inside) > MOST_BUTTONS:
        shown, count = page.say.number(MOST_BUTTONS, 0), page.say.number(len(inside), 0)
        st.caption(page.say("district.first_centers", shown=shown, count=count))
    return pressed


def _opens(label: str, kind: str, name: str) -> None:
    """A button with a label from data, escaped because Streamlit reads labels as Markdown."""
    st.button(
        markup.markdown(label),
        key=f"look-{kind}-{name}",
        on_click=session.change,
        kwargs={"selection": (kind, name)},
    )


def _paper(page: Page, centers: pd.DataFrame) -> None:
    """The chosen center as a PDF; of a great many it takes longer, and is made in the workshop."""
    from ikmgeo.ui.parts.handing_out import taken  # which draws on the page that shows this panel

    if len(centers) > MOST_PAPER:
        return
    with suppress(DataError):  # without its routing server
        handout = taken(page)
        kind, name = session.view().selection or ("", "")
        st.download_button(
            page.say("center.paper"),
            lambda: formats.profile(handout, kind, name),
            file_name=formats.file_name(handout, "profile", "pdf"),
            mime=formats.FORMATS["pdf"].mime,
            key="paper",
            on_click="ignore",
        )


def close_button(page: Page) -> None:
    """Leave what is chosen."""
    st.button(page.say("panel.close"), on_click=session.change, kwargs={"selection": None})


def dossier(page: Page, centers: pd.DataFrame) -> Dossier:
    """What the profiles on a page are told from; filters and the like leave it as it is."""
    now = session.view()
    view = View(
        language=now.language, scheme=now.scheme, composition=now.composition, link=now.link
    )
    version = (
        page.study.stamp,
        view,
        composing.versions(),
        dict(linking.fit_changes()),
        dict(keys.PLANS.get()),
        registry.by_district(),
    )
    return session.kept(
        "dossier",
        version,
        lambda: Dossier(**advising.held(page, view, centers)),
        most=DOSSIERS,
        for_all=session.own() is None,
    )


def _center(dossier: Dossier, name: str) -> profiles.Center:
    """All about a center; it takes longer to tell than the rest of the panel to show."""
    return session.kept(
        "center",
        (dossier, name),
        lambda: profiles.center(dossier, name),
        most=PROFILES,
        for_all=dossier.own is None,
    )


def _district(
    page: Page, code: str, dossier: Dossier, *, compare: Callable[[], None] | None = None
) -> None:
    """What a district is, what can be done with it, and all that is known of it."""
    say, told = page.say, profiles.district(dossier, code)
    st.html(panels.district_first(say, told))
    with st.container(horizontal=True):
        filters = session.view().filters
        if told.count:
            chosen = code in filters.districts
            st.button(
                say("districts.here") + (CLOSE if chosen else ""),
                key="only-here",
                type="primary" if chosen else "secondary",
                on_click=session.refilter,
                args=(replace(filters, districts=flipped(filters.districts, code)),),
            )
        if compare:
            st.button(say("districts.add"), key="compare-too", on_click=compare)
    _beside(page, code, dossier.centers)
    st.html(panels.district_rest(say, told))


def _beside(page: Page, code: str, centers: pd.DataFrame) -> None:
    """Buttons that compare a district with its neighbours, first with those of most centers."""
    districts, counts = page.study.inputs.districts, centers["district"].value_counts()
    near = sorted(neighbours(districts, code), key=lambda other: -counts.get(other, 0))
    if not near:
        return
    st.html(markup.note(page.say("district.beside")))
    with st.container(horizontal=True, gap="small"):
        for other in near[:MOST_NEIGHBOURS]:
            name = str(tables.cell(districts, other, "short_name"))
            if st.button(markup.markdown(name), key=f"beside-{other}"):
                session.change(compared=(code, other), selection=None)
                st.switch_page(PAGES["districts"])


def zone_profile(page: Page, zone_id: str, dossier: Dossier) -> None:
    """Kind, operator, area with its rival figures, sectors and the closest centers."""
    profile = profiles.zone(dossier, zone_id, among=dossier.centers)
    st.html(panels.zone_panel(page.say, profile))
