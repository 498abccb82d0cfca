"""Without a cluster, each thing that is missing ends in one sentence, and nothing is created."""

import socket
from pathlib import Path

import pytest
import yaml
from benchmarks.targets.errors import EngineError
from benchmarks.targets.kubernetes import deploy, manifests
from benchmarks.targets.kubernetes.kubectl import Kubectl
from benchmarks.targets.rolling_release import BUILT_TAG


@pytest.fixture
def unreachable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A context `away`, whose cluster has a port at which nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        server = f"http://127.0.0.1:{free.getsockname()[1]}"
    configuration = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "away", "cluster": {"server": server}}],
        "users": [{"name": "away", "user": {}}],
        "contexts": [{"name": "away", "context": {"cluster": "away", "user": "away"}}],
        "current-context": "away",
    }
    path = tmp_path / "kubeconfig"
    path.write_text(yaml.safe_dump(configuration))
    monkeypatch.setenv("KUBECONFIG", str(path))


@pytest.mark.usefixtures("unreachable")
def test_no_cluster_is_one_sentence() -> None:
    with pytest.raises(EngineError) as raised:
        deploy("monolith", context="away", overlay="local")
    assert str(raised.value) == "No Kubernetes responds at the context 'away': start it first."


@pytest.mark.usefixtures("unreachable")
def test_a_wrong_context_is_one_sentence_with_the_right_ones() -> None:
    with pytest.raises(EngineError) as raised:
        deploy("monolith", context="production", overlay="local")
    assert str(raised.value) == ("kubectl has no context 'production'. The contexts are: away.")


def test_without_contexts_the_setting_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "none"))
    with pytest.raises(EngineError, match=r"The contexts are: none; set KUBECONFIG\."):
        Kubectl("any", "monolith").require_cluster()


def test_without_kubectl_the_remedy_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VENVS", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineError, match=r"^kubectl is missing: run `make"):
        Kubectl("any", "monolith")


def test_an_unknown_overlay_is_named() -> None:
    with pytest.raises(EngineError) as raised:
        manifests.render("staging", "monolith")
    known = "local, local-1.20, production"
    assert str(raised.value) == f"There is no overlay 'staging' of the monolith: they are {known}."


@pytest.mark.parametrize(
    ("architecture", "unit", "processes"),
    [
        ("monolith", "monolith", {"edge", "sweeper", "web", "worker"}),
        ("microservices", "submissions", {"consumer", "sweeper", "web"}),
        ("microservices", "edge", {"edge"}),
    ],
)
def test_a_units_objects_get_the_tag_of_a_release(
    architecture: str, unit: str, processes: set[str]
) -> None:
    objects = manifests.render("local-1.20", architecture)
    own = manifests.of_unit(objects, unit)
    fresh = manifests.with_tag(own, "r7")
    images = {
        it["metadata"]["labels"][manifests.TYPE_LABEL]: container["image"]
        for it in fresh
        for container in it["spec"]["template"]["spec"]["containers"]
    }
    assert images.keys() - {"release"} == processes
    assert all(image.endswith(":r7") for image in images.values())
    before = [it["spec"]["template"]["spec"]["containers"][0]["image"] for it in own]
    assert all(image.endswith(f":{BUILT_TAG}") for image in before)
    assert len(manifests.of_stage(fresh, rollout=True)) == len(processes)
