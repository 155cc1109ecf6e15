"""One profile, three media: a center reads the same on screen, on paper and in the one file.

What the profile itself says is held against the data as shipped, read by the test.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from html import unescape
from typing import Any

import pandas as pd
import pytest

from ikmgeo import analysis
from ikmgeo.analysis import Inputs
from ikmgeo.display import panels, profiles
from ikmgeo.handout import Handout
from ikmgeo.handouts import atlas, cartography, portable, typeset
from ikmgeo.measures.composite import Composition
from ikmgeo.measures.scoring import CONTIGUOUS, Scheme
from ikmgeo.reading.base import Origin
from ikmgeo.reading.own import Own
from ikmgeo.records.assessments import Assessment, standings
from ikmgeo.settings import SHIPPED_DATA
from ikmgeo.view import View
from tests.rated import ASPECTS

HandOut = Callable[..., Handout]
KARO = "karo-coffee"
CLAIMS = pd.read_csv(SHIPPED_DATA / "claims.csv", dtype=str).set_index("claim_id")
RIVALS = {KARO: ("22.23", "30.658"), "serdang-bedagai-pandan": ("58.55", "50.466")}
"""By hand: what the paper prints twice."""

FIGURES = CLAIMS[CLAIMS["kind"].eq("score")]


@pytest.fixture(scope="module", params=["id-published", "en-assessed"])
def handout(request: pytest.FixtureRequest, hand_out: HandOut) -> Handout:
    """The shipped centers under the printed scores, or with all of them assessed."""
    language, source = request.param.split("-")
    return assessed(hand_out, language) if source == "assessed" else hand_out(view=View(language))


def assessed(hand_out: HandOut, language: str, linkage: str = "surveyed") -> Handout:
    """A hand-out of assessed scores: 10, 20, 30, 40.5, 50 and 60.25 for every center."""
    composition = replace(Composition(), source="assessed", linkage=linkage)
    view = View(language, composition=composition, scheme=Scheme(CONTIGUOUS))
    bare, points = hand_out(view=view), (10.0, 20.0, 30.0, 40.5, 50.0, 60.25)
    scores = dict(zip(ASPECTS, points, strict=True))
    day = date(2026, 5, 3)
    made = [
        Assessment(center_id=c, author="Dinas A", assessed_on=day, scores=scores)
        for c in bare.centers.index
    ]
    aspects = pd.DataFrame(scores, index=bare.centers.index)
    near = analysis.linkage_aspects(bare.measured, bare.inputs, 25.0)
    measured = analysis.compose(bare.measured, aspects, near, composition)
    centers = analysis.classify(measured, bare.inputs.instrument, view.scheme)
    return replace(
        bare,
        measured=measured,
        centers=centers,
        shown=centers,
        aspects=aspects,
        standings=standings(made, ASPECTS),
    )


def told(found: Any) -> Iterator[str]:
    """Every text of a profile, or of the blocks of a page."""
    if isinstance(found, str):
        yield found
    elif is_dataclass(found):
        yield from told([getattr(found, f.name) for f in fields(found)])
    elif isinstance(found, Mapping):
        yield from told(list(found.values()))
    elif isinstance(found, (tuple, list)):
        for part in found:
            yield from told(part)


def plain(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def on_paper(monkeypatch: pytest.MonkeyPatch, make: Callable[..., bytes], *of: Any) -> list[Any]:
    """The blocks that typst would set, with pictures left out."""
    made: list[Any] = []
    monkeypatch.setattr(cartography, "map_svg", lambda *_, **__: "")
    monkeypatch.setattr(typeset, "pdf", lambda blocks, **_: made.extend(blocks) or b"")
    make(*of)
    return made


def facts(center: profiles.Center) -> list[str]:
    """Every figure and sentence of a profile."""
    shown = [getattr(center, f.name) for f in fields(center) if f.name != "sign"]
    ids = {d.zone_id for d in center.distances}
    return [" ".join(text.split()) for text in told(shown) if text and text not in ids]


def test_every_fact_of_a_center_is_on_screen_on_paper_and_in_the_file(
    handout: Handout, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = portable.page(handout)
    (data,) = re.findall(r'<script[^>]*id="data"[^>]*>(.*?)</script>', page, re.DOTALL)
    order = handout.shown["score"].sort_values(ascending=False, kind="stable").index
    in_file = map(plain, json.loads(data)["panels"]["center"])
    for center_id, screen in zip(order, in_file, strict=True):
        center = profiles.center(handout, center_id)
        if center_id == KARO:
            assert screen == plain(panels.center_panel(handout.say, center))
        examples = {e for action in center.actions for e in action.examples}
        paper = " ".join(told(on_paper(monkeypatch, atlas.center_pdf, handout, center_id)))
        for fact in facts(center):
            assert fact in screen
            shown = fact[:290]  # a cell of paper is shortened
            assert shown in paper or fact in examples, fact


@pytest.mark.parametrize("code", ["1208", "1206", "1278"])
def test_every_fact_of_a_district_is_on_screen_and_on_paper(
    handout: Handout, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    district = profiles.district(handout, code)
    say = handout.say
    screen = plain(panels.district_first(say, district) + panels.district_rest(say, district))
    paper = " ".join(told(on_paper(monkeypatch, atlas.district_pdf, handout, code)))
    for fact in filter(None, told(district)):
        assert fact in screen
        assert fact in paper


def test_a_profile_says_what_the_source_prints(handout: Handout) -> None:
    """Claims as they stand in the file, whatever scores are in use."""
    point = "," if handout.say.language == "id" else "."
    for center_id in handout.centers.index:
        center, own = (
            profiles.center(handout, center_id),
            FIGURES[FIGURES["center_id"] == center_id],
        )
        assert [c.claim_id for c in center.claims] == list(own.index)
        printed = [value.replace(".", point) for value in own["value"]]
        assert [c.figure for c in center.claims] == printed
        rivals = [value.replace(".", point) for value in RIVALS.get(center_id, ())]
        assert all(rival in center.conflict for rival in rivals)
        assert bool(center.conflict) == bool(rivals)


def test_a_printed_score_is_never_called_the_one_in_use_of_assessed_scores(
    hand_out: HandOut, monkeypatch: pytest.MonkeyPatch
) -> None:
    """22.23 was "the score in this app", and the contradiction left out."""
    handout = assessed(hand_out, "en")
    paper = list(told(on_paper(monkeypatch, atlas.center_pdf, handout, KARO)))
    assert "printed score, not in use now" in paper
    assert "the score in this app" not in paper
    assert any("22.23" in text and "30.658" in text and "contradict" in text for text in paper)


def test_a_rival_claim_that_nobody_knows_is_no_contradiction(
    hand_out: HandOut, monkeypatch: pytest.MonkeyPatch
) -> None:
    handout = hand_out(view=View("en"))
    centers = handout.centers.assign(alternative_claims="P999")
    odd = replace(handout, centers=centers, shown=centers)
    assert profiles.center(odd, KARO).conflict == ""
    assert on_paper(monkeypatch, atlas.center_pdf, odd, KARO)


def test_own_borders_stand_in_the_atlas_in_the_place_of_the_shipped_ones(
    hand_out: HandOut,
) -> None:
    """The table of layers named GADM's districts beside "Borders: own file"."""
    handout = hand_out(view=View("en"))
    own = replace(
        handout, inputs=replace(handout.inputs, origins={"districts": Origin("batas.geojson")})
    )
    shipped, replaced = (
        [cell for cell in told(atlas._sources(h)) if "GADM 4.1 level 2" in cell]
        for h in (handout, own)
    )
    assert shipped
    assert not replaced


def test_a_fictional_center_is_called_so_on_paper_too(
    hand_out: HandOut, monkeypatch: pytest.MonkeyPatch
) -> None:
    handout = hand_out(view=View("en"))
    own = Own("contoh.csv", handout.centers, in_place=True, fictional=True)
    paper = list(told(on_paper(monkeypatch, atlas.center_pdf, replace(handout, own=own), KARO)))
    assert handout.say("center.fictional_source") in paper
    assert handout.say("center.own_source") not in paper


def test_measured_linkages_are_called_so_beside_the_aspects(hand_out: HandOut) -> None:
    center = profiles.center(assessed(hand_out, "en", linkage="measured"), KARO)
    assert "The two linkage aspects: Proximity index" in center.aspects.notes


def test_ratings_are_on_paper_as_on_screen(
    hand_out: HandOut, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Assessment(
        center_id=KARO,
        author="Dinas A",
        assessed_on=date(2026, 5, 3),
        ratings={"swot": {"strengths": ["Madu asli", "Dekat pasar"]}},
    )
    handout = replace(hand_out(view=View("en")), standings=standings([made], ASPECTS))
    center = profiles.center(handout, KARO)
    ((name, counts),) = center.ratings
    assert "Strengths 2" in counts
    paper = " ".join(told(on_paper(monkeypatch, atlas.center_pdf, handout, KARO)))
    assert f"{name}: {counts}. Rated by Dinas A, 3 May 2026." in paper


def test_what_all_centers_share_is_worked_out_once(
    shipped: Inputs, hand_out: HandOut, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page of 500 panels read every table of advice 500 times, and took 40 s."""
    ids = pd.Index([f"own-{n}" for n in range(20)], name="center_id")
    rows = shipped.centers.iloc[[0, *range(13), *range(6)]].set_axis(ids)
    inputs = analysis.with_centers(shipped, rows.assign(name_id=ids, name_en=ids), in_place=True)
    handout = hand_out(inputs, view=View(scheme=Scheme(CONTIGUOUS)))
    read = {"rows": 0, "filters": 0}
    through, select = pd.DataFrame.itertuples, pd.DataFrame.__getitem__

    def itertuples(table: pd.DataFrame, **options: Any) -> Any:
        read["rows"] += 1
        return through(table, **options)

    def getitem(table: pd.DataFrame, key: Any) -> Any:
        read["filters"] += isinstance(key, pd.Series) and key.dtype.kind == "b"
        return select(table, key)

    monkeypatch.setattr(pd.DataFrame, "itertuples", itertuples)
    monkeypatch.setattr(pd.DataFrame, "__getitem__", getitem)
    made = [profiles.center(handout, center) for center in ids]
    assert all(center.actions for center in made)
    assert read == {"rows": 1, "filters": 0}


def test_the_first_view_tells_what_is_shown_and_whose_it_is(hand_out: HandOut) -> None:
    """By hand: the paper prints two centers twice; Potential's four scores lie above Developing's.

    47.53, 40.02, 41.90 and 41.27 beside 38.80 and 37.76.
    """
    bare = hand_out(view=View("en"))
    say, inputs, centers = bare.say, bare.inputs, bare.centers
    found = profiles.overview(say, inputs, centers, None)
    assert "13 centers" in found.what
    assert all(zone in found.what for zone in ("KEK Sei Mangkei", "KIM", "KI Kuala Tanjung"))
    assert "Hasanah, Faried, Sembiring" in found.source
    assert "2 centers" in found.conflict
    names = [meaning.name for meaning in found.categories]
    assert names == ["Excellent", "Developing", "Potential", "Under development"]
    assert "weak structures" in found.categories[-1].told
    assert found.order == say("overview.order", better="Developing", lower="Potential")

    own = Own("a <b>.csv", inputs.centers.iloc[:2], True)
    sound = centers[~centers["conflicting"].astype(bool)]
    theirs = profiles.overview(say, inputs, sound, own)
    assert "a <b>.csv" in theirs.source
    assert "Hasanah" not in theirs.source
    assert theirs.conflict == ""
    assert "<b>" not in panels.overview_panel(say, theirs)
