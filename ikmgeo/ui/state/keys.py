"""Everything that one reader's session holds, key by key; nothing else touches Streamlit's own.

A key of the register has a type, a default and an owner. What a control holds is Streamlit's:
``sent`` and ``show`` read and write it by the control's own key.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import streamlit as st

from ikmgeo.vocabulary import SHIPPED

if TYPE_CHECKING:
    import pandas as pd

    from ikmgeo.errors import DataError, Issue
    from ikmgeo.measures.composite import Weights
    from ikmgeo.measures.scenario import Change, Scenario
    from ikmgeo.reading.load import Choices
    from ikmgeo.reading.own import Own
    from ikmgeo.records.assessments import Assessment
    from ikmgeo.records.groups import Group
    from ikmgeo.records.lists import CenterList
    from ikmgeo.story import Story
    from ikmgeo.ui.parts.advising import Begun
    from ikmgeo.ui.parts.numbers import Refused
    from ikmgeo.ui.register.files import Brought as BroughtUnits
    from ikmgeo.ui.register.households import BroughtTable
    from ikmgeo.ui.scoring.assess_sheets import Brought
    from ikmgeo.ui.shell import Size
    from ikmgeo.ui.sources.base_map import Brought as BroughtLayer
    from ikmgeo.ui.sources.upload import Upload
    from ikmgeo.ui.state.linking import Roads
    from ikmgeo.ui.state.listing import Held
    from ikmgeo.ui.state.session import Study, Told
    from ikmgeo.ui.workshop.present import Talk
    from ikmgeo.ui.workshop.take_away import Job
    from ikmgeo.view import Position, View

T = TypeVar("T")


@dataclass(frozen=True)
class Key(Generic[T]):
    """One thing that a session holds.

    Parameters
    ----------
    name
        Under which Streamlit keeps it.
    default
        Makes what it is until something else is set.
    about
        What it is, and who sets it.
    unsaved
        Whether its value is work that would be lost with the session; None where it never is.
    in_url
        Whether the address tells of it; to start again forgets it.
    """

    name: str
    default: Callable[[], T]
    about: str
    unsaved: Callable[[T], bool] | None = None
    in_url: bool = False

    def get(self) -> T:
        """What it is; one that can be changed in place is the session's own."""
        if self.name not in st.session_state:
            self.set(self.default())
        value: T = st.session_state[self.name]
        return value

    def set(self, value: T) -> None:
        """Make it this from now on."""
        st.session_state[self.name] = value

    def pop(self) -> T:
        """What it was; from now on it is the default."""
        value: T = st.session_state.pop(self.name, self.default())
        return value


def _nothing() -> None:
    return None


# The view, and the data that it is of.

VIEW: Key[View | None] = Key(
    "view",
    _nothing,
    "All that a link reopens; session.view reads it from the URL, session.change writes it.",
    in_url=True,
)
SECTIONS: Key[dict[str, str]] = Key(
    "sections",
    dict,
    "The section that was open last, by page; session.enter.",
    in_url=True,
)
REFILTERED: Key[bool] = Key(
    "refiltered",
    bool,
    "Whether a part of a page changed the filters of all of it; session.refilter.",
)
IGNORED: Key[tuple[str, ...]] = Key(
    "ignored", tuple, "Names in a URL that mean nothing here; told once, by the frame."
)
OWN: Key[Own | None] = Key(
    "own", _nothing, "The centers beside or in place of the shipped ones; session.work_with."
)
OWN_STUDY: Key[Study | None] = Key(
    "own_study", _nothing, "Inputs and measures with these centers; session.work_with."
)
LISTS_NAMED: Key[bool] = Key(
    "lists-named", bool, "Whether the URL names lists, so that it is to be read once more; listing."
)
LISTS_SHOWN: Key[tuple[tuple[str, int], ...]] = Key(
    "lists-shown",
    lambda: ((SHIPPED, 0),),
    "Lists and versions that the centers are of; listing.take_up.",
)
LISTS_KNOWN: Key[dict[str, CenterList]] = Key(
    "lists-known", dict, "Lists as the store last told them; listing."
)
LISTS_OWN: Key[tuple[str, ...]] = Key(
    "lists-own", tuple, "Lists that this session showed while nobody had saved them; listing."
)
LISTS_HELD: Key[dict[str, Held]] = Key(
    "lists-held", dict, "Those of them that the store does not take; listing.", bool
)
SCHEME_TURNED: Key[bool] = Key(
    "scheme-turned", bool, "Whether own centers turned the scheme to one that fits; session.use."
)
KEPT: Key[dict[str, list[tuple[Any, Any]]]] = Key(
    "kept", dict, "The last results of each kind of work, with what they rest on; session.kept."
)

COLUMNS: Key[dict[str, dict[str, bool]]] = Key(
    "columns", dict, "By table, columns that the reader wants shown or not; table."
)

# The answers of the browser.

TOLD: Key[dict[str, Told]] = Key(
    "told", dict, "What the browser knows of controls that move one another; session.interlocked."
)
TURN: Key[int] = Key("turn", int, "Number of the answer that is being made; session.number.")
REFUSED_NUMBERS: Key[dict[str, Refused]] = Key(
    "refused-numbers", dict, "What was typed into number fields and is not used; numbers.", bool
)
REFUSED_PARTS: Key[dict[tuple[str, str], tuple[str, ...]]] = Key(
    "refused-parts",
    dict,
    "Why parts of a form besides number fields are not used, by form and part; numbers.",
    bool,
)
TOUR: Key[str] = Key("tour", str, "Asks for the cards of a first visit once more; shell.")

# Notices that are told once.

LISTS_GONE: Key[int] = Key(
    "lists-gone", int, "How many lists of the view are not there any more; listing, the frame."
)
LIST_TOLD: Key[tuple[str, str, str, tuple[str, ...]] | None] = Key(
    "list-told", _nothing, "Place, kind, sentence and reasons of the last save of a list; lists."
)

COMPARE_REFUSED: Key[bool] = Key(
    "compare-refused", bool, "Whether more districts were chosen than fit side by side; districts."
)
CUTS_REFUSED: Key[bool] = Key(
    "cuts-refused", bool, "Whether cut points were moved past one another; filters."
)
ASSESS_TOLD: Key[tuple[str, str, tuple[Any, ...]] | None] = Key(
    "assess-told", _nothing, "Kind, sentence and reasons of the last save; assess, assess_sheets."
)
EXAMPLES_REFUSED: Key[tuple[Issue, ...]] = Key(
    "examples-refused", tuple, "Why the fictional centers were not loaded; scoring."
)
TYPED_SUM: Key[tuple[str, float] | None] = Key(
    "typed-sum", _nothing, "Message and sum of weights typed together; scoring."
)
PRESET_REFUSED: Key[tuple[str, str] | None] = Key(
    "preset-refused", _nothing, "Why weights were not kept under a name, and the name; scoring."
)
NAME_REFUSED: Key[str] = Key(
    "name-refused", str, "Message on a name that no scenario or zone can have; what_if."
)
GROUP_REFUSED: Key[tuple[Issue, ...]] = Key(
    "group-refused", tuple, "Why a group was not entered or saved; groups."
)
GROUP_SAVED: Key[int | None] = Key(
    "group-saved", _nothing, "Version of the weights that a group just saved; groups."
)
ROOM_ASKED: Key[bool] = Key(
    "room-asked", bool, "Whether the reader wants to open the room, and confirms it; inviting."
)
GROUP_UNUSED: Key[tuple[str, ...]] = Key(
    "group-unused", tuple, "Why a group's weights were not saved, by field; groups."
)
SCENE_KEPT: Key[int | None] = Key(
    "scene-kept", _nothing, "Scenes once the view became one, 0 where the story is full; share."
)
STORY_REFUSED: Key[DataError | OSError | None] = Key(
    "story-refused", _nothing, "Why the shipped story cannot be read; story."
)

# Scores: weights, assessments, plans, groups.

STORE_FAILED: Key[tuple[float, tuple[Issue, ...]] | None] = Key(
    "store-failed", _nothing, "When the store last did not answer, and why; composing."
)
SCHEME_CHOSEN: Key[bool] = Key(
    "scheme-chosen", bool, "Whether assessed scores found a scheme of the reader's; composing."
)
BEFORE_EXAMPLES: Key[str | None] = Key(
    "before-examples", _nothing, "Source of the scores before the fictional centers; scoring."
)
TYPED_TOGETHER: Key[tuple[Weights | None, dict[str, float]]] = Key(
    "typed-together",
    lambda: (None, {}),
    "Weights being typed one after another, and those that they began from; scoring.",
)
WEIGHT_PRESETS: Key[dict[str, Weights]] = Key(
    "weight-presets", dict, "Weights that the reader gave a name; scoring."
)
AUTHOR: Key[str] = Key("author", str, "Name of who sits here, once told; assess.")
DRAFTS: Key[dict[str, dict[str, Assessment]]] = Key(
    "drafts",
    dict,
    "What was typed of each center and is not saved, by group ('' is none); composing.drafts.",
    lambda drafts: any(not d.blank for own in drafts.values() for d in own.values()),
)
INDICATORS: Key[dict[str, tuple[pd.DataFrame, pd.DataFrame]]] = Key(
    "indicators", dict, "Rows of each editor of indicators, as begun and as changed; assess."
)
ASSESSMENT_FILES: Key[dict[str, tuple[str, Brought | None]]] = Key(
    "assessment-files", dict, "Id of the last file of assessments and its rows, by group; sheets."
)
RATED_COMMODITY: Key[str | None] = Key(
    "rated-commodity", _nothing, "The commodity that is being rated; ratings."
)
EFFORTS: Key[dict[str, float]] = Key(
    "efforts", dict, "Effort of a point of each aspect; next_steps."
)
PLANS: Key[dict[str, Begun]] = Key(
    "plans", dict, "Plans changed and not saved, by center; next_steps, read by advising.", bool
)
GROUP: Key[Group | None] = Key(
    "group", _nothing, "The group of a workshop as which this session works; groups."
)
GROUP_WEIGHTS: Key[dict[str, Weights]] = Key(
    "group-weights",
    dict,
    "Weights as the sliders have them, by group; groups.",
    lambda moved: moved != GROUP_WEIGHTS_SAVED.get(),
)
GROUP_WEIGHTS_SAVED: Key[dict[str, Weights]] = Key(
    "group-weights-kept", dict, "Weights as saved, or as a group begins with; groups."
)

# Linkage: roads, sector fit, scenarios.

ROADS: Key[Roads | None] = Key("roads", _nothing, "The reader's road data; linking.use_roads.")
ROADS_CANCELLED: Key[str] = Key(
    "roads-cancelled", str, "Id of the file of roads whose reading the reader cancelled; roads."
)
ROADS_FAILED: Key[tuple[str, float, tuple[Issue, ...]] | None] = Key(
    "roads-failed", _nothing, "Which roads did not answer, until when they rest, why; linking."
)
ROAD_LIMITS: Key[dict[str, float]] = Key(
    "road-limits",
    lambda: {"max_snap": 2.0, "speed": 30.0},
    "How far a place may lie from a road, km, and the speed where none is told, km/h; roads.",
)
FIT_CHANGES: Key[dict[tuple[str, str], float]] = Key(
    "fit-changes", dict, "Changed cells of the sector fit, by commodity and zone; linking.", bool
)
SCENARIOS: Key[dict[str, Scenario]] = Key(
    "scenarios",
    dict,
    "Scenarios by name, in the order of their making; planning.",
    lambda scenarios: any(scenario.changes for scenario in scenarios.values()),
)
SCENARIO: Key[str] = Key("scenario", str, "Name of the scenario in use; planning.")
DELETED_SCENARIO: Key[Scenario | None] = Key(
    "deleted-scenario", _nothing, "The scenario deleted last, which can come back; what_if."
)
PLAN_KNOWN: Key[str] = Key(
    "plan-known", str, "The view's scenario as the page has taken it up or written it; what_if."
)
TURNED_TO: Key[dict[str, Change] | None] = Key(
    "turned-to", _nothing, "Changes to which indicator and column were last turned; what_if."
)
EDITED_ZONE: Key[str | None] = Key("edited-zone", _nothing, "The zone being edited; what_if.")

# What is told and taken away.

STORY: Key[Story | None] = Key(
    "story",
    _nothing,
    "The scenes of a talk; story.current begins with the shipped ones.",
    lambda told: told is not None and bool(told.scenes) and told != STORY_IN_FILE.get(),
)
STORY_IN_FILE: Key[Story | None] = Key(
    "story-in-file", _nothing, "The story as it was last saved or loaded; story."
)
STORY_BEFORE: Key[Story | None] = Key(
    "story-before", _nothing, "The story that was last replaced, which can come back; story."
)
TALK: Key[Talk | None] = Key("talk", _nothing, "The story being told and how far; present.")
TALK_OVER: Key[bool] = Key("talk-over", bool, "Whether the reader left the talk; present.")
TO_PRESENT: Key[tuple[Position, ...]] = Key(
    "present", tuple, "Where the map stood as the reader asked to present it; share."
)
TO_PLAY: Key[bool] = Key("play", bool, "Whether the reader asked to hear the story; details.")
PICTURE: Key[tuple[str, View | None, Position, Size]] = Key(
    "picture",
    lambda: ("", None, None, None),
    "Page, view, place and size of the map to take away as a picture; share.",
)
JOBS: Key[dict[str, Job]] = Key("jobs", dict, "Files being made, by what they are; take_away.")
UPLOAD: Key[Upload | None] = Key("upload-result", _nothing, "The last file of centers; upload.")
LIST_TARGET: Key[str] = Key(
    "list-target", str, "Id of the list that the next file is for, once chosen; lists."
)
CHOICES: Key[dict[tuple[str, ...], Choices]] = Key(
    "choices", dict, "How files are to be read, by their headings; as_read."
)
UPLOAD_READ: Key[str] = Key("upload-read", str, "Id of the file that was read last; upload.")
UPLOAD_USED: Key[pd.DataFrame | None] = Key(
    "upload-used", _nothing, "The rows that were taken from a file last; upload."
)
BASE_READ: Key[BroughtLayer | None] = Key(
    "base-read", _nothing, "The last file brought for the base map; base_map."
)
BASE_TOLD: Key[tuple[str, str, str, tuple[str, ...]] | None] = Key(
    "base-told",
    _nothing,
    "Place, kind, sentence and reasons of its last change; base_map.",
)
UNITS_BROUGHT: Key[BroughtUnits | None] = Key(
    "units-brought", _nothing, "The last file of units that was brought; register.files."
)
HOUSEHOLDS: Key[BroughtTable | None] = Key(
    "households", _nothing, "The last table of households that was brought; register.households."
)
CLAIM: Key[str | None] = Key("claim", _nothing, "The claim chosen in the ledger; sources.")

KEYS: tuple[Key[Any], ...] = tuple(key for key in globals().values() if isinstance(key, Key))
"""The register."""


def any_unsaved() -> bool:
    """Whether this session holds what the reader made and only a file or the store would keep."""
    return any(key.unsaved(key.get()) for key in KEYS if key.unsaved)


def sent(control: str) -> Any:
    """What a control holds, as the browser last told; None where it is not shown."""
    return st.session_state.get(control)


def is_there(control: str) -> bool:
    """Whether a control holds anything."""
    return control in st.session_state


def show(control: str, value: Any) -> None:
    """Have a control show a value."""
    st.session_state[control] = value


def forget_controls(*names: str) -> None:
    """Have controls sent anew: these, or all whose words are in a language."""
    every = [str(name) for name in st.session_state if str(name).startswith("w-")]
    for name in names or every:
        st.session_state.pop(name, None)
