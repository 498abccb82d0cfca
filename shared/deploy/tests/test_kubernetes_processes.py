"""The manifests agree with the code: processes, settings, probes, time limits, queues, routes."""

import re
from pathlib import Path
from typing import Any

import pytest
from aws.paths import REPOSITORY
from manifests.render import LOCAL, LOCAL_1_20, PRODUCTION, Manifest, of_kind, render
from manifests.rules import pod_of, workloads

from tests.kubernetes_cases import EVERY

SOURCES = {
    "monolith": REPOSITORY / "monolith",
    **{it: REPOSITORY / "microservices" / it for it in ("accounts", "submissions", "recognition")},
}
EDGES = {
    "monolith-edge": REPOSITORY / "monolith" / "edge",
    "microservices-edge": REPOSITORY / "microservices" / "edge",
}
ARCHITECTURE = {"monolith": "monolith"}
# Read by libpq itself
_LIBRARIES = {"PGSSLMODE"}
_DNS_SECONDS = 5  # CoreDNS keeps the addresses of a service that long
_QUEUE = re.compile(r"^(worker|consumer): .*--queues (\w+)", re.MULTILINE)


# For how long ingress-nginx keeps an idle connection to an edge, where nothing sets it
_INGRESS_IDLE_SECONDS = 60


@pytest.mark.parametrize("edge", EDGES)
def test_an_idle_connection_is_closed_by_the_ingress_and_not_by_the_edge(edge: str) -> None:
    found = re.search(r"^\s*idle (\d+)s$", (EDGES[edge] / "Caddyfile").read_text(), re.MULTILINE)
    assert found
    assert int(found[1]) > _INGRESS_IDLE_SECONDS


def _system(unit: str) -> str:
    return ARCHITECTURE.get(unit, "microservices")


def _settings(folder: Path) -> dict[str, str]:
    """Return the settings table of a README: variable and default."""
    text = (folder / "README.md").read_text()
    return dict(re.findall(r"^\| `([A-Z_0-9]+)` \| *([^|]*?) *\|", text, re.MULTILINE))


def _needed(unit: str) -> set[str]:
    """Return the settings without which the unit doesn't start in production."""
    settings = SOURCES[unit] / "config" / "settings.py"
    if settings.exists():
        return set(re.findall(r'_text\(\s*"([A-Z_]+)",\s*development=', settings.read_text()))
    return {"BROKER_URL"}


def _procfile(folder: Path) -> dict[str, str]:
    return dict(re.findall(r"^(\w+): (.+)$", (folder / "Procfile").read_text(), re.MULTILINE))


def _of_unit(manifests: tuple[Manifest, ...], unit: str) -> dict[str, Manifest]:
    """Return the workloads of a unit by their process."""
    return {
        labels["app.kubernetes.io/component"]: it
        for it in workloads(manifests).values()
        for labels in (it["spec"]["template"]["metadata"]["labels"],)
        if labels["app.kubernetes.io/name"] == unit
        and labels.get("app.kubernetes.io/component", "edge") != "edge"
    }


def _container(workload: Manifest) -> dict[str, Any]:
    (found,) = pod_of(workload)["containers"]
    return dict(found)


def _variables(manifests: tuple[Manifest, ...], workload: Manifest) -> dict[str, str]:
    """Return the variables of a process; those from a secret are empty."""
    container, maps = _container(workload), of_kind(manifests, "ConfigMap")
    found: dict[str, str] = {}
    for source in container.get("envFrom", ()):
        found |= maps[source["configMapRef"]["name"]]["data"]
    return found | {it["name"]: it.get("value", "") for it in container.get("env", ())}


@pytest.mark.parametrize(("overlay", "architecture"), EVERY)
def test_every_process_of_the_procfiles_runs(overlay: str, architecture: str) -> None:
    rendered = render(overlay, architecture)
    for unit, folder in SOURCES.items():
        if _system(unit) == architecture:
            processes = _of_unit(rendered, unit)
            assert set(processes) == set(_procfile(folder)), unit
            for process, workload in processes.items():
                assert _container(workload)["args"] == [process]
                assert workload["kind"] == ("Job" if process == "release" else "Deployment")
                assert workload["metadata"]["name"] == f"{unit}-{process}"


@pytest.mark.parametrize(("overlay", "architecture"), EVERY)
def test_each_process_has_every_setting_that_it_needs_and_no_unknown_one(
    overlay: str, architecture: str
) -> None:
    rendered = render(overlay, architecture)
    for unit, folder in SOURCES.items():
        if _system(unit) == architecture:
            for process, workload in _of_unit(rendered, unit).items():
                names = set(_variables(rendered, workload))
                assert _needed(unit) - names == set(), (unit, process)
                assert names - set(_settings(folder)) - _LIBRARIES == set(), (unit, process)


@pytest.mark.parametrize(("overlay", "architecture"), EVERY)
def test_the_edge_has_no_unknown_setting_and_leads_to_services(
    overlay: str, architecture: str
) -> None:
    rendered = render(overlay, architecture)
    name = f"{architecture}-edge"
    given = _variables(rendered, workloads(rendered)[name])
    assert set(given) <= set(_settings(EDGES[name]))
    assert given["UPSTREAMS_FROM"] == "a"
    services = of_kind(rendered, "Service")
    upstreams = [value.split() for key, value in given.items() if key.endswith("_UPSTREAMS")]
    assert upstreams
    for service, port in upstreams:
        spec = services[service]["spec"]
        assert spec["clusterIP"] == "None", "an address would balance connections, not requests"
        assert int(port) == spec["ports"][0]["port"]
        assert _container(workloads(rendered)[service])["ports"][0]["containerPort"] == int(port)
    (port,) = services[name]["spec"]["ports"]
    assert port["port"] == int(given["EDGE_PORT"])


def _web(rendered: tuple[Manifest, ...]) -> dict[str, Manifest]:
    return {name: it for name, it in workloads(rendered).items() if name.endswith("-web")}


def _celery(rendered: tuple[Manifest, ...]) -> dict[str, Manifest]:
    return {
        name: it
        for name, it in workloads(rendered).items()
        if name.endswith(("-worker", "-consumer"))
    }


@pytest.mark.parametrize("architecture", ["monolith", "microservices"])
def test_a_web_process_starts_with_its_stores_and_lives_without_them(architecture: str) -> None:
    for name, workload in _web(render(PRODUCTION, architecture)).items():
        container = _container(workload)
        paths = {
            probe: container[probe]["httpGet"]["path"]
            for probe in ("startupProbe", "readinessProbe", "livenessProbe")
        }
        assert paths == {
            "startupProbe": "/readyz",
            "readinessProbe": "/livez",
            "livenessProbe": "/livez",
        }, name


@pytest.mark.parametrize("architecture", ["monolith", "microservices"])
def test_a_worker_lives_while_it_makes_progress(architecture: str) -> None:
    """It can also write the file that its probe reads."""
    rendered = render(PRODUCTION, architecture)
    assert _celery(rendered)
    for name, workload in _celery(rendered).items():
        container = _container(workload)
        file = Path(_variables(rendered, workload)["WORKER_HEARTBEAT_FILE"])
        for probe in ("startupProbe", "livenessProbe"):
            command = container[probe]["exec"]["command"]
            assert command[:4] == ["python", "-m", "worker_health", str(file)], name
        mounts = {it["mountPath"]: it["name"] for it in container["volumeMounts"]}
        volumes = {it["name"]: it for it in pod_of(workload)["volumes"]}
        assert "emptyDir" in volumes[mounts[str(file.parent)]]


@pytest.mark.parametrize("architecture", ["monolith", "microservices"])
def test_a_process_has_the_time_that_it_needs_to_end(architecture: str) -> None:
    rendered = render(PRODUCTION, architecture)
    attempt_seconds = int(_settings(SOURCES["recognition"])["TIME_LIMIT_SECONDS"]) + 5
    for workload in _celery(rendered).values():
        assert pod_of(workload)["terminationGracePeriodSeconds"] >= attempt_seconds + 10
    readme = (SOURCES["monolith"] / "README.md").read_text()
    (pause,) = re.findall(r"client that reads a response \| no pause of (\d+) s", readme)
    caddyfile = (EDGES[f"{architecture}-edge"] / "Caddyfile").read_text()
    (grace,) = re.findall(r"^\tgrace_period (\d+)s$", caddyfile, re.MULTILINE)
    workload = workloads(rendered)[f"{architecture}-edge"]
    (delay,) = re.findall(r"^(\d+)s$", _variables(rendered, workload)["SHUTDOWN_DELAY"])
    edge = pod_of(workload)
    assert "lifecycle" not in edge["containers"][0], "the edge waits by itself"
    ending = [(edge, int(delay), int(grace))]
    for name in _web(rendered):
        pod = pod_of(workloads(rendered)[name])
        command, stays = pod["containers"][0]["lifecycle"]["preStop"]["exec"]["command"]
        assert command == "sleep"
        ending.append((pod, int(stays), int(pause)))
    for pod, stays, seconds in ending:
        assert stays >= _DNS_SECONDS + 2, "it has to serve until no name leads to it"
        assert pod["terminationGracePeriodSeconds"] >= stays + seconds


def _broker_database(unit: str) -> str:
    """Return the database that Compose gives the unit's broker; the manifests keep it."""
    text = (REPOSITORY / "docker-compose.yml").read_text()
    _, _, after = text.partition(f"x-{unit}: ")
    found = re.search(r"BROKER_URL: redis://valkey:6379/(\d+)", after)
    assert found
    return found[1]


@pytest.mark.parametrize("unit", ["monolith", "recognition"])
def test_workers_are_scaled_by_the_queue_that_they_read(unit: str) -> None:
    name = f"{unit}-worker"
    queues = dict(_QUEUE.findall((SOURCES[unit] / "Procfile").read_text()))
    rendered = render(PRODUCTION, _system(unit))
    (trigger,) = of_kind(rendered, "ScaledObject")[name]["spec"]["triggers"]
    metadata = trigger["metadata"]
    assert trigger["type"] == "redis"
    assert (metadata["listName"], metadata["databaseIndex"]) == (
        queues["worker"],
        _broker_database(unit),
    )
    (metric,) = of_kind(render(LOCAL_1_20, _system(unit)), "HorizontalPodAutoscaler")[name]["spec"][
        "metrics"
    ]
    assert metric["external"]["metric"]["selector"]["matchLabels"] == {
        "service": "valkey",
        "list": queues["worker"],
        "db": _broker_database(unit),
    }
    assert metric["external"]["target"]["averageValue"] == metadata["listLength"]
    assert name not in of_kind(rendered, "HorizontalPodAutoscaler")


@pytest.mark.parametrize("architecture", ["monolith", "microservices"])
def test_a_release_comes_before_the_rollout(architecture: str) -> None:
    """`kubectl apply -l stage!=rollout` takes the jobs and what they need, and no process."""
    rendered = render(PRODUCTION, architecture)
    stages = {
        (it["kind"], it["metadata"]["name"]): it["metadata"].get("labels", {}).get("stage")
        for it in rendered
    }
    for (kind, name), stage in stages.items():
        expected = {"Job": "release", "Deployment": "rollout", "HorizontalPodAutoscaler": "rollout"}
        expected["ScaledObject"] = "rollout"
        assert stage == expected.get(kind), (kind, name)


@pytest.mark.parametrize("architecture", ["monolith", "microservices"])
def test_the_backing_services_are_those_of_compose(architecture: str) -> None:
    text = (REPOSITORY / "docker-compose.yml").read_text()
    for name, workload in of_kind(render(LOCAL, architecture), "StatefulSet").items():
        image = _container(workload)["image"]
        assert re.search(rf"^  {name}:\n    image: {re.escape(image)}$", text, re.MULTILINE), name
