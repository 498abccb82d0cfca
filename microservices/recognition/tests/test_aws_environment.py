"""The AWS template gives each process the variables that it needs to start."""

from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # no stubs among the packages here

from recognition.settings import settings_from_environment

ROOT = Path(__file__).parents[1]
TEMPLATE = yaml.safe_load((ROOT / "deploy" / "aws.yaml").read_text())


def _variables(container: dict[str, Any]) -> dict[str, Any]:
    given = {it["Name"]: it["Value"] for it in container.get("Environment", ())}
    return given | {it["Name"]: None for it in container.get("Secrets", ())}


def environments() -> dict[str, dict[str, str]]:
    """Return the variables of each process, a resource's name or a secret as some address."""
    properties = [it.get("Properties", {}) for it in TEMPLATE["Resources"].values()]
    containers = [it for each in properties for it in each.get("ContainerDefinitions", ())]
    found = {it["Name"]: _variables(it) for it in containers}
    found |= {
        each["ImageConfig"]["Command"][0]: each["Environment"]["Variables"]
        for each in properties
        if "ImageConfig" in each
    }
    return {
        process: {
            name: value if isinstance(value, str) else "redis://example.org"
            for name, value in given.items()
        }
        for process, given in found.items()
    }


@pytest.mark.parametrize("process", ["release", "worker", "recognition.handler.handler"])
def test_a_process_starts_with_what_the_template_gives_it(process: str) -> None:
    given = environments()[process]
    assert settings_from_environment(given).environment == "production"


def test_no_process_is_left_out() -> None:
    assert set(environments()) == {"release", "worker", "recognition.handler.handler"}
