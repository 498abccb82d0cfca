"""The claims that planted faults decide. A pair is the two sides of one fault.

How each side is measured, and in which other ways, is in `summary.measures`.
"""

from benchmarks.experiments.runner.arms import MONOLITH, SERVICES
from benchmarks.experiments.runner.claim import Claim
from benchmarks.results_model.claims import Scale

_FAULTS = "people's faults are like those planted, in kind and in place"
_SHARED = (
    "faults in imaging and in the contracts have the same suites on both sides, and count as well"
)
_ORDER = "both sides run the tests of the broken component first"
_STARTS = (
    "a backing service's start counts with the test that needed it first in the recorded order"
)
_OWN = (
    "the tests of the monolith's settings, import rules and processes count as every component's "
    "own, since each service's suite has such tests too"
)
_SIZES = "how many tests each side has, and how much each test does"
_REACHED = (
    "a suite that a change doesn't reach isn't run: of the services' suites most of the time one, "
    "of the monolith's all of its tests"
)
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
    depends=(_ORDER, _STARTS, _SIZES, _SHARED, _FAULTS),
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
    depends=(_ORDER, _SIZES, _SHARED, _FAULTS),
    restates=SECONDS.name,
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
    depends=(
        _REACHED,
        _SIZES,
        "the slow tests and the deployed flow aren't counted",
        _SHARED,
        _FAULTS,
    ),
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
    is_binary=True,
    sentence="{first} of {cases} faults made other components' tests fail in the monolith, "
    "{second} of {cases} in the services",
    depends=(
        _REACHED,
        _OWN,
        "the cases of the deployed flow are no component's, and not counted",
        _SHARED,
        _FAULTS,
    ),
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
    is_binary=True,
    sentence="{first} of {cases} faults were caught by a test of their own component in the "
    "services, {second} of {cases} in the monolith",
    depends=(
        _OWN,
        "tests were added on both sides for faults that none had caught",
        _SHARED,
        _FAULTS,
    ),
)
CLAIMS = (SECONDS, TESTS, CPU, BLAST, OWNER)
