"""What a session holds: one register, one cache, what is read once for an answer, what is sent."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa
import streamlit as st
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from ikmgeo.advice import Plan
from ikmgeo.errors import DataError, Issue
from ikmgeo.measures.composite import Weights
from ikmgeo.measures.scenario import Change, Scenario
from ikmgeo.measures.scoring import Scheme
from ikmgeo.reading.own import Own
from ikmgeo.records.assessments import Assessment
from ikmgeo.records.groups import Group
from ikmgeo.records.lists import Content, new_list
from ikmgeo.records.store import Store
from ikmgeo.settings import Settings
from ikmgeo.story import Scene, Story
from ikmgeo.ui.parts import explore
from ikmgeo.ui.parts.advising import Begun
from ikmgeo.ui.state import composing, installation, keys, session
from ikmgeo.ui.state.listing import Held
from ikmgeo.view import View, to_params
from tests.pages.screen import run
from tests.rated import ASPECTS

ROOT = Path(__file__).parents[2]
SCREENS = {
    path: ast.parse(path.read_text(encoding="utf-8"))
    for path in sorted([*(ROOT / "ikmgeo" / "ui").rglob("*.py"), *(ROOT / "pages").glob("*.py")])
}
HOLDS_NO_STATE = {"container", "slider_beside_field", "weight_controls", "sorted", "sort", "min"}
"""Calls whose ``key`` is no control's: a style's name, the end of a key, an order."""


def control_keys(tree: ast.Module) -> Iterator[str]:
    """Keys of the controls of a module; ``*`` stands for what is filled in."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        called = node.func.id if isinstance(node.func, ast.Name) else called
        given = [] if called in HOLDS_NO_STATE else [k for k in node.keywords if k.arg == "key"]
        values = [k.value for k in given]
        values += node.args[:1] if called in ("bound", "interlocked") else []
        for value in values:
            if isinstance(value, ast.JoinedStr):
                yield "".join(
                    str(p.value) if isinstance(p, ast.Constant) else "*" for p in value.values
                )
            elif isinstance(value, ast.Constant) and value.value:
                yield str(value.value)


def may_meet(one: str, other: str) -> bool:
    """Whether two patterns have a key in common; ``*`` is any text."""
    if "*" in (one[:1], other[:1]):
        one, other = (one, other) if one[:1] == "*" else (other, one)
        return may_meet(one[1:], other) or (other != "" and may_meet(one, other[1:]))
    if one and other:
        return one[0] == other[0] and may_meet(one[1:], other[1:])
    return one == other


def test_no_two_controls_can_have_one_key() -> None:
    every = [(key, path.name) for path, tree in SCREENS.items() for key in control_keys(tree)]
    assert len(every) > 60
    assert [(a, b) for a, b in combinations(every, 2) if may_meet(a[0], b[0])] == []


def test_only_the_register_touches_what_streamlit_holds() -> None:
    touching = [p.name for p in SCREENS if "session_state" in p.read_text(encoding="utf-8")]
    assert touching == ["keys.py"]


def test_the_register_tells_of_every_key_once() -> None:
    names = [key.name for key in keys.KEYS]
    assert len(names) == len(set(names)) > 50
    assert [name for name in names if name.startswith("w-")] == []  # those are controls
    assert [key.name for key in keys.KEYS if not key.about] == []
    assert [key.name for key in keys.KEYS if key.in_url] == ["view", "sections"]


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What one session holds, at first nothing."""
    found: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", found)
    monkeypatch.setattr(session, "_write_url", lambda: None)
    return found


def test_a_key_begins_as_its_default_and_returns_to_it(held: dict[str, Any]) -> None:
    keys.PLANS.get()["a"] = Begun(Plan(), None)
    assert list(held["plans"]) == ["a"]
    assert list(keys.PLANS.pop()) == ["a"]
    assert keys.PLANS.get() == {}
    assert keys.GROUP.pop() is None


def draft(comment: str) -> Assessment:
    return Assessment(center_id="a", author="n", assessed_on=date(2026, 1, 1), comment=comment)


STORY = Story("t", (Scene("map", {}, {}),))
WEIGHTS = {"g": Weights.equal(ASPECTS)}
MOVED = {"g": Weights.equal(ASPECTS).rebalanced("market", 50)}
ROWS = pd.DataFrame(index=["a"])


HELD = Held(new_list("mine.csv", ROWS, 0), Content(ROWS, b""))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, False),
        ({"own": Own("kept in the store", ROWS, in_place=True)}, False),
        ({"lists-held": {HELD.one.list_id: HELD}}, True),
        ({"drafts": {"": {"a": draft("")}}}, False),
        ({"drafts": {"g": {"a": draft("seen")}}}, True),
        ({"refused-numbers": {"w-x": "Refused"}}, True),
        ({"refused-parts": {("form", "part"): ("why",)}}, True),
        ({"group-weights": WEIGHTS, "group-weights-kept": WEIGHTS}, False),
        ({"group-weights": MOVED, "group-weights-kept": WEIGHTS}, True),
        ({"plans": {"a": Begun(Plan().pin("A1"), None)}}, True),
        ({"fit-changes": {("coffee", "kim"): 1.0}}, True),
        ({"story": STORY, "story-in-file": STORY}, False),
        ({"story": STORY}, True),
        ({"story": Story("")}, False),
        ({"scenarios": {"A": Scenario("A")}}, False),
        ({"scenarios": {"A": Scenario("A", {"kim": Change(closed=True)})}}, True),
    ],
)
def test_the_register_knows_unsaved_work(
    held: dict[str, Any], values: dict[str, Any], *, expected: bool
) -> None:
    held |= values
    assert keys.any_unsaved() is expected


def test_to_start_again_keeps_work_and_language(held: dict[str, Any]) -> None:
    held |= {
        "view": View(language="en", rings=False, section="zone"),
        "sections": {"linkage": "zone"},
        "own": Own("mine", ROWS, in_place=True),
        "lists-held": {HELD.one.list_id: HELD},
        "drafts": {"": {"a": draft("seen")}},
    }
    session.start_again()
    assert to_params(session.view()) == {"lang": "en"}
    assert keys.SECTIONS.get() == {}
    assert session.own() is None
    assert keys.any_unsaved()  # the draft, and the list that was left
    assert keys.LISTS_HELD.get() == {HELD.one.list_id: HELD}


@dataclass(frozen=True)
class Result:
    number: int
    table: pd.DataFrame


def test_the_last_results_of_each_kind_are_kept(
    held: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []

    def make(number: int, *, most: int = 2) -> int:
        def work() -> Result:
            made.append(number)
            return Result(number, pd.DataFrame({"x": [0.0] * 1000}))  # 8 kB

        return session.kept("of", [number], work, most=most).number

    assert [make(n) for n in (1, 2, 1, 3, 2, 1)] == [1, 2, 1, 3, 2, 1]
    assert made == [1, 2, 3, 1]  # the oldest went for 3, and came back
    assert [make(n, most=1) for n in (1, 4, 1)] == [1, 4, 1]
    assert made[4:] == [4, 1]
    made.clear()
    monkeypatch.setattr(session, "KEPT_BYTES", 10_000)
    assert [make(n) for n in (1, 2, 1)] == [1, 2, 1]
    assert made == [2, 1]  # two are too much


def test_what_all_sessions_begin_with_is_made_once(held: dict[str, Any]) -> None:
    def made(*, for_all: bool = True) -> object:
        return session.kept("begun", held_version, object, for_all=for_all)

    held_version = object()  # of this test alone
    first = made()
    assert made(for_all=False) is not first
    held.clear()  # another session
    assert made() is first


def test_centers_under_two_schemes_in_one_answer_are_each_classified_once(
    held: dict[str, Any],
) -> None:
    study, schemes = session.shipped_study(), (Scheme(), Scheme("contiguous"))
    first, again = (
        [explore.classified(study, View(scheme=scheme)) for scheme in schemes] for _ in range(2)
    )
    assert all(one is other for one, other in zip(first, again, strict=True))


def scored(center: str, value: float) -> Assessment:
    return Assessment(
        center_id=center,
        center_name=center,
        author="n",
        assessed_on=date(2026, 1, 1),
        scores=dict.fromkeys(ASPECTS, value),
    )


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store of one assessment that the session under test uses."""
    found = Store.open(f"sqlite:///{tmp_path}/kept.sqlite")
    monkeypatch.setattr(installation, "store", lambda: found)
    found.save(scored("a", 40))
    return found


@pytest.fixture
def loads() -> Iterator[list[str]]:
    """Queries that load assessments."""
    found: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        if statement.startswith("SELECT") and "assessment_versions" in statement:
            found.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    yield found
    sa.event.remove(sa.Engine, "before_cursor_execute", note)


def test_assessments_are_read_once_for_an_answer(
    held: dict[str, Any], store: Store, loads: list[str]
) -> None:
    held["group"] = Group("w", "north", "g", "CODE")
    store.of("g").save(scored("b", 50))
    store.of("g").save(scored("commodity:coffee", 60))
    loads.clear()
    with session.answer():
        assert loads == []  # nobody asked
        for _ in range(3):
            assert [a.center_id for a in composing.recorded()] == ["a"]
            assert [a.center_id for a in composing.in_drawer()] == ["b"]
            assert [a.center_id for a in composing.of_commodities()] == ["commodity:coffee"]
            assert list(composing.standings()) == ["a"]
            assert composing.versions() == ((composing.recorded()[0].assessment_id, 1),)
            assert composing.store_failure() == ()
        assert len(loads) == 1


def test_what_anybody_saves_is_seen(held: dict[str, Any], store: Store) -> None:
    with session.answer():
        assert len(composing.recorded()) == 1
        composing.save(scored("b", 50), only=("scores",))
        assert len(composing.recorded()) == 2  # in the same answer
        store.save(scored("c", 60))  # another session
    with session.answer(), session.answer():  # a part within its page
        assert len(composing.recorded()) == 3
    composing.recorded()
    store.hide(composing.recorded()[0].assessment_id, "n")
    assert len(composing.recorded()) == 2  # between answers, as in a callback


class Stopped(BaseException):
    """What Streamlit raises to stop one answer for the next, at any touch of what it holds."""


class Stopping(dict[str, Any]):
    def __getitem__(self, _: str) -> Any:
        raise Stopped

    def pop(self, *_: Any) -> Any:
        raise Stopped


def test_an_answer_that_is_stopped_leaves_nothing_to_the_next(
    held: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    monkeypatch.setattr(session, "_write_url", lambda: written.append("url"))

    @session.answer()
    def stopped() -> None:
        monkeypatch.setattr(st, "session_state", Stopping(held))
        raise Stopped

    with pytest.raises(Stopped):
        stopped()
    monkeypatch.setattr(st, "session_state", held)
    numbers = iter(range(9))
    with session.answer():
        assert [session.once("n", lambda: next(numbers)) for _ in range(2)] == [0, 0]
    assert [session.once("n", lambda: next(numbers)) for _ in range(2)] == [1, 2]
    assert written == ["url"]


def test_a_store_that_failed_is_left_alone_for_a_while(
    held: dict[str, Any], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def fail(*_: object, **__: Any) -> list[Assessment]:
        asked.append(1)
        raise DataError([Issue("store_busy", "here")])

    with monkeypatch.context() as patch:
        patch.setattr(store, "latest_of", fail)
        for _ in range(2):
            with session.answer():
                assert composing.recorded() == []
                assert [i.code for i in composing.store_failure()] == ["store_busy"]
    assert len(asked) == 1
    composing.save(scored("b", 50), only=("scores",))
    assert len(composing.recorded()) == 2  # it answers again


@pytest.mark.parametrize(
    ("page", "params", "most"),
    [
        ("map", {}, 0),
        ("map", {"scores": "assessed", "center": "karo-coffee"}, 1),
        ("scoring", {"scores": "assessed"}, 1),
        ("workshop", {"section": "take"}, 1),
    ],
)
def test_a_page_loads_assessments_at_most_once(
    page: str, params: dict[str, str], most: int, loads: list[str]
) -> None:
    installation.store().save(scored("karo-coffee", 50))
    loads.clear()
    run(page, **params)
    assert len(loads) <= most


def test_a_filter_sends_nothing_large_again(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Any] = []
    enqueue = ForwardMsgQueue.enqueue

    def note(queue: ForwardMsgQueue, message: Any) -> None:
        sent.append(message)
        enqueue(queue, message)

    monkeypatch.setattr(ForwardMsgQueue, "enqueue", note)
    app = run("map")
    before = {message.hash for message in sent}
    sent.clear()
    app.multiselect("w-categories").set_value(["excellent"]).run()
    again = [m for m in sent if m.hash in before and not m.metadata.cacheable]
    assert sum(m.ByteSize() for m in sent if m.hash in before) > 15_000
    assert sum(m.ByteSize() for m in again) < 15_000  # many small ones
    assert max(m.ByteSize() for m in again) < 2_000


def test_shared_data_are_held_once_whatever_the_store_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installation, "settings", Settings)
    shared = session.shipped_study()
    elsewhere = Settings(database_url="sqlite://", routing_servers=("http://127.0.0.1:1",))
    monkeypatch.setattr(installation, "settings", lambda: elsewhere)
    assert session.shipped_study() is shared
