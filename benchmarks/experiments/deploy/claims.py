"""The claims of the deploy experiment: each a ratio of two measurements of one block."""

from benchmarks.analysis.ratios import Side
from benchmarks.experiments.runner.claim import Claim

CLAIMS = (
    Claim(
        name="lead-time",
        statement="A change to one component is served sooner where it is released on its own.",
        measure="seconds from the commit until the new version serves and the old has ended",
        of="monolith ÷ microservices, for a field that the API gains",
        sweep="releases",
        side=Side.ABOVE,
        more="the monolith takes {percent} longer from commit to serving",
        less="the monolith takes {percent} less time from commit to serving",
    ),
    Claim(
        name="two-teams",
        statement="Two teams that release at once wait for each other in the monolith only.",
        measure="seconds from the moment both begin to release until both versions serve",
        of="monolith ÷ microservices",
        sweep="releases",
        side=Side.ABOVE,
        more="until both serve the monolith takes {percent} longer",
        less="until both serve the monolith takes {percent} less time",
    ),
)
