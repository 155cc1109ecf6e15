"""The lists of centers that a session shows: named by the view, kept in the store.

A list that is used without being saved is kept as a draft: under an id that nobody can guess, for
a week. So the address brings it back, to a new session and from any process behind a proxy, in the
way that it brings back a saved one.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from ikmgeo import analysis
from ikmgeo.errors import DataError, Issue
from ikmgeo.filters import Filters
from ikmgeo.reading.own import Listed, Own
from ikmgeo.ui.state import installation, keys, session
from ikmgeo.ui.state.session import Study
from ikmgeo.view import MOST_LISTS, View, from_params, lists_of
from ikmgeo.vocabulary import DRAFT_DAYS, SHIPPED
from ikmgeo.words.messages import Messages

if TYPE_CHECKING:
    from ikmgeo.records.lists import CenterList, Content

KEPT = 4
"""Combinations of lists that are held ready for all readers, and lists."""


@dataclass(frozen=True, eq=False)
class Held:
    """A list that the store does not take, for as long as this session lasts."""

    one: "CenterList"
    content: "Content"


def known() -> dict[str, "CenterList"]:
    """Every list that a reader of this session may show, by id, hidden ones too.

    While the store does not answer, those that it told last.
    """
    return session.once("lists", _known)


def _known() -> dict[str, "CenterList"]:
    drafts = {*keys.LISTS_OWN.get(), *session.view().lists}
    found = installation.answered(lambda store: _shelf().latest(store, drafts))
    if found is not None:
        keys.LISTS_KNOWN.set({one.list_id: one for one in found})
    held = {list_id: held.one for list_id, held in keys.LISTS_HELD.get().items()}
    return keys.LISTS_KNOWN.get() | held


def _shelf() -> Any:
    # A page that is only imported does not wait for SQLAlchemy.
    from ikmgeo.records import shelf

    return shelf


def offered() -> list["CenterList"]:
    """The lists that can be shown, by name."""
    return [one for one in known().values() if not one.hidden]


def shown() -> list["CenterList"]:
    """Those that the view names, in its order."""
    return [known()[list_id] for list_id in session.view().lists if list_id in known()]


def labels(say: Messages) -> dict[str, str]:
    """What the shipped list and those on offer are called where one is chosen, each once."""
    found = {SHIPPED: say("lists.shipped")}
    for one in offered():
        name = say("lists.draft", name=one.name) if one.draft else one.name
        found[one.list_id] = f"{name} · {one.list_id[:4]}" if name in found.values() else name
    return found


def about_draft(say: Messages, one: "CenterList") -> str:
    """How long a list that nobody saved can be opened again."""
    if is_held(one) or one.saved_at is None:
        return say("frame.list_held")
    until = one.saved_at + timedelta(days=DRAFT_DAYS)
    return say("frame.list_unsaved", date=say.date(until.date().isoformat()))


def is_held(one: "CenterList") -> bool:
    """Whether only this session has a list."""
    return one.list_id in keys.LISTS_HELD.get()


def take_up() -> None:
    """Show the lists that the view names, each as it was saved last, from this answer on."""
    there = _there(session.view().lists)
    versions = tuple((i, known()[i].version if i != SHIPPED else 0) for i in there)
    if versions == keys.LISTS_SHOWN.get() and _on_same_ground():
        return
    found = installation.answered(lambda _: _study(there))
    if found is None:  # what is shown stays
        return
    own, study = found
    keys.LISTS_SHOWN.set(versions)
    _remember(i for i in there if i != SHIPPED and known()[i].draft)
    if keys.LISTS_NAMED.pop():  # only now are the codes known that the URL may name
        asked, inputs = st.query_params.to_dict(), (study or session.shipped_study()).inputs
        view, ignored = from_params(asked, session.known(inputs))
        keys.VIEW.set(replace(view, lists=session.view().lists))
        keys.IGNORED.set(ignored)
    session.work_with(own, study)


def _on_same_ground() -> bool:
    """Whether lists that are shown stand on the base map of now."""
    if set(session.view().lists) <= {SHIPPED}:
        return True
    return session.ground_stamp(session.study()) == session.shipped_study().stamp


def _there(named: Sequence[str]) -> tuple[str, ...]:
    """Those lists of the view that are there; what is gone leaves it, and is told."""
    there = tuple(i for i in named if i == SHIPPED or (i in known() and not known()[i].hidden))
    if there != tuple(named) and not failure():
        keys.LISTS_GONE.set(len(named) - len(there))
        session.change(lists=there or (SHIPPED,))
        keys.LISTS_NAMED.set(keys.LISTS_NAMED.get() and there not in ((), (SHIPPED,)))
    return there or (SHIPPED,)


def failure() -> tuple[Issue, ...]:
    """Why the store did not tell the lists; nothing when it did."""
    known()
    failed = keys.STORE_FAILED.get()
    return failed[1] if failed else ()


def opened(params: Mapping[str, str]) -> tuple[View, tuple[str, ...]]:
    """View of parameters such as a scene's, with the lists that they name, and what is ignored."""
    there = [i for i in lists_of(params) if i in known() and not known()[i].hidden]
    _, study = installation.answered(lambda _: _study(there)) or (None, None)
    return from_params(params, session.known((study or session.shipped_study()).inputs))


def _study(there: Sequence[str]) -> tuple[Own | None, Study | None]:
    """Centers of lists, and their study; neither where only the shipped ones are shown."""
    lists = [known()[list_id] for list_id in there if list_id != SHIPPED]
    if not lists:
        return None, None
    shipped, in_place = session.shipped_study(), SHIPPED not in there
    told = repr((in_place, [(one.list_id, one.content_id, one.name) for one in lists]))
    stamp = f"{shipped.stamp}-{hashlib.sha256(told.encode()).hexdigest()[:16]}"
    return _gathered(stamp, shipped, lists, in_place=in_place)


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _gathered(
    stamp: str, _shipped: Study, _lists: Sequence["CenterList"], *, in_place: bool
) -> tuple[Own, Study]:
    """One for all readers of the same lists: they hold no copy each."""
    own = Own.of([Listed(one.list_id, one.name, rows(one)) for one in _lists], in_place=in_place)
    inputs = analysis.with_centers(_shipped.inputs, own.centers, in_place=in_place)
    return own, Study(inputs, analysis.measure(inputs), stamp)


def rows(one: "CenterList") -> pd.DataFrame:
    """Rows of a list, under the ids that they have in it.

    Raises
    ------
    DataError
        Why the store did not answer.
    """
    held = keys.LISTS_HELD.get().get(one.list_id)
    found = held.content.centers if held else _rows(one.content_id, one)
    absent = [a for a in session.shipped_study().inputs.instrument.aspects if a not in found]
    return found.assign(**dict.fromkeys(absent, float("nan")))


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _rows(content_id: str, _one: "CenterList") -> pd.DataFrame:
    found: pd.DataFrame = _shelf().centers(installation.store(), _one)
    return found


def file(one: "CenterList") -> Callable[[], bytes]:
    """Fetches the file that a version of a list came with, also where no session is at hand."""
    if held := keys.LISTS_HELD.get().get(one.list_id):
        return lambda: held.content.file
    return partial(_shelf().file, installation.store(), one)


def history(one: "CenterList") -> list["CenterList"]:
    """Every version of a list, oldest first; none while the store does not answer."""
    return installation.answered(lambda store: _shelf().history(store, one.list_id)) or []


def show(lists: Sequence[str]) -> None:
    """Show these lists from now on; none are the shipped one."""
    session.change(lists=tuple(dict.fromkeys(lists))[:MOST_LISTS] or (SHIPPED,))


def show_new(list_id: str, *, alone: bool = False) -> None:
    """Show a list that was just brought, whatever the filters were, alone or beside the others."""
    show([list_id] if alone else [*session.view().lists, list_id])
    session.change(selection=None, filters=Filters())


def keep_draft(one: "CenterList", content: "Content") -> "CenterList":
    """Keep the next version of a list that nobody has saved; for this session, if need be."""
    try:
        kept: CenterList = _shelf().save(installation.store(), one, content)
    except DataError:
        kept = replace(one, version=one.version + 1, saved_by="")
        keys.LISTS_HELD.get()[one.list_id] = Held(kept, content)
    else:
        keys.LISTS_HELD.get().pop(one.list_id, None)
    _remember([one.list_id])
    session.reread()
    return kept


def _remember(drafts: Iterable[str]) -> None:
    """Go on offering lists that nobody saved to who sits here."""
    keys.LISTS_OWN.set(tuple(dict.fromkeys((*keys.LISTS_OWN.get(), *drafts))))


def save(one: "CenterList", content: "Content | None" = None) -> "CenterList":
    """Save the next version of a list for everyone, by ``one.saved_by``.

    ``content`` is that of a new file; without it a draft gets its name.

    Raises
    ------
    DataError
        Why it cannot be saved.
    """
    one, held = replace(one, draft=False), keys.LISTS_HELD.get().get(one.list_id)
    content = content or (held.content if held else None)
    if held:
        one = replace(one, version=0)
    if content:
        kept: CenterList = _shelf().save(installation.store(), one, content)
    else:
        told = {"draft": False, "name": one.name, "remark": one.remark}
        kept = _shelf().revise(installation.store(), one.list_id, one.saved_by, **told)
    keys.LISTS_HELD.get().pop(one.list_id, None)
    _written()
    return kept


def revise(one: "CenterList", by: str, **changes: Any) -> "CenterList":
    """Hide or show a list, or give it another name; raises as ``save``."""
    kept: CenterList = _shelf().revise(installation.store(), one.list_id, by, **changes)
    _written()
    return kept


def restore(one: "CenterList", version: int, by: str) -> "CenterList":
    """Go back to an earlier version of a list; raises as ``save``."""
    kept: CenterList = _shelf().restore(installation.store(), one.list_id, version, by)
    _written()
    return kept


def _written() -> None:
    keys.STORE_FAILED.pop()  # it answers
    session.reread()
