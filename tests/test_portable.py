"""The one-file hand-out, read as a browser would read it: what is in it, and what never is."""

import base64
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from geographiclib.geodesic import Geodesic

from ikmgeo import analysis, tables
from ikmgeo.analysis import Inputs
from ikmgeo.display import assets, maps
from ikmgeo.filters import Filters
from ikmgeo.folders import STATIC
from ikmgeo.handout import Handout, sources
from ikmgeo.handouts import portable
from ikmgeo.measures.scoring import Scheme
from ikmgeo.reading.base import Origin
from ikmgeo.reading.own import Own
from ikmgeo.settings import SHIPPED_DATA
from ikmgeo.view import View
from ikmgeo.words.messages import Messages
from tests.planes import on_plane
from tests.saying import SAY

ID, EN = SAY["id"], SAY["en"]
VOID = {"meta", "link", "img", "input", "br"}
LOADS = {"src", "href", "srcset", "data", "action", "poster", "background", "style", "xlink:href"}
PAYLOADS = [
    "<script>window.PWN=1</script>",
    "</script><script>window.PWN=2</script>",
    "<img src=x onerror=window.PWN=3>",
    '" onmouseover="window.PWN=4',
    "{{ 31337*4243 }}{% raw %}",
    "${window.PWN=5}",
    "<!--<script>",
    "]]>\u2028\u2029</style>",
    "مركز \u202eالقهوة",
    "{kept} {name} \\u003cb\\u003e",
    "N" * 9_950,
]
RAN = str(31337 * 4243)


class Reader(HTMLParser):
    """Elements, texts and scripts of a page, by Python's own parser."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.raw: dict[str, list[str]] = {"script": [], "style": [], "json": []}
        self._within: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag in ("script", "style"):
            self._within.append("json" if dict(attrs).get("id") == "data" else tag)
            self.raw[self._within[-1]].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._within.pop()

    def handle_data(self, data: str) -> None:
        if self._within:
            self.raw[self._within[-1]][-1] += data
        elif data.strip():
            self.texts.append(data.strip())

    @property
    def data(self) -> dict[str, Any]:
        (text,) = self.raw["json"]
        return dict(json.loads(text))


@lru_cache
def _read(page: str) -> Reader:
    return Reader(page)


HandOut = Callable[..., Handout]
Take = Callable[..., Reader]


@pytest.fixture(scope="module")
def take(hand_out: HandOut) -> Take:
    """Read the page of some data in a view."""
    return lambda *inputs, **rest: _read(portable.page(hand_out(*inputs, **rest)))


def column(reader: Reader, number: int) -> list[Any]:
    return [row[-1][number] for row in reader.data["centers"]]


def test_thirteen_centers_take_less_than_three_megabytes(hand_out: HandOut) -> None:
    page = portable.page(hand_out())
    assert len(page.encode()) < 3_000_000
    assert len(Reader(page).data["centers"]) == 13


def test_the_page_bears_the_name_and_mark_of_the_product(take: Take) -> None:
    reader = take()
    icon = base64.b64encode((STATIC / "icon.png").read_bytes()).decode()
    marks = [a.get("src") or a.get("href") for t, a in reader.elements if t in ("img", "link")]
    assert marks.count(f"data:image/png;base64,{icon}") == 2
    assert "Diambil dari ikmgeo pada" in reader.texts


def test_no_element_and_no_style_asks_for_anything_outside(take: Take) -> None:
    reader = take(view=View(places=True, selection=("center", "karo-coffee")))
    panels = reader.data["panels"]
    inner = [panels["none"], *panels["center"], *panels["district"].values(), *panels["zone"]]
    elements = [*reader.elements, *(e for html in inner for e in Reader(html).elements)]
    asked = [
        (tag, name, value)
        for tag, attributes in elements
        for name, value in attributes.items()
        if name in LOADS and not str(value).startswith(("#", "data:"))
    ]
    assert asked == []
    assert sum(tag == "img" for tag, _ in elements) > 13  # the search finds images at all
    addresses = re.findall(r"url\(([^)]*)\)", "".join(reader.raw["style"]))
    assert {a.partition(",")[0] for a in addresses} == {"data:image/png;base64", "#default#VML"}
    assert "@import" not in "".join(reader.raw["style"])
    assert not re.search(r"sourceMappingURL|XMLHttpRequest|fetch\(", "".join(reader.raw["script"]))


def test_the_policy_lets_these_scripts_run_and_nothing_be_asked_for(take: Take) -> None:
    reader = take()
    (policy,) = [a["content"] for t, a in reader.elements if t == "meta" and "http-equiv" in a]
    rules = {r.split()[0]: r.split()[1:] for r in str(policy).split(";")}
    digests = [hashlib.sha256(s.encode()).digest() for s in reader.raw["script"]]
    assert len(digests) == 5
    assert rules == {
        "default-src": ["'none'"],
        "script-src": [f"'sha256-{base64.b64encode(d).decode()}'" for d in digests],
        "style-src": ["'unsafe-inline'"],
        "img-src": ["data:"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
    }


@pytest.mark.parametrize(
    ("rule", "complaint"),
    [
        ("a{background:url(https://example.org/a.png)}", "asks for 'https://example.org/a.png'"),
        ("a{background:url('//example.org/a.png')}", "asks for"),
        ("a{background:url(../../outside.png)}", "asks for"),
        ('@import "more.css";', "@import"),
        ("a{}</STYLE>", "</style"),
    ],
)
def test_a_style_that_needs_something_else_is_refused(
    tmp_path: Path, rule: str, complaint: str
) -> None:
    (tmp_path / "bad.css").write_text(rule)
    with pytest.raises(ValueError, match=re.escape(complaint)):
        assets.style(tmp_path / "bad.css")


def test_a_script_that_would_end_its_element_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hand_out: HandOut
) -> None:
    (tmp_path / "bad.js").write_text("const a = '</SCRIPT>';")
    monkeypatch.setattr(assets, "SCRIPTS", (tmp_path / "bad.js",))
    with pytest.raises(ValueError, match="'</script'"):
        portable.page(hand_out())


@pytest.mark.parametrize(("say", "score"), [(ID, "70,06"), (EN, "70.06")], ids=["id", "en"])
def test_the_page_speaks_the_language_of_the_view(
    take: Take, hand_out: HandOut, say: Messages, score: str
) -> None:
    view = View(language=say.language)
    reader = take(view=view)
    assert ("html", {"lang": say.language}) in reader.elements
    day = {"id": "22 November 2026", "en": "22 November 2026"}[say.language]
    for told in (say("map.heading"), say("filter.categories"), say("table.nearest_km"), day):
        assert told in reader.texts
    assert set(sources(hand_out(view=view))) <= set(reader.texts)
    names = pd.read_csv(SHIPPED_DATA / "centers.csv")[f"name_{say.language}"]
    assert sorted(column(reader, 1)) == sorted(names)
    assert [70.06, score] in column(reader, 3)
    assert say("distance.heading") in reader.data["panels"]["center"][0]
    assert say("map.legend") in reader.data["legend"]


def test_the_page_holds_the_centers_that_pass_the_filters_and_no_others(take: Take) -> None:
    filters = Filters(categories=("potential",), within_km=40.0)
    reader = take(view=View(language="en", filters=filters))
    centers = pd.read_csv(SHIPPED_DATA / "centers.csv").set_index("center_id")
    claims = pd.read_csv(SHIPPED_DATA / "claims.csv").set_index("claim_id")
    potential = centers[centers["category_claim"].map(claims["category"]) == "potential"]
    zones = pd.read_csv(SHIPPED_DATA / "zones.csv")
    near = {
        row["name_en"]
        for _, row in potential.iterrows()
        if min(
            Geodesic.WGS84.Inverse(row["lat"], row["lon"], z["lat"], z["lon"])["s12"] / 1000
            for _, z in zones.iterrows()
        )
        <= 40
    }
    assert 0 < len(near) < len(potential)
    assert set(column(reader, 1)) == near
    text = json.dumps(reader.data, ensure_ascii=False) + " ".join(reader.texts)
    for _, row in centers.iterrows():
        assert (row["name_en"] in text) == (row["name_en"] in near)
    assert f"{len(near)} of 13 centers" in reader.texts
    for told in ("Category", "Potential", "Nearest zone ≤ 40 km"):
        assert told in reader.texts
    assert reader.data["partial"] is True


def test_districts_count_all_centers_as_on_screen_and_the_file_says_so(take: Take) -> None:
    filtered = take(view=View(language="en", filters=Filters(commodities=("coffee",))))
    coffee, every = filtered.data["panels"], take(view=View(language="en")).data["panels"]
    assert "2 centers" in every["district"]["1208"]
    assert coffee["district"]["1208"] == every["district"]["1208"]
    assert "all centers, whatever the filters" in filtered.texts
    assert "Batu Bara Tenun Weaving Center" in every["zone"][0]
    assert "Batu Bara Tenun Weaving Center" not in coffee["zone"][0]


def test_the_first_lines_name_only_the_filters_that_were_set(take: Take) -> None:
    texts = take(view=View(language="en")).texts
    above = texts[: texts.index("Filters")]
    assert "Classification scheme" in above
    assert not {"Category", "Commodity", "Search"} & set(above)


def test_each_center_lies_where_the_data_say_with_its_area_and_its_km(take: Take) -> None:
    reader = take(view=View(language="en"))
    centers = pd.read_csv(SHIPPED_DATA / "centers.csv").set_index("name_en")
    zones = pd.read_csv(SHIPPED_DATA / "zones.csv")
    assert [z[2:4] for z in reader.data["zones"]] == zones[["lat", "lon"]].to_numpy().tolist()
    names = {"district": "Kabupaten|Kota", "subdistrict": "Kec", "village": "Desa|Kelurahan"}
    for lat, lon, *_, area, lines, _, _, _, cells in reader.data["centers"]:
        center = centers.loc[cells[1]]
        assert [lat, lon] == pytest.approx([center["lat"], center["lon"]], abs=1e-5)
        where, corners = reader.data["areas"][area]
        assert re.search(f"anywhere in ({names[center['position_precision']]})", where)
        ((outline, *holes),) = corners
        shape = shapely.Polygon(outline, holes)
        assert shape.distance(shapely.Point(lat, lon)) < maps.AREA_TOLERANCE_DEG
        for (told,), (_, zone) in zip(lines, zones.iterrows(), strict=True):
            inverse = Geodesic.WGS84.Inverse(center["lat"], center["lon"], zone["lat"], zone["lon"])
            assert told == f"{inverse['s12'] / 1000:.1f} km"


def test_a_line_ends_where_the_outline_of_a_zone_is_nearest(take: Take, shipped: Inputs) -> None:
    zone = tables.row(shipped.zones, "kim")
    west, south = zone["lon"] - 0.01, zone["lat"] - 0.01
    square = gpd.GeoDataFrame(
        geometry=[shapely.geometry.box(west, south, west + 0.02, south + 0.02)],
        index=pd.Index(["kim"], name="zone_id"),
        crs="EPSG:4326",
    )
    reader = take(replace(shipped, footprints=on_plane(square)))
    at = list(shipped.zones.index).index("kim")
    for lat, lon, *_, lines, _, _, _, _ in reader.data["centers"]:
        _, end_lat, end_lon = lines[at]
        assert shapely.Point(end_lon, end_lat).distance(square.geometry.iloc[0].boundary) < 1e-4
        assert end_lat == pytest.approx(np.clip(lat, south, south + 0.02), abs=2e-3)
        assert end_lon == pytest.approx(np.clip(lon, west, west + 0.02), abs=2e-3)
    (outline,) = [row[0] for row in reader.data["footprints"] if len(row) == 1]
    corners = {tuple(spot) for part in outline for ring in part for spot in ring}
    assert (round(south, 4), round(west, 4)) in corners


def test_contradictions_stand_in_table_map_and_panel(take: Take) -> None:
    reader = take(view=View(language="en"))
    rows = {
        row[-1][1]: (row[3], panel)
        for row, panel in zip(reader.data["centers"], reader.data["panels"]["center"], strict=True)
    }
    conflicting = {name for name, (flag, _) in rows.items() if flag}
    assert conflicting == {"Serdang Bedagai Pandan Weaving Center", "Karo Coffee Center"}
    assert (
        "the map uses 58.55, but the paper also prints 50.466"
        in (rows["Serdang Bedagai Pandan Weaving Center"][1])
    )
    assert EN("map.conflicting") in reader.data["legend"]


def test_what_is_missing_is_a_dash_and_sorts_as_nothing(take: Take, shipped: Inputs) -> None:
    own = shipped.centers.assign(score_total=np.nan, district_code=None, lat=3.0, lon=90.0)
    reader = take(analysis.with_centers(shipped, own, in_place=True))
    first = reader.data["centers"][0]
    assert first[6] is None
    assert first[-1][0] == first[-1][3] == first[-1][5] == [None, "–"]
    assert first[2] == "unscored"


def test_the_ring_of_a_distance_filter_and_the_places_are_drawn(take: Take) -> None:
    plain = take()
    ringed = take(view=View(filters=Filters(within_km=50.0, zone="kim"), places=True))
    assert plain.data["places"] == []
    places = pd.read_csv(SHIPPED_DATA / "places.csv")
    assert len(ringed.data["places"]) == len(places)
    (((ring,),),) = [corners for corners, _, _ in ringed.data["rings"]]
    zone = pd.read_csv(SHIPPED_DATA / "zones.csv").set_index("zone_id").loc["kim"]
    for lat, lon in ring:
        inverse = Geodesic.WGS84.Inverse(lat, lon, zone["lat"], zone["lon"])
        assert inverse["s12"] == pytest.approx(50_000, rel=2e-3)
    assert ID("map.attribution_places") in ringed.texts


@pytest.mark.parametrize(
    ("selection", "found"),
    [
        (("district", "1209"), ["district", "1209"]),
        (("zone", "kim"), ["zone", 1]),
        (("center", "nobody"), None),
        (None, None),
    ],
)
def test_the_page_opens_on_what_is_chosen(
    take: Take, selection: tuple[str, str] | None, found: list[object] | None
) -> None:
    zones = list(pd.read_csv(SHIPPED_DATA / "zones.csv")["zone_id"])
    expected = ["zone", zones.index("kim")] if found and found[0] == "zone" else found
    assert take(view=View(selection=selection)).data["selection"] == expected


def test_a_chosen_center_is_found_by_its_row(take: Take) -> None:
    reader = take(view=View(language="en", selection=("center", "karo-coffee")))
    kind, at = reader.data["selection"]
    assert (kind, column(reader, 1)[at]) == ("center", "Karo Coffee Center")


def test_the_scheme_of_the_view_decides_the_categories(take: Take) -> None:
    reader = take(view=View(language="en", scheme=Scheme("printed_ranges")))
    names = dict(zip(column(reader, 1), column(reader, 2), strict=True))
    assert names["Batu Bara Tenun Weaving Center"][1] == "In no category"
    assert "In no category" in reader.data["legend"]


@pytest.mark.parametrize("missing", ["centers", "zones", "districts", "commodities"])
def test_a_page_is_made_of_whatever_data_there_are(
    take: Take, shipped: Inputs, missing: str
) -> None:
    inputs = replace(shipped, **{missing: getattr(shipped, missing).iloc[:0]})
    if missing in ("zones", "commodities"):
        fit = shipped.sector_fit.iloc[:, :0] if missing == "zones" else shipped.sector_fit.iloc[:0]
        inputs = replace(inputs, sector_fit=fit)
    reader = take(inputs)
    assert len(reader.data["centers"]) == (0 if missing == "centers" else 13)
    assert len(reader.data["zones"]) == (0 if missing == "zones" else 3)


def test_a_view_without_any_center_still_makes_a_page(take: Take) -> None:
    reader = take(view=View(language="en", filters=Filters(text="nowhere")))
    assert reader.data["centers"] == []
    assert "0 of 13 centers" in reader.texts
    assert "nowhere" in reader.texts


def test_an_own_file_is_named_above_the_map(take: Take, shipped: Inputs) -> None:
    centers = shipped.centers.iloc[:3]
    inputs = analysis.with_centers(shipped, centers, in_place=True)
    texts = take(inputs, own=Own("desa.csv", centers, True), view=View(language="en")).texts
    above = " ".join(texts[: texts.index("Filters")])
    assert "desa.csv" in above
    assert "3 of 3 centers" in above


def hostile(inputs: Inputs) -> Inputs:
    """Payloads in every text of centers, commodities, zones, areas, claims, places, districts."""

    def spoilt(frame: Any) -> Any:
        kept = {"position_precision", "position_basis", "category", "used_for", "kind", "class"}
        kept |= {"commodity", "district_code", "district", "geometry", "zone_id", "center_id"}
        kept |= {"status_date", "score_claim", "category_claim", "alternative_claims", "value"}
        kept |= {"low", "high", "value_printed", "contradicts", "service"}
        texts = [
            c
            for c in frame.select_dtypes(include=["object", "str"]).columns
            if c not in kept and not c.endswith("_claim")
        ]
        attacks = [
            [PAYLOADS[(i + j) % len(PAYLOADS)] for i in range(len(frame))]
            for j, _ in enumerate(texts)
        ]
        return frame.assign(**dict(zip(texts, attacks, strict=True)))

    spoilt_tables = {
        name: spoilt(getattr(inputs, name))
        for name in ("centers", "commodities", "zones", "zone_areas", "claims", "places")
    }
    return replace(
        inputs,
        **spoilt_tables,
        districts=spoilt(inputs.districts),
        origins={"districts": Origin("<img src=x onerror=window.PWN=9>")},
    )


def test_hostile_texts_stay_texts(take: Take, shipped: Inputs) -> None:
    own = shipped.centers.iloc[:1]
    view = View(
        places=True, filters=Filters(text=""), selection=("center", str(shipped.centers.index[0]))
    )
    reader = take(hostile(shipped), view=view, own=Own(PAYLOADS[1], own, False))
    clean = take(view=replace(view))
    assert {tag for tag, _ in reader.elements} == {tag for tag, _ in clean.elements}
    assert len(reader.raw["script"]) == 5
    panels = reader.data["panels"]
    htmls = [*panels["center"], *panels["district"].values(), *panels["zone"]]
    htmls += [reader.data["legend"], reader.data["attribution"], *reader.data["titles"]]
    htmls += [part for row in reader.data["zones"] + reader.data["places"] for part in row[4:]]
    safe = {"div", "h2", "h3", "p", "strong", "ul", "li", "small", "span", "dl", "dt", "dd", "img"}
    safe |= {"table", "caption", "thead", "tbody", "tr", "th", "td", "svg", "path", "circle"}
    safe |= {"details", "summary", "b", "ol"}
    found = [element for html in htmls for element in Reader(html).elements]
    assert {tag for tag, _ in found} <= safe
    assert not [n for _, attributes in found for n in attributes if n.startswith("on")]
    assert not [n for _, attributes in reader.elements for n in attributes if n.startswith("on")]
    told = {text for html in panels["center"] for text in Reader(html).texts}
    for payload in PAYLOADS:
        assert any(" ".join(payload.split()) in " ".join(text.split()) for text in told)
    assert set(column(reader, 1)) <= set(PAYLOADS)
    assert RAN not in json.dumps(reader.data) + " ".join(reader.texts)


def test_no_mark_of_the_data_can_end_its_script(take: Take, shipped: Inputs) -> None:
    (text,) = take(hostile(shipped)).raw["json"]
    assert not set(text) & set("<>&")


def test_many_centers_make_a_bounded_file(
    hand_out: HandOut, shipped: Inputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With 13,762 at most 9 MB: 1 for the map, 7 kB for each panel, 300 bytes for each row."""
    assert portable.MOST_PANELS == 500
    monkeypatch.setattr(portable, "MOST_PANELS", 20)
    sizes = []
    for count in (100, 1_100):
        at = np.resize(np.arange(len(shipped.centers)), count)
        ids = pd.Index([f"own-{i}" for i in range(count)], name="center_id")
        names = pd.Series(ids, index=ids)
        own = shipped.centers.iloc[at].set_axis(ids).assign(name_id=names, name_en=names)
        inputs = analysis.with_centers(shipped, own, in_place=False)
        page = portable.page(hand_out(inputs, own=Own("besar.csv", own, False)))
        data = Reader(page).data
        assert len(data["centers"]) == count + 13
        told = zip(data["centers"], data["panels"]["center"], strict=True)
        panels = {row[-1][1]: panel for row, panel in told if panel is not None}
        assert 20 <= len(panels) <= 20 + 13
        assert set(shipped.centers["name_id"]) <= set(panels)  # contradictions are never cut off
        assert max(len(panel.encode()) for panel in panels.values()) < 7_000
        sizes.append(len(page.encode()))
    few, many = sizes
    assert few < 1_000_000
    assert (many - few) / 1_000 < 300
