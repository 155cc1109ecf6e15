"""In the sidebar of every page: present the view, copy its address, keep it as a scene."""

from dataclasses import replace

import streamlit as st

from ikmgeo import story
from ikmgeo.story import HEADLINE_LENGTH, NOTE_LENGTH
from ikmgeo.ui import present, shell
from ikmgeo.ui import story as stories
from ikmgeo.ui.frame import Page
from ikmgeo.ui.handing_out import taken
from ikmgeo.ui.take_away import pictures
from ikmgeo.view import Position


def share(page: Page) -> None:
    """One click to the presentation; a list with the rest."""
    say = page.say
    with st.sidebar, st.container(horizontal=True, key="share"):
        if st.button(say("present.button")):
            present.start(present.present_view(page.name), page.name)
        with st.popover(say("share.more")):
            shell.copy_link(say)
            if page.name == "map":
                _picture(page)
            _keep_scene(page)
            st.button(say("tour.again"), on_click=shell.tour_again)
    shell.tour(say)


def _picture(page: Page) -> None:
    """The map as it stands on screen, as files."""

    def place(position: Position) -> None:
        st.session_state["picture-at"] = position

    shell.place_button("picture", page.say("share.picture"), place)
    if position := st.session_state.get("picture-at"):
        handout = taken(page)
        pictures(page, replace(handout, view=replace(handout.view, position=position)))


def _keep_scene(page: Page) -> None:
    """Keep the present view, the place of its map included, as a scene."""
    say = page.say
    st.text_input(say("story.headline"), max_chars=HEADLINE_LENGTH, key="scene-headline")
    st.text_area(say("story.note_label"), max_chars=NOTE_LENGTH, height=70, key="scene-note")

    def keep(position: Position) -> None:
        told = stories.current()
        st.session_state["scene-kept"] = len(told.scenes) < story.MOST_SCENES
        if not st.session_state["scene-kept"]:
            return
        texts = {name: st.session_state[f"scene-{name}"].strip() for name in ("headline", "note")}
        words = {n: {str(say.language): text} if text else {} for n, text in texts.items()}
        stories.keep(told.with_scene(present.scene_of(page.name, position, **words)))
        st.session_state.update({"scene-headline": "", "scene-note": ""})

    shell.place_button("scene", say("story.keep_now"), keep)
    kept = st.session_state.pop("scene-kept", None)
    if kept:
        st.success(say("story.kept", count=say.number(len(stories.current().scenes), 0)))
    elif kept is not None:
        st.error(say("story.full", most=say.number(story.MOST_SCENES, 0)))
