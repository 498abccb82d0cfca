"""The Kubernetes manifests give each process the variables that it needs to start."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from tests.test_settings import PRODUCTION, ROOT, STARTS

FOLDER = ROOT / "deploy" / "kubernetes"
SECRET = PRODUCTION
WEB = "web"


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
    """Return the variables of each process of this unit.

    The web process starts whole; it alone has a file of keys.
    """
    started = {it["args"][0]: _variables(it) for it in _containers() if "args" in it}
    started[WEB]["STARTS"] = "config.asgi"
    started[WEB]["TOKEN_SIGNING_KEYS_FILE"] = os.environ["TOKEN_SIGNING_KEYS_FILE"]
    return started


@pytest.mark.slow
def test_every_process_starts_with_what_the_manifests_give_it() -> None:
    started = environments()
    assert set(started) == {"release", "web"}
    always = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings"}
    done = subprocess.run(
        [sys.executable, "-c", STARTS],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        input=json.dumps([always | it for it in started.values()]),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    outcomes = dict(zip(started, map(json.loads, done.stdout.splitlines()), strict=True))
    assert {name: errors for name, (status, errors) in outcomes.items() if status} == {}
