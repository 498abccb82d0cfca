"""Run the conformance suite against every architecture of a run, before anything is measured."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.experiments.runner.arms import Arm
from benchmarks.experiments.runner.conformance import EVERYTHING, Suite
from benchmarks.experiments.runner.errors import ConformanceError
from benchmarks.experiments.runner.image_server import ImageServer
from benchmarks.experiments.runner.platforms import IMAGE_SERVER
from benchmarks.experiments.runner.progress import Display
from benchmarks.experiments.runner.results_folder import ResultsFolder
from benchmarks.experiments.runner.trial import Bench

PROOFS = "conformance.json"


@dataclass(frozen=True, slots=True)
class ConformanceRunner:
    """What runs the cases: the suite, and the server of the images that its cases need."""

    suite: Callable[..., Any] = Suite
    images: Callable[[Path], Any] = ImageServer


def check_arms(
    bench: Bench, arms: Sequence[Arm], selection: str, display: Display, runner: ConformanceRunner
) -> None:
    """Check the arms, each freshly deployed, and add their proofs to conformance.json.

    Of arms with the same code one stands for all: how many processes there are, and which
    recognizer is behind the protocol, is not in the contract. A target that doesn't keep it
    gets no number: raises ConformanceError. All share one image server, on the admitted port.
    """
    display.begin("conformance", f"conformance of {' and '.join(arm.name for arm in arms)}")
    display.show("deploying")
    with ExitStack() as stack:
        targets = _deploy(bench, arms, stack)
        images = stack.enter_context(runner.images(bench.folder.log("image-server.log")))
        images.wait()
        display.show("running the suite")
        suites = [
            stack.enter_context(
                runner.suite(
                    target.base_url,
                    log=bench.folder.log(f"conformance-{arm.name}.log"),
                    report=bench.folder.log(f"conformance-{arm.name}.xml"),
                    selection=_of(arm, selection),
                    image_server=IMAGE_SERVER if arm.platform else images.url,
                )
            )
            for arm, target in zip(arms, targets, strict=True)
        ]
        proofs = {arm.name: it.proof() for arm, it in zip(arms, suites, strict=True)}
    code_bases = {arm.name: arm.code_base for arm in arms}
    found = {it: asdict(proofs[it]) | {"code_base": code_bases[it]} for it in proofs}
    bench.folder.write_json(PROOFS, {**_known(bench.folder), **found})
    for name, proof in proofs.items():
        if not proof.passed:
            raise ConformanceError(
                f"{name} fails {proof.failed} of {proof.cases} conformance cases, "
                f"so it gets no number; see {bench.folder.log(f'conformance-{name}.log')}."
            )
    passed = sum(proof.cases - proof.skipped for proof in proofs.values())
    display.end(f"{passed} cases passed")


def at_a_time(arms: Sequence[Arm]) -> list[list[Arm]]:
    """Return the arms in groups that are checked one after the other.

    Those of local processes are checked together. Those of a container engine come one by one: it
    has as many containers as two cores can start.
    """
    local = [arm for arm in arms if not arm.platform]
    return [*([local] if local else []), *([arm] for arm in arms if arm.platform)]


def unproved(folder: ResultsFolder, arms: Sequence[Arm], selection: str) -> list[Arm]:
    """Return the arms whose code has no passed proof of its selection in the folder.

    It has one when a stopped run is resumed, and when an earlier experiment of the same comparison
    has checked the same code.
    """
    passed = {
        (proof["code_base"], proof["selection"])
        for proof in _known(folder).values()
        if proof["passed"] and "code_base" in proof  # earlier runs didn't record it
    }
    return [arm for arm in arms if (arm.code_base, _of(arm, selection)) not in passed]


def _known(folder: ResultsFolder) -> dict[str, Any]:
    """Return the proofs that the folder has; none before the first check."""
    if not (folder.files / PROOFS).is_file():
        return {}
    found: dict[str, Any] = folder.read_json(PROOFS)
    return found


def _of(arm: Arm, selection: str) -> str:
    """The cases of an arm: all that are selected, but those that it can't keep by its nature."""
    if not arm.unkept:
        return selection
    kept = f"not ({' or '.join(arm.unkept)})"
    return kept if selection == EVERYTHING else f"({selection}) and {kept}"


def _deploy(bench: Bench, arms: Sequence[Arm], stack: ExitStack) -> list[Any]:
    """Deploy all at once; whatever came up is ended with the stack, also where another failed.

    One alone is deployed here: Ctrl-C ends that at once, and in another thread it waits for it,
    which is long where a container engine builds images.
    """
    if len(arms) == 1:
        (arm,) = arms
        alone = bench.deploy(arm, run_dir=bench.run_dir / arm.name, cores=None)
        return [stack.enter_context(alone)]
    with ThreadPoolExecutor(len(arms)) as pool:
        coming = [
            pool.submit(bench.deploy, arm, run_dir=bench.run_dir / arm.name, cores=None)
            for arm in arms
        ]
        try:
            wait(coming)  # a deploy is bounded
        finally:
            pool.shutdown(wait=True)
            up = [stack.enter_context(it.result()) for it in coming if it.exception() is None]
    for one in coming:
        one.result()  # raises what its deploy did
    return up
