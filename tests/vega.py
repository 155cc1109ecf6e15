"""What a chart's specification says: its layers, and the data that each draws."""

import json
from typing import Any


def spec(chart: Any) -> dict[str, Any]:
    """The specification as the browser gets it; that it is a valid one has its own tests."""
    return dict(json.loads(chart.to_json(validate=False)))


def layers(chart: Any, mark: str) -> list[dict[str, Any]]:
    """Its layers with a mark."""
    return [layer for layer in spec(chart)["layer"] if layer["mark"]["type"] == mark]


def rows(chart: Any, layer: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """Data of a chart, or of one of its layers."""
    whole = spec(chart)
    name = (layer or {}).get("data", whole.get("data"))["name"]
    return list(whole["datasets"][name])
