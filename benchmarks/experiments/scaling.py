"""Scaling: what a submission costs, what a core carries, and what more processes bring.

The whole target, parts included, has one core in every arm. Users submit an upload, wait until it
is ready, read the result and begin anew; or arrivals come at a set rate, whatever the target does.

Sweeps (`scaling_sweeps` has their arms and sizes):

* floor: the work alone, fetch, detect, store, in a loop: no API, no queue
* load: both architectures over rising users, and at set rates of arrivals
* waiting: the same with a recognizer that is waited for, and so many workers that the rest counts
* work: both architectures over the CPU time of the recognizer
* replicas-working, replicas-waiting: the monolith whole, its worker alone, and the service alone,
  in more and more processes on the same core
* elasticity: a step in the arrivals, then scaling out, then back
* offloading: the monolith with its worker, and with the worker's work done inside the request

Each claim is a ratio of two measurements of one block, its interval is over the blocks.
"""

from benchmarks.analysis.ratios import Side
from benchmarks.experiments.engine.claims import Claim

NAME = "scaling"
TITLE = "Scaling: what a submission costs, and what a core can carry"

CLAIMS = (
    Claim(
        name="cpu-per-submission",
        says="Cut into services, the flow needs more CPU for each submission.",
        measure="CPU-ms per completed submission",
        of="monolith ÷ microservices",
        sweep="load",
        side=Side.BELOW,
        more="the monolith needs {percent} more CPU per submission than the services",
        less="the monolith needs {percent} less CPU per submission than the services",
    ),
    Claim(
        name="capacity",
        says="On the same core, the monolith completes more submissions per second.",
        measure="capacity",
        of="monolith ÷ microservices",
        sweep="load",
        side=Side.ABOVE,
        more="the monolith completes {percent} more submissions per second than the services",
        less="the monolith completes {percent} fewer submissions per second than the services",
    ),
    Claim(
        name="open-latency",
        says="At the same rate of arrivals, people wait longer for the services.",
        measure="submit to ready, 95th percentile, at the highest rate of arrivals",
        of="monolith ÷ microservices",
        sweep="load",
        side=Side.BELOW,
        more="with the monolith the 95th percentile is {percent} longer",
        less="with the monolith the 95th percentile is {percent} shorter",
    ),
    Claim(
        name="work-dilutes",
        says="The more work a request carries, the less the architecture matters.",
        measure="how far apart the architectures' CPU-ms per completed submission are",
        of="without any recognition ÷ with the most of it",
        sweep="work",
        side=Side.ABOVE,
        more="without recognition the architectures are {percent} further apart than with the most",
        less="without recognition the architectures are {percent} closer than with the most of it",
    ),
    Claim(
        name="memory-per-replica",
        says="Scaling the busy part alone takes less memory than scaling the whole.",
        measure="memory that each further replica's own processes add",
        of="monolith, whole ÷ recognition service alone",
        sweep="replicas-waiting",
        side=Side.ABOVE,
        more="a further monolith takes {percent} more memory than a further recognition service",
        less="a further monolith takes {percent} less memory than a further recognition service",
    ),
    Claim(
        name="worker-memory",
        says="A monolith's worker, scaled alone, takes more memory than a service's.",
        measure="memory that each further replica's own processes add",
        of="monolith's worker alone ÷ recognition service alone",
        sweep="replicas-waiting",
        side=Side.ABOVE,
        more="a further worker of the monolith takes {percent} more memory than the service's",
        less="a further worker of the monolith takes {percent} less memory than the service's",
    ),
    Claim(
        name="recovery",
        says="Services that scale the busy part alone recover sooner from a step in load.",
        measure="seconds from the order to scale out until latency is back",
        of="monolith, whole ÷ recognition service alone",
        sweep="elasticity",
        side=Side.ABOVE,
        more="the whole monolith takes {percent} longer until latency is back",
        less="the whole monolith takes {percent} less time until latency is back",
    ),
    Claim(
        name="offloading",
        says="Work inside the request slows down the other calls too.",
        measure="reading a result, 95th percentile, at the highest rate of arrivals",
        of="recognition in the request ÷ in a worker",
        sweep="offloading",
        side=Side.ABOVE,
        more="with recognition in the request the 95th percentile of reads is {percent} longer",
        less="with recognition in the request the 95th percentile of reads is {percent} shorter",
    ),
)

EXTERNAL_CLAIMS = (
    Claim(
        name="capacity",
        says="Target A completes more submissions per second than target B.",
        measure="capacity",
        of="target A ÷ target B",
        sweep="load",
        side=Side.ABOVE,
        more="target A completes {percent} more submissions per second",
        less="target A completes {percent} fewer submissions per second",
    ),
    Claim(
        name="open-latency",
        says="At the same rate of arrivals, people wait longer for target B.",
        measure="submit to ready, 95th percentile, at the highest rate of arrivals",
        of="target A ÷ target B",
        sweep="load",
        side=Side.BELOW,
        more="with target A the 95th percentile is {percent} longer",
        less="with target A the 95th percentile is {percent} shorter",
    ),
)
