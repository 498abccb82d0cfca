"""The two architectures as what they are made of: the only place that knows unit names.

What runs in a unit stands in the unit's own Procfile; here stands where the units are, which of
the parts each one may know, and through which edge they are reached.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from benchmarks import ports, repository

REPOSITORY = repository.REPOSITORY
WEB_SITE = REPOSITORY / "shared" / "web" / "site"
WEB = "web"  # the page, where it's a party to a pact; it is released with the edge

Needs = Literal["postgres", "broker", "cache", "s3", "dynamodb", "signing-keys", "recognizer"]


@dataclass(frozen=True)
class Unit:
    """What is released on its own. It is told about nothing but what it `needs`.

    `upstreams` is the edge's variable that lists the unit's web processes; `calls` maps a setting
    to the path of another unit whose address it holds, at the edge's inner door. `publishes` names
    its messages.
    """

    name: str
    folder: Path
    needs: frozenset[Needs]
    upstreams: str | None = None
    calls: tuple[tuple[str, str], ...] = ()
    publishes: tuple[str, ...] = ()

    @property
    def has_wheel(self) -> bool:
        """Whether shared/imaging goes into it: into what takes images, or looks into them."""
        return bool({"recognizer", "s3"} & self.needs)


@dataclass(frozen=True)
class Architecture:
    """One of the two ways in which the flow is built.

    The edge, with the web page, is released with `edge_unit`: one of the units, or one of its own.
    It listens on the port that `benchmarks.ports` has for the name, or on `fixed_port`.
    `talks` names who needs something of whom, consumer first: each pair has a pact.
    """

    name: str
    units: tuple[Unit, ...]
    edge_folder: Path
    fixed_port: int | None = None
    edge_unit: str = "edge"
    talks: tuple[tuple[str, str], ...] = ()

    @property
    def edge_port(self) -> int:
        """Where the edge listens unless another port is given. PortError: its variable is wrong."""
        return ports.configured(self.name) if self.fixed_port is None else self.fixed_port

    def unit(self, name: str) -> Unit:
        """Find a unit by name; KeyError when there is none."""
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
                    }
                ),
                upstreams="WEB_UPSTREAMS",
            ),
        ),
        edge_folder=REPOSITORY / "monolith" / "edge",
        edge_unit="monolith",
        talks=((WEB, "monolith"),),
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
                needs=frozenset({"postgres", "broker", "cache", "s3"}),
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
            ),
        ),
        edge_folder=_SERVICES / "edge",
        talks=(
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
    """What is released on its own in it, the edge too if it is."""
    names = [unit.name for unit in architecture.units]
    return (*names, *({architecture.edge_unit} - set(names)))
