"""The messages between a master and its workers about arrivals, in their order."""

BEGIN = "arrivals-begin"  # to a worker, with its share: wait until all slots have started
READY = "arrivals-ready"  # from a worker: they have
START = "arrivals-start"  # to a worker: the arrivals' time begins now
DONE = "arrivals-done"  # from a worker: its last flow has ended
