"""The results of each experiment, distinguished by the tag `experiment`; and the common form.

An experiment that has no type of its own here has the common form of those with trials.
"""

from collections.abc import Sequence
from typing import Annotated

from benchmarks.results_model.base import Model, about
from benchmarks.results_model.claims import JudgedClaim
from benchmarks.results_model.contract import ContractResults
from benchmarks.results_model.edge import EdgeResults
from benchmarks.results_model.faults import FaultsResults
from benchmarks.results_model.isolation import IsolationResults
from benchmarks.results_model.sweeps import AnySweep
from benchmarks.results_model.trials import Trial


class TrialResults(Model):
    """The common form of experiments with trials."""

    title: Annotated[str, about("The title in the report.")]
    claims: Annotated[Sequence[JudgedClaim], about("Those that the run's sweeps can decide.")]
    floor_cpu_ms: Annotated[
        float | None,
        about(
            "CPU-ms of fetching, detecting and storing one image in a plain loop; null where it "
            "wasn't measured."
        ),
    ]
    sweeps: Annotated[Sequence[AnySweep], about("In the order of running within a block.")]
    trials: Annotated[Sequence[Trial], about("In the order of running.")]


class ScalingResults(TrialResults, tag_field="experiment", tag="scaling"):
    """Results of the scaling experiment: cost, capacity and latency under load."""


class DeployResults(TrialResults, tag_field="experiment", tag="deploy"):
    """Results of the deploy experiment: releases under steady load."""


class OffloadResults(TrialResults, tag_field="experiment", tag="offload"):
    """Results of the offload experiment: recognition in the request, a worker or a function."""


class OtherResults(TrialResults):
    """Results of an experiment that has no type of its own."""

    experiment: Annotated[str, about("The experiment's name.")]


NamedResults = (
    ScalingResults
    | DeployResults
    | IsolationResults
    | ContractResults
    | FaultsResults
    | EdgeResults
    | OffloadResults
)
ExperimentResults = NamedResults | OtherResults
TYPES: dict[str, type[NamedResults]] = {
    "scaling": ScalingResults,
    "deploy": DeployResults,
    "isolation": IsolationResults,
    "contract": ContractResults,
    "faults": FaultsResults,
    "edge": EdgeResults,
    "offload": OffloadResults,
}


def name_of(results: ExperimentResults) -> str:
    """Return the name of the experiment whose results these are."""
    if isinstance(results, OtherResults):
        return results.experiment
    return str(results.__struct_config__.tag)
