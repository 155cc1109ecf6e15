"""Both catalogues are whole: every key that the screen uses, every defect that data can have."""

import ast
import io
import math
import re
import string
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, get_args

import geopandas as gpd
import pandas as pd
import pytest
import shapely
import xlsxwriter

import ikmgeo
from ikmgeo.advice import Basis, ReasonCode
from ikmgeo.analysis import read_base
from ikmgeo.errors import DataError, Issue, Severity
from ikmgeo.handouts.export import template_columns
from ikmgeo.handouts.portable import COLUMNS
from ikmgeo.handouts.workbook import SHEETS
from ikmgeo.measures.claim_tests import PRODUCTS, Verdict
from ikmgeo.measures.composite import AGGREGATIONS, LINKAGE_CHOICES, SOURCES
from ikmgeo.measures.district_measures import BREAKS
from ikmgeo.measures.district_measures import MEASURES as DISTRICT_MEASURES
from ikmgeo.measures.frameworks import SWOT, BuildingStage, State
from ikmgeo.measures.frameworks import Verdict as Together
from ikmgeo.measures.indicators import INDICATORS
from ikmgeo.measures.linkage import ATTRACTIONS, MEASURES, STRAIGHT_KM
from ikmgeo.measures.scenario import OUTCOMES
from ikmgeo.reading import (
    base,
    columns,
    coordinates,
    habits,
    load,
    orientation,
    places,
    road_files,
    validate,
)
from ikmgeo.reading.gazetteer import WAYS, Gazetteer
from ikmgeo.records.assessments import FORM, PLAN
from ikmgeo.register.nearness import DIFFERENCES
from ikmgeo.register.specialisation import BASIS, CLUSTERS, HEADS, LEVELS, SPREADS, VERDICTS
from ikmgeo.settings import SHIPPED_DATA
from ikmgeo.symbols import QUOTIENTS
from ikmgeo.ui.parts.table import COLUMNS as OF_CENTERS
from ikmgeo.ui.shell import TOUR_STEPS
from ikmgeo.ui.sources.as_read import FIELDS
from ikmgeo.view import LIKE, SECTIONS, UNIT_COLOURS
from ikmgeo.vocabulary import (
    ACTORS,
    AREA_STAGES,
    BASE_KINDS,
    CIRCUMSTANCES,
    FRAMEWORKS,
    LEVERS,
    PHASES,
    PLACE_KINDS,
    POLARITIES,
    POSITION_BASES,
    PRECISION_KM,
    SCHEMES,
    SERVICES,
    SIZES,
    ZONE_CLASSES,
)
from ikmgeo.words.messages import CATALOGUES, NOTHING, Messages
from tests.extract import Spot, Tags, osm_xml
from tests.rated import ASPECTS, CATEGORIES, INSTRUMENT
from tests.saying import SAY
from tests.shipped_data import shipped_inputs

SOURCE = Path(ikmgeo.__file__).parent
ID, EN = SAY["id"], SAY["en"]
BOTH = pytest.mark.parametrize("say", [ID, EN], ids=["id", "en"])
PAGES = tuple(sorted(page.stem for page in (SOURCE.parent / "pages").glob("*.py")))
CONTRADICTIONS = (
    *("rival_scores", "overlapping_ranges", "uncovered_scores", "reversed_categories"),
    "access_without_fit",
)

FAMILIES: dict[str, tuple[str, ...]] = {
    "{}.heading": tuple(page for page in PAGES if page != "present"),
    "page.{}": PAGES,
    "what_if.sign_{}": OUTCOMES,
    "area_stage.{}": (*AREA_STAGES, "heading"),
    "aspect.{}": ASPECTS,
    "within.{}": ASPECTS,
    "number.{}": tuple(map(str, range(1, 13))),
    "basis.{}": POSITION_BASES,
    "breaks.{}": BREAKS,
    "circumstance.{}": CIRCUMSTANCES,
    "placed.{}": (*WAYS, "rows"),
    "polarity.{}": POLARITIES,
    "category.{}": (*CATEGORIES, "several", "none", "unscored"),
    "contradiction.{}": CONTRADICTIONS,
    "dataset.sheet_{}": SHEETS,
    "{}_why": tuple(f"contradiction.{kind}" for kind in CONTRADICTIONS),
    "certainty.{}_note": ("choices", "drivers"),
    "district_measure.{}": tuple(DISTRICT_MEASURES),
    "district_measure.{}_help": tuple(DISTRICT_MEASURES),
    "claim.{}": (
        *("id", "value", "about", "of", "category", "used_for", "contradicts", "section"),
        "note",
    ),
    "district_head.{}": tuple(DISTRICT_MEASURES),
    "distance.{}": ("zone", "km", "interval"),
    "register.status_{}": ("confirmed", "new"),
    "special.level_{}": LEVELS,
    "special.measure_{}": (*BASIS,),
    "special.verdict_{}": VERDICTS,
    "special.class_{}": (*QUOTIENTS,),
    "special.cluster_{}": CLUSTERS,
    "special.says_{}": HEADS,
    "special.pattern_{}": SPREADS,
    "special.pattern_{}_few": ("random",),
    "special.head_{}": (
        *("area", "district", "share", "quotient", "interval", "verdict", "cluster"),
        *BASIS,
    ),
    "special.head_all_{}": (*BASIS,),
    "register.step_{}": ("done", "reading", "saving", "sorting"),
    "units.by_{}": UNIT_COLOURS,
    "units.like_{}": LIKE,
    "units.how_{}": ("village", "nearness"),
    "units.differs_{}": DIFFERENCES,
    "units.file_{}": ("name", "units", "placed", "rejected", "at"),
    "units.head_{}": (
        *("product", "village", "place", "units", "workers", "share", "area", "zone", "km"),
        *("status", "differs"),
    ),
    "lists.{}": ("name", "centers", "file", "remark"),
    "map.{}": ("zoom_in", "zoom_out", "fit", "province", "title"),
    **dict.fromkeys(("base.kind_{}", "base.help_{}", "base.shipped_{}"), BASE_KINDS),
    "base.beside_{}": ("orientation", "subdistricts"),
    "base.found_{}": ("districts", "subdistricts", "villages", "zones"),
    "own.{}": ("add", "replace", "extend", "renew"),
    "field.{}": FIELDS,
    "own.why_{}": ("heading", "values", "geometry", "chosen"),
    "own.kind_{}": get_args(Severity),
    "own.problem_{}": ("row", "column", "value", "what", "kind"),
    "panel.how_{}": ("map", "table"),
    "nearest.{}": PLACE_KINDS,
    "place.{}": (*PLACE_KINDS, "evidence", "alternatives", "source"),
    "precision.{}": tuple(PRECISION_KM),
    "scheme.{}": SCHEMES,
    "service.{}": (*SERVICES, "heading", "source"),
    "section.{}": sum(SECTIONS.values(), ()),
    "sources.{}": ("layer", "source", "date", "licence", "precision", "file"),
    "template.{}": template_columns(()),
    "quantity.{}": tuple(
        pd.read_csv(SHIPPED_DATA / "claims.csv")["quantity"].dropna().unique(),
    ),
    "used_for.{}": tuple(pd.read_csv(SHIPPED_DATA / "claims.csv")["used_for"].unique()),
    "zone_class.{}": ZONE_CLASSES,
    "zone_status.{}": tuple(pd.read_csv(SHIPPED_DATA / "zones.csv")["status"].unique()),
    "attraction.{}": ATTRACTIONS,
    "indicator.{}": tuple(INDICATORS),
    "indicator.{}_help": tuple(INDICATORS),
    "linkage.group_{}": ("all", *ZONE_CLASSES),
    "measure.{}": MEASURES,
    "measure.{}_note": MEASURES,
    "measure.{}_note_server": tuple(code for code in MEASURES if code != STRAIGHT_KM),
    "sum.{}": tuple(product.code for product in PRODUCTS),
    "tests.answer_{}": ("yes", "no", "unclear"),
    "tests.majority_{}": ("yes", "no", "unclear", "differs"),
    "tests.sum_{}": ("what", "formula", "recomputed", "printed", "times", "agrees"),
    "tests.verdict_{}": get_args(Verdict),
    "direction.{}": tuple(INDICATORS),
    "tests.{}": (
        "indicator",
        "direction",
        "scores",
        "rho",
        "spread",
        "p",
        "p_holm",
        "n",
        "outside",
        "none",
        "share",
        "if_sample",
        "most",
    ),
    "what_if.{}": ("before", "after", "difference", *OUTCOMES),
    "actor.{}": ACTORS,
    "advice.basis_{}": get_args(Basis),
    "advice.category_{}": (*SOURCES, "own", "unscored"),
    "advice.reason_{}": get_args(ReasonCode),
    "advice.{}": ("up", "down", "pin", "unpin", "drop"),
    "aggregation.{}": AGGREGATIONS,
    "assess.{}": (
        "notes",
        "evidence",
        "version",
        "saved_by",
        "saved_at",
        "state",
        "scores",
        "changed",
    ),
    "center.{}": ("fictional_source", "own_source", "assessed_source", "sources"),
    "changed.{}": (*FORM, *PLAN, "hidden"),
    "certainty.{}": ("equal_weights", "other_aggregation"),
    "framework.{}": ("swot", *FRAMEWORKS),
    "framework.{}_note": FRAMEWORKS,
    "lever.{}": LEVERS,
    "linkage.{}": ("alpha", "decay", "lines", "rings", *LINKAGE_CHOICES),
    "phase.{}": tuple(map(str, PHASES)),
    "ratings.cluster_{}": get_args(Together),
    "ratings.{}": ("framework", "rated", "unknown_count", "mean", "weak"),
    "score_source.{}": SOURCES,
    "roads.by_{}": road_files.EVIDENCE,
    "roads.{}": ("max_snap", "speed"),
    "roads.{}_help": ("max_snap", "speed"),
    "scoring.preset_{}": ("used", "full"),
    "scoring.{}": ("aggregation", "linkage"),
    "scoring.{}_help": ("aggregation", "linkage"),
    "seed.{}": ("aspect_strong", "aspect_weak", "zone_fits", "zone_far"),
    "sheet.{}": (*columns.ASSESSMENT_COLUMNS, "comment"),
    "sheet.step_{}": ("1", "2", "3", "4", "5"),
    "size.{}": (*SIZES, "unknown"),
    "ratings.building_{}": get_args(BuildingStage),
    "state.{}": get_args(State),
    "story.{}": ("up", "down"),
    "take.file_{}": ("atlas", "profile", "page", "map", "data"),
    "method.{}": ("indicator", "meaning", "formula", "source"),
    "tour.{}": (*TOUR_STEPS, "label", "skip", "next", "done"),
    "tour.{}_text": TOUR_STEPS,
    "table.{}": tuple(dict.fromkeys((*COLUMNS, *OF_CENTERS))),
    "swot.{}": SWOT,
    "issue.{}": (),  # has its own tests below
}
"""Keys that the code puts together, with all that can stand in the braces."""


def entries(language: str) -> list[tuple[str, str]]:
    """Keys and messages of a catalogue in order, read without Babel; the last of several forms."""
    text = (CATALOGUES / f"{language}.po").read_text(encoding="utf-8")
    words = r'((?:".*"\n?)+)'
    form = rf"^msgid {words}(?:msgid_plural .*\n)?(?:msgstr\[0\] .*\n(?=msgstr))?msgstr\S* {words}"
    joined = [
        tuple("".join(ast.literal_eval(line) for line in part.splitlines()) for part in entry)
        for entry in re.findall(form, text, re.MULTILINE)
    ]
    return [(key, message) for key, message in joined if key]


def placeholders(message: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(message) if name is not None)


def trees(*modules: str) -> Iterator[tuple[str, ast.AST]]:
    for path in sorted(path for module in modules for path in SOURCE.glob(module)):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            yield path.name, node


GROUPS = {key.partition(".")[0] for key in ID.catalogue}


def written_keys() -> set[str]:
    """Every string in ``ikmgeo/ui`` that has the form of a key of a known group."""
    texts = {
        node.value
        for _, node in trees("ui/**/*.py")
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return {
        text
        for text in texts
        if re.fullmatch(r"[a-z_]+\.[a-z_]*[a-z]", text)
        and text.partition(".")[0] in GROUPS
        and not text.endswith(
            (".css", ".csv", ".js", ".png", ".po", ".py", ".xlsx", ".json", ".md", ".geojson")
        )
    }


def built_keys() -> set[str]:
    """The forms of keys that ``ikmgeo/ui`` puts together, as in FAMILIES."""
    forms = set()
    for _, node in trees("ui/**/*.py"):
        if isinstance(node, ast.JoinedStr):
            parts = [v.value if isinstance(v, ast.Constant) else "{}" for v in node.values]
            form = "".join(map(str, parts))
            if re.fullmatch(r"[a-z_]+\.[a-z_]*\{\}\w*|\{\}\.heading|\{\}_why", form):
                forms.add(form)
        if isinstance(node, ast.BinOp) and isinstance(node.left, ast.Constant):
            left = str(node.left.value)
            if re.fullmatch(r"[a-z_]+\.[a-z_]*", left):
                forms.add(left + "{}")
        if (
            isinstance(node, ast.Call)
            and getattr(node.func, "attr", "") == "code"
            and isinstance(node.args[0], ast.Constant)
        ):
            forms.add(f"{node.args[0].value}.{{}}")
    return {form for form in forms if form.startswith("{}") or form.partition(".")[0] in GROUPS}


def test_the_files_are_read_whole() -> None:
    for say in (ID, EN):
        assert dict(entries(say.language)) == Messages(say.language).catalogue
    assert len(ID.catalogue) > 200


def test_both_catalogues_have_the_same_keys_and_each_once() -> None:
    counted = {language: Counter(key for key, _ in entries(language)) for language in ("id", "en")}
    assert counted["id"] == counted["en"]
    assert set(counted["id"].values()) == {1}


def test_both_catalogues_name_the_same_placeholders() -> None:
    different = {
        key
        for key in ID.catalogue.keys() & EN.catalogue.keys()
        # A number at the beginning has a capital letter: {Aspects}.
        if {p.lower() for p in placeholders(ID.catalogue[key])}
        != {p.lower() for p in placeholders(EN.catalogue[key])}
    }
    assert different == set()


@BOTH
def test_no_message_is_empty_or_padded(say: Messages) -> None:
    assert {key for key, text in say.catalogue.items() if not text or text != text.strip()} == set()


def test_the_two_languages_differ_in_most_messages() -> None:
    same = [key for key, text in ID.catalogue.items() if text == EN.catalogue.get(key)]
    assert len(same) < len(ID.catalogue) / 6


def test_every_key_written_in_the_code_exists() -> None:
    assert "map.heading" in ID.catalogue
    assert "table.heading" in written_keys()  # the search finds keys at all
    assert written_keys() - ID.catalogue.keys() == set()


def test_every_form_of_key_that_the_code_builds_is_listed_here() -> None:
    assert "category.{}" in built_keys()
    assert built_keys() - FAMILIES.keys() == set()


@pytest.mark.parametrize("form", FAMILIES)
def test_every_code_of_a_family_has_its_message(form: str) -> None:
    skipped = {"filter.zone"}  # a zone alone sets no condition
    keys = {form.format(code) for code in FAMILIES[form]} - skipped
    assert keys - ID.catalogue.keys() == set()


def test_missing_key_is_an_error_and_not_an_empty_text() -> None:
    with pytest.raises(KeyError):
        ID("no.such.key")


@pytest.mark.parametrize(
    ("value", "digits", "indonesian", "english"),
    [
        (70.06, 2, "70,06", "70.06"),
        (70.0, 2, "70,00", "70.00"),
        (0, 2, "0,00", "0.00"),
        (-1.5, 1, "-1,5", "-1.5"),
        (126_907, 0, "126.907", "126,907"),
        (1_234_567.891, 2, "1.234.567,89", "1,234,567.89"),
        (13, 0, "13", "13"),
        (2.345, 1, "2,3", "2.3"),
    ],
)
def test_numbers_are_written_as_each_language_does(
    value: float, digits: int, indonesian: str, english: str
) -> None:
    assert ID.number(value, digits) == indonesian
    assert EN.number(value, digits) == english


@pytest.mark.parametrize("missing", [None, math.nan, pd.NA, pd.NaT])
@BOTH
def test_missing_number_is_a_dash_and_never_zero(say: Messages, missing: Any) -> None:
    assert say.number(missing) == NOTHING == "–"
    assert say.km(missing) == NOTHING


def test_figure_keeps_the_decimals_that_its_source_prints() -> None:
    assert [ID.printed(50.466, "50.466"), EN.printed(38.8, "38.80")] == ["50,466", "38.80"]


def test_many_scores_read_as_single_ones_do() -> None:
    scores = [70.06, 0.0, 100.0, 38.8]
    assert ID.scores(pd.Series(scores)).tolist() == ["70,06", "0,00", "100,00", "38,80"]
    assert EN.scores(pd.Series(scores)).tolist() == [EN.number(score) for score in scores]


def test_distances_have_one_decimal_and_their_unit() -> None:
    assert (ID.km(60.212), EN.km(1234.56)) == ("60,2 km", "1,234.6 km")


def test_areas_have_decimals_only_where_they_have_some() -> None:
    assert (ID.hectares(1933.8), EN.hectares(514)) == ("1.933,80 ha", "514 ha")


@pytest.mark.parametrize(
    ("value", "indonesian", "english"),
    [
        ("2024-12-31", "31 Desember 2024", "31 December 2024"),
        ("2024-08-17", "17 Agustus 2024", "17 August 2024"),
        ("2024-12", "Desember 2024", "December 2024"),
        ("2024", "2024", "2024"),
        ("2024-13-45", "2024-13-45", "2024-13-45"),
        ("about 2013", "about 2013", "about 2013"),
    ],
)
def test_dates_are_written_as_each_language_does(value: str, indonesian: str, english: str) -> None:
    assert (ID.date(value), EN.date(value)) == (indonesian, english)


def test_items_are_listed_as_a_sentence_does() -> None:
    assert (ID.listed(["a", "b", "c"]), EN.listed(["a", "b", "c"])) == (
        "a, b, dan c",
        "a, b and c",
    )
    assert ID.listed(["a"]) == "a"


@BOTH
def test_braces_in_a_value_are_left_as_they_are(say: Messages) -> None:
    text = say("filter.drop", filter="{count} {0.__class__}", count=3)
    assert "{count} {0.__class__}" in text


# Plurals

NEVER_ONE = {
    *("atlas.first", "district.first_centers", "own.problems_first", "sources.first_rows"),
    *("roads.first", "tests.limits", "tests.some_orders"),
}
"""Messages whose number is above a bound, or a constant."""

STREAMLIT_S = {key for key in EN.catalogue if key.startswith("widget.")}
"""Words that must be exactly as Streamlit writes them."""

COUNTS = ("count", "of", "n", "rows", "found", "better", "worse", "same", "stable", "cleared")


def test_the_same_messages_have_plurals_by_the_same_number_in_both_languages() -> None:
    assert {key: one.number for key, one in ID.plurals.items()} == {
        key: one.number for key, one in EN.plurals.items()
    }
    assert {len(one.forms) for one in ID.plurals.values()} == {1}
    assert {len(one.forms) for one in EN.plurals.values()} == {2}
    for language, rule in (("id", "nplurals=1; plural=0;"), ("en", "nplurals=2; plural=(n != 1);")):
        assert f'"Plural-Forms: {rule}' in (CATALOGUES / f"{language}.po").read_text()


@BOTH
@pytest.mark.parametrize("number", [0, 1, 2, 13, 13_762])
def test_every_plural_has_the_form_of_its_number(say: Messages, number: int) -> None:
    for key, plural in say.plurals.items():
        names = set(placeholders(" ".join(plural.forms)))
        form = plural.forms[0 if number == 1 else -1]
        others = dict.fromkeys(names - {plural.number}, "x")
        expected = form.format(**others, **{plural.number: say.number(number, 0)})
        assert say(key, **others, **{plural.number: number}) == expected
        assert set(placeholders(form)) <= set(placeholders(plural.forms[-1]))


@pytest.mark.parametrize(
    ("key", "number", "values", "expected"),
    [
        ("sheets.save", 1, {}, "Save 1 assessment"),
        ("sheets.save", 2, {}, "Save 2 assessments"),
        ("what_if.better", 1, {}, "1 center gains"),
        ("what_if.better", 0, {}, "0 centers gain"),
        ("what_if.worse", 1, {}, "1 loses"),
        ("filter.count", 1, {"kept": "0"}, "0 of 1 center"),
        ("filter.count", 13_762, {"kept": "1"}, "1 of 13,762 centers"),
        ("next.effort_told", 1.0, {}, "The combination of least effort: 1 unit."),
        ("next.effort_told", 1.5, {}, "The combination of least effort: 1.5 units."),
    ],
)
def test_english_says_one_and_many(
    key: str, number: float, values: dict[str, str], expected: str
) -> None:
    assert EN(key, **values, **{EN.plurals[key].number: number}) == expected


def test_a_number_that_chooses_the_form_is_passed_as_a_number() -> None:
    calls = [node for _, node in trees("**/*.py") if isinstance(node, ast.Call)]
    passed = [
        ast.unparse(given.value)
        for call in calls
        if call.args and isinstance(key := call.args[0], ast.Constant) and key.value in EN.plurals
        for given in call.keywords
        if given.arg == EN.plurals[key.value].number
    ]
    assert len(passed) > 20
    assert [value for value in passed if "say." in value] == []


def test_a_defect_s_number_has_its_form_too() -> None:
    one, many = (Issue("no_good_rows", "own.csv", expected={"rows": n}) for n in (1, 1_200))
    assert EN.problem(one).startswith("the 1 row that it has cannot be used")
    assert EN.problem(many).startswith("none of the 1,200 rows can be used")


def test_no_count_stands_before_an_english_plural_without_a_form_for_one() -> None:
    counted = re.compile(rf"\{{({'|'.join(COUNTS)})\}}((?: [\w-]+){{1,4}})")
    verbs = {"are", "have", "do", "lose", "gain", "count", "no"}
    found = {
        key
        for key, text in EN.catalogue.items()
        for _, words in counted.findall(text)
        if any(w in verbs or re.fullmatch(r"\w\w+[^su]s", w) for w in words.split()[:3])
    }
    assert "sheets.save" in found  # the search finds some at all
    assert found - EN.plurals.keys() - NEVER_ONE - STREAMLIT_S == set()


# Every defect as the code itself finds it, so that a message can name nothing it does not get.
DISTRICTS = gpd.GeoDataFrame(
    [
        ("1208", "Kabupaten Timor", "Timor", "1210"),
        ("1210", "Kabupaten Sura", "Sura", "1208"),
        ("1271", "Kota Sura", "Sura", "1275"),
    ],
    columns=["district_code", "name_id", "short_name", "bps_code"],
    geometry=gpd.GeoSeries(
        [shapely.box(98, 2, 99, 3), shapely.box(99, 2, 100, 3), shapely.Polygon()]
    ),
    crs=4326,
)
GOOD: dict[str, str | None] = {
    "name_id": "A",
    "commodity": "coffee",
    "lat": "2.5",
    "lon": "98.5",
    "district_code": "1208",
}
LAND = shapely.box(98, 2, 100, 3)
FIT = {"commodity": "coffee", "zone_id": "z", "fit": "0.5", "reason": "R.", "source": "S"}
ZONE = {"zone_id": "z", "name_id": "Z", "class": "sez", "lat": "2.5", "lon": "98.5"}


def refused(read: Callable[[], object]) -> tuple[Issue, ...]:
    with pytest.raises(DataError) as error:
        read()
    return error.value.issues


def in_file(content: bytes, **options: Any) -> tuple[Issue, ...]:
    return refused(lambda: load.read_table(content, name="own.csv", **options))


def in_centers(*rows: dict[str, str | None]) -> tuple[Issue, ...]:
    frame = pd.DataFrame(list(rows), dtype="str", index=pd.RangeIndex(2, len(rows) + 2))
    commodities = pd.DataFrame({"commodity": ["coffee"], "name_id": ["Kopi"], "name_en": "Coffee"})
    commodities["kbli"] = "10761"
    return validate.check_centers(
        load.Table("own.csv", frame),
        district_names=DISTRICTS,
        commodities=commodities,
        land=LAND,
        bounds=LAND.bounds,
        instrument=INSTRUMENT,
    ).issues


VILLAGES = pd.DataFrame(
    [
        ("1208012001", "Lama", "Utara", 2.2, 98.2),
        ("1208012002", "Baru", "Utara", 2.3, 98.2),
        ("1208022001", "Baru", "Selatan", 2.1, 98.2),
        ("1208032001", "Tepi", "Selatan", 2.1, 98.3),
        ("1210012001", "Jauh", "Pesisir", 2.2, 99.2),
        ("1271012001", "Kota", "Utara", 2.2, 99.9),
        ("1271012002", "Samudra", "Utara", 2.2, 101),
    ],
    columns=["village_code", "name_id", "subdistrict", "lat", "lon"],
).set_index("village_code")


def in_areas(**cells: str | None) -> tuple[Issue, ...]:
    """Of a row without coordinates."""
    nowhere = GOOD | {"lat": None, "lon": None, "district_code": "Timor", "district_name": None}
    frame = pd.DataFrame([nowhere | cells], dtype="str", index=[2])
    return validate.check_centers(
        load.Table("own.csv", frame),
        district_names=DISTRICTS,
        commodities=["coffee"],
        land=LAND,
        bounds=LAND.bounds,
        instrument=INSTRUMENT,
        areas=Gazetteer(VILLAGES, DISTRICTS.set_index("district_code"), ("Timor Raya",)),
    ).issues


def in_zone(**cells: str | None) -> tuple[Issue, ...]:
    frame = pd.DataFrame([ZONE | cells], dtype="str", index=pd.Index([2], name="row"))
    return validate.check_zones(frame)[1]


def in_sector_fit(*rows: dict[str, str]) -> tuple[Issue, ...]:
    frame = pd.DataFrame(list(rows), dtype="str", index=pd.RangeIndex(2, len(rows) + 2))
    return validate.check_sector_fit(frame, ["coffee"], ["z"])[1]


def in_districts(**columns: str) -> tuple[Issue, ...]:
    official = gpd.GeoDataFrame(
        {"name_id": ["Kabupaten Timor"], "short_name": ["Timor"], "bps_code": ["1209"]},
        index=["1208"],
        geometry=[LAND],
        crs=4326,
    )
    own = gpd.GeoDataFrame({k: [v] for k, v in columns.items()}, geometry=[LAND], crs=4326)
    return refused(lambda: places.recognise(own, official, FORMER, file="own.gpkg"))


FORMER = pd.DataFrame(columns=["district_code"])
NAMED = dict.fromkeys(("name_id", "name_en", "within_id", "within_en"), "A") | {"outward": "no"}
AREALESS = {column: text for column, text in GOOD.items() if column != "district_code"}
NOTHING_GIVEN = dict.fromkeys(("name_id", "commodity", "lat", "lon"))


def in_base(kind: str, *polygons: tuple[str, shapely.Geometry]) -> list[Issue]:
    """What is said of a layer of named polygons that is brought for the base map."""
    names, drawn = zip(*polygons, strict=True)
    data = gpd.GeoDataFrame({"nama": names}, geometry=list(drawn), crs=4326).to_json().encode()
    inputs = shipped_inputs()
    try:
        return list(read_base(data, inputs, kind=kind, name="own.geojson").issues)
    except DataError as refused:
        return list(refused.issues)


def on_a_full_map() -> Sequence[Issue]:
    """What is said of an extract with more than a map can draw."""
    ways: list[tuple[Tags, list[Spot]]] = [
        ({"highway": road}, [(2.0, 99.0), (2.5, 99.0)]) for road in ("trunk", "primary")
    ]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(orientation, "MOST_CORNERS", 2)
        data, box = osm_xml(ways, []), shipped_inputs().bounds
        return base.orientation("own.osm", data, box=box).issues


@pytest.fixture(scope="module")
def issues() -> list[Issue]:
    village = shipped_inputs().villages.iloc[0]
    there = shapely.Point(float(str(village["lon"])), float(str(village["lat"]))).buffer(0.01)
    far = b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"nama":"A"},'
    far += b'"geometry":{"type":"LineString","coordinates":[[99,2],[99.1,2]]}}]}'
    drawn = gpd.GeoDataFrame(
        {"nama": ["A", "B"]}, geometry=[LAND.centroid, shapely.LineString([(99, 2), (99, 3)])]
    )
    among = drawn.to_json()
    unplaced, percent = io.BytesIO(), io.BytesIO()
    gpd.GeoDataFrame({"nama": ["A"]}, geometry=[shapely.Point(99, 2)]).to_parquet(unplaced)
    with xlsxwriter.Workbook(percent) as book:
        sheet, shown = book.add_worksheet(), book.add_format({"num_format": "0%"})
        sheet.write_row(0, 0, ["nama", "skor"])
        sheet.write_row(1, 0, ["A", 0.5], shown)
    bare = gpd.GeoDataFrame({"shapeName": ["A"]}, geometry=[LAND])
    return [
        *on_a_full_map(),
        *in_file(b"%PDF-1.7"),
        *in_file(b"\xff\x00\x80\x00"),
        *in_file(b"Rar!...."),
        *in_file(b"PK\x03\x04...."),
        *in_file(b"a" * 2_000_000, limit_mb=1),
        *in_file(b""),
        *in_file(b'nama,lat\n"A,2\n'),
        *in_file(b"nama,lat\n" + b"," * 3_000_000),
        *in_file(b"1,2\n3,4\n"),
        *in_file(b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le")),
        *in_file(b"nama,lat\n"),
        *load.read_table(b"nama,name,lat\nA,B,2\n", name="own.csv").issues,
        *refused(lambda: load.read_table(b"nama,author,author\nA,B,C\n", name="own.csv")),
        *load.read_table(far, name="own.csv").issues,
        *load.read_table(unplaced.getvalue(), name="own.csv").issues,
        *load.read_table(percent.getvalue(), name="own.csv").issues,
        Issue("column_unrecognised", "own.csv", None, "commodity", None, {"headings": ("Barang",)}),
        *load.read_table(
            b"nama,produksi\nA,48\n", name="own.csv", aspects=INSTRUMENT.headers
        ).issues,
        Issue("place_unrecognised", "own.csv", None, "lat", None, {"headings": ("Titik",)}),
        Issue("formulas_unvalued", "own.xlsx", None, None, None, {"count": 2}, "noted"),
        Issue("file_heavy", "own.csv", expected={"limit_mb": 1000}),
        Issue("file_cancelled", "own.csv"),
        Issue("layer_left", "own.csv", value="Kode", expected={"rows": 3}),
        *in_centers(GOOD | {"commodity": None, "products": "Kopi bubuk"}),
        Issue("file_slow", "own.csv", expected={"seconds": 60}),
        *in_centers(*[GOOD | {"center_id": "0"}] * 5),
        *in_centers(*[GOOD | {"commodity": None, "kbli": "10761", "name_id": n} for n in "ABC"]),
        *in_centers(GOOD | {"commodity": None, "file_layer": "coffee"}),
        *in_centers(GOOD | {"commodity": None, "name_id": "Sentra Kopi"}),
        *(i for n in ("group", "layer") for i in in_centers(AREALESS | {f"file_{n}": "Timor"})),
        *in_centers(AREALESS | {"file_title": "Data IKM Kabupaten Timor Tahun 2025"}),
        *load.read_table(b"nama,lat,komoditi\n1,2,3\nA,2,B\n", name="own.csv").issues,
        *load.read_table(among.encode(), name="own.csv").issues,
        *in_centers(*[GOOD | {"score_total": s} for s in ("0.5", "0.6", "0.7")]),
        *load.read_table(b"nama,lat\nA,2,3\n", name="own.csv").issues,
        *refused(lambda: load.read_table(Path("gone.csv"), name="gone.csv")),
        *refused(lambda: places.recognise(bare, bare, FORMER, file="own.gpkg")),
        *in_districts(colour="red"),
        *in_districts(shapeName="Jakarta"),
        *validate.check_aspects(pd.DataFrame({**NAMED, "aspect": ["Name It"]}))[1],
        *in_centers({"name_id": "A", "warna": "red"}),
        *(i for i in in_centers(*[GOOD | NOTHING_GIVEN] * 30_000) if i.row is None),
        *in_centers(GOOD | {"name_id": None, "commodity": None, "lat": None}),
        *in_centers(GOOD | {"name_id": "A" * 10_001}),
        *in_centers(GOOD | {"commodity": "batik"}),
        *in_centers(GOOD | {"commodity": "cofee", "district_code": "Timur"}),
        *in_centers(GOOD | {"district_code": "Mars", "category": "best"}),
        *in_centers(GOOD | {"district_code": "Sura"}),
        *in_centers(GOOD | {"position_precision": "exact", "position_basis": "rumour"}),
        *in_centers(GOOD | {"score_total": "170.06", "market": "many"}),
        *in_centers(GOOD | {"lat": "98.5", "lon": "2.5"}),
        *in_centers(GOOD | {"lat": "2°30' LU"}, GOOD | {"lat": "2500", "lon": "98500"}),
        *in_centers(GOOD | {"lon": "276386.5", "lat": "444415.5"}),
        *in_centers(GOOD | {"lat": "276386", "lon": "444415"}, GOOD | {"lat": "7250000"}),
        *in_centers(GOOD | {"lat": "276386", "lon": "444415", "epsg": "32647"}),
        *in_centers(GOOD | {"lat": "925000.5", "lon": "785000"}),
        *in_centers(GOOD | {"lat": None, "lon": None, "coordinates": "2.5, 98.5"}),
        *in_centers(GOOD | {"lat": None, "lon": None, "coordinates": "by the river"}),
        *in_centers(GOOD | {"coordinates": "2.7, 98.7"}),
        *in_centers(*[GOOD | {"category": "crafts"}] * 2),
        *in_centers(*[GOOD | {"district_code": "1210", "district_name": "Timor"}] * 2),
        *in_centers(GOOD | {"district_code": "1271", "district_name": "Kabupaten Timor"}),
        *habits.elsewhere(
            pd.DataFrame({"row": [2], "lat": [2.5], "lon": [98.5], "district_code": ["1210"]}),
            gpd.GeoDataFrame(index=["1208"], geometry=[LAND], crs=4326),
            "own.csv",
        ),
        *in_base("villages", ("x", shapely.Point(99, 2))),
        *in_base("villages", (str(village["name_id"]), there), ("Antah Berantah", there)),
        *in_base("subdistricts", (str(village["subdistrict"]), there), ("Antah Berantah", there)),
        *in_base("zones", ("x", shapely.Point(97.5, 1).buffer(0.01))),
        *in_base("villages", ("x", shapely.Point(110, -7).buffer(0.01))),
        *in_areas(district_code="Timor Raya"),
        *in_areas(district_code=None, subdistrict="Utara"),
        *in_areas(district_code=None, subdistrict="Antah"),
        *in_areas(lat="0", lon="0", subdistrict="Antah", village="Berantah"),
        *in_areas(subdistrict="Utara", village="Tepi"),
        *in_areas(lat="by the river", subdistrict="Selatan", village="Tepi"),
        *in_areas(subdistrict="Selatan"),
        *in_areas(subdistrict="Pesisir"),
        *in_areas(village="Baru"),
        *in_areas(district_code="1271", village="Samudra"),
        *in_areas(subdistrict="Utarra"),
        *in_areas(locality="Jl. Satu, Desa Lama Kec. Utara"),
        *in_areas(area_code="1271012001"),
        *in_areas(area_code="1208012001", village="Tepi"),
        *in_areas(area_code="ID1210010"),
        *in_centers(GOOD | {"lat": "91", "lon": "50"}),
        *in_centers(GOOD | {"lat": "50", "lon": "181"}),
        *in_centers(GOOD | {"lat": "-7", "lon": "110"}),
        *in_centers(GOOD | {"center_id": "a"}, GOOD | {"center_id": "a"}),
        *in_centers(GOOD, GOOD),
        *in_centers(GOOD | {"district_code": None}),
        *in_zone(area_ha="-5", **{"class": "park"}),
        *in_zone(name_id=None),
        *in_sector_fit(FIT, FIT),
    ]


READING = (
    *(
        "asides",
        "columns",
        "formats",
        "grids",
        "load",
        "shipped",
        "text_files",
        "vectors",
        "workbooks",
    ),
    *("base", "gazetteer", "habits", "implied", "places", "polygons", "validate", "worker"),
)


def codes_in_the_source() -> set[str]:
    """Every code that reading a list can give an issue."""
    makers = {"Issue", "_noted", "Doubt", "_rule", "_given", "_known", "_within", "noted"}
    codes = {
        str(node.args[0].value)
        for _, node in trees(*(f"reading/{name}.py" for name in READING))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") in makers
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    listed = {"lat_out_of_range", "lon_out_of_range", "outside_province"}
    listed |= {f"commodity_from_{way}" for way in ("kbli", "layer", "name", "products")}
    listed |= {f"district_from_{way}" for way in ("group", "layer", "title")}
    listed |= {"file_cancelled"}  # by the page
    listed |= {"column_unrecognised", "place_unrecognised"}
    listed |= {f"{kind}_{why}" for kind in base.DIGITS for why in ("lacking", "unrecognised")}
    listed |= {f"coordinates_{way}" for way in coordinates.WAYS}
    listed |= {
        f"coordinates_{why}" for why in ("differ", "point_lost", "metres_unplaced", "unread")
    }
    return codes | listed | {"precision_missing", "district_missing", "no_good_rows", "no_rows"}


def test_every_defect_that_the_code_can_find_is_tried_here(issues: list[Issue]) -> None:
    assert {issue.code for issue in issues} == codes_in_the_source()


@BOTH
def test_every_defect_has_a_sentence_with_all_its_particulars(
    say: Messages, issues: list[Issue]
) -> None:
    assert [code for code in codes_in_the_source() if not say.has(f"issue.{code}")] == []
    for issue in issues:
        sentence = say.issue(issue)
        assert sentence.startswith(issue.file)
        assert not set(sentence) & set("{}")
        assert "None" not in sentence
        assert "nan" not in re.findall(r"\w+", sentence)
        if issue.row is not None:
            assert str(issue.row) in sentence


@BOTH
def test_sentence_quotes_the_cell_and_the_range(say: Messages) -> None:
    found = in_centers(GOOD | {"score_total": "170.06"})
    sentence = say.issue(next(i for i in found if i.code == "score_out_of_range"))
    for part in ("own.csv", "2", "score_total", "170.06", "0", "100"):
        assert part in sentence


@BOTH
def test_near_miss_is_told_what_was_probably_meant(say: Messages) -> None:
    issues = in_centers(GOOD | {"district_code": "Kabupaten Timur"})
    (issue,) = [issue for issue in issues if issue.code == "unknown_district"]
    assert "Kabupaten Timor" in say.issue(issue)


@BOTH
def test_long_cell_is_not_quoted_whole(say: Messages) -> None:
    (issue,) = [i for i in in_centers(GOOD | {"category": "x" * 9_000}) if i.severity == "rejected"]
    assert len(say.issue(issue)) < 500


@pytest.mark.parametrize(("column", "low", "high"), [("lat", -2, 6), ("lon", 95, 102)])
def test_a_remedy_for_a_coordinate_shows_a_coordinate(column: str, low: int, high: int) -> None:
    """Planner 18: for a latitude the remedy said "such as 70.06"."""
    told = EN.problem(Issue("not_a_number", "f.csv", 2, column, "two"))
    (example,) = re.findall(r"such as ([\d.]+)\.", told)
    assert low <= float(example) <= high
