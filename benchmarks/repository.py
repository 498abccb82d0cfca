"""Where this repository is. Standard library only, since `.ci` reads it in a bare Python."""

from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
VENVS = REPOSITORY / ".venvs"
