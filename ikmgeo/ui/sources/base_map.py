"""The base map of the installation: what is in use of each kind, its history, and bringing another.

What somebody brings here is everyone's from then on.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import geopandas as gpd
import pandas as pd
import streamlit as st
from markupsafe import Markup

from ikmgeo import analysis
from ikmgeo.display import preview
from ikmgeo.errors import DataError, Issue
from ikmgeo.reading import base
from ikmgeo.reading.base import ORIENTATION, ROADS, Read
from ikmgeo.records.base_layers import ATTRIBUTION_LENGTH, BaseLayer
from ikmgeo.ui.frame import Page, apology, issue_list, sentences
from ikmgeo.ui.parts.saving import saver_control
from ikmgeo.ui.parts.waiting import waited
from ikmgeo.ui.state import composing, installation, keys, session
from ikmgeo.vocabulary import BASE_KINDS
from ikmgeo.words.markup import figure, heading, markdown, note, scrolling, table
from ikmgeo.words.messages import NOTHING, Messages
from ikmgeo.words.wording import found_of

OPENSTREETMAP = re.compile(r"osm|openstreetmap|geofabrik", re.IGNORECASE)
"""In names of files and layers that are of OpenStreetMap."""

OPENSTREETMAP_ATTRIBUTION = "© OpenStreetMap contributors, ODbL 1.0"


NEW = "new"
"""The place of the form, beside those of the kinds."""


@dataclass(frozen=True)
class Brought:
    """The last file brought: what was read, or why it was not, and whether it is in use by now."""

    name: str
    kind: str
    file_id: str
    layer: str | None = None
    read: Read | None = None
    refused: tuple[Issue, ...] = ()
    used: bool = False


def base_map(page: Page) -> None:
    """What is in use, and the form that brings another layer."""
    say = page.say
    st.html(Markup("<p>{}</p>").format(say("base.intro")))
    if issues := composing.store_failure():
        st.html(issue_list(say, issues))
    saved = installation.saved_layers()
    for kind in BASE_KINDS:
        with st.container(border=True, key=f"base-kind-{kind}"), apology(say):
            _kind(say, kind, saved.get(kind))
    st.html(heading(say("base.bring")))
    if composing.group():  # guests of a workshop
        st.html(note(say("base.only_office")))
        return
    with apology(say):
        _bring(page)


def _told(say: Messages, place: str) -> None:
    """What the last change had to say, where it was asked for; once."""
    told = keys.BASE_TOLD.get()
    with st.container():  # always there: what is typed below it must not be remounted
        if told and told[0] == place:
            _, kind, text, reasons = told
            {"good": st.success, "bad": st.error}[kind](text)
            if reasons:
                st.html(sentences(reasons))
            keys.BASE_TOLD.pop()


def _kind(say: Messages, kind: str, layer: BaseLayer | None) -> None:
    """What is in use of one kind, and the way back to what was."""
    used = layer if layer and not layer.hidden else None
    about = _about(say, used) if used else say(f"base.shipped_{kind}")
    name = say(f"base.kind_{kind}")
    st.html(Markup("<p><strong>{}</strong><br><small>{}</small></p>").format(name, about))
    _told(say, kind)
    if layer is not None:
        with st.expander(say("base.history", count=layer.version)):
            _history(say, kind)


def _about(say: Messages, layer: BaseLayer) -> str:
    when = NOTHING if layer.saved_at is None else layer.saved_at.astimezone().date().isoformat()
    return say(
        "base.about",
        file=layer.file_name,
        attribution=layer.attribution,
        found=found_of(say, layer.kind, layer.found, layer.total),
        who=layer.saved_by,
        when=say.date(when) if layer.saved_at else when,
    )


def _history(say: Messages, kind: str) -> None:
    versions = installation.layer_history(kind)
    rows = [
        (
            say.number(v.version, 0),
            v.saved_by,
            say.date(v.saved_at.astimezone().date().isoformat()) if v.saved_at else NOTHING,
            say("base.put_away") if v.hidden else v.file_name,
            v.attribution,
        )
        for v in reversed(versions)
    ]
    heads = [say(f"assess.{n}") for n in ("version", "saved_by", "saved_at")]
    heads += [say("lists.file"), say("base.attribution")]
    st.html(scrolling(table(heads, rows, ""), say("base.history", count=len(versions))))
    if not versions or composing.group():
        return
    _who(say, kind)
    last = versions[-1]
    earlier = [v.version for v in versions[:-1] if not v.hidden][::-1]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if earlier:
            st.selectbox(say("assess.version"), earlier, key=f"base-back-{kind}", width=120)
            st.button(
                say("assess.restore"),
                key=f"base-restore-{kind}",
                on_click=_back,
                args=(say, kind, last.version),
            )
        if not last.hidden:
            st.button(
                say("base.put_back"),
                key=f"base-away-{kind}",
                on_click=_away,
                args=(say, kind, last.version),
            )


def _who(say: Messages, place: str) -> None:
    """Name of who changes the base map."""
    saver_control(say, f"base-{place}", "")


def _back(say: Messages, kind: str, last: int) -> None:
    version = int(keys.sent(f"base-back-{kind}"))
    restore = partial(installation.restore_layer, kind, version, hidden=False, last=last)
    _attempt(say, kind, lambda by: restore(by))


def _away(say: Messages, kind: str, last: int) -> None:
    put_away = partial(installation.restore_layer, kind, last, hidden=True, last=last)
    _attempt(say, kind, lambda by: put_away(by))


def _attempt(say: Messages, place: str, act: Callable[[str], BaseLayer]) -> bool:
    """Change the base map, by who sits here; ``_told`` says at the same place what became of it."""
    by = composing.saver()
    if not by:
        keys.BASE_TOLD.set((place, "bad", say("lists.saver_missing"), ()))
        return False
    try:
        kept = act(by)
    except DataError as refused:
        reasons = tuple(map(say.issue, refused.issues))
        keys.BASE_TOLD.set((place, "bad", say("assess.not_saved"), reasons))
        return False
    session.reread()
    name = say(f"base.kind_{kept.kind}")
    told = "base.back_to_shipped" if kept.hidden else "base.saved"
    keys.BASE_TOLD.set((place, "good", say(told, name=name, file=markdown(kept.file_name)), ()))
    return True


def _bring(page: Page) -> None:
    """Choose what a file is, read it, see what was recognised, and use it for everyone."""
    say = page.say
    kind = st.radio(
        say("base.kind"),
        BASE_KINDS,
        format_func=lambda k: say(f"base.kind_{k}"),
        horizontal=True,
        key="base-form-kind",
    )
    st.caption(f"{say(f'base.help_{kind}')} {say('base.larger', most=_most_mb(kind), kind=kind)}")
    file = st.file_uploader(
        say("base.upload"), key=f"base-file-{kind}", max_upload_size=_most_mb(kind)
    )
    _told(say, NEW)
    if file is None:
        return
    brought = keys.BASE_READ.get()
    if brought is None or (brought.file_id, brought.kind) != (file.file_id, kind):
        brought = _read(page, Brought(file.name, kind, file.file_id), file.getvalue())
    if brought.used:
        return
    if layers := _layers(brought):
        chosen = st.selectbox(say("roads.layer"), layers, None, key="base-layer")
        if chosen and st.button(say("own.read_again"), key="base-again"):
            _read(page, replace(brought, layer=chosen), file.getvalue())
            st.rerun()
    if brought.read is None:
        st.error(say("base.refused", file=markdown(brought.name)))
        st.html(issue_list(say, brought.refused))
    else:
        _use(page, brought, brought.read)


def _most_mb(kind: str) -> int:
    settings = installation.settings()
    return settings.roads_mb if kind in (ROADS, ORIENTATION) else settings.upload_mb


def _read(page: Page, brought: Brought, data: bytes) -> Brought:
    """Read a file in a process of its own, while the reader sees how long it takes."""
    cancelled = replace(brought, refused=(Issue("file_cancelled", brought.name),))
    cancel = partial(keys.BASE_READ.set, cancelled)
    make = partial(
        analysis.read_base,
        kind=brought.kind,
        name=brought.name,
        limit_mb=_most_mb(brought.kind),
        layer=brought.layer,
    )
    inputs = session.shipped_study().inputs
    try:
        read = waited(page.say, brought.name, cancel, make, data, inputs)
    except DataError as refused:
        brought = replace(brought, refused=refused.issues, read=None)
    else:
        brought = replace(brought, refused=(), read=read)
    keys.BASE_READ.set(brought)
    return brought


def _layers(brought: Brought) -> list[str]:
    """The layers of roads that may be meant instead, where there are some."""
    issues = brought.read.issues if brought.read else brought.refused
    told = [issue.expected.get("others") or issue.expected.get("layers") for issue in issues]
    return [str(name) for names in told if isinstance(names, list | tuple) for name in names]


def _use(page: Page, brought: Brought, read: Read) -> None:
    say = page.say
    if read.candidates is not None:
        read = _footprints(page, brought, read, read.candidates)
    st.markdown(f"**{found_of(say, read.kind, read.found, read.total)}**")
    if read.issues:
        st.html(issue_list(say, read.issues))
    if not read.found:
        return
    both = [read]
    place = st.container()
    if (beside := read.beside) and st.checkbox(
        say(
            f"base.beside_{beside.kind}",
            found=found_of(say, beside.kind, beside.found, beside.total),
        ),
        # What somebody has brought for itself is not replaced unasked.
        value=beside.kind == ORIENTATION or beside.kind not in installation.layers_in_use(),
        key=f"base-beside-{brought.file_id}",
    ):
        both.append(beside)
    with place:
        _look(page, brought, both)
    named = f"{brought.name} {read.layer}"
    known = OPENSTREETMAP_ATTRIBUTION if OPENSTREETMAP.search(named) else ""
    attribution = st.text_input(
        say("base.attribution"),
        known,
        max_chars=ATTRIBUTION_LENGTH,
        help=say("base.attribution_help"),
        key=f"base-attribution-{brought.file_id}",
    )
    _who(say, NEW)
    # Not in a callback: those of the fields, which may come with the same answer, go first.
    if st.button(say("base.use"), type="primary", key="base-use"):

        def save(by: str) -> BaseLayer:
            of = partial(BaseLayer.of, file_name=brought.name, attribution=attribution)
            layers = {replace(of(one), saved_by=by): one.tables for one in both}
            return installation.save_layers(layers)[0]

        if _attempt(say, NEW, save):
            keys.BASE_READ.set(replace(brought, read=None, used=True))
        st.rerun()


def _look(page: Page, brought: Brought, layers: Sequence[Read]) -> None:
    """What the map would have, before everyone has it."""
    say = page.say
    tables = [table for one in layers for table in one.tables.values()]
    # Of zones, the reader chooses which polygons are theirs.
    version = brought.file_id, brought.layer, *(tuple(table.total_bounds) for table in tables)
    districts = page.study.inputs.districts
    drawn = session.kept("base-look", version, lambda: preview.picture(tables, districts))
    names = say.listed([say(f"base.kind_{one.kind}") for one in layers])
    st.html(figure(drawn, say("base.look", layer=names)))


def _footprints(page: Page, brought: Brought, read: Read, candidates: gpd.GeoDataFrame) -> Read:
    """Which polygons are which zone, as somebody says who knows the place."""
    say, zones = page.say, page.study.inputs.zones
    metric = candidates.to_crs(page.study.inputs.crs)
    candidates = candidates.assign(ha=metric.area / 10_000)
    taken = pd.Series(False, candidates.index)
    for zone_id, some in candidates.groupby("zone_id", sort=False):
        names = {
            at: say(
                "base.polygon",
                name=markdown(name) or NOTHING,
                ha=say.hectares(ha),
                km=say.km(km),
            )
            for at, name, ha, km in some[["name", "ha", "km"]].itertuples()
        }
        zone = zones.loc[zone_id]
        picked = st.multiselect(
            say("base.polygons_of", zone=zone["short_name"], ha=say.hectares(zone["area_ha"])),
            list(names),
            [at for at in names if some["taken"][at]],
            format_func=names.__getitem__,
            key=f"base-zone-{brought.file_id}-{zone_id}",
        )
        taken[taken.index.isin(picked)] = True
    return base.chosen(candidates, taken, zones, brought.name, read.layer)
