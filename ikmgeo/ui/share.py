"""In the sidebar of every page: present the view, copy its address, keep it as a scene.

What a press leads to is imported by the press: it draws on most of the app, and on Altair.
"""

from dataclasses import replace
from urllib.parse import urlencode

import streamlit as st

from ikmgeo import story
from ikmgeo.story import HEADLINE_LENGTH, NOTE_LENGTH
from ikmgeo.ui import shell
from ikmgeo.ui.frame import Page, apology, open_section
from ikmgeo.ui.parts.inviting import invitation, open_room
from ikmgeo.ui.scoring.scoring import has_scores
from ikmgeo.ui.state import composing, keys, linking, listing, room, session
from ikmgeo.view import ON_MAP, STAGES, WITHOUT_MAP, Position, to_params


def share(page: Page) -> None:
    """One click to the presentation; a list with the rest."""
    say = page.say
    with st.sidebar, st.container(horizontal=True, key="share"):
        shell.place_button("present", say("present.button"), _present)
        with st.popover(say("share.more")), apology(say):
            _link(page)
            if _has_map(page):
                _picture(page)
            _keep_scene(page)
            st.button(say("tour.again"), on_click=shell.tour_again)
    with st.sidebar, st.container():  # always there: what stands below keeps its place
        open_room(say)
    shell.tour(say)
    if asked := keys.TO_PRESENT.pop():  # no callback can change the page
        from ikmgeo.ui.workshop import present

        present.start(present.present_view(page.name, *asked), page.name)
    if keys.TO_PLAY.pop():
        from ikmgeo.ui.workshop import present, story

        present.start(story.current(), page.name)


def _link(page: Page) -> None:
    """The address of this view, for others; where it leads them nowhere, that and a file."""
    say, drafts = page.say, [one for one in listing.shown() if one.draft]
    found = room.reached_at()
    if held := any(map(listing.is_held, drafts)):
        st.caption(say("share.held"))
    else:
        shell.copy_link(say, found)
        if linking.roads() or linking.fit_changes():
            st.caption(say("share.limits"))
        if drafts:
            st.caption(say("share.draft"))
        if not found:
            st.caption(say("share.only_here"))
        path = f"/{'' if page.name == ON_MAP else page.name}"
        invitation(say, f"{path}?{urlencode(to_params(session.view()))}", where="share")
    if (held or not found) and st.button(say("share.file")):
        open_section("workshop", "take")


def _has_map(page: Page) -> bool:
    """Whether the open section of a page draws a map."""
    section = session.view().section
    if page.name == "scoring":
        used = session.view().composition.source == composing.ASSESSED
        return section == "weights" and used and has_scores(page)
    return page.name in STAGES and section not in WITHOUT_MAP


def _present(position: Position, _: shell.Size) -> None:
    keys.TO_PRESENT.set((position,))


def _picture(page: Page) -> None:
    """The map as it stands on screen, as files; another view asks for another press."""
    present_view = session.view()

    def place(position: Position, size: shell.Size) -> None:
        keys.PICTURE.set((page.name, present_view, position, size))

    shell.place_button("picture", page.say("share.picture"), place)
    name, view, position, size = keys.PICTURE.get()
    if (name, view) == (page.name, present_view) and position and size:
        st.caption(page.say("share.picture_as"))
        from ikmgeo.ui.parts.handing_out import on_map
        from ikmgeo.ui.workshop.take_away import gathered, offered

        handout = gathered(page, on_map)
        if handout is None:
            return
        view = replace(handout.view, position=position)
        offered(page, replace(handout, view=view, screen=size), "map")


def _keep_scene(page: Page) -> None:
    """Keep the present view, the place of its map included, as a scene."""
    say = page.say
    st.markdown(f"**{say('story.keep_as')}**")
    st.text_input(say("story.headline"), max_chars=HEADLINE_LENGTH, key="scene-headline")
    st.text_area(say("story.note_label"), max_chars=NOTE_LENGTH, height=70, key="scene-note")

    def keep(position: Position, _: shell.Size) -> None:
        from ikmgeo.ui.workshop import present
        from ikmgeo.ui.workshop import story as stories

        told = stories.current()
        room = len(told.scenes) < story.MOST_SCENES
        keys.SCENE_KEPT.set(len(told.scenes) + 1 if room else 0)
        if not room:
            return
        texts = {name: keys.sent(f"scene-{name}").strip() for name in ("headline", "note")}
        words = {n: {str(say.language): text} if text else {} for n, text in texts.items()}
        keys.STORY.set(told.with_scene(present.scene_of(page.name, position, **words)))
        for name in texts:
            keys.show(f"scene-{name}", "")

    shell.place_button("scene", say("story.keep_now"), keep)
    kept = keys.SCENE_KEPT.pop()
    if kept:
        st.success(say("story.kept", count=kept))
    elif kept is not None:
        st.error(say("story.full", most=say.number(story.MOST_SCENES, 0)))
