"""`docs/kubernetes.md` agrees with the manifests: secrets, numbers, folders, names of commands."""

import re
from typing import Any

import pytest
from aws.paths import REPOSITORY
from manifests.render import ARCHITECTURES, LOCAL, LOCAL_1_20, PRODUCTION, of_kind, render

from tests.test_kubernetes_secrets import referred

PAGE = (REPOSITORY / "docs" / "kubernetes.md").read_text()
PROCESSES = ("web", "worker", "consumer", "edge", "sweeper")


def _table(heading: str) -> list[list[str]]:
    """Return the rows of the table that begins with a heading."""
    _, _, after = PAGE.partition(f"| {heading} |")
    assert after, heading
    lines = after.partition("\n\n")[0].splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_the_secrets_of_production_are_listed_with_their_keys() -> None:
    section = PAGE.partition("**2. Create the namespace and the secrets**")[2].partition("**3.")[0]
    listed = {
        (name, key)
        for name, keys in re.findall(r"^- `([^`]+)`: (.*)$", section, re.MULTILINE)
        for key in re.findall(r"`([^`]+)`", keys)
    }
    assert listed
    assert listed == {it for name in ARCHITECTURES for it in referred(PRODUCTION, name)}


def _number(overlay: str, architecture: str, name: str) -> str:
    """Return how many pods a deployment has, as the page writes it."""
    rendered = render(overlay, architecture)
    scaled: dict[str, Any] = of_kind(rendered, "ScaledObject").get(name, {})
    if scaled:
        spec = scaled["spec"]
        least, most = spec["minReplicaCount"], spec["maxReplicaCount"]
        return f"KEDA, {least} to {most} by the queue's length"
    scaler = of_kind(rendered, "HorizontalPodAutoscaler").get(name)
    if scaler is None:
        return str(of_kind(rendered, "Deployment")[name]["spec"]["replicas"])
    spec = scaler["spec"]
    by = "CPU" if spec["metrics"][0]["type"] == "Resource" else "the queue's length"
    return f"HPA, {spec['minReplicas']} to {spec['maxReplicas']} by {by}"


@pytest.mark.parametrize("process", PROCESSES)
def test_the_numbers_of_pods_are_those_of_the_manifests(process: str) -> None:
    (row,) = [it for it in _table("process | `local`") if process in it[0].split(", ")]
    cells = [row[1] if it == "the same" else it for it in row[1:]]
    for overlay, cell in zip((LOCAL, LOCAL_1_20, PRODUCTION), cells, strict=True):
        numbers = {
            _number(overlay, architecture, name)
            for architecture in ARCHITECTURES
            for name in of_kind(render(overlay, architecture), "Deployment")
            if name.endswith(f"-{process}")
        }
        assert numbers == {cell}, overlay


def test_the_folders_that_it_names_exist() -> None:
    named = set(
        re.findall(r"(?:shared|monolith|microservices)/[\w./-]*deploy/kubernetes[\w./-]*", PAGE)
    )
    assert len(named) > 8
    for name in named:
        assert (REPOSITORY / name).exists(), name


def test_the_objects_that_its_commands_name_exist() -> None:
    names = set(re.findall(r"(?:deployment|service|job)/([\w-]+)", PAGE))
    assert len(names) >= 3
    existing = {
        name
        for architecture in ARCHITECTURES
        for name in of_kind(render(PRODUCTION, architecture), "Deployment", "Service", "Job")
    }
    assert names <= existing
