"""Rehearse on a container engine what an operator does there, under light load.

Rolling releases, a release that never becomes ready, a worker that is killed in the middle of its
work, and scaling by the queue's length. Each step gives figures and problems; with no problem the
architecture kept what it guarantees.
"""
