"""The environment of each unit of a deployment, without the other units' secrets."""

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from backing import Backing, Supervisor
from backing.ports import free_ports
from benchmarks import ports
from benchmarks.targets.architectures import REPOSITORY, Architecture, Unit
from benchmarks.targets.local.connection_limits import POOL_SETTING, held_without_pool, pool_size
from benchmarks.targets.local.deployment_secrets import secret, write_signing_keys
from benchmarks.targets.local.function import (
    CONCURRENCY,
    QUEUE_SETTING,
    create_queues,
    is_function,
)
from benchmarks.targets.local.gates import Gate, open_gates
from benchmarks.targets.local.observation import beside
from benchmarks.targets.measure.counters import Meter

ACCOUNTS_TABLE = "accounts"
IMAGE_BUCKET = "images"
RESULT_BUCKET = "results"
# The conformance suite and load generators create many accounts from one address.
SIGN_UPS_PER_ADDRESS = "100000"


def environments_folder() -> Path:
    """Return the folder with the units' virtual environments (VENVS)."""
    return Path(os.environ.get("VENVS") or REPOSITORY / ".venvs")


class Deployment:
    """The backing services, secrets and ports of one deployment, as settings of its units."""

    def __init__(
        self,
        architecture: Architecture,
        supervisor: Supervisor,
        backing: Backing,
        *,
        settings: dict[str, str],
        cores: frozenset[int] | None,
        database_connections: int | None = None,
        count_statements: bool = False,
        gates: Mapping[str, Gate] | None = None,
        apart: Mapping[str, frozenset[int]] | None = None,
        function_concurrency: int = CONCURRENCY,
    ) -> None:
        self.architecture = architecture
        self.supervisor = supervisor
        self.backing = backing
        self.cores = cores
        self.apart = dict(apart or {})
        self._function_concurrency = function_concurrency
        self._settings = settings
        self._database_connections = database_connections
        self._count_statements = count_statements
        self.gates = dict(gates or {})
        self._gated = open_gates(self.gates, backing.ports, settings)
        self._keys = supervisor.run_dir / "data" / "signing-keys.json"
        write_signing_keys(self._keys)
        self.has_function = is_function(settings)
        self._queue = (
            {QUEUE_SETTING: create_queues(backing.functions_environment(), settings)}
            if self.has_function
            else {}
        )
        self._secrets = {unit.name: secret() for unit in architecture.units}
        (self.internal_port,) = free_ports(1)

    def environment(self, unit: Unit) -> dict[str, str]:
        """Return all variables of a unit's processes except PATH."""
        needed: dict[str, Callable[[], dict[str, str]]] = {
            "postgres": lambda: {"DATABASE_URL": self.backing.database_url(unit.name)},
            "broker": self.backing.broker_environment,
            "cache": self.backing.cache_environment,
            "s3": self._s3,
            "dynamodb": self._dynamodb,
            "signing-keys": lambda: {"TOKEN_SIGNING_KEYS_FILE": str(self._keys)},
            "recognizer": lambda: {"RECOGNIZER": "centerface"},
            "recognition-queue": self._recognition_queue,
        }
        found = {
            "PYTHONUNBUFFERED": "1",
            "ENVIRONMENT": "production",
            "HOST": "127.0.0.1",
            "LOG_LEVEL": "INFO",
            "SECRET_KEY": self._secrets[unit.name],
            "IMAGE_FETCH_ALLOW": f"127.0.0.1:{ports.configured('images')}",
        }
        for need in sorted(unit.needs):
            found |= needed[need]()
        for setting, path in unit.calls:
            found[setting] = f"http://127.0.0.1:{self.internal_port}{path}"
        joined = found | self._settings | beside(unit, environments_folder(), self._settings)
        return {name: self._through_gates(value) for name, value in joined.items()}

    def _through_gates(self, value: str) -> str:
        for address, gate in self._gated.items():
            value = re.sub(rf"{re.escape(address)}\b", gate, value)
        return value

    def pool_setting(self, unit: Unit, number: int, counts: Mapping[str, int]) -> dict[str, str]:
        """Return the setting for the size of the `number`th web process's database pool.

        `counts` is by process type. Empty if the deployment has no limit of connections.
        ValueError if the limit is too small.
        """
        if self._database_connections is None or "postgres" not in unit.needs:
            return {}
        held = held_without_pool(unit, counts, self._settings, self._function_concurrency)
        left = self._database_connections - held
        size = pool_size(number, webs=counts.get(f"{unit.name}-web", 1), left=left)
        return {POOL_SETTING: str(size)}

    def databases(self) -> tuple[str, ...]:
        """Return the names of the databases, one for each unit that has one."""
        return tuple(unit.name for unit in self.architecture.units if "postgres" in unit.needs)

    def meter(self) -> Meter:
        """Return a reader of the backing services' counters."""
        log = self.supervisor.processes["postgres"].log if self._count_statements else None
        return Meter(
            broker_url=self.backing.broker_environment()["BROKER_URL"],
            database_url=self.backing.database_url("postgres"),
            databases=self.databases(),
            statement_log=log,
        )

    def store_environment(self) -> dict[str, str]:
        """Return the settings with which the database and the object store can be read."""
        (owner,) = [unit for unit in self.architecture.units if "postgres" in unit.needs]
        return {"DATABASE_URL": self.backing.database_url(owner.name), **self._s3()}

    def _s3(self) -> dict[str, str]:
        buckets = {"IMAGE_BUCKET": IMAGE_BUCKET, "RESULT_BUCKET": RESULT_BUCKET}
        return self.backing.s3_environment() | buckets

    def function_environment(self, unit: Unit) -> dict[str, str]:
        """Return the variables of the unit's function, and those to register it."""
        return self.environment(unit) | self.queue_environment()

    def queue_environment(self) -> dict[str, str]:
        """Return endpoints and credentials of SQS and Lambda, and the function's queue."""
        return self.backing.functions_environment() | self._queue

    def _recognition_queue(self) -> dict[str, str]:
        """Return the queue of the recognition function; nothing if a worker recognizes."""
        if not self.has_function:
            return {}
        found = self.queue_environment()
        del found["AWS_ENDPOINT_URL_LAMBDA"]  # a unit sends messages, and calls no function
        return found

    def _dynamodb(self) -> dict[str, str]:
        accounts = {"ACCOUNTS_TABLE": ACCOUNTS_TABLE, "SIGN_UPS_PER_ADDRESS": SIGN_UPS_PER_ADDRESS}
        return self.backing.dynamodb_environment() | accounts
