"""The map as most people first write it, to measure ikmgeo against; see ``tools/bench.py``.

A folium map built anew at every run, one CircleMarker with tooltip and popup per center, and
``st_folium(m)`` as its documentation begins. Only the addresses of the scripts are not folium's
own: they are local, so that the app runs without internet. Reads the CSV file ``BENCH_POINTS``.
"""

import os

import folium
import pandas as pd
import streamlit as st
import streamlit.components.v1 as components
from streamlit_folium import st_folium

from ikmgeo.display.assets import LEAFLET

COLOURS = {
    "excellent": "blue",
    "developing": "green",
    "potential": "orange",
    "under_development": "red",
}
# The one thing folium's popups want of jQuery, and lighter than jQuery.
JQUERY = "data:text/javascript,window.$=h=>[document.createRange().createContextualFragment(h)"
SERVED = "../bench_naive.leaflet"


@st.cache_data
def read_points(path: str) -> pd.DataFrame:
    """Read the centers once."""
    return pd.read_csv(path)


components.declare_component("leaflet", path=str(LEAFLET))
points = read_points(os.environ["BENCH_POINTS"])
chosen = st.sidebar.multiselect("Category", list(COLOURS))
if chosen:
    points = points[points["category"].isin(chosen)]

m = folium.Map(location=[2.3, 99.1], zoom_start=8, tiles=None)
m.default_js = [("leaflet", f"{SERVED}/leaflet.js"), ("jquery", f"{JQUERY}.firstElementChild]")]
m.default_css = [("leaflet", f"{SERVED}/leaflet.css")]
some = points[["lat", "lon", "category", "name", "score"]]
for lat, lon, category, name, score in some.itertuples(index=False, name=None):
    folium.CircleMarker(
        [lat, lon],
        radius=5,
        color=COLOURS[category],
        fill=True,
        tooltip=name,
        popup=f"{name}: {score}",
    ).add_to(m)
st_folium(m)
