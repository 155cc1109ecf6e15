"""The app, as Streamlit serves it; start with ``streamlit run app.py``."""

import streamlit as st

from ikmgeo.ui import server

app = st.App(server.SCRIPT)  # Streamlit looks for this very call
