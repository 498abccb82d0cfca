"""Check the manifests of every overlay; no cluster and no network is needed.

Each overlay is rendered by kustomize, and compared with the schemas of its version of Kubernetes
and with rules of our own. Each unit's overlays are rendered by themselves too, since a unit can be
released alone; and so is the load generator, which belongs to no system. With `whole`, checkov
looks for what isn't safe: a finding is an error unless `checkov_exceptions_kubernetes.toml` has it
with a reason, and so is an exception that no finding needs.
"""

import json
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from aws import exceptions, tools
from aws.checks import AT_ONCE, Outcome
from aws.exceptions import Exceptions
from aws.paths import DEPLOY, REPOSITORY

from manifests import rules, schemas
from manifests.render import (
    ARCHITECTURES,
    LOCAL,
    LOCAL_1_20,
    OVERLAYS,
    PRODUCTION,
    Manifest,
    RenderError,
    build,
    render,
    render_load,
)

EXCEPTIONS = DEPLOY / "checkov_exceptions_kubernetes.toml"
# Of the units: the manifests that lie with them
UNIT_FOLDERS = tuple(
    sorted(
        it.parent
        for pattern in ("monolith", "microservices/*")
        for it in REPOSITORY.glob(f"{pattern}/deploy/kubernetes/base")
    )
)
# Those that differ in what checkov looks at: the overlay for 1.20 changes API versions.
_SCANNED = (LOCAL, PRODUCTION)


def check(*, whole: bool) -> list[Outcome]:
    """Run the checks, two at a time. Raises MissingKubectl, MissingEnvironment."""
    jobs: list[tuple[str, Callable[[], Sequence[str]]]] = [
        (f"{overlay} {it}, {schemas.version_of(overlay)}", partial(_overlay, overlay, it))
        for overlay in OVERLAYS
        for it in ARCHITECTURES
    ]
    jobs += [
        (f"{it.parents[1].name} {overlay}", partial(_unit, it / overlay))
        for it in UNIT_FOLDERS
        for overlay in (LOCAL, PRODUCTION)
    ]
    jobs += [
        (f"load generator, {version}", partial(_load_generator, version))
        for version in map(schemas.version_of, (LOCAL, LOCAL_1_20))
    ]
    if whole:
        jobs.insert(0, ("checkov", partial(_checkov, exceptions.read(EXCEPTIONS))))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda job: _timed(*job), jobs))


def scan(rendered: dict[str, Sequence[Manifest]], reviewed: Exceptions) -> list[str]:
    """Return checkov's findings in rendered objects that the list doesn't have, a line each."""
    with tempfile.TemporaryDirectory(prefix="flow-kubernetes-") as folder:
        paths = []
        for name, manifests in rendered.items():
            path = Path(folder) / f"{name}.json"
            path.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": manifests}))
            paths.append(path)
        try:
            return reviewed.problems(tools.checkov("kubernetes", paths))
        except tools.NoReport as error:
            return str(error).splitlines()


def _checkov(reviewed: Exceptions) -> list[str]:
    overlays = ((overlay, it) for overlay in _SCANNED for it in ARCHITECTURES)
    scanned = {f"{overlay}-{it}": render(overlay, it) for overlay, it in overlays}
    return scan({**scanned, "load": render_load()}, reviewed)


def _overlay(overlay: str, architecture: str) -> list[str]:
    try:
        rendered = render(overlay, architecture)
        return [*schemas.problems(rendered, schemas.version_of(overlay)), *rules.problems(rendered)]
    except RenderError as error:
        return str(error).splitlines()


def _load_generator(version: str) -> list[str]:
    try:
        rendered = render_load()
        return [*schemas.problems(rendered, version), *rules.problems(rendered)]
    except RenderError as error:
        return str(error).splitlines()


def _unit(folder: Path) -> list[str]:
    try:
        return schemas.problems(build(folder), schemas.version_of(folder.name))
    except RenderError as error:
        return str(error).splitlines()


def _timed(name: str, run: Callable[[], Sequence[str]]) -> Outcome:
    started = time.monotonic()
    problems = tuple(run())
    return Outcome(name, problems, time.monotonic() - started)
