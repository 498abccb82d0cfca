"""Says whether a version of a unit may be released beside what runs now.

It may if every pact between it and the versions that run is kept, both ways, and if it takes back
nothing that its descriptions have promised. A party that doesn't run, a version that no commit has
and a pact that is missing each are a no: what can't be checked isn't known to be good.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import yaml

from benchmarks.targets.architectures import REPOSITORY, Architecture
from benchmarks.targets.errors import TargetError
from benchmarks.targets.gate.description_changes import message_breaks, openapi_breaks
from benchmarks.targets.gate.pact_verification import Verdict, verify
from benchmarks.targets.gate.pacts import Pair, pact_of, pairs, parties, unit_of
from benchmarks.targets.git import git

Verify = Callable[[Architecture, str, str, str, str], Verdict]


@dataclass(frozen=True)
class Check:
    """One thing that was held against another; without reasons it is good."""

    what: str
    reasons: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.reasons


def can_deploy(
    architecture: Architecture,
    unit: str,
    commit: str,
    running: Mapping[str, str],
    *,
    verify_pact: Verify = verify,
) -> list[Check]:
    """Hold a commit of a unit against what runs, by unit; "" is a version that no commit has."""
    checks = pact_checks(architecture, unit, commit, running, verify_pact=verify_pact)
    before = running.get(unit, "")
    if before and before != commit:
        checks += structure_checks(architecture, unit, before, commit)
    return checks


def pact_checks(
    architecture: Architecture,
    unit: str,
    commit: str,
    running: Mapping[str, str],
    *,
    verify_pact: Verify = verify,
) -> list[Check]:
    """One for each pact between the unit's commit and what runs."""
    return [
        _pact(architecture, pair, running, unit, verify_pact)
        for pair in pairs(architecture, unit, {**running, unit: commit})
    ]


def _pact(
    architecture: Architecture,
    pair: Pair,
    running: Mapping[str, str],
    unit: str,
    verify_pact: Verify,
) -> Check:
    released = parties(architecture, unit)
    for party, commit in (
        (pair.consumer, pair.consumer_commit),
        (pair.provider, pair.provider_commit),
    ):
        other = unit_of(architecture, party)
        if party not in released and other not in running:
            return Check(
                str(pair), (f"{other} isn't running, so nothing tells whether they agree",)
            )
        if not commit:
            reason = f"what runs of {other} has changes that no commit has: release a commit of it"
            return Check(str(pair), (reason,))
    pact = pact_of(pair)
    if pact is None:
        reason = f"that version of {pair.consumer} has no pact with {pair.provider}"
        return Check(str(pair), (reason,))
    name = f"{pair.consumer}-{pair.provider}.json"
    provider = unit_of(architecture, pair.provider)
    found = verify_pact(architecture, provider, pair.provider_commit, name, pact)
    return Check(str(pair), () if found.kept else found.reasons or ("it isn't kept",))


def structure_checks(architecture: Architecture, unit: str, before: str, after: str) -> list[Check]:
    """One for each description that the unit had; none for what describes nothing of its own."""
    if unit not in {it.name for it in architecture.units}:
        return []
    described = architecture.unit(unit)
    folder = str(described.folder.relative_to(REPOSITORY))
    checks = []
    was, now = (_shown(commit, f"{folder}/openapi.yaml") for commit in (before, after))
    if was is not None:
        found = openapi_breaks(yaml.safe_load(was), yaml.safe_load(now)) if now else ["it is gone"]
        checks.append(Check(f"{unit}'s openapi.yaml", tuple(found)))
    for name in described.publishes:
        path = f"{folder}/tests/contracts/{name}.schema.json"
        was, now = (_shown(commit, path) for commit in (before, after))
        if was is not None:
            told = message_breaks(name, json.loads(was), json.loads(now)) if now else ["it is gone"]
            checks.append(Check(f"the schema of {name}", tuple(told)))
    return checks


def _shown(commit: str, path: str) -> str | None:
    try:
        return git("show", f"{commit}:{path}")
    except TargetError:
        return None
