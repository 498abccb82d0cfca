"""The test suites: what each needs to run alone, and which changes reach it.

A suite is copied into a folder of its own with nothing but what it `holds`. `sees` are paths that
reach it in another way: the imaging wheel is installed. What a suite neither holds nor sees can't
turn it red, so it isn't run for a change of that; so would a pipeline that knows its folders.
"""

from dataclasses import dataclass
from enum import StrEnum

from benchmarks.experiments.catalogue.components import (
    ACCOUNTS,
    CONTRACTS,
    IMAGING,
    RECOGNITION,
    SUBMISSIONS,
)
from benchmarks.experiments.runner.arms import ARCHITECTURES, MONOLITH, SERVICES
from benchmarks.projects import PROJECTS

WHOLE = "whole"  # tests of the monolith that belong to no component, and so to all
EDGE = "edge"
END_TO_END = "end-to-end"
WHEEL = ("shared/imaging/src", "shared/imaging/pyproject.toml")  # what the imaging wheel is made of
WHEEL_SOURCE = "shared/imaging/src"


class Tier(StrEnum):
    """The order in which a suite's tests are run; the next one only if all before are green."""

    FAST = "fast"
    SLOW = "slow"  # marked so: they run processes, kill them, or wait for a time limit
    END_TO_END = "end-to-end"  # the conformance suite, against the whole flow as deployed


@dataclass(frozen=True, slots=True)
class Suite:
    """One run of pytest. `backing` are the services that it starts for itself."""

    name: str
    folder: str
    environment: str
    architectures: tuple[str, ...]
    holds: tuple[str, ...]
    sees: tuple[str, ...] = ()
    backing: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()  # which, if not all of the folder
    has_slow: bool = True
    selects: bool = True  # whether the library that selects tests by impact is installed in it
    limit_seconds: float = 900.0  # imaging takes 4 minutes on two busy cores

    @property
    def paths(self) -> tuple[str, ...]:
        """All that a change can reach it by."""
        return self.holds + self.sees

    @property
    def lock(self) -> str:
        """What its environment is made from."""
        return f"{self.folder}/requirements-dev.txt"

    @property
    def tiers(self) -> tuple[Tier, ...]:
        """The tiers that it has tests in."""
        if self.name == END_TO_END:
            return (Tier.END_TO_END,)
        return (Tier.FAST, Tier.SLOW) if self.has_slow else (Tier.FAST,)

    def owner_of(self, test: str) -> str:
        """Return the component that owns a test, or WHOLE. `test` is named as in a JUnit report."""
        if self.name != MONOLITH:
            return self.name
        folder = test.split("::", maxsplit=1)[0].split(".")[1:2]
        apps = (ACCOUNTS, SUBMISSIONS, RECOGNITION, EDGE)
        return folder[0] if folder and folder[0] in apps else WHOLE


def _suite(
    name: str,
    project: str,
    architectures: tuple[str, ...],
    *,
    more: tuple[str, ...] = (),
    selects: bool = True,
) -> Suite:
    """Make a suite of a row of the table of projects; `more` are files that it holds as well."""
    row = PROJECTS.projects[project]
    sees = WHEEL if row.wheel and row.architecture is not None else ()
    return Suite(
        name,
        row.folder,
        row.environment_for_checks,
        architectures,
        (row.folder, *more),
        sees,
        row.backing,
        selects=selects,
    )


_ALL_BACKING = PROJECTS.projects[MONOLITH].backing
_SERVICES = PROJECTS.units(SERVICES)
# The contracts' own suite reads the error codes in the source, without importing it.
_ERRORS = (
    *(f"monolith/{app}/errors.py" for app in (ACCOUNTS, SUBMISSIONS, RECOGNITION)),
    *(f"{service.folder}/{service.name}/errors.py" for service in _SERVICES),
    "shared/imaging/src/imaging/errors.py",
    # The gateways in front of Django refuse requests too.
    "monolith/config/refusals.py",
    *(f"microservices/{name}/config/refusals.py" for name in (ACCOUNTS, SUBMISSIONS)),
)
# Each unit has copies of its contracts; the contracts' own suite compares them.
_COPIES = tuple(f"{it.folder}/tests/contracts" for it in (*PROJECTS.units(MONOLITH), *_SERVICES))

SUITES = (
    _suite(MONOLITH, MONOLITH, (MONOLITH,)),
    *(_suite(service.name, service.name, (SERVICES,)) for service in _SERVICES),
    # The edge's document is the merge of the documents of the services with an API.
    _suite(
        EDGE,
        "edge",
        (SERVICES,),
        more=("microservices/accounts/openapi.yaml", "microservices/submissions/openapi.yaml"),
        selects=False,
    ),
    _suite(IMAGING, "imaging", ARCHITECTURES, more=("shared/fixtures",)),
    Suite(
        CONTRACTS,
        "shared/conformance",
        "conformance",
        ARCHITECTURES,
        ("shared/conformance", "shared/contracts", "shared/fixtures", *_COPIES, *_ERRORS),
        tests=("tests_contracts",),
        has_slow=False,
        selects=False,
    ),
)
BY_NAME = {suite.name: suite for suite in SUITES}


def end_to_end(architecture: str) -> Suite:
    """Return the conformance suite against an architecture that is deployed from the copy."""
    holds = ("benchmarks", "shared", MONOLITH if architecture == MONOLITH else SERVICES)
    return Suite(
        END_TO_END,
        "shared/conformance",
        "conformance",
        (architecture,),
        holds,
        backing=_ALL_BACKING,
        selects=False,
    )
