"""The variables of one deployment: its port, its processors, and secrets of its own."""

import json
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path

import yaml

from benchmarks.ports import FIXED
from benchmarks.targets.architectures import Architecture, unit_names
from benchmarks.targets.compose.services import Services, tag_variable
from benchmarks.targets.rolling_release import BUILT_TAG

FOLDER = "compose"  # below the run's folder; removed with the target
_ACTIONS = ("Admin", "Read", "Write", "List", "Tagging")


def new_variables(
    architecture: Architecture, *, folder: Path, edge_port: int, cores: Iterable[int] | None
) -> dict[str, str]:
    """Return the values of docker-compose.yml's variables; the store's identities go into a file.

    No other user can read the folder. The file itself is readable in the store's container, which
    runs as a user of its own.
    """
    folder.mkdir(parents=True, mode=0o700, exist_ok=True)
    folder.chmod(0o700)
    access_key, secret_key = f"compose{secrets.token_hex(6)}", secrets.token_urlsafe(30)
    identities = folder / "s3.json"
    identities.write_text(json.dumps({"identities": [_identity(access_key, secret_key)]}))
    identities.chmod(0o644)
    owners = [unit.name for unit in architecture.units if "postgres" in unit.needs]
    return {
        FIXED[architecture.name].variable: str(edge_port),
        "TARGET_CPUSET": ",".join(str(core) for core in sorted(cores or ())),
        "SECRET_KEY": secrets.token_urlsafe(32),
        "POSTGRES_PASSWORD": secrets.token_urlsafe(18),
        **{password_variable(owner): secrets.token_urlsafe(18) for owner in owners},
        "AWS_ACCESS_KEY_ID": access_key,
        "AWS_SECRET_ACCESS_KEY": secret_key,
        "S3_IDENTITIES": str(identities),
        **{tag_variable(unit): BUILT_TAG for unit in unit_names(architecture)},
    }


def password_variable(unit: str) -> str:
    """Return the variable that has the password of a unit's role in PostgreSQL."""
    return f"{unit.upper()}_DATABASE_PASSWORD"


def write_override(folder: Path, services: Services, settings: Mapping[str, str]) -> Path:
    """Write a file for Compose that gives every process of a unit these variables; return it."""
    escaped = {name: value.replace("$", "$$") for name, value in settings.items()}
    units = [it.name for it in services.all.values() if it.unit and it.name != services.edge.name]
    path = folder / "settings.yml"
    path.write_text(yaml.safe_dump({"services": {it: {"environment": escaped} for it in units}}))
    path.chmod(0o600)
    return path


def _identity(access_key: str, secret_key: str) -> dict[str, object]:
    credentials = [{"accessKey": access_key, "secretKey": secret_key}]
    return {"name": "units", "credentials": credentials, "actions": list(_ACTIONS)}
