"""The claims that offered changes decide. A pair is the two sides of one change."""

from benchmarks.experiments.contract.gates import PACTS, STRUCTURE
from benchmarks.experiments.runner.arms import MONOLITH, SERVICES
from benchmarks.experiments.runner.claim import Claim

CONTRACT_GATES = frozenset({STRUCTURE, PACTS})
SECONDS = Claim(
    name="stop-seconds",
    statement="A breaking change is stopped sooner where services are released on their own.",
    measure="seconds of the quickest gate that stops it, with all gates run at the same time",
    sweep="changes",
    unit="s",
    first=MONOLITH,
    second=SERVICES,
    smallest=0.10,
    sentence="the monolith's first gate that stops it takes {times} as long",
    depends=(
        "all gates run at the same time, each on a core of its own",
        "the changes of the catalogue are as frequent as those that people make",
    ),
)
