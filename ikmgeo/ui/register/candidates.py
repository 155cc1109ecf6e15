"""The centers that the register holds: which, what each is, and how one enters a list."""

from dataclasses import replace
from functools import partial

import pandas as pd
import streamlit as st
from markupsafe import Markup

from ikmgeo import analysis, tables
from ikmgeo.display import panels
from ikmgeo.display.profiles import Distance
from ikmgeo.reading.own import Own
from ikmgeo.records.lists import Content, new_list
from ikmgeo.register.candidates import as_list
from ikmgeo.register.store import Version
from ikmgeo.ui.frame import Page
from ikmgeo.ui.parts.table import grid
from ikmgeo.ui.state import installation, listing, looking, session
from ikmgeo.ui.state.looking import Found
from ikmgeo.view import LIKE, View
from ikmgeo.vocabulary import LANGUAGES
from ikmgeo.words.markup import facts, heading, note, panel
from ikmgeo.words.messages import Messages

MOST_CANDIDATES = 500
"""Candidates that are listed; filters narrow them."""

CANDIDATE_COLUMNS = ("product", "village", "place", "units", "zone", "km", "status")
"""Columns of their table that are shown unless the reader wants others."""

CENTERS_FILE = "register.csv"
"""What the file of a center is called that was a candidate."""


def candidates(page: Page, view: View, version: Version) -> pd.DataFrame:
    """Those in the chosen districts and of the chosen products."""
    every = looking.found(version.number, _definition(page, view), view.like).candidates
    wanted = view.units
    met = pd.Series(True, every.index)
    if wanted.commodities:
        met &= every["commodity"].isin(wanted.commodities)
    if wanted.districts:
        met &= every["district_code"].isin(wanted.districts)
    if wanted.kbli and view.like == "kbli":
        met &= every["like_product"].str.startswith(wanted.kbli)
    return every[met]


def _definitions(page: Page) -> pd.DataFrame:
    """Definitions that ask for units alone: a register does not tell how many households are."""
    every = page.study.inputs.center_definitions
    return every[every["household_share_from"].isna()]


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
    if unsure := one["unsure_subdistrict"] + one["unsure_district"]:
        told.append((say("units.unsure"), say.number(unsure, 0)))
    title = f"{_product(say, one)} · {_village(one)}"
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
    """Whether a center of the product is recorded for the very village."""
    there = centers["area_code"].eq(one["village_code"])
    return bool((there & centers["commodity"].eq(one["commodity"])).any())


def _record(page: Page, definition: str, version: Version, one: pd.Series) -> None:
    """Put a candidate into the draft that is shown, or into a new one beside what is shown."""
    say, inputs = page.say, page.study.inputs
    name = "units.center_name_made_up" if version.made_up else "units.center_name"
    words = (Messages.of(language, inputs) for language in LANGUAGES)
    names: dict[str, str] = {
        w.language: w(name, product=_product(w, one), village=_village(one)) for w in words
    }
    note = say(
        "units.provenance",
        units=int(one["units"]),
        village=_village(one),
        definition=say.name(tables.row(inputs.center_definitions, definition)),
        source=looking.source(say, version),
        version=version.number,
    )
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


def _distance(say: Messages, one: pd.Series, zone_id: str, name: str) -> Distance:
    """The straight line from a candidate to a zone."""
    km, low, high = (say.number(one[f"{zone_id}_km{end}"], 1) for end in ("", "_low", "_high"))
    return Distance(zone_id, name, km, f"{low}–{high}")


def _village(one: pd.Series) -> str:
    return str(one["village"] if pd.notna(one["village"]) else one["village_code"])


def _product(say: Messages, one: pd.Series) -> str:
    code = one["commodity"]
    return looking.commodity_name(say, code if pd.notna(code) else one["like_product"])


def _where(page: Page, one: pd.Series) -> str:
    """Subdistrict and district of a candidate."""
    names = page.study.inputs.districts["name_id"]
    parts = (one["subdistrict"], names.get(one["district_code"], one["district_code"]))
    return ", ".join(str(part) for part in parts if pd.notna(part))


def candidates_table(page: Page, view: View, version: Version, listed: pd.DataFrame) -> None:
    """Every candidate, those of most units first; a choice shows it on the map."""
    say, inputs = page.say, page.study.inputs
    definition = _definition(page, view)
    found = looking.found(version.number, definition, view.like)
    st.html(heading(say("units.candidates"), _compared(say, found, listed)))
    left, right = st.columns(2)
    known = _definitions(page)
    left.selectbox(
        say("units.definition"),
        list(known.index),
        format_func=lambda code: say.name(tables.row(known, code)),
        help=str(tables.cell(known, definition, "legal_basis")),
        **session.bound("w-definition", definition, lambda v: session.change(definition=v)),
    )
    right.selectbox(
        say("units.like"),
        LIKE,
        format_func=lambda code: say(f"units.like_{code}"),
        **session.bound("w-like", view.like, lambda v: session.change(like=v)),
    )
    first = listed.head(MOST_CANDIDATES)
    names = inputs.zones["short_name"]
    cells = pd.DataFrame(
        {
            "product": [_product(say, one) for _, one in first.iterrows()],
            "village": first["village"].fillna(first["village_code"]),
            "place": [_where(page, one) for _, one in first.iterrows()],
            "units": first["units"],
            "workers": first["workers"],
            "share": 100 * first["district_share"],
            "zone": first["nearest_zone"].map(names),
            "km": first["nearest_km"],
            "status": [say(f"register.status_{status}") for status in first["status"]],
        },
        index=first.index,
    )
    formats = {"units": 0, "workers": 0, "share": 1, "km": 1}
    styled = cells.style.format(
        {name: partial(say.number, digits=d) for name, d in formats.items()}
    )
    config = {str(name): st.column_config.Column(say(f"units.head_{name}")) for name in cells}
    grid(
        page,
        f"candidate-{hash((tuple(first.index), version.number))}",
        list(first.index),
        styled,
        view.candidate,
        lambda one: session.change(candidate=one or ""),
        config,
        needed=CANDIDATE_COLUMNS,
    )
    if len(listed) > len(first):
        st.html(note(say("units.first_only", shown=len(first), count=say.number(len(listed), 0))))


def _compared(say: Messages, found: Found, listed: pd.DataFrame) -> str:
    """How many candidates there are, and what the register says of the recorded centers."""
    status = found.centers["status"].value_counts()
    return say(
        "units.compared",
        count=len(listed),
        new=say.number(int(listed["status"].eq("new").sum()), 0),
        confirmed=say.number(int(status.get("confirmed", 0)), 0),
        unconfirmed=say.number(int(status.get("unconfirmed", 0)), 0),
    )
