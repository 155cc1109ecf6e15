"""Workshop page, first part: the scenes of a talk, kept, ordered, worded, played, as a file."""

from functools import partial

import streamlit as st

from ikmgeo import story
from ikmgeo.errors import DataError
from ikmgeo.reading.bounds import MB
from ikmgeo.story import HEADLINE_LENGTH, NOTE_LENGTH, Scene, Story
from ikmgeo.ui.frame import Page, apology, issue_list
from ikmgeo.ui.state import installation, keys, session
from ikmgeo.ui.workshop import present
from ikmgeo.words.markup import heading, markdown

SHIPPED = "story.json"


def current() -> Story:
    """The story at hand, at first the shipped one."""
    at_hand = keys.STORY.get()
    if at_hand is None:
        at_hand = _shipped()
        keys.STORY.set(at_hand)
    return at_hand


def _shipped() -> Story:
    """The story that comes with the data; an empty one while its file is broken."""
    file = installation.settings().data / SHIPPED
    try:
        told = story.from_json(file.read_bytes(), file=file.name)
    except (OSError, DataError) as refused:
        keys.STORY_REFUSED.set(refused)
        return Story("")
    keys.STORY_IN_FILE.set(told)  # where it can be had again
    return told


def _replace(other: Story) -> None:
    """Put another story in the place of the one at hand, which can be brought back."""
    keys.STORY_BEFORE.set(current())
    keys.STORY.set(other)


def scenes(page: Page) -> None:
    """The scenes in order, each to open, word, move or drop; the story to play, save, load."""
    say, told = page.say, current()
    refused = keys.STORY_REFUSED.pop()
    if refused is not None:
        issues = refused.issues if isinstance(refused, DataError) else ()
        st.error(say("story.no_shipped"))
        st.html(issue_list(say, issues))
    st.html(heading(say("story.heading"), say("story.note")))
    _whole(page, told)
    if not told.scenes:
        st.info(say("story.empty"))
    inputs, measured = page.study.inputs, page.study.measured
    known = story.facts(say, measured, len(inputs.districts), inputs.zones)
    for at, scene in enumerate(told.scenes):
        with apology(say):
            _scene(page, told, at, scene, known)


def _whole(page: Page, told: Story) -> None:
    say = page.say
    with st.container(horizontal=True, vertical_alignment="bottom", key="story"):
        st.text_input(
            say("story.name"),
            max_chars=HEADLINE_LENGTH,
            width=300,
            **session.bound(
                "w-story-name",
                told.name,
                lambda name: keys.STORY.set(Story(name.strip(), current().scenes)),
            ),
        )
        if st.button(say("story.play"), type="primary", disabled=not told.scenes):
            present.start(told, "workshop")
        st.download_button(
            say("story.save"),
            story.to_json(told),
            file_name="ikmgeo-cerita.json" if say.language == "id" else "ikmgeo-story.json",
            mime="application/json",
            on_click=lambda: keys.STORY_IN_FILE.set(told),
        )
        with st.popover(say("story.load")):
            _load(page)
        st.button(say("story.new"), on_click=_replace, args=(Story(say("story.unnamed")),))
        st.button(say("story.shipped"), on_click=lambda: _replace(_shipped()))
    with st.container():  # always there: a button must not remount what stands below it
        if before := keys.STORY_BEFORE.get():
            st.button(say("story.undo"), on_click=_replace, args=(before,))


def _load(page: Page) -> None:
    say = page.say
    brought = st.file_uploader(
        say("story.file"), type=["json"], key="story-file", max_upload_size=story.LARGEST // MB
    )
    if brought is None:
        return
    try:
        found = story.from_json(brought.getvalue(), file=brought.name)
    except DataError as refused:
        st.html(issue_list(say, refused.issues))
        return
    st.button(say("story.use"), on_click=_use, args=(found,))


def _use(found: Story) -> None:
    """Take up the story of a file."""
    _replace(found)
    keys.STORY_IN_FILE.set(found)


def _scene(page: Page, told: Story, at: int, scene: Scene, known: dict[str, str]) -> None:
    """One scene: its number and headline, what it shows, its words, its place in the order."""
    say, language = page.say, page.say.language

    def word(name: str, text: str) -> None:
        keys.STORY.set(current().worded(at, language, **{name: text.strip()}))

    title = story.told(scene.headline, language, known) or say(f"{scene.stage}.heading")
    with st.expander(f"{say.number(at + 1, 0)}. {markdown(title)}"):
        for name, longest in (("headline", HEADLINE_LENGTH), ("note", NOTE_LENGTH)):
            st.text_area(
                say("story.headline" if name == "headline" else "story.note_label"),
                max_chars=longest,
                height=70,
                help=say("story.facts_help"),
                **session.bound(
                    f"w-scene-{at}-{language}-{name}",
                    getattr(scene, name).get(language, ""),
                    partial(word, name),
                ),
            )
        shows = [say(f"page.{scene.stage}"), *(f"{k}={v}" for k, v in scene.parameters.items())]
        st.caption(markdown(" · ".join(shows)))
        with st.container(horizontal=True):
            if st.button(say("story.from_here"), key=f"story-play-{at}"):
                present.start(told, "workshop", at)
            if st.button(say("story.open"), key=f"story-open-{at}"):
                present.open_scene(scene)
            for key, to in (("up", at - 1), ("down", at + 1)):
                st.button(
                    say(f"story.{key}"),
                    key=f"story-move-{key}-{at}",
                    disabled=not 0 <= to < len(told.scenes),
                    on_click=lambda to=to: keys.STORY.set(current().moved(at, to)),
                )
            st.button(
                say("story.drop"),
                key=f"story-drop-{at}",
                on_click=lambda: _replace(current().without(at)),
            )
