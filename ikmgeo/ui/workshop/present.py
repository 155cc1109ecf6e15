"""A talk: one map and one headline on the whole screen, scene by scene, by keys or a remote."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd
import streamlit as st
from markupsafe import Markup

from ikmgeo import handout, story
from ikmgeo.errors import DataError
from ikmgeo.measures import scenario
from ikmgeo.measures.scenario import Scenario
from ikmgeo.story import Scene, Story
from ikmgeo.ui import shell
from ikmgeo.ui.districts import district_map
from ikmgeo.ui.frame import PAGES, PRESENT, Page, about_data, apology
from ikmgeo.ui.linkage.linkage import link_map, roads_failed
from ikmgeo.ui.parts import details
from ikmgeo.ui.parts.explore import filtered
from ikmgeo.ui.parts.map_view import show_map
from ikmgeo.ui.state import keys, linking, listing, planning, session
from ikmgeo.view import ON_MAP, SECTIONS, STAGES, Position, View, to_params


@dataclass(frozen=True)
class Talk:
    """A story being told, the scene it has come to, and where the reader was before."""

    story: Story
    at: int
    before: View
    page: str


def start(told: Story, page: str, at: int = 0) -> None:
    """Begin a talk; returns to ``page`` and its view when it ends. Only while a page runs."""
    keys.TALK.set(Talk(told, at, session.view(), page))
    _open(told.scenes[at])
    st.switch_page(PRESENT)


def present_view(page: str, position: Position) -> Story:
    """A story of one scene, the view at hand with its map where it stands."""
    return Story("", (scene_of(page, position),))


def scene_of(page: str, position: Position = None, **words: Mapping[str, str]) -> Scene:
    """The view at hand as a scene; a page without a map of its own shows the first one's."""
    view = session.view()
    stage = page if page in STAGES else ON_MAP
    section = view.section if view.section in SECTIONS.get(stage, ()) else ""
    parameters = to_params(replace(view, section=section, position=position or view.position))
    parameters.pop("lang")
    return Scene(stage, parameters, **{"headline": {}, **words})


def open_scene(scene: Scene) -> None:
    """Look at what a scene shows, on its page."""
    _open(scene)
    first = next(iter(SECTIONS.get(scene.stage, ("",))))
    session.change(stage=ON_MAP, section=session.view().section or first)
    st.switch_page(PAGES[scene.stage])


def _open(scene: Scene) -> None:
    asked = {**scene.parameters, "stage": scene.stage, "lang": session.view().language}
    found, ignored = listing.opened(asked)
    keys.VIEW.set(found)
    keys.IGNORED.set(ignored)


def present(page: Page) -> None:
    """The scene at hand: headline, map, note, and how far the talk has come."""
    talk = keys.TALK.get()
    if keys.TALK_OVER.pop():
        leave(talk)
    shell.hear(_step)  # first, so that no key is lost while the map is being made
    say, view = page.say, session.view()
    scene = talk.story.scenes[talk.at] if talk else Scene(view.stage, {}, {})
    inputs, measured = page.study.inputs, page.study.measured
    known = story.facts(say, measured, len(inputs.districts), inputs.zones)
    headline = story.told(scene.headline, say.language, known) or say(f"{view.stage}.heading")
    st.html(Markup('<h1 class="ikm-headline">{}</h1>').format(headline))
    centers, met = filtered(page)
    shown = centers[met.all(axis=1)]
    with apology(say):
        _stage(replace(page, headline=headline), view, centers, shown)
    told = _filtered(page, centers, shown)
    _controls(page, talk, story.told(scene.note, say.language, known), told)


def _filtered(page: Page, centers: pd.DataFrame, shown: pd.DataFrame) -> list[str]:
    """That not all centers are shown, and why."""
    say, view = page.say, session.view()
    conditions = handout.conditions(say, page.study.inputs, view.filters).values()
    if not conditions:
        return []
    count = say("filter.count", kept=say.number(len(shown), 0), of=len(centers))
    told = "; ".join(f"{name}: {value}" for name, value in conditions)
    return [say("filter.filtered", count=count, filters=told)]


def _stage(page: Page, view: View, centers: pd.DataFrame, shown: pd.DataFrame) -> None:
    """The map of the page that the view is of."""
    if view.stage == "districts":
        district_map(page, view, centers, details.dossier(page, centers).districts_of(shown))
    elif view.stage == "linkage":
        real, plan = linking.real_zones(page.study), _plan(view)
        zones, used = linking.zones_under(page.study, plan), linking.parameters(view)
        try:
            before, after = (linking.linked(page.study, centers, z, used) for z in (real, zones))
        except DataError as refused:
            roads_failed(page, refused)
            return
        effect = planning.effect(plan, before, after)
        one = linking.catchment_of(view, zones) if view.section == "zone" else None
        link_map(page, view, centers, shown, zones, after, only=one, effect=effect)
    else:
        show_map(page, view, centers, shown)


def _plan(view: View) -> Scenario:
    """The scenario of a what-if view; of another one that changes nothing."""
    in_use = view.plan if view.section == "what_if" else ""
    return scenario.from_link(in_use) if in_use else Scenario("")


def _controls(page: Page, talk: Talk | None, note: str, filtered: list[str]) -> None:
    """The note; for those without keys, back, on and leave."""
    say = page.say
    count = len(talk.story.scenes) if talk else 1
    at = talk.at if talk else 0
    ignored = keys.IGNORED.pop()
    notices = [say("frame.ignored", names=", ".join(ignored))] if ignored else []
    plan = _plan(session.view())
    if plan.changes:
        notices.append(say("present.what_if", name=plan.name))
    notices += [*filtered, *about_data(page)]
    with st.container(horizontal=True, vertical_alignment="center", key="talk-controls"):
        said = Markup('<p class="ikm-said">{}</p>').format(note)
        if notices:
            said += Markup('<p role="status" class="ikm-told">{}</p>').format(" ".join(notices))
        st.html(said)
        st.button(say("present.previous"), on_click=_step, args=("previous",), disabled=at == 0)
        told = say("present.count", at=say.number(at + 1, 0), of=say.number(count, 0))
        st.html(Markup('<p role="status">{}</p>').format(told))
        last = at == count - 1
        st.button(say("present.next"), on_click=_step, args=("next",), disabled=last)
        st.button(say("present.leave"), on_click=_step, args=("leave",))


def _step(step: str) -> None:
    talk = keys.TALK.get()
    if step == "leave":
        keys.TALK_OVER.set(True)
        return
    if talk is None:
        return
    last = len(talk.story.scenes) - 1
    at = {"first": 0, "previous": talk.at - 1, "next": talk.at + 1, "last": last}.get(step, talk.at)
    at = min(max(at, 0), last)
    if at != talk.at:
        keys.TALK.set(replace(talk, at=at))
        _open(talk.story.scenes[at])


def leave(talk: Talk | None) -> None:
    """End the talk where it was begun, in the language that it was given in."""
    keys.TALK.pop()
    page = talk.page if talk else session.view().stage
    if talk:
        keys.VIEW.set(replace(talk.before, language=session.view().language))
    st.switch_page(PAGES[page])
