"""Compose as a subprocess: `docker compose` (version 2) or docker-compose (1.29), one project."""

import os
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.repository import REPOSITORY
from benchmarks.targets.compose import services
from benchmarks.targets.compose.engine import COMMAND_SECONDS, execute
from benchmarks.targets.errors import EngineError

_VERSION_SECONDS = 20.0
_HTTP_SECONDS = "300"  # until docker-compose gives up a request to the daemon; 60 by default
_OLDEST = (1, 29)


@dataclass(frozen=True)
class Program:
    """How Compose is called, and its version."""

    command: tuple[str, ...]
    version: str

    @property
    def name(self) -> str:
        """The words with which it is called."""
        return " ".join((Path(self.command[0]).name, *self.command[1:]))


class Compose:
    """Runs Compose on docker-compose.yml for one project, with the given variables and no others.

    `overrides` are further files, which are merged into that one. What `.env` or the environment
    has for the file's variables doesn't count.
    """

    def __init__(
        self,
        project: str,
        *,
        profile: str,
        variables: Mapping[str, str],
        folder: Path,
        overrides: Sequence[Path] = (),
    ) -> None:
        self.project = project
        self.program = find_compose()
        self._profile = profile
        self._variables = dict(variables)
        self._files = (services.FILE, *overrides)
        self._no_variables = folder / "empty.env"  # in the place of the repository's .env
        self._no_variables.touch()

    def run(
        self,
        *arguments: str,
        variables: Mapping[str, str] | None = None,
        timeout_seconds: float = COMMAND_SECONDS,
    ) -> str:
        """Return the output of a command; `variables` come before those of the project.

        EngineError with the last line of Compose's own message if it fails.
        """
        files = [word for file in self._files for word in ("--file", str(file))]
        return execute(
            f"{self.program.name} {arguments[0]}",
            [
                *self.program.command,
                *files,
                "--env-file",
                str(self._no_variables),
                *arguments,
            ],
            timeout_seconds=timeout_seconds,
            environment=self._environment(variables or {}),
            folder=REPOSITORY,
        )

    def _environment(self, variables: Mapping[str, str]) -> dict[str, str]:
        theirs = services.variables()
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in theirs and not name.startswith("COMPOSE_")
        }
        own = {
            "COMPOSE_PROJECT_NAME": self.project,
            "COMPOSE_PROFILES": self._profile,
            "COMPOSE_HTTP_TIMEOUT": _HTTP_SECONDS,
        }
        return kept | own | self._variables | dict(variables)


def find_compose() -> Program:
    """Return Compose 2 if docker has it, or else docker-compose. EngineError if neither is there.

    Older than 1.29 it doesn't know the file.
    """
    docker, alone = shutil.which("docker"), shutil.which("docker-compose")
    candidates: list[tuple[str, ...]] = [] if docker is None else [(docker, "compose")]
    candidates += [] if alone is None else [(alone,)]
    for command in candidates:
        version = _version(command)
        if version is None:
            continue
        found = tuple(int(it) for it in re.findall(r"\d+", version)[:2])
        if found >= _OLDEST:
            return Program(command, version)
        message = f"{' '.join(command)} is {version}: version 1.29 or a later one is needed."
        raise EngineError(message)
    message = "Docker Compose is missing: install its plugin for docker, or docker-compose 1.29."
    raise EngineError(message)


def _version(command: Sequence[str]) -> str | None:
    """Return the version of a Compose; None if the command isn't one."""
    try:
        printed = execute(
            "version",
            [*command, "version", "--short"],
            timeout_seconds=_VERSION_SECONDS,
        )
    except EngineError:
        return None
    return printed.strip() if re.match(r"v?\d+\.\d+", printed.strip()) else None
