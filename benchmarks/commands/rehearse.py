"""Deploy architectures on Kubernetes and rehearse releases, an undo, a killed worker, scaling.

The exit status is 1 if a request failed, a submission was lost, doubled or not final in time, or
the engine didn't do what it should. The namespace is deleted at the end.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from backing import BackingError
from benchmarks.command_line import FAILED, end_with_parent
from benchmarks.commands.architecture_arguments import RUN, add_architectures, chosen
from benchmarks.rehearsal import eviction, releases, scaling, worker
from benchmarks.rehearsal.outcome import Outcome
from benchmarks.targets.architectures import unit_names
from benchmarks.targets.kubernetes import KubernetesTarget, deploy

__all__ = ["ERRORS", "INTERRUPTED", "configure", "run"]

ERRORS = {BackingError: FAILED}
INTERRUPTED = "Interrupted; the namespace is deleted."
KILLED_SUBMISSIONS = 6
QUEUED_SUBMISSIONS = 40


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the architectures, the cluster, the overlay, and the tags of the images to release."""
    add_architectures(parser)
    parser.add_argument("--context", required=True, help="of kubectl: a cluster for trials")
    parser.add_argument("--overlay", default="local", help="local or local-1.20 (default: local)")
    parser.add_argument("--releases", type=int, default=20, help="of each unit (default: 20)")
    parser.add_argument("--tag", default="next", help="of the released images (default: next)")
    parser.add_argument(
        "--bad-tag", default="bad", help="of images that never become ready (default: bad)"
    )


def run(options: argparse.Namespace) -> int:
    """Deploy each architecture, take all steps, delete it; print each step's figures."""
    end_with_parent()
    failed = [name for name in chosen(options) if not _rehearsed(name, options)]
    print(f"With problems: {', '.join(failed)}." if failed else "No step had a problem.")
    return FAILED if failed else 0


def _rehearsed(name: str, options: argparse.Namespace) -> bool:
    """Return whether no step had a problem."""
    began = time.monotonic()
    with deploy(name, context=options.context, overlay=options.overlay) as target:
        print(f"{name} ready after {time.monotonic() - began:.0f} s", flush=True)
        outcomes = [_shown(step()) for step in _steps(target, options)]
        kept = not any(outcome.problems for outcome in outcomes)
        if not kept:
            print(f"The logs are in {_logs(target)}.")
    return kept


def _logs(target: KubernetesTarget) -> Path:
    """Write the log of each process type; return their folder."""
    folder = RUN / f"rehearsal-{target.arch}"
    folder.mkdir(parents=True, exist_ok=True)
    for unit in unit_names(target.architecture):
        for process in target.process_types(unit):
            (folder / f"{process}.log").write_text(target.logs(process))
    return folder


def _steps(
    target: KubernetesTarget, options: argparse.Namespace
) -> Iterator[Callable[[], Outcome]]:
    units = unit_names(target.architecture)
    for unit in units:
        yield partial(releases.roll_out, target, unit, count=options.releases, tag=options.tag)
    # The edge has no process of its own code that could fail to become ready.
    for unit in [name for name in units if name != "edge"]:
        yield partial(releases.undo_bad, target, unit, tag=options.bad_tag)
    yield partial(worker.kill, target, submissions=KILLED_SUBMISSIONS)
    yield partial(eviction.cordoned, target, submissions=KILLED_SUBMISSIONS)
    for least in (1, 0):
        yield partial(scaling.by_queue, target, submissions=QUEUED_SUBMISSIONS, least=least)
    target.autoscale({})
    for process in target.process_types(units[0]):
        if process.endswith("-web"):
            yield partial(scaling.by_order, target, process)
            yield partial(eviction.evict_each, target, process)


def _shown(outcome: Outcome) -> Outcome:
    print(f"\n{outcome.step}")
    for name, value in outcome.figures.items():
        print(f"  {name:28} {value if isinstance(value, str) else format(value, 'g')}")
    for problem in outcome.problems:
        print(f"  problem: {problem}")
    print(end="", flush=True)
    return outcome
