"""The claims of the deploy experiment: each a ratio of two measurements of one block."""

from benchmarks.experiments.runner.arms import MONOLITH, SERVICES
from benchmarks.experiments.runner.claim import Claim

LEAD_TIME = Claim(
    name="lead-time",
    statement="A change to one component is served sooner where it is released on its own.",
    measure="seconds from the commit until the old version has stopped, for a field that the API "
    "gains",
    sweep="releases",
    unit="s",
    first=MONOLITH,
    second=SERVICES,
    smallest=0.10,
    sentence="from the commit until the old version has stopped, the monolith takes {times} "
    "as long",
    depends=(
        "the component that changes: submissions is the largest service, others serve sooner",
        "the old version has to end: the monolith's worker takes seconds to finish its work",
        "the build, which is of the whole lock; the libraries lie in a local cache",
        "how many processes the released unit starts on the one core that serves meanwhile",
    ),
)
TWO_TEAMS = Claim(
    name="two-teams",
    statement="Two teams that release at once wait for each other in the monolith only.",
    measure="seconds from the moment both begin to release until both versions serve and the old "
    "ones have ended; one changes accounts, the other submissions",
    sweep="two-teams",
    unit="s",
    first=MONOLITH,
    second=SERVICES,
    smallest=0.10,
    sentence="until both serve the monolith takes {times} as long",
    depends=(
        "both build at the same time, each on cores of its own",
        "the monolith's changes go out one after the other, where one release could carry both",
        "the services' two releases share the one core that serves meanwhile",
    ),
)
SUBMIT_WAIT = Claim(
    name="submit-wait",
    statement="While a change is released, submissions take longer in the monolith.",
    measure="median ms from the submit until the result is there, of the submissions that begin "
    "while the API gains a field",
    sweep="releases",
    unit="ms",
    first=MONOLITH,
    second=SERVICES,
    smallest=0.10,
    sentence="during the release a submission to the monolith takes {times} as long",
    depends=(
        "the component that is released: submissions is the one that every submission goes through",
        "the new processes start on the one core that serves meanwhile",
        "the median: some 25 submissions begin during a release, too few for a p95 of one block",
    ),
)
CLAIMS = (LEAD_TIME, TWO_TEAMS, SUBMIT_WAIT)
