"""Check every offered change on both sides at every gate, and keep each gate's verdict."""

import contextlib
import json
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import asdict
from pathlib import Path

import psutil

from benchmarks.experiments.catalogue.edits import EditError
from benchmarks.experiments.catalogue.index import commit
from benchmarks.experiments.catalogue.offers import OFFERS, Kind, Offer
from benchmarks.experiments.contract import FILE, NAME, TITLE
from benchmarks.experiments.contract.candidate import Candidate
from benchmarks.experiments.contract.checked_changes import Checked, read
from benchmarks.experiments.contract.gates import GATES, Verdict, check
from benchmarks.experiments.contract.summary import summarize
from benchmarks.experiments.contract.sweeps import PLANNED_SECONDS, drawn
from benchmarks.experiments.runner.catalogue_experiment import CatalogueExperiment
from benchmarks.experiments.runner.cores import split_cores
from benchmarks.experiments.runner.environment import describe
from benchmarks.experiments.runner.errors import FolderError
from benchmarks.experiments.runner.experiment import Experiment
from benchmarks.experiments.runner.plans import check_same
from benchmarks.experiments.runner.results_folder import ResultsFolder
from benchmarks.experiments.runner.run_record import RECORD, new_record, now
from benchmarks.targets.architectures import ARCHITECTURES, REPOSITORY
from benchmarks.targets.errors import ReleaseError, TargetError
from benchmarks.targets.git import resolve

AT_ONCE = 3  # on two cores: half of a suite is waiting
INTERRUPTED = "interrupted"
STORE = REPOSITORY / ".run" / "artifacts"
Check = Callable[[str, Candidate], Verdict]


def run_offers(
    folder: Path,
    offers: Sequence[Offer],
    base: str,
    report: Callable[[str], None],
    *,
    store: Path = STORE,
    check_gate: Check = check,
) -> list[str]:
    """Check every offer that the folder doesn't have; return the problems, each one a sentence."""
    kept = read(folder)
    done = {(it["change"], it["architecture"]) for it in kept}
    wanted = [
        (offer, architecture)
        for offer in offers
        for architecture in offer.change.edits
        if (offer.change.name, architecture) not in done
    ]
    problems = []
    pool, over = ThreadPoolExecutor(AT_ONCE), threading.Event()

    def check_unless_over(gate: str, candidate: Candidate) -> Verdict:
        if over.is_set():
            raise ReleaseError(INTERRUPTED)
        return check_gate(gate, candidate)

    checks: dict[Future[Checked], str] = {
        pool.submit(
            _checked, offer, architecture, base, store, check_unless_over
        ): offer.change.name
        for offer, architecture in wanted
    }
    try:
        for number, future in enumerate(as_completed(checks), 1):
            try:
                kept.append(future.result())
            except (TargetError, EditError) as error:
                problems.append(f"{checks[future]}: {error}")
                continue
            _write(folder, base, kept)
            report(f"[{number} of {len(wanted)}] {_line(kept[-1])}")
    except BaseException:
        over.set()
        _end_children()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
    return problems


def run_in(folder: Path, profile: str, seed: int, report: Callable[[str], None]) -> list[str]:
    """Run in a new folder, or resume one that was begun; return the problems.

    Raises FolderError for a folder that was begun on another commit.
    """
    base = resolve("HEAD")
    results = ResultsFolder(folder)
    if (folder / RECORD).exists():
        record = results.read_json(RECORD)
        if record["base"] != base:
            message = (
                f"{folder} offers changes of commit {record['base'][:8]}, and {base[:8]} is checked"
                " out: check that one out, or begin a new run."
            )
            raise FolderError(message)
        check_same(results, alike=("cpu", "versions"))
        record |= {"resumed_at": [*record["resumed_at"], now()], "status": "interrupted"}
    else:
        order = [offer.change.name for offer in drawn(profile, seed)]
        record = new_record(folder, NAME, profile=profile, seed=seed, base=base, order=order)
        record["status"] = "interrupted"
        results.write_json("environment.json", describe(split_cores(share=True)))
    results.write_json(RECORD, record)
    offers = [offer for offer in OFFERS if offer.change.name in record["order"]]
    report(
        f"{NAME}: {len(offers)} changes on both sides (seed {record['seed']}). Ctrl-C keeps all."
    )
    try:
        problems = run_offers(folder, offers, base, report)
        record["status"] = "complete"
    finally:
        record["finished_at"] = now()
        results.write_json(RECORD, record)
    return problems


def check_needs() -> None:
    """Raise GitError where no change could be committed."""
    resolve("HEAD")


def _end_children() -> None:
    """End the suites and verifications that run, with the servers that they have started."""
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            process.kill()


def _checked(offer: Offer, architecture: str, base: str, store: Path, check_gate: Check) -> Checked:
    change = offer.change
    (unit,) = change.units[architecture]
    made = commit(change.edits[architecture], change.title, on=base)
    candidate = Candidate(ARCHITECTURES[architecture], unit, base, made, store)
    return {
        "change": change.name,
        "description": change.title,
        "kind": str(offer.kind),
        "seen_by": offer.seen_by,
        "architecture": architecture,
        "unit": unit,
        "gates": [asdict(check_gate(gate, candidate)) for gate in GATES],
    }


def _line(checked: Checked) -> str:
    verdicts = ", ".join(
        f"{gate['gate']} {'stops' if gate['stops'] else 'passes'} in {gate['seconds']:.1f} s"
        for gate in checked["gates"]
    )
    is_stopped = any(gate["stops"] for gate in checked["gates"])
    note = "" if is_stopped == (checked["kind"] == Kind.BREAKING) else "  <- wrong"
    return f"{checked['change']} ({checked['kind']}, {checked['unit']}): {verdicts}{note}"


def _write(folder: Path, base: str, kept: Sequence[Checked]) -> None:
    path = folder / FILE
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps({"base": base, "changes": list(kept)}, indent=1) + "\n")
    fresh.replace(path)


EXPERIMENT: Experiment = CatalogueExperiment(
    NAME, TITLE, run_in, summarize, PLANNED_SECONDS, check_needs
)
