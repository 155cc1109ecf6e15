"""The audit's doubts, each said where a reader meets it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ikmgeo import tables
from ikmgeo.display import profiles
from ikmgeo.handout import Handout
from ikmgeo.view import View
from ikmgeo.words import wording
from ikmgeo.words.messages import Messages
from tests.saying import SAY

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("language", "named"),
    [("id", "13 sentra yang disebut makalah sebagai contoh"), ("en", "13 centers that the paper")],
)
def test_a_rank_says_that_the_centers_are_examples(
    hand_out: Callable[..., Handout], language: str, named: str
) -> None:
    """Doubt 1: the paper lists examples; neither rank nor story calls them all."""
    handout = hand_out(view=View(language=language))
    center = tables.row(handout.centers, "karo-coffee")
    assert named in profiles.rank(handout, center)
    story = json.loads((ROOT / "data" / "story.json").read_text(encoding="utf-8"))
    told = json.dumps(story, ensure_ascii=False)
    assert "yang dinilai" not in told
    assert "were scored" not in told


@pytest.mark.parametrize("say", SAY.values(), ids=SAY)
def test_bounds_and_percentiles_are_told_apart(say: Messages) -> None:
    """Doubt 4: and no bound is called sure, since areas of villages are estimates."""
    told = say("linkage.two_kinds")
    assert "5–95%" in told
    assert "100%" not in told


@pytest.mark.parametrize(("code", "official"), [("1278", "469"), ("1204", "902")])
@pytest.mark.parametrize("language", SAY)
def test_a_doubtful_area_has_its_doubt_beside_it(
    hand_out: Callable[..., Handout], language: str, code: str, official: str
) -> None:
    """Audit E7: Gunungsitoli names itself 469.36 km², Kabupaten Nias officially has 902.6."""
    handout = hand_out(view=View(language=language))
    assert official in str(profiles.district(handout, code).facts["center.note"])


@pytest.mark.parametrize(
    ("language", "words"), [("id", "cakupan survei"), ("en", "how much was surveyed")]
)
def test_centers_per_people_are_called_a_measure_of_the_survey(language: str, words: str) -> None:
    """Doubt 8."""
    say = SAY[language]
    assert words in say("district_measure.centers_per_100k_help")


@pytest.mark.parametrize(
    ("chance", "told"), [(1.0, "99%"), (0.996, "99%"), (0.62, "62%")], ids=["all", "most", "some"]
)
def test_what_is_uncertain_is_never_said_to_be_so_from_everywhere(chance: float, told: str) -> None:
    """Audit E4: "uncertain (nearest from 100% of possible places)" contradicts itself."""
    for say in SAY.values():
        words = wording.certainty(say, True, chance)
        assert told in words
        assert "100" not in words
