"""Run suites one after the other on one target, deployed for all of them.

`run` has `benchmarks run` deploy it and call this file with the suites' names; what the target is
known by is then in the environment. Each suite has a log, a report and a time limit of its own, as
it has without a target. What came of it is left as JSON beside them.
"""

import json
import os
import shutil
import signal
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import bytecode
import suite_runner
from suite_runner import Outcome, Runner, scratch_folder
from suites import SUITES, Suite, TargetKind

from repository import REPOSITORY, VENVS, parent_death

DEPLOYMENT_LIMIT_SECONDS = 120  # the start and the stop


def run(runner: Runner, kind: TargetKind, suites: Sequence[Suite]) -> list[Outcome]:
    """Deploy a target, run the suites on it, stop it; return what came of each.

    A suite that did not run, because there was no target, has failed. So has the last one where the
    target could not be stopped. The log of such a suite ends with the target's.
    """
    for suite in suites:
        _file(suite.name).unlink(missing_ok=True)
    log_file = suite_runner.OUT / f"target-of-{suites[0].name}.log"
    python = str(VENVS / "bench-dev" / "bin" / "python")
    deploy = [python, "-m", "benchmarks", "run", kind.architecture]
    deploy += ["--recognition", kind.recognition]
    steps = [sys.executable, str(Path(__file__).resolve()), *(suite.name for suite in suites)]
    environment = {**bytecode.kept(os.environ), "PYTHONPATH": str(REPOSITORY)}
    with scratch_folder() as scratch, log_file.open("wb") as log:
        ended = runner.commands.run(
            [sys.executable, parent_death.__file__, *deploy, "--", *steps],
            folder=REPOSITORY,
            environment={**environment, "TMPDIR": str(scratch)},
            log=log,
            limit_seconds=DEPLOYMENT_LIMIT_SECONDS + sum(suite.limit_seconds for suite in suites),
        )
    outcomes = [_outcome(suite.name) for suite in suites]
    if ended.status != 0 and all(outcome.green for outcome in outcomes):
        outcomes[-1] = replace(outcomes[-1], failed=1, status=1)
        _add(log_file, to=outcomes[-1].name)
    for outcome in outcomes:
        if not _file(outcome.name).exists():
            (suite_runner.OUT / f"{outcome.name}.log").unlink(missing_ok=True)
            _add(log_file, to=outcome.name)
    return outcomes


def _file(name: str) -> Path:
    return suite_runner.OUT / f"{name}.outcome.json"


def _outcome(name: str) -> Outcome:
    try:
        return Outcome(**json.loads(_file(name).read_text()))
    except (OSError, ValueError):
        return Outcome(name, 0, 1, 0, 0.0, 1)


def _add(log_file: Path, *, to: str) -> None:
    with (suite_runner.OUT / f"{to}.log").open("ab") as log, log_file.open("rb") as more:
        shutil.copyfileobj(more, log)


def main(names: Sequence[str]) -> int:
    """Run the suites on the target of the environment; return 0 if all are green."""
    os.environ.pop("PYTHONPATH", None)  # which was for the command that deployed it
    parent_death.signal_on_parent_death(signal.SIGINT)
    by_name = {suite.name: suite for suite in SUITES}
    runner, status = Runner(), 0
    try:
        for name in names:
            outcome = runner.run(by_name[name])
            _file(name).write_text(json.dumps(asdict(outcome)))
            status = status if outcome.green else 1
    except KeyboardInterrupt:
        runner.stop()
        return 130
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
