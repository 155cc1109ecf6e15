"""The base map on the screen: brought, used by everyone, measured with, and put back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely
import sqlalchemy as sa
import streamlit as st
from streamlit.testing.v1 import AppTest

from ikmgeo.analysis import read_base
from ikmgeo.errors import Issue
from ikmgeo.reading.base import Read
from ikmgeo.records import base_layers
from ikmgeo.records.base_layers import BaseLayer
from ikmgeo.records.store import Store
from ikmgeo.ui.sources.base_map import Brought
from ikmgeo.words.markup import markdown
from tests.pages.screen import press, read, run, sound, start
from tests.saying import SAY
from tests.shipped_data import shipped_inputs

say = SAY["id"]
KIM = shipped_inputs().zones.loc["kim"]
AROUND_KIM = shapely.Point(float(str(KIM["lon"])), float(str(KIM["lat"]))).buffer(0.02)


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store of this test alone, asked anew each time."""
    address = f"sqlite:///{tmp_path}/kept.sqlite"
    monkeypatch.setenv("IKMGEO_DATABASE_URL", address)
    found = Store.open(address)
    yield found
    found.close()


def footprint_of_kim() -> Read:
    layer = gpd.GeoDataFrame(
        {"NAMA": ["Kawasan <b>Industri</b> Medan"]}, geometry=[AROUND_KIM], crs=4326
    )
    return read_base(layer.to_json().encode(), shipped_inputs(), kind="zones", name="kim.geojson")


def brought(monkeypatch: pytest.MonkeyPatch, found: Brought) -> AppTest:
    """The section with a file that has been read."""

    class File:
        name, file_id = found.name, found.file_id

        def getvalue(self) -> bytes:
            raise AssertionError("it has been read already")

    monkeypatch.setattr(st, "file_uploader", lambda *_, **__: File())
    app = start("sources", section="base")
    app.session_state["base-form-kind"] = found.kind
    app.session_state["base-read"] = found
    return app.run()


def saved(store: Store, **fields: Any) -> BaseLayer:
    table = {"zones": footprint_of_kim().table}
    told = {"file_name": "kim.geojson", "attribution": "BIG 2024", "saved_by": "Ani"} | fields
    layer = BaseLayer(kind="zones", found=1, total=3, **told)
    return base_layers.save(store, {layer: table})[0]


def test_without_a_layer_each_kind_says_what_is_shipped() -> None:
    shown = read(run("sources", section="base"))
    for kind in ("districts", "subdistricts", "villages", "zones", "roads"):
        assert say(f"base.shipped_{kind}") in shown


def test_a_footprint_is_used_by_everyone_and_put_back(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = brought(monkeypatch, Brought("kim.geojson", "zones", "f", read=footprint_of_kim()))
    sound(app)
    of_kim = next(m for m in app.multiselect if "KIM" in m.label)
    assert len(of_kim.value) == 1
    assert say("base.look", layer=say("base.kind_zones")) in read(app)
    app.text_input(key="base-attribution-f").set_value("BIG 2024, data terbuka")
    app.text_input(key="w-saver-base-new").set_value("Ani")
    press(app, "base.use")
    assert [s.value for s in app.success] == [
        say("base.saved", name=say("base.kind_zones"), file=markdown("kim.geojson"))
    ]
    layer = base_layers.latest(store)["zones"]
    assert (layer.saved_by, layer.attribution) == ("Ani", "BIG 2024, data terbuka")
    other = run("sources", section="sources")  # of somebody else
    assert "kim.geojson · BIG 2024, data terbuka" in read(other)
    press(app, "base.put_back")
    assert base_layers.latest(store)["zones"].hidden
    assert say("base.shipped_zones") in read(app)


def test_nobody_or_no_source_saves_nothing_and_says_why(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = sound(brought(monkeypatch, Brought("kim.geojson", "zones", "f", read=footprint_of_kim())))
    (button,) = [b for b in app.button if b.label == say("base.use")]
    app = button.click().run()
    assert [e.value for e in app.error] == [say("lists.saver_missing")]
    app.text_input(key="w-saver-base-new").set_value("Ani")
    (button,) = [b for b in app.button if b.label == say("base.use")]
    app = button.click().run()
    assert [e.value for e in app.error] == [say("assess.not_saved")]
    assert say("issue.attribution_invalid", most="300") in read(app)
    assert base_layers.latest(store) == {}


def test_a_reader_says_which_polygon_is_the_zone(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = sound(brought(monkeypatch, Brought("kim.geojson", "zones", "f", read=footprint_of_kim())))
    of_kim = next(m for m in app.multiselect if "KIM" in m.label)
    app = sound(of_kim.set_value([]).run())
    assert say("base.found_zones", found="0", of="3") in "".join(m.value for m in app.markdown)
    assert not [b for b in app.button if b.label == say("base.use")]


def test_a_refused_file_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    refused = Brought("titik.kml", "villages", "f", refused=(Issue("polygons_none", "titik.kml"),))
    app = brought(monkeypatch, refused)
    assert [e.value for e in app.error] == [say("base.refused", file=markdown("titik.kml"))]
    assert say("issue.polygons_none") in read(app)


def test_the_map_shows_a_kept_footprint_and_whose_it_is(store: Store) -> None:
    saved(store)
    sent = run("map").get("component_instance")[0].proto.json_args
    assert "kim.geojson" in sent
    assert "BIG 2024" in sent


def test_what_is_kept_of_a_layer_but_cannot_be_read_leaves_what_is_shipped(store: Store) -> None:
    saved(store)
    with store.writing() as connection:
        connection.execute(sa.update(base_layers.CONTENTS).values(tables=b"torn"))
    assert "GADM" in read(run("sources", section="sources"))


def test_an_earlier_version_comes_back(store: Store) -> None:
    saved(store)
    saved(store, file_name="kim baru.geojson")
    app = run("sources", section="base")
    assert "kim baru.geojson" in read(app)
    app.text_input(key="w-saver-base-zones").set_value("Budi")
    press(app, "assess.restore")
    assert base_layers.latest(store)["zones"].file_name == "kim.geojson"
    assert base_layers.latest(store)["zones"].saved_by == "Budi"
