"""The suites of the repository, the long ones first.

`make test` runs most of them. Those that deploy targets and break them, run whole comparisons or
simulate for long are `torture`: `make torture` runs these.
"""

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
    leases and time limits of others and leaves the cores to its neighbours; so do most in torture.
    """

    name: str
    environment: str
    folder: str
    command: str = PYTEST
    more: tuple[str, ...] = ()
    limit_seconds: int = 600
    after: tuple[str, ...] = ()
    waits: bool = False
    torture: bool = False

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
        limit_seconds=900,  # a row that is red waits for what should have come
        torture=True,
    )


def _benchmarks(
    name: str, tests: str, *more: str, waits: bool = False, torture: bool = False
) -> Suite:
    """A part of what measures; together they are all of its tests but the faults."""
    marked = "-m 'slow'" if torture else "-m 'not slow'"
    return Suite(
        name,
        "bench-dev",
        "benchmarks",
        f"{PYTEST} {marked} {tests}",
        more,
        waits=waits,
        torture=torture,
    )


def _on(
    architecture: str,
    units: tuple[str, ...],
    kind: str,
    environment: str,
    tests: str,
    *,
    torture: bool = False,
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
        torture=torture,
    )


def _fuzz(architecture: str, units: tuple[str, ...]) -> Suite:
    """Generated requests and random sequences of calls, by a new seed; `make fuzz` makes more."""
    arguments = (
        "cases/test_schemathesis.py cases/test_state_machine.py --fuzz-seed=random"
        " --schemathesis-examples=60 --state-machine-examples=10"
        ' --fuzz-failures="$VERDICTS/fuzz-failures.jsonl"'
    )
    tests = f"{_CONFORMANCE} {arguments}"
    return _on(architecture, units, "fuzz", "conformance", tests, torture=True)


def _on_both(kind: str, environment: str, tests: str) -> list[Suite]:
    return [
        _on("microservices", SERVICES, kind, environment, tests),
        _on("monolith", MONOLITH, kind, environment, tests),
    ]


_CONFORMANCE = "shared/conformance"
# Folders whose slow tests are suites of their own; one of any other folder is among the runs.
_WITHOUT = " ".join(f"--ignore tests/{it}" for it in ("faults", "hurts", "analysis", "workload"))

_QUICK = " ".join(
    f"tests/{it}"
    for it in (
        *("analysis", "architecture", "report", "selfcheck", "soak", "oracle", "injection"),
        "reliability",
        "test_readme.py",
    )
)

SUITES = [
    _fuzz("microservices", SERVICES),
    _fuzz("monolith", MONOLITH),
    _faults("microservices", SERVICES),
    _faults("monolith", MONOLITH),
    _benchmarks("runs", f"tests {_WITHOUT}", torture=True),
    _on(
        *("monolith", MONOLITH, "planted", "conformance", f"{_CONFORMANCE} selftest -k planted"),
        torture=True,
    ),
    _benchmarks("loads", "tests/workload", torture=True),
    Suite(
        *("selfcheck", "bench-dev", "benchmarks", f"{PYTEST} tests/hurts"),
        more=(*DEPLOYING, *MONOLITH),
        torture=True,
    ),
    _benchmarks("simulations", "tests/analysis", torture=True),
    *_on_both("conformance", "conformance", f'{_CONFORMANCE} --verdicts="$VERDICTS/$ARCH.json"'),
    *_on_both("page", "web", "shared/web tests/flow"),
    Suite("monolith", "monolith-dev", "monolith", waits=True),
    Suite("submissions", "submissions-dev", "microservices/submissions"),
    Suite("imaging", "imaging-dev", "shared/imaging"),
    Suite("accounts", "accounts-dev", "microservices/accounts"),
    Suite("recognition", "recognition-dev", "microservices/recognition", waits=True),
    Suite("edge", "edge-dev", "microservices/edge", waits=True),
    Suite("backing", "backing-dev", "shared/backing", more=("backing", "dynamodb")),
    _benchmarks("experiments", "tests/experiments"),
    _benchmarks("load", "tests/workload", waits=True),
    _benchmarks("targets", "tests/targets", *DEPLOYING, *MONOLITH, waits=True),
    _benchmarks("statistics", _QUICK),
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
