"""Two runs side by side: a replication on one commit, two machines, or two commits.

Values of claims are compared within each run's own blocks, so the two runs of a claim can be
compared directly. Absolute figures are shown too, but between machines they reflect the machines
first.
"""
