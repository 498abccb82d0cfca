"""Look for published advisories of every package in every lock file.

Ends with 0 if there is none beyond the accepted ones, with 1 if there is one or an acceptance has
expired, and with NOT_DONE where no source of advisories can be reached. Takes no longer than
LIMIT_SECONDS. Accepted advisories are in `accepted_advisories.toml`, each with a reason and a date.
"""

import datetime
import json
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from locks import pins

from repository import REPOSITORY, VENVS

ACCEPTED = REPOSITORY / ".ci" / "accepted_advisories.toml"
AUDITOR = VENVS / "audit" / "bin" / "pip-audit"
SOURCES = ("pypi", "osv")
LIMIT_SECONDS = 240.0
PROBE_SECONDS = 30.0
NOT_DONE = 75  # EX_TEMPFAIL of sysexits.h
_OPTIONS = ("--disable-pip", "--no-deps", "--progress-spinner", "off", "--timeout", "5")
Pin = tuple[str, str]


class NoSourceError(Exception):
    """No advisories can be had from a source."""


@dataclass(frozen=True)
class Acceptance:
    """An advisory that was reviewed and doesn't concern this repository, until a day."""

    id: str
    package: str
    reason: str
    expires: datetime.date


def read_accepted(path: Path) -> list[Acceptance]:
    """Read the reviewed list. Raises TypeError or KeyError if an entry lacks a field."""
    entries = tomllib.loads(path.read_text(encoding="utf-8")).get("accepted", [])
    return [Acceptance(**entry) for entry in entries]


def layers(found: Iterable[Pin]) -> list[list[Pin]]:
    """Split pins so that no list has two versions of a package; the first list is the longest."""
    versions: dict[str, list[str]] = defaultdict(list)
    for name, version in sorted(set(found)):
        versions[name].append(version)
    most = max(map(len, versions.values()), default=0)
    return [
        [(name, of[number]) for name, of in versions.items() if number < len(of)]
        for number in range(most)
    ]


def query(
    auditor: Sequence[str], source: str, wanted: Iterable[Pin], *, seconds: float
) -> dict[Pin, dict[str, list[str]]]:
    """Return each package's advisories, as id → other ids. Raises NoSourceError."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
        file.writelines(f"{name}=={version}\n" for name, version in wanted)
        file.flush()
        command = [*auditor, "-s", source, "-r", file.name, "-f", "json", *_OPTIONS]
        try:
            done = subprocess.run(
                command, check=False, capture_output=True, text=True, timeout=max(1, seconds)
            )
        except subprocess.TimeoutExpired as error:
            message = f"{source}: no response within {seconds:.0f} s"
            raise NoSourceError(message) from error
    try:
        dependencies = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError) as error:
        last = (done.stderr.strip().splitlines() or ["no output"])[-1]
        message = f"{source}: {last[:200]}"
        raise NoSourceError(message) from error
    known = [it for it in dependencies if "vulns" in it]
    if not known:  # a mirror without advisories responds with 404 to each request
        message = f"{source}: it has none of the packages"
        raise NoSourceError(message)
    return {
        (it["name"], it["version"]): {found["id"]: found["aliases"] for found in it["vulns"]}
        for it in known
    }


def verdict(
    advisories: Mapping[Pin, Mapping[str, Sequence[str]]], accepted: Sequence[Acceptance]
) -> list[str]:
    """Return what is wrong: advisories that were not accepted."""
    known = {(it.package, it.id) for it in accepted}
    return [
        f"{name} {version}: {advisory} ({', '.join(others) or 'no other name'})"
        for (name, version), found in advisories.items()
        for advisory, others in found.items()
        if not any((name, it) in known for it in (advisory, *others))
    ]


def expired(accepted: Sequence[Acceptance], today: datetime.date) -> list[str]:
    """Return which acceptances have to be reviewed."""
    return [
        f"{it.id} of {it.package} was accepted until {it.expires}: review it"
        for it in accepted
        if it.expires < today
    ]


def audit(auditor: Sequence[str], wanted: Sequence[Pin], accepted: Sequence[Acceptance]) -> int:
    """Print what is found by the first source that can be reached; return the exit status."""
    end = time.monotonic() + LIMIT_SECONDS
    wrong = expired(accepted, datetime.datetime.now(datetime.UTC).date())
    unreached = []
    found: dict[Pin, dict[str, list[str]]] | None = None
    for source in SOURCES:
        try:
            # One package first, so that a source which can't be reached costs little.
            query(auditor, source, wanted[:1], seconds=PROBE_SECONDS)
            found = {}
            for layer in layers(wanted):
                left = end - time.monotonic()
                found |= query(auditor, source, layer, seconds=left)
            break
        except NoSourceError as error:
            unreached.append(str(error))
            found = None
    if found is not None:
        wrong += verdict(found, accepted)
        print(f"{len(found)} of {len(wanted)} packages have been compared with advisories.")
    print("\n".join(wrong))
    if wrong:
        return 1
    if found is None:
        print(f"NOT DONE, no source of advisories can be reached ({'; '.join(unreached)})")
        return NOT_DONE
    return 0


def locked() -> list[Pin]:
    """Return the packages that all lock files pin, each with its version."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "*requirements*.txt"],
        check=True,
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
    ).stdout.split("\0")
    paths = [REPOSITORY / name for name in listed if name]
    return sorted(
        {(name, str(version)) for path in paths for name, (version, _) in pins(path).items()}
    )


def main() -> int:
    """Audit every lock."""
    return audit([str(AUDITOR)], locked(), read_accepted(ACCEPTED))


if __name__ == "__main__":
    sys.exit(main())
