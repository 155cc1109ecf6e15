"""The drill-down panel: everything known about one center, district or zone, and what is not."""

from typing import Any

import pandas as pd
import streamlit as st
from markupsafe import Markup

from ikmgeo import maps
from ikmgeo.district_measures import density_per_km2
from ikmgeo.scoring import claim_ids
from ikmgeo.ui import session
from ikmgeo.ui.frame import PAGES, Page
from ikmgeo.ui.markup import facts, markdown, picture, table
from ikmgeo.ui.messages import NOTHING, Messages
from ikmgeo.view import View
from ikmgeo.vocabulary import ASPECTS, CATEGORIES

MOST_BUTTONS = 12
"""Centers of a district that get a button each."""

DIGITS = {"centers": 0, "mean_score": 2, "mean_proximity": 1, "seat_km": 1, "centers_per_100k": 2}
"""Decimals of the measures of districts."""


def panel(page: Page, view: View, centers: pd.DataFrame, shown: pd.DataFrame) -> None:
    """Panel of the selection, or how to select when there is none."""
    kind, name = view.selection or ("", "")
    with st.container(height=452, key="panel"):
        if kind == "center" and name in centers.index:
            center = centers.loc[name]
            if name not in shown.index:
                st.info(page.say("center.filtered_out"))
            st.html(center_panel(page, center, centers))
            if pd.notna(center["district"]):
                label = page.say(
                    "center.open_district", name=_district_name(page, center["district"])
                )
                _opens(label, "district", center["district"])
        elif kind == "district":
            st.html(district_panel(page, name, centers))
            _centers_of(page, name, centers)
        elif kind == "zone":
            st.html(zone_panel(page, name, centers))
        else:
            st.html(_nothing_chosen(page.say))
            return
        close_button(page)


def district_profile(page: Page, code: str, centers: pd.DataFrame) -> None:
    """Panel of a district on a page without a panel for centers: its buttons open the map."""
    st.html(district_panel(page, code, centers))
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
        elif st.button(markdown(str(name)), key=f"show-center-{center}"):
            pressed = str(center)
    if len(inside) > MOST_BUTTONS:
        shown, count = page.say.number(MOST_BUTTONS, 0), page.say.number(len(inside), 0)
        st.caption(page.say("district.first_centers", shown=shown, count=count))
    return pressed


def _opens(label: str, kind: str, name: str) -> None:
    """A button with a label from data, escaped because Streamlit reads labels as Markdown."""
    st.button(
        markdown(label),
        key=f"open-{kind}-{name}",
        on_click=session.change,
        kwargs={"selection": (kind, name)},
    )


def close_button(page: Page) -> None:
    """Leave what is chosen."""
    st.button(page.say("panel.close"), on_click=session.change, kwargs={"selection": None})


def _nothing_chosen(say: Messages) -> str:
    steps = Markup("").join(
        Markup("<li>{}</li>").format(say(f"panel.how_{way}")) for way in ("map", "table", "name")
    )
    return Markup('<div class="ikm-panel"><h2>{}</h2><ul>{}</ul></div>').format(
        say("panel.nothing"), steps
    )


def center_panel(page: Page, center: pd.Series, centers: pd.DataFrame) -> str:
    """Score and its claims, distances, place and precision, sources: as HTML."""
    say = page.say
    sign = picture(maps.sign_svg(center["category"], size=22))
    if center["conflicting"]:
        sign += picture(maps.conflict_svg(size=18))
    parts = [
        Markup("<h2>{} {}</h2>").format(sign, center[f"name_{say.language}"]),
        _lead(say, center, centers),
        _placeholder(say, center),
        _claims(page, center),
        _distances(page, center),
        _place(page, center),
        facts(say, _about(page, center)),
        _aspects(say, center),
        Markup("<p class='ikm-source'>{}</p>").format(
            say("center.sources" if pd.notna(center["score_claim"]) else "center.own_source")
        ),
    ]
    return Markup('<div class="ikm-panel">{}</div>').format(Markup("").join(parts))


def _lead(say: Messages, center: pd.Series, centers: pd.DataFrame) -> Markup:
    if pd.isna(center["score"]):
        return Markup("<p class='ikm-lead'>{}</p>").format(say("center.unscored"))
    rank = say(
        "center.rank",
        rank=say.number(center["rank"], 0),
        of=say.number(centers["score"].notna().sum(), 0),
    )
    category = say(f"category.{center['category']}")
    return Markup("<p class='ikm-lead'><strong>{}</strong> {} · {}</p>").format(
        say.number(center["score"]), category, rank
    )


def _placeholder(say: Messages, center: pd.Series) -> Markup:
    if center["position_basis"] != "placeholder":
        return Markup("")
    return Markup("<p class='ikm-warn'>{}</p>").format(say("place.placeholder"))


def _claims(page: Page, center: pd.Series) -> Markup:
    """Every claim about the center; contradictions stand first and in words."""
    say, claims = page.say, page.study.inputs.claims
    own = claims[claims["center_id"] == center.name]
    if own.empty or pd.isna(center["score_claim"]):
        return Markup("")  # a reader's own row stands by its own score
    items = Markup("").join(
        Markup("<li><strong>{}</strong> {} · {}<small>{} · {}</small></li>").format(
            say.printed(c["value"], c["value_printed"]),
            say.code("category", c["category"]),
            say.code("used_for", c["used_for"]),
            say.data(c["section"]),
            claim_id,
        )
        for claim_id, c in own.iterrows()
    )
    listed = Markup("<h3>{}</h3><ul class='ikm-claims'>{}</ul>").format(say("claim.heading"), items)
    if not center["conflicting"]:
        return listed
    values = [
        say.printed(claims.at[i, "value"], claims.at[i, "value_printed"])
        for i in claim_ids(center["alternative_claims"])
    ]
    note = say("center.conflict", used=say.number(center["score"]), other=say.listed(values))
    return Markup("<p class='ikm-conflict'>{}</p>{}").format(note, listed)


def _distances(page: Page, center: pd.Series) -> Markup:
    say, measured, zones = page.say, page.study.measured, page.study.inputs.zones
    rows = []
    for zone_id, km in measured.distances.loc[center.name].sort_values().items():
        low, high = measured.low.at[center.name, zone_id], measured.high.at[center.name, zone_id]
        rows.append(
            (
                zones.at[zone_id, "short_name"],
                say.km(km),
                f"{say.number(low, 1)}–{say.number(high, 1)} km",
            )
        )
    heads = [say(f"distance.{c}") for c in ("zone", "km", "interval")]
    unsure = say("distance.uncertain") if center["nearest_uncertain"] else ""
    return table(heads, rows, say("distance.heading")) + Markup(
        "<p class='ikm-note'>{} {}</p>"
    ).format(say("linkage.straight_line_help"), unsure)


def _place(page: Page, center: pd.Series) -> Markup:
    """Where the center is, how that is known, how exactly, and what else it could be."""
    say = page.say
    precision = say(
        "place.precision_value",
        precision=say.code("precision", center["position_precision"]),
        km=say.number(center["position_radius_km"], 1),
    )
    coordinates = f"{say.number(center['lat'], 5)}; {say.number(center['lon'], 5)}"
    known = [
        (say("place.basis"), say.code("basis", center["position_basis"])),
        (say("place.locality"), say.data(center["locality"])),
        (say("place.precision"), precision),
        (say("place.coordinates"), coordinates),
        (say("place.source"), say.data(center["position_source"])),
        (say("place.evidence"), say.data(center["position_evidence"])),
        (say("place.alternatives"), say.data(center["position_alternatives"])),
    ]
    if center["across_border"]:
        located = _district_name(page, center["district_located"])
        reported = _district_name(page, center["district"])
        across = say("place.across", reported=reported, located=located)
        known.insert(0, (say("place.border"), across))
    return Markup("<h3>{}</h3>").format(say("place.heading")) + facts(say, known)


def _about(page: Page, center: pd.Series) -> list[tuple[str, object]]:
    say, inputs = page.say, page.study.inputs
    commodity = center["commodity"]
    return [
        (
            say("table.commodity"),
            say.name(inputs.commodities.loc[commodity])
            if commodity in inputs.commodities.index
            else None,
        ),
        (say("center.products"), say.data(center.get("products"))),
        (say("center.workers"), say.data(center.get("workers_note"))),
        (say("table.district"), _district_name(page, center["district"])),
        (say("center.note"), say.data(center.get("note"))),
    ]


def _aspects(say: Messages, center: pd.Series) -> Markup:
    known = [(say(f"aspect.{a}"), say.number(center[a])) for a in ASPECTS if pd.notna(center[a])]
    if not known:
        return Markup("<h3>{}</h3><p>{}</p>").format(say("aspect.heading"), say("aspect.unknown"))
    return Markup("<h3>{}</h3>").format(say("aspect.heading")) + facts(say, known)


def district_panel(page: Page, code: str, centers: pd.DataFrame) -> str:
    """Population, area, seat, and what its centers are like: as HTML."""
    say, district = page.say, page.study.inputs.districts.loc[code]
    measured = session.measured_districts(page.study, centers).loc[code]
    inside = centers[centers["district"] == code]
    density = density_per_km2(page.study.inputs.districts.loc[[code]]).loc[code]
    known = [
        (say("district.codes"), f"Kemendagri {code[:2]}.{code[2:]} · BPS {district['bps_code']}"),
        (say("district.capital"), district["capital"]),
        (
            say("district.population"),
            say.dated(say.number(district["population"], 0), district["population_date"]),
        ),
        (say("district.area"), f"{say.number(district['area_km2'], 1)} km²"),
        (say("district.density"), f"{say.number(density, 0)} / km²"),
        (say("district.nearest"), nearest_to_seat(page, code)),
        (
            say("district.centers"),
            say("district.center_count", count=say.number(len(inside), 0))
            if len(inside)
            else say("district.no_center"),
        ),
        *(_center_facts(say, inside, measured) if len(inside) else []),
    ]
    studied = (
        Markup("<p class='ikm-lead'>{} {}</p>").format(
            picture(maps.outline_svg()), say("district.studied")
        )
        if code in session.studied_districts()
        else ""
    )
    return Markup(
        '<div class="ikm-panel"><h2>{}</h2>{}{}<p class="ikm-note">{}</p>'
        '<p class="ikm-source">{}</p></div>'
    ).format(
        district["name_id"],
        studied,
        facts(say, known),
        say("linkage.straight_line_help"),
        say("district.sources"),
    )


def _center_facts(
    say: Messages, inside: pd.DataFrame, measured: pd.Series
) -> list[tuple[str, object]]:
    """Categories, scores and proximity of a district's centers."""
    counted = inside["category"].value_counts()
    categories = [
        f"{say(f'category.{c}')} {say.number(counted[c], 0)}"
        for c in (*CATEGORIES, *session.WORDS)
        if c in counted
    ]
    highest = inside["score"].max()
    return [
        (say("district.categories"), " · ".join(categories)),
        (say("district.best"), say.number(highest) if pd.notna(highest) else None),
        *(
            (say(f"district_measure.{name}"), measure_words(say, name, measured[name]))
            for name in ("mean_score", "mean_proximity", "centers_per_100k")
        ),
    ]


def nearest_to_seat(page: Page, code: str) -> str | None:
    """Zone nearest to a district's seat, with its distance."""
    km = session.seat_distances(page.study).loc[code].dropna()
    if km.empty:
        return None
    return f"{page.study.inputs.zones.at[km.idxmin(), 'short_name']}, {page.say.km(km.min())}"


def measure_words(say: Messages, name: str, value: Any) -> str:
    """Value of a district's measure as the reader writes it; a dash where it is missing."""
    if pd.isna(value):
        return NOTHING
    if name == "best_category":
        return say(f"category.{value}")
    unit = " km" if name == "seat_km" else ""
    return f"{say.number(value, DIGITS[name])}{unit}"


def zone_panel(page: Page, zone_id: str, centers: pd.DataFrame) -> str:
    """Class, operator, area with its rival figures, sectors and the closest centers: as HTML."""
    say, inputs = page.say, page.study.inputs
    zone = inputs.zones.loc[zone_id]
    rivals = inputs.zone_areas[inputs.zone_areas["zone_id"] == zone_id]
    rows = [
        (
            say.hectares(r["area_ha"]),
            say.data(r["basis"]),
            r["year"],
            say.data(r["source"]),
        )
        for _, r in rivals.iterrows()
    ]
    near = page.study.measured.distances[zone_id].nsmallest(5)
    closest = [(centers.at[c, f"name_{say.language}"], say.km(km)) for c, km in near.items()]
    known = [
        (say("zone.class"), say.code("zone_class", zone["class"])),
        (say("zone.operator"), say.data(zone["operator"])),
        (
            say("zone.area"),
            f"{say.hectares(zone['area_ha'])} ({say.data(zone['area_basis'])})",
        ),
        (
            say("zone.status"),
            f"{say.code('zone_status', zone['status'])} ({say.date(str(zone['status_date']))})",
        ),
        (say("zone.sectors"), _with_commas(say.data(zone["focus_sectors"]))),
        (say("zone.legal"), say.data(zone["legal_basis"])),
        (say("place.precision"), say.code("precision", zone["position_precision"])),
        (
            say("zone.footprint"),
            say("zone.polygon" if zone_id in inputs.footprints.index else "zone.schematic"),
        ),
        (say("place.source"), say.data(zone["position_source"])),
        (say("center.note"), say.data(zone["note"])),
    ]
    sign = picture(maps.icon_svg(zone["class"], size=22))
    return Markup(
        '<div class="ikm-panel"><h2>{} {}</h2>{}{}{}<p class="ikm-note">{}</p>'
        '<p class="ikm-source">{}</p></div>'
    ).format(
        sign,
        say.name(zone),
        facts(say, known),
        table([say("table.name"), say("distance.km")], closest, say("zone.closest")),
        table(
            [say("zone.ha"), say("zone.basis"), say("zone.year"), say("place.source")],
            rows,
            say("zone.areas"),
        ),
        say("linkage.straight_line_help"),
        say.data(zone["source"]),
    )


def _with_commas(cell: object) -> object:
    return cell.replace(";", ", ") if isinstance(cell, str) else cell


def _district_name(page: Page, code: object) -> str | None:
    districts = page.study.inputs.districts
    return str(districts.at[code, "name_id"]) if code in districts.index else None
