"""What of the register readers look at: shared by all sessions, under keys that pages tell."""

import hmac
import secrets
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from ikmgeo import tables
from ikmgeo.analysis import Inputs
from ikmgeo.register import candidates, chosen, nearness, specialisation, tiles
from ikmgeo.register.candidates import Criterion, Like
from ikmgeo.register.chosen import Chosen
from ikmgeo.register.households import Households
from ikmgeo.register.nearness import Nearness
from ikmgeo.register.specialisation import Answer, Counted, Level, Measure, Open, Question
from ikmgeo.register.store import Version
from ikmgeo.register.tiles import Spread
from ikmgeo.ui.state import registry, session
from ikmgeo.vocabulary import Bounds
from ikmgeo.words import wording
from ikmgeo.words.messages import Messages

if TYPE_CHECKING:
    import duckdb

KEYS: Final = 1_000
"""Keys that are known; a page that was left open for longer asks anew when it is used."""

SPREADS: Final = 6
"""Selections of units that are held ready to be drawn: 16 bytes a unit, each."""


FOUND: Final = 8
"""Lists of candidates that are held: by definition, likeness and list of centers."""


COUNTS, ANSWERS = 8, 50
"""Tables of units by area and commodity that are held, and answers to questions about them."""


@dataclass(frozen=True)
class Looked:
    """What a map shows: of which version, which units, and whether by product; in a language."""

    version: str
    chosen: Chosen
    by_product: bool
    language: str


@st.cache_resource(show_spinner=False)
def _keys() -> OrderedDict[str, Looked]:
    return OrderedDict()


@st.cache_resource(show_spinner=False)
def _secret() -> bytes:
    return secrets.token_bytes()


def key(seen: Looked) -> str:
    """What a page and the server call it; nobody can guess it."""
    known = _keys()
    made = hmac.new(_secret(), repr(seen).encode(), "sha256").hexdigest()
    known[made] = seen
    while len(known) > KEYS:
        known.popitem(last=False)
    return made


def looked(name: str) -> Looked | None:
    """What a key stands for; None for one that no page has told."""
    return _keys().get(name)


def spread(seen: Looked) -> Spread:
    """The units of a map, ready to be drawn."""
    return _spread(seen.version, seen.chosen)


@st.cache_resource(max_entries=SPREADS, show_spinner=False)
def _spread(version: str, wanted: Chosen) -> Spread:
    with units(version, wanted) as found:
        return chosen.spread(found)


@contextmanager
def units(version: str, wanted: Chosen) -> "Iterator[duckdb.DuckDBPyRelation]":
    """The chosen units of a version."""
    with registry.register().connect(registry.named(version)) as connection:
        yield chosen.among(connection, wanted)


@st.cache_data(max_entries=100, show_spinner=False)
def by_commodity(version: str, wanted: Chosen) -> dict[str, int]:
    """Units by commodity, those of most units first."""
    with units(version, wanted) as found:
        return chosen.by_commodity(found)


@st.cache_data(max_entries=100, show_spinner=False)
def extent(version: str, wanted: Chosen) -> Bounds | None:
    """Where nearly all of the chosen units lie."""
    with units(version, wanted) as found:
        return chosen.extent(found)


@dataclass(frozen=True)
class Found:
    """Candidates of a version, what links them to zones, and the recorded centers beside them."""

    candidates: pd.DataFrame
    centers: pd.DataFrame


def found(version: str, definition: str, by: Like, near: Nearness | None) -> Found:
    """Centers that a version holds by a definition, beside the recorded ones.

    With ``near``, those by nearness, and behind them those by the definition that share no unit
    with any of them.
    """
    study, kept = session.study(), registry.its_households()
    told = study.stamp, kept.stamp if kept else ""
    return _found(version, definition, by, near, told, study.inputs, kept)


@st.cache_resource(max_entries=FOUND, show_spinner=False)
def _found(
    version: str,
    definition: str,
    by: Like,
    near: Nearness | None,
    stamps: tuple[str, str],
    _inputs: Inputs,
    _households: Households | None,
) -> Found:
    inputs, criterion = _inputs, Criterion.of(tables.row(_inputs.center_definitions, definition))
    with registry.register().connect(registry.named(version)) as connection:
        counts = _households.counts if _households else None
        every = candidates.candidates(connection, inputs, criterion, by=by, households=counts)
        if near:
            every = nearness.beside(nearness.candidates(connection, inputs, near, by=by), every)
    status, centers = candidates.compared(every, inputs.centers, inputs, by=by)
    return Found(every.join(status).join(candidates.linked(every, inputs)), centers)


@st.cache_resource(max_entries=COUNTS, show_spinner=False)
def counted(version: str, wanted: Chosen, level: Level) -> Counted:
    """The chosen units of a version by area and commodity."""
    with units(version, wanted) as found:
        return specialisation.counted(found, level)


def answered(version: str, wanted: Chosen, asked: Question) -> Answer:
    """What areas are specialised in."""
    study = session.study()
    return _answered(version, wanted, asked, study.stamp, study.inputs)


@st.cache_resource(max_entries=ANSWERS, show_spinner=False)
def _answered(version: str, wanted: Chosen, asked: Question, stamp: str, _inputs: Inputs) -> Answer:
    return specialisation.answered(counted(version, wanted, asked.level), _inputs, asked)


@st.cache_resource(max_entries=COUNTS, show_spinner=False)
def publishable(version: str, wanted: Chosen, level: Level, measure: Measure) -> Open:
    """Which of the counts may leave the house."""
    within = counted(version, wanted, "district") if level == "subdistrict" else None
    return specialisation.publishable(counted(version, wanted, level), measure, within)


def told(seen: Looked, lat: float, lon: float, zoom: float) -> dict[str, Any]:
    """The units at a place of a map, in words: a heading, a line for each, and how many more."""
    say = Messages.of(seen.language, session.shipped_study().inputs)
    with units(seen.version, seen.chosen) as found:
        there = chosen.at(found, *tiles.reach(lat, lon, zoom))
    if not there.units:
        return {"head": "", "units": []}
    head = say("units.here", units=there.units)
    more = there.units - len(there.first)
    lines = [_line(say, *unit) for unit in there.first]
    return {
        "head": head,
        "units": lines,
        "more": say("units.here_more", count=more) if more > 0 else "",
    }


def _line(say: Messages, name: str | None, *told: Any) -> str:
    """A unit: its name, what it makes, its workers, and that its place is rough where it is."""
    commodity, product, workers, placed_by = told
    said = [name or say("units.nameless"), commodity_name(say, commodity) or product or ""]
    if workers is not None:
        said.append(say("units.workers", workers=int(workers)))
    if placed_by not in chosen.SURE:
        said.append(say("units.rough"))
    return " · ".join(filter(None, said))


def commodity_name(say: Messages, code: str | None) -> str:
    """Name of a commodity of the data; another one is as its file has it."""
    return wording.commodity(say, session.shipped_study().inputs.commodities, code)


def source(say: Messages, version: Version) -> str:
    """The files of the register, and that they are fictional where they are."""
    return wording.source_of_units(say, version.files, made_up=version.made_up)
