"""Have Streamlit serve the map's scripts and styles from this machine."""

import tempfile
from pathlib import Path

import streamlit as st
import streamlit.components.v1 as components

from ikmgeo import assets
from ikmgeo.maps import Ground

GROUND = "ground"


def serve() -> None:
    """Register the folders, which Streamlit wants at every run and puts beside the map's frame."""
    for name, folder in (*assets.FOLDERS.items(), (GROUND, _folder())):
        components.declare_component(name, path=str(folder))


def ground_url(ground: Ground) -> str:
    """Address of the ground's script, written where Streamlit serves it from."""
    file = _folder() / f"{ground.name}.js"
    if not file.exists():
        file.write_text(ground.script, encoding="utf-8")
    return assets.url(GROUND, file.name)


@st.cache_resource(show_spinner=False)
def _own_folder() -> tempfile.TemporaryDirectory[str]:
    """A folder of this process alone, where nobody else can put a script; it ends with it."""
    return tempfile.TemporaryDirectory(prefix="ikmgeo-")


def _folder() -> Path:
    return Path(_own_folder().name)
