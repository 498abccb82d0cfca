"""Faults: what still works while one component is down, and how soon everything works again.

One component at a time is killed or stalled, under the same steady arrivals of users who sign in,
submit, read and open the page. A killed process is started again after the failure's length, as a
platform's supervisor would do; a stalled one is continued. Nothing else intervenes.

Sweeps (`sweeps` has their faults and sizes):

* processes-killed, processes-stalled: each process type of either architecture
* backing-killed, backing-stalled: each backing service, and the edge

A trial carries all of a sweep's faults in random order, each in a window of its own with calm
seconds before it. The sample is the block: a trial of each architecture.
"""

NAME = "faults"
TITLE = "Faults: what still works while one component is down"
