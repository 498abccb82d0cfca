"""The two architectures as what they are made of: the only place that knows unit names.

What runs in a unit stands in the unit's own Procfile; here stands where the units are, which of
the parts each one may know, and through which edge they are reached.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

REPOSITORY = Path(__file__).parents[2]

Needs = Literal["postgres", "broker", "cache", "s3", "dynamodb", "signing-keys", "recognizer"]


@dataclass(frozen=True)
class Unit:
    """What is released on its own. It is told about nothing but what it `needs`.

    `upstreams` is the edge's variable that lists the unit's web processes; `calls` maps a setting
    to the (unit, path) whose address it holds.
    """

    name: str
    folder: Path
    needs: frozenset[Needs]
    upstreams: str | None = None
    calls: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Architecture:
    """One of the two ways in which the flow is built."""

    name: str
    units: tuple[Unit, ...]
    edge_folder: Path
    edge_port: int

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
        edge_port=8080,
    ),
    "microservices": Architecture(
        name="microservices",
        units=(
            Unit(
                name="accounts",
                folder=_SERVICES / "accounts",
                needs=frozenset({"cache", "dynamodb", "signing-keys"}),
                upstreams="ACCOUNTS_UPSTREAMS",
                calls=(("SUBMISSIONS_URL", "submissions", ""),),
            ),
            Unit(
                name="submissions",
                folder=_SERVICES / "submissions",
                needs=frozenset({"postgres", "broker", "cache", "s3"}),
                upstreams="SUBMISSIONS_UPSTREAMS",
                calls=(("JWKS_URL", "accounts", "/.well-known/jwks.json"),),
            ),
            Unit(
                name="recognition",
                folder=_SERVICES / "recognition",
                needs=frozenset({"broker", "s3", "recognizer"}),
            ),
        ),
        edge_folder=_SERVICES / "edge",
        edge_port=8081,
    ),
}
