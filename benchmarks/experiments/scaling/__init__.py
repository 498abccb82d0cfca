"""Scaling: what a submission costs, what a core carries, and what more processes bring.

The whole target, backing services included, has one core in every arm. Users submit an upload, wait
until it is ready, read the result and begin again; or arrivals come at a set rate, whatever the
target does.

Sweeps (`sweeps` has their arms and sizes):

* floor: the work alone, fetch, detect, store, in a loop: no API, no queue
* overhead: each side beside the floor's loop and minimal endpoints, part by part
* load: both architectures over rising users, and at set rates of arrivals
* waiting: the same with a recognizer that is waited for, and so many workers that the rest counts
* work: both architectures over the CPU time of the recognizer
* replicas-working, replicas-waiting: the monolith whole, its worker alone, and the service alone,
  in more and more processes on the same core
* elasticity: a step in the arrivals, then scaling out, then back

Each claim is a ratio of two measurements of one block, its interval is over the blocks.
"""

NAME = "scaling"
TITLE = "Scaling: what a submission costs, and what a core can carry"
