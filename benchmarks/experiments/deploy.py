"""Deploy: what a release takes, what goes out with it, and who notices while it happens.

The same change is released on both sides under the same steady arrivals of people who sign in,
submit, read and open the page. A release is a commit, an artifact built from its own lock, new
processes beside the old, the edge switched, the old drained (`benchmarks/targets/releases`).

Sweeps (`deploy_sweeps` has their arms):

* releases: each scenario of `catalogue.releases` on both architectures
* steady: the version that serves, released again and again, one unit of each architecture after
  the other

Each claim is a ratio of two measurements of one block, its interval is over the blocks.
"""

from benchmarks.analysis.ratios import Side
from benchmarks.experiments.engine.claims import Claim

NAME = "deploy"
TITLE = "Deploy: what a release takes, and who notices"

CLAIMS = (
    Claim(
        name="lead-time",
        says="A change to one part reaches people sooner where parts are released on their own.",
        measure="seconds from the commit until the new version serves and the old has ended",
        of="monolith ÷ microservices, for a field that the API gains",
        sweep="releases",
        side=Side.ABOVE,
        more="the monolith takes {percent} longer from commit to serving",
        less="the monolith takes {percent} less time from commit to serving",
    ),
    Claim(
        name="two-teams",
        says="Two teams that release at once wait for each other in the monolith only.",
        measure="seconds from the moment both want to release until both versions serve",
        of="monolith ÷ microservices",
        sweep="releases",
        side=Side.ABOVE,
        more="until both serve the monolith takes {percent} longer",
        less="until both serve the monolith takes {percent} less time",
    ),
)
