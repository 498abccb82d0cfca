"""The claims that planted faults answer. The pair is a fault: its two sides."""

from dataclasses import dataclass

from benchmarks.analysis.ratios import Side
from benchmarks.experiments.runner.claim import Claim

RATIOS = (
    Claim(
        name="verdict-seconds",
        says="What is broken is known sooner where parts are tested on their own.",
        measure="seconds until the first red test, or until all that is asked is green",
        of="monolith ÷ microservices",
        sweep="faults",
        side=Side.ABOVE,
        more="the monolith's verdict takes {percent} longer",
        less="the monolith's verdict takes {percent} less time",
    ),
    Claim(
        name="verdict-tests",
        says="Fewer tests have to be run until that is known.",
        measure="tests run until the first is red, or until all that is asked is green",
        of="monolith ÷ microservices",
        sweep="faults",
        side=Side.ABOVE,
        more="the monolith runs {percent} more tests",
        less="the monolith runs {percent} fewer tests",
    ),
    Claim(
        name="selected-seconds",
        says="That is so even where both sides run only the tests that a change touches.",
        measure="the same seconds, with the tests that pytest-testmon selects on either side",
        of="monolith ÷ microservices",
        sweep="faults",
        side=Side.ABOVE,
        more="with selected tests the monolith's verdict takes {percent} longer",
        less="with selected tests the monolith's verdict takes {percent} less time",
    ),
    Claim(
        name="whole-cpu",
        says="A change costs less testing all in all.",
        measure="CPU seconds of all suites asked about the change, to their end, fast tests",
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
    says: str
    measure: str
    more: str
    less: str


SHARES = (
    ShareClaim(
        name="blast",
        says="In a monolith everybody has to watch that nobody breaks anything.",
        measure="faults at which tests of other parts go red, or can't run",
        more="monolith",
        less="microservices",
    ),
    ShareClaim(
        name="owner",
        says="A service's own tests are enough to catch what is broken in it.",
        measure="faults that a test of the broken part catches",
        more="microservices",
        less="monolith",
    ),
)
