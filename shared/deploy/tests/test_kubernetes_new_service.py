"""Adding a service on Kubernetes: its folder, the overlays of the system, the table of connections.

The steps are those of CONTRIBUTING.md, for a throw-away service in a copy of the manifests.
"""

import shutil
from pathlib import Path

import pytest
from aws.paths import REPOSITORY
from manifests import connections, rules, schemas
from manifests.render import LOCAL, PRODUCTION, build

SERVICE, MODEL = "billing", "recognition"
ROWS = """
billing-worker = ["valkey", "s3", "internet"]
billing-release = ["s3"]
"""


def insert(path: Path, text: str, *, after: str) -> None:
    """Insert a text into a file after the only place that has another one."""
    content = path.read_text()
    assert content.count(after) == 1, f"{path} has {after!r} not once"
    path.write_text(content.replace(after, after + text))


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The manifests of no unit in a copy of all manifests, to which the service was added."""
    copy = tmp_path_factory.mktemp("repository")
    for pattern in ("*/deploy/kubernetes", "*/*/deploy/kubernetes"):
        for folder in REPOSITORY.glob(pattern):
            shutil.copytree(folder, copy / folder.relative_to(REPOSITORY))
    # Its folder, made of another service's
    services, shared = copy / "microservices", copy / "shared" / "deploy" / "kubernetes"
    shutil.copytree(services / MODEL, services / SERVICE)
    for path in (services / SERVICE).rglob("*.yaml"):
        path.write_text(path.read_text().replace(MODEL, SERVICE))
    # The overlays of the system
    for overlay in (LOCAL, PRODUCTION):
        line = "  - ../../../../../microservices/{}/deploy/kubernetes/" + overlay + "\n"
        kustomization = shared / overlay / "microservices" / "kustomization.yaml"
        insert(kustomization, line.format(SERVICE), after=line.format(MODEL))
    # The table of connections
    table = shared / connections.TABLE.name
    insert(table, ROWS, after='recognition-release = ["s3"]\n')
    insert(table, 'billing-worker = ["image-server"]\n', after='microservices-edge = ["s3"]\n')
    return shared


@pytest.mark.parametrize("overlay", [LOCAL, PRODUCTION])
def test_a_new_service_is_deployed_checked_and_connected(shared: Path, overlay: str) -> None:
    rendered = tuple(build(shared / overlay / "microservices"))
    assert {"billing-worker", "billing-release"} <= set(rules.workloads(rendered))
    assert schemas.problems(rendered, schemas.version_of(overlay)) == []
    assert rules.problems(rendered) == []
    table = shared / connections.TABLE.name
    permitted = connections.found(overlay, rendered, table)
    assert permitted == connections.expected(overlay, "microservices", table)
    assert connections.Connection("billing-worker", "internet", 443) in permitted
