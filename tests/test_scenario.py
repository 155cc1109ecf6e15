"""Scenarios laid over two zones drawn by hand; files that are none; gains worked out by hand."""

import base64
import json
import math
import random
import re
import zlib

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from ikmgeo import tables
from ikmgeo.errors import DataError
from ikmgeo.measures import scenario
from ikmgeo.measures.scenario import (
    LARGEST,
    MOST_CHANGES,
    MOST_NEW,
    NAME_LENGTH,
    Change,
    Scenario,
    fit_of,
    footprints_of,
    from_json,
    from_link,
    gains,
    outcomes,
    to_json,
    to_link,
    zones_of,
)

NAN = math.nan


@pytest.fixture
def zones() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "name_id": ["Kawasan A", "Kawasan B"],
            "name_en": ["Zone A", "Zone B"],
            "short_name": ["A", "B"],
            "class": ["sez", "ie"],
            "lat": [3.0, 3.5],
            "lon": [99.0, 98.5],
            "area_ha": [100.0, 200.0],
            "operator": ["PT A", "PT B"],
        },
        index=pd.Index(["a", "b"], name="zone_id"),
    )


@pytest.fixture
def footprints() -> gpd.GeoDataFrame:
    squares = [shapely.box(99, 3, 99.1, 3.1), shapely.box(98.5, 3.5, 98.6, 3.6)]
    return gpd.GeoDataFrame(geometry=squares, index=pd.Index(["a", "b"]), crs="EPSG:4326")


@pytest.fixture
def fit() -> pd.DataFrame:
    return pd.DataFrame({"a": [1.0, 0.5], "b": [NAN, 0.0]}, index=["coffee", "honey"])


def plan(**changes: Change) -> Scenario:
    return Scenario("A", {name.replace("_", "-"): change for name, change in changes.items()})


NEW_1 = Change(name="C", zone_class="ie", lat=2.5, lon=99.5, area_ha=50)


def test_empty_scenario_leaves_every_zone_as_it_is(zones: pd.DataFrame) -> None:
    found = zones_of(Scenario("A"), zones)
    assert found["changed"].tolist() == [False, False]
    pd.testing.assert_frame_equal(found.drop(columns="changed"), zones)


def test_change_of_class_changes_the_class_and_nothing_else(zones: pd.DataFrame) -> None:
    found = zones_of(plan(b=Change(zone_class="sez")), zones)
    assert found["class"].tolist() == ["sez", "sez"]
    assert found["changed"].tolist() == [False, True]
    same = zones.columns.drop("class")
    pd.testing.assert_frame_equal(found[same], zones[same])


def test_moved_zone_stands_at_its_new_place(zones: pd.DataFrame) -> None:
    found = zones_of(plan(a=Change(lat=1.25, lon=100.0)), zones)
    assert found[["lat", "lon"]].to_numpy().tolist() == [[1.25, 100.0], [3.5, 98.5]]
    assert found.at["a", "operator"] == "PT A"


def test_place_on_the_equator_is_a_place(zones: pd.DataFrame) -> None:
    assert zones_of(plan(a=Change(lat=0.0, lon=0.0)), zones).loc["a", ["lat", "lon"]].eq(0).all()


def test_area_of_nothing_is_an_area(zones: pd.DataFrame) -> None:
    assert zones_of(plan(a=Change(area_ha=0.0)), zones)["area_ha"].tolist() == [0.0, 200.0]


def test_closed_zone_is_left_out(zones: pd.DataFrame) -> None:
    assert list(zones_of(plan(a=Change(closed=True)), zones).index) == ["b"]
    assert zones_of(plan(a=Change(closed=True), b=Change(closed=True)), zones).empty


def test_new_zone_comes_last_with_what_is_known_of_it(zones: pd.DataFrame) -> None:
    found = zones_of(plan(new_1=NEW_1), zones)
    assert list(found.index) == ["a", "b", "new-1"]
    told = found.loc["new-1", ["name_id", "name_en", "short_name", "class", "lat", "lon"]]
    assert told.tolist() == ["C", "C", "C", "ie", 2.5, 99.5]
    assert pd.isna(tables.cell(found, "new-1", "operator"))
    assert found["changed"].tolist() == [False, False, True]
    assert set(found.dtypes[["lat", "lon", "area_ha"]]) == {np.dtype(float)}


def test_new_zone_can_be_the_only_one(zones: pd.DataFrame) -> None:
    found = zones_of(plan(new_1=NEW_1), zones.iloc[:0])
    assert list(found.index) == ["new-1"]
    assert float(tables.cell(found, "new-1", "lat")) == 2.5


def test_new_zone_without_a_place_or_closed_again_is_not_there(zones: pd.DataFrame) -> None:
    nowhere, shut = Change(name="C"), Change(name="D", lat=1, lon=1, closed=True)
    assert list(zones_of(plan(new_1=nowhere, new_2=shut), zones).index) == ["a", "b"]


@pytest.mark.parametrize("change", [Change(zone_class="sez"), Change(closed=True), NEW_1])
def test_unknown_zone_does_nothing(zones: pd.DataFrame, change: Change) -> None:
    found = zones_of(plan(atlantis=change), zones)
    assert list(found.index) == ["a", "b"]
    assert not found["changed"].any()


def test_change_to_what_is_so_already_is_no_change(zones: pd.DataFrame) -> None:
    same = Change(zone_class="sez", lat=3.0, lon=99.0, area_ha=100)
    assert not zones_of(plan(a=same, b=Change()), zones)["changed"].any()


def test_other_sectors_are_a_change_too(zones: pd.DataFrame) -> None:
    assert zones_of(plan(a=Change(commodities=())), zones)["changed"].tolist() == [True, False]


def test_real_tables_are_never_touched(
    zones: pd.DataFrame, footprints: gpd.GeoDataFrame, fit: pd.DataFrame
) -> None:
    before = zones.copy(), footprints.copy(), fit.copy()
    everything = plan(
        a=Change(zone_class="ie", lat=1, lon=2, area_ha=3, commodities=("honey",)),
        b=Change(closed=True),
        new_1=NEW_1,
    )
    zones_of(everything, zones)
    footprints_of(everything, footprints)
    fit_of(everything, fit)
    pd.testing.assert_frame_equal(zones, before[0])
    assert footprints.equals(before[1])
    pd.testing.assert_frame_equal(fit, before[2])


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        (Change(zone_class="ie"), ["a", "b"]),
        (Change(area_ha=5), ["a", "b"]),
        (Change(lat=0, lon=0), ["b"]),
        (Change(closed=True), ["b"]),
    ],
)
def test_footprint_goes_with_a_move_or_an_end(
    footprints: gpd.GeoDataFrame, change: Change, kept: list[str]
) -> None:
    assert list(footprints_of(plan(a=change), footprints).index) == kept
    assert list(footprints_of(plan(atlantis=change), footprints).index) == ["a", "b"]


def test_named_sectors_fit_wholly_and_all_others_not_at_all(fit: pd.DataFrame) -> None:
    found = fit_of(plan(a=Change(commodities=("honey", "unheard of"))), fit)
    assert found["a"].tolist() == [0, 1]
    assert found["b"].isna().tolist() == [True, False]


def test_no_sector_is_not_the_same_as_sectors_left_as_they_are(fit: pd.DataFrame) -> None:
    assert fit_of(plan(a=Change(commodities=())), fit)["a"].tolist() == [0, 0]
    assert fit_of(plan(a=Change(zone_class="ie")), fit)["a"].tolist() == [1, 0.5]


def test_new_zone_gets_a_column_of_its_own_and_an_unknown_one_none(fit: pd.DataFrame) -> None:
    buys = Change(commodities=("coffee",))
    found = fit_of(plan(new_1=buys, self=buys, atlantis=buys), fit)
    assert list(found.columns) == ["a", "b", "new-1"]
    assert found["new-1"].tolist() == [1, 0]


def numbers(**values: float) -> pd.Series:
    return pd.Series(values, dtype=float)


def test_gain_is_what_rises_or_what_falls_and_the_most_comes_first() -> None:
    before, after = numbers(p=10, q=20, r=30), numbers(p=15, q=20, r=10)
    more = gains(before, after, smaller_is_better=False)
    assert more["gain"].to_dict() == {"p": 5, "q": 0, "r": -20}
    assert list(more.index) == ["p", "q", "r"]
    less = gains(before, after, smaller_is_better=True)
    assert less["gain"].to_dict() == {"r": 20, "q": 0, "p": -5}
    assert list(less.index) == ["r", "q", "p"]
    assert less.loc["r", ["before", "after"]].tolist() == [30, 10]


def test_what_has_no_value_before_or_after_comes_last_without_a_gain() -> None:
    before, after = numbers(p=NAN, q=1, r=2, s=NAN), numbers(p=5, q=NAN, r=1, s=NAN)
    found = gains(before, after, smaller_is_better=False)
    assert list(found.index) == ["r", "p", "q", "s"]
    assert found["gain"].isna().tolist() == [False, True, True, True]


def test_centers_are_counted_by_what_becomes_of_them() -> None:
    before = numbers(up=1, down=2, still=3, new=NAN, gone=5, blank=NAN, gone_too=1)
    after = numbers(up=2, down=1, still=3, new=4, gone=NAN, blank=NAN, gone_too=NAN)
    found = outcomes(gains(before, after, smaller_is_better=False))
    assert found == {
        **{"better": 1, "worse": 1, "same": 1},
        **{"reached": 1, "lost": 2, "unknown": 1},
    }
    assert sum(found.values()) == len(before)
    fewer = outcomes(gains(before, after, smaller_is_better=True))
    assert (fewer["better"], fewer["worse"]) == (1, 1)


def test_equal_gains_stay_in_their_order() -> None:
    found = gains(numbers(z=1, a=1, m=1), numbers(z=2, a=2, m=2), smaller_is_better=False)
    assert list(found.index) == ["z", "a", "m"]


@pytest.mark.parametrize("smaller_is_better", [True, False])
def test_gain_of_nothing_has_no_sign(smaller_is_better: bool) -> None:
    nothing = numbers(p=0.0, q=-0.0, r=0.1 + 0.2, s=0.3)
    as_much = numbers(p=-0.0, q=0.0, r=0.3, s=0.1 + 0.2)
    found = gains(nothing, as_much, smaller_is_better=smaller_is_better)
    assert found["gain"].tolist() == [0, 0, 0, 0]
    assert not np.signbit(found["gain"]).any()


def test_scenario_is_not_changed_by_its_changes() -> None:
    first = Scenario("A")
    second = first.changed("a", zone_class="ie").changed("a", area_ha=0.0)
    assert first.changes == {}
    assert second.changes == {"a": Change(zone_class="ie", area_ha=0.0)}
    assert second.without("a") == first
    assert second.without("b") == second


def test_change_taken_back_is_gone_and_a_new_zone_stays() -> None:
    assert Scenario("A").changed("a", closed=True).changed("a", closed=False) == Scenario("A")
    bought = Scenario("A").changed("new-1", name="C").changed("new-1", commodities=None)
    assert list(bought.changes) == ["new-1"]


def test_ids_of_new_zones_are_not_given_twice() -> None:
    assert Scenario("A").next_id() == "new-1"
    assert plan(new_2=NEW_1, new_10=NEW_1, a=Change()).next_id() == "new-11"


words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=NAME_LENGTH).filter(
    str.strip
)
places = st.tuples(st.floats(-90, 90), st.floats(-180, 180))
areas = st.none() | st.floats(0, 1e6)
bought = st.none() | st.lists(words, max_size=3).map(tuple)
classes = st.sampled_from(["sez", "ie"])


@st.composite
def changes_of(draw: st.DrawFn, new: bool) -> Change:
    place = draw(places if new else st.none() | places) or (None, None)
    return Change(
        name=draw(words if new else st.none() | words),
        zone_class=draw(classes if new else st.none() | classes),
        lat=place[0],
        lon=place[1],
        area_ha=draw(areas),
        commodities=draw(bought),
        closed=draw(st.booleans()),
    )


real_ids = words.filter(lambda z: not z.startswith(scenario.NEW))
new_ids = st.integers(1, 999).map(lambda n: f"new-{n}")
plans = st.builds(
    lambda name, real, new: Scenario(name, real | new),
    words,
    st.dictionaries(real_ids, changes_of(new=False), max_size=3),
    st.dictionaries(new_ids, changes_of(new=True), max_size=3),
)


@given(plans)
def test_saved_scenario_comes_back_the_same(made: Scenario) -> None:
    text = to_json(made)
    assert from_json(text, file="a.json") == made
    assert from_json(text.encode(), file="a.json") == made


@pytest.mark.parametrize(
    "change",
    [
        Change(lat=0.0, lon=99.0),
        Change(lat=1.0, lon=0.0),
        Change(area_ha=0.0),
        Change(commodities=()),
        Change(closed=True),
        Change(),
    ],
)
def test_values_that_are_nothing_are_saved_too(change: Change) -> None:
    made = plan(a=change)
    assert from_json(to_json(made), file="a.json") == made


def file(change: object, zone: str = "a") -> str:
    return json.dumps({"name": "A", "changes": {zone: change}})


PLACE = {"lat": 1.5, "lon": 99}
WHOLE = {"name": "C", "zone_class": "ie", **PLACE}

BROKEN: dict[str, str | bytes] = {
    "nothing": "",
    "no JSON": "{'name': 'A'}",
    "cut off": to_json(plan(new_1=NEW_1))[:-9],
    "a number": "5",
    "a text": '"name changes"',
    "null": "null",
    "a list": "[]",
    "a list of names": '["name", "changes"]',
    "no changes": '{"name": "A"}',
    "no name": '{"changes": {}}',
    "unknown part": '{"name": "A", "changes": {}, "zones": []}',
    "changes are a list": '{"name": "A", "changes": []}',
    "changes are pairs": '{"name": "A", "changes": [["a", {}]]}',
    "changes are a text": '{"name": "A", "changes": "a"}',
    "name is a number": '{"name": 5, "changes": {}}',
    "name is an object": '{"name": {"a": 1}, "changes": {}}',
    "name is blank": '{"name": " \\t ", "changes": {}}',
    "name too long": json.dumps({"name": "N" * 10_000, "changes": {}}),
    "name one too long": json.dumps({"name": "N" * (NAME_LENGTH + 1), "changes": {}}),
    "half a character": r'{"name": "\ud800", "changes": {}}',
    "half a character in an id": r'{"name": "A", "changes": {"\udfff": {}}}',
    "deep": "[" * 100_000,
    "deep inside": '{"name": "A", "changes": ' + '{"a":' * 100_000,
    "deep and whole": file({"name": json.loads("[" * 900 + "]" * 900)}),
    "huge": json.dumps({"name": "A", "changes": {}}) + " " * LARGEST,
    "long number": '{"name": "A", "changes": {"a": {"area_ha": ' + "9" * 5_000 + "}}}",
    "1,000 changes": json.dumps({"name": "A", "changes": {f"z{i}": {} for i in range(1_000)}}),
    "too many new zones": json.dumps(
        {"name": "A", "changes": {f"new-{i + 1}": WHOLE for i in range(MOST_NEW + 1)}}
    ),
    "not UTF-8": b'{"name": "\xff\xfe\xff", "changes": {}}',
    "binary": b"%PDF-1.7 \x00\x01",
    "change is a list": file([]),
    "change is a text": file("closed"),
    "change is null": file(None),
    "unknown field": file({"closed": True, "colour": "red"}),
    "private field": file({"__class__": "x"}),
    "self": file({"self": 1}),
    "lat without lon": file({"lat": 3}),
    "lon without lat": file({"lon": 99}),
    "lat too far": file({"lat": 90.01, "lon": 99}),
    "lon too far": file({"lat": 3, "lon": -181}),
    "lat is a text": file({"lat": "3", "lon": 99}),
    "lat is true": file({"lat": True, "lon": 99}),
    "lat is a list": file({"lat": [3], "lon": 99}),
    "NaN": '{"name": "A", "changes": {"a": {"lat": NaN, "lon": 99}}}',
    "Infinity": '{"name": "A", "changes": {"a": {"area_ha": Infinity}}}',
    "minus Infinity": '{"name": "A", "changes": {"a": {"lat": 3, "lon": -Infinity}}}',
    "a number beyond floats": '{"name": "A", "changes": {"a": {"area_ha": ' + "9" * 400 + "}}}",
    "an exponent beyond floats": '{"name": "A", "changes": {"a": {"area_ha": 1e999}}}',
    "negative area": file({"area_ha": -1}),
    "area too large": file({"area_ha": 1e6 + 1}),
    "unknown class": file({"zone_class": "SEZ"}),
    "class is a list": file({"zone_class": ["sez"]}),
    "class is an object": file({"zone_class": {}}),
    "closed is a text": file({"closed": "no"}),
    "closed is a number": file({"closed": 1}),
    "commodities are a text": file({"commodities": "coffee"}),
    "commodities are an object": file({"commodities": {"coffee": 1}}),
    "commodity is a number": file({"commodities": [5]}),
    "commodity is null": file({"commodities": [None]}),
    "zone name is a number": file({"name": 5}),
    "zone name is blank": file(WHOLE | {"name": ""}, "new-1"),
    "zone name too long": file(WHOLE | {"name": "N" * 10_000}, "new-1"),
    "new zone without a name": file({"zone_class": "ie", **PLACE}, "new-1"),
    "new zone without a class": file({"name": "C", **PLACE}, "new-1"),
    "new zone without a place": file({"name": "C", "zone_class": "ie"}, "new-1"),
    "new zone without a number": file(WHOLE, "new-"),
    "new zone with a word": file(WHOLE, "new-x"),
    "new zone with a long number": file(WHOLE, "new-" + "9" * 5_000),
    "new zone with foreign digits": file(WHOLE, "new-²"),
}


@pytest.mark.parametrize("how", BROKEN)
def test_file_that_is_no_scenario_is_refused_with_one_defect(how: str) -> None:
    with pytest.raises(DataError) as refused:
        from_json(BROKEN[how], file="a.json")
    assert [(i.code, i.file, i.row) for i in refused.value.issues] == [
        ("scenario_broken", "a.json", None)
    ]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
fields = st.sampled_from(
    ["name", "zone_class", "lat", "lon", "area_ha", "commodities", "closed", "other"]
)
near_files = st.fixed_dictionaries(
    {
        "name": words | json_values,
        "changes": st.dictionaries(
            st.sampled_from(["a", "new-1", "new-x", "self"]),
            st.dictionaries(fields, classes | st.floats(-200, 200) | json_values, max_size=7),
            max_size=3,
        ),
    }
)


@given(near_files | json_values)
def test_any_file_is_refused_or_can_be_used(read: object) -> None:
    zones = pd.DataFrame(
        {"name_id": "A", "name_en": "A", "short_name": "A", "class": "ie", "lat": 3.0, "lon": 99.0}
        | {"area_ha": 5.0},
        index=pd.Index(["a"]),
    )
    try:
        made = from_json(json.dumps(read), file="a.json")
    except DataError:
        return
    assert made.next_id().startswith("new-")
    found = zones_of(made, zones)
    assert found[["short_name", "class", "lat", "lon"]].notna().all(axis=None)
    assert set(found.index) <= {"a", "new-1"}
    fit_of(made, pd.DataFrame({"a": [1.0]}, index=["coffee"]))
    assert from_json(to_json(made), file="b.json") == made


def test_as_many_changes_as_there_may_be_are_read() -> None:
    real = {f"z{i}": Change(closed=True) for i in range(MOST_CHANGES - MOST_NEW)}
    new = {f"new-{i + 1}": NEW_1 for i in range(MOST_NEW)}
    made = Scenario("N" * NAME_LENGTH, real | new)
    assert from_json(to_json(made).encode(), file="a.json") == made


@given(plans)
def test_linked_scenario_comes_back_the_same_or_is_in_no_link(made: Scenario) -> None:
    packed = to_link(made)
    assert re.fullmatch("[A-Za-z0-9_-]*", packed)
    assert len(packed) <= 1_800
    if packed:
        assert from_link(packed) == made
    else:
        assert not made.changes or len(to_json(made)) > 500


def test_small_scenarios_have_a_link_and_endless_ones_have_none() -> None:
    assert 0 < len(to_link(Scenario("KEK Kuala Tanjung", {"kuala_tanjung": NEW_1}))) < 200
    far = {f"z{i}": Change(name=random.Random(i).randbytes(30).hex()) for i in range(100)}
    assert to_link(Scenario("A", far)) == ""


BOMB = base64.urlsafe_b64encode(zlib.compress(b" " * 50_000_000, 9)).decode()


@pytest.mark.parametrize(
    "packed", ["a", "é", "AAAA", "eJw", "x" * 1_999, BOMB, "eJyrVkrLz1eyUkpKLFKqBQAbnwPJ"]
)
def test_what_is_no_link_of_a_scenario_is_refused(packed: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        from_link(packed)
