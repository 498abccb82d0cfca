"""Where templates and environments lie."""

from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]
DEPLOY = Path(__file__).resolve().parents[1]
VENVS = REPOSITORY / ".venvs"

_FOLDERS = {
    "shared": REPOSITORY / "shared",
    "monolith": REPOSITORY / "monolith",
    "microservices": REPOSITORY / "microservices",
    **{
        name: REPOSITORY / "microservices" / name
        for name in ("edge", "accounts", "submissions", "recognition")
    },
}
TEMPLATES = {name: folder / "deploy" / "aws.yaml" for name, folder in _FOLDERS.items()}


class MissingEnvironment(Exception):
    """An environment with a tool hasn't been made; the text names the command that makes it."""


def program(environment: str, name: str) -> Path:
    """Return the path of a program in an environment. Raises MissingEnvironment."""
    path = VENVS / environment / "bin" / name
    if not path.exists():
        message = f"{name} is missing: run `make .venvs/{environment}` first."
        raise MissingEnvironment(message)
    return path
