"""Who saves something, asked where it is saved."""

import streamlit as st

from ikmgeo.records.assessments import NAME_LENGTH
from ikmgeo.ui.state import composing, keys, session
from ikmgeo.words.messages import Messages


def saver_control(say: Messages, key: str, author: str) -> None:
    """Name of who saves, where that may be another than the author."""
    st.text_input(
        say("assess.saver"),
        max_chars=NAME_LENGTH,
        placeholder=author,
        width=260,
        **session.bound(f"w-saver-{key}", composing.saver(), lambda v: keys.AUTHOR.set(v.strip())),
    )
