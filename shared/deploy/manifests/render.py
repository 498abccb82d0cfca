"""Render overlays with kustomize, as `kubectl apply -k` does; no cluster is needed."""

import functools
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml
from aws.paths import DEPLOY, REPOSITORY

KUBERNETES = DEPLOY / "kubernetes"
ARCHITECTURES = ("monolith", "microservices")
# The overlays of whole systems. Each has a folder for each architecture.
LOCAL, LOCAL_1_20, PRODUCTION = "local", "local-1.20", "production"
OVERLAYS = (LOCAL, LOCAL_1_20, PRODUCTION)
# Of the load generator, which is no unit and has a namespace of its own
LOAD = REPOSITORY / "benchmarks" / "deploy" / "kubernetes"
_TIMEOUT_SECONDS = 60

Manifest = dict[str, Any]


class RenderError(Exception):
    """An overlay can't be rendered; the text is kustomize's own."""


class MissingKubectl(Exception):
    """Neither this environment nor the PATH has kubectl; the text is for the user."""


def kubectl() -> Path:
    """Return the path of kubectl: of this environment, or of the PATH. Raises MissingKubectl."""
    found = shutil.which("kubectl", path=str(Path(sys.executable).parent))
    found = found or shutil.which("kubectl")
    if found is None:
        raise MissingKubectl(
            "kubectl is missing, so the Kubernetes manifests can't be rendered: run"
            " `make .venvs/deploy`, or install kubectl where there is no wheel of it."
        )
    return Path(found)


@functools.cache
def render(overlay: str, architecture: str) -> tuple[Manifest, ...]:
    """Return the objects of one architecture in one overlay. Don't change them; see `build`."""
    return tuple(build(KUBERNETES / overlay / architecture))


@functools.cache
def render_load() -> tuple[Manifest, ...]:
    """Return the objects of the load generator in its overlay `local`. Don't change them."""
    return tuple(build(LOAD / LOCAL))


def build(folder: Path) -> list[Manifest]:
    """Return the objects of a folder with a kustomization. Raises RenderError, MissingKubectl."""
    done = subprocess.run(
        [str(kubectl()), "kustomize", str(folder)],
        check=False,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=_TIMEOUT_SECONDS,
    )
    if done.returncode != 0:
        raise RenderError(f"{folder}: {done.stderr.strip()}")
    return [it for it in yaml.load_all(done.stdout, yaml.CSafeLoader) if it is not None]


def name_of(manifest: Manifest) -> str:
    """Return what an object is called in messages, such as `Deployment monolith-web`."""
    return f"{manifest['kind']} {manifest['metadata']['name']}"


def of_kind(manifests: tuple[Manifest, ...], *kinds: str) -> dict[str, Manifest]:
    """Return the objects of some kinds by their names."""
    return {it["metadata"]["name"]: it for it in manifests if it["kind"] in kinds}
