"""Data and sources: the ledger of claims, where things come from, the reader's own centers."""

import streamlit as st

from ikmgeo.ui import session, sources, upload
from ikmgeo.ui.frame import open_page

page = open_page("sources")
tabs = st.tabs([page.say(f"sources.tab_{name}") for name in ("claims", "sources", "own")])
for tab, show in zip(tabs, (sources.ledger, sources.provenance, upload.own_centers), strict=True):
    with tab:
        show(page)
session.write_url()
