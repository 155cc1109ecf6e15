"""What one reader's session holds: the view, and centers of their own; shared data are cached."""

import hashlib
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar
from uuid import uuid4

import pandas as pd
import streamlit as st

from ikmgeo import analysis
from ikmgeo.analysis import Inputs, Measured
from ikmgeo.errors import DataError
from ikmgeo.filters import Filters
from ikmgeo.measures import scoring
from ikmgeo.measures.scoring import Scheme
from ikmgeo.reading.own import Own
from ikmgeo.settings import Settings
from ikmgeo.ui.state import installation, keys
from ikmgeo.view import SECTIONS, Known, View, from_params, opening, to_params
from ikmgeo.vocabulary import SHIPPED

if TYPE_CHECKING:
    from ikmgeo.records.base_layers import BaseLayer

P = ParamSpec("P")
R = TypeVar("R")

KEPT_BYTES = 100_000_000
"""Of each kind of result, what is kept so that going back to one is at once."""

HEARD = "heard"
"""Key of the control that holds the number of the last answer."""

_READ: ContextVar[dict[str, Any] | None] = ContextVar("read", default=None)
"""What was read for the answer that is being made, of its thread: at any touch of what a session
holds, Streamlit may stop one answer for the next, and that answer could not put it away."""


@dataclass(frozen=True)
class Study:
    """Inputs and their measures; ``stamp`` tells one version of the data from another."""

    inputs: Inputs
    measured: Measured
    stamp: str


def study() -> Study:
    """The shipped data, or the reader's own once they use them."""
    return keys.OWN_STUDY.get() or shipped_study()


def shipped_study() -> Study:
    """The shipped data, whatever the reader brought."""
    return once("shipped", _shipped)


def use(own: Own) -> None:
    """Work with these centers from now on; they stay in this session's memory."""
    shipped = shipped_study()
    inputs = analysis.with_centers(shipped.inputs, own.centers, in_place=own.in_place)
    work_with(own, Study(inputs, analysis.measure(inputs), f"{shipped.stamp}-{uuid4().hex}"))
    change(selection=None, filters=Filters())


def work_with(own: Own | None, with_own: Study | None) -> None:
    """Work with these centers and their study, or without both with the shipped ones.

    Where they bring scores without categories, a scheme that knows some takes the printed one's
    place, until the reader leaves them or chooses another. Of the view stays what they know.
    """
    keys.OWN.set(own)
    keys.OWN_STUDY.set(with_own)
    now, present = study(), view()
    scheme, instrument = present.scheme, now.inputs.instrument
    if keys.SCHEME_TURNED.pop() and scheme.name == scoring.unprinted(instrument):
        scheme = replace(scheme, name=Scheme().name)
    fitting = scoring.fitting(scheme, now.measured.centers, instrument)
    if fitting != scheme:
        keys.SCHEME_TURNED.set(True)
    there = known(now.inputs)
    commodities = tuple(c for c in present.filters.commodities if c in there.commodities)
    gone = present.chosen("center") not in (None, *there.centers)
    change(
        scheme=fitting,
        filters=replace(present.filters, commodities=commodities),
        selection=None if gone else present.selection,
    )


def own() -> Own | None:
    """The centers beside or in place of the shipped ones, if there are some."""
    return keys.OWN.get()


def back_to_shipped() -> None:
    """Leave all other centers for the shipped ones."""
    keys.LISTS_SHOWN.pop()
    work_with(None, None)
    change(lists=(SHIPPED,), selection=None, filters=Filters())


def start_again() -> None:
    """Leave everything but the language: own centers, filters, scheme, selection."""
    back_to_shipped()
    language = view().language
    for key in keys.KEYS:
        if key.in_url:
            key.pop()
    keys.VIEW.set(opening(language, known(study().inputs)))


def _shipped() -> Study:
    where, layers = installation.settings(), installation.layers_in_use()
    if layers:
        try:
            return _gathered(where, _stamp(where.data, where.districts, layers), layers)
        except DataError as refused:  # what was kept of a layer cannot be read
            logging.getLogger("ikmgeo").warning("the base map is not used: %s", refused)
    return _gathered(where, _stamp(where.data, where.districts, {}), {})


@st.cache_resource(max_entries=2, show_spinner=False)
def _gathered(_where: Settings, stamp: str, _layers: "Mapping[str, BaseLayer]") -> Study:
    inputs = analysis.gather(_where, installation.base_map(_layers))
    return Study(inputs, analysis.measure(inputs), stamp)


def _stamp(data: Path, districts: Path | None, layers: "Mapping[str, BaseLayer]") -> str:
    files = sorted(p for p in data.rglob("*") if p.suffix in (".csv", ".geojson"))
    files += [districts] if districts and districts.exists() else []
    states = [f"{p}:{p.stat().st_mtime_ns}:{p.stat().st_size}" for p in files]
    states += [f"{kind}:{layer.content_id}" for kind, layer in sorted(layers.items())]
    return hashlib.sha256("|".join(states).encode()).hexdigest()[:16]


def known(inputs: Inputs) -> Known:
    """Codes that a URL may name with these data."""
    return Known(
        instrument=inputs.instrument,
        commodities=frozenset(inputs.commodities.index),
        districts=frozenset(inputs.districts.index),
        zones=frozenset(inputs.zones.index),
        centers=frozenset(inputs.centers.index),
        definitions=frozenset(inputs.center_definitions.index),
    )


def view() -> View:
    """The present view; a session's first run reads it from the URL."""
    present = keys.VIEW.get()
    if present is None:
        asked = st.query_params.to_dict()
        present, ignored = from_params(asked, known(study().inputs))
        keys.VIEW.set(present)
        keys.IGNORED.set(ignored)
        keys.LISTS_NAMED.set(present.lists != View().lists)
    return present


def change(**fields: Any) -> None:
    """Change fields of the view; the URL follows at the end of the answer."""
    keys.VIEW.set(replace(view(), **fields))


def refilter(filters: Filters) -> None:
    """Change the filters, and have all of the page follow if only a part of it is answered."""
    change(filters=filters)
    keys.REFILTERED.set(True)


def enter(page: str) -> None:
    """Open a page at the section of it that this session had open last.

    Each page has sections of its own: the view, and so the URL, names one of the page's or none.
    """
    last = keys.SECTIONS.get()
    section = view().section
    last |= {name: section for name, parts in SECTIONS.items() if section in parts}
    if section != last.get(page, ""):
        change(section=last.get(page, ""))


def bound(key: str, value: Any, save: Callable[[Any], None]) -> dict[str, Any]:
    """Arguments that make a control show ``value`` and save what the reader sets.

    The view outlives the control: Streamlit forgets controls of a page that is not shown.
    """
    # Only when it differs: writing sends it back, over a newer value still on its way here.
    if not keys.is_there(key) or keys.sent(key) != value:
        keys.show(key, value)
    return {"key": key, "on_change": lambda: save(keys.sent(key))}


def interlocked(key: str, value: Any, save: Callable[[Any], None]) -> dict[str, Any]:
    """As ``bound``, for controls that move one another.

    The browser sends all controls with each answer. What it sends of one that was moved from here
    may still be a value of before, which nobody chose, until it has heard of the move; and the
    value of now says only that it has heard.
    """
    every, turn = keys.TOLD.get(), keys.TURN.get()
    told = every.get(key)
    before = dict(told.before) if told and keys.is_there(key) else {}
    if told and told.value != value:
        before[told.value] = turn
    if keys.is_there(key) and keys.sent(key) != value:
        before[keys.sent(key)] = turn
    every[key] = Told(value, before)
    arguments = bound(key, value, save)

    def chosen() -> None:
        sent, told = keys.sent(key), every[key]
        heard = int(keys.sent(HEARD) or -1)
        before = {old: turn for old, turn in told.before.items() if turn > heard}
        if sent == told.value or sent in before:
            return
        every[key] = Told(sent, before)
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


@contextmanager
def answer() -> Iterator[None]:
    """One answer to the browser: what is read for it is read once, and the URL follows it."""
    if _READ.get() is not None:  # a part within its page
        yield
        return
    begun = _READ.set({})
    try:
        yield
        _write_url()
    finally:
        _READ.reset(begun)


def once(name: str, read: Callable[[], R]) -> R:
    """What is read once for an answer; between answers, as in a callback, each time."""
    found = _READ.get()
    if found is None:
        return read()
    if name not in found:
        found[name] = read()
    result: R = found[name]
    return result


def reread() -> None:
    """Have everything read again in this answer, because something was written."""
    (_READ.get() or {}).clear()


def fragment(part: Callable[P, None], *, run_every: float | None = None) -> Callable[P, None]:
    """A part of a page that can be answered alone, unless it changed the filters of all of it."""

    @wraps(part)
    def alone(*args: P.args, **kwargs: P.kwargs) -> None:
        if keys.REFILTERED.pop():
            st.rerun()
        with answer():
            part(*args, **kwargs)

    return st.fragment(alone, run_every=run_every)


def number() -> None:
    """Number this answer; to be called last on each page.

    The number goes into a control that nobody sees. The browser sends it back with all others,
    and so tells, however late, which answers it had heard of by then.
    """
    turn = keys.TURN.get()
    keys.show(HEARD, str(turn))
    with st.container(key="unseen"):
        st.text_input(HEARD, key=HEARD, label_visibility="collapsed")
    keys.TURN.set(turn + 1)


def kept(
    name: str, version: object, make: Callable[[], R], *, most: int = 1, for_all: bool = False
) -> R:
    """What is made for a version, once while it is among the last ``most`` of its name.

    ``for_all`` keeps it for every session: what they all begin with, and nobody changes.
    """
    held = (_kept_for_all() if for_all else keys.KEPT.get()).setdefault(name, [])
    for known_version, result in held:
        if known_version == version:
            found: R = result
            return found
    made = make()
    held.append((version, made))
    while len(held) > most or (len(held) > 1 and sum(_bytes(r) for _, r in held) > KEPT_BYTES):
        del held[:1]  # of all, another session may have dropped it already
    return made


@st.cache_resource(show_spinner=False)
def _kept_for_all() -> dict[str, list[tuple[Any, Any]]]:
    return {}


def _bytes(result: object) -> int:
    """Memory of the tables of a result."""
    tables = [table for table in list(vars(result).values()) if isinstance(table, pd.DataFrame)]
    return int(sum(table.memory_usage().sum() for table in tables))


def speak(language: str) -> None:
    """Change the language, and have every control sent anew.

    The browser tells the choice of a list by its words: in the old language, that is no choice.
    """
    change(language=language)
    keys.forget_controls()


def _write_url() -> None:
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
