"""The profile of requests: where the CPU time of each kind goes, by process type and by layer.

`make profile` deploys each architecture in each block, sends requests of one kind after the other,
and reads the CPU time of every process type before and after. Statements, requests to the stores,
messages and stacks come from a deployment of their own, since counting them costs CPU time.
"""
