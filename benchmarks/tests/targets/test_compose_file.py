"""docker-compose.yml: which process has which secret, and what containers may do."""

import re
from typing import Any

import pytest
import yaml
from benchmarks.targets import ARCHITECTURES
from benchmarks.targets.architectures import unit_names
from benchmarks.targets.compose.services import FILE, Services
from benchmarks.targets.local.procfile import read_procfile

TEXT = FILE.read_text()
EVERY: dict[str, dict[str, Any]] = yaml.safe_load(TEXT)["services"]
# The others only look on, or load a target from outside
OURS = {name: it for name, it in EVERY.items() if it["profiles"] not in (["observe"], ["load"])}
LASTING = {name: it for name, it in OURS.items() if not name.endswith("-release")}
OWNERS = {"monolith": "monolith", "submissions": "submissions"}
# What docker-compose 1.29 refuses in a service, a health check and a dependency
UNKNOWN = {"develop", "gpus", "annotations", "attach", "post_start", "pre_stop", "provider"}


@pytest.mark.parametrize("name", OURS)
def test_a_container_may_do_no_more_than_run(name: str) -> None:
    service = OURS[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert not service.get("cap_add")
    assert not service.get("privileged")
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert any(it.startswith("/tmp:size=") for it in service["tmpfs"])
    assert re.fullmatch(r"\d+[mg]", service["mem_limit"])
    assert service["cpuset"] == "${TARGET_CPUSET:-}", "all share the target's processors"


@pytest.mark.parametrize("name", LASTING)
def test_every_container_that_runs_on_is_probed_and_restarted(name: str) -> None:
    assert LASTING[name]["healthcheck"]["test"]
    assert LASTING[name]["restart"] == "unless-stopped"


def test_health_is_progress_where_there_is_no_port() -> None:
    without = {"worker", "consumer", "sweeper"}
    found = {name for name in OURS if name.rpartition("-")[2] in without}
    assert found == {
        *("monolith-worker", "monolith-sweeper"),
        *("submissions-consumer", "submissions-sweeper", "recognition-worker"),
    }
    for name in found:
        command = OURS[name]["healthcheck"]["test"][1]
        assert "python -m worker_health" in command
        file = OURS[name]["environment"]["WORKER_HEARTBEAT_FILE"]
        assert file.startswith("/tmp/"), "it can be written"


@pytest.mark.parametrize("name", OURS)
def test_a_database_password_is_with_its_unit_and_the_server_alone(name: str) -> None:
    given = str(OURS[name].get("environment", {}))
    found = {it for it in OWNERS if f"{it.upper()}_DATABASE_PASSWORD" in given}
    unit = name.partition("-")[0]
    if name == "postgres":
        assert found == set(OWNERS)
    elif name == "monolith-edge":
        assert found == set()
    else:
        assert found == ({unit} & set(OWNERS))
    assert ("POSTGRES_PASSWORD" in given) == (name == "postgres")


@pytest.mark.parametrize("unit", ["accounts", "recognition"])
def test_a_unit_without_a_database_knows_none(unit: str) -> None:
    for name, service in OURS.items():
        if name.startswith(f"{unit}-"):
            assert "DATABASE_URL" not in service["environment"]
            assert "postgres" not in str(service)


def test_the_edges_reach_web_processes_and_the_store_and_nothing_else() -> None:
    found = {name for name, it in OURS.items() if "edge" in it.get("networks", ["default"])}
    edges = {"monolith-edge", "microservices-edge"}
    assert found - edges == {"monolith-web", "accounts-web", "submissions-web", "s3"}
    for name in edges:
        service = OURS[name]
        assert service["networks"] == ["edge"]
        assert service["environment"]["UPSTREAMS_FROM"] == "a"
        upstreams = [it for key, it in service["environment"].items() if "UPSTREAMS" in key]
        assert {it.partition(" ")[0] for it in upstreams if it != "a"} <= found


def test_docker_compose_1_29_takes_the_file() -> None:
    document = yaml.safe_load(TEXT)
    assert not document.keys() & {"name", "include", "models", "version"}
    assert "!reset" not in TEXT
    assert not re.search(r"\$\{\w+:\+", TEXT)
    assert not re.search(r"\$\{[^}]*\$\{", TEXT), "a default within a default"
    for name, service in EVERY.items():
        assert not service.keys() & UNKNOWN, name
        assert "start_interval" not in service.get("healthcheck", {})
        for condition in service.get("depends_on", {}).values():
            assert condition.keys() == {"condition"}
        for key, value in service.get("environment", {}).items():
            assert isinstance(value, str | int), (name, key)
            assert not isinstance(value, bool), (name, key)
        assert all(isinstance(it, str) for it in service.get("command", []))
        assert all(isinstance(it, str) for it in service.get("volumes", []))


@pytest.mark.parametrize("arch", ARCHITECTURES)
def test_every_process_of_the_procfiles_is_a_service_of_its_unit(arch: str) -> None:
    architecture = ARCHITECTURES[arch]
    services = Services(architecture)
    for unit in architecture.units:
        kinds = set(read_procfile(unit.folder)) - {"release"}
        expected = {f"{unit.name}-{kind}" for kind in kinds}
        found = [it.name for it in services.processes(unit.name) if it != services.edge]
        assert set(found) == expected
        release = services.release(unit.name)
        assert release is not None
        assert OURS[release.name]["command"] == ["release"]
    assert services.processes(architecture.edge_unit)[-1] == services.edge
    known = {it.unit for it in services.all.values()} - {""}
    assert known == set(unit_names(architecture))


@pytest.mark.parametrize("arch", ARCHITECTURES)
def test_a_process_has_the_time_that_it_needs_to_end(arch: str) -> None:
    """The same as on Kubernetes, without the wait for the cluster's DNS."""
    seconds = {it.name: it.grace_seconds for it in Services(ARCHITECTURES[arch]).all.values()}
    for name, found in seconds.items():
        if name.endswith(("-worker", "-consumer")):
            assert found >= 45, "an attempt takes up to 35 s"
        if name.endswith("-web"):
            assert found >= 30, "a client may read a response for 25 s"
        if name.endswith("-edge"):
            assert found >= 30


def test_the_load_reaches_the_edges() -> None:
    """The edges are in a network of their own, so what loads them has to be in it, too."""
    load = [it for it in EVERY.values() if it["profiles"] == ["load"]]
    assert len(load) == 2
    for service in load:
        assert "edge" in service["networks"]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
