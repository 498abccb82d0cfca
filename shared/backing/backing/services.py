"""One set of backing services: started together, with empty stores, known by their settings.

`environment` returns the settings that units need as environment variables, by the names that
both architectures use. Every set has new passwords.
"""

import contextlib
import dataclasses
import secrets
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from backing import dynamodb, functions, postgres, s3, valkey
from backing.ports import free_ports
from backing.processes import Process, ProcessSpec, Supervisor

SERVICE_NAMES = ("postgres", "valkey", "s3", "dynamodb")
# Started only where they are named: no deployment needs them by default.
ON_DEMAND = ("lambda",)
# Of what runs apart: it takes what the other work on its cores leaves
APART_NICE = 10


@dataclass(frozen=True)
class Backing:
    """A running set of backing services. `ports` maps each service to the port for clients."""

    supervisor: Supervisor
    ports: dict[str, int]
    password: str = field(repr=False)
    access_key: str
    secret_key: str = field(repr=False)
    socket_files: tuple[Path, ...] = ()
    owner_passwords: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def start(
        cls,
        supervisor: Supervisor,
        *,
        services: Iterable[str] = SERVICE_NAMES,
        databases: Iterable[str] = (),
        cores: frozenset[int] | None = None,
        apart: Mapping[str, frozenset[int]] | None = None,
    ) -> "Backing":
        """Start the named services at once and wait until all are ready (about 3 s).

        Creates the `databases`, empty, each with a role of its own. `apart` are the cores of
        services that run on others than `cores`; there they let all other work go first.
        Raises StartError, PlatformError or OSError (no port).
        """
        wanted = tuple(services)
        known = (*SERVICE_NAMES, *ON_DEMAND)
        unknown = set(wanted) - set(known)
        if unknown:
            message = f"Unknown services: {', '.join(sorted(unknown))}; there are {known}."
            raise ValueError(message)
        *singles, postgres_port, valkey_port, dynamodb_port, lambda_port = free_ports(s3.PORTS + 4)
        every = {
            "postgres": postgres_port,
            "valkey": valkey_port,
            "s3": singles[-1],
            "dynamodb": dynamodb_port,
            "lambda": lambda_port,
        }
        backing = cls(
            supervisor=supervisor,
            ports={name: every[name] for name in wanted},
            password=secrets.token_urlsafe(18),
            access_key="local" + secrets.token_hex(6),
            secret_key=secrets.token_urlsafe(30),
            socket_files=tuple(s3.socket_files(singles)) if "s3" in wanted else (),
            owner_passwords={name: secrets.token_urlsafe(18) for name in databases},
        )
        data = supervisor.run_dir / "data"
        data.mkdir(mode=0o700, exist_ok=True)

        def launch(name: str) -> Process:
            spec = backing._specification(name, data=data, s3_ports=singles)
            beside = (apart or {}).get(name)
            pinned = _pinned(spec, cores) if beside is None else run_apart(spec, beside)
            process = supervisor.start(pinned)
            supervisor.wait_ready(process)
            return process

        with ThreadPoolExecutor(len(wanted)) as pool:
            list(pool.map(launch, wanted))
        for name, owner_password in backing.owner_passwords.items():
            postgres.create_database(
                name,
                port=postgres_port,
                password=backing.password,
                owner_password=owner_password,
            )
        return backing

    def _specification(self, name: str, *, data: Path, s3_ports: list[int]) -> ProcessSpec:
        folder = data / name
        if name == "postgres":
            postgres.initialize(folder, password=self.password)
            return postgres.specification(folder, port=self.ports[name], password=self.password)
        if name == "valkey":
            return valkey.specification(folder, port=self.ports[name], password=self.password)
        if name == "s3":
            keys = {"access_key": self.access_key, "secret_key": self.secret_key}
            return s3.specification(folder, ports=s3_ports, **keys)
        if name == "lambda":
            return functions.specification(folder, port=self.ports[name], region=s3.REGION)
        return dynamodb.specification(folder, port=self.ports[name])

    def database_url(self, database: str) -> str:
        """Return the DATABASE_URL of a database: with its own role, or else the superuser's."""
        port, owner = self.ports["postgres"], self.owner_passwords.get(database)
        if owner is None:
            return postgres.url(database, port=port, password=self.password)
        return postgres.url(database, port=port, password=owner, user=database)

    def broker_environment(self) -> dict[str, str]:
        """Return BROKER_URL as an environment."""
        return {"BROKER_URL": self._valkey_url(0)}

    def cache_environment(self) -> dict[str, str]:
        """Return CACHE_URL as an environment."""
        return {"CACHE_URL": self._valkey_url(1)}

    def _valkey_url(self, database: int) -> str:
        return valkey.url(database, port=self.ports["valkey"], password=self.password)

    def s3_environment(self) -> dict[str, str]:
        """Return endpoint and credentials of the object store as an environment."""
        return {
            "AWS_ENDPOINT_URL_S3": f"http://127.0.0.1:{self.ports['s3']}",
            **self._credentials(),
        }

    def dynamodb_environment(self) -> dict[str, str]:
        """Return endpoint and credentials of the DynamoDB emulator (which checks none)."""
        return {
            "AWS_ENDPOINT_URL_DYNAMODB": f"http://127.0.0.1:{self.ports['dynamodb']}",
            **self._credentials(),
        }

    def functions_environment(self) -> dict[str, str]:
        """Return endpoints and credentials of SQS and Lambda (the emulator checks none)."""
        endpoint = f"http://127.0.0.1:{self.ports['lambda']}"
        return {
            "AWS_ENDPOINT_URL_SQS": endpoint,
            "AWS_ENDPOINT_URL_LAMBDA": endpoint,
            **self._credentials(),
        }

    def _credentials(self) -> dict[str, str]:
        return {
            "AWS_REGION": s3.REGION,
            "AWS_DEFAULT_REGION": s3.REGION,
            "AWS_ACCESS_KEY_ID": self.access_key,
            "AWS_SECRET_ACCESS_KEY": self.secret_key,
        }

    def environment(self, *, database: str = "postgres") -> dict[str, str]:
        """Return all settings of the services that were started as an environment."""
        found: dict[str, str] = {}
        if "postgres" in self.ports:
            found["DATABASE_URL"] = self.database_url(database)
        if "valkey" in self.ports:
            found |= self.broker_environment() | self.cache_environment()
        if "s3" in self.ports:
            found |= self.s3_environment()
        if "dynamodb" in self.ports:
            found |= self.dynamodb_environment()
        if "lambda" in self.ports:
            found |= self.functions_environment()
        return found

    def flush_broker(self) -> None:
        """Empty the broker and the cache (FLUSHALL), as a fault."""
        valkey.command(self.ports["valkey"], self.password, "FLUSHALL")

    def remove_leftovers(self) -> None:
        """Remove the files that the services create outside the run's folder."""
        for path in self.socket_files:
            with contextlib.suppress(FileNotFoundError):
                path.unlink()


def run_apart(spec: ProcessSpec, cores: frozenset[int]) -> ProcessSpec:
    """Return the specification of a process on cores where all other work goes first."""
    return dataclasses.replace(spec, cores=cores, nice=APART_NICE)


def _pinned(spec: ProcessSpec, cores: frozenset[int] | None) -> ProcessSpec:
    # Not narrowed by the cores of this process: a harness pins itself away from its target.
    return spec if cores is None else dataclasses.replace(spec, cores=cores)
