"""The claims that offered changes decide. A pair is the two sides of one change."""

from benchmarks.experiments.contract.gates import GATES, PACTS, STRUCTURE
from benchmarks.experiments.runner.arms import MONOLITH, SERVICES
from benchmarks.experiments.runner.claim import Claim
from benchmarks.results_model.claims import Scale

CONTRACT_GATES = frozenset({STRUCTURE, PACTS})
# A difference: descriptions are compared within 0.2 s, of which a ratio would be that of two sizes.
SECONDS = Claim(
    name="stop-seconds",
    statement="A breaking change is stopped sooner where services are released on their own.",
    measure="seconds of the quickest gate that stops it, with all gates run at the same time",
    sweep="changes",
    unit="s",
    first=MONOLITH,
    second=SERVICES,
    smallest=1.0,
    scale=Scale.DIFFERENCE,
    depends=(
        f"the gates of both sides are the same ({', '.join(GATES)})",
        "a gate that was run on one side alone isn't counted",
        "all gates run at the same time, each on a core of its own",
        "the type checker begins with what it kept of the commit below",
        "a breaking change comes with the unit's new description, and with its tests unchanged",
        "the changes of the catalogue are as frequent as those that people make",
    ),
)
