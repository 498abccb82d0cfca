"""The objects of an architecture, from its overlay and the secrets made for it."""

import copy
import os
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

import yaml

from benchmarks.repository import REPOSITORY, VENVS
from benchmarks.targets.errors import EngineError
from benchmarks.targets.kubernetes.kubectl import Object, find_program

OVERLAYS = REPOSITORY / "shared" / "deploy" / "kubernetes"
UNIT_LABEL = "app.kubernetes.io/name"
TYPE_LABEL = "app.kubernetes.io/component"
STAGE_LABEL = "stage"
_OURS = "one-flow/"
_AUTOSCALER = "HorizontalPodAutoscaler"
_TIMEOUT_SECONDS = 60
# After a step in load, workers that have nothing to do are removed within a trial
SOON_SECONDS = 15


def require_overlay(overlay: str, architecture: str) -> Path:
    """Return the folder of an overlay of a whole system. EngineError if there is none."""
    folder = OVERLAYS / overlay / architecture
    if not folder.is_dir():
        known = ", ".join(sorted(it.parent.name for it in OVERLAYS.glob(f"*/{architecture}")))
        message = f"There is no overlay {overlay!r} of the {architecture}: they are {known}."
        raise EngineError(message)
    return folder


def render(overlay: str, architecture: str) -> list[Object]:
    """Return the objects of an overlay of a whole system. EngineError if there is none."""
    folder = require_overlay(overlay, architecture)
    output = _run([find_program(), "kustomize", str(folder)], folder)
    return [it for it in yaml.load_all(output, yaml.CSafeLoader) if it is not None]


def new_secrets(architecture: str) -> list[Object]:
    """Return a namespace and new random secrets, as `make kubernetes-secrets` prints them."""
    python = Path(os.environ.get("VENVS") or VENVS) / "deploy" / "bin" / "python"
    if not python.exists():
        message = "The environment of the manifests is missing: run `make .venvs/deploy`."
        raise EngineError(message)
    folder = REPOSITORY / "shared" / "deploy"
    output = _run([str(python), "-m", "manifests", "secrets", architecture], folder)
    return list(yaml.load_all(output, yaml.CSafeLoader))


def of_stage(objects: Iterable[Object], *, rollout: bool) -> list[Object]:
    """Return the objects of the stage `rollout`, or all but those."""
    return [it for it in objects if (_labels(it).get(STAGE_LABEL) == "rollout") is rollout]


def of_unit(objects: Iterable[Object], unit: str) -> list[Object]:
    """Return the processes of a unit: its release job and its deployments."""
    kinds = {"Job", "Deployment"}
    return [it for it in objects if it["kind"] in kinds and _labels(it).get(UNIT_LABEL) == unit]


def process_types(objects: Iterable[Object], unit: str) -> list[str]:
    """Return the names of a unit's deployments."""
    found = of_unit(objects, unit)
    return [it["metadata"]["name"] for it in found if it["kind"] == "Deployment"]


def with_tag(objects: Iterable[Object], tag: str) -> list[Object]:
    """Return copies whose images of this repository have another tag."""
    changed = copy.deepcopy(list(objects))
    for found in changed:
        for container in found["spec"]["template"]["spec"]["containers"]:
            name, _, _built = container["image"].rpartition(":")
            if name.startswith(_OURS):
                container["image"] = f"{name}:{tag}"
    return changed


def with_settings(
    objects: Iterable[Object], units: Iterable[str], values: Mapping[str, str]
) -> list[Object]:
    """Return copies in which the configuration of these units has further values."""
    changed, names = copy.deepcopy(list(objects)), set(units)
    for found in changed:
        if found["kind"] == "ConfigMap" and _configured(found) in names:
            found["data"] = {**found["data"], **values}
    return changed


def with_autoscalers(
    objects: Iterable[Object], most: Mapping[str, int], *, least: int, like: str
) -> list[Object]:
    """Return copies in which the autoscalers of `most` scale as that of `like` does, to so many.

    They are soon down again; all others keep one pod.
    """
    changed = copy.deepcopy(list(objects))
    by_name = {it["metadata"]["name"]: it for it in autoscalers(changed)}
    metrics = copy.deepcopy(by_name[like]["spec"]["metrics"])
    for name, found in by_name.items():
        found["spec"] |= {"minReplicas": 1, "maxReplicas": 1}
        if name in most:
            found["spec"] |= {
                "minReplicas": least,
                "maxReplicas": most[name],
                "metrics": copy.deepcopy(metrics),
                "behavior": {"scaleDown": {"stabilizationWindowSeconds": SOON_SECONDS}},
            }
    return changed


def autoscalers(objects: Iterable[Object]) -> list[Object]:
    """Return the autoscalers of processes."""
    return [it for it in objects if it["kind"] == _AUTOSCALER]


def settings(objects: Iterable[Object], name: str) -> dict[str, str]:
    """Return the values of the config map that kustomize has made from this name."""
    maps = [it for it in objects if it["kind"] == "ConfigMap"]
    (found,) = [it for it in maps if _configured(it) == name]
    return dict(found["data"])


def _configured(found: Object) -> str:
    """Return the name of a config map without the hash that kustomize has added."""
    return str(found["metadata"]["name"]).rpartition("-")[0]


def _labels(found: Object) -> dict[str, str]:
    return dict(found["metadata"].get("labels", {}))


def _run(command: list[str], folder: Path) -> str:
    done = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        timeout=_TIMEOUT_SECONDS,
    )
    if done.returncode != 0:
        message = f"{Path(command[0]).name}: {done.stderr.strip()}"
        raise EngineError(message)
    return done.stdout
