"""What the server answers, and to whom."""

from streamlit.runtime.pages_manager import PagesManager

from ikmgeo.ui.server import SCRIPT


def test_streamlit_knows_no_pages_but_those_it_is_told() -> None:
    # What it knows before the first run is what a link straight to a page would run.
    found = PagesManager(str(SCRIPT)).get_pages().values()
    assert [page["script_path"] for page in found] == [str(SCRIPT)]
