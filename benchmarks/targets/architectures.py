"""The two architectures by their units: the only module that knows unit names.

A unit's Procfile has its processes. This module has each unit's folder, the backing services that
it may know, and the edge through which the units are reached.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from benchmarks import ports, repository

REPOSITORY = repository.REPOSITORY
WEB_SITE = REPOSITORY / "shared" / "web" / "site"
# Below an artifact: the release that is made of the site there, with content-hashed names
WEB_RELEASE = WEB_SITE.with_name("released")
WEB = "web"  # the page as a party to a pact; it is released with the edge

Needs = Literal[
    "postgres",
    "broker",
    "cache",
    "s3",
    "dynamodb",
    "signing-keys",
    "recognizer",
    "recognition-queue",
]


@dataclass(frozen=True)
class Unit:
    """A unit of release. Its settings name only the backing services that it `needs`.

    `upstreams` is the edge's variable that lists the unit's web processes. `calls` maps a setting
    to the path of another unit, whose URL at the edge's internal port the setting holds.
    `publishes` are the names of its messages. `function` is the handler of the unit on AWS Lambda,
    where it has one, which makes the attempts of the process type `worker`.
    """

    name: str
    folder: Path
    needs: frozenset[Needs]
    upstreams: str | None = None
    calls: tuple[tuple[str, str], ...] = ()
    publishes: tuple[str, ...] = ()
    function: str | None = None

    @property
    def has_wheel(self) -> bool:
        """Return whether the unit contains shared/imaging: it receives images or analyses them."""
        return bool({"recognizer", "s3"} & self.needs)


@dataclass(frozen=True)
class Architecture:
    """One of the two architectures of the flow.

    The edge, with the web page, is released with `edge_unit`: one of the units, or one of its own.
    It listens on the port that `benchmarks.ports` has for the name, or on `fixed_port`.
    `pact_parties` are the pairs of consumer and provider that have a pact.
    """

    name: str
    units: tuple[Unit, ...]
    edge_folder: Path
    fixed_port: int | None = None
    edge_unit: str = "edge"
    pact_parties: tuple[tuple[str, str], ...] = ()

    @property
    def edge_port(self) -> int:
        """Return the edge's default port. PortError if its environment variable is no port."""
        return ports.configured(self.name) if self.fixed_port is None else self.fixed_port

    @property
    def recognizing_unit(self) -> str:
        """Return the unit that makes the attempts."""
        (unit,) = [it.name for it in self.units if "recognizer" in it.needs]
        return unit

    @property
    def worker(self) -> str:
        """Return the process type that makes the attempts."""
        return f"{self.recognizing_unit}-worker"

    @property
    def database_unit(self) -> str:
        """Return the unit that has the database."""
        (unit,) = [it.name for it in self.units if "postgres" in it.needs]
        return unit

    def unit(self, name: str) -> Unit:
        """Return the unit of this name; KeyError if there is none."""
        return {unit.name: unit for unit in self.units}[name]


_SERVICES = REPOSITORY / "microservices"

ARCHITECTURES = {
    "monolith": Architecture(
        name="monolith",
        units=(
            Unit(
                name="monolith",
                folder=REPOSITORY / "monolith",
                needs=frozenset(
                    {
                        "postgres",
                        "broker",
                        "cache",
                        "s3",
                        "dynamodb",
                        "signing-keys",
                        "recognizer",
                        "recognition-queue",
                    }
                ),
                upstreams="WEB_UPSTREAMS",
                function="config.function.handler",
            ),
        ),
        edge_folder=REPOSITORY / "monolith" / "edge",
        edge_unit="monolith",
        pact_parties=((WEB, "monolith"),),
    ),
    "microservices": Architecture(
        name="microservices",
        units=(
            Unit(
                name="accounts",
                folder=_SERVICES / "accounts",
                needs=frozenset({"cache", "dynamodb", "signing-keys"}),
                upstreams="ACCOUNTS_UPSTREAMS",
                calls=(("SUBMISSIONS_URL", ""),),
            ),
            Unit(
                name="submissions",
                folder=_SERVICES / "submissions",
                needs=frozenset({"postgres", "broker", "cache", "s3", "recognition-queue"}),
                upstreams="SUBMISSIONS_UPSTREAMS",
                calls=(("JWKS_URL", "/.well-known/jwks.json"),),
                publishes=("recognition.requested",),
            ),
            Unit(
                name="recognition",
                folder=_SERVICES / "recognition",
                needs=frozenset({"broker", "s3", "recognizer"}),
                publishes=(
                    "recognition.started",
                    "recognition.completed",
                    "recognition.failed",
                ),
                function="recognition.handler.handler",
            ),
        ),
        edge_folder=_SERVICES / "edge",
        pact_parties=(
            (WEB, "accounts"),
            (WEB, "submissions"),
            ("accounts", "submissions"),
            ("submissions", "accounts"),
            ("submissions", "recognition"),
            ("recognition", "submissions"),
        ),
    ),
}


def unit_names(architecture: Architecture) -> tuple[str, ...]:
    """Return the names of all units of release, the edge's included if it is one."""
    names = [unit.name for unit in architecture.units]
    return (*names, *({architecture.edge_unit} - set(names)))
