"""How the deploy experiment is run: trials in which a release is made beside the load."""

from benchmarks.experiments.deploy import NAME, TITLE
from benchmarks.experiments.deploy.release_actor import ReleaseActor
from benchmarks.experiments.deploy.summary import summarize
from benchmarks.experiments.deploy.sweeps import sweeps
from benchmarks.experiments.runner.experiment import Experiment
from benchmarks.experiments.runner.trial_experiment import TrialExperiment

EXPERIMENT: Experiment = TrialExperiment(NAME, TITLE, sweeps, summarize, ReleaseActor)
