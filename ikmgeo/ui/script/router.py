"""What runs for a reader at each change: the page that the address asks for.

In a folder of its own: Streamlit imports first from where its script lies, and takes a folder
``pages`` beside it for its own.
"""

from ikmgeo.ui.frame import navigation

navigation().run()
