"""The files that came with fleettui. As paths: `importlib.resources` would load zipfile and tempfile too, 5 ms of a start."""

from pathlib import Path

DATA = Path(__file__).parent / "data"
TEMPLATES = Path(__file__).parent / "templates"
