"""docker as a subprocess: the containers of one Compose project, and images."""

import json
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.targets.compose.container import LABEL, Container, read_container
from benchmarks.targets.errors import EngineError

COMMAND_SECONDS = 60.0
_LOG_LINES = 3
_NO_REASON = " failed to build : Build failed"
# A container may be removed between the list and the description of what is in it.
_TRIES = 5


class Engine:
    """Runs docker for one Compose project. EngineError if there is no docker."""

    def __init__(self, project: str) -> None:
        self.project = project
        self._program = find_docker()

    def run(
        self,
        *arguments: str,
        given: str | None = None,
        with_errors: bool = False,
        timeout_seconds: float = COMMAND_SECONDS,
    ) -> str:
        """Return the output of a docker command; `given` is its input.

        `with_errors` adds its standard error, where `docker logs` writes that of the container.
        EngineError with the last line of docker's own message if it fails.
        """
        return execute(
            f"docker {arguments[0]}",
            [self._program, *arguments],
            given=given,
            with_errors=with_errors,
            timeout_seconds=timeout_seconds,
        )

    def require_daemon(self) -> None:
        """Raise EngineError if no daemon responds."""
        try:
            self.run("version", "--format", "{{.Server.Version}}")
        except EngineError as error:
            message = "No Docker daemon responds: start it, or set DOCKER_HOST."
            raise EngineError(message) from error

    def exists(self) -> bool:
        """Return whether the project has a container, a network or a volume."""
        label = f"--filter=label={LABEL}project={self.project}"
        listings = (("ps", "--all"), ("network", "ls"), ("volume", "ls"))
        return any(self.run(*words, "--quiet", label).strip() for words in listings)

    def containers(self, service: str | None = None, *, one_off: bool = False) -> list[Container]:
        """Return the project's containers, or those of a service, each service's oldest first.

        `one_off` are those of `run`, which are no part of a service. Raises EngineError.
        """
        labels = [f"project={self.project}", f"oneoff={one_off}"]
        labels += [] if service is None else [f"service={service}"]
        filters = [f"--filter=label={LABEL}{label}" for label in labels]
        for _ in range(_TRIES - 1):
            try:
                return self.inspect(self._ids(filters))
            except EngineError:
                continue
        return self.inspect(self._ids(filters))

    def inspect(self, ids: Sequence[str]) -> list[Container]:
        """Return these containers as they are now. EngineError if one is gone."""
        if not ids:
            return []
        found = json.loads(self.run("inspect", "--type=container", *ids))
        return sorted(
            (read_container(it) for it in found), key=lambda found: (found.service, found.number)
        )

    def image_id(self, image: str) -> str | None:
        """Return the id of a container image; None if the machine doesn't have it."""
        found = self.run("images", "--quiet", "--no-trunc", image).split()
        return found[0] if found else None

    def log(self, container: Container) -> str:
        """Return what a container has written. Raises EngineError."""
        return self.run("logs", container.id, with_errors=True)

    def describe(self, container: Container) -> str:
        """Return a sentence on what a container does, with the end of its log."""
        try:
            lines = [it.strip() for it in self.log(container).splitlines() if it.strip()]
        except EngineError:
            lines = []
        end = " / ".join(lines[-_LOG_LINES:]) or "it has written nothing"
        return f"{container.service} {container.state}: {end}"

    def remove(self, containers: Iterable[Container]) -> None:
        """Remove containers at once, with their anonymous volumes. Raises EngineError."""
        ids = [it.id for it in containers]
        if ids:
            self.run("rm", "--force", "--volumes", *ids)

    def _ids(self, filters: Sequence[str]) -> list[str]:
        return self.run("ps", "--all", "--quiet", "--no-trunc", *filters).split()


def find_docker() -> str:
    """Return the path of docker. EngineError if there is none."""
    found = shutil.which("docker")
    if found is None:
        message = "docker is missing: install Docker Engine."
        raise EngineError(message)
    return found


def execute(
    name: str,
    command: Sequence[str],
    *,
    timeout_seconds: float,
    given: str | None = None,
    with_errors: bool = False,
    environment: dict[str, str] | None = None,
    folder: Path | None = None,
) -> str:
    """Return the output of a command, called `name`; `with_errors` adds its standard error.

    EngineError with its last line if it fails, takes too long, or isn't there.
    """
    try:
        done = subprocess.run(
            command,
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if with_errors else subprocess.PIPE,
            text=True,
            errors="replace",
            input=given,
            stdin=subprocess.DEVNULL if given is None else None,
            timeout=timeout_seconds,
            env=environment,
            cwd=folder,
        )
    except subprocess.TimeoutExpired as error:
        message = f"{name} took longer than {timeout_seconds:g} s."
        raise EngineError(message) from error
    except OSError as error:
        message = f"{command[0]} can't be started: {error.strerror}."
        raise EngineError(message) from error
    if done.returncode != 0:
        raise EngineError(f"{name}: {_last_line(done.stdout, done.stderr or '', done.returncode)}")
    return done.stdout


def _last_line(output: str, errors: str, status: int) -> str:
    """Return the last line that is more than a status, such as docker-compose's `ERROR: 1`.

    docker-compose adds a line to that of docker, which has the reason why an image isn't built.
    """
    for text in (errors, output):
        for line in reversed(text.strip().splitlines()):
            message = line.strip().removeprefix("ERROR: ")
            if message and not message.isdecimal() and not message.endswith(_NO_REASON):
                return message
    return f"exit status {status}"
