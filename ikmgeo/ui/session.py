"""What one reader's session holds: the view, and centers of their own; shared data are cached."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import pandas as pd
import streamlit as st

from ikmgeo import analysis, scoring
from ikmgeo.analysis import Inputs, Measured
from ikmgeo.filters import Filters
from ikmgeo.own import Own
from ikmgeo.scoring import Scheme
from ikmgeo.settings import Settings
from ikmgeo.view import SECTIONS, Known, View, from_params, to_params
from ikmgeo.vocabulary import CATEGORIES

HEARD = "heard"
"""Key of the control that holds the number of the last answer."""

WORDS = ("several", "none", "unscored")
"""What a center can be under a scheme besides a category."""


@dataclass(frozen=True)
class Study:
    """Inputs and their measures; ``stamp`` tells one version of the data from another."""

    inputs: Inputs
    measured: Measured
    stamp: str


def study() -> Study:
    """The shipped data, or the reader's own once they use them."""
    own_study: Study | None = st.session_state.get("own_study")
    return own_study or shipped_study()


def shipped_study() -> Study:
    """The shipped data, whatever the reader brought."""
    return _shipped(settings(), _stamp(settings()))


def settings() -> Settings:
    """Where the data are and what is allowed."""
    return Settings.from_environment()


def use(own: Own) -> None:
    """Work with a reader's centers from now on; they stay in this session's memory.

    Where they bring scores without categories, a scheme that knows some takes the printed one's
    place, until the reader leaves their centers or chooses another.
    """
    shipped = shipped_study()
    inputs = analysis.with_centers(shipped.inputs, own.centers, in_place=own.in_place)
    measured = analysis.measure(inputs)
    st.session_state["own"] = own
    stamp = f"{shipped.stamp}-{uuid4().hex}"
    st.session_state["own_study"] = Study(inputs, measured, stamp)
    scheme = scoring.fitting(view().scheme, measured.centers)
    if scheme != view().scheme:
        st.session_state["scheme-turned"] = True
    change(selection=None, filters=Filters(), scheme=scheme)


def own() -> Own | None:
    """The reader's own centers, if they use some."""
    return st.session_state.get("own")


def back_to_shipped() -> None:
    """Leave the reader's own centers, which can be taken up again, for the shipped ones."""
    left = st.session_state.pop("own", None)
    if left is not None and not left.fictional:
        st.session_state["own-left"] = left
    st.session_state.pop("own_study", None)
    scheme = view().scheme
    if st.session_state.pop("scheme-turned", False) and scheme.name == scoring.UNPRINTED:
        scheme = replace(scheme, name=Scheme().name)
    change(selection=None, filters=Filters(), scheme=scheme)


def left() -> Own | None:
    """The reader's centers that they last left for the shipped ones."""
    return st.session_state.get("own-left")


def start_again() -> None:
    """Leave everything but the language: own centers, filters, scheme, selection."""
    back_to_shipped()
    st.session_state.pop("sections", None)
    st.session_state["view"] = View(language=view().language)


@st.cache_resource(max_entries=2, show_spinner=False)
def _shipped(settings: Settings, stamp: str) -> Study:
    inputs = analysis.gather(settings)
    return Study(inputs, analysis.measure(inputs), stamp)


def _stamp(settings: Settings) -> str:
    files = sorted(p for p in settings.data.rglob("*") if p.suffix in (".csv", ".geojson"))
    files += [settings.districts] if settings.districts and settings.districts.exists() else []
    states = [f"{p}:{p.stat().st_mtime_ns}:{p.stat().st_size}" for p in files]
    return hashlib.sha256("|".join(states).encode()).hexdigest()[:16]


def known(inputs: Inputs) -> Known:
    """Codes that a URL may name with these data."""
    return Known(
        categories=frozenset((*CATEGORIES, *WORDS)),
        commodities=frozenset(inputs.commodities.index),
        districts=frozenset(inputs.districts.index),
        zones=frozenset(inputs.zones.index),
        centers=frozenset(inputs.centers.index),
    )


def view() -> View:
    """The present view; a session's first run reads it from the URL."""
    if "view" not in st.session_state:
        found, ignored = from_params(st.query_params.to_dict(), known(study().inputs))
        st.session_state["view"] = found
        st.session_state["ignored"] = ignored
    present: View = st.session_state["view"]
    return present


def change(**fields: Any) -> None:
    """Change fields of the view; the URL follows at the end of the run."""
    st.session_state["view"] = replace(view(), **fields)


def enter(page: str) -> None:
    """Open a page at the section of it that this session had open last.

    Each page has sections of its own: the view, and so the URL, names one of the page's or none.
    """
    last = st.session_state.setdefault("sections", {})  # page -> its section
    section = view().section
    last |= {name: section for name, parts in SECTIONS.items() if section in parts}
    if section != last.get(page, ""):
        change(section=last.get(page, ""))


def bound(key: str, value: Any, save: Callable[[Any], None]) -> dict[str, Any]:
    """Arguments that make a control show ``value`` and save what the reader sets.

    The view outlives the control: Streamlit forgets controls of a page that is not shown.
    """
    # Only when it differs: writing sends it back, over a newer value still on its way here.
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value
    return {"key": key, "on_change": lambda: save(st.session_state[key])}


def linked(key: str, value: Any, save: Callable[[Any], None]) -> dict[str, Any]:
    """As ``bound``, for controls that move one another.

    The browser sends all controls with each answer. What it sends of one that was moved from here
    may still be a value of before, which nobody chose, until it has heard of the move; and the
    value of now says only that it has heard.
    """
    told = _told().get(key)
    before = dict(told.before) if told and key in st.session_state else {}
    if told and told.value != value:
        before[told.value] = _turn()
    if key in st.session_state and st.session_state[key] != value:
        before[st.session_state[key]] = _turn()
    _told()[key] = Told(value, before)
    arguments = bound(key, value, save)

    def chosen() -> None:
        sent, told = st.session_state[key], _told()[key]
        heard = int(st.session_state.get(HEARD, -1))
        before = {old: turn for old, turn in told.before.items() if turn > heard}
        if sent == told.value or sent in before:
            return
        _told()[key] = Told(sent, before)
        save(sent)

    return {**arguments, "on_change": chosen}


@dataclass(frozen=True)
class Told:
    """What is known of a linked control in the browser.

    Parameters
    ----------
    value
        Its last value, set from here or there.
    before
        Values that were replaced from here, each with the number of the answer that did it.
    """

    value: Any
    before: Mapping[Any, int]


def _told() -> dict[str, Told]:
    kept: dict[str, Told] = st.session_state.setdefault("told", {})
    return kept


def _turn() -> int:
    """Number of the answer that is being made."""
    return int(st.session_state.get("turn", 0))


def end_of_page() -> None:
    """Write the URL, and number this answer; to be called last on each page.

    The number goes into a control that nobody sees. The browser sends it back with all others,
    and so tells, however late, which answers it had heard of by then.
    """
    write_url()
    st.session_state[HEARD] = str(_turn())
    with st.container(key="unseen"):
        st.text_input(HEARD, key=HEARD, label_visibility="collapsed")
    st.session_state["turn"] = _turn() + 1


def speak(language: str) -> None:
    """Change the language, and have every control sent anew.

    The browser tells the choice of a list by its words: in the old language, that is no choice.
    """
    change(language=language)
    for key in [key for key in st.session_state if str(key).startswith("w-")]:
        del st.session_state[key]


def write_url() -> None:
    """Make the address bar reopen this view."""
    params = to_params(view())
    if params != st.query_params.to_dict():
        st.query_params.from_dict(params)


def ground_stamp(study: Study) -> str:
    """Stamp of what lies under the centers, which a reader's own centers do not change."""
    return study.stamp.partition("-")[0]


def studied_districts() -> frozenset[str]:
    """Codes of the districts that the shipped centers lie in."""
    return frozenset(shipped_study().measured.centers["district"].dropna())


def district_names(study: Study, centers: pd.DataFrame) -> pd.Series:
    """Official name of each center's district."""
    return centers["district"].map(study.inputs.districts["name_id"])
