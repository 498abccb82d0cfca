"""The container images of a deployment: those of the working tree, and others made from them."""

from collections.abc import Iterator

from benchmarks.targets.architectures import Architecture, unit_names
from benchmarks.targets.compose.compose_command import Compose
from benchmarks.targets.compose.engine import Engine
from benchmarks.targets.compose.services import Services
from benchmarks.targets.errors import EngineError
from benchmarks.targets.rolling_release import BUILT_TAG

BUILD_SECONDS = 1800.0
_BETTER = "FROM {image}\nLABEL release=next\n"
# Its processes run, and do nothing.
_WORSE = """\
FROM {image}
USER root
RUN sed -i -E "s/^(web|worker|consumer|sweeper): .*/\\1: sleep 3600/" Procfile
USER app
"""
# Every submission is reported as pending, as in the scenario "wrong-answers" of the deploy
# experiment.
_WRONG_LINE = '"state": "pending",'
_WRONG = f"""\
FROM {{image}}
USER root
RUN sed -i 's/"state": submission.state,/{_WRONG_LINE}/' submissions/schemas.py \\
  && grep -q '{_WRONG_LINE}' submissions/schemas.py
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


def make_variants(architecture: Architecture, *, better: str, worse: str, wrong: str) -> None:
    """Make images of three other releases from those of the working tree.

    Those with the tag `better` have a label more. The processes of those with the tag `worse` run
    and do nothing. Those with the tag `wrong` are of the unit that responds for submissions, and
    give a wrong state. The edge of a unit with other processes stays as it is, as in most releases.
    EngineError if an image is missing, or can't be made.
    """
    engine, services = Engine(architecture.name), Services(architecture)
    for unit in unit_names(architecture):
        for repository, has_own_code in _repositories(services, unit):
            image = f"{repository}:{BUILT_TAG}"
            if unit == architecture.database_unit and has_own_code:
                _make(engine, _WRONG.format(image=image), f"{repository}:{wrong}")
            elif unit == architecture.database_unit:
                engine.run("tag", image, f"{repository}:{wrong}")
            if has_own_code:
                _make(engine, _BETTER.format(image=image), f"{repository}:{better}")
                _make(engine, _WORSE.format(image=image), f"{repository}:{worse}")
            elif len(services.processes(unit)) == 1:
                _make(engine, _BETTER.format(image=image), f"{repository}:{better}")
                engine.run("tag", image, f"{repository}:{worse}")
            else:
                engine.run("tag", image, f"{repository}:{better}")
                engine.run("tag", image, f"{repository}:{worse}")


def _repositories(services: Services, unit: str) -> Iterator[tuple[str, bool]]:
    """Yield the names of a unit's images, each with whether it isn't the edge's."""
    edge = services.edge.repository
    for repository in dict.fromkeys(it.repository for it in services.processes(unit)):
        yield repository, repository != edge


def _make(engine: Engine, dockerfile: str, image: str) -> None:
    arguments = ("build", "--tag", image, "-")
    engine.run(*arguments, given=dockerfile, timeout_seconds=BUILD_SECONDS)
