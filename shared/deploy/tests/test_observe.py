"""The profile `observe` of Compose: each process is scraped; the dashboard shows its metrics."""

import json
import re
from typing import Any

import yaml
from aws.paths import REPOSITORY

FOLDER = REPOSITORY / "shared" / "deploy" / "observe"
UNITS = ("monolith", "microservices/accounts", "microservices/submissions")
UNITS += ("microservices/recognition",)
_PROCESS = re.compile(r"^(\w+):", re.MULTILINE)
_METRIC = re.compile(r'(?:Counter|Gauge|Histogram|_gauge)\(\s*"(\w+)"|: \("(\w+)",')
_SUFFIX = re.compile(r"_(?:total|bucket|count|sum)$")
_WORDS = {"sum", "by", "rate", "histogram_quantile", "process", "route", "status", "le", "message"}
_WORDS |= {"state", "outcome", "__name__", "m"}


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((REPOSITORY / "docker-compose.yml").read_text())
    return found["services"]


def processes() -> set[str]:
    """Return the processes of all units, by their names in Compose."""
    found = set()
    for unit in UNITS:
        kinds = _PROCESS.findall((REPOSITORY / unit / "Procfile").read_text())
        found |= {f"{unit.rpartition('/')[2]}-{kind}" for kind in kinds if kind != "release"}
    return found


def test_every_process_is_scraped_where_it_serves() -> None:
    document = yaml.safe_load((FOLDER / "prometheus.yml").read_text())
    (scraped,) = document["scrape_configs"][0]["dns_sd_configs"]
    services = compose()
    assert set(scraped["names"]) == processes()
    for name in scraped["names"]:
        environment = services[name]["environment"]
        assert environment["METRICS_PORT"] == str(scraped["port"]), name
        assert environment["METRICS_HOST"] == "0.0.0.0"
        assert environment["OBSERVE"] == "${OBSERVE:-0}"
        assert services[name]["build"]["args"] == {"OBSERVE": "${OBSERVE:-0}"}


def test_traces_go_where_tempo_receives_them() -> None:
    receivers = yaml.safe_load((FOLDER / "tempo.yaml").read_text())["distributor"]["receivers"]
    port = receivers["otlp"]["protocols"]["http"]["endpoint"].rpartition(":")[2]
    for name in processes():
        endpoint = compose()[name]["environment"]["OTEL_EXPORTER_OTLP_ENDPOINT"]
        assert endpoint == f"http://tempo:{port}"


def test_every_file_of_the_profile_exists() -> None:
    mounted = [
        volume.partition(":")[0]
        for service in compose().values()
        if service.get("profiles") == ["observe"]
        for volume in service["volumes"]
    ]
    assert len(mounted) == 5
    assert [path for path in mounted if not (REPOSITORY / path).is_file()] == []
    given = {it["uid"] for it in _sources()}
    panels = json.loads((FOLDER / "grafana" / "flow.json").read_text())["panels"]
    assert {panel["datasource"]["uid"] for panel in panels} <= given


def _sources() -> list[dict[str, Any]]:
    document = yaml.safe_load((FOLDER / "grafana" / "datasources.yml").read_text())
    found: list[dict[str, Any]] = document["datasources"]
    return found


def test_the_dashboard_shows_metrics_that_the_units_have() -> None:
    sources = [path for unit in UNITS for path in (REPOSITORY / unit).glob("*/observability/*.py")]
    declared = {a or b for path in sources for a, b in _METRIC.findall(path.read_text())}
    panels = json.loads((FOLDER / "grafana" / "flow.json").read_text())["panels"]
    expressions = " ".join(target["expr"] for panel in panels for target in panel["targets"])
    used = {_SUFFIX.sub("", it) for it in re.findall(r"[a-z_]{2,}", expressions)} - _WORDS
    assert used == declared
