"""A reader's own centers: templates, good files, bad files, and lists that are there tomorrow."""

import base64
import io
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import geopandas as gpd
import openpyxl
from playwright.sync_api import Locator, expect

from tests import test_formats as formats
from tests.browser.driver import DATA, SAY, Tab, Visit
from tests.conftest import Serve, Server

SAY_ID = SAY["id"]
NAME = "Sentra Ulos Café"
HEADER = "nama;komoditas;lintang;bujur;skor"
CSV = f"{HEADER}\n{NAME};Tenun dan songket;2,33;99,06;45,5\n".encode("cp1252")
POINT = {"name_id": NAME, "commodity": "tenun", "score_total": 45.5}


def xlsx() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["Nama sentra", "Komoditas", "Lintang", "Bujur", "Skor"])
    book.active.append([NAME, "tenun", 2.33, 99.06, 45.5])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def geojson() -> bytes:
    place = {"type": "Point", "coordinates": [99.06, 2.33]}
    feature = {"type": "Feature", "properties": POINT, "geometry": place}
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


def geopackage(folder: Path) -> bytes:
    place = gpd.points_from_xy([99.06], [2.33])
    gpd.GeoDataFrame([POINT], geometry=place, crs="EPSG:4326").to_file(folder / "own.gpkg")
    return (folder / "own.gpkg").read_bytes()


def rows(*lines: str) -> bytes:
    return "\n".join(("center_id,name_id,commodity,lat,lon,score_total", *lines)).encode()


def expect_result(tab: Tab, good: int, rejected: int, language: str = "id") -> None:
    words = SAY[language]("own.result", good=good, rejected=rejected)
    expect(tab.page.get_by_role("heading", name=words)).to_be_visible()


def button(tab: Tab, key: str, language: str = "id", **words: Any) -> Locator:
    return tab.page.get_by_role("button", name=SAY[language](key, **words), exact=True)


def to_page(tab: Tab, name: str) -> None:
    tab.page.get_by_test_id("stPageLink").filter(has_text=SAY_ID(f"page.{name}")).click()
    expect(tab.page.locator(".ikm-h1")).to_have_text(SAY_ID(f"{name}.heading"))


def downloaded(tab: Tab, key: str) -> bytes:
    with tab.page.expect_download() as download:
        button(tab, key).click()
    return Path(download.value.path()).read_bytes()


def files() -> list[tuple[str, int]]:
    """Everything below the data folder and beside it, with the time of its last change."""
    found = [*DATA.rglob("*"), *DATA.parent.glob("*")]
    return sorted((str(p), p.stat().st_mtime_ns) for p in found if p.is_file())


def test_own_centers_join_the_map_and_are_there_after_f5_for_who_has_the_address(
    visit: Visit, app: Server
) -> None:
    """Planner 10: F5 destroyed them, and so did one click."""
    before = files()
    tab = visit("/sources?section=own")
    tab.upload("sentra.csv", CSV)
    expect_result(tab, 1, 0)
    button(tab, "own.add").click()
    banner = tab.page.locator(".st-key-own-banner .ikm-banner")
    added = SAY_ID("frame.own_added", file="sentra.csv", count=1)
    expect(banner).to_have_text(added)
    to_page(tab, "map")
    tab.expect_count(14, 14)
    assert NAME in [cells[0] for cells in tab.rows()]
    tab.click_map(2.33, 99.06)
    tab.expect_panel(NAME)
    expect(tab.panel).to_contain_text("45,50")
    expect(tab.panel).to_contain_text(SAY_ID("center.own_source"))
    assert not tab.page.evaluate("() => Boolean(window.onbeforeunload)")  # nothing would be lost
    tab.page.reload()
    tab.expect_count(14, 14)
    tab.expect_panel(NAME)
    visit("/").expect_count(13)
    button(tab, "frame.own_back").click()
    tab.expect_count(13)
    expect(banner).to_have_count(0)
    assert files() == before
    assert [file for file in app.temporary.rglob("*") if file.is_file()] == []
    to_page(tab, "sources")
    tab.page.get_by_text(SAY_ID("section.own"), exact=True).click()
    button(tab, "lists.use").click()
    expect(banner).to_have_text(added)


def dms() -> bytes:
    """As a field officer writes it: degrees, minutes and seconds, in Indonesian letters."""
    lines = ["Nama;Komoditi;Kabupaten;Lintang;Bujur"]
    lines += ["Sentra Madu Contoh;Madu;Simalungun;2°57'36\" LU;99°03'00\" BT"]
    return "\n".join(lines).encode("cp1252")


def siinas() -> bytes:
    """A register's form: firms with KBLI and village, no coordinates."""
    header: list[object] = ["Nama Perusahaan", "KBLI", "Kabupaten/Kota", "Kecamatan", "Kelurahan"]
    firm: list[object] = ["CV Kopi Contoh", 10761, "Kab. Karo", "Kec. Berastagi", "Desa Gurusinga"]
    return formats.xlsx({"Data IKM": [["DAFTAR IKM"], [], header, firm]})


# From the center of ``dms`` to the reference point of Sei Mangkei: 37.5 km as the crow flies.
EXTRACT = base64.b64decode(
    "AAAADQoJT1NNSGVhZGVyGDgQLBo0eJxT4vMvzg1OzkjNTdQNM9AzU+JySc0rTvXLT0ktbmLkzS/OzSzN1TfUMzTVMw"
    "AAMKgNWAAAAAsKB09TTURhdGEYRhA9GkJ4nONi4WLgYhAyFTLmYmJi0hLhYmJkFGJiYJACYiUg1mJiYnDiaFgyV2bB"
    "8UuMXpwHLp3bwP7i1iOmIKAkANsiDFIAAAALCgdPU01EYXRhGFYQShpSeJzj0uJi4GLPyEzPKE+s5GLJS8xN5WIvKM"
    "rMTSyq5OLxSsxJzFNwzs8ryc/gYhCSkZLiYBRiYmSSYmJmUeLiYBRgkGBQYNBgdWJiYgIAmIsOLQ=="
)
"""One primary road between both, written with osmium."""


def test_what_an_office_has_is_on_the_map_and_still_there_after_a_restart(
    visit: Visit, serve: Serve, tmp_path: Path
) -> None:
    """Issue 11, done when: without internet, in Indonesian, no file edited; for everybody."""
    kept = {"IKMGEO_DATABASE_URL": f"sqlite:///{tmp_path}/kept.sqlite"}
    first = serve(**kept)
    tab = visit("/sources?section=own", server=first)
    (tmp_path / "shp").mkdir()
    frame = formats.points().assign(Nama=["Tenun utara", "Tenun selatan"]).to_crs(32647)
    utm = formats.shapefile(frame, tmp_path / "shp", parts="shp shx dbf prj")
    files = (
        ("siinas.xlsx", siinas(), 1, "Letak: 1 menurut desa"),
        ("google_earth.kml", formats.KML.encode(), 2, "Letak: 2 dari koordinat"),
        ("sentra_utm.zip", utm, 2, "Letak: 2 dari koordinat"),
        ("dms.csv", dms(), 1, "Letak: 1 dari koordinat"),
    )
    total, lists, own = 13, "shipped", "Ulos <b>Toba</b>"
    for name, content, count, placed in files:
        tab.upload(name, content)
        expect(tab.page.get_by_text(SAY_ID("own.done", file=name))).to_be_visible()
        expect_result(tab, count, 0)
        expect(tab.page.get_by_text(placed)).to_be_visible()
        tab.page.get_by_label(SAY_ID("lists.name")).filter(visible=True).fill(
            own if total == 13 else name
        )
        tab.page.get_by_label(SAY_ID("assess.saver")).filter(visible=True).fill("Ani")
        button(tab, "lists.save").click()
        if total == 13:
            banner = SAY_ID("frame.own_added", file=own, count=count)
            expect(tab.page.locator(".ikm-banner").first).to_have_text(banner)
        total, lists = total + count, lists + r"%2C\w+"
        expect(tab.page).to_have_url(re.compile(rf"lists={lists}(&|$)"))
    bring_extract(tab)
    to_page(tab, "map")
    tab.expect_count(total, total)
    query = urlsplit(tab.page.url).query
    tab.page.close()
    first.stop()
    again = serve(**kept)
    visit(f"/?{query}", server=again, centers=total).expect_count(total, total)
    by_road = visit(f"/linkage?section=roads&{query}", server=again)
    ways = by_road.page.get_by_role("row", name="Sentra Madu Contoh")
    expect(ways).to_contain_text("37,5 km")
    other = visit("/", server=again)
    other.page.get_by_role("combobox", name=SAY_ID("lists.label")).click()
    other.page.get_by_role("option", name=own).click()
    other.expect_count(14, 14)


def bring_extract(tab: Tab) -> None:
    """Roads for everyone, from a file of OpenStreetMap."""
    tab.page.get_by_role("radio", name=SAY_ID("section.base")).click()
    expect(tab.page.get_by_text(SAY_ID("base.help_districts"))).to_be_visible()
    kinds = tab.page.get_by_role("radiogroup", name=SAY_ID("base.kind"))
    kinds.get_by_text(SAY_ID("base.kind_roads"), exact=True).click()
    expect(tab.page.get_by_text(SAY_ID("base.help_roads"))).to_be_visible()
    tab.upload("sumatra-latest.osm.pbf", EXTRACT)
    source = tab.page.get_by_role("textbox", name=SAY_ID("base.attribution"))
    expect(source).to_have_value("© OpenStreetMap contributors, ODbL 1.0")
    button(tab, "base.use").click()
    name, file = SAY_ID("base.kind_roads"), "sumatra-latest.osm.pbf"
    expect(tab.page.get_by_text(SAY_ID("base.saved", name=name, file=file))).to_be_visible()


def test_each_format_is_read_and_can_replace_the_shipped_centers(
    visit: Visit, tmp_path: Path
) -> None:
    tab = visit("/sources?section=own")
    for name, content in (
        ("own.xlsx", xlsx()),
        ("own.geojson", geojson()),
        ("own.gpkg", geopackage(tmp_path)),
    ):
        tab.upload(name, content)
        expect(tab.page.get_by_text(SAY_ID("own.done", file=name))).to_be_attached()
        expect_result(tab, 1, 0)
        first = name == "own.xlsx"
        wanted = "own.replace" if first else "own.renew"
        counted: dict[str, Any] = {} if first else {"count": 1}
        button(tab, wanted, **counted).click()
        words = SAY_ID("frame.own_in_place", file=name, count=1)
        expect(tab.page.locator(".ikm-banner")).to_have_text(words)
    to_page(tab, "map")
    tab.expect_count(1, 1)
    assert [cells[0] for cells in tab.rows()[1:]] == [NAME]


BAD: dict[str, tuple[bytes, str, dict[str, Any]]] = {
    "list.csv": (b"%PDF-1.7\n1 0 obj", "issue.not_a_table", {"found": "pdf"}),
    "empty.csv": (b"", "issue.file_empty", {}),
    "score.csv": (
        rows("a,A,tenun,2.33,99.06,170.06"),
        "issue.score_out_of_range",
        {"column": "score_total", "value": "170.06", "low": 0, "high": 100},
    ),
    "sea.csv": (
        rows("a,A,tenun,3.9,99.9,40"),
        "issue.outside_province",
        {"lat": "3.9", "lon": "99.9"},
    ),
    "twice.csv": (
        rows("a,A,tenun,2.33,99.06,40", "a,A,tenun,2.34,99.07,41"),
        "issue.duplicate_id",
        {"value": "a", "first_row": 2},
    ),
}


def test_a_bad_file_is_explained_in_both_languages(visit: Visit) -> None:
    tab = visit("/sources?section=own")
    main = tab.page.get_by_test_id("stMain")
    for at, (name, (content, key, particulars)) in enumerate(BAD.items()):
        first, second = ("en", "id") if at % 2 else ("id", "en")
        tab.upload(name, content)
        expect(main).to_contain_text(SAY[first](key, **particulars))
        tab.language(second)
        expect(main).to_contain_text(SAY[second](key, **particulars))


def test_rejected_rows_come_back_with_the_reason_and_mended_ones_join_the_good(
    visit: Visit,
) -> None:
    """Planner 2: the rows that the app gave back, mended, replaced all that was good before."""
    tab = visit("/sources?section=own")
    good = [f",Sentra {n},tenun,2.3{n},99.0{n},4{n}" for n in range(3)]
    tab.upload("sentra.csv", rows(*good, "b,Sentra 8,tenun,2.38,99.08,170.06"))
    expect_result(tab, 3, 1)
    button(tab, "own.replace").click()
    expect(tab.page.locator(".ikm-banner").first).to_be_visible()  # the list is in use
    back = downloaded(tab, "own.rejected_csv")
    header, row = back.decode("utf-8-sig").splitlines()
    assert header.startswith("row;issues;center_id;name_id")
    assert row.startswith("5;")
    assert "170.06" in row
    book = openpyxl.load_workbook(io.BytesIO(downloaded(tab, "own.rejected_xlsx")))
    assert [cell.value for cell in book.active[2]][2:4] == ["b", "Sentra 8"]
    tab.upload("ikmgeo-ditolak.csv", back.replace(b"170.06", b"17.06"))
    expect_result(tab, 1, 0)
    button(tab, "own.extend", count=3).click()
    names = "sentra.csv + ikmgeo-ditolak.csv"
    banner = tab.page.locator(".ikm-banner").first
    expect(banner).to_have_text(SAY_ID("frame.own_in_place", file=names, count=4))
    to_page(tab, "map")
    tab.expect_count(4, 4)


def test_own_scores_without_a_category_get_one_and_the_page_says_by_which_scheme(
    visit: Visit,
) -> None:
    """Planner 3: nineteen scored centers all got the sign of "outside every category"."""
    tab = visit("/sources?section=own")
    tab.upload("sentra.csv", rows(",A,tenun,2.33,99.06,60", ",B,tenun,2.34,99.07,10"))
    button(tab, "own.replace").click()
    scheme = SAY_ID("scheme.contiguous")
    main = tab.page.get_by_test_id("stMain")
    expect(main).to_contain_text(SAY_ID("frame.own_scheme", scheme=scheme, count=2))
    to_page(tab, "map")
    tab.expect_count(2, 2)
    text = " ".join(cell for row in tab.rows() for cell in row)
    assert SAY_ID("category.excellent") in text
    assert SAY_ID("category.under_development") in text
    button(tab, "frame.own_back").click()
    tab.expect_count(13)
    expect(main).not_to_contain_text(scheme)


def test_templates_open_and_come_back(visit: Visit) -> None:
    tab = visit("/sources?section=own")
    header = downloaded(tab, "own.template_csv").decode("utf-8-sig").strip()
    columns = header.split(";")
    filled = dict.fromkeys(columns, "")
    filled |= {"name_id": NAME, "commodity": "Kopi", "lat": "2,33", "lon": "99,06"}
    tab.upload("template.csv", f"{header}\n{';'.join(filled.values())}".encode())
    expect_result(tab, 1, 0)
    book = openpyxl.load_workbook(io.BytesIO(downloaded(tab, "own.template_xlsx")))
    sheet = book["data"]
    assert [cell.value for cell in sheet[1]] == columns
    for column, value in filled.items():
        sheet.cell(2, columns.index(column) + 1, value or None)
    sheet.append([None if column != "name_id" else "B" for column in columns])
    buffer = io.BytesIO()
    book.save(buffer)
    tab.upload("template.xlsx", buffer.getvalue())
    expect_result(tab, 1, 1)
