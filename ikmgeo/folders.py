"""Where the files beside the code lie."""

from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).resolve().parent
STATIC: Final = PACKAGE / "static"

_SHIPPED: Final = PACKAGE / "shipped"
ROOT: Final = _SHIPPED if _SHIPPED.is_dir() else PACKAGE.parent
"""Holds ``app.py``, ``pages/``, ``data/`` and ``docs/``: the checkout, or in an installed package
the folder that ``pyproject.toml`` has made of them."""
