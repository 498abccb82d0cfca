"""The claims that offered changes decide. A pair is the two sides of one change."""

from benchmarks.analysis.ratios import Side
from benchmarks.experiments.contract.gates import PACTS, STRUCTURE
from benchmarks.experiments.runner.claim import Claim

CONTRACT_GATES = frozenset({STRUCTURE, PACTS})
SECONDS = Claim(
    name="stop-seconds",
    statement="A breaking change is stopped sooner where services are released on their own.",
    measure="seconds of the quickest gate that stops it, with all gates run at the same time",
    of="monolith ÷ microservices",
    sweep="changes",
    side=Side.ABOVE,
    more="the monolith's first gate that stops it takes {percent} longer",
    less="the monolith's first gate that stops it takes {percent} less time",
)
