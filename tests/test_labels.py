"""Names beside signs: two engines agree, and Shapely finds nothing on anything else."""

import json
import os
import random
import shutil
import subprocess
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import shapely

from ikmgeo.display.labels import MOST, Place, Room, Sign

STATIC = Path(__file__).parents[1] / "ikmgeo" / "static"
FRAMES = ((0, 0, 870, 520), (0, 0, 364, 520), (0, 0, 1334, 560))
"""Maps on a desktop, on a phone and before a room, px."""
ZOOMS = (1, 2, 4)
CENTERS = (5, 6, 8, 10, 13, 18, 25, 40, 80, 200)
LAYOUTS = [(seed, CENTERS[seed % len(CENTERS)], FRAMES[seed % len(FRAMES)]) for seed in range(200)]


def layout(seed: int, count: int, frame: tuple[int, int, int, int], zoom: int) -> dict[str, Any]:
    """A map made up: a third of the signs in one town, two corners taken by controls."""
    rng = random.Random(seed)
    wide, high = frame[2], frame[3]
    town = rng.uniform(0.3, 0.7) * wide, rng.uniform(0.3, 0.7) * high
    spots = [
        (rng.gauss(town[0], 12), rng.gauss(town[1], 12))
        if rng.random() < 1 / 3
        else (rng.uniform(0, wide), rng.uniform(0, high))
        for _ in range(count)
    ]
    radius = {1: 8.0, 2: 11.0, 4: 12.0}[zoom]
    middle = wide / 2, high / 2
    spread = [
        (middle[0] + (x - middle[0]) * zoom, middle[1] + (y - middle[1]) * zoom) for x, y in spots
    ]
    signs = [
        (x, y, radius)
        for x, y in spread
        if -radius < x < wide + radius and -radius < y < high + radius
    ]
    long = [rng.uniform(55, 200) for _ in signs[:MOST]]
    names = [[(wide, 15.0), (wide * rng.uniform(0.5, 0.8), 30.0)] for wide in long]
    kept = [(wide - 190, 8, wide - 8, 170), (8, 8, 44, 150)]
    return {
        "frame": frame,
        "kept": kept,
        "signs": signs,
        "names": names,
        "must": min(2, len(signs)),
    }


def placed(layout: dict[str, Any]) -> list[Place | None]:
    signs = [Sign(*sign) for sign in layout["signs"]]
    room = Room(layout["frame"], signs, 40)
    for box in layout["kept"]:
        room.keep(box)
    return [
        room.name(at, shapes, must=at < layout["must"]) for at, shapes in enumerate(layout["names"])
    ]


Made = list[tuple[dict[str, Any], list[Place | None]]]


@pytest.fixture(scope="module")
def everywhere() -> Made:
    """Each map, and where the names stand on it."""
    maps = [layout(*made, zoom) for made, zoom in product(LAYOUTS, ZOOMS)]
    return [(one, placed(one)) for one in maps]


def test_no_name_lies_on_another_name_sign_or_control_in_200_maps_at_three_zooms(
    everywhere: Made,
) -> None:
    """Shapely's boxes: they may touch, but share no ground."""
    assert len(everywhere) == 600
    named = there = 0
    for one, places in everywhere:
        boxes = [shapely.box(*place.box) for place in places if place]
        signs = [shapely.box(x - r, y - r, x + r, y + r) for x, y, r in one["signs"]]
        others = [*signs, *(shapely.box(*kept) for kept in one["kept"])]
        tree = shapely.STRtree([*boxes, *others])
        for at, box in enumerate(boxes):
            for other in tree.query(box):
                if other != at:
                    assert box.intersection(tree.geometries[other]).area < 1e-6
            assert shapely.box(*one["frame"]).covers(box)
        for place, shapes in zip(places, one["names"], strict=True):
            if place:
                left, top, right, bottom = place.box
                assert (right - left, bottom - top) == pytest.approx(shapes[place.shape])
        if len(signs) <= 13 and one["frame"][2] > 800:
            named += len(boxes)
            there += len(signs)
    assert named > 0.9 * there


def test_a_line_leads_from_its_sign_to_its_name_and_crosses_no_name_and_no_line(
    everywhere: Made,
) -> None:
    lines = crossing = 0
    for one, places in everywhere:
        boxes: dict[int, Any] = {
            at: shapely.box(*place.box) for at, place in enumerate(places) if place
        }
        drawn = {
            at: shapely.LineString([place.line[:2], place.line[2:]])
            for at, place in enumerate(places)
            if place and place.line
        }
        for at, line in drawn.items():
            assert line.coords[0] == one["signs"][at][:2]
            assert boxes[at].distance(shapely.Point(line.coords[1])) < 1e-9
            others = [other for some in (boxes, drawn) for n, other in some.items() if n != at]
            crossed = any(line.crosses(other) for other in others)
            assert not crossed or at < one["must"] or any(n < one["must"] for n in drawn)
            crossing += crossed
        lines += len(drawn)
    assert lines > 500
    assert crossing < 10  # of what must be named, where there is no other way


def test_only_a_map_without_any_room_leaves_out_what_must_be_named(
    everywhere: Made,
) -> None:
    """Room is looked for by throwing 500 boxes, a quarter larger than the name, on the map."""
    rng = random.Random(1)
    for one, places in everywhere:
        frame = one["frame"]
        for at in range(one["must"]):
            x, y, _ = one["signs"][at]
            if not (frame[0] <= x <= frame[2] and frame[1] <= y <= frame[3]):
                assert places[at] is None
            elif places[at] is None:
                named = [place.box for place in places if place]
                signs = [(x - r, y - r, x + r, y + r) for x, y, r in one["signs"]]
                taken = shapely.union_all(
                    [shapely.box(*box) for box in [*named, *signs, *one["kept"]]]
                )
                wide, high = (1.25 * side for side in one["names"][at][0])
                for _ in range(500):
                    left, top = rng.uniform(0, frame[2] - wide), rng.uniform(0, frame[3] - high)
                    assert shapely.box(left, top, left + wide, top + high).intersects(taken)


NODE = shutil.which("node")
RUN = """
globalThis.window = globalThis;
const fs = require("fs");
new Function(fs.readFileSync(process.argv[1], "utf8"))();
const answers = JSON.parse(fs.readFileSync(0, "utf8")).map((map) => {
  const room = new ikmLabels.Room(map.frame, map.signs, 40);
  map.kept.forEach((box) => room.keep(box));
  return map.names.map((shapes, at) => {
    const place = room.name(at, shapes, at < map.must);
    return place && [place.box, place.shape, place.line];
  });
});
process.stdout.write(JSON.stringify(answers));
"""


@pytest.mark.skipif(NODE is None and os.environ.get("CI") != "true", reason="no node here")
def test_the_browser_places_names_exactly_where_paper_does(
    everywhere: Made,
) -> None:
    assert NODE, "No node found: install npm."
    made = subprocess.run(
        [NODE, "-e", RUN, str(STATIC / "labels.js")],
        input=json.dumps([one for one, _ in everywhere]),
        capture_output=True,
        check=True,
        text=True,
    )
    told = [
        [place and [[*place.box], place.shape, place.line and [*place.line]] for place in places]
        for _, places in everywhere
    ]
    assert json.loads(made.stdout) == told


ON_LAND = """
globalThis.window = globalThis;
new Function(require("fs").readFileSync(process.argv[1], "utf8"))();
const room = new ikmLabels.Room([0, 0, 100, 100], [[20, 20, 4], [60, 20, 4]], 10);
const asked = [[0, 10, 30], [0, 50, 70], [1, 25, 70], [1, 50, 70]];
const answers = asked.map(([over, left, right]) => room.first([[left, 15, right, 25]], over));
process.stdout.write(JSON.stringify(answers));
"""


def test_a_name_may_lie_on_its_own_land_and_on_no_other_s_nor_on_its_name() -> None:
    """Two districts at (20, 20) and (60, 20), in both engines."""
    room = Room((0, 0, 100, 100), [Sign(20, 20, 4), Sign(60, 20, 4)], 10)
    assert room.first([(10, 15, 30, 25)], 0) == 0
    assert room.first([(50, 15, 70, 25)], 0) is None  # on the other one's sign
    assert room.first([(25, 15, 70, 25)], 1) is None  # on the first one's name
    assert room.first([(50, 15, 70, 25)], 1) == 0
    if NODE:
        command = [NODE, "-e", ON_LAND, str(STATIC / "labels.js")]
        made = subprocess.run(command, capture_output=True, check=True, text=True)
        assert json.loads(made.stdout) == [0, -1, -1, 0]
