"""An experiment of trials: sweeps of arms under load, in blocks, each trial on a fresh target."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks.experiments.runner.arm_conformance import ConformanceRunner
from benchmarks.experiments.runner.arms import FLOOR, Engine, Sweep
from benchmarks.experiments.runner.cores import TARGET_CORES, split_cores
from benchmarks.experiments.runner.deployment import IMAGE, deploy_arm
from benchmarks.experiments.runner.errors import UsageError
from benchmarks.experiments.runner.experiment import PlannedRun, RunOptions
from benchmarks.experiments.runner.external_target import check_url, deployed_targets
from benchmarks.experiments.runner.extra_blocks import MOST_PERCENT
from benchmarks.experiments.runner.image_server import GivenServer
from benchmarks.experiments.runner.loads import make_load
from benchmarks.experiments.runner.measured_trial import Trial, load_trials
from benchmarks.experiments.runner.plans import Plan, new_seed, resumed
from benchmarks.experiments.runner.platforms import PLATFORMS, placed, require_platforms
from benchmarks.experiments.runner.profiles import profile_named
from benchmarks.experiments.runner.protocols import Deploy, MakeActor, MakeLoad
from benchmarks.experiments.runner.results_folder import ResultsFolder
from benchmarks.experiments.runner.run import new_record, run
from benchmarks.experiments.runner.scaler import Scaler
from benchmarks.results_model.document import ResultsDocument
from benchmarks.results_model.experiments import ExperimentResults

Targets = tuple[str, str]


@dataclass(frozen=True, slots=True)
class TrialExperiment:
    """Implements `Experiment`.

    `sweeps` takes a profile's name. `summary` takes the run's sweeps and trials. `actor` does what
    is done to a target beside the load; `deploy` and `load` make the target and the load.
    `external_sweeps` makes the sweeps for two deployed targets (profile, URLs, rates, API), and
    `sweeps_on_cores` those of a target on several cores (profile, cores), where the experiment has
    any. `durations` are how long a whole run of a profile takes, in words;
    without an entry the planned seconds are shown. `conformance` selects the cases that its arms
    must keep, where these aren't the profile's. `engine_sweeps` are those on a container engine.
    """

    name: str
    title: str
    sweeps: Callable[[str], tuple[Sweep, ...]]
    summary: Callable[[Sequence[Sweep], Sequence[Trial]], ExperimentResults]
    actor: MakeActor = Scaler
    external_sweeps: Callable[[str, Targets, Sequence[float], str], Sequence[Sweep]] | None = None
    sweeps_on_cores: Callable[[str, int], tuple[Sweep, ...]] | None = None
    durations: Mapping[str, str] = field(default_factory=dict)
    deploy: Deploy = deploy_arm
    load: MakeLoad = make_load
    conformance: str = ""
    engine_sweeps: Callable[[str, Engine], Sequence[Sweep]] | None = None

    def plan(self, options: RunOptions) -> PlannedRun:
        """Plan a new run. Raises UsageError for what doesn't exist, MachineError for too few cores.

        Deployed targets have to be ready by now: UsageError otherwise. So has a container engine:
        MachineError otherwise.
        """
        images = _images(options)
        profile = profile_named(options.profile)
        targets = deployed_targets(options.target_a, options.target_b, options.api)
        share = options.share_core or targets is not None
        cores = split_cores(share=share, target=options.target_cores)
        every = self._sweeps(options, targets, len(cores.target))
        plan = Plan(
            experiment=self.name,
            sweeps=chosen(every, options.sweeps),
            profile=profile,
            seed=new_seed() if options.seed is None else options.seed,
            image=IMAGE,
            cores=cores,
            is_checked=not options.api,
        )
        require_platforms(plan.code_bases)
        return _TrialRun(self, self._checked(plan), None, images)

    def resume(self, folder: ResultsFolder, options: RunOptions) -> PlannedRun:
        """Plan the rest: the same sweeps in the same order."""
        images = _images(options)
        plan, record = resumed(folder)
        require_platforms(plan.code_bases)
        return _TrialRun(self, self._checked(plan), record, images)

    def summarize(self, folder: ResultsFolder) -> ExperimentResults:
        """Return the experiment's results."""
        documents = folder.read_json("run.json")["sweeps"]
        sweeps = [Sweep.from_json(document) for document in documents]
        return self.summary(sweeps, load_trials(folder))

    def is_conclusive(self, document: ResultsDocument) -> bool:
        """Return whether the first claim has a block that counts; a smoke run needs none."""
        claims = document.results.claims[:1]
        return document.run.profile == "smoke" or all(claim.blocks for claim in claims)

    def _checked(self, plan: Plan) -> Plan:
        """Return the plan with the cases that the experiment's own arms must keep."""
        if not self.conformance:
            return plan
        return replace(plan, profile=replace(plan.profile, conformance=self.conformance))

    def _sweeps(self, options: RunOptions, targets: Targets | None, cores: int) -> Sequence[Sweep]:
        if options.target or self.engine_sweeps is not None:
            return self._on_engine(options, targets)
        if options.target_cores and targets is not None:
            raise UsageError("TARGET_CORES is for our own targets, not for TARGET_A and TARGET_B.")
        if options.target_cores and self.sweeps_on_cores is None:
            raise UsageError(f"{self.name} runs on one core: TARGET_CORES goes with scaling only.")
        if targets is None:
            if options.rates:
                raise UsageError(
                    "RATES goes with TARGET_A and TARGET_B only; for our own targets the rates are "
                    "shares of what the floor can do."
                )
            if options.api:
                raise UsageError(
                    "API goes with TARGET_A and TARGET_B only: it names the API that they have."
                )
            if self.sweeps_on_cores is not None and cores != TARGET_CORES:
                return self.sweeps_on_cores(options.profile, cores)
            return self.sweeps(options.profile)
        if self.external_sweeps is None:
            raise UsageError(
                f"{self.name} has no sweeps for deployed targets: it needs targets that it deploys."
            )
        rates = rates_of(options.rates)
        return self.external_sweeps(options.profile, targets, rates, options.api)

    def _on_engine(self, options: RunOptions, targets: Targets | None) -> Sequence[Sweep]:
        if self.engine_sweeps is None:
            raise UsageError(
                f"{self.name} runs on local processes: TARGET goes with platform only."
            )
        if not options.target:
            known = " or ".join(PLATFORMS)
            raise UsageError(f"{self.name} needs a container engine: name TARGET={known}.")
        if targets is not None or options.target_cores:
            raise UsageError(
                "TARGET goes with neither TARGET_A and TARGET_B nor TARGET_CORES: what is on the "
                "engine has one core, as the local processes beside it."
            )
        place = placed(options.target, options.context, options.overlay)
        return self.engine_sweeps(options.profile, Engine(options.target, place))


@dataclass(frozen=True, slots=True)
class _TrialRun:
    experiment: TrialExperiment
    plan: Plan
    record: dict[str, Any] | None  # of the run that is resumed
    images: GivenServer | None
    is_exclusive: bool = True

    @property
    def profile(self) -> str:
        return self.plan.profile.name

    @property
    def seconds(self) -> float:
        return self.plan.seconds

    @property
    def conformance_seconds(self) -> float:
        return self.plan.conformance_seconds

    @property
    def announcement(self) -> str:
        names = ", ".join(sweep.name for sweep in self.plan.sweeps)
        takes = self.experiment.durations.get(self.profile) or self.plan.takes
        return (
            f"{self.plan.experiment}, profile {self.profile}: {names} "
            f"(seed {self.plan.seed}), about {takes} if whole{self._more}. "
            "Ctrl-C keeps what was measured."
        )

    @property
    def _more(self) -> str:
        if not self.plan.profile.replaces_lost:
            return ""
        return f", up to {MOST_PERCENT} % longer if blocks are lost to other work"

    def check_needs(self) -> None:
        """Check nothing more: the plan was made of what there is."""

    def execute(
        self, folder: ResultsFolder, console: Console, run_dir: Path, *, later_seconds: float = 0.0
    ) -> list[str]:
        images = self.images
        run(
            self.plan,
            folder,
            new_record(self.plan, folder) if self.record is None else self.record,
            deploy=self.experiment.deploy,
            load=self.experiment.load,
            actor=self.experiment.actor,
            run_dir=run_dir,
            console=console,
            later_seconds=later_seconds,
            conformance=ConformanceRunner()
            if images is None
            else ConformanceRunner(images=lambda _log: images),
        )
        return []


def chosen(every: Sequence[Sweep], names: str) -> tuple[Sweep, ...]:
    """Return the sweeps of these names, with commas between, the floor always.

    Raises UsageError for a name that no sweep has.
    """
    wanted = {name.strip() for name in names.split(",") if name.strip()}
    known = [sweep.name for sweep in every]
    if not wanted <= set(known):
        unknown = ", ".join(sorted(wanted - set(known)))
        raise UsageError(f"This profile has no sweep {unknown}: there is {', '.join(known)}.")
    return tuple(sweep for sweep in every if not wanted or sweep.name in {*wanted, FLOOR})


def rates_of(text: str) -> list[float]:
    """Return arrivals a second from a list with commas between; UsageError for other text."""
    try:
        rates = [float(rate) for rate in text.split(",") if rate.strip()]
    except ValueError:
        rates = [-1.0]
    if any(rate <= 0 for rate in rates):
        raise UsageError(f"RATES={text} must be arrivals a second with commas between, as in 2,5.")
    return rates


def _images(options: RunOptions) -> GivenServer | None:
    if not options.image_server:
        return None
    return GivenServer(check_url("IMAGE_SERVER", options.image_server))
