"""The load: what a simulated user does, and the process that makes it for the experiments.

`tasks`, `users`, `accounts`, `shapes` and `arguments` need nothing but Locust, and neither do those
of an open load: `arrivals`, `line`, `slots`, `sharing`. So any Locust user can build on them. The
rest (`generator` and what it imports) is the process that the experiments start.
"""
