"""The only Streamlit code of ikmgeo: page frame, filters, map view, panels, words, caching."""
