"""The scaling experiment: trials, scaled out and back where a sweep has such actions."""

from benchmarks.experiments.runner.experiment import Experiment
from benchmarks.experiments.runner.trial_experiment import TrialExperiment
from benchmarks.experiments.scaling import NAME, TITLE
from benchmarks.experiments.scaling.overhead.load import make_scaling_load
from benchmarks.experiments.scaling.sizes import DURATIONS
from benchmarks.experiments.scaling.summary import summarize
from benchmarks.experiments.scaling.sweeps import external_sweeps, sweeps, sweeps_on_cores

EXPERIMENT: Experiment = TrialExperiment(
    NAME,
    TITLE,
    sweeps,
    summarize,
    external_sweeps=external_sweeps,
    sweeps_on_cores=sweeps_on_cores,
    durations=DURATIONS,
    load=make_scaling_load,
)
