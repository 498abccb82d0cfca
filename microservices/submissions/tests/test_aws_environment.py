"""The AWS template gives each process the variables that it needs to start."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest
import yaml

from tests.test_settings import PRODUCTION, ROOT, STARTS

TEMPLATE = yaml.safe_load((ROOT / "deploy" / "aws.yaml").read_text())
WEB = "web"
GIVEN = PRODUCTION | {"RECOGNITION": "celery"}  # as without a queue


def _value(name: str, value: object) -> str:
    """Return what a process gets: a parameter's default, or what stands for a resource's name."""
    if isinstance(value, str):
        return value
    reference = value.get("Ref", "") if isinstance(value, dict) else ""
    default = TEMPLATE["Parameters"].get(reference, {}).get("Default")
    return GIVEN.get(name, "https://example.org/x") if default is None else str(default)


def _variables(container: dict[str, Any]) -> dict[str, Any]:
    given = {it["Name"]: it["Value"] for it in container.get("Environment", ())}
    return given | {it["Name"]: None for it in container.get("Secrets", ())}


def environments() -> dict[str, dict[str, str]]:
    """Return the variables of each process of this unit by the name of its container or function.

    The web process starts whole; it alone has a file of keys.
    """
    properties = [it.get("Properties", {}) for it in TEMPLATE["Resources"].values()]
    containers = [it for each in properties for it in each.get("ContainerDefinitions", ())]
    found = {it["Name"]: _variables(it) for it in containers}
    found |= {
        each["ImageConfig"]["Command"][0]: each["Environment"]["Variables"]
        for each in properties
        if "ImageConfig" in each
    }
    started = {
        process: {name: _value(name, value) for name, value in given.items()}
        for process, given in found.items()
        if "ENVIRONMENT" in given  # of this unit's code
    }
    started[WEB]["STARTS"] = "config.asgi"
    if "TOKEN_SIGNING_KEYS_FILE" in started[WEB]:
        started[WEB]["TOKEN_SIGNING_KEYS_FILE"] = os.environ["TOKEN_SIGNING_KEYS_FILE"]
    return started


@pytest.mark.slow
def test_every_process_starts_with_what_the_template_gives_it() -> None:
    started = environments()
    assert set(started) == {"release", "web", "consumer", "sweeper"}
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
