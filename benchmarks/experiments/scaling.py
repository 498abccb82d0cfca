"""E1 Scaling, first cut: a closed load sweep past saturation, on both architectures.

Arms: the monolith and the services, each with one process of every type, the whole target on one
core. Users submit an upload, wait until it is ready, read the result and begin anew; their number
rises from 1 to beyond the point at which more of them get nothing more done.

Two ratios are judged, both monolith ÷ services, taken inside a block:

* CPU-ms per completed submission, over the upper half of the levels (fixed beforehand);
* capacity, where both trials of the block are saturated.
"""

from benchmarks.analysis.ratios import Side
from benchmarks.experiments.engine.claims import Claim

NAME = "scaling"
TITLE = "Scaling: what a submission costs, and how many a core can carry"
ARMS = ("monolith", "microservices")
SETTINGS = {"RECOGNIZER": "centerface"}

CLAIMS = (
    Claim(
        name="cpu-per-submission",
        says="Cut into services, the flow needs more CPU for each submission.",
        measure="CPU-ms per completed submission",
        side=Side.BELOW,
        more="the monolith needs {percent} more CPU per submission than the services",
        less="the monolith needs {percent} less CPU per submission than the services",
    ),
    Claim(
        name="capacity",
        says="On the same core, the monolith completes more submissions per second.",
        measure="capacity",
        side=Side.ABOVE,
        more="the monolith completes {percent} more submissions per second than the services",
        less="the monolith completes {percent} fewer submissions per second than the services",
    ),
)
