"""The suites of the repository: what `make test` runs, the long ones first."""

from dataclasses import dataclass

PYTEST = 'python -m pytest -q -p no:cacheprovider --junitxml "$JUNIT_XML"'
# A freshly deployed target for the length of one command.
ON = 'env PYTHONPATH="$ROOT" "$ROOT"/.venvs/bench-dev/bin/python -m benchmarks.targets run'
DEPLOYING = ("backing", "dynamodb", "bench-dev")
MONOLITH = ("monolith",)
SERVICES = ("accounts", "submissions", "recognition")


@dataclass(frozen=True)
class Suite:
    """One command that writes a JUnit report to $JUNIT_XML; `more` are further environments.

    `after` names suites that must be done before it starts. One that `waits` spends its time on
    leases and time limits of others and leaves the cores to its neighbours.
    """

    name: str
    environment: str
    folder: str
    command: str = PYTEST
    more: tuple[str, ...] = ()
    limit_seconds: int = 600
    after: tuple[str, ...] = ()
    waits: bool = False

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
        more=(*DEPLOYING, "imaging-build", *units),
        waits=True,
    )


def _benchmarks(name: str, tests: str, *more: str, waits: bool = False) -> Suite:
    """A part of what measures; together they are all of its tests but the faults."""
    return Suite(name, "bench-dev", "benchmarks", f"{PYTEST} {tests}", more, waits=waits)


def _on(
    architecture: str, units: tuple[str, ...], kind: str, environment: str, tests: str
) -> Suite:
    """Tests against a target that is freshly deployed for them."""
    folder, _, arguments = tests.partition(" ")
    return Suite(
        f"{kind}-{architecture}",
        environment,
        folder,
        # A shell of its own, which sees what the target put into the environment.
        f"{ON} {architecture} -- sh -c 'unset PYTHONPATH; exec {PYTEST} {arguments}'",
        more=(*DEPLOYING, *units),
    )


def _on_both(kind: str, environment: str, tests: str) -> list[Suite]:
    return [
        _on("microservices", SERVICES, kind, environment, tests),
        _on("monolith", MONOLITH, kind, environment, tests),
    ]


_CONFORMANCE = "shared/conformance"

SUITES = [
    _faults("microservices", SERVICES),
    _faults("monolith", MONOLITH),
    *_on_both("conformance", "conformance", f'{_CONFORMANCE} --verdicts="$VERDICTS/$ARCH.json"'),
    *_on_both("page", "web", "shared/web tests/flow"),
    _on("monolith", MONOLITH, "planted", "conformance", f"{_CONFORMANCE} selftest -k planted"),
    Suite("monolith", "monolith-dev", "monolith"),
    Suite("submissions", "submissions-dev", "microservices/submissions"),
    Suite("imaging", "imaging-dev", "shared/imaging"),
    Suite("accounts", "accounts-dev", "microservices/accounts"),
    Suite("recognition", "recognition-dev", "microservices/recognition", waits=True),
    Suite("edge", "edge-dev", "microservices/edge", waits=True),
    Suite("backing", "backing-dev", "shared/backing", more=("backing", "dynamodb"), waits=True),
    _benchmarks("experiments", "tests/experiments", waits=True),
    _benchmarks("load", "tests/workload", waits=True),
    _benchmarks("targets", "tests/targets", *DEPLOYING, *MONOLITH, waits=True),
    _benchmarks("statistics", "tests/analysis tests/report tests/selfcheck tests/test_readme.py"),
    _benchmarks("selfcheck", "tests/hurts", *DEPLOYING, *MONOLITH, waits=True),
    Suite(
        "contracts",
        "conformance",
        _CONFORMANCE,
        f'{PYTEST} tests_contracts selftest -k "not planted"',
    ),
    Suite("page-states", "web", "shared/web", f"{PYTEST} tests/states"),
    _on("monolith", MONOLITH, "tutorial", "docs", "docs tests/live --base-url=$BASE_URL"),
    Suite("docs", "docs", "docs"),
    Suite("tools", "lint", ".ci"),
    Suite(
        "verdicts",
        "lint",
        ".ci",
        f"{PYTEST} tests/verdicts.py",
        after=("conformance-microservices", "conformance-monolith"),
    ),
]
