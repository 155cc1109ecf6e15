"""Workshop page, first part: the scenes of a talk, kept, ordered, worded, played, as a file."""

from functools import partial

import streamlit as st

from ikmgeo import story
from ikmgeo.bounds import MB
from ikmgeo.errors import DataError
from ikmgeo.markup import heading, markdown
from ikmgeo.story import HEADLINE_LENGTH, NOTE_LENGTH, Scene, Story
from ikmgeo.ui import present, session
from ikmgeo.ui.frame import Page, apology, issue_list

SHIPPED = "story.json"


def current() -> Story:
    """The story at hand, at first the shipped one."""
    if "story" not in st.session_state:
        keep(_shipped())
    at_hand: Story = st.session_state["story"]
    return at_hand


def _shipped() -> Story:
    """The story that comes with the data; an empty one while its file is broken."""
    file = session.settings().data / SHIPPED
    try:
        told = story.from_json(file.read_bytes(), file=file.name)
    except (OSError, DataError) as refused:
        st.session_state["story-refused"] = refused
        return Story("")
    st.session_state["story-in-file"] = told  # where it can be had again
    return told


def keep(changed: Story) -> None:
    """Make this the story at hand."""
    st.session_state["story"] = changed


def _replace(other: Story) -> None:
    """Put another story in the place of the one at hand, which can be brought back."""
    st.session_state["story-before"] = current()
    keep(other)


def scenes(page: Page) -> None:
    """The scenes in order, each to open, word, move or drop; the story to play, save, load."""
    say, told = page.say, current()
    refused = st.session_state.pop("story-refused", None)
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
                lambda name: keep(Story(name.strip(), current().scenes)),
            ),
        )
        if st.button(say("story.play"), type="primary", disabled=not told.scenes):
            present.start(told, "workshop")
        st.download_button(
            say("story.save"),
            story.to_json(told),
            file_name="ikmgeo-cerita.json" if say.language == "id" else "ikmgeo-story.json",
            mime="application/json",
            on_click=lambda: st.session_state.update({"story-in-file": told}),
        )
        with st.popover(say("story.load")):
            _load(page)
        st.button(say("story.new"), on_click=_replace, args=(Story(say("story.unnamed")),))
        st.button(say("story.shipped"), on_click=lambda: _replace(_shipped()))
    with st.container():  # always there: a button must not remount what stands below it
        if before := st.session_state.get("story-before"):
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
    st.session_state["story-in-file"] = found


def _scene(page: Page, told: Story, at: int, scene: Scene, known: dict[str, str]) -> None:
    """One scene: its number and headline, what it shows, its words, its place in the order."""
    say, language = page.say, page.say.language

    def word(name: str, text: str) -> None:
        keep(current().worded(at, language, **{name: text.strip()}))

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
            if st.button(say("story.from_here"), key=f"play-{at}"):
                present.start(told, "workshop", at)
            if st.button(say("story.open"), key=f"open-{at}"):
                present.open_scene(scene)
            for key, to in (("up", at - 1), ("down", at + 1)):
                st.button(
                    say(f"story.{key}"),
                    key=f"{key}-{at}",
                    disabled=not 0 <= to < len(told.scenes),
                    on_click=lambda to=to: keep(current().moved(at, to)),
                )
            st.button(
                say("story.drop"),
                key=f"drop-{at}",
                on_click=lambda: _replace(current().without(at)),
            )
