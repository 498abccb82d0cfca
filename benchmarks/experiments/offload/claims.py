"""The claims of the offload experiment: each a ratio of two measurements of one block."""

from benchmarks.experiments.offload.sweeps import BUSY, COLD, STEP
from benchmarks.experiments.runner.claim import Claim

_CONDITIONS = (
    "the rate: 18 arrivals a second, of which 3.6 submit, about half of what the core can do",
    "one web process, one worker: the API has no second core to serve users from",
    "the function has what the load generator leaves of the other core: less than on AWS",
    "the 95th percentile, in windows with a hundred or more of such requests",
)
BUSY_READS = Claim(
    name="busy",
    statement="While images are recognized in the request, reads take longer than with a function.",
    measure="reading the list, 95th percentile, in ms",
    sweep=BUSY,
    unit="ms",
    first="monolith, in the request",
    second="monolith, in a function",
    smallest=0.10,
    sentence="with recognition in the request, reads take {times} as long as with a function",
    depends=(
        *_CONDITIONS,
        "recognition computes: where it only waits, it takes little of the core",
    ),
)
READS = Claim(
    name="worker-reads",
    statement="While a worker recognizes images on the API's core, reads take longer than with a "
    "function.",
    measure="reading the list, 95th percentile, in ms",
    sweep=BUSY,
    unit="ms",
    first="monolith, in a worker",
    second="monolith, in a function",
    smallest=0.10,
    sentence="with a worker on the API's core, reads take {times} as long as with a function",
    depends=(
        *_CONDITIONS,
        (
            "the worker shares the API's core: with a machine of its own it would be as far away "
            "as the function, which is measured too"
        ),
    ),
)
OFFLOADING = Claim(
    name="offloading",
    statement="Work inside the request slows down the other calls more than work in a worker.",
    measure="reading the list, 95th percentile, in ms",
    sweep=BUSY,
    unit="ms",
    first="monolith, in the request",
    second="monolith, in a worker",
    smallest=0.10,
    sentence="with recognition in the request, reads take {times} as long as with a worker",
    depends=(
        "both share one core, so a worker slows down the other calls as well",
        *_CONDITIONS[:2],
        _CONDITIONS[-1],
    ),
)
SIGN_IN = Claim(
    name="worker-sign-in",
    statement="While a worker recognizes images on the API's core, signing in takes longer than "
    "with a function.",
    measure="signing in, 95th percentile, in ms",
    sweep=BUSY,
    unit="ms",
    first="monolith, in a worker",
    second="monolith, in a function",
    smallest=0.10,
    sentence="with a worker on the API's core, signing in takes {times} as long as with a function",
    depends=(*_CONDITIONS, "signing in hashes a password, so it takes much of the core itself"),
)
SUBMIT = Claim(
    name="worker-submit",
    statement="While a worker recognizes images on the API's core, submitting takes longer than "
    "with a function.",
    measure="the submit call, until its 202, 95th percentile, in ms",
    sweep=BUSY,
    unit="ms",
    first="monolith, in a worker",
    second="monolith, in a function",
    smallest=0.10,
    sentence="with a worker on the API's core, submitting takes {times} as long as with a function",
    depends=(*_CONDITIONS, "the message goes to an emulator of SQS, on the function's core"),
)
READY = Claim(
    name="function-ready",
    statement="With a function, results are ready later than with a worker.",
    measure="submit to ready, 95th percentile, in ms",
    sweep=BUSY,
    unit="ms",
    first="monolith, in a function",
    second="monolith, in a worker",
    smallest=0.10,
    sentence="with a function, a result takes {times} as long as with a worker",
    depends=(
        *_CONDITIONS,
        "the emulator's polling of the queue, and its starts of environments, count",
        "two environments may work at a time, on what is left of one core; one worker otherwise",
    ),
)
SERVICES_READS = Claim(
    name="services-reads",
    statement="The same with services: with a worker on the API's core, reads take longer.",
    measure="reading the list, 95th percentile, in ms",
    sweep=BUSY,
    unit="ms",
    first="services, in a worker",
    second="services, in a function",
    smallest=0.10,
    sentence="with the services' worker on the API's core, reads take {times} as long as with a "
    "function",
    depends=_CONDITIONS,
)
_STEP_CONDITIONS = (
    "the order to scale workers comes 5 s after the step: what an autoscaler's metric takes",
    "workers are processes on the same machine, with all files there: no machine is booted",
    "new workers and new environments start on the one core that everything else shares",
    "up to four workers, and up to four environments; recognition is waited for, 300 ms",
    "latency is back: for 10 s, 90 % of the flows take at most twice the p95 before the step",
    "a side whose latency wasn't back counts with all the time that it was watched",
)
RECOVERY = Claim(
    name="recovery",
    statement="After a step in load, latency is back sooner with a function than with workers "
    "that are scaled out.",
    measure="seconds from the step until latency is back",
    sweep=STEP,
    unit="s",
    first="monolith, workers by order",
    second="monolith, in a function",
    smallest=0.10,
    sentence="with workers that are scaled out it takes {times} as long as with a function until "
    "latency is back",
    depends=_STEP_CONDITIONS,
)
SERVICES_RECOVERY = Claim(
    name="services-recovery",
    statement="The same with services: latency is back sooner with a function.",
    measure="seconds from the step until latency is back",
    sweep=STEP,
    unit="s",
    first="services, workers by order",
    second="services, in a function",
    smallest=0.10,
    sentence="with the services' workers it takes {times} as long as with a function until latency "
    "is back",
    depends=_STEP_CONDITIONS,
)
AFTER_IDLE = Claim(
    name="after-idle",
    statement="The first submission after idle seconds takes longer than one that finds an "
    "environment.",
    measure="submit to ready, in ms: the one after idle, and the median while warm",
    sweep=COLD,
    unit="ms",
    first="monolith's function, after idle",
    second="monolith's function, warm",
    smallest=0.10,
    sentence="the first submission after idle seconds takes {times} as long as a warm one",
    depends=(
        "an idle environment ends after 10 s here, and after minutes on AWS",
        "the environment's files are on this machine: AWS has to fetch a container image first",
        "Django, the recognizer and its model are loaded in the start or by its first image",
        "environments start with what the load generator leaves of a core",
    ),
)
CLAIMS = (
    BUSY_READS,
    READS,
    OFFLOADING,
    SIGN_IN,
    SUBMIT,
    READY,
    SERVICES_READS,
    RECOVERY,
    SERVICES_RECOVERY,
    AFTER_IDLE,
)
