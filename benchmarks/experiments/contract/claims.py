"""The claims that offered changes answer. The pair is a change: its two sides."""

from benchmarks.analysis.ratios import Side
from benchmarks.experiments.contract.gates import PACTS, STRUCTURE
from benchmarks.experiments.runner.claim import Claim

CONTRACT_GATES = frozenset({STRUCTURE, PACTS})
SECONDS = Claim(
    name="stop-seconds",
    says="A change that breaks somebody is stopped sooner where parts are released on their own.",
    measure="seconds of the quickest gate that stops it, the gates asked beside each other",
    of="monolith ÷ microservices",
    sweep="changes",
    side=Side.ABOVE,
    more="the monolith's first no takes {percent} longer",
    less="the monolith's first no takes {percent} less time",
)
