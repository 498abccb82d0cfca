"""Decide whether a version of a unit may be released beside what runs now.

It may if every pact between it and the running versions is kept, in both directions, and if its
descriptions have no breaking change. A party that doesn't run, a version that isn't committed and
a missing pact each forbid it: what can't be checked isn't known to be compatible.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

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
    """One comparison; `reasons` speak against the release, and none means that it passed."""

    what: str
    reasons: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Return whether there is no reason against the release."""
        return not self.reasons


def can_deploy(
    architecture: Architecture,
    unit: str,
    commit: str,
    running: Mapping[str, str],
    *,
    verify_pact: Verify = verify,
) -> list[Check]:
    """Return the checks of a unit's commit against the `running` commits, by unit.

    "" is a version that isn't committed.
    """
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
    """Return one check for each pact between the unit's commit and what runs."""
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
            return Check(str(pair), (f"{other} isn't running, so whether they agree is unknown",))
        if not commit:
            reason = f"{other} runs with uncommitted changes: release a commit of it"
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
    """Return one check for each description that the unit had; none for the edge."""
    if unit not in {known.name for known in architecture.units}:
        return []
    described = architecture.unit(unit)
    folder = str(described.folder.relative_to(REPOSITORY))
    checks = []
    was, now = (_shown(commit, f"{folder}/openapi.yaml") for commit in (before, after))
    if was is not None:
        found = openapi_breaks(_parsed(was), _parsed(now)) if now else ["it is gone"]
        checks.append(Check(f"{unit}'s openapi.yaml", tuple(found)))
    for name in described.publishes:
        path = f"{folder}/tests/contracts/{name}.schema.json"
        was, now = (_shown(commit, path) for commit in (before, after))
        if was is not None:
            broken = ["it is gone"]
            if now:
                broken = message_breaks(name, json.loads(was), json.loads(now))
            checks.append(Check(f"the schema of {name}", tuple(broken)))
    return checks


def _parsed(text: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.load(text, yaml.CSafeLoader)
    return found


def _shown(commit: str, path: str) -> str | None:
    try:
        return git("show", f"{commit}:{path}")
    except TargetError:
        return None
