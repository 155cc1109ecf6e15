"""Router: language and navigation; start with ``streamlit run app.py``."""

from ikmgeo.ui.frame import navigation

navigation().run()
