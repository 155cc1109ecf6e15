"""The drill-down panel: everything known about one center, district or zone, and what is not."""

import pandas as pd
import streamlit as st

from ikmgeo import markup, panels
from ikmgeo.ui import advising, linking, session
from ikmgeo.ui.frame import PAGES, Page
from ikmgeo.view import View

MOST_BUTTONS = 12
"""Centers of a district that get a button each."""


def panel(page: Page, view: View, centers: pd.DataFrame) -> None:
    """Panel of the selection, or how to select when there is none."""
    kind, name = view.selection or ("", "")
    with st.container(height=452, key="panel"):
        if kind == "center" and name in centers.index:
            center = centers.loc[name]
            st.html(_center(page, center, centers))
            districts = page.study.inputs.districts
            if center["district"] in districts.index:
                name = str(districts.at[center["district"], "name_id"])
                label = page.say("center.open_district", name=name)
                _opens(label, "district", center["district"])
        elif kind == "district":
            st.html(_district(page, name, centers))
            _centers_of(page, name, centers)
        elif kind == "zone":
            st.html(zone_panel(page, name, centers))
        else:
            st.html(panels.no_panel(page.say, "map", "table", "name"))
            return
        close_button(page)


def district_profile(page: Page, code: str, centers: pd.DataFrame) -> None:
    """Panel of a district on a page without a panel for centers: its buttons open the map."""
    st.html(_district(page, code, centers))
    chosen = _centers_of(page, code, centers, here=False)
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
            _opens(str(name), "center", center)
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


def close_button(page: Page) -> None:
    """Leave what is chosen."""
    st.button(page.say("panel.close"), on_click=session.change, kwargs={"selection": None})


def _center(page: Page, center: pd.Series, centers: pd.DataFrame) -> str:
    study, name = page.study, str(center.name)
    return panels.center_panel(
        page.say,
        center,
        inputs=linking.inputs(study),
        measured=study.measured,
        centers=centers,
        profile=advising.profiles(study, centers, [name])[name],
    )


def _district(page: Page, code: str, centers: pd.DataFrame) -> str:
    return panels.district_panel(
        page.say,
        code,
        inputs=page.study.inputs,
        centers=centers,
        measures=session.measured_districts(page.study, centers),
        seat_km=session.seat_distances(page.study),
        studied=code in session.studied_districts(),
    )


def zone_panel(page: Page, zone_id: str, centers: pd.DataFrame) -> str:
    """Class, operator, area with its rival figures, sectors and the closest centers: as HTML."""
    study = page.study
    return panels.zone_panel(
        page.say, zone_id, inputs=study.inputs, measured=study.measured, centers=centers
    )


def nearest_to_seat(page: Page, code: str) -> str | None:
    """Zone nearest to a district's seat, with its distance."""
    seat_km = session.seat_distances(page.study).loc[code]
    return panels.nearest_to_seat(page.say, seat_km, page.study.inputs.zones)
