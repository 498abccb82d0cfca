"""A deployment has secrets of its own, and its units get the given settings as they are."""

import json
import stat
from collections.abc import Iterable
from pathlib import Path

import pytest
import yaml
from benchmarks.targets import ARCHITECTURES
from benchmarks.targets.compose.services import Services, variables
from benchmarks.targets.compose.settings import new_variables, write_override


def made(
    folder: Path, arch: str = "microservices", cores: Iterable[int] | None = None
) -> dict[str, str]:
    architecture = ARCHITECTURES[arch]
    return new_variables(architecture, folder=folder / "compose", edge_port=8123, cores=cores)


def test_every_secret_is_another_one_each_time(tmp_path: Path) -> None:
    first, second = made(tmp_path / "a"), made(tmp_path / "b")
    secret = {name for name in first if "PASSWORD" in name or "SECRET" in name or "KEY" in name}
    assert secret == {
        *("SECRET_KEY", "POSTGRES_PASSWORD", "SUBMISSIONS_DATABASE_PASSWORD"),
        *("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
    }
    for name in secret:
        assert first[name] != second[name]
    assert len({first[name] for name in secret}) == len(secret)


@pytest.mark.parametrize("arch", ARCHITECTURES)
def test_each_is_a_variable_of_the_file(tmp_path: Path, arch: str) -> None:
    assert set(made(tmp_path, arch)) <= variables()


def test_the_store_knows_the_units_and_others_cannot_read_the_folder(tmp_path: Path) -> None:
    found = made(tmp_path)
    path = Path(found["S3_IDENTITIES"])
    (identity,) = json.loads(path.read_text())["identities"]
    assert identity["credentials"] == [
        {"accessKey": found["AWS_ACCESS_KEY_ID"], "secretKey": found["AWS_SECRET_ACCESS_KEY"]}
    ]
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o644, "the store's user is another one"


@pytest.mark.parametrize(
    ("cores", "cpuset"), [(None, ""), ({3}, "3"), ({2, 0}, "0,2"), (range(3), "0,1,2")]
)
def test_cores_are_those_of_every_container(
    tmp_path: Path, cores: Iterable[int] | None, cpuset: str
) -> None:
    assert made(tmp_path, cores=cores)["TARGET_CPUSET"] == cpuset


def test_the_port_and_the_tags_are_of_the_architecture(tmp_path: Path) -> None:
    found = made(tmp_path, "monolith")
    assert found["PORT_MONOLITH"] == "8123"
    assert "PORT_MICROSERVICES" not in found
    assert {name for name in found if name.endswith("_TAG")} == {"MONOLITH_TAG"}
    assert found["MONOLITH_TAG"] == "local"


def test_settings_reach_each_process_of_a_unit_unchanged(tmp_path: Path) -> None:
    services = Services(ARCHITECTURES["microservices"])
    path = write_override(tmp_path, services, {"RECOGNIZER": "synthetic", "ODD": "a $b ${c} #d"})
    written = yaml.safe_load(path.read_text())["services"]
    units = {it.name for it in services.all.values() if it.unit} - {services.edge.name}
    assert set(written) == units
    # Compose takes $$ for $
    expected = {"RECOGNIZER": "synthetic", "ODD": "a $$b $${c} #d"}
    assert all(it == {"environment": expected} for it in written.values())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
