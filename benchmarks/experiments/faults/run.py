"""How the faults experiment is run: trials in which one component after the other fails."""

from benchmarks.experiments.faults import NAME, TITLE
from benchmarks.experiments.faults.fault_actor import FaultActor
from benchmarks.experiments.faults.summary import summarize
from benchmarks.experiments.faults.sweeps import sweeps
from benchmarks.experiments.runner.experiment import Experiment
from benchmarks.experiments.runner.trial_experiment import TrialExperiment

EXPERIMENT: Experiment = TrialExperiment(NAME, TITLE, sweeps, summarize, FaultActor)
