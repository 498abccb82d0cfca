"""Deploy architectures with a container engine, and rehearse there what an operator does.

Releases, good and bad ones, a killed worker, a restarted store, scaling, a short load, and the
conformance suite. The exit status is 1 if a request failed, a submission was lost, doubled or not
final in time, or the engine didn't do what it should. What was deployed is removed at the end.
"""

import argparse
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from backing import BackingError
from benchmarks.command_line import FAILED, end_with_parent
from benchmarks.commands.architecture_arguments import RUN, add_architectures, chosen
from benchmarks.experiments.runner.errors import ConformanceError, FolderError
from benchmarks.ports import PortError
from benchmarks.rehearsal import (
    contract,
    eviction,
    load,
    outage,
    releases,
    scaling,
    worker,
)
from benchmarks.rehearsal.outcome import Outcome
from benchmarks.rehearsal.protocols import EngineTarget
from benchmarks.rehearsal.record import Record, make_folder
from benchmarks.targets import compose, kubernetes
from benchmarks.targets.architectures import unit_names
from benchmarks.targets.compose import ComposeTarget
from benchmarks.targets.compose.images import make_variants
from benchmarks.targets.errors import EngineError
from benchmarks.targets.kubernetes import KubernetesTarget

__all__ = ["ERRORS", "INTERRUPTED", "configure", "run"]

ERRORS = {
    BackingError: FAILED,
    ConformanceError: FAILED,
    FolderError: FAILED,
    PortError: FAILED,
    TimeoutError: FAILED,  # submissions that aren't final in time
}
INTERRUPTED = "Interrupted; what was deployed is removed."
RELEASES = {"compose": 3, "kubernetes": 20}
KILLED_SUBMISSIONS = 6
QUEUED_SUBMISSIONS = 40
LOAD_SECONDS = 30.0

Step = Callable[[], Outcome]


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the architectures, the engine, and the tags of the images to release."""
    add_architectures(parser)
    parser.add_argument("--engine", choices=RELEASES, required=True, help="compose or kubernetes")
    parser.add_argument("--context", help="of kubectl: a cluster for trials (Kubernetes alone)")
    parser.add_argument("--overlay", default="local", help="local or local-1.20 (default: local)")
    parser.add_argument(
        "--releases", type=int, help="of each unit (default: 3 with Compose, 20 on Kubernetes)"
    )
    parser.add_argument("--tag", default="next", help="of the released images (default: next)")
    parser.add_argument(
        "--bad-tag", default="bad", help="of images that never become ready (default: bad)"
    )
    parser.add_argument(
        "--wrong-tag", default="wrong", help="of images with wrong responses (default: wrong)"
    )
    parser.add_argument("--into", type=Path, help="folder of a document for each architecture")


def run(options: argparse.Namespace) -> int:
    """Deploy each architecture, take all steps, remove it; print each step's figures."""
    end_with_parent()
    if options.into is not None:
        make_folder(options.into)  # what can't be kept is known before the work, not after it
    failed = [name for name in chosen(options) if not _rehearsed(name, options)]
    print(f"With problems: {', '.join(failed)}." if failed else "No step had a problem.")
    return FAILED if failed else 0


def _rehearsed(name: str, options: argparse.Namespace) -> bool:
    """Return whether no step had a problem."""
    record = Record.begin(options.engine, name)
    with _deployed(name, options) as target:
        print(f"{name} ready after {record.ready():.0f} s", flush=True)
        for step in _steps(target, options):
            record.outcomes.append(_shown(step()))
        if options.into is not None:
            print(f"\n{record.write(options.into)}")
        kept = not any(outcome.problems for outcome in record.outcomes)
        if not kept:
            print(f"The logs are in {_logs(target)}.")
    return kept


def _deployed(name: str, options: argparse.Namespace) -> ComposeTarget | KubernetesTarget:
    """Deploy with the engine. With Compose the images are built here, those to release as well."""
    if options.engine == "compose":
        target = compose.deploy(name, run_dir=RUN / f"compose-{name}")
        try:
            make_variants(
                target.architecture,
                better=options.tag,
                worse=options.bad_tag,
                wrong=options.wrong_tag,
            )
        except BaseException:
            target.stop()
            raise
        return target
    if options.context is None:
        message = "Name a cluster for trials by a context of kubectl: --context."
        raise EngineError(message)
    return kubernetes.deploy(name, context=options.context, overlay=options.overlay)


def _logs(target: EngineTarget) -> Path:
    """Write the log of each process type; return their folder."""
    folder = _folder(target)
    folder.mkdir(parents=True, exist_ok=True)
    for unit in unit_names(target.architecture):
        for process in target.process_types(unit):
            (folder / f"{process}.log").write_text(target.logs(process))
    return folder


def _folder(target: EngineTarget) -> Path:
    return RUN / f"rehearsal-{target.arch}"


def _steps(target: ComposeTarget | KubernetesTarget, options: argparse.Namespace) -> Iterator[Step]:
    units = unit_names(target.architecture)
    count = options.releases or RELEASES[options.engine]
    for unit in units:
        yield partial(releases.roll_out, target, unit, count=count, tag=options.tag)
    # The edge has no process of its own code that could fail to become ready.
    for unit in [name for name in units if name != "edge"]:
        yield partial(releases.never_ready, target, unit, tag=options.bad_tag)
    responding = target.architecture.database_unit
    yield partial(releases.wrong_responses, target, responding, tag=options.wrong_tag)
    yield partial(worker.kill, target, submissions=KILLED_SUBMISSIONS)
    for service in ("postgres", "valkey"):
        yield partial(outage.restart, target, service)
    if isinstance(target, KubernetesTarget):
        yield from _of_kubernetes(target)
    for process in _web(target):
        yield partial(scaling.by_order, target, process)
    yield partial(load.send, target, seconds=LOAD_SECONDS)
    # The last, since what it leaves unfinished on purpose would be a problem of other steps.
    yield partial(contract.keep, target, folder=_folder(target))


def _of_kubernetes(target: KubernetesTarget) -> Iterator[Callable[[], Outcome]]:
    """Return the steps that need an autoscaler and nodes, which Compose has not."""
    yield partial(eviction.cordoned, target, submissions=KILLED_SUBMISSIONS)
    for least in (1, 0):
        yield partial(scaling.by_queue, target, submissions=QUEUED_SUBMISSIONS, least=least)
    target.autoscale({})
    for process in _web(target):
        yield partial(eviction.evict_each, target, process)


def _web(target: EngineTarget) -> list[str]:
    """Return the web process types of the first unit."""
    first = unit_names(target.architecture)[0]
    return [process for process in target.process_types(first) if process.endswith("-web")]


def _shown(outcome: Outcome) -> Outcome:
    print(f"\n{outcome.step}")
    for name, value in outcome.figures.items():
        print(f"  {name:36} {value if isinstance(value, str) else format(value, 'g')}")
    if outcome.workers:
        by_second = ", ".join(f"{count} from {at:.0f} s" for at, count in outcome.workers)
        print(f"  {'workers by second':36} {by_second}")
    for problem in outcome.problems:
        print(f"  problem: {problem}")
    print(end="", flush=True)
    return outcome
