"""The suites of the repository: what `make test` runs, the long ones first."""

from dataclasses import dataclass

PYTEST = 'python -m pytest -q -p no:cacheprovider --junitxml "$JUNIT_XML"'
# A freshly deployed target for the length of one command.
ON = "env PYTHONPATH=../.. ../../.venvs/bench-dev/bin/python -m benchmarks.targets run"
DEPLOYING = ("backing", "dynamodb", "bench-dev")
SERVICES = ("accounts", "submissions", "recognition")


@dataclass(frozen=True)
class Suite:
    """One command that writes a JUnit report to $JUNIT_XML; `more` are further environments."""

    name: str
    environment: str
    folder: str
    command: str = PYTEST
    more: tuple[str, ...] = ()
    limit_seconds: int = 300
    after_others: bool = False

    @property
    def environments(self) -> tuple[str, ...]:
        """All environments that must be there."""
        return (self.environment, *self.more)


def _faults(architecture: str, units: tuple[str, ...]) -> Suite:
    return Suite(
        f"faults-{architecture}",
        "bench-dev",
        "benchmarks",
        f"{PYTEST} tests/faults --architecture {architecture}",
        more=(*DEPLOYING, *units),
        limit_seconds=420,
    )


def _conformance(architecture: str, units: tuple[str, ...]) -> Suite:
    run = f'{PYTEST} --verdicts="$VERDICTS/{architecture}.json"'
    return Suite(
        f"conformance-{architecture}",
        "conformance",
        "shared/conformance",
        f"{ON} {architecture} -- env -u PYTHONPATH {run}",
        more=(*DEPLOYING, *units),
    )


SUITES = [
    _faults("microservices", SERVICES),
    _faults("monolith", ("monolith",)),
    _conformance("microservices", SERVICES),
    _conformance("monolith", ("monolith",)),
    Suite("imaging", "imaging-dev", "shared/imaging"),
    Suite("monolith", "monolith-dev", "monolith"),
    Suite("submissions", "submissions-dev", "microservices/submissions"),
    Suite("accounts", "accounts-dev", "microservices/accounts"),
    Suite("recognition", "recognition-dev", "microservices/recognition"),
    Suite("edge", "edge-dev", "microservices/edge"),
    Suite("backing", "backing-dev", "shared/backing", more=("backing", "dynamodb")),
    Suite(
        "benchmarks",
        "bench-dev",
        "benchmarks",
        f"{PYTEST} tests --ignore tests/faults",
        more=DEPLOYING,
    ),
    Suite("docs", "docs", "docs"),
    Suite("tools", "lint", ".ci"),
]
