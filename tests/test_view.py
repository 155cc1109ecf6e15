"""A view survives the address bar; whatever else stands there is ignored by name."""

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ikmgeo.filters import Filters
from ikmgeo.instrument import Instrument
from ikmgeo.measures.composite import AGGREGATIONS, LINKAGE_CHOICES, SOURCES, Composition, Weights
from ikmgeo.measures.district_measures import BREAKS, CLASSES, Shading
from ikmgeo.measures.district_measures import MEASURES as DISTRICT_MEASURES
from ikmgeo.measures.indicators import INDICATORS
from ikmgeo.measures.linkage import ATTRACTIONS, MEASURES, Parameters
from ikmgeo.measures.scoring import Scheme
from ikmgeo.register.nearness import Nearness
from ikmgeo.register.specialisation import BASIS, LEVELS, Question
from ikmgeo.view import (
    LONGEST,
    SECTIONS,
    SELECTABLE,
    STAGES,
    Known,
    View,
    from_params,
    opening,
    to_params,
)
from ikmgeo.vocabulary import FRAMEWORKS, REGULATIONS, SCHEMES
from tests.rated import ASPECTS, INSTRUMENT

KNOWN = Known(
    instrument=INSTRUMENT,
    commodities=frozenset(("coffee", "honey", "kopi & teh")),
    districts=frozenset(("1205", "1206", "1207", "1208", "1271")),
    zones=frozenset(("sei_mangkei", "kim")),
    centers=frozenset(("simalungun-coffee", "u0001", "sentra kopi/2")),
)
OPENING = opening("id", KNOWN)
OF_KIND = {"center": KNOWN.centers, "district": KNOWN.districts, "zone": KNOWN.zones}


def some(codes: frozenset[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(sorted(codes)), unique=True).map(tuple)


def rising(size: int) -> st.SearchStrategy[tuple[float, ...]]:
    """Different numbers of 0 to 100 with two decimals, ascending."""
    numbers = st.lists(st.integers(0, 10_000), min_size=size, max_size=size, unique=True)
    return numbers.map(lambda found: tuple(n / 100 for n in sorted(found)))


plain = st.sampled_from([name for name in SCHEMES if name != "custom"]).map(Scheme)
views = st.builds(
    View,
    language=st.sampled_from(("id", "en")),
    lists=st.lists(
        st.sampled_from(("shipped", "0123456789abcdef", "ffffffffffffffff")),
        min_size=1,
        unique=True,
    ).map(tuple),
    scheme=st.one_of(plain, rising(3).map(lambda cuts: Scheme("custom", cuts))),
    filters=st.builds(
        Filters,
        categories=some(KNOWN.categories),
        commodities=some(KNOWN.commodities),
        districts=some(KNOWN.districts),
        score=st.none() | rising(2),
        zone=st.sampled_from(("any", *sorted(KNOWN.zones))),
        within_km=st.none() | st.integers(1, 100_000).map(lambda n: n / 100),
        text=st.text(max_size=100),
    ),
    selection=st.none()
    | st.sampled_from(SELECTABLE).flatmap(
        lambda kind: st.tuples(st.just(kind), st.sampled_from(sorted(OF_KIND[kind])))
    ),
    places=st.booleans(),
    orientation=st.booleans(),
    section=st.sampled_from(["", *sum(SECTIONS.values(), ())]),
    link=st.builds(
        Parameters,
        measure=st.sampled_from(MEASURES),
        half_distance=st.integers(1, 100_000).map(lambda n: n / 100),
        within=st.lists(st.integers(1, 1_000), min_size=1, max_size=5, unique=True).map(
            lambda found: tuple(float(n) for n in sorted(found))
        ),
        attraction=st.sampled_from(ATTRACTIONS),
        alpha=st.integers(0, 500).map(lambda n: n / 100),
        decay=st.integers(0, 500).map(lambda n: n / 100),
    ),
    indicator=st.sampled_from(list(INDICATORS)),
    composition=st.builds(
        Composition,
        source=st.sampled_from(SOURCES),
        weights=st.just(Weights.equal(ASPECTS))
        | st.tuples(st.sampled_from(ASPECTS), st.integers(0, 10_000)).map(
            lambda moved: Weights.equal(ASPECTS).rebalanced(moved[0], moved[1] / 100)
        ),
        aggregation=st.sampled_from(AGGREGATIONS),
        linkage=st.sampled_from(LINKAGE_CHOICES),
    ),
    catchment=st.sampled_from(["", *sorted(KNOWN.zones)]),
    rings=st.booleans(),
    flows=st.booleans(),
    shading=st.builds(
        Shading,
        measure=st.sampled_from(list(DISTRICT_MEASURES)),
        breaks=st.sampled_from(BREAKS),
        classes=st.sampled_from(CLASSES),
    ),
    question=st.builds(
        Question,
        commodity=st.text(max_size=100),
        level=st.sampled_from(LEVELS),
        measure=st.sampled_from([*BASIS]),
    ),
    compared=some(KNOWN.districts).map(lambda found: found[:4]),
    stage=st.sampled_from(STAGES),
    workshop=st.sampled_from(["", "Medan", "Lokakarya & lain-lain"]),
    column=st.sampled_from(["", "all", "sez", "ie", "kim", "new-2", "50", "12.5"]),
    nearness=st.none()
    | st.builds(Nearness, st.integers(5, 5_000).map(lambda n: n / 100), st.integers(2, 1_000)),
    candidate=st.sampled_from(["", "1207022017:coffee", "near-0123456789:kopi, teh & gula"]),
    framework=st.sampled_from(["", "swot", *FRAMEWORKS]),
    regulation=st.sampled_from(REGULATIONS),
    position=st.none()
    | st.tuples(
        st.integers(-900, 900).map(lambda n: n / 10),
        st.integers(-1800, 1800).map(lambda n: n / 10),
        st.integers(2, 40).map(lambda n: n / 2),
    ),
).filter(lambda v: v.composition.source == SOURCES[0] or v.scheme.name != "as_published")
# The name of a workshop, and the column of a scenario, are in the address of their page only.
views = views.map(lambda v: replace(v, workshop=v.workshop if v.section == "groups" else ""))
views = views.map(lambda v: replace(v, column=v.column if v.section == "what_if" else ""))


def read(**params: str) -> tuple[View, tuple[str, ...]]:
    return from_params(params, KNOWN)


@given(views)
def test_view_reopens_from_its_own_address(view: View) -> None:
    assert from_params(to_params(view), KNOWN) == (view, ())


@given(st.dictionaries(st.text(), st.text()))
def test_nothing_in_an_address_raises(params: dict[str, str]) -> None:
    view, ignored = from_params(params, KNOWN)
    assert isinstance(view, View)
    assert set(ignored) <= set(params)


def test_assessed_scores_have_no_printed_categories() -> None:
    assert read(scores="assessed")[0].scheme.name == "contiguous"
    assert read(scores="assessed", scheme="as_published")[0].scheme.name == "contiguous"
    assert read(scores="assessed", scheme="natural_breaks")[0].scheme.name == "natural_breaks"
    assert read(scores="published")[0].scheme.name == "as_published"


@pytest.mark.parametrize(
    "value", ["3.1,99", "3.1,99,9,9", "91,99,9", "3.1,181,9", "3.1,99,0", "nan,99,9", "a,b,c", "-"]
)
def test_a_place_of_the_map_that_is_none_is_ignored(value: str) -> None:
    view, ignored = read(at=value)
    assert (view.position, ignored) == (None, ("at",))


def test_the_map_opens_where_the_address_says() -> None:
    assert read(at="-0.5,99.25,8.5")[0].position == (-0.5, 99.25, 8.5)


PARAMETERS = (
    *("lang", "scheme", "cuts", "category", "commodity", "in", "score", "from", "km", "q"),
    *("places", "section", "indicator", "by", "half", "within", "weight", "alpha", "decay"),
    *("rings", "flows", "measure", "breaks", "classes", "compare", "stage", "at"),
)
NUMBERS = st.text(alphabet="0123456789.,-+eEnaif_ ٣", max_size=12)


@example({"score": "0.00001-5"})
@example({"scheme": "custom", "cuts": "0.00001-27.5412345-56"})
@example({"km": "12.3456789"})
@given(st.dictionaries(st.sampled_from((*PARAMETERS, *SELECTABLE)), st.text() | NUMBERS))
def test_whatever_an_address_opens_reopens_the_same(params: dict[str, str]) -> None:
    view, ignored = from_params(params, KNOWN)
    assert set(ignored) <= set(params)
    if view.scheme.name != "custom":  # cut points of another scheme are not in use
        view = View(**{**vars(view), "scheme": Scheme(view.scheme.name)})
    assert from_params(to_params(view), KNOWN) == (view, ())


def test_defaults_leave_only_the_language() -> None:
    assert to_params(View()) == {"lang": "id"}
    assert to_params(View(language="en")) == {"lang": "en"}


def test_empty_address_is_the_default_view() -> None:
    assert read() == (OPENING, ())
    assert read(q="", km="", center="") == (OPENING, ())


def test_every_part_of_a_view_has_its_parameter() -> None:
    view = View(
        language="en",
        scheme=Scheme("custom", (20, 37.76, 60)),
        filters=Filters(
            categories=("excellent", "none"),
            commodities=("coffee",),
            districts=("1207", "1208"),
            score=(16.27, 100),
            zone="kim",
            within_km=40,
            text="kopi arabika",
        ),
        selection=("center", "simalungun-coffee"),
        places=True,
        section="own",
    )
    assert to_params(view) == {
        "lang": "en",
        "scheme": "custom",
        "cuts": "20-37.76-60",
        "category": "excellent,none",
        "commodity": "coffee",
        "in": "1207,1208",
        "score": "16.27-100",
        "from": "kim",
        "km": "40",
        "q": "kopi arabika",
        "places": "1",
        "section": "own",
        "center": "simalungun-coffee",
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("lang", "fr"),
        ("scheme", "jenks"),
        *(("cuts", v) for v in ("30-20-50", "20-30", "20-30-30", "a-b-c", "0-1-2-3", "1-2-101")),
        *(("cuts", v) for v in ("nan-1-2", "-1-2-3", "1-2-inf")),
        *(("category", v) for v in ("best", "excellent,best", "<script>", "EXCELLENT")),
        ("commodity", "gold"),
        ("in", "9999"),
        *(("score", v) for v in ("50-40", "40", "-5-10", "0-101", "nan-nan", "a", "1-2-3")),
        ("from", "batam"),
        *(
            ("km", v)
            for v in ("0", "-5", "1e-300", "nan", "inf", "1e9", "1001", "far", "{{ 7*191 }}")
        ),
        *(("places", v) for v in ("0", "yes", "11")),
        ("section", "settings"),
        ("indicator", "luck"),
        ("by", "air"),
        *(("half", v) for v in ("0", "-25", "nan", "inf", "1001", "1e9", "25,5", "far")),
        *(("within", v) for v in ("50-25", "25-25", "0-25", "25-", "-", "1-2-3-4-5-6", "nan-50")),
        ("weight", "gold"),
        *((name, v) for name in ("alpha", "decay") for v in ("-1", "nan", "5.1", "two")),
        ("rings", "1"),
        ("catchment", "atlantis"),
        *(("column", v) for v in ("atlantis", "new-0", "new-x", "new-1234567", "-5", "{{ 7 }}")),
        ("scores", "guessed"),
        *(("weights", v) for v in ("20-20-20-20-20", "50-50-0-0-0-1", "120--20-0-0-0-0", "x")),
        ("mean", "harmonic"),
        ("linked", "imagined"),
        ("flows", "no"),
        *(("measure", v) for v in ("area", "centers,seat_km", "{{ 7*191 }}")),
        *(("breaks", v) for v in ("jenks", "box_plot")),
        *(("classes", v) for v in ("2", "7", "4.0", "-4", "٤", "nan", "four")),
        *(("compare", v) for v in ("9999", "1207,9999", "1205,1206,1207,1208,1271")),
        *((kind, "nobody") for kind in SELECTABLE),
        ("scenario", "A"),
        ("center", "x" * 10_000),
        ("center", "../../etc/passwd"),
    ],
)
def test_value_that_cannot_be_followed_is_ignored_and_named(name: str, value: str) -> None:
    view, ignored = read(**{name: value})
    assert (view, ignored) == (OPENING, (name,))


def test_map_of_districts_and_the_districts_compared_have_their_parameters() -> None:
    view = View(shading=Shading("seat_km", "quantiles", 6), compared=("1271", "1205"))
    assert to_params(view) == {
        "lang": "id",
        "measure": "seat_km",
        "breaks": "quantiles",
        "classes": "6",
        "compare": "1271,1205",
    }


def test_up_to_four_different_districts_are_compared_in_their_order() -> None:
    view, ignored = read(compare="1208,1205,1208,1271,1207")
    assert view.compared == ("1208", "1205", "1271", "1207")
    assert ignored == ()


def test_unknown_parameters_are_named_and_the_known_ones_followed() -> None:
    view, ignored = read(km="40", utm_source="mail", __proto__="x")
    assert view == replace(OPENING, filters=Filters(within_km=40))
    assert set(ignored) == {"utm_source", "__proto__"}


def test_one_bad_value_leaves_the_good_ones() -> None:
    view, ignored = read(lang="en", km="far", score="40-60")
    assert view == replace(OPENING, language="en", filters=Filters(score=(40, 60)))
    assert ignored == ("km",)


def test_only_one_thing_is_selected_and_a_center_first() -> None:
    view, _ = read(zone="kim", district="1207", center="u0001")
    assert view.selection == ("center", "u0001")


def test_code_named_twice_counts_once() -> None:
    view, ignored = read(category="excellent,developing,excellent")
    assert view.filters.categories == ("excellent", "developing")
    assert ignored == ()


def test_search_text_is_cut_at_the_longest_that_is_read() -> None:
    view, _ = read(q="x" * 10_000)
    assert view.filters.text == "x" * LONGEST


def test_a_link_counts_as_many_cut_points_and_weights_as_the_data_need() -> None:
    three = {c: INSTRUMENT.categories[c] for c in ("excellent", "developing", "potential")}
    two = {a: INSTRUMENT.aspects[a] for a in ("market", "production")}
    known = Known(Instrument(two, three))
    view, ignored = from_params({"scheme": "custom", "cuts": "30-60", "weights": "75-25"}, known)
    assert (view.scheme, ignored) == (Scheme("custom", (30, 60)), ())
    assert view.composition.weights == {"market": 75, "production": 25}
    assert from_params({"cuts": "30-50-60", "weights": "20-20-60"}, known) == (
        opening("id", known),
        ("weights", "cuts"),
    )


def test_a_link_names_no_scheme_that_the_data_cannot_have() -> None:
    known = Known(Instrument(INSTRUMENT.aspects, INSTRUMENT.categories))
    for name in ("printed_ranges", "contiguous"):
        assert from_params({"scheme": name}, known)[1] == ("scheme",)
    assert from_params({"scores": "assessed"}, known)[0].scheme.name == "natural_breaks"


@pytest.mark.parametrize(
    "value",
    ["shipped,x", "0123456789ABCDEF", "../../etc", ",", ",".join(f"{n:016x}" for n in range(21))],
)
def test_lists_that_are_none_are_ignored(value: str) -> None:
    view, ignored = read(lists=value)
    assert (view.lists, ignored) == (("shipped",), ("lists",))


def test_a_list_named_twice_is_shown_once() -> None:
    assert read(lists="0123456789abcdef,shipped,0123456789abcdef")[0].lists == (
        *("0123456789abcdef", "shipped"),
    )
