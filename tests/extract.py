"""Made-up extracts of OpenStreetMap: no road, river or town of them exists."""

from collections.abc import Iterable, Mapping
from itertools import count
from xml.sax.saxutils import quoteattr

Spot = tuple[float, float]
Tags = Mapping[str, str]


def osm_xml(
    ways: Iterable[tuple[Tags, Iterable[Spot]]], spots: Iterable[tuple[Tags, Spot]]
) -> bytes:
    """An ``.osm`` file of ways and single points; spots are (lat, lon), alike ones are one node."""
    numbers, nodes = count(1), dict[Spot, int]()
    listed = [(tags, [nodes.setdefault(spot, next(numbers)) for spot in way]) for tags, way in ways]
    plain = [
        f'<node id="{number}" lat="{lat}" lon="{lon}" version="1"/>'
        for (lat, lon), number in nodes.items()
    ]
    told = [
        f'<node id="{next(numbers)}" lat="{lat}" lon="{lon}" version="1">{_tags(tags)}</node>'
        for tags, (lat, lon) in spots
    ]
    drawn = [
        f'<way id="{number}" version="1">{_nodes(way)}{_tags(tags)}</way>'
        for number, (tags, way) in enumerate(listed, 1)
    ]
    return f'<osm version="0.6">{"".join([*plain, *told, *drawn])}</osm>'.encode()


def _nodes(way: Iterable[int]) -> str:
    return "".join(f'<nd ref="{node}"/>' for node in way)


def _tags(tags: Tags) -> str:
    return "".join(f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in tags.items())
