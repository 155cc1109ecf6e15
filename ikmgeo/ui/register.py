"""Register page: where its units lie, which of them, and what lies at a place."""

from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st
from markupsafe import Markup

from ikmgeo import analysis, symbols, tables
from ikmgeo.display import panels, scene
from ikmgeo.display.profiles import Distance
from ikmgeo.display.scene import Crowd, Focus
from ikmgeo.display.thematic import Legend
from ikmgeo.reading.own import Own
from ikmgeo.records.lists import Content, new_list
from ikmgeo.register import tiles
from ikmgeo.register.candidates import as_list
from ikmgeo.register.chosen import Chosen
from ikmgeo.register.store import Version
from ikmgeo.ui.frame import Page, apology
from ikmgeo.ui.parts.explore import classified
from ikmgeo.ui.parts.map_view import draw
from ikmgeo.ui.parts.table import grid
from ikmgeo.ui.state import installation, listing, looking, session
from ikmgeo.ui.state.looking import Found, Looked
from ikmgeo.view import BY_NUMBER, LIKE, UNIT_COLOURS, View
from ikmgeo.vocabulary import LANGUAGES
from ikmgeo.words import wording
from ikmgeo.words.markup import facts, heading, note, panel, scrolling, table
from ikmgeo.words.messages import Messages

AROUND = 0.05
"""Degrees around a candidate that the map shows of it."""

MOST_CANDIDATES = 500
"""Candidates that are listed; filters narrow them."""

CANDIDATE_COLUMNS = ("product", "village", "place", "units", "zone", "km", "status")
"""Columns of their table that are shown unless the reader wants others."""

CENTERS_FILE = "register.csv"
"""What the file of a center is called that was a candidate."""

MOST_LISTED = 12
"""Commodities that are listed beside the map."""


def register(page: Page) -> None:
    """Filters in the sidebar; map and commodities, then the files of the register."""
    version = looking.version()
    if not version.units:
        _empty(page)
        return
    with st.sidebar:
        _controls(page, session.view(), version)
    _told(page, version)
    _screen(page, version)
    with apology(page.say):
        _files(page, version)


def _empty(page: Page) -> None:
    say = page.say
    st.html(panel(Markup("<p>{}</p>").format(say("units.empty"))))
    st.code("ikmgeo register add FILE", language=None)
    st.html(note(say("units.empty_sample")))
    st.code("ikmgeo register sample contoh.csv\nikmgeo register add contoh.csv", language=None)


def _controls(page: Page, view: View, version: Version) -> None:
    """Which units, and what their colours tell."""
    say, wanted = page.say, view.units

    st.radio(
        say("units.colours"),
        UNIT_COLOURS,
        format_func=lambda name: say(f"units.by_{name}"),
        horizontal=True,
        **session.bound("w-colours", view.colours, lambda v: session.change(colours=v)),
    )
    every = looking.by_commodity(version.number, Chosen())
    st.multiselect(
        say("filter.commodities"),
        [code for code in dict.fromkeys((*every, *wanted.commodities)) if code],
        format_func=lambda code: looking.commodity_name(say, code),
        placeholder=say("filter.all"),
        **session.bound(
            "w-unit-commodities",
            list(wanted.commodities),
            lambda v: _choose(commodities=tuple(v)),
        ),
    )
    names = page.study.inputs.districts["name_id"]
    st.multiselect(
        say("filter.districts"),
        sorted(names.index, key=lambda code: str(names[code])),
        format_func=lambda code: str(names[code]),
        placeholder=say("filter.all"),
        **session.bound(
            "w-unit-districts", list(wanted.districts), lambda v: _choose(districts=tuple(v))
        ),
    )
    st.text_input(
        say("units.text"),
        max_chars=100,
        **session.bound("w-unit-text", wanted.text, lambda v: _choose(text=v.strip())),
    )
    with st.expander(say("filter.more"), key="more-units"):
        st.text_input(
            say("units.kbli"),
            max_chars=5,
            help=say("units.kbli_help"),
            **session.bound("w-kbli", wanted.kbli, lambda v: _choose(kbli=_digits(v))),
        )
        st.number_input(
            say("units.fewest_workers"),
            min_value=0,
            max_value=999_999,
            step=1,
            **session.bound("w-unit-workers", wanted.workers, lambda v: _choose(workers=v)),
        )
        _years(page, wanted, version)


def _years(page: Page, wanted: Chosen, version: Version) -> None:
    """First and last year, where the register tells any."""
    known = sorted(
        {int(year) for entry in version.entries for year in entry.years if year.isdigit()}
    )
    if len(known) < 2:
        return
    first, last = wanted.since or known[0], wanted.until or known[-1]

    def save(value: tuple[int, int]) -> None:
        since, until = value
        _choose(
            since=None if since == known[0] else since, until=None if until == known[-1] else until
        )

    st.slider(
        page.say("units.years"),
        known[0],
        known[-1],
        format="%d",
        **session.bound("w-unit-years", (first, last), save),
    )


def _digits(typed: str) -> str:
    return "".join(sign for sign in typed if sign in "0123456789")


def _choose(**fields: Any) -> None:
    session.change(units=replace(session.view().units, **fields))


def _told(page: Page, version: Version) -> None:
    """How many units are shown, of how many; that they are made up where they are."""
    say, wanted = page.say, session.view().units
    if version.made_up:
        st.html(
            Markup('<p role="status" class="ikm-banner">{}</p>').format(say("register.made_up"))
        )
    shown = sum(looking.by_commodity(version.number, wanted).values())
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="above"):
        told = say("units.count", shown=say.number(shown, 0), units=version.units)
        st.html(Markup('<p role="status" class="ikm-count">{}</p>').format(told), width="content")
        if wanted != Chosen():
            st.button(say("filter.reset"), key="reset-units", on_click=_reset)


def _reset() -> None:
    session.change(units=Chosen())


@session.fragment
def _screen(page: Page, version: Version) -> None:
    """Map, commodities or a candidate, and all candidates; a choice made here reruns only this."""
    say, view = page.say, session.view()
    seen = Looked(version.number, view.units, view.colours != BY_NUMBER, say.language)
    with apology(say):
        listed = _candidates(page, view, version)
    left, right = st.columns([1.95, 1], gap="small")
    chosen = listed[listed.index == view.candidate]
    with left, apology(say):
        _map(page, view, seen, chosen)
    with right, apology(say), st.container(border=True, key="panel"):
        if len(chosen):
            _candidate(page, view, version, chosen.iloc[0])
        else:
            counted = looking.by_commodity(version.number, view.units)
            st.html(panel(_commodities(say, counted)))
    with apology(say):
        _table(page, view, version, listed)


def _candidates(page: Page, view: View, version: Version) -> pd.DataFrame:
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


def _candidate(page: Page, view: View, version: Version, one: pd.Series) -> None:
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
        source=_source(say, version),
        version=version.number,
    )
    data = as_list(one, names, _source(say, version), note)
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


def _source(say: Messages, version: Version) -> str:
    """The files of the register, and that they are fictional where they are."""
    kind = "units.source_made_up" if version.made_up else "units.source"
    return say(kind, files=say.listed([entry.file for entry in version.entries]))


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


def _table(page: Page, view: View, version: Version, listed: pd.DataFrame) -> None:
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


def _map(page: Page, view: View, seen: Looked, chosen: pd.DataFrame) -> None:
    """The units under the recorded centers; it moves to what filters leave, or to a candidate."""
    say, study = page.say, page.study
    spread = looking.spread(seen)
    source = _source(say, looking.version())
    told = say("units.cell"), say("units.sign"), say("units.close"), say("units.no_answer")
    every = looking.extent(seen.number, Chosen())
    crowd = Crowd(looking.key(seen), tiles.CELL, tiles.NEAR, (*told, say.language), every, source)
    near = looking.extent(seen.number, seen.chosen) if seen.chosen != Chosen() else None
    if len(chosen):
        [lat], [lon] = chosen["lat"], chosen["lon"]
        near = lon - AROUND, lat - AROUND, lon + AROUND, lat + AROUND
    legend = _by_product(say, spread) if seen.by_product else _by_number(say)
    centers = classified(study, view)
    drawn = scene.of_units(
        say,
        view,
        study.inputs,
        centers,
        crowd,
        legend,
        by_product=seen.by_product,
        near=near,
        focus=_focus(page, chosen),
        own=session.own(),
    )
    draw(page, view, drawn, centers, study.inputs.zones)


def _focus(page: Page, chosen: pd.DataFrame) -> Focus | None:
    """The candidate that is looked at, with its straight lines to the zones."""
    if chosen.empty:
        return None
    one, inputs = chosen.iloc[0], page.study.inputs
    told = {zone_id: page.say.km(one[f"{zone_id}_km"]) for zone_id in inputs.zones.index}
    return scene.focus_on(one, None, inputs.zones, inputs.footprints, told)


def _by_number(say: Messages) -> Legend:
    """Units of each class of cells and signs."""
    bounds = [*tiles.FEWEST, None]
    told = []
    for low, over, shade in zip(bounds, bounds[1:], symbols.SHADES, strict=False):
        first = say.number(low, 0)
        words = f"≥ {first}" if over is None else f"{first}–{say.number(over - 1, 0)}"
        told.append((symbols.swatch(shade), say("units.class", units=words)))
    return [*told, (symbols.rough(), say("units.rough_sign"))]


def _by_product(say: Messages, spread: tiles.Spread) -> Legend:
    """Colours of the products that have most units."""
    named = [code for code in spread.codes if code]
    told = [
        (symbols.swatch(colour), looking.commodity_name(say, code))
        for code, colour in zip(named, tiles.NAMED, strict=False)
    ]
    return [
        *told,
        (symbols.swatch(tiles.OTHER), say("units.other_products")),
        (symbols.rough(), say("units.rough_sign")),
    ]


def _commodities(say: Messages, counted: dict[str, int]) -> Markup:
    """The commodities of the units shown, those of most units first."""
    rows = [
        (looking.commodity_name(say, code) or say("units.no_commodity"), say.number(units, 0))
        for code, units in list(counted.items())[:MOST_LISTED]
    ]
    more = len(counted) - len(rows)
    told = Markup("<h2>{}</h2>").format(say("units.commodities"))
    listed = table([say("filter.commodities"), say("units.units")], rows, "")
    return told + listed + (note(say("units.more_commodities", count=more)) if more > 0 else "")


def _files(page: Page, version: Version) -> None:
    """What the register is made of, and how its units were placed."""
    say = page.say
    st.html(heading(say("units.files")))
    heads = [
        say(f"units.file_{column}") for column in ("name", "units", "placed", "rejected", "at")
    ]
    rows = [
        (
            say.data(entry.file),
            say.number(entry.units, 0),
            wording.placed(say, entry.placed),
            say.number(entry.rejected, 0),
            entry.added_at[:10],
        )
        for entry in version.entries
    ]
    st.html(scrolling(table(heads, rows, ""), say("units.files")))
