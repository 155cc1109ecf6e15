"""What serves the app: the script that runs for each reader."""

from pathlib import Path

SCRIPT = Path(__file__).parent / "script" / "router.py"
