"""The claims that planted faults decide. A pair is the two sides of one fault."""

from benchmarks.experiments.runner.arms import MONOLITH, SERVICES
from benchmarks.experiments.runner.claim import Claim
from benchmarks.results_model.claims import Scale

_FAULTS = "the faults of the catalogue are as frequent as those that people make"
SECONDS = Claim(
    name="verdict-seconds",
    statement="The first failing test is found sooner where services are tested on their own.",
    measure="seconds until the first red test, or until every suite that was run is green",
    sweep="faults",
    unit="s",
    first=MONOLITH,
    second=SERVICES,
    smallest=0.10,
    sentence="the monolith's verdict takes {times} as long",
    depends=(_FAULTS,),
)
TESTS = Claim(
    name="verdict-tests",
    statement="Fewer tests run until the first failing one is found.",
    measure="tests run until the first is red, or until every suite that was run is green",
    sweep="faults",
    unit="tests",
    first=MONOLITH,
    second=SERVICES,
    smallest=0.10,
    sentence="the monolith runs {times} the tests",
    restates=SECONDS.name,
)
SELECTED = Claim(
    name="selected-seconds",
    statement="That holds even where both sides run only the tests that a change touches.",
    measure="the same seconds, with the tests that pytest-testmon selects on either side",
    sweep="faults",
    unit="s",
    first=MONOLITH,
    second=SERVICES,
    smallest=0.10,
    sentence="with selected tests the monolith's verdict takes {times} as long",
    depends=(_FAULTS,),
)
CPU = Claim(
    name="whole-cpu",
    statement="Testing a change takes less CPU time where services are tested on their own.",
    measure="CPU seconds of the fast tests of all suites that the change reaches",
    sweep="faults",
    unit="s",
    first=MONOLITH,
    second=SERVICES,
    smallest=0.10,
    sentence="the monolith's suites take {times} the CPU time",
    depends=(_FAULTS, "how many tests each side has, and how much each test does"),
)
BLAST = Claim(
    name="blast",
    statement="In the monolith, a fault breaks other components' tests more often.",
    measure="faults at which tests of other components are red, or can't run",
    sweep="faults",
    unit="share",
    first=MONOLITH,
    second=SERVICES,
    smallest=0.05,
    scale=Scale.DIFFERENCE,
    depends=(_FAULTS, "which tests are counted as a component's own"),
)
OWNER = Claim(
    name="owner",
    statement="In the services, a fault is caught by its own component's tests more often.",
    measure="faults that a test of the broken component catches",
    sweep="faults",
    unit="share",
    first=SERVICES,
    second=MONOLITH,
    smallest=0.05,
    scale=Scale.DIFFERENCE,
    depends=(_FAULTS, "which tests are counted as a component's own"),
)
CLAIMS = (SECONDS, TESTS, SELECTED, CPU, BLAST, OWNER)
