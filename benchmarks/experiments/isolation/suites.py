"""The suites that there are: what each needs to run alone, and what it would notice a change of.

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
    """What one `pytest` is. `backing` are the services that it starts for itself."""

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
    limit_seconds: float = 240.0

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
        """Whose a test is: a part's, or the whole monolith's. `test` as in a JUnit report."""
        if self.name != MONOLITH:
            return self.name
        folder = test.split("::", maxsplit=1)[0].split(".")[1:2]
        apps = (ACCOUNTS, SUBMISSIONS, RECOGNITION, EDGE)
        return folder[0] if folder and folder[0] in apps else WHOLE


def _service(name: str, *backing: str, sees: tuple[str, ...] = ()) -> Suite:
    folder = f"{SERVICES}/{name}"
    return Suite(name, folder, f"{name}-dev", (SERVICES,), (folder,), sees, backing)


_POSTGRESQL, _VALKEY, _S3, _DYNAMODB = "PostgreSQL", "Valkey", "S3", "DynamoDB"
_CADDY = "Caddy"
# The contracts' own suite reads the errors that the code declares, without importing it.
_ERRORS = (
    *(f"monolith/{app}/errors.py" for app in (ACCOUNTS, SUBMISSIONS, RECOGNITION)),
    *(f"{SERVICES}/{unit}/{unit}/errors.py" for unit in (ACCOUNTS, SUBMISSIONS, RECOGNITION)),
    "shared/imaging/src/imaging/errors.py",
)
# Each unit keeps copies of what it is held to; the contracts' own suite compares them.
_COPIES = (
    *("monolith/tests/contracts", "microservices/accounts/tests/contracts"),
    *("microservices/submissions/tests/contracts", "microservices/recognition/tests/contracts"),
)

SUITES = (
    Suite(
        MONOLITH,
        MONOLITH,
        "monolith-dev",
        (MONOLITH,),
        (MONOLITH,),
        WHEEL,
        (_POSTGRESQL, _VALKEY, _S3, _DYNAMODB, _CADDY),
    ),
    _service(ACCOUNTS, _VALKEY, _DYNAMODB),
    _service(SUBMISSIONS, _POSTGRESQL, _VALKEY, _S3, sees=WHEEL),
    _service(RECOGNITION, _VALKEY, _S3, sees=WHEEL),
    Suite(
        EDGE,
        "microservices/edge",
        "edge-dev",
        (SERVICES,),
        (
            "microservices/edge",
            # Its document is the merge of the services' own documents.
            "microservices/accounts/openapi.yaml",
            "microservices/submissions/openapi.yaml",
        ),
        (),
        (_CADDY,),
        selects=False,
    ),
    Suite(
        IMAGING,
        "shared/imaging",
        "imaging-dev",
        ARCHITECTURES,
        ("shared/imaging", "shared/fixtures"),
    ),
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
    """The conformance suite against an architecture that is deployed from the copy."""
    holds = ("benchmarks", "shared", MONOLITH if architecture == MONOLITH else SERVICES)
    return Suite(
        END_TO_END,
        "shared/conformance",
        "conformance",
        (architecture,),
        holds,
        backing=(_POSTGRESQL, _VALKEY, _S3, _DYNAMODB, _CADDY),
        selects=False,
    )
