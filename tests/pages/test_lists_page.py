"""Lists of centers on the screen: saved, chosen on every page, named in the address, undone."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from ikmgeo import analysis
from ikmgeo.errors import DataError, Issue
from ikmgeo.reading.load import Choices
from ikmgeo.records import shelf
from ikmgeo.records.lists import CenterList, Content, new_list
from ikmgeo.records.store import Store
from ikmgeo.story import Scene, Story
from ikmgeo.ui.sources import upload
from ikmgeo.ui.sources.as_read import mapping
from ikmgeo.ui.sources.upload import Upload
from ikmgeo.ui.state import installation, keys
from tests.pages.screen import address, html, press, read, run, sound, start, turn
from tests.saying import SAY
from tests.test_lists import SHIPPED, checked, listed, written

say = SAY["id"]
KARO_FILE = written("a;Kopi Karo;kopi;3,1;98,5", "1;Kopi Dua;kopi;3,11;98,51")
TOBA_FILE = written("b;Tenun Toba;tenun;2,33;99,06", "1;Tenun Dua;tenun;2,34;99,07")
KARO, TOBA = checked(KARO_FILE).good, checked(TOBA_FILE).good


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store of this test alone."""
    found = Store.open(f"sqlite:///{tmp_path}/kept.sqlite")
    monkeypatch.setattr(installation, "store", lambda: found)
    yield found
    found.close()


def kept(store: Store, name: str, rows: Any, **fields: Any) -> CenterList:
    one = replace(new_list(f"{name}.csv", rows, 0), name=name, saved_by="Ani", **fields)
    return shelf.save(store, one, Content(rows, b"as it came"))


def brought(file: bytes = KARO_FILE, name: str = "sentra karo.csv", **read: Any) -> AppTest:
    """The page of own centers, with a file that has been read."""
    app = start("sources", section="own")
    app.session_state["upload-result"] = Upload(name, checked(file), data=file, **read)
    return sound(app.run())


def names(app: AppTest) -> set[str]:
    """Names in the table of the map page."""
    return set(app.dataframe[0].value["name"])


def chosen(app: AppTest) -> Any:
    (control,) = [m for m in app.multiselect if m.label == say("lists.label")]
    return control


def test_without_a_list_nothing_is_chosen_and_nothing_is_written(store: Store) -> None:
    app = run("map")
    assert [m for m in app.multiselect if m.label == say("lists.label")] == []
    assert store.path is not None
    assert not store.path.exists()


def test_a_saved_list_is_there_on_every_page_and_for_a_new_session(store: Store) -> None:
    app = brought(choices=Choices(columns={"nama": "name_id"}))
    app.text_input("w-saver-list-new").set_value("Ani")
    app.text_input("list-name-new").set_value("Kopi 2026")
    press(app, "lists.save")
    (one,) = shelf.latest(store)
    assert (one.name, one.saved_by, one.good, one.draft) == ("Kopi 2026", "Ani", 2, False)
    assert (shelf.file(store, one), one.file_name) == (KARO_FILE, "sentra karo.csv")
    assert one.mapping["columns"] == {"nama": "name_id"}
    assert say("lists.saved", name="Kopi 2026", version=1) in [s.value for s in app.success]
    link = address(app)
    assert link["lists"] == f"shipped,{one.list_id}"
    assert {"Kopi Karo", "Kopi Dua"} < names(turn(app, "map"))
    for page in ("map", "linkage", "districts", "scoring", "workshop", "sources", "help"):
        other = run(page, lists=link["lists"])
        assert chosen(other).value == ["shipped", one.list_id]
        assert address(other)["lists"] == link["lists"]
    other = run("map", lists=link["lists"], center="a")
    assert len(names(other)) == 15
    assert address(other)["center"] == "a"


def test_a_mapping_made_once_holds_for_everyone_with_a_file_of_these_headings(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reader of the first file said that ``sebutan`` is the name; a colleague need not."""
    file = b"sebutan;komoditas;lintang;bujur\nKopi Karo;kopi;3,1;98,5"
    choices = Choices(columns={"sebutan": "name_id"})
    table = analysis.read_list(file, SHIPPED, name="a.csv", limit_mb=1, choices=choices).table
    one = replace(new_list("a.csv", KARO, 0), name="Karo", saved_by="Ani")
    shelf.save(store, replace(one, mapping=mapping(table, choices)), Content(KARO, file))
    monkeypatch.setattr(upload, "waited", lambda say, name, cancel, read, *args: read(*args))
    monkeypatch.setattr(st, "file_uploader", lambda *_, **__: None)
    monkeypatch.setattr(keys, "sent", _File(file).sent)
    app = sound(start("sources", section="own").run())
    assert app.session_state["upload-result"].choices == choices
    assert app.session_state["upload-result"].checked.good["name_id"].tolist() == ["Kopi Karo"]
    assert say("own.read_like", name="Karo") in [c.value for c in app.caption]


@pytest.mark.parametrize("kept_as", [{"columns": 3}, {"headings": ["nama"], "columns": []}, {}])
def test_a_mapping_that_something_else_wrote_is_passed_over(
    store: Store, kept_as: dict[str, Any]
) -> None:
    kept(store, "Karo", KARO, mapping={"headings": ["a"]} | kept_as)
    with pytest.raises((KeyError, TypeError, ValueError, AttributeError)):
        Choices.of(kept_as)
    assert "Karo" in read(run("sources", section="own"))


class _File:
    """What the control of the upload holds."""

    file_id, name = "new", "b.csv"

    def __init__(self, data: bytes) -> None:
        self.data = data

    def getvalue(self) -> bytes:
        return self.data

    def sent(self, control: str) -> Any:
        return self if control == "upload" else st.session_state.get(control)


def test_lists_are_shown_together_and_each_center_tells_its_own(store: Store) -> None:
    karo, toba = kept(store, "Karo", KARO), kept(store, "Toba", TOBA)
    app = run("map")
    assert len(names(app)) == 13
    sound(chosen(app).set_value([karo.list_id, toba.list_id]).run())
    table = app.dataframe[0].value.set_index("name")["list"]
    assert table.to_dict() == {
        **{"Kopi Karo": "Karo", "Kopi Dua": "Karo"},
        **{"Tenun Toba": "Toba", "Tenun Dua": "Toba"},
    }
    assert address(app)["lists"] == f"{karo.list_id},{toba.list_id}"
    sound(chosen(app).set_value(["shipped", toba.list_id]).run())
    lists = app.dataframe[0].value["list"]
    assert lists.value_counts().to_dict() == {say("lists.shipped"): 13, "Toba": 2}
    sound(chosen(app).set_value([]).run())  # nothing is no choice
    assert len(names(app)) == 13
    assert "lists" not in address(app)


def test_what_a_filter_or_a_choice_names_leaves_with_its_list(store: Store) -> None:
    rows = listed("z;Batik Satu;batik tulis;3,1;98,5")
    one = kept(store, "Batik", rows)
    params = {"lists": f"shipped,{one.list_id}", "commodity": "batik tulis", "center": "z"}
    app = run("map", **params)
    assert names(app) == {"Batik Satu"}
    sound(chosen(app).set_value(["shipped"]).run())
    assert len(names(app)) == 13
    assert address(app) == {"lang": "id"}


def test_a_colleague_s_version_is_seen_at_the_next_answer(store: Store) -> None:
    one = kept(store, "Karo", KARO)
    app = run("map", lists=one.list_id)
    assert names(app) == {"Kopi Karo", "Kopi Dua"}
    shelf.save(store, replace(one, saved_by="Budi"), Content(TOBA, b""))
    assert names(sound(app.run())) == {"Tenun Toba", "Tenun Dua"}


@pytest.mark.parametrize("language", SAY)
def test_an_address_with_a_list_that_is_gone_says_so_and_shows_the_rest(
    store: Store, language: str
) -> None:
    one = kept(store, "Karo", KARO)
    shelf.revise(store, one.list_id, "Ani", hidden=True)
    app = run("map", lang=language, lists=f"shipped,{one.list_id},{'0' * 16}")
    assert SAY[language]("frame.lists_gone", count=2) in [w.value for w in app.warning]
    assert address(app) == {"lang": language}
    app = run("map", lang=language, lists="shipped,../etc")
    assert SAY[language]("frame.ignored", names="lists") in [w.value for w in app.warning]


def test_an_upload_that_is_only_used_comes_back_by_its_address(store: Store) -> None:
    app = press(brought(), "own.replace")
    assert shelf.latest(store) == []  # nobody is offered it
    link = address(app)["lists"]
    again = run("map", lists=link)
    assert names(again) == {"Kopi Karo", "Kopi Dua"}
    assert say("frame.own_in_place", file="sentra karo.csv", count=2) in read(again)
    assert say("frame.save_list") in [b.label for b in again.button]
    assert len(names(run("map"))) == 13
    again = run("sources", section="own", lists=link)
    again.text_input(f"w-saver-list-{link}").set_value("Ani")
    press(again, "lists.save")
    (one,) = shelf.latest(store)
    assert (one.list_id, one.name, one.version) == (link, "sentra karo", 2)
    assert shelf.file(store, one) == KARO_FILE


def test_what_the_store_does_not_take_is_used_all_the_same(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise DataError([Issue("store_full", "here")])

    monkeypatch.setattr(shelf, "save", full)
    app = press(brought(), "own.add")
    assert len(names(turn(app, "map"))) == 15
    assert say("frame.list_held") in read(app)


def test_a_file_makes_the_next_version_of_a_saved_list(store: Store) -> None:
    one = kept(store, "Karo", KARO)
    app = brought(TOBA_FILE, "toba.csv")
    (target,) = [s for s in app.selectbox if s.label == say("lists.target")]
    target.set_value(one.list_id).run()
    (button,) = [b for b in app.button if b.label == say("own.extend", count=2)]
    button.click().run()
    assert [e.value for e in app.error] == [say("lists.saver_missing")]
    app.text_input("w-saver-list-new").set_value("Budi").run()
    press(app, "own.extend", count=2)
    (newest,) = shelf.latest(store)
    assert (newest.version, newest.name, newest.saved_by) == (2, "Karo", "Budi")
    assert (newest.good, newest.file_name) == (3, "toba.csv")  # "1" is one center of this list
    assert list(shelf.centers(store, newest)["name_id"]) == ["Kopi Karo", "Tenun Toba", "Tenun Dua"]


def test_a_list_is_hidden_and_brought_back_and_set_to_an_earlier_version(store: Store) -> None:
    one = kept(store, "Karo", KARO)
    shelf.save(store, one, Content(TOBA, b""))
    app = run("sources", section="own", lists=one.list_id)
    app.text_input(f"w-saver-list-{one.list_id}").set_value("Budi").run()
    press(app, "assess.restore")
    assert shelf.latest(store)[0].content_id == one.content_id
    press(app, "lists.hide")
    assert shelf.latest(store)[0].hidden
    assert "lists" not in address(app)
    assert [m for m in run("map").multiselect if m.label == say("lists.label")] == []
    press(app, "lists.unhide")
    newest = shelf.latest(store)[0]
    assert (newest.hidden, newest.version, newest.saved_by) == (False, 5, "Budi")
    assert names(run("map", lists=one.list_id)) == {"Kopi Karo", "Kopi Dua"}


def test_a_name_that_is_taken_is_told_and_what_was_typed_stays(store: Store) -> None:
    kept(store, "Karo", KARO)
    app = brought(TOBA_FILE, "karo.csv")
    app.text_input("w-saver-list-new").set_value("Ani")
    app.text_input("list-name-new").set_value("karo")
    app.text_input("list-remark-new").set_value("dari Dinas")
    (button,) = [b for b in app.button if b.label == say("lists.save")]
    button.click().run()
    assert [e.value for e in app.error] == [say("assess.not_saved")]
    taken = Issue("list_name_taken", "ikmgeo", value="karo")
    assert say.problem(taken) in read(app)
    assert app.text_input("list-name-new").value == "karo"
    assert app.text_input("list-remark-new").value == "dari Dinas"
    assert len(shelf.latest(store)) == 1


def test_a_store_that_does_not_answer_leaves_what_is_shown(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = kept(store, "Karo", KARO)
    app = run("map", lists=one.list_id)

    def fail(*_: object) -> None:
        raise DataError([Issue("store_unavailable", "here")])

    monkeypatch.setattr(shelf, "latest", fail)
    app.run()
    assert [e.value for e in app.error] == [say("frame.no_lists")]
    assert names(app) == {"Kopi Karo", "Kopi Dua"}
    assert address(app)["lists"] == one.list_id


def test_all_readers_of_a_list_hold_it_once(store: Store) -> None:
    one = kept(store, "Karo", KARO)
    apps = [run("map", lists=one.list_id) for _ in range(2)]
    studies = [app.session_state["own_study"] for app in apps]
    assert studies[0] is studies[1]


def test_a_scene_shows_the_lists_that_it_was_made_with(store: Store) -> None:
    one = kept(store, "Karo", KARO)
    app = start("workshop", section="story")
    scene = Scene("map", {"lists": one.list_id, "center": "a", "commodity": "coffee"}, {})
    app.session_state["story"] = Story("", (Scene("map", {}, {}), scene))
    sound(app.run())
    sound(app.button("story-open-1").click().run())
    assert names(app) == {"Kopi Karo", "Kopi Dua"}
    assert address(app)["center"] == "a"


@pytest.mark.parametrize("language", SAY)
def test_the_panel_tells_the_list_where_several_are_shown(store: Store, language: str) -> None:
    one = kept(store, "Karo <i>", KARO)
    told = SAY[language]("table.list")
    both = run("map", lang=language, lists=f"shipped,{one.list_id}", center="a")
    assert "Karo &lt;i&gt;" in html(both).partition(told)[2]
    alone = run("map", lang=language, lists=one.list_id, center="a")
    assert "Karo &lt;i&gt;" not in html(alone).partition("ikm-panel")[2]
