"""How the offload experiment is run: trials, with orders to scale and counts of environments."""

from benchmarks.experiments.offload import NAME, TITLE
from benchmarks.experiments.offload.function_actor import FunctionActor
from benchmarks.experiments.offload.summary import summarize
from benchmarks.experiments.offload.sweeps import sweeps
from benchmarks.experiments.runner.experiment import Experiment
from benchmarks.experiments.runner.trial_experiment import TrialExperiment

EXPERIMENT: Experiment = TrialExperiment(NAME, TITLE, sweeps, summarize, FunctionActor)
