"""The container images of a deployment: those of the working tree, and others made from them."""

from collections.abc import Iterable

from benchmarks.targets.compose.compose_command import Compose
from benchmarks.targets.compose.engine import Engine
from benchmarks.targets.compose.services import Services
from benchmarks.targets.errors import EngineError
from benchmarks.targets.rolling_release import BUILT_TAG

BUILD_SECONDS = 1800.0
_NEXT = "FROM {image}\nLABEL release=next\n"
# Its processes run, and do nothing.
_BAD = """\
FROM {image}
USER root
RUN sed -i -E "s/^(web|worker|consumer|sweeper): .*/\\1: sleep 3600/" Procfile
USER app
"""


def build(compose: Compose, services: Services) -> None:
    """Build the images of the working tree. EngineError if one can't be built."""
    first = {it.repository: it.name for it in services.all.values() if it.is_built}
    compose.run("build", *first.values(), timeout_seconds=BUILD_SECONDS)


def require_built(engine: Engine, services: Services) -> None:
    """Raise EngineError if an image of the working tree is missing."""
    for service in services.all.values():
        image = f"{service.repository}:{BUILT_TAG if service.unit else 'latest'}"
        if service.is_built and engine.image_id(image) is None:
            message = f"There is no container image {image}: it has to be built first."
            raise EngineError(message)


def make_next(engine: Engine, services: Services, units: Iterable[str], tag: str) -> None:
    """Make images of another release, with a label more than those of the working tree.

    The edge of a unit with processes of its own stays as it is, as in most releases.
    """
    for unit in units:
        processes = services.processes(unit)
        for repository in {it.repository for it in processes}:
            if repository == services.edge.repository and len(processes) > 1:
                engine.run("tag", f"{repository}:{BUILT_TAG}", f"{repository}:{tag}")
            else:
                _make(engine, _NEXT, repository, tag)


def make_bad(engine: Engine, services: Services, units: Iterable[str], tag: str) -> None:
    """Make images whose processes never become ready; an edge stays as it is."""
    for unit in units:
        for repository in {it.repository for it in services.processes(unit)}:
            if repository == services.edge.repository:
                engine.run("tag", f"{repository}:{BUILT_TAG}", f"{repository}:{tag}")
            else:
                _make(engine, _BAD, repository, tag)


def _make(engine: Engine, dockerfile: str, repository: str, tag: str) -> None:
    given = dockerfile.format(image=f"{repository}:{BUILT_TAG}")
    arguments = ("build", "--tag", f"{repository}:{tag}", "-")
    engine.run(*arguments, given=given, timeout_seconds=BUILD_SECONDS)
