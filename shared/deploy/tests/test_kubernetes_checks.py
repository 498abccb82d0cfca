"""`make kubernetes-check`: green as committed, and red for planted mistakes."""

import shutil
from pathlib import Path

import pytest
from aws import exceptions
from aws.exceptions import Exceptions
from aws.paths import REPOSITORY
from manifests import checks, render
from manifests.checks import EXCEPTIONS, UNIT_FOLDERS, check, scan
from manifests.render import (
    ARCHITECTURES,
    KUBERNETES,
    OVERLAYS,
    PRODUCTION,
    MissingKubectl,
    RenderError,
    build,
)

from tests.kubernetes_cases import changed


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_committed_manifests_are_green() -> None:
    outcomes = check(whole=True)
    assert [(it.name, it.problems) for it in outcomes if not it.green] == []
    assert outcomes[0].name == "checkov"
    of_systems, of_the_load = len(OVERLAYS) * len(ARCHITECTURES), 2
    assert len(outcomes) == 1 + of_systems + of_the_load + 2 * len(UNIT_FOLDERS)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_checkov_finds_what_is_not_safe() -> None:
    def change(objects: dict[str, render.Manifest]) -> None:
        pod = objects["Deployment monolith-web"]["spec"]["template"]["spec"]
        pod["hostNetwork"] = True
        pod["containers"][0]["securityContext"]["privileged"] = True

    reviewed = Exceptions(exceptions.read(EXCEPTIONS).entries, whole=False)
    found = scan({"planted": changed(PRODUCTION, "monolith", change)}, reviewed)
    assert len(found) == 2
    for number in ("CKV_K8S_16", "CKV_K8S_19"):  # privileged, and in the network of the node
        assert any(f"Deployment.monolith.monolith-web: {number} " in line for line in found), found


def test_every_unit_has_overlays_of_its_own() -> None:
    units = {it.parent for it in REPOSITORY.glob("microservices/*/Dockerfile")}
    units.add(REPOSITORY / "monolith")
    assert {it.parents[1] for it in UNIT_FOLDERS} == units


def test_every_overlay_has_every_unit() -> None:
    """A unit whose folder no overlay names would be checked by itself and never deployed."""
    for overlay in (render.LOCAL, PRODUCTION):
        named = {
            (KUBERNETES / overlay / architecture / line.strip(" -\n")).resolve()
            for architecture in ARCHITECTURES
            for line in (KUBERNETES / overlay / architecture / "kustomization.yaml").open()
            if line.startswith("  - ../../../../../")
        }
        assert named == {it / overlay for it in UNIT_FOLDERS}


def test_a_kustomization_that_cannot_be_rendered_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "kustomization.yaml").write_text("resources: [nothing.yaml]\n")
    with pytest.raises(RenderError, match=r"nothing\.yaml"):
        build(tmp_path)
    assert any("nothing.yaml" in line for line in checks._unit(tmp_path))


def test_without_kubectl_the_message_is_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    with pytest.raises(MissingKubectl, match="kubectl is missing"):
        render.kubectl()
