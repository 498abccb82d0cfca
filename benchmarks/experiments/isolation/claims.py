"""The claims that planted faults decide. A pair is the two sides of one fault."""

from dataclasses import dataclass

from benchmarks.analysis.ratios import Side
from benchmarks.experiments.runner.claim import Claim

RATIOS = (
    Claim(
        name="verdict-seconds",
        statement="The first failing test is found sooner where services are tested on their own.",
        measure="seconds until the first red test, or until every suite that was run is green",
        of="monolith ÷ microservices",
        sweep="faults",
        side=Side.ABOVE,
        more="the monolith's verdict takes {percent} longer",
        less="the monolith's verdict takes {percent} less time",
    ),
    Claim(
        name="verdict-tests",
        statement="Fewer tests run until the first failing one is found.",
        measure="tests run until the first is red, or until every suite that was run is green",
        of="monolith ÷ microservices",
        sweep="faults",
        side=Side.ABOVE,
        more="the monolith runs {percent} more tests",
        less="the monolith runs {percent} fewer tests",
    ),
    Claim(
        name="selected-seconds",
        statement="That holds even where both sides run only the tests that a change touches.",
        measure="the same seconds, with the tests that pytest-testmon selects on either side",
        of="monolith ÷ microservices",
        sweep="faults",
        side=Side.ABOVE,
        more="with selected tests the monolith's verdict takes {percent} longer",
        less="with selected tests the monolith's verdict takes {percent} less time",
    ),
    Claim(
        name="whole-cpu",
        statement="Testing a change takes less CPU time where services are tested on their own.",
        measure="CPU seconds of the fast tests of all suites that the change reaches",
        of="monolith ÷ microservices",
        sweep="faults",
        side=Side.ABOVE,
        more="the monolith's suites take {percent} more CPU",
        less="the monolith's suites take {percent} less CPU",
    ),
)


@dataclass(frozen=True, slots=True)
class ShareClaim:
    """A claim about the share of faults of which something is so, on one side and the other.

    It holds where the share is larger on the side named `more`.
    """

    name: str
    statement: str
    measure: str
    more: str
    less: str


SHARES = (
    ShareClaim(
        name="blast",
        statement="In the monolith, a fault breaks other components' tests more often.",
        measure="faults at which tests of other components are red, or can't run",
        more="monolith",
        less="microservices",
    ),
    ShareClaim(
        name="owner",
        statement="In the services, a fault is caught by its own component's tests more often.",
        measure="faults that a test of the broken component catches",
        more="microservices",
        less="monolith",
    ),
)
