"""The load generator in containers: image, Compose and Kubernetes agree with the real Locust."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from benchmarks.tests.workload.locust_process import REPOSITORY

FOLDER = REPOSITORY / "benchmarks"
DOCKERFILE = (FOLDER / "Dockerfile").read_text()
PAGE = (REPOSITORY / "docs" / "distributed-load.md").read_text()
FILES = ("locustfile.py", "workload/latency.py", "workload/capacity.py")
MASTER, WORKER = "locust-master", "locust-worker"
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)
_VARIABLE = re.compile(r"\$\{(\w+):-([^}]*)\}")
_COPY = re.compile(r"^COPY (.+) (\S+)$", re.MULTILINE)
# Prints the variable of each option of Locust's, and of those that our Locust files add.
OPTIONS = """
import json
from locust.argument_parser import get_parser
from benchmarks.workload import arguments, capacity, latency
print(json.dumps([it.env_var for it in get_parser()._actions if it.env_var]))
"""


def compose() -> dict[str, Any]:
    document = yaml.safe_load((REPOSITORY / "docker-compose.yml").read_text())
    found: dict[str, Any] = document["services"]
    return found


def variables(service: str, given: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the variables of a service of Compose, with their defaults put in."""
    environment = compose()[service]["environment"]
    return {
        name: _VARIABLE.sub(lambda match: (given or {}).get(match[1], match[2]), str(value))
        for name, value in environment.items()
    }


def manifest_variables() -> dict[str, str]:
    """Return the variables of the master on Kubernetes, of the base and the overlay."""
    found: dict[str, str] = {}
    for overlay in ("base", "local"):
        path = FOLDER / "deploy" / "kubernetes" / overlay / "kustomization.yaml"
        (generator,) = yaml.safe_load(path.read_text())["configMapGenerator"]
        found |= dict(it.split("=", 1) for it in generator["literals"])
    return found


def run(arguments: list[str], environment: Mapping[str, str], folder: Path) -> str:
    """Run Python with these variables and no other of Locust's; return its output."""
    ours = ("LOCUST_", "FLOW_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    done = subprocess.run(
        [sys.executable, *arguments],
        check=False,
        capture_output=True,
        text=True,
        cwd=folder,
        env={**kept, **environment},
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the Dockerfile copies, and nothing else of the repository."""
    folder = tmp_path_factory.mktemp("image")
    copied = [(source, target) for them, target in _COPY.findall(DOCKERFILE)
              for source in them.split()]  # fmt: skip
    assert len(copied) > 4
    for source, target in copied:
        assert target.endswith("/"), "otherwise one file would replace another"
        if source.endswith("/"):
            shutil.copytree(REPOSITORY / source, folder / target, dirs_exist_ok=True)
        else:
            (folder / target).mkdir(parents=True, exist_ok=True)
            shutil.copy(REPOSITORY / source, folder / target)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("file", FILES)
def test_every_locust_file_runs_from_what_the_image_has(image: Path, file: str) -> None:
    listed = run(["-m", "locust", "--list"], {"LOCUST_LOCUSTFILE": f"benchmarks/{file}"}, image)
    assert "Available Users:" in listed


@pytest.mark.slow
def test_the_users_find_their_image_there(image: Path) -> None:
    program = "from benchmarks.workload.arguments import DEFAULT_IMAGE; print(DEFAULT_IMAGE)"
    path = Path(run(["-c", program], {}, image).strip())
    assert path.is_relative_to(image.resolve())
    assert path.read_bytes() == (REPOSITORY / "shared" / "fixtures" / "load.jpg").read_bytes()


def _needed(name: str, extras: frozenset[str], seen: set[tuple[str, str]]) -> Iterator[str]:
    """Yield the packages that an installed one needs on this machine, and itself."""
    yield canonicalize_name(name)
    for text in metadata.requires(name) or ():
        wanted = Requirement(text)
        given = [{"extra": it} for it in (extras or frozenset({""}))]
        if wanted.marker is None or any(wanted.marker.evaluate(it) for it in given):
            key = (wanted.name, ",".join(sorted(wanted.extras)))
            if key not in seen:
                seen.add(key)
                yield from _needed(wanted.name, frozenset(wanted.extras), seen)


def _installed_here(text: str) -> dict[str, str]:
    """Return the pins of a lock whose markers apply to this machine."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        pin = line.rstrip("\\ ").strip()
        if _PIN.match(pin):
            wanted = Requirement(pin)
            if wanted.marker is None or wanted.marker.evaluate():
                found[canonicalize_name(wanted.name)] = str(wanted.specifier)
    return found


def test_the_lock_of_the_image_has_what_locust_needs_and_no_more() -> None:
    load = _installed_here((FOLDER / "requirements-load.txt").read_text())
    whole = _installed_here((FOLDER / "requirements.txt").read_text())
    assert set(load) == set(_needed("locust", frozenset(), set()))
    assert load.items() <= whole.items(), "the Locust that the harness measures with"


@pytest.mark.slow
def test_every_variable_is_an_option_of_the_locust_files() -> None:
    known = set(json.loads(run(["-c", OPTIONS], {}, REPOSITORY)))
    assert {"LOCUST_USERS", "FLOW_RATE"} <= known
    for given in (variables(MASTER), variables(WORKER), manifest_variables()):
        assert set(given) - known == set()


@pytest.mark.slow
@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("service", [MASTER, WORKER])
def test_compose_starts_a_locust_that_takes_its_options(service: str, file: str) -> None:
    given = variables(service, {"LOAD_FILE": f"benchmarks/{file}"})
    listed = run(["-m", "locust", *compose()[service]["command"], "--list"], given, REPOSITORY)
    assert "Available Users:" in listed


@pytest.mark.slow
@pytest.mark.parametrize("headless", ["true", "false"])
def test_one_variable_chooses_the_web_ui(headless: str) -> None:
    given = variables(MASTER, {"LOAD_HEADLESS": headless})
    program = "from locust.argument_parser import get_parser as p; print(p().parse_args().headless)"
    shown = run(["-c", program], given, REPOSITORY)
    assert shown.strip() == headless.capitalize()


@pytest.mark.slow
def test_the_manifests_start_a_locust_that_takes_its_options() -> None:
    listed = run(["-m", "locust", "--master", "--list"], manifest_variables(), REPOSITORY)
    assert "Available Users:" in listed


def test_master_and_workers_of_compose_are_one_image_in_one_profile() -> None:
    services = compose()
    for name in (MASTER, WORKER):
        service = services[name]
        assert service["profiles"] == ["load"]
        assert service["build"]["dockerfile"] == "benchmarks/Dockerfile"
        assert service["restart"] == "no"
        assert service["read_only"]
    assert services[MASTER]["image"] == services[WORKER]["image"]
    assert variables(WORKER)["LOCUST_MASTER_NODE_HOST"] == MASTER
    assert variables(WORKER)["LOCUST_LOCUSTFILE"] == variables(MASTER)["LOCUST_LOCUSTFILE"]
    assert services[MASTER]["ports"] == ["127.0.0.1:${PORT_LOCUST:-8089}:8089"]


def test_compose_loads_an_edge_of_its_own_by_default() -> None:
    name, port = variables(MASTER)["LOCUST_HOST"].removeprefix("http://").split(":")
    assert compose()[name]["environment"]["EDGE_PORT"] == port


def test_the_report_lies_in_a_folder_that_the_image_s_user_owns() -> None:
    (mounted,) = compose()[MASTER]["volumes"]
    folder = mounted.partition(":")[2]
    assert f"-o app -g app {folder}\n" in DOCKERFILE
    written = ("LOCUST_HTML", "LOCUST_CSV", "FLOW_REPORT_FILE")
    assert {variables(MASTER)[it].rpartition("/")[0] for it in written} == {folder}


def test_the_page_copies_the_report_of_each_run_to_the_same_place() -> None:
    """`docker cp` puts a folder into one that exists; of `folder/.` it copies the content."""
    (mounted,) = compose()[MASTER]["volumes"]
    (copied,) = re.findall(r"^\$ docker cp .*:(\S+) load-report$", PAGE, re.MULTILINE)
    assert copied == f"{mounted.partition(':')[2]}/."


def test_the_page_removes_the_containers_of_the_profile_and_no_others() -> None:
    (removed,) = re.findall(r"^\$ docker-compose .* rm --stop --force (.*)$", PAGE, re.MULTILINE)
    assert set(removed.split()) == {
        name for name, it in compose().items() if it["profiles"] == ["load"]
    }


def test_env_example_has_every_variable_of_the_profile_with_its_default() -> None:
    text = (REPOSITORY / ".env.example").read_text()
    listed = dict(re.findall(r"^((?:LOAD|PORT_LOCUST)\w*)=(.*)$", text, re.MULTILINE))
    used: dict[str, str] = {}
    for name in (MASTER, WORKER):
        used |= dict(_VARIABLE.findall(yaml.safe_dump(compose()[name])))
    assert listed == used


def test_compose_and_kubernetes_order_the_same_load() -> None:
    ours, theirs = variables(MASTER), manifest_variables()
    same = set(ours) & set(theirs) - {"LOCUST_HOST", "LOCUST_EXPECT_WORKERS_MAX_WAIT"}
    assert {name: ours[name] for name in same} == {name: theirs[name] for name in same}
    assert len(same) >= 8


def test_the_page_lists_every_variable_with_its_default() -> None:
    rows = re.findall(r"^\| (`LOAD_.+?) \| (`.+?`) \| ", PAGE, re.MULTILINE)
    listed = {
        name: default
        for names, defaults in rows
        for name, default in zip(
            re.findall(r"`(\w+)`", names), re.findall(r"`([^`]+)`", defaults), strict=True
        )
    }
    used = dict(_VARIABLE.findall(yaml.safe_dump(compose()[MASTER])))
    assert used.pop("PORT_LOCUST") == "8089"
    assert listed == used
