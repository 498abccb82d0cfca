"""The claims of the deploy experiment: each a ratio of two measurements of one block."""

from benchmarks.experiments.runner.arms import MONOLITH, SERVICES
from benchmarks.experiments.runner.claim import Claim

LEAD_TIME = Claim(
    name="lead-time",
    statement="A change to one component is served sooner where it is released on its own.",
    measure="seconds from the commit until the new version serves and the old has ended, for a "
    "field that the API gains",
    sweep="releases",
    unit="s",
    first=MONOLITH,
    second=SERVICES,
    smallest=0.10,
    sentence="from commit to serving the monolith takes {times} as long",
    depends=(
        "how many processes the released unit starts on the one core that serves meanwhile",
        "the change: the field is in submissions, the largest of the services",
    ),
)
TWO_TEAMS = Claim(
    name="two-teams",
    statement="Two teams that release at once wait for each other in the monolith only.",
    measure="seconds from the moment both begin to release until both versions serve",
    sweep="releases",
    unit="s",
    first=MONOLITH,
    second=SERVICES,
    smallest=0.10,
    sentence="until both serve the monolith takes {times} as long",
    depends=(
        "both build at the same time, each on cores of its own",
        "the monolith's two releases go out one after the other",
    ),
)
CLAIMS = (LEAD_TIME, TWO_TEAMS)
