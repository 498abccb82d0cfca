"""Platform: what a container engine costs, and what its autoscaler does by itself.

The same architectures run as local processes and on an engine (`TARGET=compose` or `kubernetes`),
on the same core, in the same blocks. Where the engine has an autoscaler, arrivals step up
and nothing is ordered.

Sweeps (`sweeps` has their arms and sizes):

* load: both architectures on either platform, with rising users
* autoscaling: a step in the arrivals; Kubernetes adds workers by the length of the queue

All that the engine runs is on the target's core, with the engine itself: its daemon, and the whole
control plane of Kubernetes. A managed cluster has that elsewhere, so what the engine itself used is
a row of its own, and the ratio without it is measured beside the claim.
"""

NAME = "platform"
TITLE = "Platform: what a container engine costs, and how it scales by itself"
