"""The manifests of the load generator: valid on both versions, hardened, open to what it needs."""

import copy
import re
from typing import Any

import pytest
from aws.paths import REPOSITORY
from manifests import rules, schemas
from manifests.connections import Connection, expected_of_load, found
from manifests.render import (
    ARCHITECTURES,
    LOCAL,
    LOCAL_1_20,
    Manifest,
    of_kind,
    render,
    render_load,
)
from manifests.rules import pod_of

MASTER, WORKER = "locust-master", "locust-worker"
PAGE = (REPOSITORY / "docs" / "distributed-load.md").read_text()


def _job(name: str) -> Manifest:
    return of_kind(render_load(), "Job")[name]


def _container(name: str) -> dict[str, Any]:
    (container,) = pod_of(_job(name))["containers"]
    return dict(container)


def _options() -> dict[str, str]:
    (config,) = of_kind(render_load(), "ConfigMap").values()
    return dict(config["data"])


@pytest.mark.parametrize("overlay", [LOCAL, LOCAL_1_20])
def test_every_object_fits_the_schemas_of_both_versions(overlay: str) -> None:
    assert schemas.problems(render_load(), schemas.version_of(overlay)) == []


@pytest.mark.parametrize("rule", list(rules.RULES))
def test_no_object_breaks_a_rule(rule: str) -> None:
    assert rules.RULES[rule](render_load()) == []


def test_everything_is_in_a_namespace_of_its_own() -> None:
    (namespace,) = of_kind(render_load(), "Namespace")
    others = {it["metadata"].get("namespace") for it in render_load() if it["kind"] != "Namespace"}
    assert namespace not in ARCHITECTURES
    assert others == {namespace}


def test_a_run_ends_and_nothing_of_it_is_started_again() -> None:
    for name in (MASTER, WORKER):
        assert _job(name)["spec"]["backoffLimit"] == 0
        assert pod_of(_job(name))["restartPolicy"] == "Never"
        assert _job(name)["spec"]["activeDeadlineSeconds"] > 0


def test_the_master_waits_for_as_many_workers_as_there_are() -> None:
    spec = _job(WORKER)["spec"]
    assert spec["parallelism"] == spec["completions"] == int(_options()["LOCUST_EXPECT_WORKERS"])
    waited = int(_options()["LOCUST_EXPECT_WORKERS_MAX_WAIT"])
    assert 0 < waited <= _job(MASTER)["spec"]["activeDeadlineSeconds"]


def test_workers_find_the_master_and_have_its_locust_file() -> None:
    given = {it["name"]: it for it in _container(WORKER)["env"]}
    (service,) = of_kind(render_load(), "Service").values()
    assert given["LOCUST_MASTER_NODE_HOST"]["value"] == service["metadata"]["name"]
    (port,) = service["spec"]["ports"]
    assert port["port"] == _container(MASTER)["ports"][0]["containerPort"] == 5557
    source = given["LOCUST_LOCUSTFILE"]["valueFrom"]["configMapKeyRef"]
    (config,) = of_kind(render_load(), "ConfigMap")
    assert source == {"name": config, "key": "LOCUST_LOCUSTFILE"}
    assert _container(MASTER)["envFrom"] == [{"configMapRef": {"name": config}}]


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_the_target_is_a_service_of_the_overlay_local(architecture: str) -> None:
    host = _options()["LOCUST_HOST"].replace("monolith", architecture)
    name, namespace_and_port = host.removeprefix("http://").split(".")
    namespace, port = namespace_and_port.split(":")
    service = of_kind(render(LOCAL, architecture), "Service")[name]
    assert service["metadata"]["namespace"] == namespace
    assert service["spec"]["ports"][0]["port"] == int(port)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_the_policies_permit_what_the_table_has_and_nothing_else(architecture: str) -> None:
    together = (*render(LOCAL, architecture), *render_load())
    assert found(LOCAL, together) == expected_of_load(architecture)


def test_a_policy_that_permits_more_is_found() -> None:
    changed = [copy.deepcopy(it) for it in render_load()]
    (policy,) = [
        it for it in changed if (it["kind"], it["metadata"]["name"]) == ("NetworkPolicy", WORKER)
    ]
    del policy["spec"]["egress"][1]["to"][0]["podSelector"]
    del policy["spec"]["egress"][1]["ports"]
    permitted = found(LOCAL, (*render(LOCAL, "monolith"), *changed))
    # The other end still refuses: nothing but the edge is open to another namespace.
    assert permitted == expected_of_load("monolith")
    open_ = [it for it in render(LOCAL, "monolith") if it["metadata"]["name"] != "nothing-else"]
    assert Connection(WORKER, "monolith-worker", 8000) in found(LOCAL, (*open_, *changed))


def test_the_page_s_commands_name_the_jobs_and_their_namespace() -> None:
    commands = re.findall(r"^\$ (kubectl .*)$", PAGE, re.MULTILINE)
    assert set(re.findall(r"job/(\S+)", "\n".join(commands))) == {MASTER}
    named = set(re.findall(r"(?:-n|namespace) (\S+)", "\n".join(commands)))
    assert named == set(of_kind(render_load(), "Namespace"))


def test_the_page_follows_the_master_s_log_when_its_container_runs() -> None:
    """`kubectl logs -f` refuses a container that is being created, and shows nothing before."""
    commands = re.findall(r"^\$ (kubectl -n .*)$", PAGE, re.MULTILINE)
    created, running, followed, ended = commands
    assert f"'{{.status.active}}'=1 job/{MASTER}" in created
    assert "condition=Ready pod" in running
    assert " logs -f " in followed
    assert "condition=Complete" in ended
    (selector,) = re.findall(r" -l (\S+)", running)
    key, _, value = selector.partition("=")
    templates = {name: _job(name)["spec"]["template"] for name in (MASTER, WORKER)}
    selected = [
        name for name, it in templates.items() if it["metadata"]["labels"].get(key) == value
    ]
    assert selected == [MASTER]


def test_the_page_names_the_edge_of_either_architecture() -> None:
    host = _options()["LOCUST_HOST"].replace("monolith", "microservices")
    assert f"`LOCUST_HOST={host}`" in PAGE


def test_the_image_is_the_one_that_compose_builds() -> None:
    compose = (REPOSITORY / "docker-compose.yml").read_text()
    for name in (MASTER, WORKER):
        image = _container(name)["image"]
        assert image == "one-flow/load:local"
        assert f"image: {image.partition(':')[0]}\n" in compose
