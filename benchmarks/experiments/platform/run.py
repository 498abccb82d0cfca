"""How the platform experiment is run: trials on either platform, with counts of processes."""

from functools import partial

from benchmarks.experiments.platform import NAME, TITLE
from benchmarks.experiments.platform.summary import summarize
from benchmarks.experiments.platform.sweeps import engine_sweeps, no_sweeps
from benchmarks.experiments.runner.deployment import deploy_arm
from benchmarks.experiments.runner.experiment import Experiment
from benchmarks.experiments.runner.process_counter import ProcessCounter
from benchmarks.experiments.runner.trial_experiment import TrialExperiment

EXPERIMENT: Experiment = TrialExperiment(
    NAME,
    TITLE,
    no_sweeps,
    summarize,
    ProcessCounter,
    # An engine's PostgreSQL logs no statements, so that of the local arms must not either.
    deploy=partial(deploy_arm, count_statements=False),
    engine_sweeps=engine_sweeps,
)
