"""Scenes of a talk, each a view with a headline and a note; a story is a file of them."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import pandas as pd

from ikmgeo.analysis import Measured
from ikmgeo.errors import DataError, Issue
from ikmgeo.view import LONGEST, STAGES
from ikmgeo.vocabulary import LANGUAGES
from ikmgeo.words.messages import NOTHING, Messages

LARGEST: Final = 1_000_000
"""Characters of a file that is read."""

MOST_SCENES: Final = 100
HEADLINE_LENGTH: Final = 160
NOTE_LENGTH: Final = 2_000
MOST_PARAMETERS: Final = 60


@dataclass(frozen=True)
class Scene:
    """One screen of a talk.

    Parameters
    ----------
    stage
        Whose map it shows: one of ``view.STAGES``.
    parameters
        Of the URL that reopens the view, the language left out.
    headline, note
        By language; one without a text takes that of the other. ``{facts}`` in braces are filled
        in, see ``facts``.
    """

    stage: str
    parameters: Mapping[str, str]
    headline: Mapping[str, str]
    note: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Story:
    """Scenes in their order, under a name."""

    name: str
    scenes: tuple[Scene, ...] = ()

    def with_scene(self, scene: Scene) -> "Story":
        """The story with a scene at its end."""
        return replace(self, scenes=(*self.scenes, scene))

    def without(self, at: int) -> "Story":
        """The story without one scene."""
        return replace(self, scenes=self.scenes[:at] + self.scenes[at + 1 :])

    def moved(self, at: int, to: int) -> "Story":
        """The story with one scene at another place, the first and the last being the limits."""
        scenes = list(self.scenes)
        scenes.insert(min(max(to, 0), len(scenes) - 1), scenes.pop(at))
        return replace(self, scenes=tuple(scenes))

    def worded(self, at: int, language: str, **texts: str) -> "Story":
        """The story with another ``headline`` or ``note`` of one scene, in one language."""
        scenes, scene = list(self.scenes), self.scenes[at]
        changed: dict[str, Any] = {
            name: {**getattr(scene, name), language: text} for name, text in texts.items()
        }
        scenes[at] = replace(scene, **changed)
        return replace(self, scenes=tuple(scenes))


def told(texts: Mapping[str, str], language: str, known: Mapping[str, str]) -> str:
    """A headline or note in a language, the other where it has none, with facts filled in.

    What stands in braces and is no fact stays as it is.
    """
    order = [language, *(code for code in LANGUAGES if code != language)]
    text = next((texts[code] for code in order if texts.get(code)), "")
    return re.sub(r"\{(\w+)\}", lambda found: known.get(found[1], found[0]), text)


def facts(say: Messages, measured: Measured, districts: int, zones: pd.DataFrame) -> dict[str, str]:
    """What a text may name in braces, worked out from the data that are shown.

    ``centers``, ``districts``, ``zones`` (numbers), ``conflicts`` (centers with conflicting
    claims), ``nearest``, ``farthest`` (the centers closest to and farthest from their nearest zone,
    with km) and ``zone_names``.
    """
    centers = measured.centers
    names = centers[f"name_{say.language}"]
    km = centers["nearest_km"].dropna()

    def with_km(center: Any) -> str:
        return f"{names[center]} ({say.km(km[center])})"

    return {
        "centers": say.number(len(centers), 0),
        "districts": say.number(districts, 0),
        "zones": say.number(len(zones), 0),
        "zone_names": say.listed(list(zones["short_name"])) or NOTHING,
        "conflicts": say.listed(list(names[centers["conflicting"].astype(bool)])) or NOTHING,
        "nearest": with_km(km.idxmin()) if len(km) else NOTHING,
        "farthest": with_km(km.idxmax()) if len(km) else NOTHING,
    }


def to_json(story: Story) -> str:
    """A story as text that ``from_json`` reads."""
    scenes = [
        {
            "stage": scene.stage,
            "parameters": dict(scene.parameters),
            "headline": dict(scene.headline),
            "note": dict(scene.note),
        }
        for scene in story.scenes
    ]
    return json.dumps({"name": story.name, "scenes": scenes}, ensure_ascii=False, indent=2)


def from_json(text: str | bytes, *, file: str) -> Story:
    """Read a story.

    Raises
    ------
    DataError
        When the text is no story, or a part of it is too long.
    """
    try:
        read = json.loads(text if len(text) <= LARGEST else "")
        json.dumps(read, ensure_ascii=False).encode()  # half a surrogate pair fails here
        _require(set(read) == {"name", "scenes"} and _is_text(read["name"], HEADLINE_LENGTH))
        _require(isinstance(read["scenes"], list) and len(read["scenes"]) <= MOST_SCENES)
        return Story(read["name"], tuple(_scene(told) for told in read["scenes"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DataError([Issue("story_broken", file)]) from error


def _scene(read: Mapping[str, Any]) -> Scene:
    _require(set(read) == {"stage", "parameters", "headline", "note"})
    _require(read["stage"] in STAGES and len(read["parameters"]) <= MOST_PARAMETERS)
    for texts, longest in (
        (read["parameters"], LONGEST),
        (read["headline"], HEADLINE_LENGTH),
        (read["note"], NOTE_LENGTH),
    ):
        _require(all(_is_text(text, longest) for text in texts.values()))
    _require({*read["headline"], *read["note"]} <= set(LANGUAGES))
    return Scene(read["stage"], read["parameters"], read["headline"], read["note"])


def _require(sound: bool) -> None:
    if not sound:
        raise ValueError


def _is_text(value: object, longest: int) -> bool:
    return isinstance(value, str) and len(value) <= longest
