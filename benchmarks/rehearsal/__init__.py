"""Rehearse on a container engine what an operator does there, under light load.

The contract, rolling releases, a release that never becomes ready, a worker that is killed in the
middle of its work, a backing service that restarts, scaling. Each step gives figures and problems;
with no problem the architecture kept what it guarantees.
"""
