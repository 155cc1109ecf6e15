"""The head of a part of a page: what it is, what it shows, and behind a sign how that was made."""

import streamlit as st
from markupsafe import Markup

from ikmgeo.words.markup import markdown


def explained(title: str, told: str = "", method: str = "") -> None:
    """A heading with one sentence below it; formula, sources and method open from its sign."""
    with st.container(gap=None, key=f"explained-{title}"):
        st.header(title, anchor=False, help=markdown(method, longest=2_000) if method else None)
        if told:
            st.html(Markup('<p class="ikm-sub">{}</p>').format(told))
