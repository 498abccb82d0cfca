"""The Kubernetes manifests give each process the variables that it needs to start."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # no stubs among the packages here

from recognition.settings import settings_from_environment

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "deploy" / "kubernetes"
SECRET = {"BROKER_URL": "redis://example.org"}


def _configuration() -> dict[str, dict[str, str]]:
    """Return the variables of each ConfigMap, as `production` has them."""
    found: dict[str, dict[str, str]] = {}
    for overlay in ("base", "production"):
        document = yaml.safe_load((FOLDER / overlay / "kustomization.yaml").read_text())
        for generator in document["configMapGenerator"]:
            values = dict(line.split("=", 1) for line in generator["literals"])
            found[generator["name"]] = found.get(generator["name"], {}) | values
    return found


def _containers() -> Iterator[dict[str, Any]]:
    for path in (FOLDER / "base").glob("*.yaml"):
        for document in yaml.safe_load_all(path.read_text()):
            if document["kind"] in {"Deployment", "Job"}:
                yield from document["spec"]["template"]["spec"]["containers"]


def _variables(container: dict[str, Any]) -> dict[str, str]:
    """Return what a process gets; those of a secret that may be missing are."""
    given: dict[str, str] = {}
    for source in container["envFrom"]:
        given |= _configuration()[source["configMapRef"]["name"]]
    for variable in container["env"]:
        secret = variable.get("valueFrom", {}).get("secretKeyRef", {})
        if not secret.get("optional"):
            given[variable["name"]] = variable.get("value", SECRET.get(variable["name"], ""))
    return given


def environments() -> dict[str, dict[str, str]]:
    """Return the variables of each process of this unit."""
    return {it["args"][0]: _variables(it) for it in _containers()}


@pytest.mark.parametrize("process", ["release", "worker"])
def test_a_process_starts_with_what_the_manifests_give_it(process: str) -> None:
    given = environments()[process]
    assert settings_from_environment(given).environment == "production"


def test_no_process_is_left_out() -> None:
    assert set(environments()) == {"release", "worker"}
