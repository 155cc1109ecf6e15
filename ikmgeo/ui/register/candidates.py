"""The centers that the register holds: which, what each is, and how one enters a list."""

from dataclasses import replace
from functools import partial

import pandas as pd
import streamlit as st
from markupsafe import Markup
from streamlit.delta_generator import DeltaGenerator

from ikmgeo import analysis, tables
from ikmgeo.display import panels
from ikmgeo.display.profiles import Distance
from ikmgeo.handouts import found_centers
from ikmgeo.reading.own import Own
from ikmgeo.records.lists import Content, new_list
from ikmgeo.register.candidates import Criterion, as_list, published
from ikmgeo.register.nearness import DIFFERENCES, LEAST_UNITS, REACH_KM, Nearness
from ikmgeo.register.store import Version
from ikmgeo.ui.frame import Page
from ikmgeo.ui.parts.table import grid
from ikmgeo.ui.state import installation, listing, looking, registry, session
from ikmgeo.ui.state.looking import Found
from ikmgeo.view import LIKE, View
from ikmgeo.vocabulary import LANGUAGES
from ikmgeo.words import wording
from ikmgeo.words.markup import facts, heading, note, panel
from ikmgeo.words.messages import NOTHING, Messages

MOST_CANDIDATES = 500
"""Candidates that are listed; filters narrow them."""

BY_VILLAGE, BY_NEARNESS = WAYS = "village", "nearness"
"""How candidates are found."""

CANDIDATE_COLUMNS = {
    BY_VILLAGE: ("product", "village", "place", "units", "zone", "km", "status"),
    BY_NEARNESS: ("product", "village", "place", "units", "area", "status", "differs"),
}
"""Columns of their table that are shown unless the reader wants others."""

SAME_PLACE = 1e-6
"""Degrees; a center that was made of a candidate has its place."""

CENTERS_FILE = "register.csv"
"""What the file of a center is called that was a candidate."""


def candidates(page: Page, view: View, version: Version) -> pd.DataFrame:
    """Those in the chosen districts and of the chosen products."""
    with st.spinner(page.say("units.seeking")):
        every = _found(page, view, version).candidates
    wanted = view.units
    met = pd.Series(True, every.index)
    if wanted.commodities:
        met &= every["commodity"].isin(wanted.commodities)
    if wanted.districts:
        met &= every["district_code"].isin(wanted.districts)
    if wanted.kbli and view.like == "kbli":
        met &= every["like_product"].str.startswith(wanted.kbli)
    return every[met]


def _found(page: Page, view: View, version: Version) -> Found:
    return looking.found(version.name, _definition(page, view), view.like, view.nearness)


def _definitions(page: Page) -> pd.DataFrame:
    """Those that can be asked for: without a table of households, the ones of units alone."""
    every = page.study.inputs.center_definitions
    return every if registry.its_households() else every[every["household_share_from"].isna()]


def _definition(page: Page, view: View) -> str:
    known = _definitions(page).index
    return view.definition if view.definition in known else str(known[0])


def candidate(page: Page, view: View, version: Version, one: pd.Series) -> None:
    """What was found at a place, how it becomes a center, and the way back to the commodities."""
    say, zones = page.say, page.study.inputs.zones
    told = [
        (say("units.units"), say.number(one["units"], 0)),
        (say("units.candidate_workers"), say.number(one["workers"], 0)),
        (say("units.share"), f"{say.number(100 * one['district_share'], 1)} %"),
        (say("units.candidate_status"), say(f"register.status_{one['status']}")),
    ]
    if pd.notna(one["household_share"]):
        share = say.number(100 * one["household_share"], 1)
        told.append((say("units.household_share"), f"{share} %"))
    if pd.notna(one["area_km2"]):
        told.append((say("units.area"), say.number(one["area_km2"], 2)))
    if unsure := one["unsure_subdistrict"] + one["unsure_district"]:
        key = "units.unsure_near" if _is_near(one) else "units.unsure"
        told.append((say(key), say.number(unsure, 0)))
    if view.nearness:
        told.append((say("units.differs"), _differs(say, one)))
        if one["shares_with"]:
            told.append((say("units.shares_with"), _shared(page, one)))
    title = f"{_product(say, one)} · {_village(page, one)}"
    st.html(
        panel(
            Markup("<h2>{}</h2>").format(title)
            + note(_where(page, one))
            + facts(say, told)
            + panels.distances(
                say, [_distance(say, one, str(i), name) for i, name in zones["short_name"].items()]
            )
        )
    )
    with st.container(horizontal=True):
        if not _is_recorded(page.study.inputs.centers, one):
            st.button(
                say("units.record"),
                type="primary",
                on_click=_record,
                args=(page, _definition(page, view), version, one),
            )
        st.button(say("panel.close"), on_click=session.change, kwargs={"candidate": ""})


def _is_recorded(centers: pd.DataFrame, one: pd.Series) -> bool:
    """Whether a center of the product is recorded for its village, for a cluster at its place."""
    there = centers["area_code"].eq(one["village_code"])
    if _is_near(one):
        apart = centers[["lat", "lon"]].astype(float) - one[["lat", "lon"]].astype(float)
        there = apart.abs().max(axis=1, skipna=False) < SAME_PLACE
    return bool((there & centers["commodity"].eq(one["commodity"])).any())


def _record(page: Page, definition: str, version: Version, one: pd.Series) -> None:
    """Put a candidate into the draft that is shown, or into a new one beside what is shown."""
    say, inputs = page.say, page.study.inputs
    name = "units.center_name_made_up" if version.made_up else "units.center_name"
    words = (Messages.of(language, inputs) for language in LANGUAGES)
    names: dict[str, str] = {
        w.language: w(name, product=_product(w, one), village=_village(page, one)) for w in words
    }
    note = _provenance(page, definition, version, one)
    data = as_list(one, names, looking.source(say, version), note)
    most = installation.settings().upload_mb
    good = analysis.read_list(data, inputs, name=CENTERS_FILE, limit_mb=most).good
    drafts = [there for there in listing.shown() if there.draft]
    if drafts:
        own = Own(drafts[0].name, listing.rows(drafts[0]), in_place=True)
        content = Content(own.plus(drafts[0].name, good).centers, data)
        following = replace(drafts[0], good=len(content.centers))
    else:
        content = Content(good, data)
        fresh = new_list(CENTERS_FILE, good, 0)
        following = replace(fresh, name=say("units.list_name"), draft=True)
    kept = listing.keep_draft(following, content)
    session.change(lists=tuple(dict.fromkeys((*session.view().lists, kept.list_id))))
    session.refilter(session.view().filters)  # all of the page follows, not this part alone


def _provenance(page: Page, definition: str, version: Version, one: pd.Series) -> str:
    """By what a candidate is a center, and of which register."""
    say = page.say
    told = {
        "units": int(one["units"]),
        "source": looking.source(say, version),
        "version": version.number,
    }
    if _is_near(one) and (near := session.view().nearness):
        reach, least = say.km(near.reach_km), say.number(near.least, 0)
        return say("units.provenance_near", reach=reach, least=least, **told)
    named = say.name(tables.row(page.study.inputs.center_definitions, definition))
    return say("units.provenance", village=_village(page, one), definition=named, **told)


def _is_near(one: pd.Series) -> bool:
    return bool(one["found_by"] == BY_NEARNESS)


def _differs(say: Messages, one: pd.Series) -> str:
    """How a candidate differs from those by the definition."""
    return say(f"units.differs_{one['differs']}", villages=say.number(one["villages"], 0))


def _shared(page: Page, one: pd.Series) -> str:
    """The villages that are candidates by the definition with units of this one."""
    codes = [key.partition(":")[0] for key in one["shares_with"].split("; ")]
    names = page.study.inputs.gazetteer.names
    return page.say.listed([names.get(code, code) for code in codes])


def _distance(say: Messages, one: pd.Series, zone_id: str, name: str) -> Distance:
    """The straight line from a candidate to a zone."""
    km, low, high = (say.number(one[f"{zone_id}_km{end}"], 1) for end in ("", "_low", "_high"))
    return Distance(zone_id, name, km, f"{low}–{high}")


def _village(page: Page, one: pd.Series) -> str:
    """Village of a candidate; its subdistrict or district where units tell no more."""
    names = page.study.inputs.districts["name_id"]
    parts = (*one[["village", "village_code", "subdistrict"]], names.get(one["district_code"]))
    return str(next(part for part in (*parts, one["district_code"]) if pd.notna(part)))


def _product(say: Messages, one: pd.Series) -> str:
    return wording.product_of(say, session.shipped_study().inputs.commodities, one)


def _where(page: Page, one: pd.Series) -> str:
    """Subdistrict and district of a candidate."""
    names = page.study.inputs.districts["name_id"]
    parts = (one["subdistrict"], names.get(one["district_code"], one["district_code"]))
    return ", ".join(str(part) for part in parts if pd.notna(part))


def candidates_table(page: Page, view: View, version: Version, listed: pd.DataFrame) -> None:
    """Every candidate, those of most units first; a choice shows it on the map."""
    say = page.say
    st.html(heading(say("units.candidates"), _compared(page, view, version, listed)))
    _choices(page, view, version)
    first = listed.head(MOST_CANDIDATES)
    cells = _cells(page, view, first)
    formats = {"units": 0, "workers": 0, "share": 1, "households": 1, "area": 2, "km": 1}
    styled = cells.style.format(
        {name: partial(say.number, digits=d) for name, d in formats.items()}
    )
    config = {str(name): st.column_config.Column(say(f"units.head_{name}")) for name in cells}
    grid(
        page,
        f"candidate-{hash((tuple(first.index), version.name))}",
        list(first.index),
        styled,
        view.candidate,
        lambda one: session.change(candidate=one or ""),
        config,
        needed=CANDIDATE_COLUMNS[BY_NEARNESS if view.nearness else BY_VILLAGE],
    )
    _download(page, view, version, listed)
    if len(listed) > len(first):
        st.html(note(say("units.first_only", shown=len(first), count=say.number(len(listed), 0))))


def _download(page: Page, view: View, version: Version, listed: pd.DataFrame) -> None:
    """All that are listed, without counts under three."""
    say, inputs, definition = page.say, page.study.inputs, _definition(page, view)
    criterion = Criterion.of(tables.row(inputs.center_definitions, definition))

    def made() -> bytes:
        shown = published(_found(page, view, version).candidates).loc[listed.index]
        used = view.nearness or criterion
        kept = registry.its_households()
        file = kept.file if kept else ""
        source = found_centers.attribution(say, version, inputs, definition, used, households=file)
        return found_centers.csv(say, shown, source)

    st.download_button(
        say("units.download"),
        made,
        f"{say('units.download_file')}.csv",
        key="candidates-file",
        help=say("units.download_help"),
        on_click="ignore",
        disabled=listed.empty,
    )


def _cells(page: Page, view: View, first: pd.DataFrame) -> pd.DataFrame:
    """What the table says of each candidate."""
    say, rows = page.say, [one for _, one in first.iterrows()]
    cells = {
        "product": [_product(say, one) for one in rows],
        "village": first["village"].fillna(first["village_code"]).fillna(NOTHING),
        "place": [_where(page, one) for one in rows],
        "units": first["units"],
        "workers": first["workers"],
        "share": 100 * first["district_share"],
        "households": 100 * first["household_share"],
        "area": first["area_km2"],
        "zone": first["nearest_zone"].map(page.study.inputs.zones["short_name"]),
        "km": first["nearest_km"],
        "status": [say(f"register.status_{status}") for status in first["status"]],
    }
    if first["household_share"].isna().all():
        del cells["households"]
    if view.nearness:
        cells["differs"] = [_differs(say, one) for one in rows]
    return pd.DataFrame(cells, index=first.index)


def _choices(page: Page, view: View, version: Version) -> None:
    """How candidates are found, by which definition or how near, and what makes products alike."""
    say, definition, near = page.say, _definition(page, view), view.nearness
    st.radio(
        say("units.how"),
        WAYS,
        format_func=lambda way: say(f"units.how_{way}"),
        horizontal=True,
        **session.bound(
            "w-how-found",
            BY_NEARNESS if near else BY_VILLAGE,
            lambda way: _seek(Nearness() if way == BY_NEARNESS else None),
        ),
    )
    columns = iter(st.columns(4 if near else 2))
    if near:
        _how_near(page, near, next(columns), next(columns))
    known = _definitions(page)
    next(columns).selectbox(
        say("units.beside" if near else "units.definition"),
        list(known.index),
        format_func=lambda code: say.name(tables.row(known, code)),
        help=str(tables.cell(known, definition, "legal_basis")),
        **session.bound("w-definition", definition, lambda v: session.change(definition=v)),
    )
    next(columns).selectbox(
        say("units.like"),
        LIKE,
        format_func=lambda code: say(f"units.like_{code}"),
        **session.bound("w-like", view.like, lambda v: session.change(like=v)),
    )
    if near and not version.has_points:
        st.html(note(say("units.no_points")))


def _how_near(page: Page, near: Nearness, left: DeltaGenerator, right: DeltaGenerator) -> None:
    """How far units reach, and how many must be that near."""
    say = page.say
    left.number_input(
        say("units.reach"),
        *REACH_KM,
        step=0.1,
        help=say("units.reach_help"),
        **session.bound("w-reach", near.reach_km, lambda v: _seek(replace(near, reach_km=v))),
    )
    right.number_input(
        say("units.least"),
        *LEAST_UNITS,
        step=1,
        **session.bound("w-least", near.least, lambda v: _seek(replace(near, least=v))),
    )


def _seek(near: Nearness | None) -> None:
    session.change(nearness=near)


def _compared(page: Page, view: View, version: Version, listed: pd.DataFrame) -> str:
    """How many candidates there are, how recorded centers stand, what is found by village."""
    say, found = page.say, _found(page, view, version)
    status = found.centers["status"].value_counts()
    told = say(
        "units.compared",
        count=len(listed),
        new=say.number(int(listed["status"].eq("new").sum()), 0),
        confirmed=say.number(int(status.get("confirmed", 0)), 0),
        unconfirmed=say.number(int(status.get("unconfirmed", 0)), 0),
    )
    if not view.nearness:
        return told
    counted = listed["differs"].value_counts()
    ways = {name: say.number(int(counted.get(name, 0)), 0) for name in DIFFERENCES}
    without = (listed["differs"].eq("law_only") & listed["points"].eq(0)).sum()
    return f"{told} {say('units.compared_near', **ways, without=say.number(int(without), 0))}"
