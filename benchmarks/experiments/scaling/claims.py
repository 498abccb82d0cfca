"""The claims of the scaling experiment: each a ratio of two measurements of one block.

`depends` names the choices of order, arm, sweep and condition that a claim rests on;
`summary.claim_measures` has those that are also measured otherwise.
"""

from benchmarks.experiments.runner.arms import MONOLITH, SERVICES
from benchmarks.experiments.runner.claim import Claim

CPU = Claim(
    name="cpu-per-submission",
    statement="Cut into services, the flow needs more CPU for each submission.",
    measure="CPU-ms per completed submission",
    sweep="load",
    unit="ms",
    first=SERVICES,
    second=MONOLITH,
    smallest=0.02,
    sentence="the services need {times} the CPU of the monolith for a submission",
    depends=(
        "the recognizer takes most of the CPU: the less it takes, the larger the ratio",
        "the core is full, so that what idle processes use is shared by the most submissions",
        "one process of each type runs: the services are more processes",
        "the backing services and the edge count, on both sides",
        "the services call each other on one machine, without a network between them",
    ),
)
CAPACITY = Claim(
    name="capacity",
    statement="On the same core, the monolith completes more submissions per second.",
    measure="capacity",
    sweep="load",
    unit="1/s",
    first=MONOLITH,
    second=SERVICES,
    smallest=0.02,
    sentence="the monolith completes {times} the submissions per second of the services",
    restates=CPU.name,
)
LATENCY = Claim(
    name="open-latency",
    statement="At the same rate of arrivals, users wait longer for the services.",
    measure="submit to ready, 95th percentile, at the highest rate of arrivals",
    sweep="load",
    unit="ms",
    first=SERVICES,
    second=MONOLITH,
    smallest=0.10,
    sentence="the 95th percentile of the services is {times} that of the monolith",
    depends=(
        "all processes share one core: with more cores, processes wait for each other less",
        "the rate: 45 % of what the core could do if it did the recognition alone",
        "how near each side is to its capacity: the nearer, the longer its queue",
        "the 95th percentile, in windows of a hundred arrivals or more",
        "one worker on each side, which recognizes one image after the other",
        "the services call each other on one machine, without a network between them",
    ),
)
WORK = Claim(
    name="work-dilutes",
    statement="The more work a request carries, the less the architecture matters.",
    measure="CPU-ms per completed submission, services ÷ monolith",
    sweep="work",
    unit="",
    first="without any recognition",
    second="with the most of it",
    smallest=0.05,
    sentence="without recognition the architectures' ratio is {times} that with the most of it",
    depends=(
        "the synthetic recognizer takes CPU time only, and no memory or network",
        "the least and the most recognition that are measured: 0 and 140 CPU-ms",
        "eight users keep the core full at every cost",
        "the services need more CPU at either end: if the monolith did, the ratio would be below 1",
    ),
)
MEMORY = Claim(
    name="memory-per-replica",
    statement="Scaling the busy component alone takes less memory than scaling the whole.",
    measure="memory that each further replica's own processes add, with the model loaded",
    sweep="replicas-working",
    unit="bytes",
    first="monolith, whole",
    second="recognition service alone",
    smallest=0.10,
    sentence="a further monolith takes {times} the memory of a further recognition service",
    depends=(
        "the monolith is scaled whole, web and worker: its worker can also be scaled alone",
        "the recognizer's model is loaded in each worker, and in no other process",
        "the most that was held at a window's end, on the way from one replica to four",
        "the processes' own memory alone: the backing services and the edge are left out",
        "a replica is a process with a concurrency of 1: a higher one would share memory",
    ),
)
WORKER_MEMORY = Claim(
    name="worker-memory",
    statement="A monolith's worker, scaled alone, takes more memory than a service's.",
    measure="memory that each further replica's own processes add, with the model loaded",
    sweep="replicas-working",
    unit="bytes",
    first="monolith's worker alone",
    second="recognition service alone",
    smallest=0.10,
    sentence="a further worker of the monolith takes {times} the memory of the service's",
    depends=(
        "the recognizer's model is loaded in each worker",
        "the monolith's worker imports the whole of the monolith, Django included",
        "the most that was held at a window's end, on the way from one replica to four",
        "the processes' own memory alone: the backing services and the edge are left out",
    ),
)
RECOVERY = Claim(
    name="recovery",
    statement="Scaling the busy component alone, services recover sooner from a step in load.",
    measure="seconds from the order to scale out until latency is back",
    sweep="elasticity",
    unit="s",
    first="monolith's worker alone",
    second="recognition service alone",
    smallest=0.10,
    sentence="the monolith's worker takes {times} as long until latency is back",
    depends=(
        "the monolith scales its worker alone, which is a process type of its own",
        "new processes start on the one core that everything else shares",
        "recognition is waited for, so that more processes help on one core",
        "the order comes 5 s after the step: the later, the longer the queue that is left",
        "latency is back: for 10 s, 90 % of the flows take at most twice the p95 before the step",
        "a side whose latency wasn't back counts with all the time that it was watched",
        "a block in which neither was back doesn't count",
    ),
)
# Only earlier runs have its sweep: the offload experiment measures it now
OFFLOADING = Claim(
    name="offloading",
    statement="Work inside the request slows down the other calls too.",
    measure="reading a result, 95th percentile, at the highest rate of arrivals",
    sweep="offloading",
    unit="ms",
    first="recognition in the request",
    second="in a worker",
    smallest=0.10,
    sentence="with recognition in the request reads take {times} as long",
    depends=(
        "both share one core, so a worker slows down the other calls as well",
        "both are the monolith, with one web process: more of them would leave one free to read",
        "the rate: 45 % of what the core could do if it did the recognition alone",
        "the 95th percentile, in windows of a hundred arrivals or more",
        "reading a result stands for the other calls; signing in isn't measured",
    ),
)
CLAIMS = (CPU, CAPACITY, LATENCY, WORK, MEMORY, WORKER_MEMORY, RECOVERY)
EARLIER_CLAIMS = (OFFLOADING,)

EXTERNAL_CLAIMS = (
    Claim(
        name="capacity",
        statement="Target A completes more submissions per second than target B.",
        measure="capacity",
        sweep="load",
        unit="1/s",
        first="target A",
        second="target B",
        smallest=0.02,
        sentence="target A completes {times} the submissions per second of target B",
        depends=(
            "where the targets run, and what else runs there: neither is measured",
            "the network between this machine and the targets",
        ),
    ),
    Claim(
        name="open-latency",
        statement="At the same rate of arrivals, users wait longer for target B.",
        measure="submit to ready, 95th percentile, at the highest rate of arrivals",
        sweep="load",
        unit="ms",
        first="target B",
        second="target A",
        smallest=0.10,
        sentence="the 95th percentile of target B is {times} that of target A",
        depends=(
            "the highest of the given rates of arrivals",
            "the network between this machine and the targets",
        ),
    ),
)
