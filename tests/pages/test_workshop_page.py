"""The workshop page and the presentation: scenes made, ordered, worded, played, saved, loaded."""

import json
import re
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from ikmgeo import tables
from ikmgeo.advice import Plan
from ikmgeo.errors import DataError, Issue
from ikmgeo.handout import Handout, Progress
from ikmgeo.handouts import atlas, datasets, portable, workbook
from ikmgeo.measures.composite import Weights
from ikmgeo.measures.scenario import Change, Scenario, to_link
from ikmgeo.reading.own import Own
from ikmgeo.records.assessments import Assessment
from ikmgeo.records.store import Store
from ikmgeo.settings import SHIPPED_DATA
from ikmgeo.story import Scene, Story, from_json
from ikmgeo.ui.frame import PAGES
from ikmgeo.ui.parts.advising import Begun
from ikmgeo.ui.state import linking
from ikmgeo.ui.state import room as rooms
from ikmgeo.ui.state.room import Room
from ikmgeo.ui.workshop import take_away
from ikmgeo.ui.workshop.present import Talk
from ikmgeo.ui.workshop.take_away import Job
from ikmgeo.view import View
from tests.fields import fill
from tests.pages.screen import SAY, press, run, sound, start
from tests.rated import ASPECTS

LANGUAGES = ["id", "en"]


def button(app: AppTest, label: str, at: int = 0) -> Any:
    return [b for b in app.button if b.label == label][at]


def story(app: AppTest) -> Story:
    return app.session_state["story"]


def html(app: AppTest) -> str:
    return " ".join(str(h.proto.body) for h in app.get("html"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_shipped_story_is_listed_with_its_facts(language: str) -> None:
    app = run("workshop", lang=language)
    shipped = from_json((SHIPPED_DATA / "story.json").read_bytes(), file="story.json")
    labels = [e.label for e in app.expander]
    assert len(labels) == len(shipped.scenes) == 6
    assert labels[1].startswith("2. ")
    assert "13" in labels[1]
    assert not any("{" in label for label in labels)


def test_scenes_move_and_go_and_their_words_change() -> None:
    app = run("workshop", lang="id")
    say, before = SAY["id"], story(app).scenes
    button(app, say("story.down"), 0).click().run()
    assert story(app).scenes[:2] == (before[1], before[0])
    button(app, say("story.up"), 5).click().run()
    assert story(sound(app)).scenes[4:] == (before[5], before[4])
    button(app, say("story.drop"), 2).click().run()
    assert story(sound(app)).scenes == (before[1], before[0], before[3], before[5], before[4])
    (headline,) = [t for t in app.text_area if str(t.key) == "w-scene-0-id-headline"]
    headline.set_value("Judul baru").run()
    assert story(sound(app)).scenes[0].headline == before[1].headline | {"id": "Judul baru"}
    assert app.expander[0].label == "1. Judul baru"


def test_the_first_scene_does_not_rise_and_the_last_does_not_sink() -> None:
    app, say = run("workshop", lang="en"), SAY["en"]
    assert button(app, say("story.up"), 0).disabled
    assert button(app, say("story.down"), 5).disabled
    assert not button(app, say("story.up"), 5).disabled


def test_a_new_story_is_empty_and_the_shipped_one_comes_back() -> None:
    app, say = run("workshop", lang="id"), SAY["id"]
    button(app, say("story.new")).click().run()
    assert story(sound(app)) == Story(say("story.unnamed"))
    assert say("story.empty") in [i.value for i in app.info]
    assert button(app, say("story.play")).disabled
    button(app, say("story.shipped")).click().run()
    assert len(story(sound(app)).scenes) == 6


@pytest.mark.parametrize("by", ["story.new", "story.shipped", "story.drop"])
def test_a_story_that_was_replaced_can_be_brought_back(by: str) -> None:
    app, say = run("workshop", lang="id"), SAY["id"]
    button(app, say("story.down"), 0).click().run()
    own = story(app)
    assert say("story.undo") not in [b.label for b in app.button]
    button(app, say(by)).click().run()
    assert story(sound(app)) != own
    (name,) = [t for t in app.text_input if t.key == "w-story-name"]
    name.set_value("Lain").run()  # what is done to the other does not lose it
    button(app, say("story.undo")).click().run()
    assert story(sound(app)) == own


@pytest.mark.parametrize("content", [None, "{", "[]"])
def test_a_broken_shipped_story_is_told_and_the_page_works(
    data_copy: Path, monkeypatch: pytest.MonkeyPatch, content: str | None
) -> None:
    file = data_copy / "story.json"
    file.unlink()
    if content is not None:
        file.write_text(content)
    monkeypatch.setenv("IKMGEO_DATA", str(data_copy))
    app = start("workshop").run()
    assert not app.exception
    assert [e.value for e in app.error] == [SAY["id"]("story.no_shipped")]
    button(app, SAY["id"]("story.new")).click().run()
    sound(app)


HOSTILE = "<script>alert(1)</script> {{ 7*7 }} ${x} `*[a](javascript:1)`"


def test_hostile_words_of_a_story_stay_words() -> None:
    app = run("workshop", lang="id")
    scene = Scene("map", {"q": HOSTILE}, {"id": HOSTILE}, {"id": HOSTILE})
    app.session_state["story"] = Story(HOSTILE, (scene,))
    app.run()
    assert "<script>" not in app.expander[0].label
    assert all("<script>" not in m.value for m in sound(app).markdown)


def present(scene: Scene, language: str = "id") -> AppTest:
    """The presentation of one scene, as ``present.start`` leaves the session."""
    return run("present", **scene.parameters, stage=scene.stage, lang=language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_room_is_told_what_is_not_the_papers(language: str) -> None:
    say = SAY[language]
    app = start("present", lang=language, scores="assessed", nonsense="1")
    app.session_state["own"] = Own("contoh", pd.DataFrame(index=range(6)), False, fictional=True)
    shown = html(sound(app.run()))
    for words in (
        say("frame.ignored", names="nonsense"),
        say("frame.fictional", count=6),
        say("frame.assessed"),
    ):
        assert words in shown
    assert 'class="ikm-told"' not in html(run("present", lang=language))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("stage", ["map", "linkage", "districts"])
def test_any_view_can_be_presented_by_its_address(stage: str, language: str) -> None:
    app = present(Scene(stage, {}, {}), language)
    assert SAY[language](f"{stage}.heading") in html(app)
    assert "ikm-headline" in html(app)
    assert len(app.get("component_instance")) == 1
    assert not app.sidebar.children


def test_the_large_map_opens_where_the_address_says_and_remembers_nothing() -> None:
    app = present(Scene("map", {"at": "2.5,99,9.5"}, {}))
    sent = json.loads(app.get("component_instance")[0].proto.json_args)
    script = sent["script"]
    assert '"position": [2.5, 99.0, 9.5]' in script
    assert '"large": true' in script
    assert '"key": null' in script


def talk(at: int) -> AppTest:
    """A talk of three scenes."""
    app = present(Scene("map", {}, {}))
    scenes = tuple(Scene("map", {"q": name}, {"id": name}) for name in ("satu", "dua", "tiga"))
    before = replace(View(), flows=True)
    app.session_state["talk"] = Talk(Story("t", scenes), at, before, "linkage")
    return sound(app.run())


def test_a_talk_goes_on_and_back_and_stops_at_its_ends() -> None:
    app, say = talk(0), SAY["id"]
    assert button(app, say("present.previous")).disabled
    for expected in ("dua", "tiga"):
        button(app, say("present.next")).click().run()
        assert f">{expected}</h1>" in html(sound(app))
        assert app.session_state["view"].filters.text == expected
    assert button(app, say("present.next")).disabled
    button(app, say("present.previous")).click().run()
    assert ">dua</h1>" in html(sound(app))
    assert say("present.count", at="2", of="3") in html(app)


def text(app: AppTest, key: str) -> Any:
    return next(t for t in app.text_input if str(t.key) == key)


def joined(name: str, code: str = "", language: str = "id") -> AppTest:
    """A session of its own that joins today's workshop."""
    app = run("workshop", section="groups", lang=language, scores="assessed")
    text(app, "group-name").set_value(name)
    text(app, "group-code").set_value(code)
    button(app, SAY[language]("groups.join")).click().run()
    assert not app.exception
    return app


def weights(app: AppTest) -> Weights:
    """Weights of the group that sits here, as its sliders have them."""
    found: Weights = app.session_state["group-weights"][app.session_state["group"].group_id]
    return found


def weighed(app: AppTest, aspect: str, weight: float, language: str = "id") -> AppTest:
    next(s for s in app.select_slider if str(s.key) == f"w-slide-group-{aspect}").set_value(
        weight
    ).run()
    button(app, SAY[language]("groups.save")).click().run()
    return sound(app)


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Address of a database of its own."""
    url = f"sqlite:///{tmp_path}/room.sqlite"
    monkeypatch.setenv("IKMGEO_DATABASE_URL", url)
    return url


@pytest.fixture
def room(empty: str) -> str:
    """A database of its own, in which three centers have been assessed by no group."""
    store = Store.open(empty)
    for center, scores in {
        "karo-coffee": (80, 20, 20, 50, 50, 50),
        "pik-menteng": (20, 20, 90, 50, 50, 50),
        "binjai-halua": (50, 50, 50, 50, 50, 50),
    }.items():
        aspects = dict(zip(ASPECTS, map(float, scores), strict=True))
        store.save(recorded(center, "Dinas", date(2026, 1, 5), aspects))
    store.close()
    return empty


def recorded(center: str, author: str, day: date, scores: dict[str, float]) -> Assessment:
    return Assessment(center_id=center, author=author, assessed_on=day, scores=scores)


def ranks(app: AppTest) -> dict[str, list[str]]:
    """Cells of the table of ranks by center, without the name."""
    (found,) = [
        h
        for h in map(str, (e.proto.body for e in app.get("html")))
        if "<b>" not in h and SAY["id"]("groups.apart") in h and "<table" in h
    ]
    rows = re.findall(r"<tr>(.*?)</tr>", found, re.DOTALL)
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in rows]
    return {row[0]: row[1:] for row in cells if row}


@pytest.mark.usefixtures("room")
def test_two_groups_weigh_and_see_where_they_differ() -> None:
    strong, market = joined("Utara"), joined("Pasar")
    weighed(strong, "institutional", 100.0)
    weighed(market, "market", 100.0)
    found = ranks(sound(market.run()))
    # By hand: equal weights 45, 46.67, 50; institution alone 80, 20, 50; market alone 20, 90, 50.
    assert found["Sentra Kopi Karo"] == ["3", "1 (▲ 2)", "3", "2"]
    assert found["PIK Menteng Medan"] == ["2", "3 (▼ 1)", "1 (▲ 1)", "2"]
    assert found["Sentra Halua Binjai"] == ["1", "2 (▼ 1)", "2 (▼ 1)", "0"]
    assert SAY["id"]("groups.w", w="0,00") in html(market)


def assesses(app: AppTest, center: str, score: float) -> AppTest:
    """Record all six aspects of a center in the form, as who sits there."""
    app.switch_page(PAGES["scoring"]).run()
    app.session_state["view"] = replace(
        app.session_state["view"], section="assess", selection=("center", center)
    )
    app.run()
    for aspect in ASPECTS:
        (box,) = [n for n in app.text_input if str(n.key).endswith(f"-{aspect}")]
        fill(box, score).run()
    button(app, SAY["id"]("assess.save")).click().run()
    return sound(app)


def test_a_group_that_assesses_a_center_is_ranked_by_its_own_scores(room: str) -> None:
    app = assesses(joined("Utara"), "karo-coffee", 99.0)
    say = SAY["id"]
    assert [b.label for b in app.button].count(say("assess.edit")) == 1  # its own, not Dinas's
    (everyone,) = [a for a in Store.open(room).latest() if a.center_id == "karo-coffee"]
    assert everyone.author == "Dinas"
    app.switch_page(PAGES["workshop"]).run()
    app.session_state["view"] = replace(app.session_state["view"], section="groups")
    assert ranks(sound(app.run()))["Sentra Kopi Karo"][:2] == ["3", "1 (▲ 2)"]
    other = run("scoring", section="assess", center="karo-coffee")
    assert "Utara" not in html(other)
    assert "Dinas" in html(other)


@pytest.mark.usefixtures("room")
@pytest.mark.parametrize("name", ["Acuan", "acuan", "baseline", "name", "rank", "group"])
def test_a_group_may_be_called_as_anything_in_the_table(name: str) -> None:
    first = joined(name)
    weighed(first, "institutional", 100.0)
    found = ranks(sound(first.run()))
    assert found["Sentra Kopi Karo"][:2] == ["3", "1 (▲ 2)"]
    assert found["Sentra Halua Binjai"][:2] == ["1", "2 (▼ 1)"]


@pytest.mark.usefixtures("room")
def test_what_a_group_typed_waits_for_it_and_is_seen_by_no_other() -> None:
    app, say = joined("Utara"), SAY["id"]
    code = app.session_state["group"].code
    weighed(app, "market", 60.0)
    app.switch_page(PAGES["scoring"]).run()
    app.session_state["view"] = replace(
        app.session_state["view"], section="assess", selection=("center", "karo-coffee")
    )
    app.run()

    def comment() -> Any:
        return next(t for t in app.text_area if str(t.key).startswith("w-comment-"))

    comment().set_value("Rahasia Utara").run()

    def come_in(name: str, code: str) -> None:
        app.switch_page(PAGES["workshop"]).run()
        app.session_state["view"] = replace(app.session_state["view"], section="groups")
        app.run()
        if app.session_state["group"]:
            button(app, say("groups.leave")).click().run()
        text(app, "group-name").set_value(name)
        text(app, "group-code").set_value(code)
        button(app, say("groups.join")).click().run()
        sound(app)

    def form() -> None:
        app.switch_page(PAGES["scoring"]).run()
        app.session_state["view"] = replace(
            app.session_state["view"], section="assess", selection=("center", "karo-coffee")
        )
        sound(app.run())

    come_in("Selatan", "")
    assert weights(app)["market"] == pytest.approx(100 / 6)
    form()
    assert comment().value == ""
    assert [t.value for t in app.text_input if str(t.key).startswith("w-author")] == ["Selatan"]
    come_in("Utara", code)
    assert weights(app)["market"] == pytest.approx(60)
    form()
    assert comment().value == "Rahasia Utara"


@pytest.mark.usefixtures("room")
def test_the_address_names_the_workshop() -> None:
    app = run("workshop", section="groups", workshop="Medan & Binjai")
    assert text(app, "w-workshop").value == "Medan & Binjai"
    spaced = run("workshop", section="groups", workshop="a  b")
    text(spaced, "group-name").set_value("Utara")
    button(spaced, SAY["id"]("groups.join")).click().run()
    assert SAY["id"]("groups.leave") in [b.label for b in sound(spaced).button]
    today = run("workshop", section="groups")  # so that a link opens the same board tomorrow
    assert today.query_params["workshop"] == date.today().isoformat()
    text(app, "w-workshop").set_value("Karo").run()
    assert app.query_params["workshop"] == "Karo"
    bad = start("workshop", section="groups", workshop="x" * 61).run()
    assert not bad.exception
    assert any("workshop" in w.value for w in bad.warning)


@pytest.mark.usefixtures("room")
def test_no_agreement_says_why() -> None:
    first = joined("Utara")
    assert SAY["id"]("groups.too_few") in html(weighed(first, "market", 50.0))


@pytest.mark.usefixtures("room")
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_name_is_not_taken_twice_but_goes_on_with_its_code(language: str) -> None:
    say = SAY[language]
    first = joined("Utara", language=language)
    code = first.session_state["group"].code
    assert code in html(first)
    second = joined("utara", language=language)
    assert [e.value for e in second.error] == [
        say.problem(Issue("group_taken", "x", value="utara"))
    ]
    assert second.session_state["group"] is None
    text(second, "group-code").set_value(code)
    button(second, say("groups.join")).click().run()
    assert sound(second).session_state["group"] == first.session_state["group"]


@pytest.mark.usefixtures("empty")
def test_without_groups_or_assessments_the_page_says_so() -> None:
    app = run("workshop", section="groups", lang="id")
    assert SAY["id"]("groups.nobody") in [i.value for i in app.info]
    app = joined("Utara")
    assert SAY["id"]("scoring.no_aspects") in [i.value for i in sound(app).info]


@pytest.mark.usefixtures("empty")
def test_hostile_names_of_groups_stay_names() -> None:
    app = sound(joined(HOSTILE[:60]))
    assert "<script>" not in html(app)
    assert "&lt;script&gt;" in html(app)


def test_a_store_that_fails_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IKMGEO_DATABASE_URL", "nonsense")
    app = start("workshop", section="groups").run()
    assert not app.exception
    assert "IKMGEO_DATABASE_URL" in html(app)


def test_the_html_file_has_the_panel_of_the_screen(
    room: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert room
    made = []
    monkeypatch.setattr(portable, "page", lambda handout, **_: made.append(handout) or "")
    monkeypatch.setattr(
        take_away, "_offer", lambda page, handout, what, kind, make: what == "page" and make(print)
    )
    sound(start("workshop", section="take", scores="assessed").run())
    monkeypatch.undo()
    (handout,) = made
    monkeypatch.setenv("IKMGEO_DATABASE_URL", room)
    shown = html(sound(start("map", scores="assessed", center="karo-coffee").run()))
    words = json.loads(
        re.search(r'<script type="application/json"[^>]*>(.*?)</script>', portable.page(handout))[1]
    )
    assert "Dinas" in str(words)  # who assessed it
    for part in ("aspect.heading", "advice.heading"):
        assert SAY["id"](part) in shown
        assert SAY["id"](part) in str(words)


@pytest.mark.usefixtures("room")
def test_weights_with_a_field_that_cannot_be_used_are_not_saved() -> None:
    """Planner 1, of a group: "x" was passed over, and the other weights saved without a word."""
    app = joined("Utara")
    text(app, "w-typed-group-market").set_value("x").run()
    button(app, SAY["id"]("groups.save")).click().run()
    assert not app.exception
    assert SAY["id"]("assess.not_saved") in [e.value for e in app.error]
    assert SAY["id"]("groups.saved", version="1") not in [s.value for s in app.success]
    reasons = [str(h.proto.body) for h in app.get("html") if "ikm-issues" in str(h.proto.body)]
    assert any(SAY["id"]("aspect.market") in reason for reason in reasons)


@pytest.mark.usefixtures("room")
def test_weights_that_a_group_has_not_saved_are_asked_about() -> None:
    """Planner 10: loading the page anew lost them without a question."""
    app = joined("Utara")

    def kept() -> bool:
        return bool(app.session_state["group-weights"] == app.session_state["group-weights-kept"])

    assert kept()
    next(s for s in app.select_slider if str(s.key) == "w-slide-group-market").set_value(70.0).run()
    assert not kept()
    button(app, SAY["id"]("groups.save")).click().run()
    assert kept()


@pytest.mark.usefixtures("room")
def test_a_value_that_was_moved_from_here_and_comes_late_is_no_choice() -> None:
    """Planner 15: what the browser had not heard of came back, and was saved."""
    app = joined("Utara")
    slider = "w-slide-group-production"

    def move(value: float, heard: str) -> None:
        text(app, "heard").set_value(heard)
        next(s for s in app.select_slider if str(s.key) == slider).set_value(value).run()

    first = text(app, "heard").value
    next(s for s in app.select_slider if str(s.key) == "w-slide-group-market").set_value(70.0).run()
    assert weights(app)["production"] == 6
    move(17.0, first)  # as it stood before; the browser knows no better
    assert weights(sound(app))["production"] == 6
    move(17.0, text(app, "heard").value)  # now it does
    assert weights(sound(app))["production"] == 17


@pytest.mark.usefixtures("room")
def test_a_slider_that_the_browser_has_not_moved_yet_changes_nothing() -> None:
    app = joined("Utara")
    sliders = {str(s.key): s for s in app.select_slider if str(s.key).startswith("w-slide-group-")}
    old, heard = {key: s.value for key, s in sliders.items()}, text(app, "heard").value
    sliders["w-slide-group-production"].set_value(100.0).run()
    # The next answer of a slow browser: a click, and the other five as they stood before.
    for slider in app.select_slider:
        if str(slider.key) in old and str(slider.key) != "w-slide-group-production":
            slider.set_value(old[str(slider.key)])
    text(app, "heard").set_value(heard)
    button(app, SAY["id"]("groups.save")).click().run()
    assert weights(sound(app))["production"] == 100


# Files that take a while


def finished(job: Job) -> Job:
    until = time.monotonic() + 20
    while job.running and not job.cancelled.is_set() and time.monotonic() < until:
        time.sleep(0.01)
    return job


def test_a_file_in_the_making_tells_how_far_it_is() -> None:
    told: list[float] = []

    def make(progress: Progress) -> bytes:
        for part in (0.25, 0.5):
            progress(part)
            told.append(job.part)
        return b"made"

    job = Job(make, "view")
    job.start()
    assert finished(job).made == b"made"
    assert told == [0.25, 0.5]


def test_a_cancelled_file_stops_at_its_next_step() -> None:
    reached: list[float] = []
    begun, go_on, left = threading.Event(), threading.Event(), threading.Event()

    def make(progress: Progress) -> bytes:
        begun.set()
        go_on.wait(20)
        try:
            progress(0.5)
            reached.append(0.5)
        finally:
            left.set()
        return b"made"

    job = Job(make, "view")
    job.start()
    assert begun.wait(20)
    job.cancelled.set()
    go_on.set()
    assert left.wait(20)
    assert (job.made, job.failed, reached) == (None, False, [])


def test_a_file_that_cannot_be_made_is_told_and_can_be_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object, **__: Any) -> bytes:
        raise RuntimeError("secret")

    say = SAY["id"]
    monkeypatch.setattr(atlas, "atlas_pdf", fail)
    app = run("workshop", section="take")
    words = say("take.make", what=say("take.atlas_pdf"))
    button(app, words).click().run()
    finished(app.session_state["jobs"]["atlas-pdf"])
    app.run()
    assert not app.exception
    assert [e.value for e in app.error] == [say("take.failed")]
    assert button(app, words)


@pytest.mark.parametrize("kind", ["xlsx", "gpkg", "html"])
def test_files_tell_their_progress_step_by_step(
    hand_out: Callable[..., Handout], kind: str
) -> None:
    told: list[float] = []
    make = {
        "xlsx": workbook.xlsx,
        "gpkg": datasets.geopackage,
        "html": portable.page,
    }[kind]
    make(hand_out(), progress=told.append)
    assert len(told) >= 7
    assert told == sorted(told)
    assert 0 < told[0] < told[-1] < 1


# What readers found


@pytest.mark.usefixtures("room")
def test_a_group_that_corrects_is_named_as_the_group(room: str) -> None:
    app = assesses(joined("Utara"), "karo-coffee", 60.0)
    button(app, SAY["id"]("assess.edit")).click().run()
    assert not [t for t in app.text_input if str(t.key).startswith("w-saver")]
    (box,) = [n for n in app.text_input if str(n.key).endswith("-market")]
    fill(box, 70.0).run()
    button(app, SAY["id"]("assess.save")).click().run()
    store = Store.open(room)
    group = app.session_state["group"].group_id
    (saved,) = store.of(group).latest()
    assert (saved.saved_by, saved.version, saved.scores["market"]) == ("Utara", 2, 70.0)
    store.close()


@pytest.mark.usefixtures("room")
def test_sliders_that_a_group_moved_wait_for_it() -> None:
    app, say = joined("Utara"), SAY["id"]
    code = app.session_state["group"].code
    next(s for s in app.select_slider if str(s.key) == "w-slide-group-market").set_value(70.0).run()
    button(app, say("groups.leave")).click().run()
    text(app, "group-name").set_value("Selatan")
    button(app, say("groups.join")).click().run()
    assert weights(sound(app))["market"] == pytest.approx(100 / 6)
    button(app, say("groups.leave")).click().run()
    text(app, "group-name").set_value("Utara")
    text(app, "group-code").set_value(code)
    button(app, say("groups.join")).click().run()
    assert weights(sound(app))["market"] == pytest.approx(70)


@pytest.mark.usefixtures("room")
def test_a_group_saves_no_plan_of_everyones() -> None:
    app = joined("Utara")
    app.switch_page(PAGES["scoring"]).run()
    app.session_state["view"] = replace(
        app.session_state["view"], section="next", selection=("center", "karo-coffee")
    )
    sound(app.run())
    assert SAY["id"]("advice.as_group") in [c.value for c in app.caption]
    assert SAY["id"]("advice.save") not in [b.label for b in app.button]


PLAN = Scenario("KEK Kuala Tanjung", {"kuala_tanjung": Change(closed=True)})


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_scenario_is_presented_as_one(language: str) -> None:
    say = SAY[language]
    scene = Scene("linkage", {"section": "what_if", "plan": to_link(PLAN)}, {})
    app = present(scene, language)
    assert say("present.what_if", name="KEK Kuala Tanjung") in unescape(html(app))
    script = json.loads(app.get("component_instance")[0].proto.json_args)["script"]
    assert "KI Kuala Tanjung" not in script
    plain = present(Scene("linkage", {}, {}), language)
    assert say("present.what_if", name="KEK Kuala Tanjung") not in unescape(html(plain))
    assert "KI Kuala Tanjung" in str(plain.get("component_instance")[0].proto.json_args)


def test_a_scene_opens_its_own_scenario_beside_the_one_at_hand() -> None:
    mine = Scenario("A", {"kim": Change(closed=True)})
    app = start("linkage", section="what_if", plan=to_link(mine))
    sound(app.run())
    app.session_state["view"] = replace(app.session_state["view"], plan=to_link(PLAN))
    sound(app.run())
    assert app.session_state["scenarios"] == {"A": mine, "KEK Kuala Tanjung": PLAN}
    assert app.session_state["scenario"] == "KEK Kuala Tanjung"
    sound(app.run())
    assert list(app.session_state["scenarios"]) == ["A", "KEK Kuala Tanjung"]


@pytest.mark.parametrize("zone", ["nowhere", "new-x"])
def test_a_scenario_of_zones_that_do_not_exist_is_told(zone: str) -> None:
    bad = Scenario("A", {zone: Change(closed=True)})
    app = start("linkage", section="what_if", plan=to_link(bad)).run()
    assert not app.exception
    assert any("plan" in w.value for w in app.warning)


def test_a_picture_without_its_routing_server_leaves_the_page_running(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object, **__: Any) -> None:
        raise DataError([Issue("routing_timeout", "x", expected={"seconds": 5})])

    app = run("map")
    view = app.session_state["view"]
    app.session_state["picture"] = ("map", view, (2.5, 99.0, 8.0), (870, 520))
    monkeypatch.setattr(linking, "linked", fail)
    app.run()
    assert not app.exception
    assert SAY["id"]("roads.again") in [b.label for b in app.button]
    assert SAY["id"]("table.heading") in html(app)


@pytest.mark.usefixtures("room")
def test_a_plan_that_is_not_saved_yet_is_on_paper_as_on_screen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[Handout] = []
    monkeypatch.setattr(atlas, "center_pdf", lambda h, _: made.append(h) or b"")
    monkeypatch.setattr(
        take_away,
        "_offer",
        lambda page, handout, what, kind, make: what == "profile" and make(print),
    )
    app = start("workshop", section="take", center="karo-coffee")
    sound(app.run())
    (first, *_), guidance = made, made[0].inputs.guidance
    pinned = first.actions(tables.row(first.centers, "karo-coffee"))[-1].action.action_id
    app.session_state["plans"] = {"karo-coffee": Begun(Plan().pin(pinned), None)}
    sound(app.run())
    then = made[-1].actions(tables.row(made[-1].centers, "karo-coffee"))
    assert then[0].action.action_id == pinned
    assert pinned in guidance


# The room


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """On a computer with two networks; what is opened and closed."""
    turned: list[str] = []

    class Fake(Room):
        def _run(self, url: str) -> None:
            turned.append(url)
            self.address = url

    fake = Fake()
    monkeypatch.setattr(rooms, "here", lambda: fake)
    nets = ["http://192.168.1.7:8501", "http://10.0.0.5:8501"]
    monkeypatch.setattr("ikmgeo.address.addresses", lambda host, port: [] if host else nets)
    return turned


@pytest.mark.usefixtures("room")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_room_opens_in_the_network_that_was_chosen_and_closes(
    language: str, opened: list[str]
) -> None:
    say = SAY[language]
    app = run("workshop", section="groups", workshop="Karo", lang=language)
    app.button("room-ask-groups").click().run()
    assert say("room.who", address="192.168.1.7") in html(app)
    app.button("room-leave-groups").click().run()
    assert say("room.who", address="192.168.1.7") not in html(app)
    app.button("room-ask-share").click().run()
    assert opened == []
    app.radio("room-network-groups").set_value("http://10.0.0.5:8501").run()
    assert say("room.who", address="10.0.0.5") in html(app)
    app.button("room-open-groups").click().run()
    assert opened == ["http://10.0.0.5:8501"]
    assert f'alt="{say("room.code", address="http://10.0.0.5:8501")}"' in html(sound(app))
    assert say("room.is_open", address="http://10.0.0.5:8501") in html(app)
    press(app, "room.close", language)
    assert opened[1:] == [""]


@pytest.mark.usefixtures("room")
@pytest.mark.parametrize(
    ("ip", "host"), [("192.168.1.9", "127.0.0.1:8501"), (None, "10.0.0.5:8501")]
)
def test_only_the_person_at_the_computer_opens_and_closes_the_room(
    ip: str | None, host: str, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(st.context), "ip_address", ip)
    monkeypatch.setattr(type(st.context), "headers", {"Host": host})
    app = run("workshop", section="groups")
    rooms.here().address = "http://10.0.0.5:8501"
    app.run()
    assert "ikm-qr" in html(app)
    assert SAY["id"]("room.close") not in [b.label for b in sound(app).button]
    rooms.here().address = ""
    app.run()
    assert SAY["id"]("room.open") not in [b.label for b in sound(app).button]


@pytest.mark.usefixtures("room")
def test_an_address_that_cannot_be_opened_is_told(
    opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: str) -> None:
        raise OSError

    monkeypatch.setattr(rooms.here(), "open", fail)
    app = run("workshop", section="groups")
    app.button("room-ask-groups").click().run()
    app.button("room-open-groups").click().run()
    assert [e.value for e in app.error] == [SAY["id"]("room.refused", address="192.168.1.7")]


@pytest.mark.usefixtures("room")
def test_a_computer_without_a_network_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ikmgeo.address.addresses", lambda *_: [])
    app = run("workshop", section="groups")
    app.button("room-ask-groups").click().run()
    assert SAY["id"]("room.no_network") in html(app)
