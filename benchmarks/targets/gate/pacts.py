"""The pacts of a version, as consumer and as provider, read from git.

A party is one side of a pact: a unit, or the web page, which is released with the edge. The pact
that counts is that of the running consumer's version, since that version will send the requests.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.targets.architectures import WEB, Architecture
from benchmarks.targets.errors import TargetError
from benchmarks.targets.git import git

FOLDER = "shared/contracts/pacts"


@dataclass(frozen=True)
class Pair:
    """A consumer and a provider, each with the commit of its version; "" if unknown."""

    consumer: str
    consumer_commit: str
    provider: str
    provider_commit: str

    def __str__(self) -> str:
        return f"{self.consumer} {self._short(self.consumer_commit)} needs of {self.provider}"

    @staticmethod
    def _short(commit: str) -> str:
        return commit[:8] or "(no commit)"


def parties(architecture: Architecture, unit: str) -> set[str]:
    """Return the parties that are released with a unit."""
    page = {WEB} if architecture.edge_unit == unit else set()
    return page | ({unit} & {known.name for known in architecture.units})


def unit_of(architecture: Architecture, party: str) -> str:
    """Return the unit that a party is released with."""
    return architecture.edge_unit if party == WEB else party


def pairs(architecture: Architecture, unit: str, versions: Mapping[str, str]) -> list[Pair]:
    """Return all pairs that a release of a unit affects. `versions` maps units to commits."""
    released = parties(architecture, unit)
    return [
        Pair(
            consumer,
            versions.get(unit_of(architecture, consumer), ""),
            provider,
            versions.get(unit_of(architecture, provider), ""),
        )
        for consumer, provider in architecture.pact_parties
        if {consumer, provider} & released
    ]


def pact_of(pair: Pair) -> str | None:
    """Return the text of the pact at the consumer's version; None if it has none."""
    path = f"{FOLDER}/{pair.consumer}-{pair.provider}.json"
    try:
        return git("show", f"{pair.consumer_commit}:{path}")
    except TargetError:
        return None
