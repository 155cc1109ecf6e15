"""Scenes and stories: files that come back as they were, texts with facts, files refused."""

import json
import math
from dataclasses import replace

import pandas as pd
import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import given
from hypothesis import strategies as st

from ikmgeo.analysis import Inputs, Measured, measure
from ikmgeo.errors import DataError
from ikmgeo.settings import SHIPPED_DATA
from ikmgeo.story import MOST_SCENES, Scene, Story, facts, from_json, to_json, told
from ikmgeo.view import STAGES, Known, from_params
from ikmgeo.words.messages import Messages
from tests.rated import INSTRUMENT

SHIPPED = from_json((SHIPPED_DATA / "story.json").read_bytes(), file="story.json")
TEXT = st.text(st.characters(codec="utf-8"), max_size=160)
TEXTS = st.dictionaries(st.sampled_from(["id", "en"]), TEXT)
SCENES = st.builds(
    Scene, st.sampled_from(STAGES), st.dictionaries(TEXT, TEXT, max_size=4), TEXTS, TEXTS
)
FACTS = dict.fromkeys(
    ("centers", "districts", "zones", "zone_names", "conflicts", "nearest", "farthest"), "x"
)
ABC = Story("s", tuple(Scene("map", {}, {"id": name}) for name in "abc"))


@pytest.fixture(scope="module")
def measured(shipped: Inputs) -> Measured:
    return measure(shipped)


def names(story: Story) -> str:
    return "".join(scene.headline["id"] for scene in story.scenes)


@given(st.builds(Story, TEXT, st.lists(SCENES, max_size=5).map(tuple)))
def test_a_story_comes_back_from_its_file_as_it_was(story: Story) -> None:
    assert from_json(to_json(story), file="s.json") == story
    assert from_json(to_json(story).encode(), file="s.json") == story


@pytest.mark.parametrize(
    ("at", "to", "order"),
    [(0, 1, "bac"), (2, 0, "cab"), (0, 9, "bca"), (1, -3, "bac"), (1, 1, "abc")],
)
def test_a_scene_moves_and_the_others_keep_their_order(at: int, to: int, order: str) -> None:
    assert names(ABC.moved(at, to)) == order


def test_scenes_come_and_go() -> None:
    assert names(ABC.without(1)) == "ac"
    assert names(ABC.with_scene(Scene("map", {}, {"id": "d"}))) == "abcd"
    assert names(ABC) == "abc"


def test_words_change_in_one_language_and_one_scene_only() -> None:
    changed = ABC.worded(1, "en", headline="B", note="n")
    assert changed.scenes[1].headline == {"id": "b", "en": "B"}
    assert changed.scenes[1].note == {"en": "n"}
    assert (changed.scenes[0], changed.scenes[2]) == (ABC.scenes[0], ABC.scenes[2])


def test_a_text_without_a_translation_is_told_in_the_other_language() -> None:
    assert told({"id": "satu"}, "en", {}) == "satu"
    assert told({"id": "satu", "en": ""}, "en", {}) == "satu"
    assert told({"id": "satu", "en": "one"}, "en", {}) == "one"
    assert told({}, "id", {}) == ""


def test_facts_are_filled_in_and_other_braces_stay() -> None:
    known = {"centers": "13", "nearest": "{farthest} {centers.__class__}"}
    text = "{centers} {nope} {{ 7*7 }} {0} {nearest} {centers.__class__} {"
    expected = "13 {nope} {{ 7*7 }} {0} {farthest} {centers.__class__} {centers.__class__} {"
    assert told({"id": text}, "id", known) == expected


def test_facts_of_the_shipped_data(measured: Measured) -> None:
    zones = pd.read_csv(SHIPPED_DATA / "zones.csv", index_col="zone_id")
    centers = pd.read_csv(SHIPPED_DATA / "centers.csv", index_col="center_id")
    km = {
        c: min(
            Geodesic.WGS84.Inverse(p["lat"], p["lon"], z["lat"], z["lon"])["s12"] / 1000
            for _, z in zones.iterrows()
        )
        for c, p in centers.iterrows()
    }
    near, far = min(km, key=km.__getitem__), max(km, key=km.__getitem__)
    found = facts(Messages("en"), measured, 33, zones)
    assert found["nearest"] == f"{centers.at[near, 'name_en']} ({km[near]:.1f} km)"
    assert found["farthest"] == f"{centers.at[far, 'name_en']} ({km[far]:.1f} km)"
    assert (found["centers"], found["districts"], found["zones"]) == ("13", "33", "3")
    assert found["zone_names"] == "KEK Sei Mangkei, KIM and KI Kuala Tanjung"
    assert found["conflicts"] == "Serdang Bedagai Pandan Weaving Center and Karo Coffee Center"


def test_without_centers_or_zones_no_fact_is_made_up(measured: Measured) -> None:
    bare = replace(measured, centers=measured.centers.iloc[:0])
    found = facts(Messages("id"), bare, 0, pd.DataFrame({"short_name": []}))
    none = dict.fromkeys(("centers", "districts", "zones"), "0")
    assert found == dict.fromkeys(found, "–") | none
    unreached = replace(measured, centers=measured.centers.assign(nearest_km=math.nan))
    assert facts(Messages("id"), unreached, 33, pd.DataFrame({"short_name": []}))["nearest"] == "–"


def test_the_shipped_story_has_six_scenes_in_both_languages_that_open() -> None:
    known = Known(INSTRUMENT)
    assert len(SHIPPED.scenes) == 6
    for scene in SHIPPED.scenes:
        assert set(scene.headline) == set(scene.note) == {"id", "en"}
        assert all([*scene.headline.values(), *scene.note.values()])
        assert from_params({**scene.parameters, "stage": scene.stage}, known)[1] == ()
        assert "{" not in told(scene.headline, "id", FACTS)


GOOD = {"stage": "map", "parameters": {}, "headline": {}, "note": {}}


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "[]",
        "null",
        '{"name": "a"}',
        '{"name": "a", "scenes": {}}',
        '{"name": 1, "scenes": []}',
        '{"name": "a", "scenes": [], "more": 1}',
        '{"name": "\\ud800", "scenes": []}',
        "%PDF-1.7",
        "[" * 100_000,
        json.dumps({"name": "a", "scenes": [GOOD] * (MOST_SCENES + 1)}),
        json.dumps({"name": "a", "scenes": [GOOD | {"stage": "../../etc"}]}),
        json.dumps({"name": "a", "scenes": [GOOD | {"parameters": {"km": 5}}]}),
        json.dumps({"name": "a", "scenes": [GOOD | {"parameters": []}]}),
        json.dumps({"name": "a", "scenes": [GOOD | {"headline": {"id": "x" * 161}}]}),
        json.dumps({"name": "a", "scenes": [GOOD | {"headline": {"fr": "x"}}]}),
        json.dumps({"name": "a", "scenes": [GOOD | {"note": "text"}]}),
        json.dumps({"name": "a", "scenes": [GOOD | {"more": 1}]}),
        json.dumps({"name": "a" * 1_000_001, "scenes": []}),
    ],
)
def test_what_is_no_story_is_refused_with_its_file(broken: str) -> None:
    with pytest.raises(DataError) as refused:
        from_json(broken, file="cerita.json")
    (issue,) = refused.value.issues
    assert (issue.code, issue.file) == ("story_broken", "cerita.json")


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(DataError):
        from_json(b"\xff\xfe\x00\x01", file="x.json")
