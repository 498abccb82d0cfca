"""How the edge experiment is run: trials of visits, each on a target that can send files too."""

from benchmarks.experiments.edge import NAME, TITLE
from benchmarks.experiments.edge.deployment import deploy_visited
from benchmarks.experiments.edge.summary import summarize
from benchmarks.experiments.edge.sweeps import sweeps
from benchmarks.experiments.edge.visit_load import VisitLoad
from benchmarks.experiments.runner.experiment import Experiment
from benchmarks.experiments.runner.trial_experiment import TrialExperiment

# What clients see of pages and images, and enough of the rest to know a target that is broken. It
# is another selection than the profiles', so no proof of another experiment stands for these arms.
CASES = "test_page or test_images or test_tokens or test_ownership or test_deletion"

EXPERIMENT: Experiment = TrialExperiment(
    NAME, TITLE, sweeps, summarize, deploy=deploy_visited, load=VisitLoad, conformance=CASES
)
