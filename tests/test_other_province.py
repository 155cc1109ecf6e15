"""The app on another, made-up province shows no word of North Sumatra, on screen and on paper.

Eight square districts far to the east, two zones, six centers; drawn by hand.
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pypdfium2
import pytest
import shapely
from streamlit.testing.v1 import AppTest

from ikmgeo import analysis
from ikmgeo.handout import Handout
from ikmgeo.handouts import assessment_sheets, atlas, cartography, datasets, portable, workbook
from ikmgeo.measures.composite import Composition
from ikmgeo.measures.scoring import Scheme
from ikmgeo.reading import load
from ikmgeo.reading.columns import SHIPPED_COLUMNS
from ikmgeo.records import assessments
from ikmgeo.records.assessments import Assessment
from ikmgeo.records.store import Store
from ikmgeo.settings import SHIPPED_DATA, Settings
from ikmgeo.ui.frame import PAGES, PRESENT
from ikmgeo.ui.server import SCRIPT
from ikmgeo.view import Known, View, opening
from tests.saying import REGION

NAMES = ("Alfa", "Beta", "Gama", "Delta", "Epsilon", "Zeta", "Eta", "Teta")
WEST, SOUTH, SIDE = 139.0, -5.0, 0.5
LANGUAGES = pytest.mark.parametrize("language", ["id", "en"])
TERMS = "CC0"
ASPECTS = (
    *(("skill", "Keahlian", ""), ("tools", "Perkakas", "")),
    *(("trust", "Gotong royong", ""), ("port_tie", "Ikatan kawasan", "ie")),
)
"""Code, Indonesian name, and class of the zones that it is about."""

FOUR = {"skill": 80.0, "tools": 60.0, "trust": 40.0, "port_tie": 20.0}


def square(at: int) -> shapely.Polygon:
    """The district ``at``: four in each of two rows."""
    west, south = WEST + SIDE * (at % 4), SOUTH + SIDE * (at // 4)
    return shapely.box(west, south, west + SIDE, south + SIDE)


def made_up() -> dict[str, list[dict[str, Any]]]:
    """Rows of each table."""
    region: dict[str, Any] = {
        "province_code": "99",
        "name_id": "Papua Uji",
        "name_en": "Test Papua",
    }
    region |= {"west": 139, "south": -5, "east": 141, "north": -4}
    centers = []
    for at in range(6):
        middle = square(at).centroid
        name = f"{'Sagu' if at % 2 else 'Noken'} {NAMES[at]}"
        centers.append(
            {
                **{"center_id": f"c{at}", "name_id": f"Sentra {name}", "name_en": f"{name} Center"},
                **{"commodity": "sago" if at % 2 else "noken", "district_code": f"990{at + 1}"},
                **{"lat": middle.y, "lon": middle.x, "position_precision": "district"},
                **{"position_source": "drawn by hand", "score_claim": f"Q{at}"},
                "category_claim": f"Q{at}",
            }
        )
    scores = (61.5, 58.25, 45.0, 41.5, 33.0, 21.75)
    categories = ("ripe", "ripe", "green", "green", "seed", "seed")
    claims = [
        {
            **{"claim_id": f"Q{at}", "kind": "score", "center_id": f"c{at}", "value": score},
            **{"category": category, "section": "1", "used_for": "score", "of": "a center"},
        }
        for at, (score, category) in enumerate(zip(scores, categories, strict=True))
    ]
    return {
        "region": [region],
        "aspects": [
            {
                **{"aspect": code, "name_id": name, "name_en": f"The {code}"},
                **{"within_id": name.lower(), "within_en": f"the {code}", "outward": "no"},
                **{"zone_class": zone_class},
            }
            for code, name, zone_class in ASPECTS
        ],
        "categories": [
            {
                **{"category": code, "name_id": name, "name_en": code.title(), "shape": shape},
                **{"colour": colour, "phases": phases},
            }
            for code, name, shape, colour, phases in (
                ("ripe", "Masak", "pentagon", "purple", "3"),
                ("green", "Mentah", "circle", "green", "2"),
                ("seed", "Benih", "cross_fill", "sky", "1"),
            )
        ],
        "former_names": [{"former_name": "Alfa Lama", "district_code": "9901"}],
        "commodities": [
            {"commodity": "sago", "name_id": "Sagu", "name_en": "Sago"},
            {"commodity": "noken", "name_id": "Noken", "name_en": "Noken"},
        ],
        "zones": [
            {
                **{"zone_id": "za", "name_id": "Kawasan Ekonomi Khusus Uji", "short_name": "KEK U"},
                **{"class": "sez", "lat": -4.7, "lon": 139.2, "area_ha": 900},
                **{"status": "operating", "source": "drawn by hand"},
            },
            {
                **{"zone_id": "zb", "name_id": "Kawasan Industri Coba", "short_name": "KI C"},
                **{"class": "ie", "lat": -4.2, "lon": 140.8, "area_ha": 400},
                **{"status": "operating", "source": "drawn by hand"},
            },
        ],
        "sector_fit": [
            {"commodity": c, "zone_id": z, "fit": fit, "reason": "By hand.", "source": "by hand"}
            for c, z, fit in (("sago", "za", 1), ("sago", "zb", 0), ("noken", "zb", 0.5))
        ],
        "places": [
            {
                **{"place_id": "p", "kind": "port", "name_id": "Pelabuhan Uji", "lat": -4.9},
                **{"lon": 139.9, "verified": "yes", "service": "yes", "source": "by hand"},
            }
        ],
        "villages": [
            {"village_code": "9901012001", "name_id": "Satu", "subdistrict": "Uji", "lat": -4.8}
            | {"lon": 139.2}
        ],
        "sources": [
            {"layer": layer, "file": f"{layer}.csv", "name_id": layer, "name_en": layer}
            | {"source": "drawn by hand", "date": "2026", "licence": TERMS}
            for layer in ("claims", "centers", "districts", "zones")
        ],
        "centers": centers,
        "claims": claims,
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of the made-up province; what it does not tell is only a header."""
    data = tmp_path_factory.mktemp("data")
    tables = made_up()
    for name, columns in SHIPPED_COLUMNS.items():
        with (data / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(tables.get(name, []))
    districts = [
        {
            **{"kind": "district", "district_code": f"990{at + 1}", "bps_code": f"991{at + 1}"},
            **{"name_id": f"Kabupaten {name}", "short_name": name, "type": "kabupaten"},
            **{"capital": f"Kota {name}", "capital_lat": square(at).centroid.y},
            **{"capital_lon": square(at).centroid.x, "area_km2": 3070.0, "population": 1000 + at},
            **{"population_date": "2024-12", "note": None},
        }
        for at, name in enumerate(NAMES)
    ]
    layers: dict[str, list[Any]] = {
        "districts": [(row, square(at)) for at, row in enumerate(districts)],
        "surroundings": [
            ({"kind": "province", "name_id": "Seberang"}, shapely.box(141, -5, 142, -4))
        ],
        "subdistricts": [
            (
                {"area_code": "990101", "name_id": "Uji", "villages": 1, "spacing_km": 2.0},
                shapely.box(139.1, -4.9, 139.3, -4.7),
            )
        ],
    }
    (data / "story.json").write_text('{"name": "Uji", "scenes": []}', encoding="utf-8")
    (data / "geo").mkdir()
    for name, features in layers.items():
        drawn = [
            {"type": "Feature", "properties": row, "geometry": shapely.geometry.mapping(shape)}
            for row, shape in features
        ]
        told = {"type": "FeatureCollection", "features": drawn}
        (data / "geo" / f"{name}.geojson").write_text(json.dumps(told), encoding="utf-8")
    return data


def foreign() -> re.Pattern[str]:
    """Names of the shipped province, its districts, seats, neighbours, zones and centers.

    So are those of its aspects and categories that no sentence has without them.
    """
    read = {
        name: pd.read_csv(SHIPPED_DATA / f"{name}.csv", dtype="str")
        for name in ("districts", "zones", "centers", "places")
    }
    columns = {"districts": ["short_name", "capital"], "places": ["name_id"]}
    columns |= {"zones": ["name_id", "short_name"], "centers": ["name_id", "name_en"]}
    names = {REGION.name_id, REGION.name_en, "Sumatera", "Sumatra", "KIM", "Aceh", "Riau"}
    names |= {"Unggulan", "Berkembang", "Potensial", "Pembinaan", "Excellent", "Under development"}
    names |= {"Kelembagaan", "Keberlanjutan", "Sustainability", "SEZ linkage"}
    names |= {"Enam aspek", "Six aspects"}
    for table, some in columns.items():
        names |= set(read[table][some].melt()["value"].dropna())
    return re.compile(rf"\b({'|'.join(re.escape(name) for name in sorted(names))})\b")


FOREIGN = foreign()


def found(text: str) -> set[str]:
    """Words of North Sumatra in a text."""
    return {hit[0] for hit in FOREIGN.finditer(text)}


def shown(block: Any) -> Iterator[str]:
    """Everything that Streamlit would send, as text."""
    yield str(getattr(block, "proto", ""))
    for child in getattr(block, "children", {}).values():
        yield from shown(child)


@pytest.fixture(scope="module")
def inputs(folder: Path) -> analysis.Inputs:
    return analysis.gather(Settings(data=folder))


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Address of a store with an assessment of all four aspects."""
    url = f"sqlite:///{tmp_path_factory.mktemp('store')}/kept.sqlite"
    made = Assessment(center_id="c0", author="A", assessed_on=date(2026, 3, 1), scores=FOUR)
    Store.open(url).save(made)
    return url


def test_its_instrument_has_no_printed_ranges_and_three_steps(inputs: analysis.Inputs) -> None:
    instrument = inputs.instrument
    assert [*instrument.aspects] == [*FOUR]
    assert instrument.linkages == {"port_tie": "ie"}
    assert (instrument.bounds, instrument.cuts) == ((), (33.33, 66.67))
    assert instrument.lower == ("seed",)


def test_an_assessment_is_scored_weighed_and_sorted(inputs: analysis.Inputs, database: str) -> None:
    recorded = assessments.standings(Store.open(database).latest(), [*FOUR])
    assert recorded["c0"].complete
    measured = analysis.measure(inputs)
    found = assessments.aspects(measured.centers, recorded, [*FOUR])
    equal = opening("id", Known(inputs.instrument)).composition.weights
    assert equal == dict.fromkeys(FOUR, 25.0)
    weights = equal.rebalanced("skill", 70)  # the others 10 each: 56 + 6 + 4 + 2
    composition = Composition("assessed", weights)
    proximity = analysis.linkage_aspects(measured, inputs, 25.0)
    assert [*proximity] == ["port_tie"]
    scored = analysis.compose(measured, found, proximity, composition)
    assert scored.centers.at["c0", "score"] == 68
    for cuts, category in (((), "ripe"), ((33.33, 68), "green"), ((68.01, 70), "seed")):
        sorted_in = analysis.classify(scored, inputs.instrument, Scheme("custom", cuts))
        assert sorted_in.at["c0", "category"] == category


def test_the_form_for_assessments_comes_back_with_four_aspects(inputs: analysis.Inputs) -> None:
    text = assessment_sheets.SheetText("T", ["s"], ("a", "b", "c"), {})
    made = Assessment(center_id="c0", author="A", assessed_on=date(2026, 3, 1), scores=FOUR)
    form = assessment_sheets.template_xlsx([text], inputs.centers, [*FOUR], assessments=[made])
    tables = load.read_sheets(form, name="f.xlsx", aspects=inputs.instrument.headers)
    filled = assessment_sheets.read_assessments(
        tables, inputs.centers, [*FOUR], today=date(2026, 3, 1)
    )
    assert [a.scores for a in filled.good] == [FOUR]


def test_distances_and_paper_are_in_the_utm_zone_of_the_districts(inputs: analysis.Inputs) -> None:
    assert inputs.crs == "EPSG:32754"
    assert inputs.bounds == (139.0, -5.0, 141.0, -4.0)
    assert [i for i in inputs.issues if i.code not in ("no_rows", "precision_missing")] == []


@LANGUAGES
@pytest.mark.parametrize(
    ("page", "params"),
    [
        ("map", {"center": "c0", "km": "50"}),
        ("districts", {"district": "9901"}),
        ("linkage", {"center": "c0"}),
        ("scoring", {"section": "weights", "scores": "assessed"}),
        ("scoring", {"section": "certainty", "scheme": "custom"}),
        ("scoring", {"section": "schemes"}),
        ("scoring", {"section": "next", "center": "c0"}),
        ("scoring", {"section": "assess", "center": "c0"}),
        ("scoring", {"section": "frameworks", "framework": "swot", "center": "c0"}),
        ("linkage", {"section": "tests"}),
        ("workshop", {}),
        ("sources", {"section": "sources"}),
        ("sources", {"section": "own"}),
        ("present", {}),
    ],
)
@pytest.mark.app
def test_no_page_shows_a_word_of_north_sumatra(
    folder: Path,
    database: str,
    monkeypatch: pytest.MonkeyPatch,
    page: str,
    params: dict[str, str],
    language: str,
) -> None:
    monkeypatch.setenv("IKMGEO_DATA", str(folder))
    monkeypatch.setenv("IKMGEO_DATABASE_URL", database)
    app = AppTest.from_file(SCRIPT, default_timeout=120)
    app.query_params.update({"lang": language, **params})
    app.switch_page({**PAGES, "present": PRESENT}[page]).run()
    assert not app.exception
    assert not app.error
    text = "\n".join(shown(app._tree))
    assert found(text) == set()


@pytest.fixture(scope="module", params=["id", "en"])
def handed(
    request: pytest.FixtureRequest,
    inputs: analysis.Inputs,
    hand_out: Callable[..., Handout],
) -> Handout:
    return hand_out(inputs, view=View(language=request.param))


def test_no_file_taken_away_holds_a_word_of_north_sumatra(handed: Handout) -> None:
    document = pypdfium2.PdfDocument(atlas.atlas_pdf(handed))
    book = zipfile.ZipFile(io.BytesIO(workbook.xlsx(handed)))
    files = {
        "atlas": " ".join(page.get_textpage().get_text_bounded() for page in document),
        "map": cartography.map_svg(handed, width_mm=200, height_mm=200),
        "page": portable.page(handed),
        "geopackage": datasets.geopackage(handed).decode("utf-8", "ignore"),
        "workbook": " ".join(book.read(n).decode() for n in book.namelist() if n.endswith("xml")),
    }
    assert {name: found(text) for name, text in files.items() if found(text)} == {}
    assert {"id": "Papua Uji", "en": "Test Papua"}[handed.say.language] in files["atlas"]
    assert "Alfa" in files["atlas"]
    assert "54S" in files["atlas"]
