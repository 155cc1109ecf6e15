"""Have Streamlit serve the map's scripts and styles from this machine."""

import streamlit.components.v1 as components

from ikmgeo import assets


def serve() -> None:
    """Register the folders, which Streamlit wants at every run and puts beside the map's frame."""
    for name, folder in assets.FOLDERS.items():
        components.declare_component(name, path=str(folder))
